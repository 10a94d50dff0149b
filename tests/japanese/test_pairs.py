"""Character pairs of a text with some of its lines, and without them."""

from hypothesis import example, given
from hypothesis import strategies as st

from kb.japanese.fold import fold_text
from kb.japanese.pairs import pairs_with_and_without, without
from kb.japanese.tokenise import bigrams

LINES = st.text("改善市ーサア－a1 \t、。・\u3099\uff9e\u0345\u200bﬃ㍻⼀", max_size=6)
PAGES = st.lists(st.tuples(LINES, st.booleans()), max_size=8)


def laid_out(lines: list[tuple[str, bool]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A page of lines, and the spans of those that are to be left out."""
    spans, at = [], 0
    for line, left_out in lines:
        if left_out and line:
            spans.append((at, at + len(line)))
        at += len(line) + 1
    return "\n".join(line for line, _ in lines), tuple(spans)


@given(PAGES)
@example([("改善", False), ("市", True), ("の", False)])
@example([("改善。", False), ("市", True), ("\u3099の", False)])
def test_the_parts_come_to_what_the_whole_does(lines: list[tuple[str, bool]]) -> None:
    text, spans = laid_out(lines)
    whole, left = pairs_with_and_without(text, spans)
    assert whole == bigrams(fold_text(text))
    assert left == bigrams(fold_text(without(text, spans)))


@given(st.text("改善a1 \n。", max_size=20), st.lists(st.integers(0, 24), max_size=6))
def test_spans_need_not_be_lines(text: str, edges: list[int]) -> None:
    edges = sorted(edges)
    spans = tuple(zip(edges[::2], edges[1::2], strict=False))
    whole, left = pairs_with_and_without(text, spans)
    assert whole == bigrams(fold_text(text))
    assert left == bigrams(fold_text(without(text, spans)))


def test_a_header_is_taken_out_and_what_stood_around_it_stays_apart() -> None:
    whole, left = pairs_with_and_without("改善\n事例集\n市役所", ((3, 6),))
    assert left == ("改善", "市役", "役所")
    assert whole == ("改善", "善事", "事例", "例集", "集市", "市役", "役所")
