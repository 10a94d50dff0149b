"""All that is recorded of one case, as plain values: to compare it, and to put it back."""

import hashlib
import json
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.plain_rows import plain, plain_of, values_read
from kb.catalogue.sequence import newest_change

Told = dict[str, Any]
ROLE_VALUES = ("person_id", "title", "part", "on", "event_id", "document_id")
"""What a role says beside the case it was had in."""


def told_of(session: Session, row: m.CaseRow) -> Told:
    """Everything of a case: its own values, and what is tied to it."""
    session.flush()
    places = select(m.CaseMunicipalityRow.code).filter_by(case_id=row.id)
    documents = select(m.DocumentRow.id).filter_by(case_id=row.id)
    excerpts = select(m.CaseExcerptRow).filter_by(case_id=row.id)
    roles = select(m.RoleRow).filter_by(case_id=row.id).order_by(m.RoleRow.id)
    continued_by = select(m.CaseRow.id).filter_by(continues_id=row.id)
    return {
        "row": plain_of(row),
        "municipalities": list(
            session.scalars(places.order_by(m.CaseMunicipalityRow.position))
        ),
        "departments": sorted(department.id for department in row.departments),
        "themes": sorted(theme.slug for theme in row.themes),
        "documents": list(session.scalars(documents.order_by(m.DocumentRow.id))),
        "excerpts": sorted(
            [e.document_id, e.first_page, e.last_page] for e in session.scalars(excerpts)
        ),
        "roles": [role_values(role) for role in session.scalars(roles)],
        "continued_by": list(session.scalars(continued_by.order_by(m.CaseRow.id))),
    }  # fmt: skip


def role_values(role: m.RoleRow) -> list[Any]:
    """What a role says, but the case."""
    return [plain(getattr(role, name)) for name in ROLE_VALUES]


def role_of(values: list[Any], case_id: str, number: int | None) -> m.RoleRow:
    """A role made anew; `number` None has the catalogue give it one."""
    named = dict(zip(ROLE_VALUES, values, strict=True))
    named["on"] = date.fromisoformat(named["on"]) if named["on"] else None
    return m.RoleRow(id=number, case_id=case_id, **named)


def put_back(session: Session, told: Told) -> m.CaseRow:
    """Give a case the values it had, made anew where it is gone; without what is tied to it."""
    values = values_read(m.CaseRow, told["row"])
    row = session.get(m.CaseRow, values["id"])
    if row is None:
        row = m.CaseRow(**values)
        session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
    for place in session.scalars(select(m.CaseMunicipalityRow).filter_by(case_id=row.id)):
        session.delete(place)
    session.flush()
    session.add_all(
        m.CaseMunicipalityRow(case_id=row.id, code=code, position=position)
        for position, code in enumerate(told["municipalities"])
    )
    row.departments = [session.get_one(m.DepartmentRow, id_) for id_ in told["departments"]]
    row.themes = [session.get_one(m.ThemeRow, slug) for slug in told["themes"]]
    return row


def digest(told: Told) -> str:
    """The same for the same case, whatever else has been written."""
    written = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(written.encode(), digest_size=8).hexdigest()


def version_of(session: Session, told: Told) -> str:
    """What a form was made from, as :func:`kb.catalogue.review.states.same_version` compares."""
    sequence = newest_change(session)
    return f"{sequence}-{digest(told)}"
