"""What one operator draws: characters along one line of a page."""

from typing import NamedTuple

Size = float
"""The height of an em on the page, in points."""

ASCENT = 0.88
"""Ems of a box above the baseline; what Japanese fonts have."""

DESCENT = 0.12

ALONG = 0.9
"""The cosine from which on two directions are the same."""

Part = tuple[int, float, float, tuple[float, ...]]
"""Neighbouring characters of a run: how many, where they start and end along it, and the
advance of each in any unit, empty where all are equally wide."""


class Run(NamedTuple):
    """Characters that one operator draws along one line."""

    text: str
    x: float
    """Start on the page, in points; `y` likewise."""
    y: float
    end_x: float
    end_y: float
    along_x: float
    """Unit vector of the writing direction; `along_y` likewise."""
    along_y: float
    size: Size
    vertical: bool = False
    """Whether (x, y) is in the middle of the column, not on the baseline."""
    parts: tuple[Part, ...] = ()
    """Empty where all characters are equally wide and touch."""
    unit: float = 1.0
    """Points per unit in which parts start and end."""


class Stretch(NamedTuple):
    """Neighbouring characters of one size."""

    size: Size
    text: str


class Extent(NamedTuple):
    """Where a run stands in a column, in points from the page's origin."""

    start: float
    """Along the column; `end` likewise."""
    end: float
    across: float
    """The middle of the run, to the left of the column's direction."""


def downwards(run: Run, *, upright: bool) -> tuple[float, float]:
    """Return the direction of the column that a run stands upright in, or runs along."""
    return (run.along_y, -run.along_x) if upright else (run.along_x, run.along_y)


def extent(run: Run, down_x: float, down_y: float) -> Extent:
    """Return a run's place in a column of that direction, upright in it or along it."""
    x, y = (run.x + run.end_x) / 2, (run.y + run.end_y) / 2
    if run.along_x * down_x + run.along_y * down_y > ALONG:
        # A horizontal font lies on its side: the middle of its em is beside the baseline.
        beside = 0.0 if run.vertical else (ASCENT - DESCENT) / 2 * run.size
        start = run.x * down_x + run.y * down_y
        end = run.end_x * down_x + run.end_y * down_y
    else:
        beside = 0.0
        start = x * down_x + y * down_y - ASCENT * run.size
        end = start + run.size
    return Extent(start, end, y * down_x - x * down_y + beside)
