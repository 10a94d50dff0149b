"""What pages ask of the worker about intakes: to take a page in, compare it anew, settle lines.

Each is a job of the kind :attr:`~kb.domain.jobs.JobKind.INTAKE`; its `work` is plain JSON, made
here and read here. A job that is about one intake bears its identifier as name, one that takes
a page in bears the page's source.
"""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from kb.catalogue import models as m
from kb.catalogue.jobs.views import JobEntry
from kb.catalogue.session import Database
from kb.domain.jobs import OPEN, JobKind, JobState

BATCH = "intakes"
"""The folder of incoming files in which pages wait to be read."""


class Step(StrEnum):
    """What is to be done."""

    TAKE = "take"
    COMPARE = "compare"
    SETTLE = "settle"


@dataclass(frozen=True, slots=True)
class PageSent:
    """A page to be taken in; its bytes are in :attr:`JobEntry.work` ``file``."""

    source: str
    """Its address, or the name of its file."""
    address: str
    """What its links are resolved against; empty where it has none."""
    seen_on: date
    pasted: bool
    """Its text was typed into the form, and can be shown there again."""


@dataclass(frozen=True, slots=True)
class LineWord:
    """What a curator says to one line, as written."""

    number: int
    key: str
    version: str
    """Of the line as it was shown."""
    do: str = ""
    """accept, reject, or nothing."""
    values: tuple[tuple[str, str], ...] = ()
    """Field and text, where the text is another than was shown."""
    keep: tuple[str, ...] = ()
    """Fields to leave as the catalogue has them."""
    record: str = ""
    """The record it is, ``new``, or nothing."""

    @property
    def wanted(self) -> str:
        """accept, reject or nothing: what is typed without a choice counts as accepted."""
        typed = self.values or self.keep or self.record
        return self.do or ("accept" if typed else "")


@dataclass(frozen=True, slots=True)
class Words:
    """What a curator says to an intake."""

    lines: tuple[LineWord, ...] = ()
    sure: bool = False
    """Accept every new line that nothing speaks against."""
    references: bool = False
    """Accept too what accepted lines refer to."""

    @property
    def empty(self) -> bool:
        """Nothing is said."""
        return not self.sure and not any(line.wanted for line in self.lines)

    @property
    def records(self) -> bool:
        """Something is to be recorded: where all is rejected, nothing is."""
        return self.sure or any(line.wanted == "accept" for line in self.lines)


@dataclass(frozen=True, slots=True)
class IntakeJob:
    """A job as its page tells of it."""

    key: str
    name: str
    state: JobState
    outcome: str | None
    detail: str
    """What it came to: sentences, one a line."""
    work: Mapping[str, Any]

    @property
    def words(self) -> Words:
        """What it was to settle."""
        return words_of(self.work)


def take_entry(key: str, actor: str, page: PageSent, size: int, sha256: str) -> JobEntry:
    """The job that takes a page in."""
    work = {"actor": actor, **asdict(page), "seen_on": page.seen_on.isoformat()}
    return _entry(key, Step.TAKE, page.source, work, size, sha256)


def page_of(work: Mapping[str, Any]) -> PageSent:
    """The page that a job is to take in."""
    day = date.fromisoformat(work["seen_on"])
    return PageSent(work["source"], work["address"], day, work["pasted"])


def settle_entry(
    key: str, actor: str, intake_id: str, words: Words, asked_by: str | None = None
) -> JobEntry:
    """The job that settles lines; `asked_by` chose them, where that was another person."""
    work = {"actor": actor, "words": asdict(words), "asked_by": asked_by or actor}
    return _entry(key, Step.SETTLE, intake_id, work)


def words_of(work: Mapping[str, Any]) -> Words:
    """What a job is to settle."""
    words = work["words"]
    lines = tuple(
        LineWord(
            **{**line, "values": tuple(map(tuple, line["values"])), "keep": tuple(line["keep"])}
        )
        for line in words["lines"]
    )
    return Words(lines, words["sure"], words["references"])


def compare_entry(intake_id: str) -> JobEntry:
    """The job that compares an intake with the catalogue anew."""
    return _entry(new_key(), Step.COMPARE, intake_id, {})


def new_key() -> str:
    """The key of a job that no other has."""
    return secrets.token_hex(16)


def file_of(key: str) -> str:
    """Where among the incoming files the page of a job is; only one that takes has any."""
    return f"{BATCH}/{key}"


def _entry(
    key: str,
    step: Step,
    name: str,
    work: Mapping[str, Any],
    size: int = 0,
    sha256: str | None = None,
) -> JobEntry:
    told = {"step": step.value, "file": file_of(key), **work}
    return JobEntry(key, JobKind.INTAKE, name, "", size, sha256, told)


class IntakeJobs:
    """Reads these jobs of one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def job(self, key: str) -> IntakeJob | None:
        """The job of a key."""
        wanted = select(m.JobRow).filter_by(key=key, kind=JobKind.INTAKE.value)
        with self._database.reading() as session:
            row = session.scalar(wanted)
            return _view(row) if row else None

    def waiting(self, name: str) -> bool:
        """Whether anything is still to be done about an intake."""
        wanted = select(m.JobRow.id).filter_by(kind=JobKind.INTAKE.value, name=name)
        with self._database.reading() as session:
            return session.scalar(wanted.where(m.JobRow.state.in_(OPEN)).limit(1)) is not None


def _view(row: m.JobRow) -> IntakeJob:
    return IntakeJob(
        key=row.key,
        name=row.name,
        state=JobState(row.state),
        outcome=row.outcome,
        detail=str(row.result.get("detail") or ""),
        work=dict(row.work),
    )
