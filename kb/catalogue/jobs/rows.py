"""Rows of jobs and batches: how they become views, which may be taken, and how one ends."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from kb.catalogue import models as m
from kb.catalogue.jobs.views import (
    RECORDED,
    UNPACKED,
    Incoming,
    JobEnd,
    JobEntry,
    JobView,
    TakenJob,
    UploadView,
)
from kb.catalogue.table_base import now
from kb.domain.jobs import OPEN, WORKING, JobKind, JobState
from kb.domain.rights import Terms


def moment(stored: datetime) -> datetime:
    """A moment with its zone; SQLite keeps none."""
    return stored if stored.tzinfo else stored.replace(tzinfo=UTC)


FIRST = tuple(kind for kind in JobKind if kind.goes_first)


class LeaseLost(Exception):
    """The job is somebody else's by now, or has ended: what was done for it must not be kept."""


class JobRecords:
    """The part of the catalogue's writer that ends jobs in the transaction of their work.

    So the document and the end of its job are kept together or not at all.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def end(self, job_id: int, owner: str, end: JobEnd) -> None:
        """End a job that `owner` has taken.

        Raises:
            LeaseLost: it is no longer theirs.
        """
        row = self._session.get(m.JobRow, job_id, with_for_update=True)
        if row is None or row.lease_owner != owner or JobState(row.state) not in WORKING:
            raise LeaseLost(str(job_id))
        ended(row, end)

    def put(self, upload_id: str | None, incoming: Iterable[Incoming]) -> tuple[int, ...]:
        """Put jobs into the queue; those whose key is known are not put again. Their numbers."""
        return tuple(_put(self._session, upload_id, *one).id for one in incoming)


def _put(
    session: Session, upload_id: str | None, entry: JobEntry, at_once: JobEnd | None
) -> m.JobRow:
    known = session.scalar(select(m.JobRow).filter_by(key=entry.key))
    if known is not None:
        return known
    row = m.JobRow(
        upload_id=upload_id,
        key=entry.key,
        kind=entry.kind.value,
        name=entry.name,
        folder=entry.folder,
        size=entry.size,
        sha256=entry.sha256,
        work=dict(entry.work),
        password=entry.password,
        state=JobState.QUEUED.value,
    )
    if at_once is not None:
        ended(row, at_once)
    session.add(row)
    session.flush()
    return row


def ended(row: m.JobRow, end: JobEnd) -> None:
    """Write an end into a row; the password is forgotten."""
    row.state, row.outcome, row.result = end.state.value, end.outcome, end.result()
    row.document_id = end.document_id or row.document_id
    row.pages = end.pages or row.pages
    row.pages_done = end.pages or row.pages_done
    row.password = row.lease_owner = row.lease_until = None
    row.ended_at = now()


def due(at: float) -> ColumnElement[bool]:
    """Jobs that may be taken at a moment (seconds since 1970).

    The tables of a batch go before its files, and wait until the batch is complete. Two jobs
    on the same bytes are never at work together: the second is to find what the first became.
    """
    other = aliased(m.JobRow)
    waiting = or_(
        m.JobRow.state == JobState.QUEUED.value,
        and_(m.JobRow.state.in_(WORKING), m.JobRow.lease_until < at),
    )
    same = exists(
        select(other.id).where(
            other.sha256 == m.JobRow.sha256,
            other.id != m.JobRow.id,
            other.state.in_(WORKING),
            other.lease_until >= at,
        )
    )
    tables = exists(
        select(other.id).where(
            other.upload_id == m.JobRow.upload_id, other.kind.in_(FIRST), other.state.in_(OPEN)
        )
    )
    complete = or_(
        m.JobRow.upload_id.is_(None),
        exists(select(m.UploadRow.id).where(m.UploadRow.id == m.JobRow.upload_id).where(
            m.UploadRow.closed
        )),
    )  # fmt: skip
    first = m.JobRow.kind.in_(FIRST)
    return and_(waiting, ~same, or_(and_(first, complete), and_(~first, ~tables)))


def upload_view(session: Session, row: m.UploadRow) -> UploadView:
    """A batch with the states of its files."""
    event = session.get(m.EventRow, row.event_id) if row.event_id else None
    return UploadView(
        id=row.id,
        actor=row.actor,
        made_at=moment(row.made_at),
        origin=row.origin,
        terms=Terms(row.rights_terms),
        draft=row.draft,
        event_id=row.event_id,
        event_title=event.title if event else None,
        note=row.note,
        closed=row.closed,
        states=counted(session, row.id),
        aside=_aside(session, row.id),
    )


def _aside(session: Session, upload_id: str) -> int:
    wanted = select(func.count()).where(m.JobRow.upload_id == upload_id)
    return session.scalar(wanted.where(m.JobRow.outcome.in_((UNPACKED, RECORDED)))) or 0


def counted(session: Session, upload_id: str | None) -> dict[JobState, int]:
    """How many jobs of a batch (None: of all) are in which state, as their documents stand."""
    wanted = (
        select(m.JobRow.state, m.DocumentRow.published, func.count())
        .outerjoin(m.DocumentRow, m.DocumentRow.id == m.JobRow.document_id)
        .group_by(m.JobRow.state, m.DocumentRow.published)
    )
    if upload_id is not None:
        wanted = wanted.where(m.JobRow.upload_id == upload_id)
    states: dict[JobState, int] = {}
    for slug, published, count in session.execute(wanted):
        state = _shown(JobState(slug), published)
        states[state] = states.get(state, 0) + count
    return states


def _shown(state: JobState, published: bool | None) -> JobState:
    """A job's state as its document stands now."""
    if state not in (JobState.WAITING, JobState.PUBLISHED) or published is None:
        return state
    return JobState.PUBLISHED if published else JobState.WAITING


def job_view(row: m.JobRow, published: bool | None, title: str | None = None) -> JobView:
    """A job for curators; `published` and `title` of its document, None where there is none."""
    return JobView(
        id=row.id,
        upload_id=row.upload_id,
        kind=JobKind(row.kind),
        name=row.name,
        folder=row.folder,
        size=row.size,
        state=_shown(JobState(row.state), published),
        outcome=row.outcome,
        label=row.result.get("label"),
        detail=row.result.get("detail"),
        advice=row.result.get("advice"),
        document_id=row.document_id,
        pages_done=row.pages_done,
        pages=row.pages,
        tries=row.tries,
        put_at=moment(row.put_at),
        started_at=moment(row.started_at) if row.started_at else None,
        ended_at=moment(row.ended_at) if row.ended_at else None,
        document_title=title,
    )


def taken(session: Session, row: m.JobRow, owner: str) -> TakenJob:
    """A job for whoever has taken it."""
    upload = session.get(m.UploadRow, row.upload_id) if row.upload_id else None
    return TakenJob(
        id=row.id,
        owner=owner,
        kind=JobKind(row.kind),
        name=row.name,
        folder=row.folder,
        size=row.size,
        sha256=row.sha256,
        work=dict(row.work),
        password=row.password,
        tries=row.tries,
        document_id=row.document_id,
        upload=upload_view(session, upload) if upload else None,
    )
