"""Reading the catalogue: one thing at a time, as frozen views, for one audience.

Lists and counts are in :mod:`kb.catalogue.browsing`; what the index is made from is in
:mod:`kb.catalogue.indexable`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from kb.catalogue import document_rows, rows
from kb.catalogue import models as m
from kb.catalogue.around import cases_with_all_around
from kb.catalogue.editions.tables import EditionRow
from kb.catalogue.lineage import earlier, later, lineages, seen
from kb.catalogue.pages import layout as page_layout
from kb.catalogue.pages.tokens import PageTokens, decode
from kb.catalogue.people_pages import PeoplePages, visible_roles
from kb.catalogue.place_views import MunicipalityPage
from kb.catalogue.places import municipality_page
from kb.catalogue.rights.reading import Withheld
from kb.catalogue.session import Database
from kb.catalogue.views import (
    CaseView,
    DocumentView,
    EventPage,
    EventView,
    PageView,
    RoleView,
)
from kb.domain.classification import EventPart, Theme
from kb.domain.rights import Audience


@dataclass(frozen=True, slots=True)
class Held:
    """A document that holds an original."""

    document_id: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class QuotablePage:
    """A page's text, and what to mind when a part of it is quoted."""

    text: str
    confidence: float | None
    """0 to 1, where it was read from a picture and may hold mistakes."""
    running: tuple[tuple[int, int], ...]
    """Characters of headers and footers: no part of a quotation. In order."""


class CatalogueReader(PeoplePages):
    """Answers from the catalogue; holds nothing between calls but what it withholds."""

    def __init__(self, database: Database) -> None:
        """Read in `database`."""
        super().__init__(database)
        self._withheld = Withheld()

    def case(self, case_id: str, audience: Audience) -> CaseView | None:
        """A case with everything its page shows, or None when there is none to see."""
        with self._database.reading() as session:
            row = session.get(m.CaseRow, case_id)
            if row is None or not (row.published or audience is Audience.CURATOR):
                return None
            return _case_view(session, row, audience)

    def document(self, document_id: str, audience: Audience) -> DocumentView | None:
        """A document, or None when this audience may not know of it."""
        return self.documents([document_id], audience).get(document_id)

    def documents(self, ids: Iterable[str], audience: Audience) -> Mapping[str, DocumentView]:
        """Several documents by identifier; those not to be seen are left out."""
        with self._database.reading() as session:
            wanted = select(m.DocumentRow).where(m.DocumentRow.id.in_(list(ids)))
            found = session.scalars(wanted.options(*document_rows.WHOLE))
            visible = [row for row in found if rows.may_know(row, audience)]
            views = document_rows.document_views(session, visible)
            related = document_rows.with_relations(session, views, audience)
            return {view.id: view for view in related}

    def cases_in_brief(self, ids: Iterable[str], audience: Audience) -> Mapping[str, CaseView]:
        """Several cases for a list of results: without people, lineage and history.

        A constant number of queries however many cases are asked for.
        """
        with self._database.reading() as session:
            cases = [row for row in cases_with_all_around(session, ids) if seen(row, audience)]
            documents = document_rows.of_cases(session, cases, audience)
            return {row.id: _case_in_brief(row, documents[row.id]) for row in cases}

    def withheld(self, sequence: int, audience: Audience) -> frozenset[str]:
        """Subjects an index of `sequence` may hold for an audience that may search them no more."""
        with self._database.reading() as session:
            return self._withheld.since(session, sequence, audience)

    def document_page(self, document_id: str, number: int) -> PageView | None:
        """A page's text; the caller asks the rights of its document first."""
        with self._database.reading() as session:
            row = session.get(m.PageRow, (document_id, number))
            layout = session.get(m.PageLayoutRow, (document_id, number))
            return rows.page_view(row, layout.layout if layout else b"") if row else None

    def document_pages(self, document_id: str) -> tuple[PageView, ...]:
        """Every page of a document, in order, without layouts."""
        with self._database.reading() as session:
            found = session.scalars(
                select(m.PageRow).filter_by(document_id=document_id).order_by(m.PageRow.number)
            )
            return tuple(rows.page_view(row) for row in found)

    def quotable_pages(
        self, pages: Iterable[tuple[str, int]]
    ) -> Mapping[tuple[str, int], QuotablePage]:
        """The texts of several pages; the caller asks the rights of their documents."""
        page, layout = m.PageRow, m.PageLayoutRow
        same = (page.document_id == layout.document_id) & (page.number == layout.number)
        columns = (page.document_id, page.number, page.text, page.confidence, layout.layout)
        wanted = select(*columns).outerjoin(layout, same).where(_among(page, pages))
        with self._database.reading() as session:
            return {
                (document_id, number): QuotablePage(
                    text, confidence, page_layout.running(stored or b"")
                )
                for document_id, number, text, confidence, stored in session.execute(wanted)
            }

    def page_tokens(
        self, pages: Iterable[tuple[str, int]], fingerprint: str
    ) -> Mapping[tuple[str, int], PageTokens]:
        """The stored tokens of pages, where they were made by the analyser of `fingerprint`."""
        wanted = select(m.PageTokensRow).filter_by(fingerprint=fingerprint)
        with self._database.reading() as session:
            found = session.scalars(wanted.where(_among(m.PageTokensRow, pages)))
            return {(row.document_id, row.number): decode(row.tokens) for row in found}

    def held(self, sha256: str) -> Held | None:
        """The document whose original this is, and how reading it ended; or that once had it."""
        before = select(EditionRow.document_id).filter_by(sha256=sha256)
        with self._database.reading() as session:
            row = session.scalar(select(m.DocumentRow).filter_by(sha256=sha256))
            if row is not None:
                return Held(row.id, row.outcome)
            once = session.scalar(before)
            return Held(once, None) if once else None

    def event(self, event_id: str, audience: Audience) -> EventPage | None:
        """An event with its cases, documents and people."""
        with self._database.reading() as session:
            row = session.get(m.EventRow, event_id)
            return _event_page(session, row, audience) if row else None

    def municipality(self, code: str, audience: Audience) -> MunicipalityPage | None:
        """The body that bears `code` or bore it, with its names over time and its cases."""
        with self._database.reading() as session:
            return municipality_page(session, code, audience)


