"""Every way of writing a year that offices use, and years that count from another day."""

from datetime import date

import pytest

from kb.domain.fiscal_year import (
    FiscalYear,
    YearKind,
    YearPart,
    YearSpan,
    find_year_ranges,
    find_years,
    find_years_in_name,
    parse_date,
    parse_fiscal_year,
    parse_year_range,
)

BLOCK = date(2022, 9, 3)


def only(text: str, **how: object) -> YearSpan:
    spans = find_years(text, **how)  # type: ignore[arg-type]
    assert len(spans) == 1, spans
    return spans[0]


def read(text: str, on: date | None = None) -> list[tuple[str, int]]:
    return [(span.text, span.year) for span in find_years(text, on=on)]


@pytest.mark.parametrize(
    "text",
    [
        "令和四年度", "令4年度", "Ｒ４年度", "二〇二二年度", "二○二二年度", "r4", "r4年度",
        "令和 4 年度", "令 和 ４ 年 度", "２０２２　年　度",
    ],
)  # fmt: skip
def test_more_ways_of_writing_2022(text: str) -> None:
    assert parse_fiscal_year(text) == FiscalYear(2022)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和四年九月三日", date(2022, 9, 3)),
        ("二〇二二年九月三日", date(2022, 9, 3)),
        ("平成三十年十二月三十一日", date(2018, 12, 31)),
        ("令和五年一一月一八日", date(2023, 11, 18)),
        ("令和元年五月一日", date(2019, 5, 1)),
        ("R040903", date(2022, 9, 3)),
        ("2022(令和4)年9月3日", date(2022, 9, 3)),
        ("令和4年(2022年)9月3日", date(2022, 9, 3)),
    ],
)
def test_days_in_every_notation(text: str, day: date) -> None:
    assert parse_date(text) == day
    assert only(f"これは{text}のこと").date == day


@pytest.mark.parametrize(
    "text",
    [
        "令和四年十三月三日", "令和四年二月三十日", "R041303", "令和4(2021)年9月3日",
        "令和四年九月十十日",
    ],
)  # fmt: skip
def test_what_is_no_day_in_kanji(text: str) -> None:
    assert parse_date(text) is None
    assert all(span.kind is not YearKind.DATE for span in find_years(text))


# --- two eras, and years outside theirs ----------------------------------------------------


@pytest.mark.parametrize("text", ["H31/R1", "平成31/令和元年度", "平成31(令和元)年度", "H31・R元"])
def test_one_year_in_two_eras(text: str) -> None:
    assert parse_fiscal_year(text) == FiscalYear(2019)
    assert (only(text).year, only(text).text) == (2019, text)


def test_two_years_are_not_one() -> None:
    assert parse_fiscal_year("R2/R3") is None
    assert read("令和2・令和3年度") == [("令和2", 2020), ("令和3年度", 2021)]


@pytest.mark.parametrize(
    ("text", "year", "out"),
    [
        ("平成31年5月1日", 2019, True),
        ("平成31年4月30日", 2019, False),
        ("令和元年4月1日", 2019, True),
        ("昭和64年1月7日", 1989, False),
        ("平成元年1月7日", 1989, True),
        ("平成31年度", 2019, False),
        ("令和元年度", 2019, False),
        ("昭和64年度", 1989, True),
        ("平成32年度", 2020, True),
        ("2019年5月1日", 2019, False),
    ],
)
def test_outside_its_era_a_year_is_read_and_flagged(text: str, year: int, out: bool) -> None:
    span = only(text)
    assert (span.year, span.out_of_era) == (year, out)


