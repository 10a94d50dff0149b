"""Changing many cases by a file: it is sent, looked at by the worker, and then written.

Nothing of a file is written before somebody has seen what each of its rows does, and nothing but
what was seen: see :mod:`indexer.exchange.bulk_jobs`.
"""

import secrets
import zlib
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from kb.catalogue.bulk.reading import BulkReader, counted, job_key, to_be_written
from kb.catalogue.bulk.tables import BulkRow
from kb.catalogue.bulk.views import WRITES, BulkState
from kb.catalogue.changes import recording
from kb.catalogue.exchange.ds451 import Written, as_csv
from kb.catalogue.exchange.exporting import ExportReader
from kb.catalogue.exchange.row_report import RowOutcome
from kb.catalogue.jobs.rows import JobRecords
from kb.catalogue.jobs.views import JobEntry
from kb.catalogue.models import JobRow
from kb.catalogue.name_changes import codes_now
from kb.catalogue.table_base import now
from kb.domain.jobs import JobKind, JobState
from kb.domain.rights import Audience

KEPT_DAYS = 90
"""How long a file and what its rows did can be looked up; SourceEvents are kept for ever."""


class CannotApply(ValueError):
    """A file cannot be written, or looked at, as it stands; the message is for the curator."""


class BulkDesk(BulkReader):
    """Where files of changes come in; safe to use from several threads."""

    def begin(self, name: str, content: bytes, *, clear_blanks: bool, actor: str) -> str:
        """Keep a file and have the worker look at it; its identifier. Durable on return.

        Files older than :data:`KEPT_DAYS` are forgotten.

        Args:
            name: of the file, without folders.
            content: as it was sent.
            clear_blanks: a blank cell takes the value away; otherwise it says nothing.
            actor: who sent it.
        """
        row = BulkRow(
            id=f"bk-{secrets.token_hex(8)}",
            actor=actor,
            name=name,
            size=len(content),
            content=zlib.compress(content),
            clear_blanks=clear_blanks,
            state=BulkState.CHECKING.value,
            turn=1,
        )
        with recording(self._database, "ファイルの控え") as session:
            old = now() - timedelta(days=KEPT_DAYS)
            session.execute(delete(BulkRow).where(BulkRow.made_at < old))
            session.add(row)
            _put(session, row, {"do": "check"})
            return row.id

    def check_again(self, bulk_id: str) -> None:
        """Have the worker look at a file once more.

        Raises:
            CannotApply: it is not there, is being worked on, or has been written.
        """
        with recording(self._database, "ファイルの控え") as session:
            row = _row(session, bulk_id)
            if row.state == BulkState.APPLIED.value or _is_worked_on(session, row):
                raise CannotApply("いまは、もう一度確かめることはできません。")
            row.state, row.turn = BulkState.CHECKING.value, row.turn + 1
            row.applied_by = None
            _put(session, row, {"do": "check"})

    def apply(self, bulk_id: str, turn: int, *, skip_refused: bool, actor: str) -> None:
        """Have the worker write exactly what was shown.

        Args:
            bulk_id: which file.
            turn: the look at it that was shown.
            skip_refused: write the other rows though some are refused.
            actor: who wants it, as every SourceEvent will tell.

        Raises:
            CannotApply: it is not there, there is nothing to write, it stands elsewhere by now,
                rows are refused and are not to be left out, or another person has to ask.
        """
        with recording(self._database, "ファイルの控え") as session:
            row = _shown(session, bulk_id, turn)
            if self.needs_other(row.actor, actor):
                raise CannotApply(
                    "2人で公開する設定です。送った人とは別の人が、この画面で内容を確かめて書き込みます。"
                )
            counts, _ = counted(session, bulk_id)
            if not any(counts.get(outcome) for outcome in WRITES):
                raise CannotApply("書き込む変更がありません。")
            refused = counts.get(RowOutcome.REFUSED, 0)
            if refused and not skip_refused:
                raise CannotApply(
                    f"登録できない行が{refused}行あるため、何も書き込んでいません。ファイルを直して"
                    "送り直すか、「不可の行をとばす」を選んでから、もう一度押してください。"
                )
            row.state, row.turn, row.applied_by = BulkState.APPLYING.value, turn + 1, actor
            _put(session, row, {"do": "apply"})

    def drop(self, bulk_id: str, turn: int, actor: str) -> None:
        """Have nobody write a file; it can be looked at again.

        Args:
            bulk_id: which file.
            turn: the look at it that was shown.
            actor: who wants it: its sender, or who was to write it.

        Raises:
            CannotApply: it is not there, or stands elsewhere by now.
        """
        with recording(self._database, "ファイルの控え") as session:
            row = _shown(session, bulk_id, turn)
            row.state = BulkState.DROPPED.value
            row.told = {**row.told, "dropped_by": actor}

    def needs_other(self, sender: str, actor: str) -> bool:
        """Whether what somebody has sent waits for another person than `actor`."""
        return self._database.two_person and sender == actor

    def waiting(self) -> int:
        """How many files wait for another person than their sender; none where one is enough."""
        if not self._database.two_person:
            return 0
        with self._database.reading() as session:
            return session.scalar(select(func.count(BulkRow.id)).where(to_be_written())) or 0

    def sheet(self, code: str | None, year: int | None, encoding: str) -> Written:
        """The cases as a file to change and send back; drafts and specimens too.

        Args:
            code: of the municipality of today whose cases to take; None takes all.
            year: the practice year whose cases to take; None takes all.
            encoding: one of :data:`kb.catalogue.exchange.ds451.ENCODINGS`.
        """
        wanted = [
            case
            for case in ExportReader(self._database).cases(Audience.CURATOR)
            if (year is None or case.entry.implemented_in == year)
            and (code is None or _is_of(case.entry.municipality_codes, code))
        ]
        return as_csv(wanted, encoding)


def _row(session: Session, bulk_id: str) -> BulkRow:
    row = session.get(BulkRow, bulk_id, with_for_update=True)
    if row is None:
        raise CannotApply("このファイルは見つかりません。もう一度送ってください。")
    return row


def _shown(session: Session, bulk_id: str, turn: int) -> BulkRow:
    row = _row(session, bulk_id)
    if row.state != BulkState.CHECKED.value or row.turn != turn:
        raise CannotApply(
            "画面を開いたあとで、このファイルの状態が変わりました。いまの内容を確かめてください。"
        )
    return row


def _is_worked_on(session: Session, row: BulkRow) -> bool:
    if not BulkState(row.state).working:
        return False
    job = session.query(JobRow).filter_by(key=job_key(row.id, row.turn)).one_or_none()
    return job is not None and not JobState(job.state).ended


def _put(session: Session, row: BulkRow, work: dict[str, str]) -> None:
    entry = JobEntry(
        key=job_key(row.id, row.turn),
        kind=JobKind.BULK,
        name=row.name,
        folder="",
        size=row.size,
        sha256=None,
        # The crew tells progress by file: there is none here, the bytes are in the row.
        work={**work, "bulk": row.id, "file": f"{row.id}/csv"},
    )
    session.flush()
    JobRecords(session).put(None, [(entry, None)])


def _is_of(codes: tuple[str, ...], code: str) -> bool:
    return any(code == each or code in codes_now(each) for each in codes)
