"""Recorded changes in words: what fields are called, and their values as people read them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from kb.catalogue.history.names import REFERENCES, key_of
from kb.catalogue.history.views import SIGN_IN, EventView, Names
from kb.catalogue.review.views import ChangeView
from kb.catalogue.told_rows import is_row
from kb.domain.case_study import NARRATIVE
from kb.domain.classification import (
    Classified,
    DepartmentFunction,
    DocumentKind,
    EventPart,
    EventState,
    LikenessDecision,
    Theme,
)
from kb.domain.fiscal_year import FiscalYear
from kb.domain.municipality import CityStatus, MunicipalityKind
from kb.domain.page_ranges import PageRanges
from kb.domain.rights import Terms
from kb.domain.roles import Role
from kb.domain.settled import Field
from kb.web import display, texts
from kb.web.display import moment

KINDS = MappingProxyType(
    {
        "case": "事例",
        "document": "資料",
        "event": "催し",
        "person": "人",
        "programme": "事業",
        "municipality": "自治体",
        "local_name": "自治体の呼び名",
        "synonym": "同義語",
        "known_question": "答えの分かっている質問",
        "synonym_list": "同義語の一覧",
        "intake": "開催ページの受け入れ",
        "reference": "同梱の一覧",
        "account": "利用者",
        SIGN_IN: "サインイン",
    }
)
"""Kind of a thing, as SourceEvents name it -> for curators."""

ACTIONS = MappingProxyType(
    {
        **texts.ACTIONS,
        "stepped_back": "一つ前に戻す",
        "original_put_back": "前の原本に戻す",
        "signed_in": "サインイン",
        "signed_out": "サインアウト",
        "wrong_password": "パスワードの間違い",
        "locked": "間違いが続いたための停止",
        "changed_password": "パスワードの変更",
    }
)
"""What was done, and what happened at the door -> for curators."""

_LABELS = {
    **{field.value: field.label for field in Field},
    "subtitle": "サブタイトル", "provisional_title": "仮の題名", "place": "場所",
    "service_class": "行政サービス分類", "keywords": "キーワード", "narrative": "本文",
    "media": "イメージとビデオ", "related_url": "関連URL", "related_case": "関連事例",
    "contact": "連絡先", "published_on": "公開日", "updated_on": "最終更新日",
    "case_id": "事例", "event_id": "催し", "programme_id": "事業", "cohort": "事業の年度",
    "cohorts": "事業の年度", "continues_id": "前の取り組み", "specimen": "見本",
    "published": "公開", "draft": "下書き", "municipalities": "自治体", "holding": "ファイル",
    "declared_size": "記載の大きさ", "edition": "版・回", "note": "備考",
    "rights_terms": "利用条件", "terms": "許諾", "allowed_by": "許諾した人",
    "allowed_on": "許諾の日", "valid_until": "期限", "ended_on": "終わりの日",
    "excerpts": "事例集のページ", "event_parts": "催しでの役割", "documents": "資料",
    "filled": "仮に入れた項目", "url": "出典のアドレス", "sources": "出典", "people": "関わった人",
    "newer": "下書きに戻した資料", "edition_of": "差し替えた資料",
    "alike": "似た資料", "other": "相手の資料", "likeness": "似た資料の判断",
    "outcome": "読み取りの結果", "merged": "統合した事例", "merged_into": "統合先の事例",
    "state": "状態", "held_on": "開催日", "starts_at": "開始", "ends_at": "終了",
    "mode": "開催方法", "capacity": "定員", "attendance": "参加人数",
    "attendance_text": "参加人数の記載", "fee": "参加費", "summary": "概要",
    "name": "名前", "other_names": "ほかの名前", "kana": "かな", "romaji": "ローマ字",
    "role": "役職・役割", "roles": "役職と役割", "part": "役割", "on": "その日",
    "prefecture": "都道府県", "parent_code": "親の自治体", "status": "都市の区分",
    "relation": "関係", "head": "見出しの語", "words": "語", "active": "使う", "origin": "由来",
    "question": "質問", "filters": "絞り込み", "expected": "期待する答え", "source": "もとのページ",
    "locked": "停止", "password": "パスワード", "kept": "残した資料", "from": "もとの資料",
    "addresses": "移した出典の番号", "taken_down": "取り下げ", "seen_from": "確かめた日",
    "seen_until": "なくなった日",
}  # fmt: skip

_LISTS: Mapping[str, tuple[type[Classified], ...]] = {
    "kind": (DocumentKind, MunicipalityKind),
    "themes": (Theme,),
    "functions": (DepartmentFunction,),
    "state": (EventState,),
    "status": (CityStatus,),
    "likeness": (LikenessDecision,),
}
"""Fields whose values are slugs of closed lists."""

_YEARS = frozenset({"implemented_in", "presented_in", "cohort", "cohorts"})
_DAYS = frozenset(
    {
        *("published_on", "updated_on", "held_on", "allowed_on", "valid_until", "ended_on", "on"),
        *("seen_from", "seen_until"),
    }
)
_NESTED = frozenset({"narrative", "media"})
_LEFT_OUT = frozenset(
    {"proposed", "draft", "filled", "decided_by", "permission", "sha256", "folded"}
)
"""Told beside a change, for this program and not for people."""

_SLUGS = {
    "outcome": {
        "indexed": "読み取れた", "indexed_partly": "一部のページを読み取れなかった",
        "duplicate": "同じファイルがある", "needs_password": "パスワードが必要",
        "needs_ocr": "文字認識が必要", "empty": "中身がない", "damaged": "壊れている",
        "unsupported": "対応していない形式", "too_large": "大きすぎる",
        "timed_out": "時間がかかりすぎた", "out_of_memory": "記憶域が足りなかった",
        "refused": "受け付けられない内容",
    },
    "password": {
        "one-time": "一度だけのもの", "own": "本人のもの", "rehashed": "保存のしかたを更新",
    },
    "role": {role.value: role.label for role in Role},
    "rights_terms": {terms.value: terms.label for terms in Terms},
    "terms": {terms.value: terms.label for terms in Terms},
}  # fmt: skip
"""Field -> its slugs in words, where no closed list of the domain has them."""

_BY_KEY = {"reference": {"municipalities": "自治体とテーマの一覧"}}
"""Kind -> its things that have a name nowhere else."""

NONE = "なし"
HIDDEN = "取り下げた資料なので、内容は表示しません。"


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a change."""

    label: str
    before: str | None
    """None where there was nothing, or the same before anybody had decided."""
    after: str


