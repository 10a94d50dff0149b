"""Reading places in a question, by any name they have or had."""

import re
from dataclasses import dataclass

from kb.domain.gazetteer import MatchReason, PlaceMatch
from kb.domain.municipality import Municipality, MunicipalityKind
from kb.search.query import Entity, Facet, Suggestion, Variant
from kb.search.readers.probing import Prober, facet_variant
from kb.search.readers.segments import Segment
from kb.search.readers.vocabulary import Vocabulary

MOST_PLACES = 5
"""Places of one name that are searched together."""

_BY_NAME = (MatchReason.NAME, MatchReason.PREFECTURE)
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
        """
        matches = self._vocabulary.gazetteer.resolve(segment.text)
        active = [match for match in matches if self._is_active(match.municipality)]
        chosen = (active or list(matches))[:MOST_PLACES]
        others = [match for match in matches if match not in chosen]
        first = chosen[0]
        names = tuple(dict.fromkeys(match.municipality.name for match in chosen))
        plain = first.why in _BY_NAME and first.exact and len(matches) == 1
        return PlaceReading(
            variants=self._variants(segment.text, chosen),
            label="" if plain else first.label,
            searched=names,
            entities=tuple(_card(match) for match in chosen),
            suggestions=tuple(_choice(match, segment, typed) for match in others[:MOST_PLACES]),
        )

    def exact_facets(self, text: str) -> tuple[Variant, ...]:
        """The places that go by exactly this full name, for exclusions."""
        return tuple(
            variant
            for match in self._vocabulary.gazetteer.resolve(text)
            if match.why in _BY_NAME and match.exact
            for variant in self._facets(match.municipality)
        )

    def looks_like_place(self, text: str) -> bool:
        """Whether a word has the form of a place's name."""
        return bool(_LIKE_A_PLACE.match(text))

    def near(self, segment: Segment, typed: str) -> tuple[Suggestion, ...]:
        """Places whose name differs from a place-like word by one character."""
        if not self.looks_like_place(segment.text):
            return ()
        found = [name for name in self._vocabulary.place_names if _one_apart(segment.text, name)]
        found.sort(key=lambda name: (not self._name_is_active(name), name))
        return tuple(
            Suggestion("did_you_mean", _replaced(typed, segment, name), name) for name in found[:3]
        )

    def _is_active(self, place: Municipality) -> bool:
        if place.kind is MunicipalityKind.PREFECTURE:
            return any(code[:2] == place.code[:2] for code in self._vocabulary.active_codes)
        return any(code in self._vocabulary.active_codes for code in self._codes(place))

    def _name_is_active(self, name: str) -> bool:
        return any(
            self._is_active(match.municipality)
            for match in self._vocabulary.gazetteer.resolve(name)
        )

    def _codes(self, place: Municipality) -> tuple[str, ...]:
        """A place's own code and those of the bodies it came from."""
        former = self._vocabulary.gazetteer.predecessors(place.code)
        return tuple(dict.fromkeys((place.code, *(name.code for name in former))))

    def _facets(self, place: Municipality) -> tuple[Variant, ...]:
        if place.kind is MunicipalityKind.PREFECTURE:
            return (facet_variant(place.name, Facet.PREFECTURE, place.code[:2]),)
        return tuple(
            facet_variant(place.name, Facet.MUNICIPALITY, code) for code in self._codes(place)
        )

    def _variants(self, text: str, chosen: list[PlaceMatch]) -> tuple[Variant, ...]:
        names = dict.fromkeys([text, *(match.municipality.name for match in chosen)])
        facets = [variant for match in chosen for variant in self._facets(match.municipality)]
        return (*(self._prober.variant(name) for name in names), *facets)


def _card(match: PlaceMatch) -> Entity:
    place = match.municipality
    return Entity("municipality", place.code, place.name, _why(match))


def _why(match: PlaceMatch) -> str:
    """「旧町名 福間町 (2005-01-24 合併)」, or where the place is and how it is read."""
    place = match.municipality
    what, _, when = match.label.partition(" ")
    if match.why is MatchReason.FORMER_NAME:
        return f"{what} {match.matched} ({when})"
    if place.kind is MunicipalityKind.PREFECTURE:
        return place.kana
    return f"{place.prefecture} {place.kana}"


def _choice(match: PlaceMatch, segment: Segment, typed: str) -> Suggestion:
    place = match.municipality
    label = f"{place.name}({place.prefecture})"
    full = (
        place.name if place.kind is MunicipalityKind.PREFECTURE else place.prefecture + place.name
    )
    return Suggestion("choose_place", _replaced(typed, segment, full), label)


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
