"""Passages: the lines that answer, marked where the words stand."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kb.search.passages import Sought, marks_from_text, marks_from_tokens, merged, passage
from kb.search.query import Clause, Probe, Stream, Variant


def sought(*surfaces: str) -> Sought:
    variants = [Variant(s, (Probe(Stream.WORDS, (s,)),)) for s in surfaces]
    return Sought.by(Clause(v.surface, (v,)) for v in variants)


def marked(text: str, *surfaces: str) -> list[str]:
    return [text[a:b] for a, b in marks_from_text(text, sought(*surfaces))]


def test_words_are_marked_as_they_stand_in_the_text() -> None:
    assert marked("ｶｲｾﾞﾝと改\n善、改善", "カイゼン", "改善") == ["ｶｲｾﾞﾝ", "改\n善", "改善"]


def test_exclusions_are_not_marked() -> None:
    clause = Clause("改善", (Variant("改善", ()),), excluded=True)
    assert Sought.by([clause]).surfaces == ()


def test_stored_tokens_mark_other_spellings() -> None:
    clause = Clause("改善", (Variant("改善", (Probe(Stream.WORDS, ("改善",)),)),))
    marks = marks_from_tokens(["取り組み", "改善"], [0, 3], [2, 7], Sought.by([clause]))
    assert marks == [(3, 7)]


def test_words_of_a_phrase_must_follow_each_other() -> None:
    probe = Probe(Stream.WORDS, ("組織", "目標"), phrase=True)
    wanted = Sought.by([Clause("組織目標", (Variant("組織目標", (probe,)),))])
    assert marks_from_tokens(["組織", "目標", "組織"], [0, 2, 5], [2, 4, 7], wanted) == [(0, 4)]


def test_a_passage_stays_within_what_rights_allow() -> None:
    text = "あ" * 500 + "改善" + "い" * 500
    marks = marks_from_text(text, sought("改善"))
    shown = passage(3, text, marks, 40)
    assert len(shown.text) <= 40
    assert [shown.text[a:b] for a, b in shown.marks] == ["改善"]
    assert passage(3, text, marks, 0).text == ""


def test_a_passage_begins_with_its_sentence() -> None:
    text = "前の文です。" * 20 + "ここから改善の話が始まる。"
    shown = passage(1, text, marks_from_text(text, sought("改善")), 110)
    assert shown.text.startswith("ここから改善")


def test_the_window_with_the_most_words_is_chosen() -> None:
    text = "改善。" + "あ" * 300 + "。改善と定住。"
    shown = passage(1, text, marks_from_text(text, sought("改善", "定住")), 110)
    assert "定住" in shown.text


def test_line_breaks_are_closed_and_marks_move_along() -> None:
    text = "まちの改\n善を\n\nDX and\nmore"
    shown = passage(1, text, marks_from_text(text, sought("改善", "more")), 110)
    assert shown.text == "まちの改善を DX and more"
    assert [shown.text[a:b] for a, b in shown.marks] == ["改善", "more"]


@given(st.text(alphabet="改善定住あ\n 。x", max_size=300), st.integers(0, 150))
def test_marks_always_lie_in_the_passage(text: str, most: int) -> None:
    shown = passage(1, text, marks_from_text(text, sought("改善", "定住")), most)
    assert len(shown.text) <= most
    position = 0
    for start, end in shown.marks:
        assert position <= start < end <= len(shown.text)
        position = end


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)).map(lambda p: (p[0], p[0] + p[1])))
)
def test_merged_spans_never_overlap(spans: list[tuple[int, int]]) -> None:
    whole = merged(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(whole))
    assert {i for a, b in whole for i in range(a, b)} == {i for a, b in spans for i in range(a, b)}
