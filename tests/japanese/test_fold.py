"""Folding: one reading for every way of writing, with every character's place remembered."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.japanese.fold import fold, fold_text
from kb.japanese.variants import KANJI, RADICALS

TEXTS = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("改善取組がｶﾞゴ゙髙﨑⺠⽅ー－―\n 　、。（）①㍻ＤＸ予算"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ﾌｸﾂ市", "フクツ市"),
        ("ＤＸ２０２２", "DX2022"),
        ("ガ", "ガ"),
        ("原﨑智仁", "原崎智仁"),
        ("髙島市", "高島市"),
        ("渡邉・渡邊", "渡辺・渡辺"),
        ("⽅法と⾏政", "方法と行政"),
        ("市⺠の⻑", "市民の長"),
        ("サ−ビス", "サービス"),
        ("コスト―ダウン", "コストーダウン"),
        ("2022-2023", "2022-2023"),
        ("A―B", "A-B"),
        ("ま\u200bち", "まち"),
    ],
)
def test_one_letter_written_in_many_ways_reads_the_same(written: str, read: str) -> None:
    assert fold_text(written) == read


def test_a_break_inside_a_sentence_is_closed_and_a_paragraph_is_kept() -> None:
    assert fold_text("業務の改\n善をはかる") == "業務の改善をはかる"
    assert fold_text("はじめに\n\n予算") == "はじめに\n\n予算"
    assert fold_text("one\ntwo") == "one\ntwo"


def test_spaced_out_titles_are_closed() -> None:
    assert fold_text("予 算 書") == "予算書"
    assert fold_text("目　　次") == "目次"
    assert fold_text("中野区 チーム経営") == "中野区 チーム経営"


def test_a_match_is_found_again_in_the_text_as_it_was_written() -> None:
    text = "ｶｲｾﾞﾝの改\n善"
    folded = fold(text)
    at = folded.text.find("カイゼン")
    assert text[slice(*folded.source_span(at, at + 4))] == "ｶｲｾﾞﾝ"
    at = folded.text.find("改善")
    assert text[slice(*folded.source_span(at, at + 2))] == "改\n善"


@given(TEXTS)
def test_every_folded_character_knows_where_it_stood(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(0 <= a < b <= len(text) for a, b in zip(folded.starts, folded.ends, strict=True))


@given(TEXTS)
def test_folding_settles(text: str) -> None:
    """What closes a blank may bring new neighbours together; after that nothing moves."""
    twice = fold_text(fold_text(text))
    thrice = fold_text(twice)
    assert fold_text(thrice) == thrice or len(thrice) < len(twice)


@given(st.text(alphabet=sorted({*KANJI, *RADICALS}), max_size=20))
def test_no_old_form_is_left(text: str) -> None:
    assert not {*KANJI, *RADICALS} & set(fold_text(text))


def test_every_radical_folds() -> None:
    kangxi = "".join(map(chr, range(0x2F00, 0x2FD6)))
    assert all(unicodedata.name(c).startswith("CJK UNIFIED") for c in fold_text(kangxi))
    supplement = [chr(c) for c in range(0x2E80, 0x2EF4) if unicodedata.name(chr(c), "")]
    left = [c for c in supplement if fold_text(c) == c]
    assert left == []


@pytest.mark.parametrize("span", [(0, 0), (2, 1), (0, 9), (-1, 1)])
def test_ranges_outside_the_text_are_refused(span: tuple[int, int]) -> None:
    with pytest.raises(IndexError):
        fold("改善").source_span(*span)
