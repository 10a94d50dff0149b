"""Where the characters of a page stand: runs in drawing order become stretches with boxes.

A stretch is a box around an em that moves along a line: 0.88 em above the baseline and 0.12
below it in horizontal writing, half an em to either side in a column. Its characters are
kept as parts of equal advance and counted out only at the end of the page, so that text set
solid, which is most Japanese text, costs nothing per character.
"""

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from indexer.extract.pdf_run import ALONG, ASCENT, DESCENT, Part, Run, downwards, extent
from indexer.extracted import Direction, Places

NEAR_ACROSS = 0.25
"""Ems across the line within which runs share a box; more is a superscript or ruby."""

NEAR_SIZE = 1.25
"""How much larger one of two sizes may be within a box."""

TOLERANCE = 0.15
"""Of a character's width: what characters may stray and still count as equally wide."""

_FURTHEST = 1_000_000.0
"""Points; a box beyond is senseless, and no number a page can have."""

_THINNEST = 0.15
"""Points; a thinner box, such as that of a joiner, may round to nothing."""


class _Box(NamedTuple):
    left: float
    bottom: float
    right: float
    top: float


class _Open:
    """A stretch that may still grow: where it begins, how it runs, and its parts.

    The box is kept as a length along the line and two distances from it.
    """

    __slots__ = (
        *("along_x", "along_y", "below", "direction", "end", "length", "over", "parts"),
        *("size", "start", "under", "x", "y"),
    )

    def __init__(self, start: int, run: Run, down: tuple[float, float] | None = None) -> None:
        self.start = self.end = start
        self.x, self.y = run.x, run.y
        self.along_x, self.along_y = down or (run.along_x, run.along_y)
        self.direction = _direction(self.along_x, self.along_y)
        self.below = down is not None
        """Whether it is a column of upright characters, each drawn for itself."""
        self.length = 0.0
        self.size = run.size
        half = 0.5 * run.size
        self.over, self.under = (
            (half, -half) if run.vertical else (ASCENT * run.size, -DESCENT * run.size)
        )
        if down is not None:
            place, (along_x, along_y) = extent(run, *down), down
            self.x = place.start * along_x - place.across * along_y
            self.y = place.start * along_y + place.across * along_x
            self.over, self.under = half, -half
        self.parts: list[tuple[float, float, Part]] = []
        """Each with where its run begins along the line, and the points of its unit."""

    def is_continued_by(self, run: Run) -> bool:
        """Tell whether a run's box is much the same as this one's, further along the line."""
        if not (self.size <= NEAR_SIZE * run.size and run.size <= NEAR_SIZE * self.size):
            return False
        if run.along_x * self.along_x + run.along_y * self.along_y < 0.999:
            return False
        return abs(self._across(run)) <= NEAR_ACROSS * max(self.size, run.size)

    def take(self, run: Run, before: int) -> None:
        """Add a run's characters, and as many white ones before it."""
        base = (run.x - self.x) * self.along_x + (run.y - self.y) * self.along_y
        length = (run.end_x - run.x) * self.along_x + (run.end_y - run.y) * self.along_y
        if before:
            self._fill(before, base)
        if run.parts:
            unit, shift = run.unit, base - run.unit * run.parts[0][1]
            self.parts.extend([(shift, unit, part) for part in run.parts])
        else:
            self.parts.append((base, 1.0, (len(run.text), 0.0, length, ())))
        self.end += before + len(run.text)
        if base + length > self.length:
            self.length = base + length
        across = self._across(run)
        if across or run.size != self.size:
            half = 0.5 * run.size
            up, down = (half, half) if run.vertical else (ASCENT * run.size, DESCENT * run.size)
            self.over, self.under = max(self.over, across + up), min(self.under, across - down)

    def take_below(self, run: Run, before: int) -> None:
        """Add an upright character of a column, or a word on its side, drawn for itself."""
        place = extent(run, self.along_x, self.along_y)
        start = place.start - (self.x * self.along_x + self.y * self.along_y)
        length = place.end - place.start
        if before:
            self._fill(before, start)
        self.parts.append((start, 1.0, (len(run.text), 0.0, length, ())))
        self.end += before + len(run.text)
        self.length = max(self.length, start + length)
        self.over = max(self.over, 0.5 * run.size)
        self.under = min(self.under, -0.5 * run.size)

    def box(self) -> _Box:
        """Return the box in points from the page's lower left corner."""
        # The left of the writing direction is over the line.
        over_x, over_y = -self.along_y * self.over, self.along_x * self.over
        under_x, under_y = -self.along_y * self.under, self.along_x * self.under
        end_x = self.x + self.length * self.along_x
        end_y = self.y + self.length * self.along_y
        return _Box(
            min(self.x, end_x) + min(over_x, under_x),
            min(self.y, end_y) + min(over_y, under_y),
            max(self.x, end_x) + max(over_x, under_x),
            max(self.y, end_y) + max(over_y, under_y),
        )

    def _across(self, run: Run) -> float:
        return (run.y - self.y) * self.along_x - (run.x - self.x) * self.along_y

    def _fill(self, count: int, end: float) -> None:
        """Let white characters reach from the last part to where the next one begins."""
        base, unit, part = self.parts[-1]
        self.parts.append((0.0, 1.0, (count, base + unit * part[2], end, ())))


