"""The CSV files of a collection, row by row, as entries of the catalogue.

Cases follow the column names of DS-451-3 with columns of ours after them, and are read as
`kb import` reads them; the other files have English column names. Lists are separated by a
half-width semicolon.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from indexer.exchange.lineage import in_order_of_lineage
from indexer.exchange.table import any_text, column_name, records, row_of
from kb.catalogue.casebooks.page_lists import read_told
from kb.catalogue.entries import (
    CaseEntry,
    DocumentEntry,
    EventEntry,
    EventPartEntry,
    ExcerptEntry,
    MunicipalityEntry,
    PersonEntry,
    ProgrammeEntry,
    RoleEntry,
    SourceEntry,
)
from kb.catalogue.exchange.cells import BadCell, Row
from kb.catalogue.exchange.encodings import BadTable, decode
from kb.catalogue.exchange.fields import case_of
from kb.domain.classification import DocumentKind, EventPart, EventState
from kb.domain.page_ranges import BadPages
from kb.domain.rights import Rights, Terms

T = TypeVar("T")


class BadRow(ValueError):
    """A row cannot be read; the message names file, line and column."""


def _read(path: Path, entry: Callable[[Row], T]) -> tuple[T, ...]:
    if not path.is_file():
        return ()
    try:
        numbered = list(records(decode(path.read_bytes()).text))
    except BadTable as error:
        raise BadRow(f"{path.name}: {error}") from error
    names = [column_name(cell) for cell in numbered[0][1]] if numbered else []
    rows = [row_of(line, names, cells) for line, cells in numbered[1:] if any_text(cells)]
    return tuple(_entry(path, row, entry) for row in rows)


def _entry(path: Path, row: Row, entry: Callable[[Row], T]) -> T:
    try:
        return entry(row)
    except BadCell as bad:
        value = f": {bad.value}" if bad.value else ""
        raise BadRow(f"{path.name} {row.line}行目「{bad.column}」: {bad.why}{value}") from bad


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


def _sources(row: Row) -> tuple[SourceEntry, ...]:
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
    return in_order_of_lineage(_read(path, case_of))


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


def _document(row: Row) -> DocumentEntry:
    terms = row.text("rights_terms") or Terms.UNKNOWN
    if terms not in set(Terms):
        raise BadCell("rights_terms", terms, "一覧にありません")
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
        excerpts=tuple(each for cell in row.words("excerpts") for each in _excerpts(cell)),
        event_parts=tuple(_event_part(cell) for cell in row.words("event_parts")),
    )


def _excerpts(cell: str) -> tuple[ExcerptEntry, ...]:
    """``case-a:3-5,9``, or ``case-a:7`` for one page."""
    case_id, _, pages = cell.rpartition(":")
    try:
        found = read_told(cell)
    except BadPages as error:
        raise BadCell("excerpts", cell, str(error)) from error
    if not case_id or not pages.strip():
        raise BadCell("excerpts", cell, "「事例ID:最初のページ-最後のページ」の形で書いてください")
    return found


def _event_part(cell: str) -> EventPartEntry:
    """``ev-a:used``."""
    event_id, _, slug = cell.partition(":")
    if not event_id or slug not in [part.value for part in EventPart]:
        choices = "、".join(part.value for part in EventPart)
        raise BadCell("event_parts", cell, f"「催しID:役割」の形で書いてください(役割は {choices})")
    return EventPartEntry(event_id, EventPart(slug))
