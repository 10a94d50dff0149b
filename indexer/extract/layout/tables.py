"""Telling a table from columns of text, and its rows from each other."""

from collections import Counter
from itertools import pairwise
from operator import itemgetter
from statistics import median_low

from indexer.extract.layout.pieces import Placed, lines_of

_PROSE = 16
"""Characters of a column's longer lines; a table has shorter cells in one column at least."""

_NARROW_PROSE = 10
"""Characters where the lines fill the column, as in a newspaper's."""

_FULL = 0.7
"""Share of its column that a longer line of prose fills."""

_LEADING = 1.05
"""Ems of blank between two lines of prose, at most."""

_ALIGNED = 0.35
"""Ems by which the cells of one row may stand off each other's height."""

_EXACT = 0.1
"""Ems; what stands closer was meant to stand at one height."""

_GOES_ON = 0.8
"""Ems of blank between the lines of one cell, at most."""


def is_table(rows: list[list[Placed]], columns: list[list[Placed]], em: int) -> bool:
    """Tell whether rows that share gutters are a table's, to be read row by row.

    Two columns of text that stand on one grid have aligned lines too: what tells them apart
    is that their lines are long or fill the column, with no more than leading between. A
    table's cells stand at one height in nearly every row, and it has two rows. A column of
    prose that runs on past the rows of its neighbours is no part of their table.
    """
    if all(is_prose(column, em) for column in columns):
        return False
    column_of = columns_by_place(columns)
    groups = _groups(rows, column_of, em)
    crossing = [cells for row in groups if len(cells := _cells(row, column_of)) > 1]
    if len(crossing) < 2 or 2 * len(crossing) < len(groups):
        return False
    aligned = sum(_are_aligned(list(cells.values()), em, _ALIGNED) for cells in crossing)
    if aligned < 0.7 * len(crossing):
        return False
    rows_of = Counter(number for cells in crossing for number in cells)
    if not any(_runs_on(column, rows_of[n], em) for n, column in enumerate(columns)):
        return True
    return all(_are_aligned(list(cells.values()), em, _EXACT) for cells in crossing)


def _runs_on(column: list[Placed], rows: int, em: int) -> bool:
    """Tell whether a column of prose has one blank throughout, and more lines than cells."""
    if len(column) <= rows or not is_prose(column, em):
        return False
    blanks = _blanks(column)
    return max(blanks) - min(blanks) < 0.25 * em


def _blanks(column: list[Placed]) -> list[int]:
    return [below.top - above.bottom for above, below in pairwise(sorted(column, key=_top_left))]


def table_rows(
    rows: list[list[Placed]], columns: list[list[Placed]], em: int
) -> list[list[list[Placed]]]:
    """Return the rows of a table, each with its cells from left to right.

    A cell of several lines stands in several rows of the page: they are put together where
    the blanks between the rows are of two kinds, or where only a cell goes on.
    """
    column_of = columns_by_place(columns)
    groups = (_cells(group, column_of) for group in _groups(rows, column_of, em))
    return [[_in_order(cell) for _, cell in sorted(cells.items())] for cells in groups]


def _in_order(cell: list[Placed]) -> list[Placed]:
    """Return the pieces of a cell line by line, a label at the left before the lines beside it."""
    if len(cell) == 1:
        return cell
    parts: list[list[Placed]] = []
    reached = 0
    for piece in sorted(cell, key=itemgetter(0)):
        if not parts or piece.left >= reached:
            parts.append([])
        reached = max(reached, piece.right) if parts[-1] else piece.right
        parts[-1].append(piece)
    return [piece for part in parts for line in lines_of(part) for piece in line]


def columns_by_place(columns: list[list[Placed]]) -> dict[int, int]:
    """Return the number of each piece's column, by where the piece starts in the text.

    A piece itself, twelve numbers, takes 0.5 microseconds to hash.
    """
    return {piece.piece.start: n for n, column in enumerate(columns) for piece in column}


def _top_left(piece: Placed) -> tuple[int, int]:
    return piece.top, piece.left


def is_prose(column: list[Placed], em: int) -> bool:
    """Tell whether a column's longer lines are long, or fairly long and fill it.

    The longest quarter is looked at: a list of short paragraphs has as many short lines as
    long ones.
    """
    if len(column) < 3 or median_low(_blanks(column)) > _LEADING * em:
        return False
    most = 3 * len(column) // 4
    long = sorted(p.piece.end - p.piece.start for p in column)[most]
    wide = sorted(p.right - p.left for p in column)[most]
    width = max(p.right for p in column) - min(p.left for p in column)
    return long >= _PROSE or (long >= _NARROW_PROSE and wide >= _FULL * width)


def _cells(row: list[Placed], column_of: dict[int, int]) -> dict[int, list[Placed]]:
    cells: dict[int, list[Placed]] = {}
    for piece in row:
        cells.setdefault(column_of[piece.piece.start], []).append(piece)
    return cells


def _are_aligned(cells: list[list[Placed]], em: int, most: float) -> bool:
    """Tell whether the cells of a row agree in their tops, their middles or their bottoms.

    A cell that has gaps between its lines is several: another column bridges their rows.
    """
    if any(_has_gaps(cell, em) for cell in cells if len(cell) > 1):
        return False
    tops = [min([p.top for p in cell]) for cell in cells]
    bottoms = [max([p.bottom for p in cell]) for cell in cells]
    leeway = most * em
    if max(tops) - min(tops) <= leeway or max(bottoms) - min(bottoms) <= leeway:
        return True
    middles = [(top + bottom) / 2 for top, bottom in zip(tops, bottoms, strict=True)]
    return max(middles) - min(middles) <= leeway


def _has_gaps(cell: list[Placed], em: int) -> bool:
    lowest = cell[0].bottom
    for piece in sorted(cell, key=_top_left):
        if piece.top - lowest > _GOES_ON * em:
            return True
        lowest = max(lowest, piece.bottom)
    return False


def _groups(rows: list[list[Placed]], column_of: dict[int, int], em: int) -> list[list[Placed]]:
    """Return the rows of the page put together to rows of the table.

    Two rows with something in the first column are never one.
    """
    columns = [{column_of[piece.piece.start] for piece in row} for row in rows]
    blanks = [
        min([p.top for p in below]) - max([p.bottom for p in above])
        for above, below in pairwise(rows)
    ]
    least = 0 if all(len(row) > 1 for row in columns) else _least_blank(blanks, em)
    groups = [list(rows[0])] if rows else []
    named = bool(columns) and 0 in columns[0]
    for row, here, blank in zip(rows[1:], columns[1:], blanks, strict=True):
        near = blank < least if least else len(here) == 1 and blank <= _GOES_ON * em
        if near and not (named and 0 in here):
            groups[-1].extend(row)
            named = named or 0 in here
        else:
            groups.append(list(row))
            named = 0 in here
    return groups


def _least_blank(blanks: list[int], em: int) -> int:
    """Return the blank from which a new row begins, 0 where all blanks are of one kind."""
    if not blanks:
        return 0
    small, large = min(blanks), max(blanks)
    return (small + large) // 2 if large > 1.5 * max(small, 0) + 0.3 * em else 0
