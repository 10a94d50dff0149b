"""What becomes of one row of a file of cases: named outcomes, from what to what, why not."""

from dataclasses import dataclass
from enum import StrEnum


class RowOutcome(StrEnum):
    """What a row means for the catalogue."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The Japanese name."""
        return {"new": "新規", "changed": "変更", "unchanged": "変更なし", "refused": "不可"}[self]


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that differs from what the catalogue holds."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row cannot be taken."""

    column: str
    """Empty when no one column is to blame."""
    value: str
    why: str
    remedy: str
    """What to do."""


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of one row."""

    line: int
    """As a spreadsheet numbers it."""
    outcome: RowOutcome
    case: str | None
    """Identifier of the case it is about, where that is known."""
    title: str | None
    changes: tuple[Change, ...] = ()
    """Of a changed case."""
    refusals: tuple[Refusal, ...] = ()
    remarks: tuple[str, ...] = ()
