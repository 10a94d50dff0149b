"""Eras (元号) and fiscal years (年度): how years are counted, and what they are called."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, Self

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

    @property
    def ends(self) -> date:
        """Its last day; of the present era the last day dealt in."""
        later = [era.starts for era in ERAS if era.starts > self.starts]
        return min(later) - timedelta(days=1) if later else date(LAST_YEAR + 1, 3, 31)

    def year(self, number: int) -> int | None:
        """The Gregorian year of its `number`-th year; None where nobody writes that."""
        return self.first_year + number - 1 if 1 <= number <= self.last else None


ERAS = (
    Era("令和", "R", date(2019, 5, 1), LAST_YEAR - 2018),
    # Plans printed before 2019 count 平成 on: 平成32年度 is 2020.
    Era("平成", "H", date(1989, 1, 8), 50),
    Era("昭和", "S", date(1926, 12, 25), 64),
    Era("大正", "T", date(1912, 7, 30), 15),
    Era("明治", "M", date(1868, 1, 25), 45),
)
"""Newest first."""

_BY_MARK = {mark: era for era in ERAS for mark in (era.name, era.name[0], era.initial)}


def era_of(mark: str | None) -> Era | None:
    """The era written as 令和, 令, R or r; None for anything else."""
    return _BY_MARK.get("".join((mark or "").split()).upper())


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
