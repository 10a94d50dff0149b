"""Reading places in a question, by any name they have or had."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from kb.domain.gazetteer import MatchReason, PlaceMatch
from kb.domain.municipality import Municipality, MunicipalityKind
from kb.japanese.fold import fold_text
from kb.search.query import Entity, Facet, Suggestion, Variant
from kb.search.readers.lexing import NO_PLACES
from kb.search.readers.probing import Prober, facet_variant
from kb.search.readers.segments import Segment
from kb.search.readers.vocabulary import Vocabulary

MOST_PLACES = 5
"""Places of one name that are searched together."""
MOST_OFFERED = 12
"""Places of one name that are offered: 南区 is the name of twelve, and none of more."""
MOST_NEAR = 3
"""Names near a mistyped one that are offered."""

_BY_NAME = (MatchReason.NAME, MatchReason.PREFECTURE)
_OF_A_PLACE = ("長", "役所", "役場", "庁", "民", "議会", "政", "内", "立", "営")
"""What the analyser takes together with the end of a place's name: 福津市長 is 福津 and 市長."""
_FIVE = "、検査数字を補いました"
_LIKE_A_PLACE = re.compile(r"[^\s\d]{1,5}[市区町村県]$")


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """How a place's name was read."""

    variants: tuple[Variant, ...]
    label: str
    """Empty when the place was typed under its present full name."""
    searched: tuple[str, ...]
    entities: tuple[Entity, ...]
    suggestions: tuple[Suggestion, ...]


class PlaceReader:
    """Reads places against one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, prober: Prober) -> None:
        self._vocabulary = vocabulary
        self._prober = prober

    def read(self, segment: Segment, typed: str) -> PlaceReading:
        """Read what the gazetteer knows as a place.

        Of several places of one name those with cases are taken; the others are offered.
        Where none or several have cases they are searched together, and each is offered.
        """
        matches = self._vocabulary.gazetteer.resolve(segment.text)
        chosen = self._chosen(matches)
        others = [match for match in matches if match not in chosen]
        names = _names(chosen)
        offered = others if len(chosen) == 1 else [*chosen, *others]
        return PlaceReading(
            variants=self._variants(segment.text, chosen),
            label=_label(matches, chosen) or _otherwise_written(segment.text, chosen[0]),
            searched=names,
            entities=tuple(
                self._card(match, name, segment.text)
                for match, name in zip(chosen, names, strict=True)
            ),
            suggestions=tuple(
                place_choice(match, segment, typed) for match in offered[:MOST_OFFERED]
            ),
        )

    def left_out(self, text: str) -> PlaceReading | None:
        """What leaving out a place leaves out: what asking for it would find, and every other
        place that goes by exactly this full name. None when it is no place.
        """
        matches = self._vocabulary.gazetteer.resolve(text)
        if not matches:
            return None
        chosen = self._chosen(matches)
        namesakes = [m for m in matches if m.why in _BY_NAME and m.exact and m not in chosen]
        meant = [*chosen, *namesakes]
        names = dict.fromkeys(match.municipality.name for match in meant)
        words = [f"{name}{ending}" for name in names for ending in ("", *_OF_A_PLACE)]
        return PlaceReading(
            variants=(
                *map(self._prober.literal, words),
                *(_facet(match.municipality) for match in meant),
            ),
            label=_label(matches, chosen),
            searched=_names(meant),
            entities=(),
            suggestions=(),
        )

    def _chosen(self, matches: Sequence[PlaceMatch]) -> list[PlaceMatch]:
        """Those with cases, where any has; else all of them."""
        active = [match for match in matches if self._is_active(match.municipality)]
        return (active or list(matches))[:MOST_PLACES]

    def looks_like_place(self, text: str) -> bool:
        """Whether a word has the form of a place's name."""
        return bool(_LIKE_A_PLACE.match(text))

    def near(self, segment: Segment, typed: str) -> tuple[Suggestion, ...]:
        """Places whose name differs from a place-like word by one character."""
        if not self.looks_like_place(segment.text) or segment.text in NO_PLACES:
            return ()
        return tuple(
            Suggestion("did_you_mean", _replaced(typed, segment, name), name)
            for name in near_names(segment.text, self._vocabulary)
        )

    def _card(self, match: PlaceMatch, name: str, typed: str) -> Entity:
        return Entity("municipality", match.municipality.code, name, self._why(match, typed))

    def _why(self, match: PlaceMatch, typed: str) -> str:
        """「旧町名 福間町 (2005-01-24 合併)」, 「ローマ字 Fukutsu-shi (福岡県 ふくつし)」, ..."""
        place = match.municipality
        what, _, when = match.label.partition(" ")
        if match.why is MatchReason.FORMER_NAME:
            return f"{what} {match.matched} ({when})"
        if match.why is MatchReason.CODE and when:
            return f"{what} {match.matched} {self._bearer(match)} ({when})"
        if match.why is MatchReason.CODE:
            short = len(fold_text(typed).strip()) == len(place.code.code5)
            return f"{what} {place.code}{_FIVE if short else ''} ({_where(place)})"
        if match.why is MatchReason.LOCAL_NAME:
            return f"{what} {match.matched} ({_where(place)})"
        if match.why is MatchReason.ROMAJI:
            return f"{what} {place.romaji} ({_where(place)})"
        if match.why is MatchReason.KANA:
            return f"{what} {_where(place)}"
        return _where(place)

    def _bearer(self, match: PlaceMatch) -> str:
        """Who bore a former code last."""
        former = self._vocabulary.gazetteer.predecessors(match.municipality.code)
        return next(name.name for name in reversed(former) if name.code == match.matched)

    def _is_active(self, place: Municipality) -> bool:
        return _has_cases(place, self._vocabulary)

    def _variants(self, text: str, chosen: list[PlaceMatch]) -> tuple[Variant, ...]:
        names = dict.fromkeys([text, *(match.municipality.name for match in chosen)])
        facets = [_facet(match.municipality) for match in chosen]
        return (*(self._prober.variant(name) for name in names), *facets)