class PlacesTaken:
    """The stretches of one page, taken run by run in the order of the text."""

    def __init__(self) -> None:
        self._stretches: list[_Open] = []
        self._last: Run | None = None

    def take(self, start: int, run: Run, between: str, *, below: bool) -> None:
        """Take a run whose text begins at `start`, after what stands `between` it and the last.

        `below` tells that it is an upright character under the one before.
        """
        last, self._last = self._last, run
        if not run.text:
            return
        stretch = self._stretches[-1] if self._stretches else None
        if stretch is not None and last is not None and "\n" not in between:
            if below:
                self._take_below(stretch, last, run, len(between))
                return
            if not stretch.below and stretch.is_continued_by(run):
                stretch.take(run, len(between))
                return
        stretch = _Open(start, run)
        stretch.take(run, 0)
        self._stretches.append(stretch)

    def _take_below(self, stretch: _Open, last: Run, run: Run, before: int) -> None:
        if not stretch.below:
            down = downwards(last, upright=not _lies_along(last, run))
            column = _Open(stretch.end - len(last.text), last, down)
            column.take_below(last, 0)
            if stretch.end - stretch.start == len(last.text):
                self._stretches[-1] = column
            else:
                stretch.end -= len(last.text)
                self._stretches.append(column)
            stretch = column
        stretch.take_below(run, before)

    def drop(self, dropped: list[int]) -> None:
        """Count without the characters at these places, ascending, none within a stretch."""
        for stretch in self._stretches:
            stretch.start -= bisect_left(dropped, stretch.start)
            stretch.end -= bisect_left(dropped, stretch.end)

    def finish(self, width: float, height: float) -> Places:
        """Return the places on a page of that size, whose lower left corner is the origin.

        Stretches that lie wholly outside, or nowhere, have no row.
        """
        rows = [
            (stretch, box)
            for stretch in self._stretches
            if (box := _shown(stretch.box(), width, height)) is not None
        ]
        return Places(
            starts=tuple(stretch.start for stretch, _ in rows),
            ends=tuple(stretch.end for stretch, _ in rows),
            lefts=tuple(round(10 * box.left) for _, box in rows),
            tops=tuple(round(10 * (height - box.top)) for _, box in rows),
            rights=tuple(round(10 * box.right) for _, box in rows),
            bottoms=tuple(round(10 * (height - box.bottom)) for _, box in rows),
            directions=tuple(int(stretch.direction) for stretch, _ in rows),
            advances=tuple(_advances(stretch.parts) for stretch, _ in rows),
        )


def _lies_along(last: Run, run: Run) -> bool:
    """Tell whether the upright `run` stands in a column along which `last` runs."""
    down_x, down_y = downwards(run, upright=True)
    return last.along_x * down_x + last.along_y * down_y > ALONG


def _direction(along_x: float, along_y: float) -> Direction:
    if abs(along_x) >= abs(along_y):
        return Direction.RIGHT if along_x >= 0 else Direction.LEFT
    return Direction.UP if along_y > 0 else Direction.DOWN


def _shown(box: _Box, width: float, height: float) -> _Box | None:
    """Return a box that can be drawn: finite, not empty, and at least partly on the page."""
    if not all(-_FURTHEST < side < _FURTHEST for side in box):
        return None
    if box.right - box.left < _THINNEST or box.top - box.bottom < _THINNEST:
        return None
    on_page = box.right > 0 and box.left < width and box.top > 0 and box.bottom < height
    return box if on_page else None


def _advances(parts: list[tuple[float, float, Part]]) -> tuple[int, ...]:
    """Return where each character ends in thousandths of the whole, empty where all are equal."""
    if len(parts) == 1 and not parts[0][2][3]:
        return ()
    length = max([base + unit * part[2] for base, unit, part in parts])
    if not 0 < length < _FURTHEST or _are_even(parts, length):
        return ()
    scale, found = 1000.0 / length, 0
    thousandths = []
    for end in _ends(parts):
        found = max(found, min(1000, round(end * scale)))
        thousandths.append(found)
    return tuple(thousandths)


def _are_even(parts: list[tuple[float, float, Part]], length: float) -> bool:
    """Tell whether all characters are about equally wide, by where each part ends."""
    count = sum([part[0] for _, _, part in parts])
    each, passed = length / count, 0
    stray = TOLERANCE * each
    for base, unit, (characters, _, end, steps) in parts:
        passed += characters
        if steps or not -stray <= base + unit * end - each * passed <= stray:
            return False
    return True


def _ends(parts: list[tuple[float, float, Part]]) -> Iterable[float]:
    for base, unit, (count, start, end, steps) in parts:
        here, length = base + unit * start, unit * (end - start)
        whole = sum(steps)
        if steps and whole:
            scale, passed = length / whole, 0.0
            for step in steps:
                passed += step
                yield here + passed * scale
        elif count == 1:
            yield here + length
        else:
            each = length / count
            yield from [here + each * number for number in range(1, count + 1)]
