"""Which case continues which: 前年度の取組 → この取組 → 翌年度."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue import rows
from kb.catalogue.people_views import Lineages
from kb.catalogue.views import CaseLink
from kb.domain.rights import Audience


def seen(row: m.CaseRow, audience: Audience) -> bool:
    """Whether this audience may know of the case."""
    return row.published or audience is Audience.CURATOR


def earlier(session: Session, row: m.CaseRow, audience: Audience) -> tuple[CaseLink, ...]:
    """The cases that one continues, oldest first."""
    chain: list[CaseLink] = []
    met = {row.id}
    current = row
    while current.continues_id and current.continues_id not in met:
        met.add(current.continues_id)
        current = session.get_one(m.CaseRow, current.continues_id)
        if seen(current, audience):
            chain.append(rows.case_link(current))
    return tuple(reversed(chain))


def later(session: Session, row: m.CaseRow, audience: Audience) -> tuple[CaseLink, ...]:
    """The cases that continue one, and those that continue them."""
    chain: list[CaseLink] = []
    met = {row.id}
    frontier = [row.id]
    while frontier:
        found = session.scalars(
            select(m.CaseRow)
            .where(m.CaseRow.continues_id.in_(frontier), m.CaseRow.id.not_in(met))
            .order_by(m.CaseRow.implemented_in)
        ).all()
        chain.extend(rows.case_link(case) for case in found if seen(case, audience))
        frontier = [case.id for case in found]
        met.update(frontier)
    return tuple(chain)


def lineages(session: Session, cases: Iterable[m.CaseRow], audience: Audience) -> Lineages:
    """The whole chains that cases stand in, each once; a case by itself is no chain."""
    found: list[tuple[CaseLink, ...]] = []
    told: set[str] = set()
    for case in cases:
        if case.id in told:
            continue
        chain = (
            *earlier(session, case, audience),
            rows.case_link(case),
            *later(session, case, audience),
        )
        told.update(each.id for each in chain)
        if len(chain) > 1:
            found.append(chain)
    return tuple(found)
