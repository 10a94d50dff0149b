"""Reading the catalogue: one thing at a time, as frozen views, for one audience.

Lists and counts are in :mod:`kb.catalogue.browsing`; what the index is made from is in
:mod:`kb.catalogue.indexable`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from kb.catalogue import models as m
from kb.catalogue import page_layout, rows
from kb.catalogue.browsing import Browsing
from kb.catalogue.page_tokens import PageTokens, decode
from kb.catalogue.views import (
    CaseLink,
    CaseView,
    DocumentView,
    EventPage,
    EventView,
    MunicipalityPage,
    PageView,
    PersonView,
    ProgrammeView,
    RoleView,
)
from kb.domain.classification import Theme
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


class CatalogueReader(Browsing):
    """Answers from the catalogue; holds nothing between calls."""

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
            found = session.scalars(wanted.options(*_DOCUMENT_WHOLE))
            visible = [row for row in found if rows.may_know(row, audience)]
            return {view.id: view for view in _document_views(session, visible)}

    def cases_in_brief(self, ids: Iterable[str], audience: Audience) -> Mapping[str, CaseView]:
        """Several cases for a list of results: without people, lineage and history.

        A constant number of queries however many cases are asked for.
        """
        with self._database.reading() as session:
            wanted = select(m.CaseRow).where(m.CaseRow.id.in_(list(ids))).options(*_IN_BRIEF)
            return {
                row.id: _case_in_brief(session, row, audience)
                for row in session.scalars(wanted)
                if _seen(row, audience)
            }

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
        """The document whose original this is, and how reading it ended."""
        with self._database.reading() as session:
            row = session.scalar(select(m.DocumentRow).filter_by(sha256=sha256))
            return Held(row.id, row.outcome) if row else None

    def event(self, event_id: str, audience: Audience) -> EventPage | None:
        """An event with its cases, documents and people."""
        with self._database.reading() as session:
            row = session.get(m.EventRow, event_id)
            return _event_page(session, row, audience) if row else None

    def municipality(self, code: str, audience: Audience) -> MunicipalityPage | None:
        """A municipality with its old names, cases and events."""
        with self._database.reading() as session:
            row = session.get(m.MunicipalityRow, code)
            return _municipality_page(session, row, audience) if row else None

    def person(self, person_id: str, audience: Audience) -> PersonView | None:
        """A person and what they did, as far as this audience may know."""
        with self._database.reading() as session:
            row = session.get(m.PersonRow, person_id)
            if row is None:
                return None
            roles = session.scalars(
                select(m.RoleRow).filter_by(person_id=person_id).order_by(m.RoleRow.on.desc())
            ).all()
            known = [role for role in roles if _role_visible(session, role, audience)]
            return rows.person_view(row, known)

    def programme(self, programme_id: str, audience: Audience) -> ProgrammeView | None:
        """A programme and its cohorts."""
        with self._database.reading() as session:
            row = session.get(m.ProgrammeRow, programme_id)
            return rows.programme_view(row) if row else None


def _among(
    table: type[m.PageRow | m.PageTokensRow], pages: Iterable[tuple[str, int]]
) -> ColumnElement[bool]:
    return tuple_(table.document_id, table.number).in_(list(pages))


_DOCUMENT_WHOLE = (
    selectinload(m.DocumentRow.sources),
    selectinload(m.DocumentRow.municipalities),
    joinedload(m.DocumentRow.event),
    joinedload(m.DocumentRow.case).selectinload(m.CaseRow.municipalities),
    joinedload(m.DocumentRow.case).joinedload(m.CaseRow.event),
)

_IN_BRIEF = (
    selectinload(m.CaseRow.municipalities),
    selectinload(m.CaseRow.departments),
    selectinload(m.CaseRow.themes),
    joinedload(m.CaseRow.event).selectinload(m.EventRow.sources),
    joinedload(m.CaseRow.event).joinedload(m.EventRow.programme),
    joinedload(m.CaseRow.programme),
    selectinload(m.CaseRow.documents).selectinload(m.DocumentRow.sources),
    selectinload(m.CaseRow.documents).selectinload(m.DocumentRow.municipalities),
    selectinload(m.CaseRow.documents).joinedload(m.DocumentRow.event),
)


def _case_view(session: Session, row: m.CaseRow, audience: Audience) -> CaseView:
    changes = session.scalars(
        select(m.SourceEventRow)
        .filter_by(subject_kind="case", subject_id=row.id)
        .order_by(m.SourceEventRow.id)
    )
    return replace(
        _case_in_brief(session, row, audience),
        roles=_case_roles(session, row, audience),
        earlier=_earlier(session, row, audience),
        later=_later(session, row, audience),
        history=tuple(rows.history_view(change) for change in changes),
    )


def _case_in_brief(session: Session, row: m.CaseRow, audience: Audience) -> CaseView:
    documents = [d for d in row.documents if rows.may_know(d, audience)]
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
        documents=_document_views(session, documents),
        roles=(),
        earlier=(),
        later=(),
    )


def _document_views(
    session: Session, documents: Iterable[m.DocumentRow]
) -> tuple[DocumentView, ...]:
    held = list(documents)
    counts: dict[str, int] = dict(
        session.execute(
            select(m.PageRow.document_id, func.count())
            .where(m.PageRow.document_id.in_([row.id for row in held]))
            .group_by(m.PageRow.document_id)
        ).all()
    )
    return tuple(rows.document_view(row, counts.get(row.id, 0)) for row in held)


def _role_visible(session: Session, role: m.RoleRow, audience: Audience) -> bool:
    if role.document_id is None:
        return True
    document = session.get(m.DocumentRow, role.document_id)
    return document is not None and rows.may_know(document, audience)


def _case_roles(session: Session, row: m.CaseRow, audience: Audience) -> tuple[RoleView, ...]:
    documents = [document.id for document in row.documents]
    found = session.scalars(
        select(m.RoleRow)
        .where((m.RoleRow.case_id == row.id) | m.RoleRow.document_id.in_(documents))
        .order_by(m.RoleRow.id)
    ).all()
    return tuple(rows.role_view(r) for r in found if _role_visible(session, r, audience))


def _seen(row: m.CaseRow, audience: Audience) -> bool:
    return row.published or audience is Audience.CURATOR


def _earlier(session: Session, row: m.CaseRow, audience: Audience) -> tuple[CaseLink, ...]:
    chain: list[CaseLink] = []
    seen = {row.id}
    current = row
    while current.continues_id and current.continues_id not in seen:
        seen.add(current.continues_id)
        current = session.get_one(m.CaseRow, current.continues_id)
        if _seen(current, audience):
            chain.append(rows.case_link(current))
    return tuple(reversed(chain))


def _later(session: Session, row: m.CaseRow, audience: Audience) -> tuple[CaseLink, ...]:
    chain: list[CaseLink] = []
    seen = {row.id}
    frontier = [row.id]
    while frontier:
        found = session.scalars(
            select(m.CaseRow)
            .where(m.CaseRow.continues_id.in_(frontier), m.CaseRow.id.not_in(seen))
            .order_by(m.CaseRow.implemented_in)
        ).all()
        chain.extend(rows.case_link(case) for case in found if _seen(case, audience))
        frontier = [case.id for case in found]
        seen.update(frontier)
    return tuple(chain)


def _event_page(session: Session, row: m.EventRow, audience: Audience) -> EventPage:
    cases = session.scalars(select(m.CaseRow).filter_by(event_id=row.id).order_by(m.CaseRow.id))
    shown = [case for case in cases.all() if _seen(case, audience)]
    documents = session.scalars(
        select(m.DocumentRow)
        .where(
            (m.DocumentRow.event_id == row.id)
            | m.DocumentRow.case_id.in_([case.id for case in shown])
        )
        .order_by(m.DocumentRow.id)
    ).all()
    roles = session.scalars(select(m.RoleRow).filter_by(event_id=row.id).order_by(m.RoleRow.id))
    previous, following = _neighbours(session, row)
    return EventPage(
        event=rows.event_view(row),
        cases=tuple(rows.case_link(case) for case in shown),
        documents=_document_views(session, [d for d in documents if rows.may_know(d, audience)]),
        roles=tuple(rows.role_view(r) for r in roles if _role_visible(session, r, audience)),
        previous=previous,
        following=following,
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


def _municipality_page(
    session: Session, row: m.MunicipalityRow, audience: Audience
) -> MunicipalityPage:
    former = session.scalars(
        select(m.FormerNameRow)
        .filter_by(successor_code=row.code)
        .order_by(m.FormerNameRow.changed_on.desc(), m.FormerNameRow.name)
    ).all()
    codes = [row.code, *(name.code for name in former)]
    cases = session.scalars(
        select(m.CaseRow)
        .join(m.CaseMunicipalityRow, m.CaseMunicipalityRow.case_id == m.CaseRow.id)
        .where(m.CaseMunicipalityRow.code.in_(codes))
        .order_by(m.CaseRow.implemented_in.desc(), m.CaseRow.id)
        .distinct()
    ).all()
    shown = [case for case in cases if _seen(case, audience)]
    events = {case.event.id: case.event for case in shown if case.event}
    return MunicipalityPage(
        municipality=rows.municipality_view(row),
        former=tuple(rows.former_view(name) for name in former),
        successor=None,
        cases=tuple(rows.case_link(case) for case in shown),
        events=tuple(rows.event_view(event) for event in events.values()),
    )
