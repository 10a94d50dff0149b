"""Fiscal years (年度), eras (元号), and finding either in what people type and write.

A fiscal year runs from 1 April to 31 March and is named after the year it begins in. Nothing
here raises on odd text: what is no year is None, or left out.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Self

from kb.domain import year_patterns

FIRST_YEAR, LAST_YEAR = 1868, 2100
"""The years dealt in: from the first of 明治 to well beyond any plan."""


class Era(NamedTuple):
    """One era: its name, initial, first day (Gregorian) and the last year it is written with."""

    name: str
    initial: str
    starts: date
    last: int

    @property
    def first_year(self) -> int:
        """The Gregorian year of its 元年."""
        return self.starts.year


ERAS = (
    Era("令和", "R", date(2019, 5, 1), 60),
    # Plans printed before 2019 count 平成 on: 平成32年度 is 2020.
    Era("平成", "H", date(1989, 1, 8), 50),
    Era("昭和", "S", date(1926, 12, 25), 64),
    Era("大正", "T", date(1912, 7, 30), 15),
    Era("明治", "M", date(1868, 1, 25), 45),
)
"""Newest first."""

_ERA_BY_MARK = {mark: era for era in ERAS for mark in (era.name, era.name[0], era.initial)}


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """A Japanese fiscal year; compares by time."""

    year: int
    """The Gregorian year it begins in."""

    def __post_init__(self) -> None:
        """Refuse what no document can mean.

        Raises:
            ValueError: before 1868 or after 2100.
        """
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"年度は{FIRST_YEAR}から{LAST_YEAR}までです: {self.year}")

    @classmethod
    def containing(cls, day: date) -> Self:
        """The fiscal year that `day` falls in.

        Raises:
            ValueError: before April 1868 or after March 2101.
        """
        return cls(day.year if day.month >= 4 else day.year - 1)

    @property
    def start(self) -> date:
        """1 April."""
        return date(self.year, 4, 1)

    @property
    def end(self) -> date:
        """31 March of the next year."""
        return date(self.year + 1, 3, 31)

    @property
    def label(self) -> str:
        """2021年度."""
        return f"{self.year}年度"

    @property
    def era_label(self) -> str:
        """令和3年度; by the era in force on 1 May, so 2019 is 令和元年度 as offices write it."""
        return f"{_era_year(self.year, date(self.year, 5, 1))}年度"

    @property
    def era_label_long(self) -> str:
        """平成31/令和元年度 when the era changes between April and December."""
        before, after = (_era_year(self.year, date(self.year, *day)) for day in ((4, 1), (12, 31)))
        return f"{before}年度" if before == after else f"{before}/{after}年度"

    @property
    def both(self) -> str:
        """2021年度(令和3年度)."""
        return f"{self.label}({self.era_label})"


def _era_year(year: int, on: date) -> str:
    era = next((era for era in ERAS if era.starts <= on), ERAS[-1])
    number = year - era.first_year + 1
    return f"{era.name}{'元' if number == 1 else number}"


# --- text --------------------------------------------------------------------------------


class YearKind(StrEnum):
    """What a stretch of text names."""

    FISCAL_YEAR = "fiscal_year"
    CALENDAR_YEAR = "calendar_year"
    DATE = "date"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class YearSpan:
    """A year, month or date in running text."""

    start: int
    end: int
    """Half-open range of characters of the text as it was given."""
    text: str
    kind: YearKind
    year: int
    """Gregorian: of a fiscal year the one it begins in, else the calendar year."""
    month: int | None
    day: int | None
    says_fiscal: bool
    """The text itself says 年度 or FY; 「令和3」 alone is taken for a fiscal year without it."""

    @property
    def date(self) -> date | None:
        """The day, when one is named."""
        return date(self.year, self.month, self.day) if self.month and self.day else None

    @property
    def fiscal_year(self) -> FiscalYear | None:
        """The fiscal year named or fallen in; None for a calendar year, which touches two."""
        match self.kind:
            case YearKind.FISCAL_YEAR:
                return FiscalYear(self.year)
            case YearKind.CALENDAR_YEAR:
                return None
        day = date(self.year, self.month or 1, self.day or 1)
        return FiscalYear.containing(day) if day >= date(FIRST_YEAR, 4, 1) else None


_PATTERNS = (
    (YearKind.DATE, year_patterns.DATE),
    (YearKind.DATE, year_patterns.COMPACT_DATE),
    (YearKind.FISCAL_YEAR, year_patterns.FISCAL),
    (YearKind.FISCAL_YEAR, year_patterns.FISCAL_HINTED),
    (YearKind.MONTH, year_patterns.MONTH),
    (YearKind.MONTH, year_patterns.DOTTED_MONTH),
    (YearKind.CALENDAR_YEAR, year_patterns.CALENDAR),
    (YearKind.FISCAL_YEAR, year_patterns.UNMARKED),
)
"""The more a pattern asks for, the earlier it claims its stretch of the text."""

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_KANJI_DIGITS = {character: number for number, character in enumerate("〇一二三四五六七八九")}


def parse_fiscal_year(text: str, *, era_hint: str | None = None) -> FiscalYear | None:
    """The fiscal year that the whole of `text` names, or None.

    Takes 令和4年度, 令4, R4, 2022年度, 2022, FY22, 2022(令和4)年度 and what
    :attr:`FiscalYear.both` gives; full-width and kanji numerals too. A year without 度 counts:
    who fills in a fiscal year and writes 2021年 means that. Years that contradict each other
    in brackets are None.

    Args:
        text: nothing but a year.
        era_hint: name or initial of the era that a lone 「30年度」 belongs to.
    """
    match = year_patterns.EXACT.fullmatch(_normalised(text)[0].strip())
    year = _year_of(match, era_hint) if match else None
    return FiscalYear(year) if year is not None else None


def parse_date(text: str) -> date | None:
    """The day that the whole of `text` names (R4.9.3, 2022年9月3日, 20220903), or None."""
    plain = _normalised(text)[0].strip()
    match = year_patterns.DATE.fullmatch(plain) or year_patterns.COMPACT_DATE.fullmatch(plain)
    span = _read(YearKind.DATE, match, None) if match else None
    return span.date if span else None


def find_years(
    text: str, *, era_hint: str | None = None, bare: bool = False
) -> tuple[YearSpan, ...]:
    """Every year, month and date in running text, in order, without overlaps.

    Args:
        text: any text; offsets refer to it as it is, whatever its widths.
        era_hint: name or initial of the era that a lone 「30年度」 belongs to; without it such
            a year is left out.
        bare: take four digits alone (「福津市 2022」) for a calendar year. Right for a question
            of a few words, wrong for a page of figures.
    """
    plain, starts, ends = _normalised(text)
    found: list[YearSpan] = []
    bare_years = ((YearKind.CALENDAR_YEAR, year_patterns.BARE),) if bare else ()
    for kind, pattern in (*_PATTERNS, *bare_years):
        found += _claimed(plain, kind, pattern, era_hint, found)
    found.sort(key=lambda span: span.start)
    return tuple(
        replace(span, start=start, end=end, text=text[start:end])
        for span in found
        for start, end in [(starts[span.start], ends[span.end - 1])]
    )


def _claimed(
    plain: str, kind: YearKind, pattern: re.Pattern[str], era_hint: str | None,
    taken: list[YearSpan],
) -> Iterator[YearSpan]:  # fmt: skip
    before = list(taken)
    for match in pattern.finditer(plain):
        free = all(match.end() <= span.start or span.end <= match.start() for span in before)
        span = _read(kind, match, era_hint) if free else None
        if span:
            yield span


def _read(kind: YearKind, match: re.Match[str], era_hint: str | None) -> YearSpan | None:
    """Make a span of a match; None when its numbers are no year, month or day."""
    year = _year_of(match, era_hint)
    groups = match.groupdict()
    month, day = groups.get("m1") or groups.get("m2"), groups.get("d1") or groups.get("d2")
    if year is None or (month and not 1 <= int(month) <= 12):
        return None
    if month and day and not 1 <= int(day) <= monthrange(year, int(month))[1]:
        return None
    return YearSpan(
        start=match.start(),
        end=match.end(),
        text=match.group(),
        kind=kind,
        year=year,
        month=int(month) if month else None,
        day=int(day) if day else None,
        says_fiscal=groups.get("says") is not None,
    )


def _year_of(match: re.Match[str], era_hint: str | None) -> int | None:
    """The Gregorian year in a match; None when out of range or at odds with its brackets."""
    groups = match.groupdict()
    if digits := groups.get("western") or groups.get("fy"):
        year = _full_year(int(digits)) if len(digits) == 2 else int(digits)
    else:
        mark = groups.get("era") or (era_hint or "").upper()
        number = _number(groups.get("number") or groups.get("hinted") or "")
        era = _ERA_BY_MARK.get(mark)
        if era is None or not 1 <= number <= era.last:
            return None
        year = era.first_year + number - 1
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    also = groups.get("also")
    return year if also is None or parse_fiscal_year(also) == FiscalYear(year) else None


def _full_year(two_digits: int) -> int:
    """FY22 is 2022, FY98 is 1998: no plan of the 2070s is at hand yet."""
    return two_digits + (2000 if two_digits < 70 else 1900)


def _number(digits: str) -> int:
    """元, Arabic or kanji numerals up to 99 as a number; 0 when they make none."""
    if digits.isdecimal():
        return int(digits)
    if digits == "元":
        return 1
    tens, ten, units = digits.rpartition("十")
    if any(part and part not in _KANJI_DIGITS for part in (tens, units)):
        return 0
    return (_KANJI_DIGITS.get(tens, 1) * 10 if ten else 0) + _KANJI_DIGITS.get(units, 0)


def _normalised(text: str) -> tuple[str, list[int], list[int]]:
    """NFKC of every character with its offsets in `text`: ㍻ becomes two that share theirs.

    Circled and raised numbers become blanks, lest ①2022年 read as 12022年.
    """
    characters: list[str] = []
    starts: list[int] = []
    for index, character in enumerate(text):
        is_digit = character.isdigit() and not character.isdecimal()
        plain = " " if is_digit else unicodedata.normalize("NFKC", character).translate(_DASHES)
        characters.append(plain)
        starts += [index] * len(plain)
    return "".join(characters), starts, [start + 1 for start in starts]
