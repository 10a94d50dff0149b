"""The rules of :mod:`kb.search.scoring` and :mod:`kb.search.condition` for whole arrays."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.search.condition import Condition, Logic, relaxed
from kb.search.query import Match
from kb.search.scoring import SCORE_STEP
from kb.search.whoosh_engine.columns import Floats, Mask

_LOGIC: Logic[Mask] = Logic(np.logical_and, np.logical_or, np.logical_not)


def covered(held: NDArray[np.floating[Any]], asked: float) -> Floats:
    """:func:`kb.search.scoring.coverage` of every element."""
    return np.sqrt(np.asarray(held, dtype=np.float64) / asked) if asked else np.ones(len(held))


def settled(scores: Floats) -> Floats:
    """:func:`kb.search.scoring.settled` of every element."""
    return np.floor(scores * SCORE_STEP + 0.5) / SCORE_STEP


def fulfilled(condition: Condition, match: Match, masks: Sequence[Mask]) -> Mask:
    """The rows that fulfil a query's condition, by a mask for each of its clauses."""
    loose = match is Match.ANY
    return _LOGIC.fulfilled(relaxed(condition) if loose else condition, masks)
