"""What the pages of history and the audit log show and ask: frozen, no database behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kb.catalogue.review.views import ChangeView

PAGE_SIZE = 30
"""Changes on one page, of a history and of the log."""

SIGN_IN = "sign_in"
"""The kind of what the log tells of signing in."""

Names = Mapping[tuple[str, str], str]
"""(kind, key) of a thing that a change names -> what people call it."""


@dataclass(frozen=True, slots=True)
class EventView:
    """One recorded change, or one step at the door."""

    number: int
    """The catalogue's sequence; of a step at the door its own."""
    at: datetime
    actor: str
    action: str
    kind: str
    key: str
    why: str | None = None
    change: Mapping[str, Any] | None = None
    """Name -> from what, to what; None where curators may not read what it says."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a change can be put back now."""

    why_not: str = ""
    """A sentence that says what to do instead; empty when it can."""
    later: tuple[ChangeView, ...] = ()
    """What came after and stands in the way, oldest first."""
    fields: tuple[str, ...] = ()
    """The fields of the change that cannot be put back, where it is only some of them."""

    def __bool__(self) -> bool:
        """Whether it can."""
        return not self.why_not


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One change of a history, and whether it can be put back."""

    event: EventView
    undo: Verdict


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of what was done to a thing, newest first."""

    kind: str
    key: str
    name: str
    rows: tuple[HistoryRow, ...]
    total: int
    page: int
    pages: int
    names: Names


@dataclass(frozen=True, slots=True)
class LogAsked:
    """Which part of the log is wanted; None asks for all."""

    actor: str | None = None
    kind: str | None = None
    action: str | None = None
    since: date | None = None
    until: date | None = None
    """Inclusive; days in Japan."""
    page: int = 1
    accounts: bool = False
    """With what is done to accounts and at the door: for administrators."""


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page of the log, newest first, and what can be asked of all of it."""

    rows: tuple[EventView, ...]
    total: int
    page: int
    pages: int
    names: Names
    actors: tuple[str, ...]
    kinds: tuple[str, ...]
    actions: tuple[str, ...]


class CannotUndo(ValueError):
    """A change cannot be put back; nothing has been written. The message says what to do."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.why_not)
        self.later = verdict.later