def _among(
    table: type[m.PageRow | m.PageTokensRow], pages: Iterable[tuple[str, int]]
) -> ColumnElement[bool]:
    return tuple_(table.document_id, table.number).in_(list(pages))


def _case_view(session: Session, row: m.CaseRow, audience: Audience) -> CaseView:
    changes = session.scalars(
        select(m.SourceEventRow)
        .filter_by(subject_kind="case", subject_id=row.id)
        .order_by(m.SourceEventRow.id)
    )
    documents = document_rows.of_cases(session, [row], audience)[row.id]
    return replace(
        _case_in_brief(row, documents),
        roles=_case_roles(session, row, audience),
        earlier=earlier(session, row, audience),
        later=later(session, row, audience),
        history=tuple(rows.history_view(change) for change in changes),
    )


def _case_in_brief(row: m.CaseRow, documents: tuple[DocumentView, ...]) -> CaseView:
    return CaseView(
        id=row.id,
        title=row.title,
        subtitle=row.subtitle,
        provisional_title=row.provisional_title,
        implemented_in=row.implemented_in,
        presented_in=row.presented_in,
        municipalities=tuple(rows.municipality_view(place) for place in row.municipalities),
        departments=tuple(department.name for department in row.departments),
        department_functions=tuple(row.functions),
        themes=tuple(Theme(theme.slug) for theme in row.themes),
        keywords=tuple(row.keywords),
        narrative=dict(row.narrative),
        related_url=row.related_url,
        contact=row.contact,
        published_on=row.published_on,
        updated_on=row.updated_on,
        specimen=row.specimen,
        event=rows.event_view(row.event) if row.event else None,
        programme_id=row.programme_id,
        programme_title=row.programme.title if row.programme else None,
        cohort=row.cohort,
        documents=documents,
        roles=(),
        earlier=(),
        later=(),
    )


def _case_roles(session: Session, row: m.CaseRow, audience: Audience) -> tuple[RoleView, ...]:
    documents = [document.id for document in row.documents]
    found = session.scalars(
        select(m.RoleRow)
        .where((m.RoleRow.case_id == row.id) | m.RoleRow.document_id.in_(documents))
        .order_by(m.RoleRow.id)
    ).all()
    return visible_roles(session, found, audience)


def _event_page(session: Session, row: m.EventRow, audience: Audience) -> EventPage:
    found = session.scalars(select(m.CaseRow).filter_by(event_id=row.id).order_by(m.CaseRow.id))
    cases = [case for case in found.all() if seen(case, audience)]
    groups = _parts(session, row, audience)
    told = {document.id for _, documents in groups for document in documents}
    belongs = (m.DocumentRow.event_id == row.id) | m.DocumentRow.case_id.in_([c.id for c in cases])
    documents = session.scalars(
        select(m.DocumentRow)
        .where(belongs, m.DocumentRow.id.not_in(told))
        .order_by(m.DocumentRow.id)
        .options(*document_rows.WHOLE)
    )
    known = [document for document in documents if rows.may_know(document, audience)]
    roles = session.scalars(select(m.RoleRow).filter_by(event_id=row.id).order_by(m.RoleRow.id))
    previous, following = _neighbours(session, row)
    return EventPage(
        event=rows.event_view(row),
        cases=tuple(rows.case_link(case) for case in cases),
        documents=document_rows.document_views(session, known),
        roles=visible_roles(session, roles, audience),
        previous=previous,
        following=following,
        parts=groups,
        lineages=lineages(session, cases, audience),
    )


def _parts(
    session: Session, row: m.EventRow, audience: Audience
) -> tuple[tuple[EventPart, tuple[DocumentView, ...]], ...]:
    """The documents that had a part in an event, by part."""
    found: dict[str, list[m.DocumentRow]] = {part.value: [] for part in EventPart}
    wanted = (
        select(m.EventDocumentRow.part, m.DocumentRow)
        .join(m.DocumentRow, m.DocumentRow.id == m.EventDocumentRow.document_id)
        .where(m.EventDocumentRow.event_id == row.id)
        .order_by(m.DocumentRow.id)
        .options(*document_rows.WHOLE)
    )
    for part, document in session.execute(wanted):
        if rows.may_know(document, audience):
            found[part].append(document)
    return tuple(
        (EventPart(part), document_rows.document_views(session, documents))
        for part, documents in found.items()
        if documents
    )


def _neighbours(session: Session, row: m.EventRow) -> tuple[EventView | None, EventView | None]:
    """The events of the same series just before and after."""
    if row.held_on is None or row.series is None:
        return None, None
    series = select(m.EventRow).filter_by(series=row.series)
    before = session.scalar(
        series.where(m.EventRow.held_on < row.held_on).order_by(m.EventRow.held_on.desc()).limit(1)
    )
    after = session.scalar(
        series.where(m.EventRow.held_on > row.held_on).order_by(m.EventRow.held_on).limit(1)
    )
    return (
        rows.event_view(before) if before else None,
        rows.event_view(after) if after else None,
    )
