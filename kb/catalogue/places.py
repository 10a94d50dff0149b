"""Reading the page of a municipality: its names over time, its cases, who compares with it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kb.catalogue import lineage, rows
from kb.catalogue import models as m
from kb.catalogue.former_bodies import cases_by_code, rows_of
from kb.catalogue.local_names.reading import local_names_of
from kb.catalogue.name_changes import (
    bodies_now,
    codes_over_time,
    name_changes,
    past_body,
    past_changes,
)
from kb.catalogue.people_pages import visible_roles
from kb.catalogue.place_views import CaseYear, MunicipalityPage, PlaceCount
from kb.catalogue.review.settlements import TO_SETTLE, settlement_of
from kb.catalogue.views import MunicipalityView, RoleView
from kb.domain.municipality import MunicipalityKind, region_of
from kb.domain.rights import Audience
from kb.domain.settled import Field

MOST_NEIGHBOURS = 12


def municipality_page(session: Session, code: str, audience: Audience) -> MunicipalityPage | None:
    """The page of the body that bears `code`, or bore it; None when none ever did.

    Where a code has been given twice, its bearer of today comes first.
    """
    row = session.get(m.MunicipalityRow, code)
    if row is not None and row.abolished_on is None:
        return _present(session, row, audience)
    past = past_body(code)
    return _past(session, past, audience) if past else None


def _present(session: Session, row: m.MunicipalityRow, audience: Audience) -> MunicipalityPage:
    body = rows.municipality_view(row)
    counted = _counted(session, body, audience)
    parent = session.get(m.MunicipalityRow, row.parent_code) if row.parent_code else None
    page = MunicipalityPage(
        municipality=body,
        timeline=name_changes(body.code),
        local_names=local_names_of(session, codes_over_time(body.code)),
        parent=rows.municipality_view(parent) if parent else None,
        wards=_wards(session, body, counted),
        members=_members(body, counted),
        neighbours=_neighbours(body, counted),
    )
    return _with_records(session, page, codes_over_time(body.code), audience)


def _past(session: Session, body: MunicipalityView, audience: Audience) -> MunicipalityPage:
    heirs = tuple(heir.code for heir in body.now)
    page = MunicipalityPage(
        municipality=body,
        timeline=past_changes(body),
        successors=tuple(rows.municipality_view(row) for row in rows_of(session, heirs)),
    )
    return _with_records(session, page, (body.code, *heirs), audience)


def _with_records(
    session: Session, page: MunicipalityPage, codes: Sequence[str], audience: Audience
) -> MunicipalityPage:
    """The page with all that is filed under `codes`, whether invented or real as its body."""
    body = page.municipality
    cases = _cases(session, codes, body, audience)
    events = {case.event.id: case.event for case in cases if case.event}
    latest = sorted(events.values(), key=lambda e: (e.held_on is not None, e.held_on), reverse=True)
    lone = _lone_documents(session, codes, body, audience)
    return replace(
        page,
        prefecture=_prefecture(session, body),
        years=_by_year(cases),
        lineages=lineage.lineages(session, cases, audience),
        events=tuple(rows.event_view(event) for event in latest),
        documents=len(lone),
        roles=_roles(session, page, cases, [*lone, *_documents_of(cases)], audience),
    )


def _prefecture(session: Session, body: MunicipalityView) -> MunicipalityView | None:
    kind = MunicipalityKind.PREFECTURE.value
    wanted = select(m.MunicipalityRow).filter_by(name=body.prefecture, kind=kind)
    row = session.scalar(wanted) if body.kind != kind else None
    return rows.municipality_view(row) if row else None


# --- what is filed under it ---------------------------------------------------------------


def _cases(
    session: Session, codes: Sequence[str], body: MunicipalityView, audience: Audience
) -> list[m.CaseRow]:
    """Newest practice year first; those without one last."""
    found = session.scalars(
        select(m.CaseRow)
        .where(
            m.CaseRow.municipalities.any(m.MunicipalityRow.code.in_(codes)),
            m.CaseRow.specimen.is_(body.specimen),
        )
        .options(
            selectinload(m.CaseRow.municipalities),
            selectinload(m.CaseRow.themes),
            selectinload(m.CaseRow.documents),
            joinedload(m.CaseRow.event),
        )
        .order_by(func.coalesce(m.CaseRow.implemented_in, 0).desc(), m.CaseRow.id)
    )
    return [case for case in found if lineage.seen(case, audience)]


def _by_year(cases: Sequence[m.CaseRow]) -> tuple[CaseYear, ...]:
    years = groupby(cases, key=lambda case: case.implemented_in)
    return tuple(CaseYear(year, tuple(rows.case_link(case) for case in of)) for year, of in years)


def _documents_of(cases: Sequence[m.CaseRow]) -> list[str]:
    return [document.id for case in cases for document in case.documents]


def _lone_documents(
    session: Session, codes: Sequence[str], body: MunicipalityView, audience: Audience
) -> list[str]:
    """The documents that stand under the body itself, not by way of a case."""
    proposed = cast(m.DocumentRow.recognised, String)
    found = session.scalars(
        select(m.DocumentRow)
        .where(
            m.DocumentRow.case_id.is_(None),
            m.DocumentRow.specimen.is_(body.specimen),
            # What a document may stand under is settled below; here the others are left out.
            or_(
                m.DocumentRow.municipalities.any(m.MunicipalityRow.code.in_(codes)),
                m.DocumentRow.decisions.any(m.DecisionRow.field == Field.MUNICIPALITY.value),
                # No recogniser proposes a code of the past.
                *(proposed.contains(code) for code in codes if not bodies_now(code)),
            ),
        )
        .options(*TO_SETTLE)
    )
    return [
        row.id
        for row in found
        if rows.may_know(row, audience)
        and not set(codes).isdisjoint(settlement_of(row).texts(Field.MUNICIPALITY))
    ]


def _roles(
    session: Session,
    page: MunicipalityPage,
    cases: Sequence[m.CaseRow],
    documents: Sequence[str],
    audience: Audience,
) -> tuple[RoleView, ...]:
    """Who spoke in its cases and documents, and who held its office where it reported."""
    role = m.RoleRow
    reported_at = [case.event_id for case in cases if case.event_id]
    bodies = (page.municipality, *page.successors)
    in_office = [role.title.startswith(body.name, autoescape=True) for body in bodies]
    found = session.scalars(
        select(role)
        .where(
            or_(
                role.case_id.in_([case.id for case in cases]),
                role.document_id.in_(documents),
                role.event_id.in_(reported_at) & or_(*in_office),
            )
        )
        .order_by(role.on.is_(None), role.on.desc(), role.id)
    ).all()
    return visible_roles(session, found, audience)


# --- who compares with it -----------------------------------------------------------------


def _counted(
    session: Session, body: MunicipalityView, audience: Audience
) -> tuple[PlaceCount, ...]:
    """Every body that has cases, invented ones or real ones as `body` is, in code order."""
    seen = [] if audience is Audience.CURATOR else [m.CaseRow.published.is_(True)]
    cases = cases_by_code(session, [m.CaseRow.specimen.is_(body.specimen), *seen])
    return tuple(
        PlaceCount(rows.municipality_view(row), len(cases[row.code]))
        for row in rows_of(session, cases)
        if row.specimen == body.specimen
    )


def _wards(
    session: Session, body: MunicipalityView, counted: Sequence[PlaceCount]
) -> tuple[PlaceCount, ...]:
    cases = {place.municipality.code: place.cases for place in counted}
    found = session.scalars(
        select(m.MunicipalityRow).filter_by(parent_code=body.code).order_by(m.MunicipalityRow.code)
    )
    return tuple(PlaceCount(rows.municipality_view(row), cases.get(row.code, 0)) for row in found)


def _members(body: MunicipalityView, counted: Sequence[PlaceCount]) -> tuple[PlaceCount, ...]:
    if body.kind != MunicipalityKind.PREFECTURE:
        return ()
    return tuple(
        place
        for place in counted
        if place.municipality.prefecture == body.name and place.municipality.code != body.code
    )


def _neighbours(body: MunicipalityView, counted: Sequence[PlaceCount]) -> tuple[PlaceCount, ...]:
    """Those of the same class of size: of the prefecture, then the region, then elsewhere."""
    alike = [
        place
        for place in counted
        if place.municipality.size_class is body.size_class and place.municipality.code != body.code
    ]
    alike.sort(key=lambda place: (_distance(body, place.municipality), -place.cases))
    return tuple(alike[:MOST_NEIGHBOURS])


def _distance(one: MunicipalityView, other: MunicipalityView) -> int:
    if one.prefecture == other.prefecture:
        return 0
    return 1 if region_of(one.code) == region_of(other.code) else 2
