"""Intakes: readings of seminar pages, what each line proposed, and what a curator said to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import Changes, UnknownReference
from kb.catalogue.intake.tables import IntakeSheetRow
from kb.catalogue.session import Database
from kb.catalogue.table_base import now
from kb.domain.clock import day_of

DECIDED = ("accepted", "rejected")
"""States of a line that somebody has settled."""


@dataclass(frozen=True, slots=True)
class IntakeLineEntry:
    """A line to be kept with an intake."""

    key: str
    kind: str
    values: Mapping[str, Any]
    """Plain JSON."""
    evidence: Mapping[str, Any]
    state: str
    record_id: str | None


@dataclass(frozen=True, slots=True)
class IntakeEntry:
    """One reading of a page, to be kept."""

    source: str
    """The page's address, or the file's name."""
    sha256: str
    """Of the text as it was read."""
    text: str
    contradictions: tuple[Mapping[str, Any], ...]
    lines: tuple[IntakeLineEntry, ...]
    statements: tuple[Mapping[str, Any], ...] = ()
    """What the page says on the use of itself."""
    seen_on: date | None = None
    """The day somebody saw the page; None: the day it is kept."""


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What a curator says to one line."""

    key: str
    state: str
    """accepted or rejected."""
    record_id: str | None = None
    """The record it is, or became."""
    overrides: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IntakeLineView:
    """One line, as it was kept."""

    number: int
    """From 1, in the order of the draft."""
    key: str
    kind: str
    record_id: str | None
    values: Mapping[str, Any]
    evidence: Mapping[str, Any]
    state: str
    """As it was when it was kept, or what a curator said."""
    overrides: Mapping[str, Any]
    """Fields that a curator settled otherwise than the page says, and as what."""
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class IntakeView:
    """An intake with its lines."""

    id: str
    number: int
    """In the order in which they were taken."""
    source: str
    sha256: str
    text: str
    contradictions: tuple[Mapping[str, Any], ...]
    statements: tuple[Mapping[str, Any], ...]
    taken_at: datetime
    lines: tuple[IntakeLineView, ...]
    superseded_by: str | None = None
    """A later reading of the same page."""
    seen: date | None = None
    """The day somebody saw the page, where they said so."""

    @property
    def seen_on(self) -> date:
        """The day the page was seen."""
        return self.seen or day_of(self.taken_at)


class IntakeReader:
    """Reads the intakes of one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def intake(self, intake_id: str) -> IntakeView:
        """One intake.

        Raises:
            UnknownReference: there is none such.
        """
        with self._database.reading() as session:
            row = session.get(m.IntakeRow, intake_id)
            if row is None:
                raise UnknownReference(
                    f"受け入れ {intake_id} はありません。kb intake --list で確かめてください。"
                )
            return _view(session, row)

    def intakes(self) -> tuple[IntakeView, ...]:
        """Every intake, newest first."""
        with self._database.reading() as session:
            found = session.scalars(select(m.IntakeRow).order_by(m.IntakeRow.number.desc()))
            return tuple(_view(session, row) for row in found)

    def newest(self, source: str) -> str | None:
        """The identifier of the last reading of a page."""
        readings = select(m.IntakeRow.id).where(m.IntakeRow.source == source)
        with self._database.reading() as session:
            return session.scalar(readings.order_by(m.IntakeRow.number.desc()).limit(1))


def _view(session: Session, row: m.IntakeRow) -> IntakeView:
    later = session.scalar(
        select(m.IntakeRow.id)
        .where(m.IntakeRow.source == row.source, m.IntakeRow.number > row.number)
        .order_by(m.IntakeRow.number.desc())
        .limit(1)
    )
    lines = session.scalars(
        select(m.IntakeLineRow).filter_by(intake_id=row.id).order_by(m.IntakeLineRow.id)
    )
    return IntakeView(
        id=row.id,
        number=row.number,
        source=row.source,
        sha256=row.sha256,
        text=row.text,
        contradictions=tuple(row.contradictions),
        statements=tuple(row.statements),
        taken_at=row.taken_at,
        lines=tuple(_line(number, line) for number, line in enumerate(lines, 1)),
        superseded_by=later,
        seen=session.scalar(select(IntakeSheetRow.seen_on).filter_by(intake_id=row.id)),
    )


def _line(number: int, row: m.IntakeLineRow) -> IntakeLineView:
    return IntakeLineView(
        number=number,
        key=row.key,
        kind=row.kind,
        record_id=row.record_id,
        values=row.values,
        evidence=row.evidence,
        state=row.state,
        overrides=row.overrides,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


class IntakeRecords:
    """The part of the catalogue's writer that keeps intakes and what is said to them."""

    def __init__(self, session: Session, changes: Changes, actor: str) -> None:
        self._session = session
        self._changes = changes
        self._actor = actor

    def record(self, entry: IntakeEntry) -> str:
        """Keep a reading; its identifier."""
        number = 1 + max(self._session.scalars(select(m.IntakeRow.number)), default=0)
        intake_id = f"intake-{number}"
        self._changes.note("recorded", "intake", intake_id, {"source": [None, entry.source]})
        self._session.add(
            m.IntakeRow(
                id=intake_id,
                number=number,
                source=entry.source,
                sha256=entry.sha256,
                text=entry.text,
                contradictions=[dict(one) for one in entry.contradictions],
                statements=[dict(one) for one in entry.statements],
            )
        )
        self._session.flush()
        self._session.add_all(_rows(intake_id, entry.lines))
        if entry.seen_on is not None:
            self._session.add(IntakeSheetRow(intake_id=intake_id, seen_on=entry.seen_on))
        return intake_id

    def decide(self, intake_id: str, decisions: Sequence[LineDecision]) -> None:
        """Keep what a curator says to lines of an intake; a later word replaces an earlier."""
        wanted = select(m.IntakeLineRow).filter_by(intake_id=intake_id)
        by_key = {row.key: row for row in self._session.scalars(wanted)}
        said = {one.key: [by_key[one.key].state, one.state] for one in decisions}
        if said:
            self._changes.note("decided", "intake", intake_id, said)
        for one in decisions:
            row = by_key[one.key]
            row.state, row.record_id = one.state, one.record_id
            row.overrides = dict(one.overrides)
            row.decided_by, row.decided_at = self._actor, now()


def _rows(intake_id: str, lines: Iterable[IntakeLineEntry]) -> list[m.IntakeLineRow]:
    return [
        m.IntakeLineRow(
            intake_id=intake_id,
            key=line.key,
            kind=line.kind,
            record_id=line.record_id,
            values=dict(line.values),
            evidence=dict(line.evidence),
            state=line.state,
        )
        for line in lines
    ]
