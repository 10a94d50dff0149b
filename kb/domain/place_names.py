"""Everything a municipality goes by, today or once: names, readings, romaji, with the reason.

The gazetteer keeps these ways in its index; how they are compared is its business.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from kb.domain.municipality import FormerName, Municipality, MunicipalityKind


class MatchReason(StrEnum):
    """Why a text leads to a municipality."""

    NAME = "name"
    SHORT_NAME = "short_name"
    KANA = "kana"
    ROMAJI = "romaji"
    CODE = "code"
    FORMER_NAME = "former_name"
    PREFECTURE = "prefecture"


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """A municipality of today and why it was meant."""

    municipality: Municipality
    why: MatchReason
    matched: str
    """The name, reading or code of ours that was met: 福間町, ふくつし, Fukutsu-shi, 402249."""
    label: str
    """The reason in Japanese: 「旧町名 2005-01-24 合併」, 「読み」, 「団体コード」."""
    exact: bool
    """The whole name was given, with its suffix (or the code)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to a municipality."""

    match: PlaceMatch
    rank: int
    """See PRESENT to FORMER_SHORT."""
    prefecture: str
    """Of the name, which may have lain across today's border."""
    guarded: bool = False
    """A word of its own: only for those who ask for places and nothing else."""


class Space(StrEnum):
    """How a way is spelt, hence compared."""

    NAMES = "names"
    KANA = "kana"
    ROMAJI = "romaji"


Way = tuple[Space, str, Entry]

PRESENT, SHORT, FORMER, FORMER_SHORT = range(4)
"""The order of reasons: a name of today, its short form or a ward's own name, a name of the
past, its short form."""

_ENGLISH = {
    MunicipalityKind.SPECIAL_WARD: ("city", "ward"),
    MunicipalityKind.CITY: ("city",),
    MunicipalityKind.PREFECTURE: ("prefecture", "pref"),
    MunicipalityKind.TOWN: ("town",),
    MunicipalityKind.VILLAGE: ("village",),
    MunicipalityKind.DESIGNATED_WARD: ("ward",),
}
_KANA_SUFFIX = re.compile("(?<=.)(?:し|く|ちょう|まち|むら|そん|けん|ふ|と)$")

_EVERYDAY = """
中央 南部 本部 国立 豊富 北方 中間 湧水 水上 黒石 東洋 朝日 共和 御所 大口 日向 裾野
市場 北部 平和 東部 温泉 木造 海上 会見 下部 下山 大佐 西方 大王 上下 南方 三角 南海 味方
院内 大方 山中 花輪 一色 分水 大門 城南 白鳥 大社 干潟
昭和 大正 明治 東北 東海 九州
"""

EVERYDAY_WORDS = frozenset(_EVERYDAY.split())
"""Names that say nothing of a place without their suffix.

Measured on 5.1 million characters of Japanese (encyclopaedia and assembly minutes): a
dictionary's common noun at least ten times, and over four times as often as its proper noun.
The last row is eras and regions.
"""
_ENGLISH_WORDS = frozenset({"date", "mine", "nose", "goto", "tome"})
"""伊達, 美祢, 能勢, 五島, 登米 in Latin letters."""
KANA_ONLY = re.compile(r"[ぁ-ゖァ-ヺー]+")


def ways_to(body: Municipality, city: Municipality | None) -> Iterator[Way]:
    """Everything today's body goes by; `city` is the designated city of a ward."""
    yield from _whole_ways(body, body.name, body.kana, body.romaji, PRESENT)
    if city:
        name, kana = body.name.removeprefix(city.name), body.kana.removeprefix(city.kana)
        yield from _whole_ways(body, name, kana, body.romaji.removeprefix(city.romaji), SHORT)
    elif not body.name.endswith("道"):
        yield from _short_ways(body)


def _whole_ways(body: Municipality, name: str, kana: str, romaji: str, rank: int) -> Iterator[Way]:
    prefecture = body.kind is MunicipalityKind.PREFECTURE
    why = MatchReason.PREFECTURE if prefecture else MatchReason.NAME
    label = "都道府県名" if prefecture else "自治体名"
    yield Space.NAMES, name, entry_of(body, why, name, label, rank)
    yield Space.KANA, kana, entry_of(body, MatchReason.KANA, kana, "読み", rank)
    latin = entry_of(body, MatchReason.ROMAJI, romaji.strip(), "ローマ字", rank)
    yield Space.ROMAJI, romaji, latin
    stem = romaji.rpartition("-")[0] or romaji
    for english in _ENGLISH[body.kind]:
        yield Space.ROMAJI, f"{stem} {english}", latin


def _short_ways(body: Municipality) -> Iterator[Way]:
    name, kana = body.name[:-1], _KANA_SUFFIX.sub("", body.kana)
    romaji = body.romaji.rpartition("-")[0]
    prefecture = body.kind is MunicipalityKind.PREFECTURE
    why = MatchReason.PREFECTURE if prefecture else MatchReason.SHORT_NAME
    label = "都道府県名" if prefecture else "略称"
    everyday = name in EVERYDAY_WORDS
    odd = len(romaji) < 4 or romaji.lower() in _ENGLISH_WORDS
    for space, spelling, reason, text, guarded in (
        (Space.NAMES, name, why, label, _is_too_short(name)),
        (Space.KANA, kana, MatchReason.KANA, "読み", _is_too_short(kana)),
        (Space.ROMAJI, romaji, MatchReason.ROMAJI, "ローマ字", odd),
    ):
        match = PlaceMatch(body, reason, spelling, text, exact=False)
        yield space, spelling, Entry(match, SHORT, body.prefecture, guarded or everyday)


def ways_by(former: FormerName, body: Municipality) -> Iterator[Way]:
    """Everything a body of the past went by; nothing when only its code has changed."""
    if former.name == body.name:
        return
    label = f"旧{former.name[-1]}名 {changed(former)}"
    match = PlaceMatch(body, MatchReason.FORMER_NAME, former.name, label, exact=True)
    whole = Entry(match, FORMER, former.prefecture)
    name, kana = former.name[:-1], _KANA_SUFFIX.sub("", former.kana)
    everyday = name in EVERYDAY_WORDS
    for space, spelling, stem in (
        (Space.NAMES, former.name, name),
        (Space.KANA, former.kana, kana),
        (Space.ROMAJI, former.kana, kana),
    ):
        guarded = everyday or _is_too_short(stem)
        yield space, spelling, whole
        short = replace(match, exact=False)
        yield space, stem, Entry(short, FORMER_SHORT, former.prefecture, guarded)


def _is_too_short(stem: str) -> bool:
    """One character, or kana under three, mean too many things to mean a place."""
    return len(stem) < (3 if KANA_ONLY.fullmatch(stem) else 2)


def changed(former: FormerName) -> str:
    """When and how a name ended: 2005-01-24 合併."""
    merged = former.change in ("新設合併", "編入合併")
    return f"{former.changed_on.isoformat()} {'合併' if merged else former.change}"


def entry_of(body: Municipality, why: MatchReason, matched: str, label: str, rank: int) -> Entry:
    """A way that gives the whole name, reading or code."""
    return Entry(PlaceMatch(body, why, matched, label, exact=True), rank, body.prefecture)
