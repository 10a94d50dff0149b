"""The values of facets laid out so that all facets are counted in a few passes.

A row's values of several facets are one number, as the digits of a time of day are one number of
seconds; counting the numbers and adding up along each facet gives the counts of all of them. What a
row carries beyond its first value of a facet is counted apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from kb.search.query import Facet
from kb.search.whoosh_engine.columns import Ints, Mask, Pairs

MOST_NUMBERS = 16_384
"""Different numbers of one layout: their counts (128 KiB) stay in the processor's cache."""

Numbers = NDArray[np.intp]
Packed = NDArray[np.uint16 | np.int64]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Some facets in one number a row."""

    facets: tuple[Facet, ...]
    sizes: tuple[int, ...]
    """Values of each facet, and one for none, which is 0."""
    numbers: Packed
    """One a row, as narrow as they may be: half of the time goes into picking them."""
    total: Numbers
    """How many rows have each number."""

    def counts(self, rows: Numbers, *, others: bool) -> Mapping[Facet, Numbers]:
        """How many of `rows` (or of the other rows) carry each value first."""
        # Rows are always within the table; "clip" only spares numpy the question.
        picked = self.numbers.take(rows, mode="clip")
        found = np.bincount(picked, minlength=len(self.total))
        cube = (self.total - found if others else found).reshape(self.sizes)
        axes = range(len(self.facets))
        return {
            facet: cube.sum(axis=tuple(other for other in axes if other != axis))[1:]
            for axis, facet in zip(axes, self.facets, strict=True)
        }


class FacetCounts:
    """The facets of one table, to be counted for any of its rows."""

    def __init__(self, facets: Mapping[Facet, Pairs], size: int) -> None:
        """`size`: rows of the table."""
        split = {facet: _split(pairs, size) for facet, pairs in facets.items()}
        sizes = {facet: int(pairs.codes.max(initial=-1)) + 2 for facet, pairs in facets.items()}
        firsts = {facet: first for facet, (first, _) in split.items()}
        self.more = {facet: more for facet, (_, more) in split.items()}
        self.layouts = tuple(_layout(each, sizes, firsts) for each in _packed(sizes))

    def of(self, mask: Mask) -> "Counts":
        """The counts of the rows of a mask."""
        return Counts(self, mask)


class Counts:
    """What the rows of one mask carry; each layout is counted when it is first asked for."""

    def __init__(self, facets: FacetCounts, mask: Mask) -> None:
        self._facets = facets
        self._mask = mask
        # Whichever are fewer are looked at: the rows of the mask, or the others.
        self._others = int(np.count_nonzero(mask)) * 2 > len(mask)
        self._rows = np.flatnonzero(~mask if self._others else mask)
        self._known: dict[Facet, Numbers] = {}

    def each(self, facet: Facet) -> Numbers:
        """How many of the rows carry each value of a facet, by the value's number."""
        if facet not in self._known:
            layout = next(one for one in self._facets.layouts if facet in one.facets)
            self._known |= layout.counts(self._rows, others=self._others)
        counts, more = self._known[facet], self._facets.more[facet]
        if not len(more.rows):
            return counts
        return counts + np.bincount(more.codes[self._mask[more.rows]], minlength=len(counts))


def _split(pairs: Pairs, size: int) -> tuple[Ints, Pairs]:
    """The number of each row's first value plus 1 (0 for none), and all further values."""
    fresh = np.ones(len(pairs.rows), dtype=np.bool_)
    fresh[1:] = pairs.rows[1:] != pairs.rows[:-1]
    first = np.zeros(size, dtype=np.int32)
    first[pairs.rows[fresh]] = pairs.codes[fresh] + 1
    return first, Pairs(pairs.rows[~fresh], pairs.codes[~fresh])


def _packed(sizes: Mapping[Facet, int]) -> Sequence[Sequence[Facet]]:
    """The facets in as few groups as go into :data:`MOST_NUMBERS`; a larger one stays alone."""
    groups: list[list[Facet]] = []
    for facet in sorted(sizes, key=lambda each: -sizes[each]):
        fitting = (
            group
            for group in groups
            if prod(sizes[each] for each in group) * sizes[facet] <= MOST_NUMBERS
        )
        group = next(fitting, None)
        if group is None:
            groups.append([facet])
        else:
            group.append(facet)
    return groups


def _layout(
    facets: Sequence[Facet], sizes: Mapping[Facet, int], firsts: Mapping[Facet, Ints]
) -> _Layout:
    shape = tuple(sizes[facet] for facet in facets)
    numbers = np.zeros(len(firsts[facets[0]]), dtype=np.int64)
    for facet, size in zip(facets, shape, strict=True):
        numbers = numbers * size + firsts[facet]
    total = np.bincount(numbers, minlength=prod(shape))
    packed = numbers.astype(np.uint16) if prod(shape) <= MOST_NUMBERS else numbers
    return _Layout(tuple(facets), shape, packed, total)