def test_the_time_named() -> None:
    spans = find_years("令和3年度、2021年度下半期、2022年度第3四半期、2021年、2024年2月、R4.9.3")
    assert [(span.begins, span.ends) for span in spans] == [
        (date(2021, 4, 1), date(2022, 3, 31)),
        (date(2021, 10, 1), date(2022, 3, 31)),
        (date(2022, 10, 1), date(2022, 12, 31)),
        (date(2021, 1, 1), date(2021, 12, 31)),
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2022, 9, 3), date(2022, 9, 3)),
    ]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("令和3年度上半期", YearPart.FIRST_HALF),
        ("令和3年度の下期", YearPart.SECOND_HALF),
        ("2021年度第1四半期", YearPart.FIRST_QUARTER),
        ("FY21 Q4", YearPart.FOURTH_QUARTER),
        ("令和3年度三四半期", YearPart.THIRD_QUARTER),
    ],
)
def test_parts_of_a_year(text: str, part: YearPart) -> None:
    span = only(text)
    assert (span.year, span.part, span.text) == (2021, part, text)
    assert parse_fiscal_year(text) == FiscalYear(2021)


# --- several years -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("令和3・4年度", [2021, 2022]),
        ("平成29・30・令和元年度", [2017, 2018, 2019]),
        ("令和二・三年度", [2020, 2021]),
        ("令和2、3年度", [2020, 2021]),
        ("令和2及び3年度", [2020, 2021]),
        ("2020・21年度", [2020, 2021]),
        ("2020/2021年度", [2020, 2021]),
        ("平成28年度から30年度", [2016, 2018]),
        ("H30-R2", [2018, 2020]),
    ],
)
def test_several_years_share_one_word(text: str, years: list[int]) -> None:
    spans = find_years(text)
    assert [span.year for span in spans] == years
    assert all(span.kind is YearKind.FISCAL_YEAR for span in spans)


@pytest.mark.parametrize("text", ["2020-10年度", "令和3・99年度", "9999・10000年度", "2022-10年"])
def test_what_does_not_count_on_is_not_several(text: str) -> None:
    assert len(find_years(text)) <= 1


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("平成30~令和2年度", 2018, 2020),
        ("平成30年度〜令和2年度", 2018, 2020),
        ("平成30年度から令和2年度まで", 2018, 2020),
        ("2020-2022年度", 2020, 2022),
        ("2020～22年度", 2020, 2022),
        ("R2〜R4", 2020, 2022),
        ("Ｈ２８～３０年度", 2016, 2018),
        ("FY2020-2022", 2020, 2022),
        ("2020年度(令和2年度)～2022年度(令和4年度)", 2020, 2022),
        ("平成30(2018)〜令和2(2020)年度", 2018, 2020),
    ],
)
def test_ranges(text: str, first: int, last: int) -> None:
    found = parse_year_range(text)
    assert found is not None
    assert (found.first, found.last, found.text) == (first, last, text)
    inside = find_year_ranges(f"期間は{text}とする")
    assert [(r.first, r.last, r.start, r.end) for r in inside] == [(first, last, 3, 3 + len(text))]
    assert [year.year for year in found.years] == list(range(first, last + 1))


def test_ranges_without_the_word() -> None:
    for text in ("2020-2022", "R2~4", "2020〜2022", "令和2-令和4"):
        found = parse_year_range(text)
        assert found is not None, text
        assert (found.first, found.last) == (2020, 2022)
    assert [parse_year_range(text) for text in ("R2-4", "2010-12", "R4〜R2", "2022")] == [None] * 4


# --- a number alone ------------------------------------------------------------------------


def test_a_lone_number_takes_the_era_before_it() -> None:
    assert read("平成29年度は5件、30年度は8件") == [("平成29年度", 2017), ("30年度", 2018)]
    assert read("30年度は8件、平成29年度は5件") == [("平成29年度", 2017)]
    assert read("平成30年度に始め、2年度") == [("平成30年度", 2018)]


@pytest.mark.parametrize("count", ["2年度にわたり", "2年度目", "3年度間", "2年度連続で"])
def test_a_number_of_years_is_no_year(count: str) -> None:
    assert read(f"令和2年度から{count}") == [("令和2年度", 2020)]


