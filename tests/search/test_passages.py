"""Passages: the lines that answer, marked where the words stand, cut where a sentence ends."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kb.search.covering import (
    LEAST_CHARACTERS,
    MOST_PASSAGES,
    Quotable,
    Quoted,
    pages_to_quote,
    quotations,
)
from kb.search.cutting import goes_on
from kb.search.engine import PageHit
from kb.search.passages import (
    PASSAGE_CHARACTERS,
    Mark,
    Sought,
    marks_from_text,
    marks_from_tokens,
    merged,
    missed,
    passage,
    spans,
    without,
)
from kb.search.query import Clause, Facet, Passage, Probe, Stream, Variant


def sought(*surfaces: str) -> Sought:
    variants = [Variant(s, (Probe(Stream.WORDS, (s,)),)) for s in surfaces]
    return Sought.by(Clause(v.surface, (v,)) for v in variants)


def marked(text: str, *surfaces: str) -> list[str]:
    return [text[a:b] for a, b in spans(marks_from_text(text, sought(*surfaces)))]


def shown(text: str, *surfaces: str, most: int = 110) -> Passage:
    """The passage around the first word."""
    marks = marks_from_text(text, sought(*surfaces))
    return passage(1, text, marks, most, (marks[0].start, marks[0].end) if marks else None)[0]


def of(text: str, *surfaces: str, page: int = 1, document: str = "d") -> Quotable:
    return Quotable(document, page, text, marks_from_text(text, sought(*surfaces)))


def texts(quoted: tuple[Quoted, ...]) -> list[str]:
    return [each.passage.text for each in quoted]


# --- marks -------------------------------------------------------------------------------


def test_words_are_marked_as_they_stand_in_the_text() -> None:
    assert marked("ｶｲｾﾞﾝと改\n善、改善", "カイゼン", "改善") == ["ｶｲｾﾞﾝ", "改\n善", "改善"]


def test_exclusions_are_not_marked_and_do_not_count() -> None:
    left_out = Clause("改善", (Variant("改善", ()),), excluded=True)
    kept = Clause("定住", (Variant("定住", ()),))
    assert Sought.by([left_out, kept]).surfaces == {"定住": 1}


def test_stored_tokens_mark_other_spellings() -> None:
    clause = Clause("改善", (Variant("改善", (Probe(Stream.WORDS, ("改善",)),)),))
    marks = marks_from_tokens(["取り組み", "改善"], [0, 3], [2, 7], Sought.by([clause]))
    assert marks == [(3, 7, 1)]


def test_words_of_a_phrase_must_follow_each_other() -> None:
    probe = Probe(Stream.WORDS, ("組織", "目標"), phrase=True)
    wanted = Sought.by([Clause("組織目標", (Variant("組織目標", (probe,)),))])
    assert marks_from_tokens(["組織", "目標", "組織"], [0, 2, 5], [2, 4, 7], wanted) == [(0, 4, 1)]


def test_what_tokens_do_not_show_is_looked_for_as_typed() -> None:
    wanted = sought("改善", "定住", "移住")
    rest = missed(wanted, [Mark(0, 2, 0b001)], [True, True, False])
    assert rest.surfaces == {"定住": 0b010}


def test_what_a_page_is_filed_under_is_looked_for_only_without_other_marks() -> None:
    place = Clause("福津市", (Variant("福津市", (), facet=(Facet.MUNICIPALITY, "402249")),))
    word = Clause("改善", (Variant("改善", ()),))
    wanted = Sought.by([place, word])
    assert missed(wanted, [Mark(0, 2, 0b10)], [True, True]).surfaces == {}
    assert missed(wanted, [], [True, False]).surfaces == {"福津市": 0b01}


@given(st.lists(st.builds(Mark, st.integers(0, 50), st.integers(51, 59), st.integers(0, 7))))
def test_merged_marks_never_overlap_and_lose_no_clause(marks: list[Mark]) -> None:
    whole = merged([Mark(m.start, m.end - 50 + m.start, m.clauses) for m in marks])
    assert all(a.end <= b.start for a, b in pairwise(whole))
    assert sum(m.clauses.bit_count() for m in whole) <= sum(m.clauses.bit_count() for m in marks)
    told, kept = 0, 0
    for mark in marks:
        told |= mark.clauses
    for mark in whole:
        kept |= mark.clauses
    assert told == kept


# --- one passage -------------------------------------------------------------------------


def test_a_passage_stays_within_what_rights_allow() -> None:
    text = "あ" * 500 + "改善" + "い" * 500
    cut = shown(text, "改善", most=40)
    assert len(cut.text) <= 40
    assert cut.text[0] == cut.text[-1] == "…"
    assert [cut.text[a:b] for a, b in cut.marks] == ["改善"]
    assert shown(text, "改善", most=0).text == ""


def test_a_passage_begins_and_ends_with_sentences() -> None:
    text = "前の文です。" * 20 + "ここから改善の話が始まる。次の文も続く。" + "あ" * 200 + "。"
    assert shown(text, "改善", most=22).text == "ここから改善の話が始まる。次の文も続く。"


def test_headings_and_cells_end_at_their_lines() -> None:
    body = "窓口の待ち時間を半分にするために職員が毎週集まって改善の案を出し合い、翌週に試して\n"
    body += "結果を壁に貼ることを一年のあいだ続けた取組である。"
    text = f"前の章の終わりの文。\n実施した内容\n{body}\n実施年度\n2021年"
    whole = body.replace("\n", "")
    assert shown(text, "改善").text == f"{whole}実施年度 2021年"
    assert shown(text, "実施した", most=75).text == f"実施した内容 {whole}"
    assert shown("担当\n企画課\n改善の案\n12件", "企画").text == "企画課 改善の案 12件"


def test_a_cut_inside_a_sentence_has_an_ellipsis_and_falls_after_a_comma() -> None:
    text = "はじめに長い前置きを書き、" * 8 + "そこで改善を進め、" + "さらに長い説明が、" * 20
    cut = shown(text, "改善", most=60).text
    assert cut.startswith("…はじめに")
    assert cut.endswith("、…")


def test_an_ellipsis_only_where_a_sentence_is_cut() -> None:
    assert shown("改善を進めた。", "改善").text == "改善を進めた。"
    assert (
        shown("まず聞いた。\n\n改善を進めた\n\nつぎに書いた。", "改善", most=8).text
        == "改善を進めた"
    )


@pytest.mark.parametrize(
    "tail",
    ["か\u3099" * 60, "葛\U000e0100" * 60, "\ud83d\ude00" * 60, "2021" * 3 + "あ" * 99],
    ids=["sound marks", "variants of kanji", "surrogates", "numbers"],
)
def test_no_character_or_number_is_torn(tail: str) -> None:
    for most in range(10, 30):
        cut = shown("改善" + tail, "改善", most=most).text
        assert len(cut) <= most
        body = cut.removesuffix("…")
        assert body[-1] not in "\ud83d" or body == cut
        assert not tail.startswith("か") or body.endswith(("善", "\u3099"))
        assert not tail.startswith("葛") or body.endswith(("善", "\U000e0100"))
        assert not tail.startswith("2") or body.removeprefix("改善")[:12] in ("", "202120212021")


def test_line_breaks_are_closed_and_marks_move_along() -> None:
    text = "まちの改\n善を\n\nDX and\nmore"
    cut = shown(text, "改善", "more")
    assert cut.text == "まちの改善を DX and more"
    assert [cut.text[a:b] for a, b in cut.marks] == ["改善", "more"]


def test_headers_and_footers_are_no_part_of_a_passage() -> None:
    text = "改善発表会2022\n改善を進めた。\n改善発表会2022"
    running = ((0, 10), (18, 28))
    plain, marks = without(text, marks_from_text(text, sought("改善")), running)
    cut, _ = passage(1, plain, marks, 110, (marks[0].start, marks[0].end))
    assert cut.text == "改善を進めた。"
    assert len(marks) == 1


PAGE_TEXT = st.text(alphabet="改善定住移あいう。、\n 「」x2\u3099・", max_size=300)


@given(PAGE_TEXT, st.integers(0, 150), st.data())
def test_any_passage_keeps_its_room_its_marks_and_its_borders(
    text: str, most: int, data: st.DataObject
) -> None:
    marks = marks_from_text(text, sought("改善", "定住"))
    mark = data.draw(st.sampled_from(marks)) if marks else None
    keep = (mark.start, mark.end) if mark else None
    cut, (start, end) = passage(1, text, marks, most, keep)
    assert len(cut.text) <= min(most, PASSAGE_CHARACTERS)
    assert all(a < b <= len(cut.text) for a, b in cut.marks)
    assert all(b <= c for (_, b), (c, _) in pairwise(cut.marks))
    words = [cut.text[a:b] for a, b in cut.marks]
    assert [w.replace("\n", "").replace(" ", "") for w in words] == [
        text[m.start : m.end].replace("\n", "").replace(" ", "")
        for m in marks
        if start <= m.start and m.end <= end
    ]
    assert not any(m.start < edge < m.end for m in marks for edge in (start, end))
    if cut.text:
        assert cut.text.startswith("…") == goes_on(text, start)
        assert cut.text.endswith("…") == goes_on(text, end)


# --- several passages --------------------------------------------------------------------


def test_two_passages_show_what_one_cannot() -> None:
    text = "改善を進めた。" + "間の文です。" * 40 + "定住も進んだ。" + "後の文です。" * 40
    found = quotations([of(text, "改善", "定住")], {"d": 400}, (1.0, 2.0))
    assert len(found) == 2
    assert sorted(each.clauses for each in found) == [0b01, 0b10]
    assert found[0].clauses == 0b10  # the rarer one first


def test_the_lines_with_the_most_words_are_chosen() -> None:
    text = "改善。" + "あ" * 300 + "。改善と定住。"
    (first, *_) = quotations([of(text, "改善", "定住")], {"d": 400}, (1.0, 1.0))
    assert "改善と定住。" in first.passage.text


def test_a_third_passage_only_for_another_word() -> None:
    words = ("改善", "定住", "移住")
    pages = [of(f"{word}の話。", *words, page=at) for at, word in enumerate(words, 1)]
    found = quotations(pages, {"d": 400}, (1.0, 1.0, 1.0))
    assert texts(found) == ["改善の話。", "定住の話。", "移住の話。"]
    same = [of("改善の話。", *words, page=at) for at in (1, 2, 3)]
    assert [each.passage.page for each in quotations(same, {"d": 400}, (1.0, 1.0, 1.0))] == [1, 2]


def test_little_room_is_shared_when_that_shows_more() -> None:
    text = "間の文がここに続いています。" * 30
    pages = [of(f"改善{text}", "改善", "定住"), of(f"定住{text}", "改善", "定住", page=2)]
    found = quotations(pages, {"d": 120}, (1.0, 1.0))
    assert [each.clauses for each in found] == [0b01, 0b10]
    assert sum(len(text) for text in texts(found)) <= 120
    assert [len(text) for text in texts(quotations(pages[:1], {"d": 120}, (1.0, 1.0)))] > [60]


def test_documents_have_their_own_room() -> None:
    long = "改善を進めたという文がここに続いています。" * 9
    pages = [of(long, "改善", document="a"), of(long, "改善", document="b")]
    found = quotations(pages, {"a": 0, "b": 120}, (1.0,))
    assert [each.source for each in found] == [1]


def test_without_marks_the_beginning_of_the_best_page_is_shown() -> None:
    found = quotations([of("これは文です。", page=4), of("別の文です。", page=5)], {"d": 400}, ())
    assert texts(found) == ["これは文です。", "別の文です。"]
    assert quotations([], {}, ()) == ()


def test_pages_are_read_that_hold_what_the_best_do_not() -> None:
    def hit(page: int, *held: bool) -> tuple[str, PageHit]:
        return "d", PageHit("d", page, 1.0, held)

    common = [hit(n, True, False, False) for n in range(1, 8)]
    hits = [*common, hit(8, False, True, False), hit(9, False, True, True)]
    chosen = [each.page for _, each in pages_to_quote(hits, (1.0, 1.0, 1.0), 4)]
    assert chosen == [1, 2, 9]
    assert [each.page for _, each in pages_to_quote(common, (1.0,) * 3, 4)] == [1, 2]
    assert pages_to_quote([], (), 4) == []


WORDS = ("改善", "定住", "移住")
FILLERS = st.sampled_from(
    ["あいう。", "え、お", "\n", "かきく\n", "DX 2021", "さしすせそ" * 9, "。"]
)
PAGES = st.lists(
    st.lists(st.one_of(FILLERS, st.sampled_from(WORDS)), max_size=40).map("".join), max_size=4
)


@given(PAGES, st.integers(0, 400))
def test_any_passages_keep_the_room_overlap_nowhere_and_show_every_word_that_fits(
    pages: list[str], room: int
) -> None:
    sources = [of(text, *WORDS, page=at) for at, text in enumerate(pages, 1)]
    found = quotations(sources, {"d": room}, (1.0, 2.0, 3.0))
    assert len(found) <= MOST_PASSAGES
    assert sum(len(text) for text in texts(found)) <= room
    for a, b in pairwise(sorted((each.source, each.span) for each in found)):
        assert a[0] != b[0] or a[1][1] <= b[1][0]
    held, told = 0, 0
    for source in sources:
        for mark in source.marks:
            held |= mark.clauses
    for each in found:
        told |= each.clauses
    longest = max((m.end - m.start for s in sources for m in s.marks), default=0)
    enough = max(longest + 2, LEAST_CHARACTERS)
    if room >= enough * max(held.bit_count(), 1):
        assert told == held


@given(PAGES)
def test_no_passage_is_longer_than_it_aims_at_however_much_room_there_is(pages: list[str]) -> None:
    assume(pages)
    found = quotations([of(text, *WORDS) for text in pages], {"d": 10_000}, (1.0, 1.0, 1.0))
    assert all(len(text) <= PASSAGE_CHARACTERS for text in texts(found))
