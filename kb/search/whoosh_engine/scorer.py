"""Which records answer a clause, and how well: BM25 over whole posting lists."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from kb.search.engine import STREAM_WEIGHTS
from kb.search.query import Clause, Probe, Variant
from kb.search.scoring import FACET_SCORE, K1, B, idf
from kb.search.whoosh_engine.cache import ByteCache
from kb.search.whoosh_engine.columns import Floats, Ints, Mask
from kb.search.whoosh_engine.postings import NOTHING, Posting, PostingReader
from kb.search.whoosh_engine.tables import Table


@dataclass(frozen=True, slots=True)
class Answers:
    """For every row of a table: whether it answers, and its score (0 where it does not)."""

    mask: Mask
    scores: Floats


class Scorer:
    """Scores the rows of one table; threads share it.

    Scored probes are kept in `cache`, beside the lists the reader keeps there: decoding one
    takes far longer than adding up a kept one, which is about 5 ns a posting. What lies
    between, a list's rows of one table, is picked again in no time and would take as much room.
    """

    def __init__(self, table: Table, reader: PostingReader, cache: ByteCache[Posting]) -> None:
        self._table = table
        self._reader = reader
        self._cache = cache

    def clause(self, clause: Clause) -> Answers:
        """The rows that hold any variant, each with its best variant's score."""
        if not clause.variants:
            return self.nothing()
        return reduce(_better, map(self.variant, clause.variants))

    def nothing(self) -> Answers:
        """An answer of no row."""
        size = len(self._table)
        return Answers(np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.float64))

    def variant(self, variant: Variant) -> Answers:
        """The rows that hold a variant, each with its weighted score."""
        answers = self.nothing()
        mask, scores = answers.mask, answers.scores
        for probe in variant.probes:
            found = self._probe(probe)
            mask[found.rows] = True
            scores[found.rows] += STREAM_WEIGHTS[probe.stream] * found.counts
        if variant.facet is not None:
            carried = self._table.carrying(variant.facet[0], (variant.facet[1],))
            np.maximum(scores, FACET_SCORE, out=scores, where=carried)
            np.logical_or(mask, carried, out=mask)
        if variant.weight != 1:
            scores *= variant.weight
        return answers

    def _probe(self, probe: Probe) -> Posting:
        """The rows that match a probe; the counts of this posting are BM25 scores."""
        if not probe.tokens:
            return NOTHING
        return self._cache.get((self._table.kind, probe), lambda: self._scored(probe))

    def _scored(self, probe: Probe) -> Posting:
        postings = [self._reader.token(self._table, probe.stream, token) for token in probe.tokens]
        rows = reduce(_common, (posting.rows for posting in postings))
        rarity = [self._idf(probe, posting) for posting in postings]
        if probe.phrase and len(probe.tokens) > 1:
            together = self._together(probe, rows)
            return self._weighed(probe, together, sum(rarity))
        scores = np.zeros(len(rows), dtype=np.float64)
        for posting, rare in zip(postings, rarity, strict=True):
            counts = posting.counts[np.searchsorted(posting.rows, rows)]
            scores += self._weighed(probe, Posting(rows, counts), rare).counts
        return Posting(rows, scores)

    def _together(self, probe: Probe, candidates: Ints) -> Posting:
        if not len(candidates):
            return NOTHING
        return self._reader.phrase(self._table, probe.stream, probe.tokens, candidates)

    def _idf(self, probe: Probe, posting: Posting) -> float:
        return idf(self._table.holders[probe.stream], len(posting.rows))

    def _weighed(self, probe: Probe, posting: Posting, rarity: float) -> Posting:
        """BM25 for whole arrays; the same formula as :func:`kb.search.scoring.saturation`."""
        lengths = self._table.lengths[probe.stream][posting.rows]
        held_back = K1 * (1 - B + B * lengths / self._table.average[probe.stream])
        return Posting(posting.rows, rarity * (posting.counts / (posting.counts + held_back)))


def _better(left: Answers, right: Answers) -> Answers:
    return Answers(left.mask | right.mask, np.maximum(left.scores, right.scores))


def _common(left: Ints, right: Ints) -> Ints:
    return np.intersect1d(left, right, assume_unique=True)
