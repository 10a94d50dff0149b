"""A page cut into regions that are read one after the other.

Bands are read from top to bottom, the columns of a band from left to right, each cut again
by itself; a table row by row. All by sorting and sweeping: a level costs n log n, there are
few levels, and what a page may cost in all is bounded.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from indexer.extract.layout.bands import Band, bands
from indexer.extract.layout.pieces import (
    Piece,
    Placed,
    descends,
    lines_of,
    main_direction,
    placed,
)
from indexer.extract.layout.tables import columns_by_place, is_prose, is_table, table_rows

_DEEPEST = 8
"""Columns within columns; a page of columns, boxes and lists has four."""

_LOOKS = 3000
"""Pieces looked at on any page, and as many as it has: after that columns are cut no more. A
page of 500 pieces may look at each seven times; three are usual."""


class Region(NamedTuple):
    """Pieces that are read together: the lines of a column, or a table."""

    lines: list[list[Placed]]
    """From top to bottom."""
    rows: list[list[list[Placed]]]
    """Of a table, instead of lines: from top to bottom, each row's cells."""


def regions(pieces: list[Piece], em: int) -> Iterator[Region]:
    """Yield the regions of a page in reading order; `em` is the size of its text."""
    yield from _Cutting(em, _LOOKS + len(pieces)).cut(pieces, _DEEPEST)


class _Cutting:
    """The cutting of one page, and what it may still cost."""

    def __init__(self, em: int, looks: int) -> None:
        self._em = em
        self._looks = looks

    def cut(self, pieces: list[Piece], deepest: int) -> Iterator[Region]:
        """Yield the regions in the order of the direction that most text is written in."""
        self._looks -= len(pieces)
        frame = placed(pieces, main_direction(pieces))
        if deepest == 0 or self._looks < 0 or descends(frame):
            yield _column(frame)
            return
        for band in bands(frame, self._em):
            yield from self._band(band, deepest)

    def _band(self, band: Band, deepest: int) -> Iterator[Region]:
        columns = band.columns()
        if len(columns) == 1:
            yield _column(columns[0])
        elif is_table([row.pieces for row in band.rows], columns, self._em):
            yield from _table(band, columns, self._em)
        else:
            for part in _parts(columns, self._em):
                yield from self.cut(sorted(p.piece for p in part), deepest - 1)


def _parts(columns: list[list[Placed]], em: int) -> list[list[Placed]]:
    """Return the columns, neighbours that may be one table's or list's put together.

    Columns of prose stand for themselves. Where there is none, only the widest gutters part.
    """
    blanks = [_blank(left, right) for left, right in pairwise(columns)]
    prose = [is_prose(column, em) for column in columns]
    parts = [columns[0]]
    for number, blank in enumerate(blanks, start=1):
        wide = not any(prose) and 10 * blank >= 7 * max(blanks)
        if wide or prose[number - 1] or prose[number]:
            parts.append(columns[number])
        else:
            parts[-1] = parts[-1] + columns[number]
    return parts


def _blank(left: list[Placed], right: list[Placed]) -> int:
    return min(p.left for p in right) - max(p.right for p in left)


def _column(pieces: list[Placed]) -> Region:
    return Region(lines_of(pieces), [])


def _table(band: Band, columns: list[list[Placed]], em: int) -> Iterator[Region]:
    """Yield a table, and what stands alone over it, or at the left under it, as text."""
    rows = [row.pieces for row in band.rows]
    column_of = columns_by_place(columns)
    cells = [{column_of[piece.piece.start] for piece in row} for row in rows]
    over, under = 0, len(rows)
    while over < under and len(cells[over]) == 1:
        over += 1
    while under > over and cells[under - 1] == {0}:
        under -= 1
    if over:
        yield _column(_flat(rows[:over]))
    yield Region([], table_rows(rows[over:under], columns, em))
    if under < len(rows):
        yield _column(_flat(rows[under:]))


def _flat(rows: Iterable[list[Placed]]) -> list[Placed]:
    return [piece for row in rows for piece in row]
