"""The pages of people, programmes and series: what stands behind the cases, over time."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import document_rows, rows
from kb.catalogue import models as m
from kb.catalogue.browsing import Browsing
from kb.catalogue.lineage import lineages, seen
from kb.catalogue.people_views import (
    CareerStep,
    CohortView,
    EditionView,
    PersonPage,
    ProgrammePage,
    SeriesPage,
    SeriesView,
)
from kb.catalogue.review.settlements import settlement_of
from kb.catalogue.views import DocumentView, EventView, RoleView
from kb.domain.rights import Audience
from kb.domain.series import series_order
from kb.domain.settled import Field


class PeoplePages(Browsing):
    """Adds people, programmes and series to the lists."""

    def person(self, person_id: str, audience: Audience) -> PersonPage | None:
        """A person and what they did, as far as this audience may know."""
        with self._database.reading() as session:
            row = session.get(m.PersonRow, person_id)
            return _person_page(session, row, audience) if row else None

    def programme(self, programme_id: str, audience: Audience) -> ProgrammePage | None:
        """A programme with its cases, year by year."""
        with self._database.reading() as session:
            row = session.get(m.ProgrammeRow, programme_id)
            return _programme_page(session, row, audience) if row else None

    def series_list(self, audience: Audience) -> tuple[SeriesView, ...]:
        """Every series of events or documents, those with the most first, invented ones last."""
        with self._database.reading() as session:
            members: dict[str, tuple[list[m.EventRow], list[m.DocumentRow]]] = {}
            for event in session.scalars(select(m.EventRow).where(m.EventRow.series.is_not(None))):
                members.setdefault(event.series or "", ([], []))[0].append(event)
            for name, document in document_rows.in_series(session):
                if rows.may_know(document, audience):
                    members.setdefault(name, ([], []))[1].append(document)
            found = [_series(name, *each) for name, each in members.items()]
        return tuple(sorted(found, key=lambda s: (s.specimen, -s.events, -s.documents, s.name)))

    def series(self, name: str, audience: Audience) -> SeriesPage | None:
        """One series under its exact name, or None when nothing of it may be known."""
        with self._database.reading() as session:
            events = session.scalars(
                select(m.EventRow)
                .filter_by(series=name)
                .order_by(m.EventRow.held_on.desc(), m.EventRow.id)
            ).all()
            documents = [
                document
                for series, document in document_rows.in_series(session)
                if series == name and rows.may_know(document, audience)
            ]
            if not events and not documents:
                return None
            views = document_rows.document_views(session, documents)
            return SeriesPage(
                series=_series(name, events, documents),
                editions=tuple(_edition(session, event, audience) for event in events),
                documents=tuple(sorted(views, key=_number, reverse=True)),
            )


def visible_roles(
    session: Session, roles: Iterable[m.RoleRow], audience: Audience
) -> tuple[RoleView, ...]:
    """The roles that this audience may know of, with the titles of what they tell of."""
    return tuple(
        _role_view(session, role, audience)
        for role in roles
        if _role_visible(session, role, audience)
    )


def _role_visible(session: Session, role: m.RoleRow, audience: Audience) -> bool:
    if role.document_id is None:
        case = session.get(m.CaseRow, role.case_id) if role.case_id else None
        return case is None or seen(case, audience)
    document = session.get(m.DocumentRow, role.document_id)
    return document is not None and rows.may_know(document, audience)


def _role_view(session: Session, role: m.RoleRow, audience: Audience) -> RoleView:
    view = rows.role_view(role)
    event = session.get(m.EventRow, role.event_id) if role.event_id else None
    document = session.get(m.DocumentRow, role.document_id) if role.document_id else None
    case = session.get(m.CaseRow, role.case_id) if role.case_id else None
    known = case if case is not None and seen(case, audience) else None
    return replace(
        view,
        event_title=event.title if event else None,
        event_held_on=event.held_on if event else None,
        document_title=_title(document) if document else None,
        case_id=known.id if known else None,
        case_title=known.title if known else None,
    )


def _title(document: m.DocumentRow) -> str:
    return settlement_of(document).text(Field.TITLE) or document.title


# -- people ----------------------------------------------------------------------------------


def _person_page(session: Session, row: m.PersonRow, audience: Audience) -> PersonPage | None:
    found = session.scalars(
        select(m.RoleRow).filter_by(person_id=row.id).order_by(m.RoleRow.id)
    ).all()
    views = sorted(visible_roles(session, found, audience), key=_day, reverse=True)
    if found and not views:
        return None  # only documents that this audience may not know of name them
    case_ids = dict.fromkeys(view.case_id for view in views if view.case_id)
    cases = [session.get_one(m.CaseRow, case_id) for case_id in case_ids]
    document_ids = dict.fromkeys(view.document_id for view in views if view.document_id)
    documents = [session.get_one(m.DocumentRow, document_id) for document_id in document_ids]
    return PersonPage(
        person=replace(rows.person_view(row, ()), roles=tuple(views)),
        career=_career(views),
        documents=document_rows.document_views(session, documents),
        cases=tuple(rows.case_link(case) for case in cases),
        events=_events(session, [view.event_id for view in views if view.event_id]),
        lineages=lineages(session, cases, audience),
    )


def _day(role: RoleView) -> date:
    return role.on or date.min


def _career(roles: Iterable[RoleView]) -> tuple[CareerStep, ...]:
    """What a person was, one post after the other, whatever they did in it."""
    posts: dict[str, list[RoleView]] = {}
    for role in sorted(roles, key=_day):
        posts.setdefault(role.title, []).append(role)
    return tuple(_step(title, told) for title, told in posts.items())


def _step(title: str, roles: Sequence[RoleView]) -> CareerStep:
    days = [role.on for role in roles if role.on]
    return CareerStep(title, min(days, default=None), max(days, default=None), tuple(roles))


def _events(session: Session, ids: Iterable[str]) -> tuple[EventView, ...]:
    found = session.scalars(
        select(m.EventRow)
        .where(m.EventRow.id.in_(set(ids)))
        .order_by(m.EventRow.held_on.desc(), m.EventRow.id)
    )
    return tuple(rows.event_view(event) for event in found)


# -- programmes ------------------------------------------------------------------------------


def _programme_page(session: Session, row: m.ProgrammeRow, audience: Audience) -> ProgrammePage:
    found = session.scalars(
        select(m.CaseRow).filter_by(programme_id=row.id).order_by(m.CaseRow.id)
    ).all()
    cases = [case for case in found if seen(case, audience)]
    held = session.scalars(select(m.EventRow.id).filter_by(programme_id=row.id)).all()
    return ProgrammePage(
        programme=rows.programme_view(row),
        cohorts=_cohorts(row, cases),
        events=_events(session, [*held, *(case.event_id for case in cases if case.event_id)]),
        lineages=lineages(session, cases, audience),
    )


def _cohorts(row: m.ProgrammeRow, cases: Sequence[m.CaseRow]) -> tuple[CohortView, ...]:
    by_year: dict[int | None, list[m.CaseRow]] = {year: [] for year in row.cohorts}
    for case in cases:
        by_year.setdefault(case.cohort, []).append(case)
    years = sorted(by_year, key=lambda year: year or 0, reverse=True)
    return tuple(
        CohortView(year, tuple(rows.case_link(case) for case in by_year[year])) for year in years
    )


# -- series ----------------------------------------------------------------------------------


def _number(document: DocumentView) -> tuple[int, str]:
    return series_order(document.series_number), document.id


def _series(
    name: str, events: Sequence[m.EventRow], documents: Sequence[m.DocumentRow]
) -> SeriesView:
    invented = all([*(e.specimen for e in events), *(d.specimen for d in documents)])
    return SeriesView(name, len(events), len(documents), invented)


def _edition(session: Session, event: m.EventRow, audience: Audience) -> EditionView:
    found = session.scalars(select(m.CaseRow).filter_by(event_id=event.id).order_by(m.CaseRow.id))
    cases = tuple(rows.case_link(case) for case in found if seen(case, audience))
    return EditionView(rows.event_view(event), cases)
