"""Words that stand for one another; applied to questions only, so a change needs no reindex."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources


class Relation(StrEnum):
    """How a word found stands to the word asked for."""

    SAME = "same"
    ABBREVIATION = "abbrev"
    NARROWER = "narrower"

    @property
    def label(self) -> str:
        """What the chip says."""
        return {"same": "同じ意味の語", "abbrev": "略語・正式名", "narrower": "含まれる語"}[self]


class BadSynonyms(ValueError):
    """A line of a synonym list cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Synonym:
    """A word that also answers."""

    word: str
    relation: Relation


Synonyms = Mapping[str, tuple[Synonym, ...]]
"""Folded word -> the words that also answer it."""


def parse(lines: Iterable[str], key: Callable[[str], str]) -> Synonyms:
    """Read a list; `key` is the folding that look-ups use too.

    Raises:
        BadSynonyms: a line has an unknown kind or too few words.
    """
    found: dict[str, dict[str, Synonym]] = {}
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if text:
            for asked, synonym in _pairs(number, text):
                found.setdefault(key(asked), {}).setdefault(synonym.word, synonym)
    return {word: tuple(synonyms.values()) for word, synonyms in found.items()}


def _pairs(number: int, text: str) -> Iterable[tuple[str, Synonym]]:
    kind, _, rest = text.partition("\t")
    if kind not in set(Relation):
        raise BadSynonyms(f"同義語の一覧の{number}行目: 種類「{kind}」は使えません。")
    relation = Relation(kind)
    if relation is Relation.NARROWER:
        head, _, members = rest.partition(">")
        words = _words(members)
        askers = [head.strip()]
    else:
        words = _words(rest)
        askers = words
    if not words or not all(askers) or (relation is not Relation.NARROWER and len(words) < 2):
        raise BadSynonyms(f"同義語の一覧の{number}行目: 語が足りません。")
    return [(a, Synonym(w, relation)) for a in askers for w in words if a != w]


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


@cache
def shipped(key: Callable[[str], str]) -> Synonyms:
    """The list that is part of this program."""
    text = (resources.files("kb.search.readers") / "synonyms.txt").read_text("utf-8")
    return parse(text.splitlines(), key)
