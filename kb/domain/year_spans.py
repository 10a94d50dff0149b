"""What is found when years are read: a stretch of text and the time it names."""

import datetime
from calendar import monthrange
from dataclasses import dataclass
from enum import StrEnum

from kb.domain.eras import FIRST_YEAR, FiscalYear, era_of


class YearKind(StrEnum):
    """What a stretch of text names."""

    FISCAL_YEAR = "fiscal_year"
    CALENDAR_YEAR = "calendar_year"
    DATE = "date"
    MONTH = "month"


class YearPart(StrEnum):
    """A half or a quarter of a fiscal year."""

    FIRST_HALF = "上半期"
    SECOND_HALF = "下半期"
    FIRST_QUARTER = "第1四半期"
    SECOND_QUARTER = "第2四半期"
    THIRD_QUARTER = "第3四半期"
    FOURTH_QUARTER = "第4四半期"

    @property
    def first_month(self) -> int:
        """Months from April to its first: 0 to 9."""
        return (0, 6, 0, 3, 6, 9)[list(YearPart).index(self)]

    @property
    def months(self) -> int:
        """How many it has: 6 or 3."""
        return 6 if self in (YearPart.FIRST_HALF, YearPart.SECOND_HALF) else 3


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
    part: YearPart | None = None
    """The half or quarter of the fiscal year that is named."""
    era: str | None = None
    """The name of the era it is written in; None for the Western count."""
    relative: bool = False
    """Counted from a date that was handed in (昨年度), not stated."""

    @property
    def date(self) -> datetime.date | None:
        """The day, when one is named."""
        return datetime.date(self.year, self.month, self.day) if self.month and self.day else None

    @property
    def fiscal_year(self) -> FiscalYear | None:
        """The fiscal year named or fallen in; None for a calendar year, which touches two."""
        match self.kind:
            case YearKind.FISCAL_YEAR:
                return FiscalYear(self.year)
            case YearKind.CALENDAR_YEAR:
                return None
        day = datetime.date(self.year, self.month or 1, self.day or 1)
        return FiscalYear.containing(day) if day >= datetime.date(FIRST_YEAR, 4, 1) else None

    @property
    def begins(self) -> datetime.date:
        """The first day of the time named."""
        if self.kind is YearKind.FISCAL_YEAR:
            return _first_of(self.year, 4 + (self.part.first_month if self.part else 0))
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def ends(self) -> datetime.date:
        """The last day of the time named."""
        if self.kind is YearKind.FISCAL_YEAR:
            begins = self.begins
            return _last_of(begins.year, begins.month + (self.part.months if self.part else 12) - 1)
        if self.day:
            return self.begins
        return _last_of(self.year, self.month or 12)

    @property
    def out_of_era(self) -> bool:
        """Whether the era named was not in force then: 平成31年5月1日, 平成32年度, 昭和64年度.

        Such a year is read by counting on, as those who wrote it counted.
        """
        era = era_of(self.era)
        return era is not None and not (self.begins <= era.ends and era.starts <= self.ends)


def _first_of(year: int, month: int) -> datetime.date:
    return datetime.date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _last_of(year: int, month: int) -> datetime.date:
    first = _first_of(year, month)
    return first.replace(day=monthrange(first.year, first.month)[1])


@dataclass(frozen=True, slots=True)
class YearRange:
    """From one year to a later one: 平成30年度~令和2年度."""

    start: int
    end: int
    """Half-open range of characters of the text as it was given."""
    text: str
    first: int
    last: int
    """Gregorian, both included; `first` lies before `last`."""
    is_fiscal: bool
    """Whether fiscal years are named, or calendar years."""

    @property
    def years(self) -> tuple[FiscalYear, ...]:
        """Every year of it."""
        return tuple(FiscalYear(year) for year in range(self.first, self.last + 1))
