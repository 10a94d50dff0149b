"""The queue of jobs: put by the web, done by workers that hold leases.

A lease is taken in one short transaction, renewed while the work goes on, and taken over by
anybody when it runs out; so a killed worker loses nothing. What a job came to is recorded in
the transaction of the work itself (:class:`~kb.catalogue.jobs.rows.JobRecords`), so it doubles
nothing either. On SQLite the writer's lock keeps two workers apart, on PostgreSQL
``FOR UPDATE SKIP LOCKED``.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import recording
from kb.catalogue.jobs.reading import JobReader
from kb.catalogue.jobs.rows import (
    JobRecords,
    LeaseLost,
    due,
    ended,
    taken,
)
from kb.catalogue.jobs.views import Incoming, JobEnd, TakenJob, UploadEntry
from kb.catalogue.session import Database
from kb.catalogue.table_base import now
from kb.domain.jobs import WORKING, JobState

LEASE_SECONDS = 60.0
"""How long a worker that says nothing keeps its job."""

MOST_TRIES = 3
"""A file that ended its worker so often is not tried again by itself."""

GAVE_UP = JobEnd(
    JobState.FAILED,
    "gave_up",
    "続けられない",
    f"読み取りの途中で処理が{MOST_TRIES}回止まったため、やめました。",
    "もう一度ためすか、PDFで保存し直したファイルを取り込んでください。",
)
CANCELLED = JobEnd(
    JobState.CANCELLED, "cancelled", "取りやめ", "順番を待っているあいだに取りやめました。"
)

_SETTLED = ("indexed", "recorded", "unpacked", "duplicate", "cancelled")
"""Outcomes that another try would not better."""

Progress = Mapping[int, tuple[int, int]]
"""Job -> pages done, pages in all (0 while nobody knows)."""


_QUEUED = {
    "state": JobState.QUEUED.value, "lease_owner": None, "lease_until": None, "pages_done": 0,
}  # fmt: skip


class UnknownJob(ValueError):
    """There is no such job or batch, or it does not stand where this could be done to it; the
    message is for the curator."""


class JobQueue(JobReader):
    """The jobs of one catalogue; safe to use from several threads and processes."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        """`clock` tells seconds since 1970; tests hand in one of their own."""
        super().__init__(database)
        self._clock = clock

    def _recording(self) -> AbstractContextManager[Session]:
        return recording(self._database, "仕事の控え")

    # -- what comes in -------------------------------------------------------------------

    def begin(self, entry: UploadEntry) -> None:
        """Begin a batch; one that is known is left alone."""
        self.begin_with(entry, ())

    def begin_with(self, entry: UploadEntry, jobs: Iterable[Incoming]) -> tuple[int, ...]:
        """Begin a batch with files that are there already, all or nothing; their numbers.

        Raises:
            UnknownJob: the event it is to belong to is not in the catalogue.
        """
        with self._recording() as session:
            if session.get(m.UploadRow, entry.id) is None:
                if entry.event_id and session.get(m.EventRow, entry.event_id) is None:
                    raise UnknownJob("選ばれた催しが見つかりません。選び直してください。")
                session.add(
                    m.UploadRow(
                        id=entry.id,
                        actor=entry.actor,
                        origin=entry.origin,
                        rights_terms=entry.terms.value,
                        draft=entry.draft,
                        event_id=entry.event_id,
                        note=entry.note,
                        closed=entry.closed,
                    )
                )
                session.flush()
            return JobRecords(session).put(entry.id, jobs)

    def put(self, upload_id: str | None, *incoming: Incoming) -> tuple[int, ...]:
        """Put jobs into the queue, each key once; their numbers. Durable on return."""
        with self._recording() as session:
            return JobRecords(session).put(upload_id, incoming)

    def close(self, upload_id: str) -> None:
        """Say that nothing more is to come, so that a batch's tables can be read."""
        with self._recording() as session:
            session.execute(
                update(m.UploadRow).where(m.UploadRow.id == upload_id).values(closed=True)
            )

    # -- work ----------------------------------------------------------------------------

    def waiting(self) -> bool:
        """Whether there is a job to take; asks without a writer's lock."""
        with self._database.reading() as session:
            return bool(session.scalar(select(m.JobRow.id).where(due(self._clock())).limit(1)))

    def take(self, owner: str, seconds: float = LEASE_SECONDS) -> TakenJob | None:
        """Take the job that has waited longest, for so long; None when there is none.

        One whose worker went away :data:`MOST_TRIES` times ends as :data:`GAVE_UP` instead.
        """
        with self._recording() as session:
            while (row := self._next(session)) is not None:
                if row.tries < MOST_TRIES:
                    row.state, row.tries = JobState.READING.value, row.tries + 1
                    row.lease_owner, row.lease_until = owner, self._clock() + seconds
                    row.started_at, row.pages_done, row.pages = now(), 0, 0
                    return taken(session, row, owner)
                ended(row, GAVE_UP)
                session.flush()
        return None

    def _next(self, session: Session) -> m.JobRow | None:
        return session.scalar(
            select(m.JobRow)
            .where(due(self._clock()))
            .order_by(m.JobRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )

    def renew(self, owner: str, progress: Progress, seconds: float = LEASE_SECONDS) -> set[int]:
        """Keep the leases of jobs at work and note how far they are; those that are kept."""
        kept: set[int] = set()
        if not progress:
            return kept
        with self._recording() as session:
            for number, (done, pages) in progress.items():
                values: dict[str, Any] = {"lease_until": self._clock() + seconds}
                values |= {"pages_done": done, "pages": pages}
                changed = session.execute(_held(number, owner).values(values))
                if changed.rowcount:  # type: ignore[attr-defined] # an update's result has it
                    kept.add(number)
        return kept

    def judging(self, job: TakenJob) -> None:
        """Note that a file is read and its fields are being proposed."""
        with self._recording() as session:
            session.execute(_held(job.id, job.owner).values(state=JobState.JUDGING.value))

    def end(self, job: TakenJob, end: JobEnd, then: Iterable[Incoming] = ()) -> bool:
        """End a job that changed nothing else, with the jobs that follow from it (or what these
        came to at once), all or nothing; whether it was still its owner's."""
        with self._recording() as session:
            records = JobRecords(session)
            try:
                records.end(job.id, job.owner, end)
            except LeaseLost:
                return False
            records.put(job.upload.id if job.upload else None, then)
            return True

    def give_back(self, owner: str) -> int:
        """Put all that `owner` has taken back into the queue, as if it had not been tried."""
        with self._recording() as session:
            held = m.JobRow.lease_owner == owner, m.JobRow.state.in_(WORKING)
            values = {**_QUEUED, "tries": m.JobRow.tries - 1}
            result = session.execute(update(m.JobRow).where(*held).values(values))
            return int(result.rowcount)  # type: ignore[attr-defined] # an update's result has it

    def put_back(self, job: TakenJob) -> None:
        """Put a job that could not be done just now back into the queue; the try is counted."""
        with self._recording() as session:
            session.execute(_held(job.id, job.owner).values(_QUEUED))

    # -- what curators do ----------------------------------------------------------------

    def retry(self, upload_id: str, job_id: int, password: str | None = None) -> None:
        """Put a job that did not end as it should into the queue once more.

        Raises:
            UnknownJob: it is not there, still at work, or not to be tried again.
        """
        with self._recording() as session:
            row = _row(session, upload_id, job_id)
            if row.outcome is None or row.outcome in _SETTLED:
                raise UnknownJob("このファイルは、いまはもう一度ためせません。")
            row.state, row.tries = JobState.QUEUED.value, 0
            row.outcome, row.result, row.ended_at = None, {}, None
            row.password = password or None

    def cancel(self, upload_id: str, job_id: int) -> None:
        """Take a job that waits out of the queue.

        Raises:
            UnknownJob: it is not there, or a worker has begun it.
        """
        with self._recording() as session:
            row = _row(session, upload_id, job_id)
            if row.state != JobState.QUEUED.value:
                raise UnknownJob("もう読み取りを始めたため、取りやめられません。")
            ended(row, CANCELLED)


def _held(number: int, owner: str) -> Any:
    return update(m.JobRow).where(
        m.JobRow.id == number, m.JobRow.lease_owner == owner, m.JobRow.state.in_(WORKING)
    )


def _row(session: Session, upload_id: str, job_id: int) -> m.JobRow:
    row = session.get(m.JobRow, job_id, with_for_update=True)
    if row is None or row.upload_id != upload_id:
        raise UnknownJob("このファイルは、この取り込みにはありません。")
    return row
