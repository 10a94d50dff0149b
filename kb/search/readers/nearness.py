"""What raises an answer beyond holding the words: that they stand together as they were typed.

Hints find nothing by themselves. Neighbouring units are worth a fifth of a word, pairs of
characters what their stream is worth; both measured by ``tests.bench.relevance``.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from kb.japanese.fold import fold_text
from kb.japanese.tokenise import Analyser, bigrams
from kb.search.query import Probe, Stream, Variant

MOST_HINTS = 48
"""Of each sort, for one question: a sentence of 50 characters has about as many pairs."""
NEIGHBOURS_WEIGHT = 0.4


def hints(texts: Iterable[str], analyser: Analyser) -> tuple[Variant, ...]:
    """The hints for the plain words of a question, in no order that matters."""
    neighbours: dict[Variant, None] = {}
    pairs: dict[Variant, None] = {}
    for text in texts:
        neighbours |= dict.fromkeys(_neighbours(text, analyser))
        pairs |= dict.fromkeys(_pairs(text))
    return (*list(neighbours)[:MOST_HINTS], *list(pairs)[:MOST_HINTS])


def _neighbours(text: str, analyser: Analyser) -> Iterator[Variant]:
    units = [token.term for token in analyser.analyse(text).short]
    for pair in pairwise(units):
        yield Variant("".join(pair), (Probe(Stream.SHORT, pair, phrase=True),), NEIGHBOURS_WEIGHT)


def _pairs(text: str) -> Iterator[Variant]:
    for pair in bigrams(fold_text(text).strip()):
        yield Variant(pair, (Probe(Stream.BIGRAMS, (pair,)),))
