"""Editions of documents, as their pages ask for them."""

from dataclasses import fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import document_rows, rows
from kb.catalogue import models as m
from kb.catalogue.editions.tables import EditionPageRow, EditionRow
from kb.catalogue.editions.views import EditionForm, EditionView, NewOriginal
from kb.catalogue.entries import Authorship
from kb.catalogue.review import states
from kb.catalogue.review.views import State
from kb.catalogue.session import Database
from kb.catalogue.views import PageView
from kb.catalogue.writing import writing
from kb.domain.clock import day_of

MOST_DRAFTS = 20
"""Drafts offered, the likeliest and then the newest."""


class Editions:
    """Replaces originals and gives the old ones, over one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, document_id: str) -> tuple[EditionView, ...]:
        """The originals a document had, the newest first."""
        with self._database.reading() as session:
            return _editions(session, document_id)

    def page(self, document_id: str, edition: int, number: int) -> PageView | None:
        """A page of an old original; the caller asks the rights of the document first."""
        with self._database.reading() as session:
            row = session.get(EditionPageRow, (document_id, edition, number))
            if row is None:
                return None
            names = (c.name for c in m.PageRow.__table__.columns if hasattr(row, c.name))
            page = m.PageRow(**{name: getattr(row, name) for name in names})
            return rows.page_view(page, row.layout or b"")

    def form(self, document_id: str) -> EditionForm | None:
        """A document with the drafts that may be a newer one; None when there is no document."""
        with self._database.reading() as session:
            row = session.get(m.DocumentRow, document_id)
            if row is None:
                return None
            return EditionForm(
                document_rows.document_views(session, [row])[0],
                states.document_version(session, row),
                _editions(session, document_id),
                _drafts(session, row),
            )

    def replace(self, document_id: str, draft_id: str, version: str, authorship: Authorship) -> int:
        """Give a document the original of a draft; the number of the one it had, 0 for none.

        Raises:
            UnknownReference: one of them is not registered.
            ChangedMeanwhile: somebody has changed the document since the form was made.
            CannotReplace: the draft is none, or does not fit; the message says why.
        """
        with writing(self._database, authorship) as writer:
            return writer.editions.replace(document_id, draft_id, version)


def _editions(session: Session, document_id: str) -> tuple[EditionView, ...]:
    found = session.scalars(
        select(EditionRow).filter_by(document_id=document_id).order_by(EditionRow.number.desc())
    )
    return tuple(_edition(each) for each in found)


def _edition(row: EditionRow) -> EditionView:
    same = {f.name: getattr(row, f.name) for f in fields(EditionView) if hasattr(row, f.name)}
    return EditionView(**same, replaced_on=day_of(row.replaced_at))


def _drafts(session: Session, row: m.DocumentRow) -> tuple[NewOriginal, ...]:
    """The drafts with an original of their own, those like the document first."""
    alike: dict[str, float] = {}
    either = (m.LikenessRow.document_id == row.id) | (m.LikenessRow.other_id == row.id)
    for each in session.scalars(select(m.LikenessRow).where(either)):
        other = each.other_id if each.document_id == row.id else each.document_id
        alike[other] = each.similarity
    draft = m.DocumentRow
    waiting = select(draft).where(
        draft.published.is_(False), draft.sha256.is_not(None), draft.case_id.is_(None),
        draft.id != row.id, draft.specimen == row.specimen, ~states.in_state(State.WITHDRAWN),
    )  # fmt: skip
    newest = waiting.order_by(draft.id.not_in(list(alike)), draft.added_at.desc(), draft.id)
    views = document_rows.document_views(session, session.scalars(newest.limit(MOST_DRAFTS)))
    found = [NewOriginal(view, alike.get(view.id)) for view in views]
    return tuple(sorted(found, key=lambda each: -(each.alike or 0)))
