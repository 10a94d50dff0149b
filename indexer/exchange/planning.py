"""What each row of a table would do to the catalogue; nothing is written here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indexer.exchange.identity import KnownCases
from indexer.exchange.lineage import returns_to_itself
from indexer.exchange.places import Places
from indexer.exchange.report import Change, Refusal, RowOutcome, RowReport
from kb.catalogue.entries import CaseEntry
from kb.catalogue.exchange.cells import BadCell, Row
from kb.catalogue.exchange.encodings import MISSING, cp932_form
from kb.catalogue.exchange.exporting import References
from kb.catalogue.exchange.fields import (
    CODES,
    CONTINUES,
    DEPARTMENTS,
    EVENT,
    FIELDS,
    ID,
    PROGRAMME,
    TITLE,
    Field,
    settled,
)
from kb.domain.case_study import NARRATIVE, SUMMARY_CHARACTERS

_FIELD = {field.column: field for field in FIELDS}
_YEAR, _PROVISIONAL = "事例実施年", "仮題"

_EXCEL_FAULTS = frozenset(
    ("#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
)
"""What Excel writes for a formula that has no value."""

Values = dict[str, Any]
"""Column -> what its cell says; columns that say nothing are left out."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A row's report and, unless it is refused, the case as it will be."""

    report: RowReport
    entry: CaseEntry | None = None


class Planner:
    """Plans the rows of one file, in their order."""

    def __init__(
        self,
        stored: Iterable[CaseEntry],
        references: References,
        places: Places,
        *,
        merged: Mapping[str, str],
        clear_blanks: bool,
        cp932: bool,
    ) -> None:
        """Take what the catalogue holds.

        Args:
            stored: every case of the catalogue.
            references: its events and programmes.
            places: reads municipalities.
            merged: cases that were merged into others -> the one that was kept.
            clear_blanks: a blank cell takes the value away.
            cp932: the file lacks characters, 〓 stands for them.
        """
        self._stored = {entry.id: entry for entry in stored}
        self._known = KnownCases(self._stored.values())
        self._references = references
        self._places = places
        self._merged = merged
        self._clear_blanks = clear_blanks
        self._cp932 = cp932
        self._lines: dict[str, int] = {}

    def plan(self, rows: Iterable[Row]) -> tuple[Planned, ...]:
        """What becomes of every row."""
        planned = tuple(self._row(row) for row in rows)
        while (refused := self._without_broken_lineage(planned)) != planned:
            planned = refused
        return planned

    # -- one row -------------------------------------------------------------------------

    def _row(self, row: Row) -> Planned:
        values, remarks, bad = self._values(row)
        if not bad:
            try:
                return self._meant(row, values, remarks)
            except BadCells as error:
                bad = error.cells
        return _refused(row, bad, remarks)

    def _values(self, row: Row) -> tuple[Values, tuple[str, ...], list[BadCell]]:
        """What the cells say, what was read otherwise than written, and what cannot be read."""
        values: Values = {}
        remarks: tuple[str, ...] = ()
        bad = list(_unfit(row))
        for field in FIELDS:
            blank = row.text(field.column) is None
            cleared = self._clear_blanks and field.clearable and field.column in row.cells
            if field.column == CODES or (blank and not cleared):
                continue
            try:
                values[field.column] = field.read(row, field.column)
            except BadCell as error:
                bad.append(error)
        try:
            places = self._places.read(row)
            remarks = places.remarks
            if places.codes:
                values[CODES] = places.codes
        except BadCell as error:
            bad.append(error)
        return values, remarks, bad

    def _meant(self, row: Row, values: Values, remarks: tuple[str, ...]) -> Planned:
        try:
            before = self._before(row, values)
        except BadCell as error:
            raise BadCells([error]) from error
        after, bad = self._applied(before or self._new(row, values), row, values)
        bad += self._inconsistent(after)
        if bad:
            raise BadCells(bad)
        self._known.add(after)
        self._lines[after.id] = row.line
        planned = _planned(row, before, after, (*remarks, *_long_summary(row)))
        return _with_formulas_named(planned, before or CaseEntry(after.id, "", ()), after)

    def _before(self, row: Row, values: Values) -> CaseEntry | None:
        titles = [title for name in (TITLE, _PROVISIONAL) if (title := values.get(name))]
        codes: tuple[str, ...] = values.get(CODES, ())
        case_id = row.text(ID)
        if case_id is not None and (kept := self._merged.get(case_id)):
            remedy = f"IDを {kept} に直すか、この行を消してください。"
            raise BadCell(ID, case_id, f"この事例は {kept} に統合されました", remedy)
        found = self._known.meant(case_id, codes, values.get(_YEAR), titles)
        if found is not None and found.id in self._lines:
            why = f"{self._lines[found.id]}行目と同じ事例です"
            raise BadCell(ID, case_id or "", why, "どちらかの行を消してください。")
        if found is None and TITLE not in values:
            row.required(TITLE)
        return found

    def _new(self, row: Row, values: Values) -> CaseEntry:
        title: str = values[TITLE]
        case_id = row.text(ID) or self._known.new_id(values[CODES], values.get(_YEAR), title)
        # The title comes with the other values, and is judged with them.
        return CaseEntry(case_id, "", ())

    def _applied(
        self, before: CaseEntry, row: Row, values: Values
    ) -> tuple[CaseEntry, list[BadCell]]:
        """The case with what the row changes of it."""
        after, bad = before, []
        for column, value in values.items():
            field = _FIELD[column]
            candidate, text = field.put(after, value), row.text(column) or ""
            if self._is_same(field, after, candidate, text):
                continue
            if self._cp932 and MISSING in text:
                why = f"{MISSING}は、このファイルの文字コード(CP932)にない文字の代わりです"
                bad.append(BadCell(column, text, why, "「CSV UTF-8」形式で保存し直してください。"))
            after = candidate
        return settled(after), bad

    def _is_same(self, field: Field, before: CaseEntry, after: CaseEntry, text: str) -> bool:
        held = field.write(before)
        if field.write(after) == held:
            return True
        # A blank cell says nothing here: municipalities may come from another column.
        return self._cp932 and bool(text) and text == cp932_form(held)

    def _inconsistent(self, case: CaseEntry) -> Iterator[BadCell]:
        if case.departments and not case.municipality_codes:
            why, remedy = "自治体のない部署です", "対象組織か団体コードを書いてください。"
            yield BadCell(DEPARTMENTS, ";".join(case.departments), why, remedy)
        for column, name, known in (
            (EVENT, case.event_id, self._references.events),
            (PROGRAMME, case.programme_id, self._references.programmes),
        ):
            if name is not None and name not in known:
                remedy = "先に登録するか、空欄にしてください。"
                yield BadCell(column, name, "目録にありません", remedy)

    # -- all rows together ---------------------------------------------------------------

    def _without_broken_lineage(self, planned: Sequence[Planned]) -> tuple[Planned, ...]:
        """The rows, those refused that continue what will not be there, or themselves."""
        after = {p.entry.id: p.entry for p in planned if p.entry is not None}
        continues = {i: e.continues_id for i, e in {**self._stored, **after}.items()}
        return tuple(_unless_broken(p, continues) for p in planned)


