"""The queue of documents that wait for a curator: what is nearly done comes first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, defer

from kb.catalogue import models as m
from kb.catalogue import rows
from kb.catalogue.review.settlements import TO_SETTLE, load_places, places_of, settlement_of
from kb.catalogue.review.states import in_state, open_fields, rights_said, state_of
from kb.catalogue.review.views import PAGE_SIZE, WAITING, Queue, QueueAsked, QueueRow, State
from kb.catalogue.views import NEEDS_OCR, UNREAD, EventView
from kb.domain.rights import Audience, Terms, allowed
from kb.domain.settled import Basis, Field, Settlement

_HEAVY = (m.DocumentRow.signature, m.DocumentRow.outline, m.DocumentRow.attachments)


def queue(session: Session, asked: QueueAsked) -> Queue:
    """One page of the queue; a page beyond the last one is the last."""
    found = _ordered(session, asked)
    pages = max(-(-len(found) // PAGE_SIZE), 1)
    start = (min(asked.page, pages) - 1) * PAGE_SIZE
    return Queue(
        rows=queue_rows(session, found[start : start + PAGE_SIZE]),
        total=len(found),
        counts=_counts(session),
        events=_events(session),
        pages=pages,
    )


def queue_rows(session: Session, ids: Sequence[str]) -> tuple[QueueRow, ...]:
    """These documents as the queue shows them, in this order."""
    shown = _loaded(session, ids)
    load_places(session, shown)
    said, alike = rights_said(session, ids), alike_counts(session, ids)
    return tuple(_row(row, alike.get(row.id, 0), row.id in said) for row in shown)


def waiting(session: Session) -> int:
    """How many documents wait."""
    wanted = select(func.count()).select_from(m.DocumentRow)
    return session.scalar(wanted.where(or_(*map(in_state, WAITING)))) or 0


def waiting_order(session: Session) -> list[str]:
    """Everything that waits, in the order of the queue."""
    return _ordered(session, QueueAsked())


def _ordered(session: Session, asked: QueueAsked) -> list[str]:
    """Identifiers: of what waits the nearly done first, of all else the newest."""
    row = m.DocumentRow
    states = WAITING if asked.state is None else (asked.state,)
    wanted = select(row).where(or_(*map(in_state, states)))
    if asked.event_id is not None:
        cases = select(m.CaseRow.id).where(m.CaseRow.event_id == asked.event_id)
        wanted = wanted.where(or_(row.event_id == asked.event_id, row.case_id.in_(cases)))
    if not set(states) <= set(WAITING):
        newest = wanted.with_only_columns(row.id).order_by(row.added_at.desc(), row.id)
        return list(session.scalars(newest))
    held = session.scalars(wanted.options(*TO_SETTLE, *map(defer, _HEAVY))).all()
    return [each.id for each in sorted(held, key=nearness)]


def nearness(row: m.DocumentRow) -> tuple[bool, int, datetime, str]:
    """What the queue is sorted by: the nearly done first, then the oldest.

    Files of which nothing could be read come last: little is proposed for them, so little is open,
    and most want another file. Pictures of text are worth publishing as they are.
    """
    unread = row.outcome in UNREAD and row.outcome != NEEDS_OCR
    return unread, len(open_fields(settlement_of(row))), row.added_at, row.id


def _loaded(session: Session, ids: Sequence[str]) -> list[m.DocumentRow]:
    wanted = select(m.DocumentRow).where(m.DocumentRow.id.in_(ids))
    held = {row.id: row for row in session.scalars(wanted.options(*TO_SETTLE))}
    return [held[id_] for id_ in ids]


def alike_counts(session: Session, ids: Sequence[str]) -> Mapping[str, int]:
    """Document -> how many it is like, on which nobody has decided."""
    pair = m.LikenessRow
    wanted = select(pair.document_id, pair.other_id).where(
        pair.decision.is_(None), or_(pair.document_id.in_(ids), pair.other_id.in_(ids))
    )
    return Counter(id_ for found in session.execute(wanted) for id_ in found)


def _row(row: m.DocumentRow, alike: int, said: bool) -> QueueRow:
    settlement, may = settlement_of(row), allowed(rows.rights_of(row), Audience.CURATOR)
    event = row.event or (row.case.event if row.case else None)
    return QueueRow(
        id=row.id,
        title=settlement.text(Field.TITLE) or row.title,
        state=state_of(row),
        file_name=row.file_name if may.view else None,
        event_title=event.title if event else None,
        places=tuple(place.name for place in places_of(row, settlement)),
        outcome=row.outcome,
        added_at=row.added_at,
        sure=len(settlement.sure()),
        open=open_fields(settlement),
        confidence=_least(settlement),
        rights_open=row.rights_terms == Terms.UNKNOWN.value and not said,
        alike=alike,
    )


def _least(settlement: Settlement) -> float | None:
    """Of the best proposals that nobody has settled, the least sure one's confidence."""
    standing = [
        each.confidence
        for name, each in settlement.standing.items()
        if each.basis is Basis.PROPOSED and name is not Field.PEOPLE and each.confidence is not None
    ]
    waiting = [
        found[0].confidence
        for name, found in settlement.open_proposals().items()
        if name not in settlement.standing and name is not Field.PEOPLE
    ]
    return min([*standing, *waiting], default=None)


def _counts(session: Session) -> dict[State, int]:
    return {
        state: session.scalar(
            select(func.count()).select_from(m.DocumentRow).where(in_state(state))
        )
        or 0
        for state in State
    }


def _events(session: Session) -> tuple[EventView, ...]:
    used = select(m.DocumentRow.event_id).union(select(m.CaseRow.event_id))
    wanted = (
        select(m.EventRow)
        .where(m.EventRow.id.in_(used))
        .order_by(m.EventRow.held_on.desc(), m.EventRow.id)
    )
    return tuple(rows.event_view(row) for row in session.scalars(wanted))
