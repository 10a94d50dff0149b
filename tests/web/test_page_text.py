"""Stored text becomes HTML and nothing of it is lost, nested or run."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from kb.web import page_text

TEXTS = st.text(st.sampled_from("改善カイゼン<>&\"' \n\t\x00\x0bab/=🏯﨑"), max_size=60) | st.text(
    max_size=40
)
MARKS = st.lists(st.tuples(st.integers(-3, 70), st.integers(-3, 70)), max_size=8)


class Reader(HTMLParser):
    """Reads back what a browser would: text by line, and the marks on it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.depth = 0
        self.deepest = 0
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.lines: list[str] = [""]
        self.marked: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.ids += [str(value) for name, value in attrs if name == "id"]
        if tag in ("br", "p", "h3"):
            self.lines.append("")
        if tag == "mark":
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "mark"

    def handle_data(self, data: str) -> None:
        if data != "\n":
            self.lines[-1] += data.lstrip("\n")
        if self.depth:
            self.marked[-1] += data


def drawn(text: str, marks: list[tuple[int, int]], title: str | None = None, now: int = 0) -> str:
    found = page_text.hits(marks, len(text))
    return str(page_text.page_html(text, found, title, now))


def visible(text: str) -> list[str]:
    """The lines a reader sees; what HTML cannot hold is a space, as page_text draws it."""
    lines = text.split("\n")
    shown = [
        "".join(" " if c < " " or "\x7f" <= c <= "\x9f" else c for c in line) for line in lines
    ]
    return [line for line, raw in zip(shown, lines, strict=True) if raw.strip()]


@given(TEXTS, MARKS, st.integers(0, 9))
def test_every_line_comes_back_as_it_was(text: str, marks: list[tuple[int, int]], now: int) -> None:
    read = Reader(drawn(text, marks, None, now))
    assert [line for line in read.lines if line] == visible(text)


@given(TEXTS, MARKS, st.integers(0, 9), TEXTS)
def test_only_our_own_tags_and_no_nested_marks(
    text: str, marks: list[tuple[int, int]], now: int, title: str
) -> None:
    read = Reader(drawn(text, marks, title, now))
    assert read.tags <= {"p", "h3", "br", "mark"}
    assert read.deepest <= 1
    assert read.depth == 0
    assert len(read.ids) == len(set(read.ids))


@given(TEXTS, MARKS)
def test_marks_are_in_order_inside_and_apart(text: str, marks: list[tuple[int, int]]) -> None:
    found = page_text.hits(marks, len(text))
    ends = [0, *(hit.end for hit in found)]
    assert all(before <= hit.start < hit.end for before, hit in zip(ends, found, strict=False))
    assert [hit.number for hit in found] == list(range(1, len(found) + 1))
    assert not found or found[-1].end <= len(text)


@given(TEXTS, MARKS)
def test_a_passage_is_marked_where_it_says(text: str, marks: list[tuple[int, int]]) -> None:
    read = Reader(str(page_text.marked(text, marks)))
    flat = "".join(" " if c < " " or "\x7f" <= c <= "\x9f" else c for c in text)
    assert read.marked == [flat[hit.start : hit.end] for hit in page_text.hits(marks, len(text))]
    assert read.tags <= {"mark"}


def test_a_mark_over_a_line_end_is_closed_and_opened_again() -> None:
    assert drawn("業務改\n善の記録", [(2, 5)], None, 1) == (
        '<p>業務<mark id="hit-1" class="now">改</mark><br>\n<mark class="now">善</mark>の記録</p>'
    )


def test_a_title_that_only_begins_the_line_is_no_heading() -> None:
    assert "<h3>" not in drawn("改善の記録を続ける。", [], "改善の記録")
    assert drawn("改善\n記録\n本文", [], "改善 記録") == ("<h3>改善<br>\n記録</h3>\n<p>本文</p>")
