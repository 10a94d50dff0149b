"""What ties documents to several things, as the index needs it: casebooks and further events."""

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m

Digests = Mapping[str, tuple[tuple[int, str], ...]]
"""Document -> number and digest of each of its pages."""
Casebooks = tuple[tuple[m.CaseExcerptRow, m.DocumentRow], ...]
"""Ranges of published cases in published casebooks."""


def casebooks(session: Session) -> Casebooks:
    """The ranges that count: what is not published claims no page."""
    wanted = (
        select(m.CaseExcerptRow, m.DocumentRow)
        .join(m.DocumentRow, m.DocumentRow.id == m.CaseExcerptRow.document_id)
        .join(m.CaseRow, m.CaseRow.id == m.CaseExcerptRow.case_id)
        .where(m.DocumentRow.published, m.CaseRow.published)
        .order_by(m.CaseExcerptRow.case_id, m.DocumentRow.id)
    )
    return tuple((range_, book) for range_, book in session.execute(wanted))


def unclaimed(digests: Digests, books: Casebooks) -> Digests:
    """The pages that stay with their document: those in no range."""
    claimed: dict[str, set[int]] = {}
    for range_, _ in books:
        numbers = claimed.setdefault(range_.document_id, set())
        numbers.update(range(range_.first_page, range_.last_page + 1))
    left = {
        document_id: tuple(page for page in digests.get(document_id, ()) if page[0] not in numbers)
        for document_id, numbers in claimed.items()
    }
    return {**digests, **left}


def other_events(session: Session) -> Iterator[tuple[str, m.EventRow]]:
    """Documents with the events they had a part in and were not filed under."""
    wanted = (
        select(m.EventDocumentRow.document_id, m.EventRow)
        .join(m.EventRow, m.EventRow.id == m.EventDocumentRow.event_id)
        .join(m.DocumentRow, m.DocumentRow.id == m.EventDocumentRow.document_id)
        .where(m.DocumentRow.event_id.is_distinct_from(m.EventRow.id))
        .order_by(m.EventDocumentRow.document_id, m.EventRow.id)
    )
    yield from session.execute(wanted)
