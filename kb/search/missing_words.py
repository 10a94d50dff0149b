"""What may help with a word that nothing held: names near it, synonyms it may belong to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kb.domain.synonyms import SynonymEntry, effective
from kb.search.naming import name_key
from kb.search.readers.synonyms import shipped_groups
from kb.search.suggesting import Offer

MOST_NEAREST = 3
MOST_GROUPS = 2
_SHORTEST = 2
"""Characters of a word of which another is a part; one character is in too many."""


@dataclass(frozen=True, slots=True)
class WordHint:
    """What may help with one word."""

    nearest: tuple[str, ...]
    """Names that are known and may have been meant."""
    groups: tuple[tuple[str, ...], ...]
    """Words of the groups it stands in or may belong in, the likeliest group first."""


class WordHints:
    """Knows the synonyms and the suggestions of one moment."""

    def __init__(
        self, own: Iterable[SynonymEntry], offers: Callable[[str], Iterable[Offer]]
    ) -> None:
        """Take a town's own synonyms, and what suggests names for a word."""
        active = [entry.group for entry in effective(shipped_groups(), own) if entry.active]
        words = [tuple(filter(None, (group.head, *group.words))) for group in active]
        self._groups = [(group, tuple(map(name_key, group))) for group in words]
        self._offers = offers

    def of(self, word: str) -> WordHint:
        """What may help with a word."""
        offered = dict.fromkeys(offer.text for offer in self._offers(word))
        key = name_key(word)
        ranked = ((_likeness(key, keys), words) for words, keys in self._groups)
        likely = sorted((each for each in ranked if each[0]), key=lambda each: -each[0])
        return WordHint(
            tuple(offered)[:MOST_NEAREST], tuple(words for _, words in likely[:MOST_GROUPS])
        )


def _likeness(key: str, others: Iterable[str]) -> float:
    """1 for a word of the group; less the less of a longer word the shorter one makes up."""
    return max((_shared(key, other) for other in others), default=0.0)


def _shared(key: str, other: str) -> float:
    short, long_ = sorted((key, other), key=len)
    if len(short) < min(_SHORTEST, len(long_)) or short not in long_:
        return 0.0
    return len(short) / len(long_)
