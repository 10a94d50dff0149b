"""Groups of words that stand for one another in a question."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

LONGEST_WORD = 60
"""Characters of one word of a group."""


class Relation(StrEnum):
    """How a word found stands to the word asked for."""

    SAME = "same"
    ABBREVIATION = "abbrev"
    NARROWER = "narrower"

    @property
    def label(self) -> str:
        """What a reader is told."""
        return {"same": "同じ意味の語", "abbrev": "略語・正式名", "narrower": "含まれる語"}[self]


class BadSynonyms(ValueError):
    """A group or a line of a list cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Words that stand for one another, or one word that others answer.

    Raises:
        BadSynonyms: there are too few words, or one is too long.
    """

    relation: Relation
    words: tuple[str, ...]
    """Two or more; of a narrower group those that answer, one or more."""
    head: str = ""
    """Of a narrower group alone: the word that is asked for."""

    def __post_init__(self) -> None:
        directed = self.relation is Relation.NARROWER
        others = {word for word in self.words if word != self.head}
        if directed != bool(self.head) or len(others) < (1 if directed else 2):
            raise BadSynonyms("語が足りません。")
        if any(len(word) > LONGEST_WORD for word in (self.head, *self.words)):
            raise BadSynonyms(f"1つの語は{LONGEST_WORD}文字までにしてください。")

    @property
    def key(self) -> str:
        """What tells groups apart: the kind and the first word. A change keeps it."""
        return f"{self.relation}:{self.head or self.words[0]}"

    def pairs(self) -> Iterator[tuple[str, str]]:
        """(word asked for, word that also answers)."""
        for asked in (self.head,) if self.head else self.words:
            yield from ((asked, word) for word in self.words if word != asked)


@dataclass(frozen=True, slots=True)
class SynonymEntry:
    """A group as a town keeps it: its own, taken from a file, or a shipped one changed."""

    key: str
    group: SynonymGroup
    active: bool = True
    """False switches the group off."""
    origin: str = "own"
    """own, shipped or sudachi."""


def effective(
    shipped: Mapping[str, SynonymGroup], entries: Iterable[SynonymEntry]
) -> tuple[SynonymEntry, ...]:
    """The shipped groups and a town's own: an entry stands in for the shipped group of its key."""
    found = {key: SynonymEntry(key, group, origin="shipped") for key, group in shipped.items()}
    found |= {entry.key: entry for entry in entries}
    return tuple(found.values())