def near_names(text: str, vocabulary: Vocabulary) -> list[str]:
    """Names of places that differ from `text` by one character, those with cases first."""
    found = [name for name in vocabulary.place_names if _one_apart(text, name)]
    return sorted(found, key=lambda name: (not _name_has_cases(name, vocabulary), name))[:MOST_NEAR]


def _has_cases(place: Municipality, vocabulary: Vocabulary) -> bool:
    if place.kind is MunicipalityKind.PREFECTURE:
        return any(code[:2] == place.code[:2] for code in vocabulary.active_codes)
    return place.code in vocabulary.active_codes


def _name_has_cases(name: str, vocabulary: Vocabulary) -> bool:
    matches = vocabulary.gazetteer.resolve(name)
    return any(_has_cases(match.municipality, vocabulary) for match in matches)


def _facet(place: Municipality) -> Variant:
    """What is filed under a place, and under bodies of the past in whose place it stands."""
    if place.kind is MunicipalityKind.PREFECTURE:
        return facet_variant(place.name, Facet.PREFECTURE, place.code[:2])
    return facet_variant(place.name, Facet.MUNICIPALITY, place.code)


def _label(matches: Sequence[PlaceMatch], chosen: Sequence[PlaceMatch]) -> str:
    """Why the first was meant, or that several go by the name."""
    first = chosen[0]
    divided = first.label.startswith("旧") and len({match.label for match in chosen}) == 1
    if len(chosen) > 1 and not divided:
        return "同じ名の自治体"
    plain = first.why in _BY_NAME and first.exact and len(matches) == 1
    return "" if plain else first.label


def _otherwise_written(text: str, match: PlaceMatch) -> str:
    """That a whole name was typed in other characters: 中野區, 霧ケ沢村."""
    same = unicodedata.normalize("NFKC", text).strip().endswith(match.municipality.name)
    return "" if same else "書き方の違い"


def _names(chosen: Sequence[PlaceMatch]) -> tuple[str, ...]:
    """The names that are searched; namesakes with their prefecture."""
    names = [match.municipality.name for match in chosen]
    return tuple(
        full_name(match.municipality) if names.count(name) > 1 else name
        for match, name in zip(chosen, names, strict=True)
    )


def _where(place: Municipality) -> str:
    """福岡県 ふくつし; a prefecture by its reading alone."""
    prefecture = place.kind is MunicipalityKind.PREFECTURE
    return place.kana if prefecture else f"{place.prefecture} {place.kana}"


def full_name(place: Municipality) -> str:
    """東京都府中市; a prefecture by itself."""
    return place.full_name


def place_choice(match: PlaceMatch, segment: Segment, typed: str) -> Suggestion:
    """A link to the same question with one place in the segment's stead."""
    place = match.municipality
    where = [] if place.kind is MunicipalityKind.PREFECTURE else [place.prefecture]
    if match.why is MatchReason.FORMER_NAME:
        where.append(f"旧{match.matched}")
    elif match.why is MatchReason.LOCAL_NAME:
        where.append(f"{match.label} {match.matched}")
    label = place.name + (f"({'、'.join(where)})" if where else "")
    return Suggestion("choose_place", _replaced(typed, segment, full_name(place)), label)


def _replaced(typed: str, segment: Segment, name: str) -> str:
    return typed[: segment.start] + name + typed[segment.end :]


def _one_apart(one: str, other: str) -> bool:
    """Whether one substitution, insertion or deletion turns one into the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    skip = 1 if len(one) == len(other) else 0
    return one[at + skip :] == other[at + 1 :]
