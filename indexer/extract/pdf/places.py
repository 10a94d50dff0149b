"""Where the characters of a page stand: runs in drawing order become stretches with boxes.

A stretch is a box around an em that moves along a line: 0.88 em above the baseline and 0.12
below it in horizontal writing, half an em to either side in a column. Its characters are
kept as parts of equal advance and counted out only at the end of the page, so that text set
solid, which is most Japanese text, costs nothing per character.
"""

from bisect import bisect_left
from collections.abc import Iterable

from indexer.extract.pdf.run import ALONG, ASCENT, DESCENT, Part, Run, downwards, extent
from indexer.extracted import Direction, Places

NEAR_ACROSS = 0.25
"""Ems across the line within which runs share a box; more is a superscript or ruby."""

NEAR_SIZE = 1.25
"""How much larger one of two sizes may be within a box."""

TOLERANCE = 0.15
"""Of a character's width: what characters may stray and still count as equally wide."""

_RIGHT, _DOWN, _LEFT, _UP = map(int, Direction)

_FURTHEST = 1_000_000.0
"""Points; a box beyond is senseless, and no number a page can have."""

_THINNEST = 0.15
"""Points; a thinner box, such as that of a joiner, may round to nothing."""


_Box = tuple[float, float, float, float]
"""Left, bottom, right and top in points from the page's lower left corner."""


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
        # Taken apart once: fields of a named tuple, asked for one by one, cost as much again.
        _, x, y, _, _, run_x, run_y, size, _, _, _ = run
        larger, smaller = (size, self.size) if size > self.size else (self.size, size)
        along_x, along_y = self.along_x, self.along_y
        if not larger <= NEAR_SIZE * smaller or run_x * along_x + run_y * along_y < 0.999:
            return False
        return abs((y - self.y) * along_x - (x - self.x) * along_y) <= NEAR_ACROSS * larger

    def take(self, run: Run, before: int) -> None:
        """Add a run's characters, and as many white ones before it."""
        text, x, y, end_x, end_y, _, _, size, vertical, parts, unit = run
        along_x, along_y, dx, dy = self.along_x, self.along_y, x - self.x, y - self.y
        base = dx * along_x + dy * along_y
        length = (end_x - x) * along_x + (end_y - y) * along_y
        if before:
            self._fill(before, base)
        if parts:
            shift = base - unit * parts[0][1]
            self.parts.extend([(shift, unit, part) for part in parts])
        else:
            self.parts.append((base, 1.0, (len(text), 0.0, length, ())))
        self.end += before + len(text)
        if base + length > self.length:
            self.length = base + length
        across = dy * along_x - dx * along_y
        if across or size != self.size:
            half = 0.5 * size
            up, down = (half, half) if vertical else (ASCENT * size, DESCENT * size)
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
        """Return the box around all characters."""
        if self.along_x == 1.0 and self.along_y == 0.0:  # most are: half the time
            return self.x, self.y + self.under, self.x + self.length, self.y + self.over
        # The left of the writing direction is over the line.
        over_x, over_y = -self.along_y * self.over, self.along_x * self.over
        under_x, under_y = -self.along_y * self.under, self.along_x * self.under
        end_x = self.x + self.length * self.along_x
        end_y = self.y + self.length * self.along_y
        return (
            min(self.x, end_x) + min(over_x, under_x),
            min(self.y, end_y) + min(over_y, under_y),
            max(self.x, end_x) + max(over_x, under_x),
            max(self.y, end_y) + max(over_y, under_y),
        )

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
        for stretch in self._stretches if dropped else ():
            stretch.start -= bisect_left(dropped, stretch.start)
            stretch.end -= bisect_left(dropped, stretch.end)

    def finish(self, width: float, height: float) -> Places:
        """Return the places on a page of that size, whose lower left corner is the origin.

        Stretches that lie wholly outside, or nowhere, have no row.
        """
        rows = []
        for stretch in self._stretches:
            box = stretch.box()
            if not _is_shown(box, width, height):
                continue
            left, bottom, right, top = box
            rows.append(
                (
                    *(stretch.start, stretch.end, round(10 * left), round(10 * (height - top))),
                    *(round(10 * right), round(10 * (height - bottom)), stretch.direction),
                    _advances(stretch.parts),
                )
            )
        return Places(*zip(*rows, strict=True)) if rows else Places()


def _lies_along(last: Run, run: Run) -> bool:
    """Tell whether the upright `run` stands in a column along which `last` runs."""
    down_x, down_y = downwards(run, upright=True)
    return last.along_x * down_x + last.along_y * down_y > ALONG


def _direction(along_x: float, along_y: float) -> int:
    if abs(along_x) >= abs(along_y):
        return _RIGHT if along_x >= 0 else _LEFT
    return _UP if along_y > 0 else _DOWN


def _is_shown(box: _Box, width: float, height: float) -> bool:
    """Tell whether a box can be drawn: finite, not empty, and at least partly on the page."""
    left, bottom, right, top = box
    # The others lie between these: false for what is not a number too.
    if not (-_FURTHEST < left <= right < _FURTHEST and -_FURTHEST < bottom <= top < _FURTHEST):
        return False
    if right - left < _THINNEST or top - bottom < _THINNEST:
        return False
    return right > 0 and left < width and top > 0 and bottom < height


def _advances(parts: list[tuple[float, float, Part]]) -> tuple[int, ...]:
    """Return where each character ends in thousandths of the whole, empty where all are equal."""
    if len(parts) == 1 and not parts[0][2][3]:
        return ()
    length = max([base + unit * end for base, unit, (_, _, end, _) in parts])
    if not 0 < length < _FURTHEST or _are_even(parts, length):
        return ()
    scale, found = 1000.0 / length, 0
    thousandths = []
    for end in _ends(parts):
        rounded = round(end * scale)
        if rounded > found:
            found = min(1000, rounded)
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
