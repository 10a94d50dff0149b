"""The clauses of one query in one table: which rows hold them, and what those score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from kb.domain.rights import Audience
from kb.search.query import Variant
from kb.search.scoring import idf
from kb.search.whoosh_engine.columns import Floats, Mask
from kb.search.whoosh_engine.formulas import covered
from kb.search.whoosh_engine.postings import Posting, Rows
from kb.search.whoosh_engine.scorer import Scorer
from kb.search.whoosh_engine.tables import Table

Clauses = Sequence[int]
"""Places of clauses in the query."""

_LOOK_UP = 30
"""Looking one row up in a list takes as long as adding up so many postings of it."""


class Found:
    """The clauses of a query in one table."""

    def __init__(
        self, table: Table, scorer: Scorer, audience: Audience, postings: Mapping[int, Posting]
    ) -> None:
        """`postings`: the rows that hold each clause, whoever may see them."""
        self._table = table
        self._scorer = scorer
        self._postings = postings
        self.visible = table.visible(audience)
        self.seen = table.seen[audience]
        """How many rows the audience may see."""
        self._covered: tuple[Clauses, Floats] | None = None

    def holders(self, clause: int) -> int:
        """How many rows that the audience may see hold a clause."""
        rows = self._postings[clause].rows
        if self.seen == len(self._table):
            return len(rows)
        return int(np.count_nonzero(self.visible[rows]))

    def mask(self, clause: int) -> Mask:
        """The rows that hold a clause."""
        mask = np.zeros(len(self._table), dtype=np.bool_)
        mask[self._postings[clause].rows] = True
        return mask

    def any_of(self, clauses: Clauses) -> "Scored":
        """The rows that hold any of `clauses`."""
        total = self._total(*self._together(clauses))
        return Scored(self, total > 0, total, clauses if len(clauses) > 1 else ())

    def all_of(self, clauses: Clauses) -> "Scored":
        """The rows that hold all of `clauses`: they cover everything that is asked for."""
        rows, weights = self._together(clauses)
        matched = np.bincount(rows, minlength=len(self._table)) == len(clauses)
        return Scored(self, matched, self._total(rows, weights) * matched, ())

    def those(self, matched: Mask, clauses: Clauses) -> "Scored":
        """The rows of a mask, by what they hold of `clauses`, which may be nothing."""
        total = self._total(*self._together(clauses)) * matched
        return Scored(self, matched, total, clauses)

    def at(self, clauses: Clauses, rows: Rows) -> "SomeRows":
        """What some rows hold of `clauses`."""
        held = np.zeros((len(clauses), len(rows)), dtype=np.bool_)
        total, share = np.zeros(len(rows)), np.zeros(len(rows))
        rarity = self._rarity(clauses)
        for line, (clause, rare) in enumerate(zip(clauses, rarity, strict=True)):
            held[line], scores = self._postings[clause].at(rows)
            total += scores
            share += rare * held[line]
        return SomeRows(held, total, covered(share, sum(rarity)))

    def coverage_at(self, clauses: Clauses, rows: Rows) -> Floats:
        """What the scores of some rows are multiplied by, for what they hold of `clauses`."""
        postings = sum(len(self._postings[clause].rows) for clause in clauses)
        if self._covered is not None or len(rows) * len(clauses) * _LOOK_UP > postings:
            return self.coverage(clauses)[rows]
        rarity = self._rarity(clauses)
        share = np.zeros(len(rows))
        for clause, rare in zip(clauses, rarity, strict=True):
            share += rare * self._postings[clause].holds(rows)
        return covered(share, sum(rarity))

    def coverage(self, clauses: Clauses) -> Floats:
        """What the score of every row is multiplied by."""
        if self._covered is None or self._covered[0] != clauses:
            rarity = self._rarity(clauses)
            postings = [self._postings[clause] for clause in clauses]
            rows = np.concatenate([posting.rows for posting in postings], dtype=np.intp)
            each = np.repeat(rarity, [len(posting.rows) for posting in postings])
            self._covered = clauses, covered(self._total(rows, each), sum(rarity))
        return self._covered[1]

    def hinted(self, hints: Sequence[Variant], rows: Rows) -> Floats:
        """What hints add to some rows, before it is multiplied by what these cover."""
        found = [self._scorer.variant_at(hint, rows) for hint in hints if len(rows)]
        return reduce(np.add, found, np.zeros(len(rows)))

    def _rarity(self, clauses: Clauses) -> list[float]:
        """How rare each clause is among the rows that the audience may see."""
        return [idf(self.seen, self.holders(clause)) for clause in clauses]

    def _together(self, clauses: Clauses) -> tuple[Rows, Floats]:
        """The rows of all clauses and their scores, one clause after the other."""
        postings = [self._postings[clause] for clause in clauses]
        rows = np.concatenate([posting.rows for posting in postings], dtype=np.intp)
        return rows, np.concatenate([posting.counts for posting in postings])

    def _total(self, rows: Rows, weights: Floats) -> Floats:
        total: Floats = np.bincount(rows, weights, minlength=len(self._table)).astype(
            np.float64, copy=False
        )
        return total


@dataclass(frozen=True, slots=True)
class Scored:
    """What every row of a table scores before hints; those that do not answer score nothing."""

    found: Found
    matched: Mask
    total: Floats
    """The most that a row can score: before it is multiplied by what it covers."""
    clauses: Clauses
    """Those of which a row may cover only some; none where all that match cover everything."""

    def coverage(self, rows: Rows) -> Floats:
        """What the totals of some rows are multiplied by."""
        if not self.clauses:
            return np.ones(len(rows))
        return self.found.coverage_at(self.clauses, rows)

    def scores(self, rows: Rows, raised: Floats | float = 0.0) -> Floats:
        """What some rows score, with what hints add where they answer."""
        own = (self.total[rows] + raised) * self.coverage(rows)
        return np.where(self.matched[rows], own, 0.0)

    @property
    def every(self) -> Floats:
        """What every row scores."""
        return self.total * self.found.coverage(self.clauses) if self.clauses else self.total


@dataclass(frozen=True, slots=True)
class SomeRows:
    """What some rows hold: arrays with an element (or a column) for each."""

    held: Mask
    """A line for each clause."""
    total: Floats
    coverage: Floats
