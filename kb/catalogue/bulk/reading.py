"""Reading the files of changes: how far one has come, and what its rows would do."""

import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from kb.catalogue.bulk.tables import BulkLineRow, BulkRow
from kb.catalogue.bulk.views import (
    WRITES,
    BulkFile,
    BulkLine,
    BulkPage,
    BulkState,
    BulkView,
    Shown,
)
from kb.catalogue.exchange.row_report import Change, Refusal, RowOutcome, RowReport
from kb.catalogue.jobs.reading import JobReader
from kb.catalogue.jobs.rows import moment
from kb.catalogue.merging.follow import merged_into
from kb.catalogue.session import Database

LINES_A_PAGE = 50

_SHOWN: Mapping[Shown, tuple[ColumnElement[bool], ...]] = {
    Shown.ALL: (),
    Shown.CHANGES: (BulkLineRow.outcome.in_([outcome.value for outcome in WRITES]),),
    Shown.ERRORS: (BulkLineRow.outcome == RowOutcome.REFUSED.value,),
    Shown.MOVED: (BulkLineRow.moved.is_(True),),
}


class BulkReader:
    """Reads what came as a file into one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs = JobReader(database)

    def file(self, bulk_id: str) -> BulkFile | None:
        """A file for whoever works on it."""
        with self._database.reading() as session:
            row = session.get(BulkRow, bulk_id)
            if row is None:
                return None
            content = zlib.decompress(row.content)
            asked = row.applied_by or ""
            return BulkFile(row.id, row.name, content, row.clear_blanks, asked, row.actor)

    def view(self, bulk_id: str) -> BulkView | None:
        """One file, with how many of its rows do what."""
        with self._database.reading() as session:
            row = session.get(BulkRow, bulk_id)
            return self._view(session, row) if row else None

    def files(self, most: int = 20) -> tuple[BulkView, ...]:
        """The newest files first."""
        newest = select(BulkRow).order_by(BulkRow.made_at.desc(), BulkRow.id).limit(most)
        with self._database.reading() as session:
            return tuple(self._view(session, row) for row in session.scalars(newest))

    def lines(self, bulk_id: str, shown: Shown, page: int) -> BulkPage:
        """A page of the rows, in the order of the file; the last one where there are not so many.

        Args:
            bulk_id: of which file.
            shown: which rows.
            page: from 1.
        """
        of_them = (BulkLineRow.bulk_id == bulk_id, *_SHOWN[shown])
        with self._database.reading() as session:
            total = session.scalar(select(func.count()).where(*of_them)) or 0
            pages = max(1, -(-total // LINES_A_PAGE))
            at = min(page, pages)
            some = select(BulkLineRow).where(*of_them).order_by(BulkLineRow.line)
            some = some.limit(LINES_A_PAGE).offset((at - 1) * LINES_A_PAGE)
            lines = tuple(BulkLine(_report(row), row.moved) for row in session.scalars(some))
            return BulkPage(lines, total, at, pages)

    def reports(self, bulk_id: str) -> dict[int, RowReport]:
        """Line -> what was shown of it."""
        every = select(BulkLineRow).where(BulkLineRow.bulk_id == bulk_id)
        with self._database.reading() as session:
            return {row.line: _report(row) for row in session.scalars(every)}

    def _view(self, session: Session, row: BulkRow) -> BulkView:
        counts, moved = counted(session, row.id)
        return BulkView(
            id=row.id,
            actor=row.actor,
            made_at=moment(row.made_at),
            name=row.name,
            size=row.size,
            clear_blanks=row.clear_blanks,
            state=BulkState(row.state),
            turn=row.turn,
            encoding=row.told.get("encoding", ""),
            remarks=tuple(row.told.get("remarks", ())),
            why=row.told.get("why", ""),
            applied_by=row.applied_by,
            applied_at=moment(row.applied_at) if row.applied_at else None,
            recorded=row.recorded,
            job=self._jobs.by_key(job_key(row.id, row.turn)),
            counts=counts,
            moved=moved,
            dropped_by=row.told.get("dropped_by", ""),
        )


def merged_cases(database: Database, case_ids: Iterable[str]) -> dict[str, str]:
    """Those of the cases that were merged into others, each with the one that was kept."""
    with database.reading() as session:
        found = {case_id: merged_into(session, case_id) for case_id in case_ids}
    return {case_id: kept for case_id, kept in found.items() if kept is not None}


def to_be_written() -> ColumnElement[bool]:
    """A file (:class:`BulkRow`) was looked at, writes something, and nobody has it written."""
    line = BulkLineRow
    writes = line.outcome.in_([outcome.value for outcome in WRITES])
    some = select(line.line).where(line.bulk_id == BulkRow.id, writes).exists()
    return and_(BulkRow.state == BulkState.CHECKED.value, some)


def job_key(bulk_id: str, turn: int) -> str:
    """The key of the job that works on a file in its so many-th turn."""
    return f"{bulk_id}-{turn}"


def counted(session: Session, bulk_id: str) -> tuple[dict[RowOutcome, int], int]:
    """How many rows of a file do what, and how many have moved."""
    wanted = (
        select(BulkLineRow.outcome, BulkLineRow.moved, func.count())
        .where(BulkLineRow.bulk_id == bulk_id)
        .group_by(BulkLineRow.outcome, BulkLineRow.moved)
    )
    counts: dict[RowOutcome, int] = {}
    moved = 0
    for slug, other, count in session.execute(wanted):
        counts[RowOutcome(slug)] = counts.get(RowOutcome(slug), 0) + count
        moved += count if other else 0
    return counts, moved


def _report(row: BulkLineRow) -> RowReport:
    """A report as it was before it was kept as JSON."""
    kept: dict[str, Any] = row.report
    return RowReport(
        line=row.line,
        outcome=RowOutcome(row.outcome),
        case=kept["case"],
        title=kept["title"],
        changes=tuple(Change(**each) for each in kept["changes"]),
        refusals=tuple(Refusal(**each) for each in kept["refusals"]),
        remarks=tuple(kept["remarks"]),
    )
