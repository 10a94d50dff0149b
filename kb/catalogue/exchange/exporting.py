"""Cases as they would have to be handed in again: what an export writes and an import compares."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from kb.catalogue import models as m
from kb.catalogue import rows
from kb.catalogue.casebooks.ranges import casebooks
from kb.catalogue.entries import CaseEntry
from kb.catalogue.session import Database
from kb.catalogue.views import MunicipalityView
from kb.domain.classification import DepartmentFunction, Theme
from kb.domain.rights import Audience


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case with all its fields, and what must be said beside it."""

    entry: CaseEntry
    """Departments are in the order of their names: the catalogue keeps no other."""
    municipalities: tuple[MunicipalityView, ...]
    """Those of `entry.municipality_codes`, in the same order."""
    statements: tuple[str, ...]
    """Rights statements of its documents and casebooks, verbatim, each once."""
    permissions: tuple[str, ...] = ()
    """Who has allowed more for them, each once: 福津市総務課 (2026-04-01、2027-03-31まで)."""


@dataclass(frozen=True, slots=True)
class References:
    """What a case may name besides municipalities and other cases."""

    events: frozenset[str]
    programmes: frozenset[str]


class ExportReader:
    """Reads whole cases from one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cases(self, audience: Audience) -> tuple[StoredCase, ...]:
        """Every case this audience may see, in the order of identifiers; specimens too."""
        wanted = select(m.CaseRow).order_by(m.CaseRow.id).options(*_WHOLE)
        if audience is not Audience.CURATOR:
            wanted = wanted.where(m.CaseRow.published.is_(True))
        with self._database.reading() as session:
            books: dict[str, list[m.DocumentRow]] = {}
            for case_id, _, book in casebooks(session):
                books.setdefault(case_id, []).append(book)
            return tuple(
                _stored(row, books.get(row.id, []), audience) for row in session.scalars(wanted)
            )

    def references(self) -> References:
        """The identifiers of every event and programme."""
        with self._database.reading() as session:
            return References(
                frozenset(session.scalars(select(m.EventRow.id))),
                frozenset(session.scalars(select(m.ProgrammeRow.id))),
            )


_WHOLE = (
    selectinload(m.CaseRow.municipalities),
    selectinload(m.CaseRow.departments),
    selectinload(m.CaseRow.themes),
    # Not the rest of a document: bookmarks and signatures are large.
    selectinload(m.CaseRow.documents).load_only(
        m.DocumentRow.rights_terms, m.DocumentRow.rights_statement, m.DocumentRow.published
    ),
)


def _stored(row: m.CaseRow, books: list[m.DocumentRow], audience: Audience) -> StoredCase:
    known = [d for d in (*row.documents, *books) if rows.may_know(d, audience)]
    permitted = [rows.rights_of(document).permission for document in known]
    return StoredCase(
        case_entry(row),
        tuple(rows.municipality_view(place) for place in row.municipalities),
        _distinct(document.rights_statement for document in known),
        _distinct(permission.label if permission else None for permission in permitted),
    )


def _distinct(statements: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(statement for statement in statements if statement))


def case_entry(row: m.CaseRow) -> CaseEntry:
    """A case as it would have to be handed in again."""
    return CaseEntry(
        id=row.id,
        title=row.title,
        municipality_codes=tuple(place.code for place in row.municipalities),
        subtitle=row.subtitle,
        provisional_title=row.provisional_title,
        implemented_in=row.implemented_in,
        presented_in=row.presented_in,
        place=row.place,
        service_class=row.service_class,
        departments=tuple(sorted(department.name for department in row.departments)),
        functions=tuple(DepartmentFunction(slug) for slug in row.functions),
        themes=tuple(Theme(theme.slug) for theme in row.themes),
        keywords=tuple(row.keywords),
        narrative=dict(row.narrative),
        media=dict(row.media),
        related_url=row.related_url,
        related_case=row.related_case,
        contact=row.contact,
        published_on=row.published_on,
        updated_on=row.updated_on,
        event_id=row.event_id,
        programme_id=row.programme_id,
        cohort=row.cohort,
        continues_id=row.continues_id,
        specimen=row.specimen,
    )
