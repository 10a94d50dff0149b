"""Everything a municipality goes by, today or once: names, readings, romaji, with the reason.

The gazetteer keeps these ways in its index; how they are compared is its business.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from kb.domain.municipality import (
    MERGERS,
    FormerName,
    Municipality,
    MunicipalityCode,
    MunicipalityKind,
)


class MatchReason(StrEnum):
    """Why a text leads to a municipality."""

    NAME = "name"
    SHORT_NAME = "short_name"
    KANA = "kana"
    ROMAJI = "romaji"
    CODE = "code"
    FORMER_NAME = "former_name"
    PREFECTURE = "prefecture"
    LOCAL_NAME = "local_name"


LOCAL_LABEL = "地元での呼び名"


@dataclass(frozen=True, slots=True)
class LocalName:
    """What people call a body of today that the shipped tables do not know, as curators say."""

    code: MunicipalityCode
    name: str
    kana: str | None = None
    """Hiragana or katakana of all of the name."""


class Places(NamedTuple):
    """Everything that places of a catalogue go by."""

    bodies: tuple[Municipality, ...]
    """Of today, invented ones too."""
    former: tuple[FormerName, ...] = ()
    local: tuple[LocalName, ...] = ()


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
    """See PRESENT to FORMER_SHORT; LOCAL between today's official names and the past."""
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

PRESENT, SHORT, LOCAL, FORMER, FORMER_SHORT = range(5)
"""The order of reasons: a name of today, its short form or a ward's own name, what people call
it, a name of the past, its short form."""

KIND_ORDER = {
    MunicipalityKind.SPECIAL_WARD: 0,
    MunicipalityKind.CITY: 0,
    MunicipalityKind.PREFECTURE: 1,
    MunicipalityKind.TOWN: 2,
    MunicipalityKind.VILLAGE: 2,
    MunicipalityKind.DESIGNATED_WARD: 3,
}

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
_LONGEST_DISTRICT = 5
"""Characters of a 郡's name, without 郡: two to four in truth, 東白川 or 西八代."""
DISTRICT = re.compile(rf"(?:\S{{1,{_LONGEST_DISTRICT}}}郡)?")
"""What may stand between a prefecture and a town."""
_JAPANESE = re.compile(r"[々㐀-鿿ぁ-ゖァ-ヺー]+")
KANA_ONLY = re.compile(r"[ぁ-ゖァ-ヺー]+")
KANA_NAME = re.compile(rf"{KANA_ONLY.pattern}[市区町村都府県]?")
"""A reading, as a whole or with the suffix as it is written: ふくつし, ふくつ, ふくつ市."""


def ways_to(body: Municipality, city: Municipality | None) -> Iterator[Way]:
    """Everything today's body goes by; `city` is the designated city of a ward."""
    yield from _whole_ways(body, body.name, body.kana, body.romaji, PRESENT)
    if city:
        yield from _ward_ways(body, city)
    elif not body.name.endswith("道"):
        yield from _short_ways(body, body.name, body.kana, body.romaji)


def _ward_ways(body: Municipality, city: Municipality) -> Iterator[Way]:
    """A ward by its own name, and after its city's short one: 中央区, 札幌中央区."""
    name, kana = body.name.removeprefix(city.name), body.kana.removeprefix(city.kana)
    romaji = body.romaji.removeprefix(city.romaji).strip()
    yield from _whole_ways(body, name, kana, romaji, SHORT)
    for way in _short_ways(body, name, kana, romaji):
        yield way[0], way[1], replace(way[2], guarded=True)
    stem, city_stem = romaji.rpartition("-")[0], city.romaji.rpartition("-")[0]
    joined = entry_of(body, MatchReason.NAME, body.name, "自治体名", SHORT)
    yield Space.NAMES, city.name[:-1] + name, joined
    read = entry_of(body, MatchReason.KANA, body.kana, "読み", SHORT)
    yield Space.KANA, _KANA_SUFFIX.sub("", city.kana) + kana, read
    latin = entry_of(body, MatchReason.ROMAJI, body.romaji, "ローマ字", SHORT)
    for spelling in (f"{city_stem} {romaji}", f"{city_stem} {stem}", f"{city.romaji} {stem}"):
        yield Space.ROMAJI, spelling, latin


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


