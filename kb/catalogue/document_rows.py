"""Documents with all that readers see of them: their pages counted, their relations told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kb.catalogue import models as m
from kb.catalogue import rows
from kb.catalogue.lineage import seen
from kb.catalogue.relation_views import ContainedCase, EventPartView
from kb.catalogue.review.settlements import load_places, settlement_of
from kb.catalogue.views import DocumentView
from kb.domain.classification import EventPart
from kb.domain.page_ranges import PageRanges
from kb.domain.rights import Audience
from kb.domain.settled import Field

WHOLE = (
    selectinload(m.DocumentRow.sources),
    selectinload(m.DocumentRow.municipalities),
    selectinload(m.DocumentRow.decisions),
    joinedload(m.DocumentRow.event),
    joinedload(m.DocumentRow.case).selectinload(m.CaseRow.municipalities),
    joinedload(m.DocumentRow.case).joinedload(m.CaseRow.event),
)
"""What to load with documents that are to be shown."""

Excerpts = Mapping[str, tuple[tuple[m.DocumentRow, PageRanges], ...]]
"""Case -> the casebooks it stands in, and its pages there."""

_PAGES = (
    select(m.PageRow.document_id, func.count())
    .where(m.PageRow.document_id.in_(bindparam("documents", expanding=True)))
    .group_by(m.PageRow.document_id)
)
_IN_CASEBOOKS = (
    select(m.CaseExcerptRow)
    .where(m.CaseExcerptRow.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(m.CaseExcerptRow.document_id, m.CaseExcerptRow.first_page)
)


def in_series(session: Session) -> tuple[tuple[str, m.DocumentRow], ...]:
    """Documents that stand in a series, and which; whoever calls asks who may know of them."""
    told = (
        m.DocumentRow.series.is_not(None),
        m.DocumentRow.decisions.any(m.DecisionRow.field == Field.SERIES.value),
        m.DocumentRow.recognised[Field.SERIES.value].as_string().is_not(None),
    )
    wanted = select(m.DocumentRow).where(or_(*told)).order_by(m.DocumentRow.id)
    found = session.scalars(wanted.options(*WHOLE))
    series = ((settlement_of(row).text(Field.SERIES), row) for row in found)
    return tuple((name, row) for name, row in series if name)


def document_views(
    session: Session, documents: Iterable[m.DocumentRow]
) -> tuple[DocumentView, ...]:
    """Documents as readers see them; whoever calls has asked whether they may be known."""
    held = list(documents)
    if not held:
        return ()
    load_places(session, held)
    ids = [row.id for row in held]
    counts: dict[str, int] = dict(session.execute(_PAGES, {"documents": ids}).all())
    return tuple(rows.document_view(row, counts.get(row.id, 0)) for row in held)


def with_relations(
    session: Session, documents: Iterable[DocumentView], audience: Audience
) -> tuple[DocumentView, ...]:
    """The same documents, with the cases they contain and their parts at events."""
    views = list(documents)
    ids = [view.id for view in views]
    contains, parts = _contains(session, ids, audience), _parts(session, ids)
    return tuple(
        replace(view, contains=contains.get(view.id, ()), event_parts=parts.get(view.id, ()))
        for view in views
    )


def _contains(
    session: Session, ids: list[str], audience: Audience
) -> Mapping[str, tuple[ContainedCase, ...]]:
    found: dict[str, dict[str, ContainedCase]] = {}
    wanted = (
        select(m.CaseExcerptRow, m.CaseRow)
        .join(m.CaseRow, m.CaseRow.id == m.CaseExcerptRow.case_id)
        .where(m.CaseExcerptRow.document_id.in_(ids))
        .order_by(m.CaseExcerptRow.first_page, m.CaseExcerptRow.last_page, m.CaseRow.id)
        .options(selectinload(m.CaseRow.municipalities))
    )
    for excerpt, case in session.execute(wanted):
        if seen(case, audience):
            names = tuple(place.name for place in case.municipalities)
            cases, pages = found.setdefault(excerpt.document_id, {}), _range(excerpt)
            known = cases.get(case.id)
            if known:
                pages |= known.pages
            cases[case.id] = ContainedCase(case.id, case.title, names, pages)
    return {document_id: tuple(cases.values()) for document_id, cases in found.items()}


def _range(excerpt: m.CaseExcerptRow) -> PageRanges:
    return PageRanges(((excerpt.first_page, excerpt.last_page),))


def _parts(session: Session, ids: list[str]) -> Mapping[str, tuple[EventPartView, ...]]:
    found: dict[str, tuple[EventPartView, ...]] = {}
    wanted = (
        select(m.EventDocumentRow, m.EventRow)
        .join(m.EventRow, m.EventRow.id == m.EventDocumentRow.event_id)
        .where(m.EventDocumentRow.document_id.in_(ids))
        .order_by(m.EventRow.held_on, m.EventRow.id, m.EventDocumentRow.part)
    )
    for row, event in session.execute(wanted):
        part = EventPartView(event.id, event.title, event.held_on, EventPart(row.part))
        found[row.document_id] = (*found.get(row.document_id, ()), part)
    return found


def of_cases(
    session: Session, cases: Sequence[m.CaseRow], audience: Audience
) -> Mapping[str, tuple[DocumentView, ...]]:
    """Case -> its documents, then the casebooks that tell of it on some of their pages.

    A constant number of queries however many cases there are.
    """
    own = {
        case.id: [document for document in case.documents if rows.may_know(document, audience)]
        for case in cases
    }
    books = _excerpts(session, list(own), audience)
    known = {document.id: document for documents in own.values() for document in documents}
    known |= {document.id: document for book in books.values() for document, _ in book}
    views = {view.id: view for view in document_views(session, known.values())}
    return {
        case_id: (
            *(views[document.id] for document in documents),
            *(replace(views[d.id], excerpt=pages) for d, pages in books.get(case_id, ())),
        )
        for case_id, documents in own.items()
    }


def _excerpts(session: Session, case_ids: list[str], audience: Audience) -> Excerpts:
    """The casebooks that cases stand in, as far as this audience may know of them."""
    found: dict[str, dict[str, tuple[m.DocumentRow, PageRanges]]] = {}
    excerpts = session.scalars(_IN_CASEBOOKS, {"cases": case_ids}).all()
    if not excerpts:  # as for most lists
        return {}
    ids = {excerpt.document_id for excerpt in excerpts}
    wanted = select(m.DocumentRow).where(m.DocumentRow.id.in_(ids)).options(*WHOLE)
    known = {row.id: row for row in session.scalars(wanted) if rows.may_know(row, audience)}
    for excerpt in excerpts:
        document = known.get(excerpt.document_id)
        if document is not None:
            books = found.setdefault(excerpt.case_id, {})
            _, pages = books.get(document.id, (document, PageRanges()))
            books[document.id] = document, pages | _range(excerpt)
    return {case_id: tuple(books.values()) for case_id, books in found.items()}
