"""Everything that may be offered at one moment of the catalogue, ready to be looked through."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from kb.domain.offerable import Offerable, OfferKind
from kb.domain.rights import Audience
from kb.search.suggestions.keys import typed_keys
from kb.search.suggestions.shelf import Shelf

MOST = 8
"""Things offered at once."""
OF_ONE_KIND = 3
"""Of one kind among them, as long as there are others."""
LEAST_INSIDE = 2
"""Characters that are looked for inside names; one is in too many."""
MOST_NEAR = 4
"""Near misses offered: who mistyped meant one of the nearest, or none."""
MOST_MEANT = 3
"""Words that may have been meant by one that nothing holds."""

_ORDER = {kind: place for place, kind in enumerate(OfferKind)}
_WHOLE_SENTENCES = (OfferKind.CASE, OfferKind.DOCUMENT, OfferKind.EVENT)
"""They are titles: their words are asked after, not they."""

Same = tuple[OfferKind, str]
Rank = tuple[bool, bool, bool, int, int, int, str]


def rank(thing: Offerable) -> Rank:
    """The order of what is met in the same way.

    Specimens last, what has cases before what has none, names of today before those of the past;
    then by kind, by the number of cases, by length.
    """
    cases = 0 if thing.kind in _WHOLE_SENTENCES else -thing.cases
    return (
        thing.specimen, not thing.cases, thing.former,
        _ORDER[thing.kind], cases, len(thing.label), thing.label,
    )  # fmt: skip


class SuggestionTable:
    """Looks names up; never changed once it is made, so safe to share between threads."""

    def __init__(self, things: Iterable[Offerable]) -> None:
        shelves: dict[tuple[frozenset[Audience], OfferKind], list[Offerable]] = defaultdict(list)
        for thing in things:
            if thing.audiences:
                shelves[thing.audiences, thing.kind].append(thing)
        self._shelves = [Shelf(*of, sorted(found, key=rank)) for of, found in shelves.items()]

    def offered(
        self, typed: str, audience: Audience, leave_out: Sequence[OfferKind] = ()
    ) -> tuple[Offerable, ...]:
        """What the audience may be offered for what is typed: at most :data:`MOST`.

        Names that it is, then names that begin with it, then names that hold it; near misses
        only where no name begins with it.

        Args:
            typed: the text so far.
            audience: who is typing.
            leave_out: kinds that are not wanted.
        """
        shelves = self._shelves_for(audience, leave_out)
        keys = typed_keys(typed)
        holding = [(shelf, key) for shelf in shelves for key in keys if shelf.holds(key)]
        begun = _met(holding, Shelf.whole) + _met(holding, Shelf.beginning)
        long_enough = [(shelf, key) for shelf, key in holding if len(key) >= LEAST_INSIDE]
        met = begun + _met(long_enough, Shelf.inside)
        near = [] if begun else _near(shelves, keys, whole=False)[:MOST_NEAR]
        return _varied([*met, *near])

    def meant(self, word: str, audience: Audience) -> tuple[Offerable, ...]:
        """Names that a word which nothing holds may have meant, the nearest first."""
        shelves = self._shelves_for(audience, _WHOLE_SENTENCES)
        keys = typed_keys(word)
        if any(shelf.whole(key, 1) for shelf in shelves for key in keys):
            return ()  # It is a name, and no mistake.
        near = list({_same(thing): thing for thing in _near(shelves, keys, whole=True)}.values())
        # A name under which nothing is held would be the next question that finds nothing.
        leading = [thing for thing in near if thing.cases]
        return tuple((leading or near)[:MOST_MEANT])

    def _shelves_for(self, audience: Audience, leave_out: Sequence[OfferKind]) -> list[Shelf]:
        return [
            shelf
            for shelf in self._shelves
            if audience in shelf.audiences and shelf.kind not in leave_out
        ]


def _met(
    where: Iterable[tuple[Shelf, str]], way: Callable[[Shelf, str, int], list[int]]
) -> list[Offerable]:
    """What is met in one way, best first."""
    found = [shelf.things[number] for shelf, key in where for number in way(shelf, key, MOST)]
    return sorted(found, key=rank)


def _near(shelves: Iterable[Shelf], keys: Sequence[str], *, whole: bool) -> list[Offerable]:
    """What is nearly met, the nearest first."""
    found = [
        (wrong, rank(thing), thing)
        for shelf in shelves
        for key in keys
        for wrong, number in shelf.near(key, whole=whole)
        for thing in [shelf.things[number]]
    ]
    return [thing for _, _, thing in sorted(found, key=lambda each: each[:2])]


def _varied(found: Iterable[Offerable]) -> tuple[Offerable, ...]:
    """The first of them in their order, of no kind too many as long as there are others."""
    fresh: dict[Same, Offerable] = {}
    for thing in found:
        fresh.setdefault(_same(thing), thing)
    kinds: Counter[OfferKind] = Counter()
    wanted: list[Same] = []
    surplus: list[Same] = []
    for same, thing in fresh.items():
        kinds[thing.kind] += 1
        (wanted if kinds[thing.kind] <= OF_ONE_KIND else surplus).append(same)
    kept = {*[*wanted, *surplus][:MOST]}
    return tuple(thing for same, thing in fresh.items() if same in kept)


def _same(thing: Offerable) -> Same:
    """What makes two of them one: the same page, or the same words to search for."""
    return thing.kind, thing.id or thing.label
