"""Words that stand for one another; applied to questions only, so a change needs no reindex."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from kb.domain.synonyms import BadSynonyms, Relation, SynonymEntry, SynonymGroup

LONGEST_TERM = 6
"""Words of the analyser that one entry of the list may take up."""


@dataclass(frozen=True, slots=True)
class Synonym:
    """A word that also answers."""

    word: str
    relation: Relation


Synonyms = Mapping[str, tuple[Synonym, ...]]
"""Folded word -> the words that also answer it."""


def groups(lines: Iterable[str]) -> tuple[SynonymGroup, ...]:
    """The groups of a list in the form of the shipped one.

    Raises:
        BadSynonyms: a line has an unknown kind or too few words.
    """
    numbered = ((number, line.partition("#")[0].strip()) for number, line in enumerate(lines, 1))
    return tuple(_group(number, text) for number, text in numbered if text)


def _group(number: int, text: str) -> SynonymGroup:
    kind, _, rest = text.partition("\t")
    head, _, members = rest.rpartition(">")
    try:
        return SynonymGroup(_relation(kind), _words(members), head.strip())
    except BadSynonyms as error:
        raise BadSynonyms(f"同義語の一覧の{number}行目: {error}") from error


def _relation(kind: str) -> Relation:
    if kind not in set(Relation):
        raise BadSynonyms(f"種類「{kind}」は使えません。")
    return Relation(kind)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def expansions(entries: Iterable[SynonymEntry], key: Callable[[str], str]) -> Synonyms:
    """What each word of the active groups also finds; `key` is the folding look-ups use too."""
    folded = cache(key)
    found: dict[str, dict[str, Synonym]] = {}
    for entry in entries:
        if entry.active:
            for asked, word in entry.group.pairs():
                synonym = Synonym(word, entry.group.relation)
                if folded(asked) != folded(word):
                    found.setdefault(folded(asked), {}).setdefault(folded(word), synonym)
    return {word: tuple(others.values()) for word, others in found.items()}


@cache
def shipped_groups() -> Mapping[str, SynonymGroup]:
    """The groups that are part of this program, by their keys."""
    text = (resources.files("kb.search.readers") / "synonyms.txt").read_text("utf-8")
    return {group.key: group for group in groups(text.splitlines())}
