"""Everything the catalogue holds, as the entries it would have to be handed in again.

An intake is compared with these, and a change is the held entry with some fields replaced.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, selectinload

from kb.catalogue import models as m
from kb.catalogue.entries import (
    CaseEntry,
    DocumentEntry,
    EventEntry,
    EventPartEntry,
    ExcerptEntry,
    PersonEntry,
    ProgrammeEntry,
    RoleEntry,
    SourceEntry,
)
from kb.catalogue.exchange.exporting import ExportReader
from kb.catalogue.sequence import newest_change
from kb.catalogue.session import Database
from kb.domain.classification import DocumentKind, EventPart, EventState
from kb.domain.rights import Audience, Rights, Terms

Entry = ProgrammeEntry | EventEntry | CaseEntry | PersonEntry | DocumentEntry | RoleEntry


@dataclass(frozen=True, slots=True)
class Stored:
    """All records by identifier, as of one moment."""

    sequence: int
    """Of the catalogue; a higher one means that somebody has written since."""
    programmes: Mapping[str, ProgrammeEntry]
    events: Mapping[str, EventEntry]
    cases: Mapping[str, CaseEntry]
    people: Mapping[str, PersonEntry]
    documents: Mapping[str, DocumentEntry]
    roles: Mapping[str, RoleEntry]
    """By row number, written as text."""


class StoredReader:
    """Reads whole records from one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stored(self) -> Stored:
        """Every record; those not published too."""
        cases = ExportReader(self._database).cases(Audience.CURATOR)
        with self._database.reading() as session:
            return Stored(
                sequence=newest_change(session),
                programmes={r.id: _programme(r) for r in session.scalars(select(m.ProgrammeRow))},
                events=_events(session),
                cases={case.entry.id: case.entry for case in cases},
                people={r.id: _person(r) for r in session.scalars(select(m.PersonRow))},
                documents=_documents(session),
                roles={str(r.id): _role(r) for r in session.scalars(select(m.RoleRow))},
            )


def _same_named(entry: type[Any], row: m.Base, **others: Any) -> dict[str, Any]:
    """The fields of an entry that its row has under the same name, and the `others`."""
    names = [f.name for f in fields(entry) if f.name not in others]
    values = {name: getattr(row, name) for name in names}
    return {n: tuple(v) if isinstance(v, list) else v for n, v in values.items()} | others


def _programme(row: m.ProgrammeRow) -> ProgrammeEntry:
    return ProgrammeEntry(**_same_named(ProgrammeEntry, row))


def _person(row: m.PersonRow) -> PersonEntry:
    return PersonEntry(**_same_named(PersonEntry, row))


def _role(row: m.RoleRow) -> RoleEntry:
    return RoleEntry(**_same_named(RoleEntry, row))


def _sources(found: list[m.SourceRow]) -> tuple[SourceEntry, ...]:
    return tuple(SourceEntry(source.url, source.label, source.seen_from) for source in found)


def _events(session: Session) -> dict[str, EventEntry]:
    wanted = select(m.EventRow).options(selectinload(m.EventRow.sources))
    return {row.id: _event(row) for row in session.scalars(wanted)}


def _event(row: m.EventRow) -> EventEntry:
    state, sources = EventState(row.state), _sources(row.sources)
    return EventEntry(**_same_named(EventEntry, row, state=state, sources=sources))


def _documents(session: Session) -> dict[str, DocumentEntry]:
    row = m.DocumentRow
    # What is large and no part of an entry stays where it is.
    kept_back = (row.recognised, row.signature, row.outline, row.attachments)
    wanted = select(row).options(
        *(selectinload(many) for many in (row.sources, row.municipalities, row.excerpts)),
        *(selectinload(many) for many in (row.event_parts, row.decisions)),
        *(defer(column) for column in kept_back),
    )
    return {found.id: _document(found) for found in session.scalars(wanted)}


def _document(row: m.DocumentRow) -> DocumentEntry:
    excerpts = (ExcerptEntry(e.case_id, e.first_page, e.last_page) for e in row.excerpts)
    parts = (EventPartEntry(part.event_id, EventPart(part.part)) for part in row.event_parts)
    values = _same_named(
        DocumentEntry,
        row,
        kind=DocumentKind(row.kind),
        # As stated: permissions are no part of a description.
        rights=Rights(Terms(row.rights_terms), row.rights_statement),
        municipality_codes=tuple(place.code for place in row.municipalities),
        sources=_sources(row.sources),
        excerpts=tuple(excerpts),
        event_parts=tuple(parts),
        filled=tuple(decision.field for decision in row.decisions if decision.filled),
    )
    return DocumentEntry(**values)
