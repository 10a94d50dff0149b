"""Changes that came as a file, as their pages and the worker see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kb.catalogue.exchange.row_report import RowOutcome, RowReport
from kb.catalogue.jobs.views import JobView


class BulkState(StrEnum):
    """How far a file has come."""

    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"
    """It is no table of cases."""
    APPLYING = "applying"
    APPLIED = "applied"
    DROPPED = "dropped"
    """Nobody is to write it; it can be looked at again."""

    @property
    def label(self) -> str:
        """The Japanese name."""
        return {
            "checking": "確かめています",
            "checked": "確認待ち",
            "refused": "読めないファイル",
            "applying": "書き込んでいます",
            "applied": "書き込み済み",
            "dropped": "取りやめ",
        }[self]

    @property
    def working(self) -> bool:
        """Whether the worker has it."""
        return self in (BulkState.CHECKING, BulkState.APPLYING)


class Shown(StrEnum):
    """Which rows of a file are listed."""

    ALL = "all"
    CHANGES = "changes"
    ERRORS = "errors"
    MOVED = "moved"

    @property
    def label(self) -> str:
        """The Japanese name."""
        return {
            "all": "すべての行",
            "changes": "新規と変更だけ",
            "errors": "不可だけ",
            "moved": "内容が変わった行だけ",
        }[self]


MOST_ROWS = 2000
"""Of one file. A case takes 2 to 4 ms to write, all of a file are one transaction, and others who
write wait for it at most 10 s (:data:`kb.catalogue.session.BUSY_SECONDS`)."""

WRITES = (RowOutcome.NEW, RowOutcome.CHANGED)


@dataclass(frozen=True, slots=True)
class BulkLine:
    """What one row does."""

    row: RowReport
    """`changes` of a new case are all it will hold, each from nothing."""
    moved: bool = False
    """It is other than it was before somebody else wrote."""


def effect(row: RowReport) -> tuple[object, ...]:
    """What a row would do: equal for two looks between which nothing of it has moved."""
    return row.outcome, row.case, row.changes


@dataclass(frozen=True, slots=True)
class BulkFile:
    """A file for the worker."""

    id: str
    name: str
    content: bytes
    clear_blanks: bool
    applied_by: str
    """Who asked for it to be written; empty where nobody has."""
    sent_by: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a look at a file found."""

    rows: tuple[RowReport, ...] = ()
    encoding: str = ""
    remarks: tuple[str, ...] = ()
    why: str = ""
    """Why it is no table of cases; empty where it is one."""


@dataclass(frozen=True, slots=True)
class BulkView:
    """A file, and how many of its rows do what."""

    id: str
    actor: str
    made_at: datetime
    name: str
    size: int
    clear_blanks: bool
    state: BulkState
    turn: int
    encoding: str
    remarks: tuple[str, ...]
    why: str
    applied_by: str | None
    applied_at: datetime | None
    recorded: int
    job: JobView | None
    """The work on it, done or not."""
    counts: Mapping[RowOutcome, int] = field(default_factory=dict)
    moved: int = 0
    dropped_by: str = ""
    """Who said that nobody is to write it."""

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(self.counts.values())

    @property
    def writes(self) -> int:
        """How many cases it makes or changes."""
        return sum(self.counts.get(outcome, 0) for outcome in WRITES)

    @property
    def refused(self) -> int:
        """How many of its rows cannot be taken."""
        return self.counts.get(RowOutcome.REFUSED, 0)

    @property
    def label(self) -> str:
        """How far it has come; nobody is waited for where there is nothing to write."""
        if self.state is not BulkState.CHECKED or self.writes:
            return self.state.label
        return "直すところあり" if self.refused else "書き込む変更なし"

    @property
    def stuck(self) -> bool:
        """Whether the worker gave up on it."""
        return self.state.working and self.job is not None and self.job.state.ended


@dataclass(frozen=True, slots=True)
class BulkPage:
    """Some of the rows of a file."""

    lines: tuple[BulkLine, ...]
    total: int
    page: int
    pages: int
