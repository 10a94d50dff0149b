"""Every name the catalogue knows, for questions to be read against."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from kb.catalogue import models as m
from kb.catalogue.rows import presented_in
from kb.catalogue.session import Database
from kb.domain.municipality import FormerName, Municipality, MunicipalityCode, MunicipalityKind


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person under every name."""

    id: str
    name: str
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventName:
    """An event as a date or a title may mean it."""

    id: str
    title: str
    held_on: date | None
    fiscal_year: int | None


@dataclass(frozen=True, slots=True)
class KnownNames:
    """All names at one moment."""

    people: tuple[PersonName, ...]
    events: tuple[EventName, ...]
    programmes: tuple[tuple[str, str], ...]
    """(identifier, title)."""
    departments: tuple[str, ...]
    active_codes: frozenset[str]
    """Municipalities with published cases or documents."""


class NameReader:
    """Reads names from one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def places(self) -> tuple[tuple[Municipality, ...], tuple[FormerName, ...]]:
        """Every municipality of today, invented ones too, and every former name."""
        with self._database.reading() as session:
            bodies = tuple(_municipality(row) for row in session.scalars(select(m.MunicipalityRow)))
            by_code = {str(body.code): body.name for body in bodies}
            former = tuple(
                _former(row, by_code) for row in session.scalars(select(m.FormerNameRow))
            )
        return bodies, former

    def known(self) -> KnownNames:
        """Everything else that goes by a name."""
        with self._database.reading() as session:
            departments = set(session.scalars(select(m.DepartmentRow.name).distinct()))
            for names in session.scalars(select(m.DocumentRow.departments)):
                departments.update(names)
            active = set(session.scalars(select(m.CaseMunicipalityRow.code).distinct()))
            active.update(session.scalars(select(m.DocumentMunicipalityRow.code).distinct()))
            return KnownNames(
                people=tuple(
                    PersonName(
                        row.id,
                        row.name,
                        tuple(s for s in (row.name, *row.other_names, row.kana) if s),
                    )
                    for row in session.scalars(select(m.PersonRow))
                ),
                events=tuple(
                    EventName(row.id, row.title, row.held_on, presented_in(row))
                    for row in session.scalars(select(m.EventRow))
                ),
                programmes=tuple(
                    session.execute(select(m.ProgrammeRow.id, m.ProgrammeRow.title)).all()
                ),
                departments=tuple(sorted(departments)),
                active_codes=frozenset(active),
            )


def _municipality(row: m.MunicipalityRow) -> Municipality:
    return Municipality(
        code=MunicipalityCode(row.code),
        name=row.name,
        kana=row.kana,
        romaji=row.romaji,
        kind=MunicipalityKind(row.kind),
        prefecture=row.prefecture,
        parent_code=MunicipalityCode(row.parent_code) if row.parent_code else None,
    )


def _former(row: m.FormerNameRow, names: dict[str, str]) -> FormerName:
    return FormerName(
        name=row.name,
        kana=row.kana,
        code=MunicipalityCode(row.code),
        prefecture=row.prefecture,
        changed_on=row.changed_on,
        change=row.change,
        successor_code=MunicipalityCode(row.successor_code),
        successor_name=names[row.successor_code],
    )
