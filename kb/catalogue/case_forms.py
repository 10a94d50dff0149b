"""The case form: made from a document's fields or from a case, and read back into an entry."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue import review_states as states
from kb.catalogue import rows
from kb.catalogue.entries import CaseEntry
from kb.catalogue.review_reading import full_name
from kb.catalogue.review_views import BadCase, CaseFields, CaseForm
from kb.catalogue.settlements import places_of, settlement_of
from kb.catalogue.settling import read_values
from kb.catalogue.views import EventView
from kb.domain.classification import Theme
from kb.domain.fiscal_year import FiscalYear
from kb.domain.gazetteer import Gazetteer
from kb.domain.settled import Field

NEW = "new"
"""The version of a case that is not recorded yet."""

_READ_AS = {
    "municipalities": Field.MUNICIPALITY,
    "implemented_in": Field.IMPLEMENTED_IN,
    "presented_in": Field.PRESENTED_IN,
    "departments": Field.DEPARTMENTS,
}


def form_of_case(session: Session, case_id: str) -> CaseForm | None:
    """The form of a case that is recorded; None when there is none."""
    row = session.get(m.CaseRow, case_id)
    if row is None:
        return None
    fields = CaseFields(
        title=row.title,
        municipalities="、".join(full_name(place) for place in row.municipalities),
        implemented_in=_year(row.implemented_in),
        presented_in=_year(row.presented_in),
        departments="、".join(sorted(department.name for department in row.departments)),
        themes=tuple(theme.slug for theme in row.themes),
        event_id=row.event_id or "",
    )
    return CaseForm(row.id, states.case_version(session, row), fields, _events(session))


def form_of_document(session: Session, document_id: str) -> CaseForm | None:
    """A new case, as the fields of a document tell of it; None when there is no document."""
    row = session.get(m.DocumentRow, document_id)
    if row is None:
        return None
    settlement = settlement_of(row)
    fields = CaseFields(
        title=settlement.text(Field.TITLE) or row.title,
        municipalities="、".join(full_name(place) for place in places_of(row, settlement)),
        implemented_in=_year(settlement.year(Field.IMPLEMENTED_IN)),
        presented_in=_year(settlement.year(Field.PRESENTED_IN)),
        departments="、".join(settlement.texts(Field.DEPARTMENTS)),
        themes=settlement.texts(Field.THEMES),
        event_id=row.event_id or "",
    )
    return CaseForm(None, NEW, fields, _events(session))


def read(fields: CaseFields, gazetteer: Callable[[], Gazetteer]) -> CaseEntry:
    """The entry that is meant, its identifier still empty.

    Raises:
        BadCase: some fields cannot be understood; each has its reason.
    """
    errors: dict[str, ValueError] = {}
    values = {}
    for name, field in _READ_AS.items():
        try:
            values[name] = read_values(field, getattr(fields, name), gazetteer)
        except ValueError as error:
            errors[name] = error
    if not fields.title.strip():
        errors["title"] = ValueError("題名を書いてください。")
    if not errors and not values["municipalities"]:
        errors["municipalities"] = ValueError("自治体を書いてください(例: 福津市)。")
    if errors:
        raise BadCase(errors)
    return CaseEntry(
        id="",
        title=fields.title.strip(),
        municipality_codes=tuple(map(str, values["municipalities"])),
        departments=tuple(map(str, values["departments"])),
        themes=tuple(theme for theme in Theme if theme.value in fields.themes),
        event_id=fields.event_id or None,
        implemented_in=next(map(int, values["implemented_in"]), None),
        presented_in=next(map(int, values["presented_in"]), None),
    )


def merged(held: CaseEntry, wanted: CaseEntry) -> CaseEntry:
    """A recorded case with what the form can say put in its place."""
    # The functions of departments follow their names, unless the names have stayed.
    renamed = sorted(held.departments) != sorted(wanted.departments)
    return replace(
        held,
        title=wanted.title,
        municipality_codes=wanted.municipality_codes,
        implemented_in=wanted.implemented_in,
        presented_in=wanted.presented_in,
        departments=wanted.departments,
        functions=() if renamed else held.functions,
        themes=wanted.themes,
        event_id=wanted.event_id,
    )


def new_id(session: Session, entry: CaseEntry) -> str:
    """An identifier that no case has."""
    digest = hashlib.blake2b(entry.title.encode(), digest_size=4).hexdigest()
    wanted = f"case-{entry.municipality_codes[0]}-{entry.implemented_in or 'x'}-{digest}"
    number, found = 1, wanted
    while session.get(m.CaseRow, found) is not None:
        number += 1
        found = f"{wanted}-{number}"
    return found


def _events(session: Session) -> tuple[EventView, ...]:
    wanted = select(m.EventRow).order_by(m.EventRow.held_on.desc(), m.EventRow.id)
    return tuple(rows.event_view(row) for row in session.scalars(wanted))


def _year(year: int | None) -> str:
    return str(FiscalYear(year).both) if year is not None else ""
