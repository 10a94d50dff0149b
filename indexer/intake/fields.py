"""What a line of each kind can tell: the fields, how a person names, writes and reads them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from indexer.exchange.places import Places
from indexer.intake.draft import LineKind
from kb.catalogue.exchange.cells import BadCell, Row
from kb.catalogue.exchange.fields import CODES, ORGANISATION
from kb.domain.classification import Classified, DocumentKind, EventPart, EventState, Theme

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)

Reader = Callable[[Row, str], Any]
"""Reads one cell; raises BadCell."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a line: its name in the entries of the catalogue, and what it takes."""

    name: str
    label: str
    read: Reader = Row.text
    typed: Callable[[Any], Any] = lambda value: value
    """From the plain value of a draft to that of an entry. Raises ValueError or TypeError."""
    refers: LineKind | None = None
    """What kind of line or record its value names."""
    grows: bool = False
    """A page that names fewer of them denies none: values are added, never taken away."""
    several: bool = False
    """It holds a list."""


def _time(row: Row, column: str) -> str | None:
    text = row.text(column)
    match = _TIME.fullmatch(text or "")
    if text is not None and match is None:
        raise BadCell(column, text, "時刻ではありません", "13:00 のように書いてください。")
    return f"{int(match[1]):02d}:{match[2]}" if match else None


def _years(row: Row, column: str) -> tuple[int | None, ...]:
    return tuple(Row(row.line, {column: word}).year(column) for word in row.words(column))


def _member(members: type[Classified]) -> Reader:
    def read(row: Row, column: str) -> Classified | None:
        return row.member(column, members) if row.text(column) else None

    return read


def _text(name: str, label: str) -> Field:
    return Field(name, label)


def _words(name: str, label: str, *, grows: bool = False) -> Field:
    return Field(name, label, Row.words, tuple, grows=grows, several=True)


def _number(name: str, label: str) -> Field:
    return Field(name, label, Row.number, int)


def _year(name: str, label: str) -> Field:
    return Field(name, label, Row.year, int)


def _day(name: str, label: str) -> Field:
    return Field(name, label, Row.day, date.fromisoformat)


def _hour(name: str, label: str) -> Field:
    return Field(name, label, _time)


def _one_of(name: str, label: str, members: type[Classified]) -> Field:
    return Field(name, label, _member(members), members)


def _reference(name: str, label: str, kind: LineKind) -> Field:
    return Field(name, label, refers=kind)


PLACES = Field("municipality_codes", "自治体", typed=tuple, several=True)
SOURCES = _words("sources", "出典の所在", grows=True)
STATEMENT = _text("rights_statement", "利用条件の文")
EVENT_PART = _one_of("event_part", "催しでの役割", EventPart)