class BadCells(ValueError):
    """A row cannot be taken, for one or more reasons."""

    def __init__(self, cells: Sequence[BadCell]) -> None:
        super().__init__("、".join(cell.why for cell in cells))
        self.cells = list(cells)


def _unfit(row: Row) -> Iterator[BadCell]:
    if row.surplus:
        why = "見出しより多くの列があります"
        remedy = '値の中の , や " が正しく引用符で囲まれているか確かめてください。'
        yield BadCell("", ",".join(row.surplus), why, remedy)
    for column, cell in row.cells.items():
        if "\x00" in cell:
            yield BadCell(column, cell, "値のない文字(NUL)があります", "消してください。")
        if cell in _EXCEL_FAULTS:
            why, remedy = "Excelの数式の誤りです", "数式ではなく、値を書いてください。"
            yield BadCell(column, cell, why, remedy)


def _long_summary(row: Row) -> Iterator[str]:
    column = NARRATIVE["summary"]
    length = len(row.text(column) or "")
    if length > SUMMARY_CHARACTERS:
        yield f"{column}が{length}文字あります(DS-451-3では{SUMMARY_CHARACTERS}文字以内)。"


def _planned(
    row: Row, before: CaseEntry | None, after: CaseEntry, remarks: tuple[str, ...]
) -> Planned:
    changes = tuple(changes_between(before, after)) if before else ()
    outcome = RowOutcome.CHANGED if changes else RowOutcome.UNCHANGED
    if before is None:
        outcome = RowOutcome.NEW
    report = RowReport(row.line, outcome, after.id, after.title, changes, (), remarks)
    return Planned(report, after)


def changes_between(before: CaseEntry, after: CaseEntry) -> Iterator[Change]:
    """The columns that differ, in the order of an export."""
    for field in FIELDS:
        was, is_ = field.write(before), field.write(after)
        if was != is_:
            yield Change(field.column, was, is_)


def _with_formulas_named(planned: Planned, before: CaseEntry, after: CaseEntry) -> Planned:
    """The same, with a remark on each new value that looks like a formula."""
    found = [each for each in changes_between(before, after) if each.after[:1] in ("=", "＝")]
    if not found:
        return planned
    told = tuple(
        f"{c.column}は「=」で始まります。数式ではなく、文字のまま登録します。" for c in found
    )
    report = replace(planned.report, remarks=(*planned.report.remarks, *told))
    return replace(planned, report=report)


def _refused(row: Row, bad: Sequence[BadCell], remarks: tuple[str, ...]) -> Planned:
    refusals = tuple(Refusal(cell.column, cell.value, cell.why, cell.remedy) for cell in bad)
    return Planned(
        RowReport(
            row.line, RowOutcome.REFUSED, row.text(ID), row.text(TITLE), (), refusals, remarks
        )
    )


def _unless_broken(planned: Planned, continues: dict[str, str | None]) -> Planned:
    entry = planned.entry
    if entry is None or entry.continues_id is None:
        return planned
    if entry.continues_id not in continues:
        why, remedy = "目録にもこのファイルにもない事例です", "IDを直すか、空欄にしてください。"
    elif returns_to_itself(entry.id, continues):
        why, remedy = "たどると自分に戻ります", "どちらが前の事例かを確かめてください。"
    else:
        return planned
    refusal = Refusal(CONTINUES, entry.continues_id, why, remedy)
    report = replace(planned.report, outcome=RowOutcome.REFUSED, changes=(), refusals=(refusal,))
    return Planned(report)
