"""Filters and counts: which of the rows found are chosen, and what each further choice would give.

A facet ignores its own selection. Instead of joining the masks of the other facets for each, one
count of failed filters a row tells all of them: a row counts for a facet when it fails nothing, or
nothing but that facet's own filter.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kb.search.query import Facet, Filters
from kb.search.whoosh_engine.columns import Mask
from kb.search.whoosh_engine.tables import Table


class Tally:
    """The rows of a table that were found, sorted out by filters."""

    def __init__(self, table: Table, filters: Filters, found: Mask) -> None:
        self._table = table
        self._carrying = {facet: table.carrying(facet, values) for facet, values in filters.items()}
        self._found = found
        self._failed = _failed(self._carrying, len(table))
        self.passing = found & (self._failed == 0) if filters else found
        self.total = int(np.count_nonzero(self.passing))
        self._counts = table.facet_counts.of(self.passing)

    def counted(self, facet: Facet) -> Mapping[str, int]:
        """How many of the rows that pass all other filters carry each value of a facet."""
        counts = self._counts
        if facet in self._carrying:
            only_here = (self._failed == 1) & ~self._carrying[facet]
            counts = self._table.facet_counts.of(self._found & ((self._failed == 0) | only_here))
        numbers = counts.each(facet)
        values = np.flatnonzero(numbers)
        words = self._table.words.values[facet].words(values.tolist())
        return dict(zip(words, numbers[values].tolist(), strict=True))


def _failed(carrying: Mapping[Facet, Mask], size: int) -> NDArray[np.uint8]:
    """How many filters each row fails."""
    failed = np.zeros(size if carrying else 0, dtype=np.uint8)
    for mask in carrying.values():
        failed += ~mask
    return failed
