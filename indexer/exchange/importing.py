"""Cases from a CSV file into the catalogue: one transaction for the file, or nothing.

Raises what its callers must tell a person: BadTable when the file is no table of cases,
CatalogueMoved when somebody else wrote meanwhile.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.exchange.encodings import CP932
from indexer.exchange.fields import (
    CODES,
    MODEL_REQUIRES,
    ORGANISATION,
    READ,
    STATEMENTS,
    TITLE,
)
from indexer.exchange.lineage import in_order_of_lineage
from indexer.exchange.places import Places
from indexer.exchange.planning import Planned, Planner
from indexer.exchange.report import ImportReport, RowOutcome
from indexer.exchange.table import Table, read_table
from indexer.gazetteer import gazetteer_of
from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.exporting import ExportReader
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.session import Database
from kb.catalogue.writing import writing
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
            content: of the file, in any of the encodings of :mod:`indexer.exchange.encodings`.
            options: how.

        Raises:
            BadTable: the file is no table of cases.
            CatalogueMoved: another process wrote at the same time.
        """
        table = read_table(content, READ, REQUIRED)
        sequence = CatalogueReader(self._database).sequence()
        planned = self._planner(table, options).plan(table.rows)
        report = ImportReport(
            file=name,
            encoding=table.encoding,
            heading_line=table.heading_line,
            unknown_columns=tuple(name for name in table.unknown if name != STATEMENTS),
            remarks=tuple(_remarks(table)),
            rows=tuple(plan.report for plan in planned),
        )
        refused = report.count(RowOutcome.REFUSED)
        if options.dry_run or (refused and not options.skip_bad):
            return report
        return replace(report, recorded=self._record(name, planned, sequence))

    def _planner(self, table: Table, options: ImportOptions) -> Planner:
        reader = ExportReader(self._database)
        return Planner(
            [case.entry for case in reader.cases(Audience.CURATOR)],
            reader.references(),
            self._places,
            clear_blanks=options.clear_blanks,
            cp932=table.encoding == CP932,
        )

    def _record(self, name: str, planned: Sequence[Planned], sequence: int) -> int:
        entries = in_order_of_lineage(_to_write(planned))
        if not entries:
            return 0
        with writing(self._database, Authorship(self._actor, name)) as writer:
            recorded = sum(map(writer.record_case, entries))
            # What has been written here is not yet seen by others, nor counted here.
            if CatalogueReader(self._database).sequence() != sequence:
                raise CatalogueMoved(
                    "取り込みのあいだに、ほかの処理が目録を書き換えました。もう一度実行してください。"
                )
        return recorded


def _to_write(planned: Sequence[Planned]) -> Iterator[CaseEntry]:
    for plan in planned:
        if plan.entry is not None and plan.report.outcome in _WRITES:
            yield plan.entry


def _remarks(table: Table) -> Iterator[str]:
    absent = [name for name in MODEL_REQUIRES if name not in table.columns]
    if absent:
        yield f"DS-451-3で必須の列がありません(空欄として読みます): {'、'.join(absent)}"
    if STATEMENTS in table.unknown:
        yield f"「{STATEMENTS}」は事例ではなく資料の記録なので、読みません。"


def places_of(database: Database) -> Places:
    """What reads the municipalities of a catalogue; takes about 0.4 s, so make it once."""
    return Places(gazetteer_of(database))
