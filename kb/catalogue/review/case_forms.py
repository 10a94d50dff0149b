"""The form of a case that is made of a document: filled in from it, and read into an entry."""

import hashlib
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue import rows
from kb.catalogue.editing.references import free_id
from kb.catalogue.entries import CaseEntry
from kb.catalogue.merging.follow import merged_into
from kb.catalogue.review.reading import full_name
from kb.catalogue.review.settlements import places_of, settlement_of
from kb.catalogue.review.settling import read_values
from kb.catalogue.review.views import BadCase, CaseFields, CaseForm
from kb.catalogue.views import EventView
from kb.domain.classification import Theme
from kb.domain.fiscal_year import FiscalYear
from kb.domain.gazetteer import Gazetteer
from kb.domain.settled import Field
from kb.domain.word_lists import join_words

_READ_AS = {
    "municipalities": Field.MUNICIPALITY,
    "implemented_in": Field.IMPLEMENTED_IN,
    "presented_in": Field.PRESENTED_IN,
    "departments": Field.DEPARTMENTS,
}


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
        departments=join_words(settlement.texts(Field.DEPARTMENTS)),
        themes=settlement.texts(Field.THEMES),
        event_id=row.event_id or "",
    )
    return CaseForm(fields, _events(session))


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


def new_id(session: Session, entry: CaseEntry) -> str:
    """An identifier that no case has, and none had that was merged into another."""
    digest = hashlib.blake2b(entry.title.encode(), digest_size=4).hexdigest()
    wanted = f"case-{entry.municipality_codes[0]}-{entry.implemented_in or 'x'}-{digest}"
    return free_id(
        wanted,
        lambda id_: session.get(m.CaseRow, id_) is None and merged_into(session, id_) is None,
    )


def _events(session: Session) -> tuple[EventView, ...]:
    wanted = select(m.EventRow).order_by(m.EventRow.held_on.desc(), m.EventRow.id)
    return tuple(rows.event_view(row) for row in session.scalars(wanted))


def _year(year: int | None) -> str:
    return str(FiscalYear(year).both) if year is not None else ""
