"""Where marks stand on the page: one box per stretch that a mark runs over."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from kb.catalogue.views import PageLayout

Span = tuple[int, int]

_TENTHS = 10
"""Positions are kept in tenths of a point."""

_WHOLE = 1000
"""Advances are kept in thousandths of a stretch's length."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a mark on the page, in points from the top left corner."""

    mark: int
    """Which of the spans asked for it belongs to, from 0."""
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int
    left: int
    top: int
    right: int
    bottom: int
    direction: int
    advances: tuple[int, ...]


def boxes(layout: PageLayout, spans: Sequence[Span]) -> tuple[Box, ...]:
    """The boxes of each span, in the order of the spans and of the text.

    Each lies inside the stretch it is on. A span over characters that stand nowhere has no
    box; of a damaged layout only the stretches that make sense are used.
    """
    stretches = sorted(_stretches(layout), key=lambda stretch: stretch.start)
    starts = [stretch.start for stretch in stretches]
    reached = list(accumulate((stretch.end for stretch in stretches), max))
    found: list[Box] = []
    for mark, (start, end) in enumerate(spans):
        near = stretches[bisect_right(reached, start) : bisect_left(starts, end)]
        found += (_box(s, mark, start, end) for s in near if max(start, s.start) < min(end, s.end))
    return tuple(found)


def _stretches(layout: PageLayout) -> Iterator[_Stretch]:
    """Those with characters, an extent and a direction; columns are cut to the shortest."""
    columns = zip(
        layout.starts, layout.ends, layout.lefts, layout.tops, layout.rights, layout.bottoms,
        layout.directions, strict=False,
    )  # fmt: skip
    for row, (start, end, left, top, right, bottom, direction) in enumerate(columns):
        if start < end and left < right and top < bottom and direction in range(4):
            advances = layout.advances[row] if row < len(layout.advances) else ()
            yield _Stretch(start, end, left, top, right, bottom, direction, advances)


def _box(stretch: _Stretch, mark: int, start: int, end: int) -> Box:
    ends = _ends(stretch)
    first, last = max(start, stretch.start) - stretch.start, min(end, stretch.end) - stretch.start
    begin, stop = ends[first], ends[last]
    if stretch.direction in (2, 3):
        begin, stop = 1 - stop, 1 - begin
    left, top, right, bottom = stretch.left, stretch.top, stretch.right, stretch.bottom
    if stretch.direction in (0, 2):
        left, right = _along(left, right, begin), _along(left, right, stop)
    else:
        top, bottom = _along(top, bottom, begin), _along(top, bottom, stop)
    return Box(mark, *(_points(n) for n in (left, top, right - left, bottom - top)))


def _ends(stretch: _Stretch) -> list[float]:
    """Where each character begins along the stretch, and where the last ends, from 0 to 1."""
    count = stretch.end - stretch.start
    if len(stretch.advances) != count:
        return [number / count for number in range(count + 1)]
    inside = (min(max(advance, 0), _WHOLE) for advance in stretch.advances)
    return [0.0, *(advance / _WHOLE for advance in accumulate(inside, max))]


def _along(start: int, end: int, share: float) -> int:
    return round(start + (end - start) * share)


def _points(tenths: int) -> float:
    return tenths / _TENTHS
