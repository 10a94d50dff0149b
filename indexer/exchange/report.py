"""What became of every row of an imported file, for people and for programs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from indexer.lines import printable, short
from kb.catalogue.exchange.row_report import Change as Change
from kb.catalogue.exchange.row_report import Refusal as Refusal
from kb.catalogue.exchange.row_report import RowOutcome as RowOutcome
from kb.catalogue.exchange.row_report import RowReport as RowReport


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file."""

    file: str
    encoding: str
    heading_line: int
    unknown_columns: tuple[str, ...]
    remarks: tuple[str, ...]
    rows: tuple[RowReport, ...]
    recorded: int = 0
    """Cases written; 0 for a dry run."""

    def count(self, outcome: RowOutcome) -> int:
        """How many rows ended so."""
        return sum(row.outcome is outcome for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        """The report for a program."""
        tally = Counter(row.outcome for row in self.rows)
        counts = {outcome.value: tally[outcome] for outcome in RowOutcome}
        rows = [asdict(row) for row in self.rows]
        return {**asdict(self), "counts": counts, "rows": rows}

    def lines(self) -> Iterator[str]:
        """The report for a person, row by row."""
        for row in self.rows:
            yield from map(printable, _lines(row))

    def notes(self) -> Iterator[str]:
        """What is to be said of the file as a whole."""
        yield f"{self.file}: 文字コード {self.encoding}、見出しは{self.heading_line}行目"
        if self.unknown_columns:
            yield printable(f"読まない列: {'、'.join(self.unknown_columns)}")
        yield from self.remarks
        counts = "、".join(f"{outcome.label} {self.count(outcome)}" for outcome in RowOutcome)
        yield f"{len(self.rows)}行: {counts}"


def _lines(row: RowReport) -> Iterator[str]:
    named = f" {row.case}" if row.case else ""
    yield f"{row.line}行目 {row.outcome.label}{named}「{short(row.title or '')}」"
    for change in row.changes:
        yield f"    {change.column}: 「{short(change.before)}」→「{short(change.after)}」"
    for refusal in row.refusals:
        column = f"「{refusal.column}」" if refusal.column else ""
        value = f" {short(refusal.value)}" if refusal.value else ""
        yield f"    {column}{value}: {refusal.why}。{refusal.remedy}"
    for remark in row.remarks:
        yield f"    {remark}"
