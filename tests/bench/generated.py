"""Made-up records whose words are distributed as those of a language are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from kb.domain.rights import Audience
from kb.search.engine import IndexRecord, RecordKind
from kb.search.query import Facet, Stream

VOCABULARY = 30_000
WORDS_PER_RECORD = 120
"""About a page of Japanese in dictionary words without particles."""
SIZES = {
    Facet.MUNICIPALITY: 800,
    Facet.PREFECTURE: 47,
    Facet.IMPLEMENTED_IN: 20,
    Facet.PRESENTED_IN: 20,
    Facet.THEME: 12,
    Facet.DEPARTMENT: 22,
    Facet.KIND: 11,
    Facet.RIGHTS: 4,
}
"""How many values each facet has."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, in words."""

    words: tuple[str, ...]
    prefecture: str


def word(rank: int) -> str:
    """The word at a place of the frequency list, the commonest first."""
    return f"w{rank}"


def records(count: int, pages_per_case: int = 0, seed: int = 1) -> Iterator[IndexRecord]:
    """`count` cases; each with `pages_per_case` pages, whose words then make up the case's."""
    chance = np.random.default_rng(seed)
    share = 1 / np.arange(1, VOCABULARY + 1)
    edges = np.cumsum(share / share.sum())
    names = np.array([word(rank) for rank in range(VOCABULARY)])
    for number in range(count):
        parts = [
            tuple(names[np.searchsorted(edges, chance.random(WORDS_PER_RECORD))].tolist())
            for _ in range(max(1, pages_per_case))
        ]
        facets = {f: (f"{f.value}{chance.integers(size)}",) for f, size in SIZES.items()}
        yield _record(RecordKind.CASE, number, 0, sum(parts, ()), facets)
        for page in range(pages_per_case):
            yield _record(RecordKind.PAGE, number, page + 1, parts[page], facets)


def _record(
    kind: RecordKind,
    number: int,
    page: int,
    words: tuple[str, ...],
    facets: Mapping[Facet, tuple[str, ...]],
) -> IndexRecord:
    return IndexRecord(
        key=f"{kind.value}:{number}:{page}",
        kind=kind,
        subject=f"case:{number}",
        document=f"doc-{number}" if page else "",
        page=page,
        streams={Stream.WORDS: words},
        facets=facets,
        audiences=frozenset(Audience),
        version="1",
    )


def questions(count: int, words: range, seed: int = 2) -> list[Question]:
    """Questions of as many words as `words` allows, from common to rare, no particles."""
    chance = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        size = chance.integers(words.start, words.stop)
        ranks = np.exp(chance.uniform(np.log(20), np.log(5000), size)).astype(int)
        prefecture = f"prefecture{chance.integers(SIZES[Facet.PREFECTURE])}"
        made.append(Question(tuple(word(int(rank)) for rank in ranks), prefecture))
    return made


def neighbours(count: int, made: list[IndexRecord], seed: int = 3) -> list[Question]:
    """Pairs of words that stand next to each other somewhere."""
    chance = np.random.default_rng(seed)
    found: list[Question] = []
    while len(found) < count:
        words = made[chance.integers(len(made))].streams[Stream.WORDS]
        at = int(chance.integers(len(words) - 1))
        pair = words[at : at + 2]
        if all(int(token[1:]) >= 20 for token in pair):
            found.append(Question(pair, ""))
    return found
