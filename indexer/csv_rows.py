"""The CSV files of a collection, row by row, as entries of the catalogue.

Cases follow the column names of DS-451-3 with columns of ours after them; the other files
have English column names. Lists are separated by a half-width semicolon. UTF-8, with or
without a byte order mark.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from kb.catalogue.entries import (
    CaseEntry,
    DocumentEntry,
    EventEntry,
    MunicipalityEntry,
    PersonEntry,
    ProgrammeEntry,
    RoleEntry,
    SourceEntry,
)
from kb.domain.case_study import KEYWORD_SEPARATOR, NARRATIVE
from kb.domain.classification import (
    Classified,
    DepartmentFunction,
    DocumentKind,
    EventState,
    Theme,
)
from kb.domain.rights import Rights, Terms

T = TypeVar("T")
C = TypeVar("C", bound=Classified)

MEDIA_COLUMNS = (
    "イメージタイトル",
    "イメージファイル",
    "イメージのライセンス",
    "ビデオタイトル",
    "ビデオURL",
    "ビデオのライセンス",
)


class BadRow(ValueError):
    """A row cannot be read; the message names file, line and column."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row, its cells trimmed; blank cells are None."""

    file: str
    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str | None:
        return self.cells.get(column, "").strip() or None

    def required(self, column: str) -> str:
        value = self.text(column)
        if value is None:
            raise self.bad(column, "空です")
        return value

    def words(self, column: str) -> tuple[str, ...]:
        cell = self.text(column) or ""
        return tuple(w for part in cell.split(KEYWORD_SEPARATOR) if (w := part.strip()))

    def number(self, column: str) -> int | None:
        value = self.text(column)
        if value is None:
            return None
        if not value.isdecimal():
            raise self.bad(column, f"数字ではありません: {value}")
        return int(value)

    def day(self, column: str) -> date | None:
        value = self.text(column)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError as error:
            raise self.bad(column, f"日付(年-月-日)ではありません: {value}") from error

    def flag(self, column: str) -> bool:
        return self.text(column) == "1"

    def member(self, column: str, members: type[C]) -> C:
        return self._member(column, self.required(column), members)

    def members(self, column: str, members: type[C]) -> tuple[C, ...]:
        return tuple(self._member(column, word, members) for word in self.words(column))

    def _member(self, column: str, text: str, members: type[C]) -> C:
        found = members.from_text(text)
        if found is None:
            raise self.bad(column, f"一覧にありません: {text}")
        return found

    def bad(self, column: str, what: str) -> BadRow:
        return BadRow(f"{self.file} {self.line}行目「{column}」: {what}")


def _read(path: Path, entry: Callable[[_Row], T]) -> tuple[T, ...]:
    if not path.is_file():
        return ()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            found = []
            for cells in reader:
                plain = {k: v for k, v in cells.items() if isinstance(k, str) and v is not None}
                found.append(entry(_Row(path.name, reader.line_num, plain)))
            return tuple(found)
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadRow(f"{path.name}: UTF-8のCSVとして読めません。") from error


def municipalities(path: Path) -> tuple[MunicipalityEntry, ...]:
    """Invented municipalities.

    Raises:
        BadRow: as every function of this module.
    """
    return _read(
        path,
        lambda row: MunicipalityEntry(
            code=row.required("code"),
            name=row.required("name"),
            kana=row.required("kana"),
            romaji=row.required("romaji"),
            kind=row.required("kind"),
            prefecture=row.required("prefecture"),
        ),
    )


def programmes(path: Path) -> tuple[ProgrammeEntry, ...]:
    """Programmes."""
    return _read(
        path,
        lambda row: ProgrammeEntry(
            id=row.required("id"),
            title=row.required("title"),
            summary=row.text("summary"),
            cohorts=tuple(int(year) for year in row.words("cohorts") if year.isdecimal()),
        ),
    )


def _sources(row: _Row) -> tuple[SourceEntry, ...]:
    url = row.text("source_url")
    if url is None:
        return ()
    return (SourceEntry(url, row.text("source_label") or url, row.day("source_seen_on")),)