def kind_label(kind: str) -> str:
    """What sort of thing a change is of."""
    return KINDS.get(kind, kind)


def action_label(action: str) -> str:
    """What was done."""
    return ACTIONS.get(action, action)


def outcome_label(outcome: str) -> str:
    """What reading a file came to."""
    return _SLUGS["outcome"].get(outcome, outcome)


def field_label(name: str) -> str:
    """What a field is called."""
    return _LABELS.get(name, name)


def lines(change: Mapping[str, Any], names: Names) -> tuple[Line, ...]:
    """A change, field by field."""
    return tuple(_lines(change, names))


def plain(change: Mapping[str, Any], names: Names) -> str:
    """A change in one line: 題名「ア」→「イ」、実践年度「なし」→「2020年度(令和2年度)」."""
    return "、".join(
        f"{line.label}「{line.after}」"
        if line.before is None
        else f"{line.label}「{line.before}」→「{line.after}」"
        for line in lines(change, names)
    )


def sentence(change: ChangeView, names: Names) -> str:
    """Who did what, when and why, in one line."""
    what = plain(change.change, names)
    why = f"(理由: {change.why})" if change.why else ""
    said = f"{moment(change.at)} {change.actor}: {action_label(change.action)}"
    return f"{said}{f' {what}' if what else ''}{why}"


def sentences(changes: tuple[ChangeView, ...], places: Mapping[str, str]) -> list[str]:
    """What somebody else has changed meanwhile, for whoever comes second: oldest first.

    `places`: code of a municipality -> its name.
    """
    names = {("municipality", code): name for code, name in places.items()}
    return [sentence(each, names) for each in changes]


def thing(event: EventView, names: Names) -> str:
    """What the thing of a change is called; its key where it has no name any more."""
    known = names.get((event.kind, event.key)) or _BY_KEY.get(event.kind, {}).get(event.key)
    return known or event.key


def _lines(change: Mapping[str, Any], names: Names) -> Iterator[Line]:
    for name, pair in change.items():
        told = isinstance(pair, list) and len(pair) == 2
        if name in _LEFT_OUT or is_row(name) or not told:
            continue
        before, after = pair
        if name in _NESTED:
            yield from _nested(before or {}, after or {}, names)
        else:
            new = before is None or before == after
            was = None if new else _value(name, before, names)
            yield Line(field_label(name), was, _value(name, after, names))


def _nested(before: Mapping[str, Any], after: Mapping[str, Any], names: Names) -> Iterator[Line]:
    """Of a field with parts, those parts that differ."""
    for part in dict.fromkeys((*before, *after)):
        was, becomes = before.get(part), after.get(part)
        if was != becomes:
            yield Line(
                NARRATIVE.get(part, part), _value(part, was, names), _value(part, becomes, names)
            )


def _value(name: str, value: Any, names: Names) -> str:
    if value is None or value in ("", [], {}):
        return NONE
    if isinstance(value, bool):
        return "する" if value else "しない"
    if isinstance(value, list):
        return "、".join(_value(name, each, names) for each in value)
    if isinstance(value, dict) and "words" in value:
        return "、".join(filter(None, (value.get("head"), *value["words"])))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return _one(name, value, names)


def _one(name: str, value: str | int | float, names: Names) -> str:
    text = str(value)
    if name in _YEARS and text.isdecimal():
        return str(FiscalYear(int(text)).both)
    if name in _DAYS:
        return _day(text)
    if name in REFERENCES:
        return _named(name, text, names)
    if text in _SLUGS.get(name, {}):
        return _SLUGS[name][text]
    members = (listed.from_text(text) for listed in _LISTS.get(name, ()))
    return next((member.label for member in members if member), text)


def _day(text: str) -> str:
    try:
        return display.plain_date(date.fromisoformat(text))
    except ValueError:  # a role of long ago may tell of a day in words
        return text


def _named(name: str, text: str, names: Names) -> str:
    """What a field names, by its name; with what its key carries besides."""
    key = key_of(name, text)
    called = names.get((REFERENCES[name], key), key)
    if key == text:
        return called
    rest = text.removeprefix(f"{key}:")
    part = EventPart.from_text(rest)
    if name == "excerpts":
        return f"{called}({display.page_ranges(PageRanges.read(rest))})"
    return f"{called}({part.label if part else rest})"
