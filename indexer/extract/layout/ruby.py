"""Which block a reading stands over."""

from bisect import bisect_left
from collections.abc import Iterable

from indexer.extract.layout.pieces import Piece, Placed, placed

_AWAY = 1.2
"""Sizes of the reading between it and the line it stands over, at most, up or down."""

_MOST_LOOKED_AT = 16
"""Lines at one height; keeps a page of scattered glyphs from becoming quadratic."""


class Bases:
    """The lines of a page that readings may stand over, by their height in each direction."""

    def __init__(self, pieces: Iterable[tuple[Piece, int]]) -> None:
        self._lines: dict[int, list[tuple[Placed, int]]] = {}
        for piece, number in pieces:
            there = self._lines.setdefault(piece.direction, [])
            there.append((placed([piece], piece.direction)[0], number))
        for lines in self._lines.values():
            lines.sort(key=_top)

    def block_under(self, reading: Piece, otherwise: int) -> int:
        """Return the number of the block under a reading, nearest first."""
        direction = reading.direction if reading.direction in self._lines else -1
        lines = self._lines.get(direction, [])
        if not lines:
            return otherwise
        ruby = placed([reading], direction)[0]
        leeway = _AWAY * reading.size
        at = bisect_left(lines, ruby.bottom - leeway, key=_top)
        nearest = leeway
        for base, number in lines[at : at + _MOST_LOOKED_AT]:
            away = abs(base.top - ruby.bottom)
            if base.top > ruby.bottom + leeway:
                break
            if away <= nearest and base.left < ruby.right and ruby.left < base.right:
                nearest, otherwise = away, number
        return otherwise


def _top(line: tuple[Placed, int]) -> int:
    return line[0].top