def events(path: Path) -> tuple[EventEntry, ...]:
    """Events."""
    return _read(
        path,
        lambda row: EventEntry(
            id=row.required("id"),
            title=row.required("title"),
            state=row.member("state", EventState),
            series=row.text("series"),
            edition=row.text("edition"),
            held_on=row.day("held_on"),
            starts_at=row.text("starts_at"),
            ends_at=row.text("ends_at"),
            place=row.text("place"),
            mode=row.text("mode"),
            capacity=row.number("capacity"),
            attendance=row.number("attendance"),
            attendance_text=row.text("attendance_text"),
            fee=row.text("fee"),
            summary=row.text("summary"),
            keywords=row.words("keywords"),
            programme_id=row.text("programme_id"),
            sources=_sources(row),
            specimen=row.flag("specimen"),
        ),
    )


def cases(path: Path) -> tuple[CaseEntry, ...]:
    """Cases, a continued one before those that continue it."""
    return _in_order_of_lineage(_read(path, _case))


def _case(row: _Row) -> CaseEntry:
    narrative = {name: row.text(label) for name, label in NARRATIVE.items()}
    media = {column: row.text(column) for column in MEDIA_COLUMNS}
    return CaseEntry(
        id=row.required("ID"),
        title=row.required("タイトル"),
        municipality_codes=row.words("団体コード"),
        subtitle=row.text("サブタイトル"),
        provisional_title=row.text("仮題"),
        implemented_in=row.number("事例実施年"),
        presented_in=row.number("発表年度"),
        place=row.text("事例の場所"),
        service_class=row.text("行政サービス分類"),
        departments=row.words("部署"),
        functions=row.members("部署機能", DepartmentFunction),
        themes=row.members("テーマ", Theme),
        keywords=row.words("キーワード"),
        narrative={name: text for name, text in narrative.items() if text},
        media={column: text for column, text in media.items() if text},
        related_url=row.text("関連URL"),
        related_case=row.text("関連事例"),
        contact=row.text("連絡先情報"),
        published_on=row.day("公開日"),
        updated_on=row.day("最終更新日"),
        event_id=row.text("催しID"),
        programme_id=row.text("事業ID"),
        cohort=row.number("事業期"),
        continues_id=row.text("前の事例ID"),
        specimen=row.flag("見本"),
    )


def _in_order_of_lineage(entries: tuple[CaseEntry, ...]) -> tuple[CaseEntry, ...]:
    by_id = {entry.id: entry for entry in entries}
    ordered: dict[str, CaseEntry] = {}

    def place(entry: CaseEntry, waiting: frozenset[str]) -> None:
        earlier = by_id.get(entry.continues_id or "")
        if earlier and earlier.id not in ordered and earlier.id not in waiting:
            place(earlier, waiting | {entry.id})
        ordered.setdefault(entry.id, entry)

    for entry in entries:
        place(entry, frozenset())
    return tuple(ordered.values())


def people(path: Path) -> tuple[PersonEntry, ...]:
    """People."""
    return _read(
        path,
        lambda row: PersonEntry(
            id=row.required("id"),
            name=row.required("name"),
            other_names=row.words("other_names"),
            kana=row.text("kana"),
        ),
    )


def roles(path: Path) -> tuple[RoleEntry, ...]:
    """Roles of people."""
    return _read(
        path,
        lambda row: RoleEntry(
            person_id=row.required("person_id"),
            title=row.required("title"),
            part=row.required("part"),
            on=row.day("on"),
            event_id=row.text("event_id"),
            document_id=row.text("document_id"),
            case_id=row.text("case_id"),
        ),
    )


def documents(path: Path) -> tuple[tuple[DocumentEntry, str | None], ...]:
    """Documents, each with the path of its file, relative to the folder, if it has one."""
    return _read(path, lambda row: (_document(row), row.text("file")))


def _document(row: _Row) -> DocumentEntry:
    terms = row.text("rights_terms") or Terms.UNKNOWN
    if terms not in set(Terms):
        raise row.bad("rights_terms", f"一覧にありません: {terms}")
    return DocumentEntry(
        id=row.required("id"),
        title=row.required("title"),
        kind=row.member("kind", DocumentKind),
        rights=Rights(Terms(terms), row.text("rights_statement")),
        declared_size=row.text("declared_size"),
        series=row.text("series"),
        series_number=row.text("series_number"),
        edition=row.text("edition"),
        keywords=row.words("keywords"),
        departments=row.words("departments"),
        note=row.text("note"),
        presented_in=row.number("presented_in"),
        case_id=row.text("case_id"),
        event_id=row.text("event_id"),
        municipality_codes=row.words("municipality_codes"),
        sources=_sources(row),
        specimen=row.flag("specimen"),
    )
