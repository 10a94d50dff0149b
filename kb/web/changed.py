"""What somebody else has changed meanwhile, in sentences for whoever comes second."""

from collections.abc import Iterator, Mapping
from typing import Any

from kb.catalogue.review_views import ChangeView
from kb.domain.classification import Theme
from kb.domain.fiscal_year import FiscalYear
from kb.domain.rights import Terms
from kb.domain.settled import LISTS, YEARS, Field
from kb.web import texts
from kb.web.curation_questions import moment

_NAMES = {
    "case_id": "事例",
    "event_id": "催し",
    "rights_terms": "利用条件",
    "rights_statement": "資料の原文",
    "published": "公開",
    "municipalities": "自治体",
    "municipality": "自治体",
    "departments": "部署",
    "themes": "テーマ",
    "title": "題名",
    "alike": "似た資料",
    "terms": "許諾",
    "allowed_by": "許諾した人",
    "ended_on": "終わりの日",
}
_LEFT_OUT = frozenset({"proposed", "draft", "filled", "decided_by", "permission", "functions"})


def sentences(changes: tuple[ChangeView, ...], places: Mapping[str, str]) -> list[str]:
    """Who did what, when, from what to what: one for each change, oldest first."""
    return [_sentence(each, places) for each in changes]


def _sentence(change: ChangeView, places: Mapping[str, str]) -> str:
    what = "、".join(_parts(change, places))
    action = texts.ACTIONS.get(change.action, change.action)
    why = f"(理由: {change.why})" if change.why else ""
    return f"{moment(change.at)} {change.actor}: {action}{f' {what}' if what else ''}{why}"


def _parts(change: ChangeView, places: Mapping[str, str]) -> Iterator[str]:
    for name, pair in change.change.items():
        if name in _LEFT_OUT or not (isinstance(pair, list) and len(pair) == 2):
            continue
        field = Field.from_text(name)
        label = field.label if field else _NAMES.get(name, name)
        before, after = (_value(name, value, places) for value in pair)
        yield f"{label}「{before}」→「{after}」" if pair[0] is not None else f"{label}「{after}」"


def _value(name: str, value: Any, places: Mapping[str, str]) -> str:
    if value is None or value == []:
        return "なし"
    if isinstance(value, bool):
        return "する" if value else "しない"
    if isinstance(value, list):
        return "、".join(_value(name, each, places) for each in value)
    return _one(name, value, places)


def _one(name: str, value: Any, places: Mapping[str, str]) -> str:
    field = Field.from_text(name)
    if field in YEARS:
        return str(FiscalYear(int(value)).both)
    if name == "themes":
        return Theme(str(value)).label
    if field is not None and field in LISTS:
        return LISTS[field](str(value)).label
    if name in ("terms", "rights_terms"):
        return Terms(str(value)).label
    return places.get(str(value), str(value))
