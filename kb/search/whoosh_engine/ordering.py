"""The best rows of a table, without sorting all of them."""

from collections.abc import Callable

import numpy as np

from kb.search.whoosh_engine.columns import Floats, Ints, Mask
from kb.search.whoosh_engine.postings import Rows

_SLICES = 1024
"""The least of the best maxima of as many slices is a bound that few rows are above."""
_WIDER = 2
"""How many times the rows wanted are looked at for the bound."""


def likely(
    passing: Mask, most: Floats, exact: Callable[[Rows], Floats], count: int, slack: float
) -> tuple[Rows, Floats]:
    """Those of the passing rows that may be among the best `count`, ascending, and their scores.

    `most` is a bound of every row's score that may be `slack` too low, and 0 for rows that do not
    pass; `exact` gives the scores of some rows.
    """
    slices = max(_SLICES, 2 * _WIDER * count)
    width = len(most) // slices
    if not count or width < 2:
        rows: Rows = np.flatnonzero(passing)
        return rows, exact(rows)
    maxima = most[: slices * width].reshape(width, slices).max(axis=0)
    wider = _WIDER * count
    rows = _at_least(float(np.partition(maxima, slices - wider)[slices - wider]), most, passing)
    scores = exact(rows)
    if len(rows) < count:
        return rows, scores
    bound = float(np.partition(scores, len(scores) - count)[len(scores) - count])
    rows = _at_least(bound - slack, most, passing)
    return rows, exact(rows)


def _at_least(bound: float, most: Floats, passing: Mask) -> Rows:
    rows = np.flatnonzero(most >= bound)
    return rows[passing[rows]]


def best(rows: Rows, scores: Floats, newest_first: Ints, count: int) -> Rows:
    """Where in `rows` the best `count` are, best first; equal scores stand newest first.

    `scores` has an element for each of `rows`, `newest_first` one for each row of the table.
    """
    newest = newest_first[rows]
    at = np.arange(len(rows))
    if 0 < count < len(rows):
        last = np.partition(scores, len(rows) - count)[len(rows) - count]
        above, tied = np.flatnonzero(scores > last), np.flatnonzero(scores == last)
        room = count - len(above)
        if room < len(tied):
            tied = tied[np.argpartition(newest[tied], room - 1)[:room]]
        at = np.concatenate([above, tied])
    ordered: Rows = at[np.lexsort((newest[at], -scores[at]))]
    return ordered[:count]