FIELDS: Mapping[LineKind, tuple[Field, ...]] = {
    LineKind.PROGRAMME: (
        _text("title", "名称"),
        Field("cohorts", "期", _years, tuple, grows=True, several=True),
    ),
    LineKind.EVENT: (
        _text("title", "題"),
        _text("series", "シリーズ"),
        _text("edition", "回"),
        _one_of("state", "状態", EventState),
        _day("held_on", "開催日"),
        _hour("starts_at", "開始"),
        _hour("ends_at", "終了"),
        _text("place", "会場"),
        _text("mode", "開催方法"),
        _number("capacity", "定員"),
        _number("attendance", "参加者数"),
        _text("attendance_text", "参加者(原文)"),
        _text("fee", "参加費"),
        _words("keywords", "キーワード", grows=True),
        _reference("programme_id", "事業", LineKind.PROGRAMME),
        SOURCES,
    ),
    LineKind.CASE: (
        _text("title", "題"),
        _text("subtitle", "副題"),
        _text("provisional_title", "仮題"),
        PLACES,
        _year("implemented_in", "実践年度"),
        _year("presented_in", "発表年度"),
        _words("departments", "部署"),
        Field("themes", "テーマ", lambda row, column: row.members(column, Theme),
              lambda slugs: tuple(Theme(slug) for slug in slugs), grows=True, several=True),
        _words("keywords", "キーワード", grows=True),
        _reference("event_id", "催し", LineKind.EVENT),
        _reference("programme_id", "事業", LineKind.PROGRAMME),
        _year("cohort", "事業の期"),
        _reference("continues_id", "前の事例", LineKind.CASE),
    ),
    LineKind.PERSON: (
        _text("name", "氏名"),
        _words("other_names", "別の表記", grows=True),
        _text("kana", "かな"),
    ),
    LineKind.DOCUMENT: (
        _text("title", "題"),
        _one_of("kind", "種類", DocumentKind),
        _text("declared_size", "大きさ(原文)"),
        _text("series", "シリーズ"),
        _text("series_number", "号"),
        _text("edition", "版"),
        PLACES,
        _words("departments", "部署"),
        _words("keywords", "キーワード", grows=True),
        _year("presented_in", "発表年度"),
        _reference("event_id", "催し", LineKind.EVENT),
        EVENT_PART,
        _reference("case_id", "事例", LineKind.CASE),
        STATEMENT,
        SOURCES,
    ),
    LineKind.ROLE: (
        _reference("person_id", "人物", LineKind.PERSON),
        _text("title", "肩書"),
        _text("part", "役割"),
        _day("on", "日付"),
        _reference("event_id", "催し", LineKind.EVENT),
        _reference("document_id", "資料", LineKind.DOCUMENT),
        _reference("case_id", "事例", LineKind.CASE),
    ),
}  # fmt: skip

LABELS: Mapping[LineKind, str] = {
    LineKind.PROGRAMME: "事業",
    LineKind.EVENT: "催し",
    LineKind.CASE: "事例",
    LineKind.PERSON: "人物",
    LineKind.DOCUMENT: "資料",
    LineKind.ROLE: "役割",
}


class BadValue(ValueError):
    """A field or value that a person gave cannot be taken; the message says what to do."""


def field_of(kind: LineKind, name: str) -> Field:
    """The field that goes by a name or a Japanese label.

    Raises:
        BadValue: a line of this kind has none such.
    """
    found = next((f for f in FIELDS[kind] if name.strip() in (f.name, f.label)), None)
    if found is None:
        known = "、".join(f"{f.name}({f.label})" for f in FIELDS[kind])
        raise BadValue(f"{LABELS[kind]}の行に「{name}」という項目はありません。項目: {known}")
    return found


def told(kind: LineKind, values: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What a line says, typed, in the order of FIELDS; and the labels of what cannot be read.

    Empty fields say nothing and are left out.
    """
    read: dict[str, Any] = {}
    unreadable = []
    for field in FIELDS[kind]:
        value = values.get(field.name)
        if value in (None, "", [], ()):
            continue
        try:
            read[field.name] = field.typed(value)
        except (ValueError, TypeError):
            # It is told as unreadable, and cannot be accepted before a person writes it anew.
            unreadable.append(field.label)
    return read, tuple(unreadable)


def written(field: Field, text: str, places: Places) -> Any:
    """The plain value of what a person wrote for a field; None where they wrote nothing.

    Raises:
        BadValue: it cannot be read as such.
    """
    row = Row(1, {field.name: text.strip()})
    try:
        value = _codes(text, places) if field is PLACES else field.read(row, field.name)
    except BadCell as bad:
        raise BadValue(f"{field.label}「{bad.value}」: {bad.why}。{bad.remedy}") from bad
    return plain(value) or None


def plain(value: Any) -> Any:
    """A value of an entry as drafts and JSON hold it."""
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _codes(text: str, places: Places) -> tuple[str, ...]:
    column = CODES if text.strip()[:1].isdecimal() else ORGANISATION
    return places.read(Row(1, {column: text.strip()})).codes or ()
