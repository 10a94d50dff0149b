"""What ties documents to several things, as the index needs it: casebooks and further events."""

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.domain.page_ranges import PageRanges, Span

Digests = Mapping[str, tuple[tuple[int, str], ...]]
"""Document -> number and digest of each of its pages."""
Casebooks = tuple[tuple[str, PageRanges, m.DocumentRow], ...]
"""Published case, its pages, and the published casebook they are in."""


def casebooks(session: Session) -> Casebooks:
    """The pages that count: what is not published claims none."""
    wanted = (
        select(m.CaseExcerptRow, m.DocumentRow)
        .join(m.DocumentRow, m.DocumentRow.id == m.CaseExcerptRow.document_id)
        .join(m.CaseRow, m.CaseRow.id == m.CaseExcerptRow.case_id)
        .where(m.DocumentRow.published, m.CaseRow.published)
        .order_by(m.CaseExcerptRow.case_id, m.DocumentRow.id)
    )
    found: dict[tuple[str, str], tuple[list[Span], m.DocumentRow]] = {}
    for range_, book in session.execute(wanted):
        spans, _ = found.setdefault((range_.case_id, book.id), ([], book))
        spans.append((range_.first_page, range_.last_page))
    return tuple((case, PageRanges.of(spans), book) for (case, _), (spans, book) in found.items())


def unclaimed(digests: Digests, books: Casebooks) -> Digests:
    """The pages that stay with their document: those that tell of no case."""
    claimed: dict[str, PageRanges] = {}
    for _, pages, book in books:
        claimed[book.id] = claimed.get(book.id, PageRanges()) | pages
    left = {
        document_id: tuple(page for page in digests.get(document_id, ()) if page[0] not in pages)
        for document_id, pages in claimed.items()
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
