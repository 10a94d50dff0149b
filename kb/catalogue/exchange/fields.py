"""The columns of a case, each with how it is read, written and put into a case.

First those of DS-451-3 under exactly its names, then ours. 対象組織 is written from the
municipalities' names, and read by :mod:`kb.catalogue.exchange.places`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from kb.catalogue.entries import CaseEntry
from kb.catalogue.exchange.cells import BadCell, Row, join_list, stripped
from kb.domain.case_study import COLUMNS, NARRATIVE
from kb.domain.classification import Classified, DepartmentFunction, Theme
from kb.domain.departments import functions_of

TITLE, ID, ORGANISATION, CODES = "タイトル", "ID", "対象組織", "団体コード"
PLACE, DEPARTMENTS, CONTINUES = "事例の場所", "部署", "前の事例ID"
EVENT, PROGRAMME = "催しID", "事業ID"
ALSO_CALLED: Mapping[str, str] = MappingProxyType({"実践年度": "事例実施年"})
"""What our pages call a column of DS-451-3 -> its name there."""
STATEMENTS = "資料の利用条件"
"""Written only: what the authors of a case's documents ask of their readers."""

OWN_COLUMNS = (
    "発表年度", "仮題", CODES, DEPARTMENTS, "部署機能",
    EVENT, PROGRAMME, "事業期", CONTINUES, "見本",
)  # fmt: skip
"""Ours, after those of DS-451-3."""
WRITTEN = (*COLUMNS, *OWN_COLUMNS, STATEMENTS)
"""The columns of an export, in its order."""

MODEL_REQUIRES = (
    TITLE, PLACE, ORGANISATION,
    "取り組みの概要", "取り組み理由", "目的", "取り組み内容", "連絡先情報",
)  # fmt: skip
"""What DS-451-3 marks 必."""
MEDIA = (
    "イメージタイトル", "イメージファイル", "イメージのライセンス",
    "ビデオタイトル", "ビデオURL", "ビデオのライセンス",
)  # fmt: skip

_LONGEST_NAME = {PLACE: 40, DEPARTMENTS: 80}
"""Characters; the columns of the catalogue's tables hold no more."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column and the part of a case it holds."""

    column: str
    read: Callable[[Row, str], Any]
    """The value of a cell; raises BadCell. A blank cell is None, False or ()."""
    write: Callable[[CaseEntry], str]
    """The cell of a case, as it would be read back; blank where there is nothing."""
    put: Callable[[CaseEntry, Any], CaseEntry]
    """The case with another value."""
    clearable: bool = True
    """Whether a blank cell may ever take the value away."""


def _field(
    column: str,
    attribute: str,
    read: Callable[[Row, str], Any] = Row.text,
    write: Callable[[Any], str] = str,
    *,
    clearable: bool = True,
) -> Field:
    """A column that holds one attribute."""

    def written(entry: CaseEntry) -> str:
        value = getattr(entry, attribute)
        return "" if value is None else stripped(write(value))

    def put(entry: CaseEntry, value: Any) -> CaseEntry:
        return replace(entry, **{attribute: value})

    return Field(column, read, written, put, clearable)


def _part(column: str, attribute: str, key: str) -> Field:
    """A column that holds one text of a mapping."""

    def written(entry: CaseEntry) -> str:
        return stripped(getattr(entry, attribute).get(key) or "")

    def put(entry: CaseEntry, value: Any) -> CaseEntry:
        texts: Mapping[str, str] = getattr(entry, attribute)
        others: dict[str, Any] = {name: text for name, text in texts.items() if name != key}
        changed: dict[str, Any] = {attribute: others | ({key: value} if value else {})}
        return replace(entry, **changed)

    return Field(column, Row.text, written, put)


def _labels(members: tuple[Classified, ...]) -> str:
    return join_list(member.label for member in members)


def _each_once(row: Row, column: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(row.words(column)))
    for word in words:
        _refuse_long(column, word)
    return words


def _names(names: tuple[str, ...]) -> str:
    # The catalogue keeps departments in no order of their own.
    return join_list(sorted({stripped(name) for name in names}))


def _short_text(row: Row, column: str) -> str | None:
    text = row.text(column)
    _refuse_long(column, text or "")
    return text


def _refuse_long(column: str, text: str) -> None:
    longest = _LONGEST_NAME.get(column, len(text))
    if len(text) > longest:
        raise BadCell(column, text, f"{longest}文字より長い名前です", "短くしてください。")


def _themes(row: Row, column: str) -> tuple[Theme, ...]:
    return tuple(dict.fromkeys(row.members(column, Theme)))


def _theme_labels(themes: tuple[Theme, ...]) -> str:
    # In the order of the list, which is the only one the catalogue keeps.
    return _labels(tuple(theme for theme in Theme if theme in themes))


def _functions(row: Row, column: str) -> tuple[DepartmentFunction, ...]:
    return row.members(column, DepartmentFunction)


FIELDS = (
    _field(TITLE, "title", clearable=False),
    _field("サブタイトル", "subtitle"),
    _field("事例実施年", "implemented_in", Row.year),
    _field(PLACE, "place", _short_text),
    _field("行政サービス分類", "service_class"),
    _field("テーマ", "themes", _themes, _theme_labels),
    _field("キーワード", "keywords", Row.words, join_list),
    *(_part(column, "narrative", key) for key, column in NARRATIVE.items()),
    *(_part(column, "media", column) for column in MEDIA),
    _field("関連URL", "related_url"),
    _field("関連事例", "related_case"),
    _field("連絡先情報", "contact"),
    _field("公開日", "published_on", Row.day),
    _field("最終更新日", "updated_on", Row.day),
    _field("発表年度", "presented_in", Row.year),
    _field("仮題", "provisional_title"),
    _field(CODES, "municipality_codes", _each_once, join_list, clearable=False),
    _field(DEPARTMENTS, "departments", _each_once, _names),
    _field("部署機能", "functions", _functions, _labels),
    _field(EVENT, "event_id"),
    _field(PROGRAMME, "programme_id"),
    _field("事業期", "cohort", Row.number),
    _field(CONTINUES, "continues_id"),
    _field("見本", "specimen", Row.flag, lambda specimen: "1" if specimen else ""),
)
"""Every column of a case but its ID and 対象組織."""

READ = frozenset({ID, ORGANISATION, *(field.column for field in FIELDS)})
"""The columns an import reads."""


def case_of(row: Row) -> CaseEntry:
    """The case that a whole row describes.

    Raises:
        BadCell: the ID or the title is missing, or a cell cannot be read.
    """
    entry = CaseEntry(row.required(ID), row.required(TITLE), ())
    for field in FIELDS:
        entry = field.put(entry, field.read(row, field.column))
    return entry


def settled(entry: CaseEntry) -> CaseEntry:
    """The case as the catalogue keeps it: functions follow from departments where none is given."""
    if entry.functions:
        return entry
    named = [function for name in entry.departments for function in functions_of(name)]
    return replace(entry, functions=tuple(dict.fromkeys(named)))