# --- relative years ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("昨年度", 2021), ("一昨年度", 2020), ("前年度", 2021), ("前々年度", 2020),
        ("本年度", 2022), ("今年度", 2022), ("来年度", 2023), ("翌年度", 2023), ("次年度", 2023),
        ("再来年度", 2024), ("翌々年度", 2024),
        ("昨年", 2021), ("一昨年", 2020), ("おととし", 2020), ("今年", 2022), ("来年", 2023),
    ],
)  # fmt: skip
def test_relative_years_count_from_the_block(words: str, year: int) -> None:
    assert find_years(words) == ()
    span = only(f"この{words}の取組", on=BLOCK)
    assert (span.text, span.year, span.relative) == (words, year, True)
    assert parse_fiscal_year(words) is None
    assert parse_fiscal_year(words, on=BLOCK) == FiscalYear(year)


def test_in_march_the_fiscal_year_is_still_the_old_one() -> None:
    assert read("昨年度と昨年", on=date(2023, 3, 31)) == [("昨年度", 2021), ("昨年", 2022)]


def test_months_and_days_of_relative_years() -> None:
    month = only("昨年の9月に", on=BLOCK)
    assert (month.kind, month.year, month.month, month.fiscal_year) == (
        YearKind.MONTH, 2021, 9, FiscalYear(2021),
    )  # fmt: skip
    assert only("昨年3月3日", on=BLOCK).date == date(2021, 3, 3)
    assert parse_date("昨年の三月三日", on=BLOCK) == date(2021, 3, 3)
    assert parse_date("昨年の三月三日") is None
    assert find_years("昨年の13月", on=BLOCK) == ()


def test_the_year_after_counts_from_the_year_before_it() -> None:
    text = "2018年度に始め、翌年度に広げた。昨年度に終えた。"
    assert read(text, on=BLOCK) == [("2018年度", 2018), ("翌年度", 2019), ("昨年度", 2021)]


@pytest.mark.parametrize(
    "text", ["日本年金機構", "基本年度", "該当年度", "昨年来", "前年比5%", "前年同月", "従来年"]
)
def test_what_only_looks_relative(text: str) -> None:
    assert find_years(text, on=BLOCK) == ()


def test_ranges_of_relative_years() -> None:
    found = parse_year_range("昨年度〜来年度", on=BLOCK)
    assert found is not None
    assert (found.first, found.last) == (2021, 2023)
    assert parse_year_range("昨年度〜来年度") is None


# --- names of files ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "year", "month"),
    [
        ("r4_seminar.pdf", YearKind.FISCAL_YEAR, 2022, None),
        ("H30-keikaku.pdf", YearKind.FISCAL_YEAR, 2018, None),
        ("2022nendo.xlsx", YearKind.FISCAL_YEAR, 2022, None),
        ("r4nendo_houkoku.pdf", YearKind.FISCAL_YEAR, 2022, None),
        ("令和四年度.pdf", YearKind.FISCAL_YEAR, 2022, None),
        ("令和4年度計画.pdf", YearKind.FISCAL_YEAR, 2022, None),
        ("fy22.pdf", YearKind.FISCAL_YEAR, 2022, None),
        ("R040903.pdf", YearKind.DATE, 2022, 9),
        ("seminar_20220903.pdf", YearKind.DATE, 2022, 9),
        ("seminar-2022-09-03.pdf", YearKind.DATE, 2022, 9),
        ("2022.9.3発表.pptx", YearKind.DATE, 2022, 9),
        ("2022-09.pdf", YearKind.MONTH, 2022, 9),
        ("report2022.docx", YearKind.CALENDAR_YEAR, 2022, None),
    ],
)
def test_years_in_names_of_files(name: str, kind: YearKind, year: int, month: int | None) -> None:
    [span] = find_years_in_name(name)
    assert (span.kind, span.year, span.month) == (kind, year, month)
    assert span.text == name[span.start : span.end]


@pytest.mark.parametrize("name", ["402249_slides.pdf", "h30keikaku.pdf", "r2d2.pdf", "", ".pdf"])
def test_names_without_a_year(name: str) -> None:
    assert find_years_in_name(name) == ()
