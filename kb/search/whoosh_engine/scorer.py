"""Which records answer a clause, and how well: BM25 over whole posting lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from kb.search.engine import STREAM_WEIGHTS
from kb.search.explaining import Met
from kb.search.query import Clause, Probe, Variant
from kb.search.scoring import FACET_SCORE, K1, B, idf
from kb.search.whoosh_engine.cache import ByteCache
from kb.search.whoosh_engine.columns import Floats, Mask
from kb.search.whoosh_engine.postings import NOTHING, Posting, PostingReader, Rows
from kb.search.whoosh_engine.tables import Table

_LEAST = 1e-12
"""What a row scores at least that holds a clause, so that a sum tells whether any is held."""


@dataclass(frozen=True, slots=True)
class Answers:
    """For every row of a table: whether it answers, and its score (0 where it does not)."""

    mask: Mask
    scores: Floats


class Scorer:
    """Scores the rows of one table; threads share it.

    The scores of whole clauses are kept in `cache`; the reader keeps the lists they are made of.
    What lies between, the scores of single probes, is hardly asked for twice.
    """

    def __init__(self, table: Table, reader: PostingReader, cache: ByteCache[Posting]) -> None:
        self._table = table
        self._reader = reader
        self._cache = cache
        self._held_back = {
            stream: K1 * (1 - B + B * lengths / table.average[stream])
            for stream, lengths in table.lengths.items()
        }

    def clause(self, clause: Clause) -> Answers:
        """The rows that hold any variant, each with its best variant's score."""
        if not clause.variants:
            return self.nothing()
        return reduce(_better, map(self.variant, clause.variants))

    def found(self, clause: Clause) -> Posting:
        """The rows that hold a clause, and their scores; kept as well."""
        return self._cache.get((self._table.kind, clause), lambda: self._summed(clause))

    def _summed(self, clause: Clause) -> Posting:
        answers = self.clause(clause)
        rows = np.flatnonzero(answers.mask).astype(np.int32)
        return Posting(rows, np.maximum(answers.scores[rows], _LEAST))

    def variant_at(self, variant: Variant, rows: Rows) -> Floats:
        """As :meth:`variant`, of some rows only: the score of each, 0 where it holds none."""
        scores = np.zeros(len(rows))
        for probe in variant.probes:
            scores += STREAM_WEIGHTS[probe.stream] * self._probe_at(probe, rows)
        if variant.facet is not None:
            carried = self._table.carrying(variant.facet[0], (variant.facet[1],))[rows]
            np.maximum(scores, FACET_SCORE, out=scores, where=carried)
        return scores * variant.weight

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
        return self._scored(probe)

    def _probe_at(self, probe: Probe, rows: Rows) -> Floats:
        """What a probe scores on some rows, without the lists of all that hold it."""
        table, reader, stream = self._table, self._reader, probe.stream
        holders = [reader.holders(table, stream, token) for token in probe.tokens]
        if not holders or not all(holders):
            return np.zeros(len(rows))
        rarity = [idf(table.holders[stream], count) for count in holders]
        if probe.phrase and len(probe.tokens) > 1:
            counts = reader.phrases_at(table, stream, probe.tokens, rows)
            return self._weighed(probe, Posting(rows, counts), sum(rarity)).counts
        each = [reader.counts_at(table, stream, token, rows) for token in probe.tokens]
        weighed = (
            self._weighed(probe, Posting(rows, counts), rare).counts
            for counts, rare in zip(each, rarity, strict=True)
        )
        whole: Floats = np.where(np.all(each, axis=0), reduce(np.add, weighed), 0.0)
        return whole

    def met(self, probe: Probe, row: int) -> Met | None:
        """How a probe matches one row, and what it scores there; None where it does not."""
        score = _at(self._probe(probe), row)
        if not score:
            return None
        postings = [self._reader.token(self._table, probe.stream, token) for token in probe.tokens]
        counted = postings
        if probe.phrase and len(probe.tokens) > 1:
            counted = [self._together(probe, np.array([row], dtype=np.int32))]
        return Met(
            times=tuple(int(_at(posting, row)) for posting in counted),
            rarity=sum(self._idf(probe, posting) for posting in postings),
            score=score,
        )

    def _scored(self, probe: Probe) -> Posting:
        postings = [self._reader.token(self._table, probe.stream, token) for token in probe.tokens]
        rows = _common(postings)
        rarity = [self._idf(probe, posting) for posting in postings]
        if probe.phrase and len(probe.tokens) > 1:
            together = self._together(probe, rows)
            return self._weighed(probe, together, sum(rarity))
        if len(postings) == 1:
            return self._weighed(probe, postings[0], rarity[0])
        scores = np.zeros(len(rows), dtype=np.float64)
        for posting, rare in zip(postings, rarity, strict=True):
            counts = posting.at(rows)[1]
            scores += self._weighed(probe, Posting(rows, counts), rare).counts
        return Posting(rows, scores)

    def _together(self, probe: Probe, candidates: Rows) -> Posting:
        counts = self._reader.phrases_at(self._table, probe.stream, probe.tokens, candidates)
        here = np.flatnonzero(counts)
        return Posting(candidates[here], counts[here])

    def _idf(self, probe: Probe, posting: Posting) -> float:
        return idf(self._table.holders[probe.stream], len(posting.rows))

    def _weighed(self, probe: Probe, posting: Posting, rarity: float) -> Posting:
        """BM25 for whole arrays; the same formula as :func:`kb.search.scoring.saturation`."""
        held_back = self._held_back[probe.stream][posting.rows]
        return Posting(posting.rows, rarity * (posting.counts / (posting.counts + held_back)))


def _better(left: Answers, right: Answers) -> Answers:
    return Answers(left.mask | right.mask, np.maximum(left.scores, right.scores))


def _at(posting: Posting, row: int) -> float:
    """What a posting counts at a row; 0 where it has none."""
    place = int(np.searchsorted(posting.rows, row))
    held = place < len(posting.rows) and posting.rows[place] == row
    return float(posting.counts[place]) if held else 0.0


def _common(postings: Sequence[Posting]) -> Rows:
    """The rows that all hold, looked up from the shortest list on."""
    first, *others = sorted(postings, key=lambda posting: len(posting.rows))
    rows = first.rows
    for posting in others:
        rows = rows[posting.holds(rows)]
    return rows
