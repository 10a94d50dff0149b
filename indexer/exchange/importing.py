"""Cases from a CSV file into the catalogue: one transaction for the file, or nothing.

Raises what its callers must tell a person: BadTable when the file is no table of cases,
CatalogueMoved when somebody else wrote meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer.exchange.lineage import in_order_of_lineage
from indexer.exchange.places import Places
from indexer.exchange.planning import Planned, Planner
from indexer.exchange.report import ImportReport, RowOutcome
from indexer.exchange.table import Table, read_table
from indexer.gazetteer import gazetteer_of
from kb.catalogue.bulk.reading import merged_cases
from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.exchange.encodings import CP932
from kb.catalogue.exchange.exporting import ExportReader
from kb.catalogue.exchange.fields import (
    ALSO_CALLED,
    CODES,
    ID,
    MODEL_REQUIRES,
    ORGANISATION,
    READ,
    STATEMENTS,
    TITLE,
)
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.session import Database
from kb.catalogue.writing import CatalogueWriter, writing
from kb.domain.rights import Audience

REQUIRED = ((TITLE,), (ORGANISATION, CODES))
"""Columns without which a table is no table of cases."""

_WRITES = (RowOutcome.NEW, RowOutcome.CHANGED)


class CatalogueMoved(Exception):
    """Another process wrote between planning and recording; nothing was recorded."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is to be taken."""

    dry_run: bool = False
    skip_bad: bool = False
    """Record the good rows though others are refused."""
    clear_blanks: bool = False
    """A blank cell takes the value away; otherwise it says nothing."""
    most_rows: int | None = None
    """A file of more is refused; None takes any number."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a file would do to the catalogue as it stood at one moment."""

    report: ImportReport
    rows: tuple[Planned, ...]
    """One for each row of the report, in the same order."""
    sequence: int
    """Of the catalogue then."""

    @property
    def refused(self) -> int:
        """How many rows cannot be taken."""
        return self.report.count(RowOutcome.REFUSED)


class CaseImport:
    """Takes files of cases into one catalogue."""

    def __init__(self, database: Database, places: Places, actor: str = "kb import") -> None:
        """Take the catalogue and what reads its municipalities (:func:`places_of`)."""
        self._database = database
        self._places = places
        self._actor = actor

    def take(self, name: str, content: bytes, options: ImportOptions) -> ImportReport:
        """Plan every row and, unless it is a dry run or a row is refused, record.

        Args:
            name: of the file; the reason that every SourceEvent gives.
            content: of the file, in any of the encodings of :mod:`kb.catalogue.exchange.encodings`.
            options: how.

        Raises:
            BadTable: the file is no table of cases.
            CatalogueMoved: another process wrote at the same time.
        """
        plan = self.plan(name, content, options)
        if options.dry_run or (plan.refused and not options.skip_bad) or not any(_to_write(plan)):
            return plan.report
        with writing(self._database, Authorship(self._actor, name)) as writer:
            return replace(plan.report, recorded=self.record(writer, plan))

    def plan(self, name: str, content: bytes, options: ImportOptions) -> ImportPlan:
        """What every row would do; writes nothing, whatever the options say.

        Raises:
            BadTable: the file is no table of cases.
        """
        table = read_table(content, READ, REQUIRED, options.most_rows, ALSO_CALLED)
        sequence = CatalogueReader(self._database).sequence()
        planned = self._planner(table, options).plan(table.rows)
        report = ImportReport(
            file=name,
            encoding=table.encoding,
            heading_line=table.heading_line,
            unknown_columns=tuple(name for name in table.unknown if name != STATEMENTS),
            remarks=tuple(_remarks(table, planned)),
            rows=tuple(plan.report for plan in planned),
        )
        return ImportPlan(report, planned, sequence)

    def record(self, writer: CatalogueWriter, plan: ImportPlan) -> int:
        """Record a plan in the transaction of a writer; how many cases are other than before.

        Raises:
            CatalogueMoved: somebody wrote since it was made; the transaction must be given up.
        """
        recorded = sum(map(writer.record_case, in_order_of_lineage(_to_write(plan))))
        # What has been written here is not yet seen by others, nor counted here.
        if CatalogueReader(self._database).sequence() != plan.sequence:
            raise CatalogueMoved(
                "取り込みのあいだに、ほかの処理が目録を書き換えました。もう一度実行してください。"
            )
        return recorded

    def _planner(self, table: Table, options: ImportOptions) -> Planner:
        reader = ExportReader(self._database)
        stored = [case.entry for case in reader.cases(Audience.CURATOR)]
        held = {entry.id for entry in stored}
        others = {i for row in table.rows if (i := row.text(ID)) is not None and i not in held}
        return Planner(
            stored,
            reader.references(),
            self._places,
            merged=merged_cases(self._database, others),
            clear_blanks=options.clear_blanks,
            cp932=table.encoding == CP932,
        )


def _to_write(plan: ImportPlan) -> Iterator[CaseEntry]:
    for row in plan.rows:
        if row.entry is not None and row.report.outcome in _WRITES:
            yield row.entry


def _remarks(table: Table, planned: tuple[Planned, ...]) -> Iterator[str]:
    absent = [name for name in MODEL_REQUIRES if name not in table.columns]
    # A case that is held has them from before: a file may name only what it changes.
    if absent and any(plan.report.outcome is RowOutcome.NEW for plan in planned):
        yield f"DS-451-3で必須の列がありません(空欄として読みます): {'、'.join(absent)}"
    if STATEMENTS in table.unknown:
        yield f"「{STATEMENTS}」は事例ではなく資料の記録なので、読みません。"


def places_of(database: Database) -> Places:
    """What reads the municipalities of a catalogue; takes about 0.4 s, so make it once."""
    return Places(gazetteer_of(database))
