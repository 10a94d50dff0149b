"""The gazetteer: what a person types or writes -> municipalities of today, with the reason.

The time machine of places: present names, short names, kana, romaji, codes, what people call
them, and every name gone since 1970 lead to the body that stands there today. How kana, romaji
and characters are compared is handed in, since the domain knows no Japanese.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from kb.domain.municipality import (
    BadMunicipalityCode,
    FormerName,
    Municipality,
    MunicipalityCode,
)
from kb.domain.place_names import (
    DISTRICT,
    FORMER,
    FORMER_SHORT,
    KANA_NAME,
    KIND_ORDER,
    LOCAL,
    PRESENT,
    Entry,
    LocalName,
    MatchReason,
    PlaceMatch,
    Space,
    Way,
    changed,
    district_ends,
    entry_of,
    is_part_of_city,
    is_prefecture,
    is_rural,
    ways_by,
    ways_called,
    ways_to,
    whole_names,
)

__all__ = ["Gazetteer", "MatchReason", "PlaceMatch", "PlaceSpan"]

Text = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class PlaceSpan:
    """A name in running text and what it can mean, best first."""

    start: int
    end: int
    """Half-open range of characters of the text as it was given."""
    text: str
    matches: tuple[PlaceMatch, ...]


class _Found(NamedTuple):
    """Names found in folded text, before they are ordered."""

    start: int
    end: int
    ways: list[Entry]


_NOT_AFTER = {"市": "場", "区": "分画間"}
"""市場, 区分, 区画, 区間 are words; the name before them is none."""
_VARIANTS = str.maketrans("ヶヵ竈鰺檮", "ケカ釜鯵梼")
"""Spellings of municipal names that vary from paper to paper: 龍ヶ崎, 塩竈, 鰺ヶ沢, 檮原."""

_KANJI = re.compile(r"[々㐀-鿿]")
_GA = re.compile(r"(?<=[々㐀-鿿])[がガ](?=[々㐀-鿿])")
"""What ヶ is read as between kanji, and often written: 関が原, 茅が崎."""
_BLANKS = re.compile(r"\s+")
_SCRIPTS = tuple(
    re.compile(f"[{letters}]") for letters in ("々〆ヶ㐀-鿿", "ァ-ヺー", "ぁ-ゖー", "a-z0-9")
)
"""Letters that make one word with a neighbour of their own sort."""
LEAST_IN_TEXT = 3
"""Characters of a local name that is looked for in running text: 北九 would stand in 北九州市,
and any two kana in every sentence."""
_CLUSTER = re.compile("(?s).[\u3099\u309a\uff9e\uff9f]*")


class Gazetteer:
    """Finds municipalities by anything they are or were called."""

    def __init__(
        self, municipalities: Iterable[Municipality], former_names: Iterable[FormerName] = (),
        local_names: Iterable[LocalName] = (), *, romaji_key: Text, to_hiragana: Text, fold: Text,
        other_romaji_key: Text = lambda text: "",
        prefer: Callable[[Municipality], int] = lambda municipality: 0,
    ) -> None:  # fmt: skip
        """Index the tables.

        Args:
            municipalities: of today.
            former_names: of the past; each successor must be among `municipalities`.
            local_names: what curators say that people call bodies among `municipalities`.
            romaji_key: one key for all spellings of a reading, of romaji or kana; "" for
                anything else.
            other_romaji_key: another key of romaji that can be read in two ways, for when nothing
                goes by the first; "" for other romaji.
            to_hiragana: katakana of any width to hiragana.
            fold: one form for all widths and variants of a character.
            prefer: more of it comes first among equals, such as the number of cases held.

        Raises:
            KeyError: a former name has a successor, or a local name a code, that is not among
                the municipalities.
        """
        self._prefer = prefer
        self._other_romaji_key = other_romaji_key
        self._fold = lru_cache(maxsize=8192)(
            lambda text: fold(text).translate(_VARIANTS).casefold()
        )
        self._keys: dict[Space, Text] = {
            Space.NAMES: lambda text: _BLANKS.sub("", self._fold(text)),
            Space.KANA: to_hiragana,
            Space.ROMAJI: romaji_key,
        }
        self._ways: dict[Space, dict[str, list[Entry]]] = {s: defaultdict(list) for s in Space}
        self._today = {str(municipality.code): municipality for municipality in municipalities}
        self._ended: dict[str, list[FormerName]] = defaultdict(list)
        self._began: dict[str, list[FormerName]] = defaultdict(list)
        self._index(former_names)
        for local in local_names:
            self._add(ways_called(local, self._today[local.code]))
        self._lengths = self._scan_lengths()

    def preferring(self, prefer: Callable[[Municipality], int]) -> "Gazetteer":
        """The same names, another order among equals; what is indexed is shared."""
        other = copy(self)
        other._prefer = prefer
        return other

    def _index(self, former_names: Iterable[FormerName]) -> None:
        for body in self._today.values():
            self._add(ways_to(body, self._today.get(body.parent_code or "")))
        for former in former_names:
            self._ended[former.code].append(former)
            self._began[former.successor_code].append(former)
            self._add(ways_by(former, self._today[former.successor_code]))

    def _add(self, ways: Iterable[Way]) -> None:
        for space, spelling, entry in ways:
            key = self._keys[space](spelling)
            # The name of a body of the past, in Latin letters, is known only by its key.
            if entry.rank == FORMER_SHORT and len(key) < 4 and space is Space.ROMAJI:
                entry = replace(entry, guarded=True)
            if key:  # no spelling in kanji has a key of romaji
                self._ways[space][key].append(entry)

    def _scan_lengths(self) -> dict[str, tuple[int, ...]]:
        """First character -> the lengths of whole names that begin with it, longest first."""
        lengths: dict[str, set[int]] = defaultdict(set)
        for name, entries in self._ways[Space.NAMES].items():
            if whole_names(entries):
                lengths[name[0]].add(len(name))
        return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}

    # --- asking ---------------------------------------------------------------------------

    def get(self, code: str) -> Municipality | None:
        """The body of today that bears `code` (six digits)."""
        return self._today.get(code)

    def former(self, text: str) -> FormerName | None:
        """The body of the past whose code `text` is; None where it means one of today or none.

        A code that is borne today means its bearer, one that has only been replaced the same
        body under its new code.
        """
        code = _code_in(text)
        ended = self._ended.get(code, []) if code and code not in self._today else []
        # Of two on one day the one listed later: 三好町, which was みよし町 for no day at all.
        last = sorted(ended, key=lambda former: former.changed_on)[-1:]
        return next((former for former in last if not former.is_code_alone), None)

    def successors(self, code: str) -> tuple[Municipality, ...]:
        """The bodies of today in which the former bearer of `code` has gone up."""
        heirs = {former.successor_code: None for former in self._ended.get(code, ())}
        return tuple(self._today[heir] for heir in heirs)

    def predecessors(self, code: str) -> tuple[FormerName, ...]:
        """Every name and code that has gone up in today's body of `code`, oldest change first."""
        return tuple(sorted(self._began.get(code, ()), key=lambda f: (f.changed_on, f.code)))

    def resolve(self, text: str, *, loose: bool = False) -> tuple[PlaceMatch, ...]:
        """The municipalities that the whole of `text` can mean, best first; () when none.

        Present names come before present short names, those before local names and those before
        former names; among equals the caller's preference, then special wards and cities,
        prefectures, towns and villages, wards of cities, then the code. A short form of a former
        name is taken only when no official name of today goes by it, not even one that is kept
        back for being a word.

        Args:
            text: a name, reading or code, with or without prefecture and 郡 before it.
            loose: the text is known to be a place: also take short names of one character
                (津), kana under three, romaji under four letters, and everyday words (中央).
        """
        code = _code_in(text)
        if code:
            return self._ordered(self._by_code(code))
        prefecture, rest = self._split_prefecture(self._keys[Space.NAMES](text))
        entries = self._look_up(rest, text, loose)
        if not entries and (other := _GA.sub("ケ", rest)) != rest:
            entries = self._look_up(other, "", loose)
        if not entries:
            for end in district_ends(rest):
                entries += self._in_district(rest[end:], loose)
        return self._ordered(e for e in entries if prefecture in (None, e.prefecture))

    def find_in(self, text: str) -> tuple[PlaceSpan, ...]:
        """Whole names, present and former, in running text: the longest at each place.

        A prefecture right before a name (福岡県糟屋郡粕屋町) belongs to it and decides between
        namesakes. Names of two characters count only where no kanji stands before them
        (会津市民 is not about 津市), those of towns and villages only after their 郡 or
        prefecture (東村 is a family as well). Local names count from three characters, where
        no letter of the same script makes a longer word of them.
        """
        plain, starts, ends = self._characters(text)
        spans: list[_Found] = []
        position = 0
        while position < len(plain):
            after_name = bool(spans) and spans[-1].end == position
            length = self._longest(plain, position, after_name)
            if length:
                entries = self._ways[Space.NAMES][plain[position : position + length]]
                _append_span(spans, plain, position, position + length, whole_names(entries))
            position += length or 1
        return tuple(
            PlaceSpan(start, end, text[start:end], self._ordered(span.ways))
            for span in spans
            for start, end in [(starts[span.start], ends[span.end - 1])]
        )

    # --- looking up -----------------------------------------------------------------------

    def _by_code(self, code: MunicipalityCode) -> Iterator[Entry]:
        if code in self._today:
            yield entry_of(self._today[code], MatchReason.CODE, code, "団体コード", PRESENT)
        for former in self._ended.get(code, ()):
            body = self._today[former.successor_code]
            label = f"旧団体コード {changed(former)}"
            yield entry_of(body, MatchReason.CODE, code, label, FORMER)

    def _in_district(self, name: str, loose: bool) -> list[Entry]:
        """What lies in a 郡: towns and villages, of today or once."""
        found = self._look_up(name, "", loose)
        return [entry for entry in found if is_rural(entry)]

    def _split_prefecture(self, key: str) -> tuple[str | None, str]:
        for length in (3, 4):
            for entry in self._ways[Space.NAMES].get(key[:length], ()):
                if is_prefecture(entry) and entry.match.exact and len(key) > length:
                    return entry.prefecture, key[length:]
        return None, key

    def _look_up(self, key: str, raw: str, loose: bool) -> list[Entry]:
        entries = list(self._ways[Space.NAMES].get(key, ()))
        if KANA_NAME.fullmatch(key):
            entries += self._ways[Space.KANA].get(self._keys[Space.KANA](key), ())
        elif any("a" <= letter <= "z" for letter in key.lower()):
            entries += self._by_romaji(raw)
        if loose:
            return entries
        present = [entry for entry in entries if entry.rank < LOCAL]
        if not all(entry.guarded for entry in present):
            # A place it is; then its namesakes are not kept back: あさひ is 旭市 and 朝日町.
            return [e for e in entries if e.rank != FORMER_SHORT and not is_part_of_city(e)]
        # A name of today that is kept back stands before one of once: きょうわ, 共和町, 協和町.
        return [e for e in entries if not (e.guarded or (present and e.rank == FORMER_SHORT))]

    def _ordered(self, entries: Iterable[Entry]) -> tuple[PlaceMatch, ...]:
        """Best first, each municipality once."""
        best: dict[str, Entry] = {}
        for entry in sorted(entries, key=self._order):
            best.setdefault(entry.match.municipality.code, entry)
        return tuple(entry.match for entry in best.values())

    def _order(self, entry: Entry) -> tuple[int, int, int, str]:
        body = entry.match.municipality
        return entry.rank, -self._prefer(body), KIND_ORDER[body.kind], body.code

    def _by_romaji(self, raw: str) -> list[Entry]:
        """What goes by the letters, or if nothing does by their other reading."""
        keys = self._keys[Space.ROMAJI](raw), self._other_romaji_key(raw)
        found = (self._ways[Space.ROMAJI].get(key, []) for key in keys if key)
        return next(filter(None, found), [])

    # --- running text ---------------------------------------------------------------------

    def _longest(self, plain: str, position: int, after_name: bool) -> int:
        """The length of the longest whole name that begins at `position`; 0 for none."""
        preceding = plain[position - 1 : position]
        bound = after_name or preceding == "郡"
        for length in self._lengths.get(plain[position], ()):
            end = position + length
            name = plain[position:end]
            following = plain[end : end + 1]
            if length == 2 and not bound and (name[-1] in "町村" or _KANJI.match(preceding)):
                continue
            if following and following in _NOT_AFTER.get(name[-1], ""):
                continue
            if len(name) != length:
                continue
            ways = self._ways[Space.NAMES].get(name, [])
            if any(entry.rank != LOCAL for entry in whole_names(ways)):
                return length
            around = "" if bound else preceding, following
            if _is_called(ways) and length >= LEAST_IN_TEXT and not _goes_on(name, *around):
                return length
        return 0

    def _characters(self, text: str) -> tuple[str, list[int], list[int]]:
        """The folded text, and where each of its characters begins and ends in `text`."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for cluster in _CLUSTER.finditer(text):
            plain = self._fold(cluster.group())
            pieces.append(plain)
            starts += [cluster.start()] * len(plain)
            ends += [cluster.end()] * len(plain)
        return "".join(pieces), starts, ends


def _is_called(ways: list[Entry]) -> bool:
    """Whether it is a local name, and no short name of a body of today."""
    return bool(ways) and not any(entry.rank < LOCAL for entry in ways) and bool(whole_names(ways))


def _goes_on(name: str, preceding: str, following: str) -> bool:
    """Whether a name is part of a longer word; hiragana after it are particles."""
    kanji, katakana, hiragana, latin = _SCRIPTS
    neighbours = ((preceding, name[0], (kanji, katakana, hiragana, latin)),
                  (name[-1], following, (kanji, katakana, latin)))  # fmt: skip
    return any(
        script.match(left) and script.match(right)
        for left, right, scripts in neighbours
        for script in scripts
    )


def _code_in(text: str) -> MunicipalityCode | None:
    try:
        return MunicipalityCode.from_text(text)
    except BadMunicipalityCode:
        return None


def _append_span(spans: list[_Found], plain: str, start: int, end: int, ways: list[Entry]) -> None:
    """Add a name found in text, joined to the prefecture it follows if that has such a name."""
    if spans:
        before, between = spans[-1], plain[spans[-1].end : start]
        named = {e.match.municipality.prefecture for e in before.ways if is_prefecture(e)}
        ours = [entry for entry in ways if entry.prefecture in named and not is_prefecture(entry)]
        if ours and DISTRICT.fullmatch(between):
            spans[-1] = _Found(before.start, end, ours)
            return
    spans.append(_Found(start, end, ways))
