"""Which pages belong to which case, so that something can be said of all pages of each at once."""

from collections.abc import Sequence

import numpy as np

from kb.search.whoosh_engine.columns import Floats, Ints, Mask
from kb.search.whoosh_engine.postings import Rows
from kb.search.whoosh_engine.tables import Table


class Groups:
    """The rows of the pages, put together by subject."""

    def __init__(self, cases: Table, pages: Table) -> None:
        self._pages = pages
        order = np.argsort(pages.subjects, kind="stable")
        subjects, starts = np.unique(pages.subjects[order], return_index=True)
        # Pages are recorded with their case, so that they mostly stand together already.
        self._order = None if np.array_equal(order, np.arange(len(order))) else order
        self._starts = starts.astype(np.intp)
        self._sizes = np.diff(np.append(self._starts, len(order)))
        self._group_of = _places(subjects, len(pages.words.subjects))
        self._group_of_case = self._group_of[cases.subjects]

    def best(self, matched: Mask, scores: Floats) -> tuple[Floats, Mask]:
        """For each case, its best matching page's score (0 without), and whether it has one."""
        marked = np.where(matched, scores, -1.0)
        if self._order is not None:
            marked = marked[self._order]
        of_group = np.append(np.maximum.reduceat(marked, self._starts), -1.0)
        of_case = of_group[self._group_of_case]
        return np.maximum(of_case, 0.0), of_case >= 0

    def pages_of(self, cases: Rows) -> tuple[Rows, Rows]:
        """The rows of all pages of some cases: for each, which of `cases` it is of, and its row."""
        return self._members(self._group_of_case[cases])

    def pages_of_subjects(self, subjects: Sequence[str]) -> Rows:
        """The rows of all pages of some subjects."""
        codes = [self._pages.words.subjects.code(subject) for subject in subjects]
        known = [code for code in codes if code is not None and code < len(self._group_of)]
        return self._members(self._group_of[np.array(known, dtype=np.intp)])[1]

    def _members(self, groups: Ints) -> tuple[Rows, Rows]:
        """For each member of some groups (-1 has none), which group it is of, and its row."""
        held = np.flatnonzero(groups >= 0)
        sizes = self._sizes[groups[held]]
        of = np.repeat(held, sizes)
        within = np.arange(len(of)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        rows = np.repeat(self._starts[groups[held]], sizes) + within
        return of, rows if self._order is None else self._order[rows]


def _places(subjects: Ints, count: int) -> Ints:
    """For each of `count` subjects, where it is in `subjects`; -1 where it is not."""
    places = np.full(count, -1, dtype=np.int32)
    places[subjects] = np.arange(len(subjects), dtype=np.int32)
    return places
