"""What the log keeps of a question, and what it never keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.domain.asked_question import LONGEST, AskedQuestion
from kb.domain.rights import Audience
from kb.search.asking import filters_of, filters_text, loggable, normalised
from kb.search.query import Asked, Facet, ResultPage, Scope, Sort, Understood

PLACE = Understood("福津市", "place", (), "", "打破")
NOWHERE = Understood("打破", "missing", (), "どの資料にもありません", "福津市")


def answer(*chips: Understood, total: int = 0) -> ResultPage:
    return ResultPage("", total, 1, 20, 1.0, (), understood=chips)


def test_a_question_is_kept_folded_with_its_filters_and_the_words_that_nothing_held() -> None:
    asked = Asked(
        "　Ｆｕｋｕｔｓｕ  市\t打破 ",
        {Facet.THEME: ("ＤＸ",), Facet.KIND: ("slides", "レポート")},
        Scope.PAGE,
        Sort.PRESENTED_IN,
        audience=Audience.STAFF,
    )
    assert loggable(asked, answer(PLACE, NOWHERE, NOWHERE, total=3)) == AskedQuestion(
        text="fukutsu 市 打破",
        filters="kind=slides&kind=レポート&theme=dx&scope=page",
        audience=Audience.STAFF,
        total=3,
        missing=("打破",),
    )


@pytest.mark.parametrize(
    "asked",
    [
        Asked("改善", page=2),
        Asked(""),
        Asked("　 "),
        Asked("", {Facet.THEME: ("DX",)}),
        Asked("長" * (LONGEST + 1)),
        Asked("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ"),
        Asked("０９０−１２３４−５６７８"),
        Asked("改善", {Facet.MUNICIPALITY: ("taro@example.jp",)}),
    ],
)
def test_second_pages_filters_alone_and_what_tells_of_somebody_are_not_kept(asked: Asked) -> None:
    assert loggable(asked, answer()) is None


def test_filters_come_back_from_their_line() -> None:
    filters = {Facet.KIND: ("slides",), Facet.THEME: ("dx", "働き方")}
    assert filters_of(filters_text(filters, Scope.PAGE)) == (filters, Scope.PAGE)
    assert filters_of("") == ({}, Scope.CASE)
    with pytest.raises(ValueError, match="colour"):
        filters_of("colour=red")


def test_a_long_line_of_filters_is_cut() -> None:
    kept = loggable(Asked("改善", {Facet.THEME: ("長" * 150, "短" * 150)}), answer())
    assert kept is not None
    assert len(kept.filters) == LONGEST
    assert kept.filters.endswith("…")


@given(st.text(max_size=300))
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once
    assert once == " ".join(once.split())


@given(st.text(max_size=300))
def test_a_kept_question_is_short_and_holds_no_address_or_number_of_somebody(text: str) -> None:
    kept = loggable(Asked(text), answer())
    assert kept is None or (len(kept.text) <= LONGEST and "@" not in kept.text)
    numbered = loggable(Asked(f"{text} 090-1234-5678 {text}"), answer())
    assert numbered is None


@given(st.lists(st.integers(0, 9), min_size=9, max_size=14), st.sampled_from(["", "-", "ー", "－"]))
def test_a_long_row_of_digits_is_never_kept(digits: list[int], between: str) -> None:
    kept = loggable(Asked("番号 " + between.join(map(str, digits))), answer())
    assert kept is None
