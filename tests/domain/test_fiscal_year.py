"""Fiscal years and eras: labels, parsing, and finding them in running text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.domain.fiscal_year import (
    ERAS,
    FiscalYear,
    YearKind,
    YearSpan,
    find_years,
    parse_date,
    parse_fiscal_year,
    parse_fiscal_years,
)

years = st.integers(1950, 2060).map(FiscalYear)


def only(text: str, **how: object) -> YearSpan:
    spans = find_years(text, **how)  # type: ignore[arg-type]
    assert len(spans) == 1, spans
    return spans[0]


# --- the year itself -----------------------------------------------------------------------


def test_it_runs_from_april_to_march() -> None:
    year = FiscalYear(2021)
    assert (year.start, year.end) == (date(2021, 4, 1), date(2022, 3, 31))
    assert FiscalYear.containing(date(2022, 3, 31)) == year < FiscalYear(2022)
    assert FiscalYear.containing(date(2021, 4, 1)) == year


@pytest.mark.parametrize(
    ("year", "era", "long"),
    [
        (2021, "令和3年度", "令和3年度"),
        (2019, "令和元年度", "平成31/令和元年度"),
        (2018, "平成30年度", "平成30年度"),
        (1989, "平成元年度", "平成元年度"),
        (1988, "昭和63年度", "昭和63年度"),
        (1926, "大正15年度", "大正15/昭和元年度"),
        (1912, "明治45年度", "明治45/大正元年度"),
    ],
)
def test_labels_in_eras(year: int, era: str, long: str) -> None:
    assert (FiscalYear(year).era_label, FiscalYear(year).era_label_long) == (era, long)


def test_both_ways_of_counting_are_shown() -> None:
    assert FiscalYear(2021).label == "2021年度"
    assert FiscalYear(2021).both == "2021年度(令和3年度)"


@pytest.mark.parametrize("year", [1867, 2101, 0, -1])
def test_no_document_is_that_old_or_new(year: int) -> None:
    with pytest.raises(ValueError, match="年度"):
        FiscalYear(year)


# --- exact text ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "令和4年度", "令4年度", "令和4", "令4", "R4", "Ｒ４", "R04", "R.4", "R4年度", "令和四年度",
        "2022年度", "２０２２年度", "2022", "2022年", "FY2022", "FY22", "fy 2022", "㋿4",
        "2022(令和4)年度", "2022（令和４）年度", "令和4(2022)年度", "2022年度(令和4年度)", " 2022 ",
    ],
)  # fmt: skip
def test_ways_of_writing_2022(text: str) -> None:
    assert parse_fiscal_year(text) == FiscalYear(2022)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("平成30", 2018), ("H30", 2018), ("㍻30", 2018), ("平成三十年度", 2018),
        ("平成二十九年度", 2017), ("昭和60年度", 1985), ("S60", 1985), ("昭和64年度", 1989),
        ("平成31年度", 2019), ("令和元年度", 2019), ("令和1年度", 2019), ("H32", 2020),
        ("平成十年度", 1998), ("FY98", 1998), ("明治元年", 1868),
    ],
)  # fmt: skip
def test_other_years(text: str, year: int) -> None:
    assert parse_fiscal_year(text) == FiscalYear(year)


@pytest.mark.parametrize(
    "text",
    [
        "", "令和0年", "令和0年度", "R99", "昭和65年度", "大正16年", "0999", "12345", "3年度",
        "2022(令和5)年度", "2022(福津市)年度", "令和4年9月", "年度", "令和", "福津市", "令和十十年",
    ],
)  # fmt: skip
def test_what_is_no_year(text: str) -> None:
    assert parse_fiscal_year(text) is None


@pytest.mark.parametrize("hint", ["平成", "H", "h", "平"])
def test_a_lone_number_takes_the_era_it_is_told(hint: str) -> None:
    assert parse_fiscal_year("30年度", era_hint=hint) == FiscalYear(2018)


def test_an_unknown_era_is_no_help() -> None:
    assert parse_fiscal_year("30年度", era_hint="慶応") is None


@given(years)
def test_labels_are_read_back(year: FiscalYear) -> None:
    labels = (year.label, year.era_label, year.both, str(year.year))
    assert [parse_fiscal_year(label) for label in labels] == [year] * 4


# --- dates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "R4.9.3", "R4/9/3", "R4-9-3", "R04.09.03", "令和4年9月3日", "令和四年9月3日", "2022/9/3",
        "2022-09-03", "2022.9.3", "２０２２．９．３", "2022年9月3日", "20220903", "2022‐09‐03",
    ],
)  # fmt: skip
def test_ways_of_writing_a_day(text: str) -> None:
    assert parse_date(text) == date(2022, 9, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2022/13/40",
        "2022/2/29",
        "20221301",
        "2022/9-3",
        "令和4年9月",
        "R4",
        "",
        "22/9/3",
        "0000/1/1",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert parse_date(text) is None


@given(st.dates(date(1950, 1, 1), date(2060, 12, 31)))
def test_days_are_read_back(day: date) -> None:
    era = next(era for era in ERAS if era.starts <= day)
    number = day.year - era.starts.year + 1
    written = (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{era.initial}{number}.{day.month}.{day.day}",
        f"{era.name}{'元' if number == 1 else number}年{day.month}月{day.day}日",
    )
    assert [parse_date(text) for text in written] == [day] * 4


# --- running text --------------------------------------------------------------------------


def test_a_sentence_with_everything() -> None:
    text = "㍻３０年度の決算は令和元年９月３日に、次は2021年に。Ｒ４年度とFY22、令和5年4月。"
    found = [(s.text, s.kind, s.year, s.month, s.day, s.says_fiscal) for s in find_years(text)]
    assert found == [
        ("㍻３０年度", YearKind.FISCAL_YEAR, 2018, None, None, True),
        ("令和元年９月３日", YearKind.DATE, 2019, 9, 3, False),
        ("2021年", YearKind.CALENDAR_YEAR, 2021, None, None, False),
        ("Ｒ４年度", YearKind.FISCAL_YEAR, 2022, None, None, True),
        ("FY22", YearKind.FISCAL_YEAR, 2022, None, None, True),
        ("令和5年4月", YearKind.MONTH, 2023, 4, None, False),
    ]


def test_the_fiscal_year_a_span_falls_in() -> None:
    assert only("2021年度").fiscal_year == FiscalYear(2021)
    assert only("2021年").fiscal_year is None
    assert only("2022年3月").fiscal_year == FiscalYear(2021)
    day = only("R4.3.31")
    assert (day.date, day.fiscal_year) == (date(2022, 3, 31), FiscalYear(2021))
    assert only("明治元年1月").fiscal_year is None


@pytest.mark.parametrize(
    "text",
    [
        "最大3年かかる", "水平3年", "2,022年度", "S3とT1とM2", "令和0年度", "R99", "30年度",
        "2022/13/40", "令和4年13月", "2022年2月30日", "1234年度", "PR4号", "2022件", "012022年",
    ],
)  # fmt: skip
def test_what_names_no_year(text: str) -> None:
    assert find_years(text) == ()


def test_a_lone_number_needs_context() -> None:
    span = only("前の30年度より", era_hint="平成")
    assert (span.text, span.year, span.says_fiscal) == ("30年度", 2018, True)
    assert find_years("第30年度", era_hint="平成") == ()


def test_era_without_year_word() -> None:
    assert [(s.text, s.year) for s in find_years("H30~R3、令和4の予算")] == [
        ("H30", 2018), ("R3", 2021), ("令和4", 2022),
    ]  # fmt: skip


def test_four_digits_count_only_when_asked() -> None:
    assert find_years("福津市 2022") == ()
    span = only("福津市2022", bare=True)
    assert (span.kind, span.year, span.start, span.end) == (YearKind.CALENDAR_YEAR, 2022, 3, 7)
    assert find_years("2022件 12022 2022.5 2022-23", bare=True) == ()


def test_brackets_belong_to_the_year() -> None:
    assert only("2022（令和４）年度の").text == "2022（令和４）年度"
    assert [s.year for s in find_years("令和4年度(2022年度)")] == [2022, 2022]


def test_circled_numbers_are_no_part_of_a_year() -> None:
    assert only("①2022年度").text == "2022年度"


@given(st.text() | st.text(alphabet="令和平成昭HRS元0123456789年度月日./-()（）FY㍻①２十 "))
def test_any_text_is_safe(text: str) -> None:
    for hint in (None, "平成"):
        spans = find_years(text, era_hint=hint, bare=True)
        ends = [0, *(span.end for span in spans)]
        for span, end_before in zip(spans, ends, strict=False):
            assert end_before <= span.start < span.end
            assert span.text == text[span.start : span.end]
            assert (span.date is None) == (span.kind is not YearKind.DATE)
        assert isinstance(parse_fiscal_year(text, era_hint=hint), FiscalYear | None)
    assert isinstance(parse_date(text), date | None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022年度以降", 2022, 2024), ("R4以後", 2022, 2024), ("2030年度以降", 2030, 2030),
        ("令和4年度まで", 1993, 2022), ("2022 以前", 1993, 2022),
    ],
)  # fmt: skip
def test_since_and_until_are_read_from_a_day(text: str, first: int, last: int) -> None:
    years = parse_fiscal_years(text, on=date(2025, 3, 31))
    assert [year.year for year in years] == list(range(first, last + 1))
    assert parse_fiscal_years(text) == ()


@pytest.mark.parametrize("joint", ["と", "や", "、", "または", "又は", "もしくは", "及び"])
def test_years_in_a_list_are_each_named(joint: str) -> None:
    assert parse_fiscal_years(f"令和3年度{joint}2022年度") == (FiscalYear(2021), FiscalYear(2022))