def _short_ways(body: Municipality, name: str, kana: str, romaji: str) -> Iterator[Way]:
    suffix, name, kana = name[-1], name[:-1], _KANA_SUFFIX.sub("", kana)
    romaji = romaji.rpartition("-")[0]
    mixed = PlaceMatch(body, MatchReason.KANA, kana + suffix, "読み", exact=False)
    yield Space.KANA, kana + suffix, Entry(mixed, SHORT, body.prefecture)
    prefecture = body.kind is MunicipalityKind.PREFECTURE
    why = MatchReason.PREFECTURE if prefecture else MatchReason.SHORT_NAME
    label = "都道府県名" if prefecture else "略称"
    everyday = name in EVERYDAY_WORDS
    odd = len(romaji) < 4 or romaji.lower() in _ENGLISH_WORDS
    for space, spelling, reason, text, guarded in (
        (Space.NAMES, name, why, label, is_too_short(name)),
        (Space.KANA, kana, MatchReason.KANA, "読み", is_too_short(kana)),
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
        guarded = everyday or is_too_short(stem)
        yield space, spelling, whole
        short = replace(match, exact=False)
        yield space, stem, Entry(short, FORMER_SHORT, former.prefecture, guarded)


def ways_called(local: LocalName, body: Municipality) -> Iterator[Way]:
    """A local name as it is written, as it is read and in Latin letters."""
    match = PlaceMatch(body, MatchReason.LOCAL_NAME, local.name, LOCAL_LABEL, exact=True)
    entry = Entry(match, LOCAL, body.prefecture)
    yield Space.NAMES, local.name, entry
    yield Space.ROMAJI, local.name, entry
    yield Space.KANA, local.name, entry
    if local.kana:
        read = replace(entry, guarded=is_too_short(local.kana))
        yield Space.KANA, local.kana, read
        yield Space.ROMAJI, local.kana, read


def is_too_short(stem: str) -> bool:
    """One character, or kana under three, mean too many things to mean a place."""
    return len(stem) < (3 if KANA_ONLY.fullmatch(stem) else 2)


def is_everyday(name: str) -> bool:
    """Whether a name says nothing of a place where no suffix follows it."""
    return name in EVERYDAY_WORDS or name.lower() in _ENGLISH_WORDS


def changed(former: FormerName) -> str:
    """When and how a name ended: 2005-01-24 合併."""
    change = "合併" if former.change in MERGERS else former.change
    return f"{former.changed_on.isoformat()} {change}"


def entry_of(body: Municipality, why: MatchReason, matched: str, label: str, rank: int) -> Entry:
    """A way that gives the whole name, reading or code."""
    return Entry(PlaceMatch(body, why, matched, label, exact=True), rank, body.prefecture)


def is_rural(entry: Entry) -> bool:
    """Whether the name is that of a town or a village, as those in a 郡 are."""
    match = entry.match
    if match.why is MatchReason.FORMER_NAME:
        return match.matched[-1] in "町村"
    return match.municipality.kind in (MunicipalityKind.TOWN, MunicipalityKind.VILLAGE)


def is_part_of_city(entry: Entry) -> bool:
    """Whether it is the name of a ward without 区: 緑, 港北."""
    ward = entry.match.municipality.kind is MunicipalityKind.DESIGNATED_WARD
    return entry.guarded and ward


def is_prefecture(entry: Entry) -> bool:
    """Whether it is a way to a prefecture."""
    return entry.match.municipality.kind is MunicipalityKind.PREFECTURE


def whole_names(entries: Iterable[Entry]) -> list[Entry]:
    """Those that give the whole name."""
    return [entry for entry in entries if entry.match.exact]


def district_ends(name: str) -> Iterator[int]:
    """Where a 郡 may end that stands before a name; two places for 赤穂郡上郡町."""
    for found in re.finditer("郡", name[: _LONGEST_DISTRICT + 1]):
        if _JAPANESE.fullmatch(name[: found.start()]):
            yield found.end()
