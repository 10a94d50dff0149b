"""Reading the queue of jobs: batches, their files, and what of what came in is still wanted."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from kb.catalogue import models as m
from kb.catalogue.jobs.rows import counted, job_view, moment, upload_view
from kb.catalogue.jobs.views import JobView, UploadView
from kb.catalogue.session import Database
from kb.catalogue.table_base import now
from kb.catalogue.worklist.views import FAILED_DAYS
from kb.domain.jobs import OPEN, JobKind, JobState
from kb.domain.rights import Terms


class JobReader:
    """Reads the jobs of one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def upload(self, upload_id: str) -> UploadView | None:
        """One batch."""
        with self._database.reading() as session:
            row = session.get(m.UploadRow, upload_id)
            return upload_view(session, row) if row else None

    def uploads(self, most: int = 50) -> tuple[UploadView, ...]:
        """The newest batches first."""
        newest = select(m.UploadRow).order_by(m.UploadRow.made_at.desc(), m.UploadRow.id)
        with self._database.reading() as session:
            return tuple(upload_view(session, row) for row in session.scalars(newest.limit(most)))

    def jobs_of(self, upload_id: str) -> tuple[JobView, ...]:
        """The jobs of a batch, in the order in which they came."""
        return self._views(m.JobRow.upload_id == upload_id)

    def by_key(self, key: str) -> JobView | None:
        """The job that was put with this key."""
        return next(iter(self._views(m.JobRow.key == key)), None)

    def _views(self, which: ColumnElement[bool]) -> tuple[JobView, ...]:
        wanted = (
            select(m.JobRow, m.DocumentRow.published, m.DocumentRow.title)
            .outerjoin(m.DocumentRow, m.DocumentRow.id == m.JobRow.document_id)
            .where(which)
            .order_by(m.JobRow.id)
        )
        with self._database.reading() as session:
            return tuple(job_view(*each) for each in session.execute(wanted))

    def tables_of(self, upload_id: str) -> tuple[tuple[JobView, Mapping[str, Any]], ...]:
        """The tables that came with a batch, each with where its bytes are."""
        wanted = select(m.JobRow).filter_by(upload_id=upload_id, kind=JobKind.RECORDS.value)
        with self._database.reading() as session:
            rows = session.scalars(wanted.order_by(m.JobRow.id))
            return tuple((job_view(row, None), dict(row.work)) for row in rows)

    def counts(self) -> Mapping[JobState, int]:
        """How many jobs are in which state, over all batches."""
        with self._database.reading() as session:
            return counted(session, None)

    def unsolved(self) -> int:
        """How many files were not taken in and have not been dealt with since.

        What became no document counts for as long as the worklist tells of it; what did, until
        somebody has published that document or taken it down.
        """
        job, document = m.JobRow, m.DocumentRow
        recent = job.ended_at >= now() - timedelta(days=FAILED_DAYS)
        waits = and_(document.published.is_(False), document.rights_terms != Terms.WITHDRAWN.value)
        wanted = (
            select(func.count(func.distinct(func.coalesce(document.id, job.key))))
            .select_from(job)
            .outerjoin(document, document.id == job.document_id)
            .where(job.state == JobState.FAILED.value, job.upload_id.is_not(None))
            .where(or_(and_(document.id.is_(None), recent), waits))
        )
        with self._database.reading() as session:
            return session.scalar(wanted) or 0

    def files_of(self, uploads: Iterable[str], since: float) -> tuple[set[str], set[str]]:
        """The incoming files of the jobs of these batches, and those of them that are wanted.

        Wanted are those of open jobs, of every table while its batch has open jobs, and of
        failures that became no document and ended after `since` (seconds since 1970).
        """
        known: set[str] = set()
        wanted: set[str] = set()
        with self._database.reading() as session:
            for upload_id in uploads:
                rows = session.scalars(select(m.JobRow).filter_by(upload_id=upload_id)).all()
                busy = any(JobState(row.state) in OPEN for row in rows)
                known |= {str(row.work["file"]) for row in rows}
                wanted |= {str(row.work["file"]) for row in rows if _wanted(row, busy, since)}
        return known, wanted

    def open_sums(self) -> set[str]:
        """The sha256 of everything that is not done."""
        undone = select(m.JobRow.sha256).where(m.JobRow.state.in_(OPEN))
        with self._database.reading() as session:
            return {found for found in session.scalars(undone) if found}


def _wanted(row: m.JobRow, busy: bool, since: float) -> bool:
    if JobState(row.state) in OPEN or (busy and row.kind == JobKind.RECORDS.value):
        return True
    failed = row.state == JobState.FAILED.value and row.document_id is None
    return failed and row.ended_at is not None and moment(row.ended_at).timestamp() > since
