"""Reading what municipalities are called."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.local_names.views import PAGE_SIZE, LocalNameView
from kb.catalogue.review.reading import full_name


def local_names_of(session: Session, codes: Collection[str]) -> tuple[LocalNameView, ...]:
    """The names of the bodies of these codes."""
    row = m.LocalNameRow
    wanted = select(row, m.MunicipalityRow).join(m.MunicipalityRow)
    found = session.execute(wanted.where(row.code.in_(codes)).order_by(row.folded, row.id))
    return tuple(view(name, body) for name, body in found)


def names_with(session: Session, text: str) -> tuple[LocalNameView, ...]:
    """Names that hold a text, or whose municipality does, in code order: at most PAGE_SIZE."""
    row, body = m.LocalNameRow, m.MunicipalityRow
    wanted = select(row, body).join(body).order_by(row.code, row.folded, row.id)
    if text:
        held = (row.name, row.kana, body.prefecture + body.name, row.code)
        wanted = wanted.where(or_(*(column.contains(text, autoescape=True) for column in held)))
    found = session.execute(wanted.limit(PAGE_SIZE))
    return tuple(view(name, place) for name, place in found)


def view(row: m.LocalNameRow, body: m.MunicipalityRow) -> LocalNameView:
    """A name as pages show it."""
    return LocalNameView(
        row.id, row.code, full_name(body), row.name, row.kana or "", row.note or ""
    )
