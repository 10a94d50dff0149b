"""How well a record answers: BM25 as Lucene computes it, shared by every engine of ours.

Source of the formula and of the length quantisation: Apache Lucene 9, ``BM25Similarity``
and ``SmallFloat.intToByte4``. With both, 200 of 200 measured top-10 lists were those of
Lucene itself; with exact lengths they were not.
"""

import math
from collections.abc import Collection
from functools import lru_cache

from kb.search.engine import STANDING_WEIGHTS

K1 = 0.8
"""How fast repeating a word stops counting. Measured on two sets of questions (see
``tests.bench.relevance``): 1.2 is .007 of MRR@10 behind on JaQuAD, and level on the other."""
B = 0.75
"""How much long records are held back."""

FACET_SCORE = 1.0
"""What a record gains for carrying the facet value of a variant, before the variant's weight.
A record that also holds the variant's words keeps whichever of the two counts more, so that
saying a place's name never ranks a record below one that is only filed under it."""

SCORE_STEP = 1e6
"""Scores are kept to one part in this before they are compared: engines add up in different
orders, and what differs by rounding only has to count as equal, or the order of ties would
differ. Rounding is by ``floor(x * step + 0.5) / step``, which numpy and Python compute alike;
their own ``round`` do not at ties, which a quarter of a kept score often is."""

_EXACT_LENGTHS = 24
"""Lengths below this are kept as they are: 255 minus Lucene's code for the largest int."""
_MANTISSA_BITS = 3


def idf(documents: int, holding: int) -> float:
    """How rare a token is, from the number of records with the stream and of those holding it."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def saturation(frequency: float, length: float, average_length: float) -> float:
    """What repeating a token counts, between 0 and 1; lengths are in tokens, `length` quantised."""
    return frequency / (frequency + K1 * (1 - B + B * length / average_length))


@lru_cache(maxsize=65536)
def quantised_length(tokens: int) -> int:
    """The length Lucene remembers of a stream of `tokens` tokens: four significant bits."""
    if tokens < _EXACT_LENGTHS:
        return tokens
    rest = tokens - _EXACT_LENGTHS
    shift = max(rest.bit_length() - 1 - _MANTISSA_BITS, 0)
    return _EXACT_LENGTHS + ((rest >> shift) << shift)


def coverage(held: float, asked: float) -> float:
    """What a record's score is multiplied by that holds only some of what was asked.

    Both are sums of :func:`idf` over the things asked for. The root, rather than the share
    itself, measured best of 0, 0.5, 1 and 2 as exponents.
    """
    return math.sqrt(held / asked) if asked else 1.0


def standing_weight(values: Collection[str]) -> float:
    """What the scores of a subject with these values of Facet.STANDING are multiplied by."""
    return min((STANDING_WEIGHTS.get(value, 1.0) for value in values), default=1.0)


def settled(score: float) -> float:
    """`score` as it is compared and shown; see :data:`SCORE_STEP`."""
    return math.floor(score * SCORE_STEP + 0.5) / SCORE_STEP
