"""What stands for the fields of a document, from its rows; see :mod:`kb.domain.settled`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, object_session, selectinload

from kb.catalogue import models as m
from kb.domain.fiscal_year import FiscalYear
from kb.domain.rights import Terms
from kb.domain.settled import (
    OF_A_CASE,
    Decision,
    Field,
    Settlement,
    Value,
    proposals_from,
    settle,
)

TO_SETTLE = (
    selectinload(m.DocumentRow.decisions),
    selectinload(m.DocumentRow.municipalities),
    joinedload(m.DocumentRow.event),
    joinedload(m.DocumentRow.case).selectinload(m.CaseRow.municipalities),
    joinedload(m.DocumentRow.case).joinedload(m.CaseRow.event),
)
"""What to load with documents that are to be settled."""


def settlement_of(row: m.DocumentRow) -> Settlement:
    """What stands for the fields of a document; those of its case hold for it too."""
    proposals = proposals_from(row.recognised)
    if row.case_id is not None:
        proposals = {name: each for name, each in proposals.items() if name not in OF_A_CASE}
    return settle(_recorded(row), proposals, _decisions(row), Terms(row.rights_terms))


def places_of(row: m.DocumentRow, settlement: Settlement) -> list[m.MunicipalityRow]:
    """The municipalities that stand for a document; codes that are not held are left out."""
    session = object_session(row)
    if session is None:
        return _recorded_places(row)
    known = {place.code: place for place in _recorded_places(row)}
    found = [
        known.get(code) or _place(session, code) for code in settlement.texts(Field.MUNICIPALITY)
    ]
    return [place for place in found if place is not None]


def _place(session: Session, code: str) -> m.MunicipalityRow | None:
    """A municipality, asked for once in a session: its own memory of rows is a weak one."""
    loaded = _loaded(session)
    if code not in loaded and (place := session.get(m.MunicipalityRow, code)) is not None:
        loaded[code] = place
    return loaded.get(code)


def load_places(session: Session, rows: Iterable[m.DocumentRow]) -> None:
    """Fetch every municipality that stands for these documents, in one query at most.

    The session keeps them, so that :func:`places_of` asks for none of them.
    """
    codes = {code for row in rows for code in settlement_of(row).texts(Field.MUNICIPALITY)}
    if missing := codes - _loaded(session).keys():
        wanted = select(m.MunicipalityRow).where(m.MunicipalityRow.code.in_(missing))
        _loaded(session).update((place.code, place) for place in session.scalars(wanted))


def _loaded(session: Session) -> dict[str, m.MunicipalityRow]:
    places: dict[str, m.MunicipalityRow] = session.info.setdefault("places", {})
    return places


def _recorded_places(row: m.DocumentRow) -> list[m.MunicipalityRow]:
    return row.municipalities or (row.case.municipalities if row.case else [])


def _recorded(row: m.DocumentRow) -> Mapping[Field, Sequence[Value]]:
    """What was given with a document, or with its case and event; nothing that is filled in."""
    case, filled = row.case, {each.field for each in row.decisions if each.filled}
    ones: dict[Field, Value | None] = {
        Field.IMPLEMENTED_IN: case.implemented_in if case else None,
        Field.PRESENTED_IN: _presented_in(row),
        Field.KIND: row.kind,
        Field.TITLE: row.title,
        Field.SERIES: row.series,
        Field.SERIES_NUMBER: row.series_number,
        Field.RIGHTS_STATEMENT: row.rights_statement,
    }
    given = {name: (value,) for name, value in ones.items() if value is not None}
    return {
        Field.MUNICIPALITY: tuple(place.code for place in _recorded_places(row)),
        Field.DEPARTMENTS: tuple(row.departments),
        **{name: value for name, value in given.items() if name.value not in filled},
    }


def _presented_in(row: m.DocumentRow) -> int | None:
    event = row.event or (row.case.event if row.case else None)
    held = FiscalYear.containing(event.held_on).year if event and event.held_on else None
    return row.presented_in or (row.case.presented_in if row.case else None) or held


def _decisions(row: m.DocumentRow) -> Mapping[Field, Decision]:
    return {
        Field(each.field): Decision(_values(each.value), each.decided_by, each.decided_at)
        for each in row.decisions
        if each.decided_by is not None and each.decided_at is not None
    }


def _values(stored: Any) -> tuple[Value, ...]:
    if stored is None:
        return ()
    return tuple(stored) if isinstance(stored, list) else (stored,)
