"""Fiscal years (年度), and finding years, months and dates in what people type and write.

A fiscal year runs from 1 April to 31 March and is named after the year it begins in. Nothing
here raises on odd text: what is no year is None, or left out.

A day or year outside the era it is written in (平成31年5月1日, 平成32年度) is read by counting on
and says so (:attr:`YearSpan.out_of_era`). Relative years (昨年度, 一昨年の9月) are read only
against a date that the caller hands in.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from kb.domain import year_patterns
from kb.domain.eras import ERAS, FIRST_YEAR, LAST_YEAR, Era, FiscalYear
from kb.domain.year_names import find_years_in_name
from kb.domain.year_reading import plain, read, relative_in, spans_in, whole
from kb.domain.year_spans import YearKind, YearPart, YearRange, YearSpan

__all__ = [
    "ERAS", "FIRST_YEAR", "LAST_YEAR", "Era", "FiscalYear", "YearKind", "YearPart", "YearRange",
    "YearSpan", "find_year_ranges", "find_years", "find_years_in_name", "parse_date",
    "parse_fiscal_year", "parse_fiscal_years", "parse_year_range",
]  # fmt: skip

_MAYBE_MONTH = re.compile(r"[-/.]\s?\d{1,2}$")
"""2010-12 and R2-4 may be months as well."""
_SINCE_OR_UNTIL = re.compile(r"\s?(?:(?P<since>以降|以後)|(?:以前|まで|迄))$")
LONGEST_PAST = 30
"""Years of 2015年度以前, the last of them 2015."""


def parse_fiscal_year(
    text: str, *, era_hint: str | None = None, on: date | None = None
) -> FiscalYear | None:
    """The fiscal year that the whole of `text` names, or None.

    Takes 令和4年度, 令4, R4, r4, 2022年度, 2022, FY22, 2022(令和4)年度, H31/R1 and what
    :class:`FiscalYear` gives as labels; full-width and kanji numerals too. A year without 度
    counts: who fills in a fiscal year and writes 2021年 means that. Years that contradict each
    other are None. Of 令和3年度上半期 it is the year.

    Args:
        text: nothing but a year.
        era_hint: name or initial of the era that a lone 「30年度」 belongs to.
        on: the day that 昨年度, 今年 or 翌年度 count from; without it these are None.
    """
    simple = plain(text).text.strip()
    if simple[:1] in ("r", "h"):
        simple = simple.capitalize()
    span = whole(simple, era_hint)
    if span is None and on is not None:
        span = next((s for s in relative_in(simple, on, ()) if s.text == simple), None)
        span = span if span and span.month is None else None
    return FiscalYear(span.year) if span else None


def parse_date(text: str, *, on: date | None = None) -> date | None:
    """The day that the whole of `text` names (R4.9.3, R040903, 2022年9月3日, 20220903), or None.

    Args:
        text: nothing but a day.
        on: the day that 昨年の9月3日 counts from.
    """
    simple = plain(text).text.strip()
    for pattern in (year_patterns.DATE, year_patterns.COMPACT_DATE):
        match = pattern.fullmatch(simple) or pattern.fullmatch(simple.upper())
        span = read(YearKind.DATE, match, None) if match else None
        if span:
            return span.date
    found = relative_in(simple, on, ()) if on is not None else ()
    return next((span.date for span in found if span.text == simple), None)


def parse_year_range(text: str, *, on: date | None = None) -> YearRange | None:
    """The range that the whole of `text` names (平成30~令和2年度, 2020-2022, R2〜R4), or None.

    Years without 度 are taken for fiscal years, as :func:`parse_fiscal_year` does.
    """
    stripped = text.strip()
    written = (stripped, f"{stripped}年度")
    for words in written[:1] if _MAYBE_MONTH.search(plain(stripped).text) else written:
        for found in find_year_ranges(words, on=on):
            if found.start == 0 and found.end == len(words):
                return replace(found, end=len(stripped), text=stripped, is_fiscal=True)
    return None


def parse_fiscal_years(text: str, *, on: date | None = None) -> tuple[FiscalYear, ...]:
    """The fiscal years that the whole of `text` names: one, a range or a list; else none.

    Args:
        text: 令和3年度, 平成30~令和2年度, 令和3・4年度, 2022年度以降, 2015年度まで.
        on: as for :func:`parse_fiscal_year`; 以降 and まで are read only with it.
    """
    year = parse_fiscal_year(text, on=on)
    if year is not None:
        return (year,)
    if on is not None and (open_range := _since_or_until(text.strip(), on)):
        return open_range
    found = parse_year_range(text, on=on)
    if found is not None:
        return found.years
    spans = find_years(text.strip(), on=on)
    gaps = [0, *(span.end for span in spans)], [*(span.start for span in spans), len(text.strip())]
    between = [plain(text.strip()[a:b]).text for a, b in zip(*gaps, strict=True)]
    listed = all(year_patterns.AND.fullmatch(joint) for joint in between[1:-1])
    years = [span.fiscal_year for span in spans if span.kind is YearKind.FISCAL_YEAR]
    if not listed or between[0] or between[-1] or len(years) < len(spans):
        return ()
    return tuple(year for year in years if year)


def _since_or_until(text: str, on: date) -> tuple[FiscalYear, ...]:
    """2022年度以降 up to the year of `on`, 2015年度以前 or まで; the year named is in it."""
    match = _SINCE_OR_UNTIL.search(text)
    year = parse_fiscal_year(text[: match.start()], on=on) if match else None
    if match is None or year is None:
        return ()
    if match["since"]:
        last = max(year.year, FiscalYear.containing(on).year)
        return tuple(map(FiscalYear, range(year.year, last + 1)))
    first = max(FIRST_YEAR, year.year - LONGEST_PAST + 1)
    return tuple(map(FiscalYear, range(first, year.year + 1)))


def find_years(
    text: str, *, era_hint: str | None = None, bare: bool = False, on: date | None = None
) -> tuple[YearSpan, ...]:
    """Every year, month and date in running text, in order, without overlaps.

    A lone 「30年度」 takes the era of the year named before it, if that makes it a year near it.

    Args:
        text: any text; offsets refer to it as it is, whatever its widths.
        era_hint: name or initial of the era that every lone 「30年度」 belongs to.
        bare: take four digits alone (「福津市 2022」) for a calendar year. Right for a question
            of a few words, wrong for a page of figures.
        on: the day of the block the text stands in, from which 昨年度 and 来年 count; without it
            they are left out.
    """
    simple = plain(text)
    found = spans_in(simple.text, era_hint=era_hint, bare=bare)
    if on is not None:
        found = sorted((*found, *relative_in(simple.text, on, found)), key=lambda span: span.start)
    return tuple(simple.restored(span) for span in found)


def find_year_ranges(text: str, *, on: date | None = None) -> tuple[YearRange, ...]:
    """Every range of years in running text: two years of one sort joined by 〜, - or から.

    Args:
        text: any text; offsets refer to it as it is.
        on: as for :func:`find_years`.
    """
    spans = _once(text, find_years(text, on=on))
    joined = (_range(text, first, last) for first, last in pairwise(spans))
    return tuple(found for found in joined if found is not None)


def _once(text: str, spans: Sequence[YearSpan]) -> list[YearSpan]:
    """The spans without those that say the year before them again in brackets."""
    kept: list[YearSpan] = []
    for span in spans:
        again = kept and kept[-1].kind is span.kind and kept[-1].year == span.year
        if not (again and plain(text[kept[-1].end : span.start]).text.strip() == "("):
            kept.append(span)
    return kept


def _range(text: str, first: YearSpan, last: YearSpan) -> YearRange | None:
    joint = plain(text[first.end : last.start]).text
    if first.kind is not last.kind or first.year >= last.year:
        return None
    if first.month is not None or not year_patterns.BETWEEN.fullmatch(joint):
        return None
    up_to = year_patterns.UP_TO.match(text, last.end)
    end = up_to.end() if up_to and up_to.group() else last.end
    words = text[first.start : end]
    fiscal = first.kind is YearKind.FISCAL_YEAR
    return YearRange(first.start, end, words, first.year, last.year, fiscal)
