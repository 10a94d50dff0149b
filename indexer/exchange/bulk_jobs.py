"""Files of changes, looked at and written.

A look plans every row and keeps what it would do; nothing else is written. Writing plans once
more and compares: where any row would do other than what was shown, the new look is kept and
shown instead. Cases, file and job are one transaction, so a worker that is killed in the middle
has written nothing, and whoever takes the job over begins anew.
"""

from dataclasses import replace

from indexer.exchange.importing import (
    CaseImport,
    CatalogueMoved,
    ImportOptions,
    ImportPlan,
    places_of,
)
from indexer.exchange.planning import Planned, changes_between
from indexer.exchange.report import ImportReport, RowOutcome, RowReport
from kb.catalogue.bulk.reading import BulkReader
from kb.catalogue.bulk.rows import bulk_writing
from kb.catalogue.bulk.views import MOST_ROWS, BulkFile, Told, effect
from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.exchange.encodings import BadTable
from kb.catalogue.jobs.views import JobEnd, TakenJob
from kb.catalogue.review.second_person import allow_all
from kb.catalogue.session import Database
from kb.domain.jobs import JobState

_MOST_MOVES = 5
"""How often writing is tried while other writers get in between."""

_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8(BOM付き)", "cp932": "CP932(Shift_JIS)"}

CHECKED = JobEnd(JobState.PUBLISHED, "checked", "確かめた", "各行がどうなるかを調べました。")
SHOWN_AGAIN = JobEnd(
    JobState.PUBLISHED, "moved", "もう一度確かめた", "ほかの人が変えたため、書き込みませんでした。"
)
GONE = JobEnd(JobState.FAILED, "missing", "ファイルがない", "ファイルの控えがありません。")


class BulkWork:
    """Does the jobs on files of changes, over one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reader = BulkReader(database)

    def do(self, job: TakenJob) -> None:
        """Look at a file, or write it.

        Raises:
            LeaseLost: it was somebody else's when it was to be recorded; nothing has been.
            CatalogueMoved: others wrote each time it was tried; nothing has been recorded.
        """
        file = self._reader.file(str(job.work["bulk"]))
        if file is None:
            with bulk_writing(self._database, Authorship("kb")) as (writer, _):
                writer.jobs.end(job.id, job.owner, GONE)
        elif job.work["do"] == "apply":
            self._apply(job, file)
        else:
            self._check(job, file)

    def _check(self, job: TakenJob, file: BulkFile) -> None:
        try:
            told = told_of(self._plan(self._importer(""), file))
        except BadTable as error:
            told = Told(why=str(error))
        with bulk_writing(self._database, Authorship("kb")) as (writer, records):
            records.told(file.id, told)
            writer.jobs.end(job.id, job.owner, CHECKED)

    def _apply(self, job: TakenJob, file: BulkFile) -> None:
        shown, importer = self._reader.reports(file.id), self._importer(file.applied_by)
        for turn in range(_MOST_MOVES):
            try:
                self._write(job, file, importer, shown)
            except CatalogueMoved:
                if turn == _MOST_MOVES - 1:
                    raise
            else:
                return

    def _write(
        self, job: TakenJob, file: BulkFile, importer: CaseImport, shown: dict[int, RowReport]
    ) -> None:
        plan = self._plan(importer, file)
        told = told_of(plan)
        moved = moved_since(shown, told)
        with bulk_writing(self._database, Authorship(file.applied_by, file.name)) as (w, records):
            if moved:
                records.told(file.id, told, moved)
                w.jobs.end(job.id, job.owner, SHOWN_AGAIN)
                return
            if file.sent_by != file.applied_by:
                allow_all(w.session)
            recorded = importer.record(w, plan)
            records.applied(file.id, recorded)
            w.jobs.end(job.id, job.owner, _applied(recorded))

    def _importer(self, actor: str) -> CaseImport:
        return CaseImport(self._database, places_of(self._database), actor)

    @staticmethod
    def _plan(importer: CaseImport, file: BulkFile) -> ImportPlan:
        options = ImportOptions(clear_blanks=file.clear_blanks, most_rows=MOST_ROWS)
        return importer.plan(file.name, file.content, options)


def told_of(plan: ImportPlan) -> Told:
    """What a plan means for whoever sent the file."""
    return Told(
        rows=tuple(map(_shown, plan.rows)),
        encoding=_ENCODINGS[plan.report.encoding],
        remarks=tuple(_remarks(plan.report)),
    )


def moved_since(shown: dict[int, RowReport], told: Told) -> frozenset[int]:
    """The lines that would do other than what was shown of them."""
    return frozenset(
        row.line
        for row in told.rows
        if row.line not in shown or effect(row) != effect(shown[row.line])
    )


def _shown(planned: Planned) -> RowReport:
    """A row's report; of a new case with all it will hold."""
    report, entry = planned.report, planned.entry
    if entry is None or report.outcome is not RowOutcome.NEW:
        return report
    return replace(report, changes=tuple(changes_between(CaseEntry(entry.id, "", ()), entry)))


def _remarks(report: ImportReport) -> tuple[str, ...]:
    unread = report.unknown_columns
    return (*report.remarks, *((f"読まない列: {'、'.join(unread)}",) if unread else ()))


def _applied(recorded: int) -> JobEnd:
    return JobEnd(JobState.PUBLISHED, "recorded", "書き込んだ", f"{recorded}件を書き込みました。")
