"""Cells: formulas are guarded exactly, and a bad cell says what to do."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.catalogue.exchange.cells import (
    BadCell,
    Row,
    guarded,
    join_list,
    split_list,
    stripped,
    unguarded,
)
from kb.domain.classification import Theme

FORMULAS = ["=1+1", "+81", "-窓口", "@SUM(A1)", "＝1+1", "－窓口", "'=1", "''=1"]


def row(**cells: str) -> Row:
    return Row(2, cells)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_as_a_formula(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "窓口", "'ふつうの引用", "1-2", "a=b"])
def test_other_cells_are_left_alone(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text) == text


@given(st.text() | st.from_regex(r"'{0,3}[=+@＝\-].{0,5}", fullmatch=True))
def test_guarding_is_undone_exactly(text: str) -> None:
    cell = stripped(text)
    assert unguarded(stripped(guarded(cell))) == cell
    assert not stripped(guarded(cell)).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize(
    ("text", "year"),
    [("R3", 2021), ("令和3年度", 2021), ("2021", 2021), ("２０２１年度", 2021), ("平成30年", 2018)],
)
def test_a_year_is_read_in_any_spelling(text: str, year: int) -> None:
    assert row(y=text).year("y") == year


@pytest.mark.parametrize("text", ["2022-09-03", "2022/9/3", "R4.9.3", "2022年9月3日", "20220903"])
def test_a_day_is_read_in_any_spelling(text: str) -> None:
    assert row(d=text).day("d") == date(2022, 9, 3)


def test_blank_cells_say_nothing() -> None:
    blank = row(x="")
    assert (blank.text("x"), blank.year("x"), blank.day("x"), blank.number("x")) == (None,) * 4
    assert blank.words("x") == ()
    assert blank.flag("x") is False


@pytest.mark.parametrize(
    ("method", "text"),
    [
        ("year", "R99"), ("year", "30年度"), ("year", "昨年度"), ("day", "2022-02-30"),
        ("day", "9月3日"), ("number", "3期"), ("number", "9" * 5000), ("flag", "はい"),
    ],
)  # fmt: skip
def test_a_bad_cell_names_itself_and_what_to_do(method: str, text: str) -> None:
    with pytest.raises(BadCell) as bad:
        getattr(row(c=text), method)("c")
    assert (bad.value.column, bad.value.value) == ("c", text)
    assert bad.value.why
    assert bad.value.remedy


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("窓口; 対話 ;", ("窓口", "対話")),
        ('"企画;財政";人事', ("企画;財政", "人事")),
        (' "5"" 管;路" ; 水道', ('5" 管;路', "水道")),
        ('"窓口;対話', ('"窓口', "対話")),
        ('通称"えんがわ";集落', ('通称"えんがわ"', "集落")),
        (";;", ()),
    ],
)
def test_a_list_is_divided_outside_of_quotes(cell: str, words: tuple[str, ...]) -> None:
    assert split_list(cell) == words


@given(st.lists(st.text('窓;" \n').map(stripped).filter(bool)))
def test_a_list_is_read_back_as_it_was(words: list[str]) -> None:
    assert list(split_list(join_list(words))) == words


def test_a_word_outside_a_closed_list_names_the_list() -> None:
    assert row(t="危機管理;culture").members("t", Theme) == (Theme.CRISIS, Theme.CULTURE)
    with pytest.raises(BadCell) as bad:
        row(t="危機管理;エネルギー").members("t", Theme)
    assert bad.value.value == "エネルギー"
    assert all(theme.label in bad.value.remedy for theme in Theme)


@given(st.text(max_size=12))
def test_no_text_breaks_a_reader(text: str) -> None:
    cell = row(c=text)
    for read in (cell.year, cell.day, cell.number, cell.flag):
        with suppress(BadCell):
            assert not read("c") or text.strip()
