"""Two cases field by field: which of them a merged case takes each field from.

What stands on one side alone is taken from there. Where both sides say something, the case that
is kept is right unless a curator says otherwise; lists that only help to find it are put together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kb.catalogue.entries import CaseEntry
from kb.domain.case_study import NARRATIVE
from kb.domain.classification import Classified


class Take(Classified):
    """Where a field is taken from."""

    KEPT = "kept", "残す事例"
    OTHER = "other", "統合する事例"
    BOTH = "both", "両方"


LABELS: Mapping[str, str] = {
    "title": "題名",
    "subtitle": "サブタイトル",
    "provisional_title": "仮の題名",
    "municipality_codes": "自治体",
    "implemented_in": "実践年度",
    "presented_in": "発表年度",
    "event_id": "発表された催し",
    "programme_id": "事業",
    "continues_id": "前の年度の事例",
    "departments": "部署",
    "themes": "テーマ",
    "keywords": "キーワード",
    "place": "事例の場所",
    "service_class": "行政サービス分類",
    **NARRATIVE,
    "media": "画像とビデオ",
    "related_url": "関連URL",
    "related_case": "関連事例",
    "contact": "連絡先",
    "published_on": "公開日",
    "updated_on": "最終更新日",
}
"""Field of a case -> its name, in the order of the page."""

LISTS = ("municipality_codes", "departments", "themes", "keywords")
"""Fields that can be taken from both."""

_TOGETHER = ("departments", "themes", "keywords")
"""Those of them that are, unless a curator says otherwise: they only help to find a case."""

_COMPANIONS = {"departments": "functions", "programme_id": "cohort"}
"""Field -> what goes with it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One field on both sides."""

    name: str
    kept: Any
    other: Any
    usual: Take
    """What is taken unless a curator says otherwise."""

    @property
    def same(self) -> bool:
        """Both sides say the same, in whatever order."""
        if self.name in LISTS:
            return sorted(map(str, self.kept)) == sorted(map(str, self.other))
        return bool(self.kept == self.other)

    @property
    def offered(self) -> tuple[Take, ...]:
        """What can be chosen; one alone where there is no choice."""
        if self.same or not (self.kept and self.other):
            return (self.usual,)
        return tuple(Take) if self.name in LISTS else (Take.KEPT, Take.OTHER)


def pairs(kept: CaseEntry, other: CaseEntry) -> tuple[Pair, ...]:
    """Every field of which either case says something."""
    return tuple(pair for pair in _pairs(kept, other) if pair.kept or pair.other)


def _pairs(kept: CaseEntry, other: CaseEntry) -> Iterator[Pair]:
    for name in LABELS:
        one, two = _value(kept, name), _value(other, name)
        if name == "continues_id":
            # One of the two goes: neither continues the other any more.
            one, two = (None if each in (kept.id, other.id) else each for each in (one, two))
        usual = Take.KEPT if one or not two else Take.OTHER
        if name in _TOGETHER and one and two:
            usual = Take.BOTH
        yield Pair(name, one, two, usual)


def combined(kept: CaseEntry, other: CaseEntry, takes: Mapping[str, Take]) -> CaseEntry:
    """The case that is kept, with every field taken from where it is wanted, or is usual."""
    values: dict[str, Any] = {}
    narrative: dict[str, str] = {}
    for pair in pairs(kept, other):
        wanted = takes.get(pair.name, pair.usual)
        take = wanted if wanted in pair.offered else pair.usual
        target = narrative if pair.name in NARRATIVE else values
        target[pair.name] = _taken(take, pair.kept, pair.other)
        companion = _COMPANIONS.get(pair.name)
        if companion is not None:
            both = getattr(kept, companion), getattr(other, companion)
            values[companion] = _taken(take, *both)
    # A recorded case keeps attributes that the page does not name.
    unnamed = {name: text for name, text in kept.narrative.items() if name not in NARRATIVE}
    return replace(kept, **{**_NO_TIE, **values}, narrative={**unnamed, **narrative})


_NO_TIE = {"continues_id": None}
"""Where neither says it, a case that continued the other continues none."""


def _value(entry: CaseEntry, name: str) -> Any:
    return entry.narrative.get(name) if name in NARRATIVE else getattr(entry, name)


def _taken(take: Take, kept: Any, other: Any) -> Any:
    if take is Take.BOTH:
        return tuple(dict.fromkeys((*kept, *other)))
    return kept if take is Take.KEPT else other
