"""Rows of a page that share a gutter make a band; its gutters part it into columns.

A sweep from top to bottom over what lies free of text in each row. The number of gutters that
are followed is bounded by the number of rows, which keeps scattered glyphs linear.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from statistics import median
from typing import NamedTuple

from indexer.extract.layout.pieces import Placed

_GUTTER = 0.8
"""Ems between two columns, at least."""

_MOST_GUTTERS = 64
"""Of one row; the widest are kept."""

_GUTTERS_IN_ALL = 3000
"""Of all rows together, before they get four each; a page of 100 rows may have 30."""

_APART = 2.0
"""Ems of blank across a whole band that may end it."""

_OUTLYING = 1.8
"""Times a band's usual blank between rows that ends it."""

_MOST_HEADING_ROWS = 3
"""Of a heading under two columns."""

_MOST_ROWS_BELOW = 40
"""Looked at under two columns for what belongs to neither."""

_BELOW = 1.8
"""Ems of blank above them."""

_ENDLESS = 1 << 40

Gap = tuple[int, int]
"""A half-open range of positions along the line."""


class Row(NamedTuple):
    """Pieces that overlap each other down the page, directly or by way of others."""

    pieces: list[Placed]
    """From left to right."""
    left: int
    top: int
    right: int
    bottom: int
    gaps: list[Gap]
    """Free of pieces, at least a gutter wide, the open ones at both sides included."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What is wide on a page, and how much of it is followed."""

    em: int
    """Size of the page's text, tenths of a point."""
    most: int
    """Gutters followed at a time."""

    def widest(self, gaps: list[Gap]) -> list[Gap]:
        """Return no more than the widest gaps, in their order."""
        if len(gaps) <= self.most:
            return gaps
        return sorted(sorted(gaps, key=_width)[-self.most :])

    def shared(self, some: list[Gap], others: list[Gap]) -> list[Gap]:
        """Return what two ascending lists of gaps have in common, at least a gutter wide."""
        return self.widest(_common(some, others, _GUTTER * self.em))


@dataclass(slots=True)
class Band:
    """Rows that share a gutter, or that all have none."""

    rows: list[Row]
    gaps: list[Gap]
    left: int
    right: int

    def gutters(self) -> list[Gap]:
        """Return the gaps that have text on both sides."""
        return _within(self.gaps, self.left, self.right)

    def columns(self) -> list[list[Placed]]:
        """Return the pieces of each column, in the order of the rows."""
        gutters = [g for g in self.gutters() if _is_supported(self.rows, g)]
        columns: list[list[Placed]] = [[] for _ in range(len(gutters) + 1)]
        for row in self.rows:
            at = 0
            for piece in row.pieces:
                while at < len(gutters) and piece.left >= gutters[at][1]:
                    at += 1
                columns[at].append(piece)
        return [column for column in columns if column]


def bands(pieces: list[Placed], em: int) -> list[Band]:
    """Return the bands of a page or a part of it, from top to bottom."""
    groups = _overlapping(pieces)
    scale = Scale(em, min(_MOST_GUTTERS, max(4, _GUTTERS_IN_ALL // max(1, len(groups)))))
    return list(_swept([_row(group, scale) for group in groups], scale))


def _overlapping(pieces: list[Placed]) -> list[list[Placed]]:
    """Return the pieces row by row; boxes of two rows may overlap by a little."""
    groups: list[list[Placed]] = []
    lowest = -_ENDLESS
    for placed in sorted(pieces, key=itemgetter(1)):
        _, top, _, bottom, piece = placed
        leeway = 15 * min(piece.size, bottom - top) // 100
        if top + leeway >= lowest:
            groups.append([])
            lowest = -_ENDLESS
        if bottom - leeway > lowest:
            lowest = bottom - leeway
        groups[-1].append(placed)
    return groups


def _row(pieces: list[Placed], scale: Scale) -> Row:
    pieces.sort(key=itemgetter(0))
    least = _GUTTER * scale.em
    gaps: list[Gap] = []
    reached = -_ENDLESS
    top, bottom = pieces[0].top, pieces[0].bottom
    for left, upper, right, lower, _ in pieces:
        if left - reached >= least:
            gaps.append((reached, left))
        # Comparisons: min() and max() were a tenth of the time of a page of tables.
        if right > reached:
            reached = right
        if upper < top:
            top = upper
        if lower > bottom:
            bottom = lower
    gaps.append((reached, _ENDLESS))
    return Row(pieces, pieces[0].left, top, reached, bottom, scale.widest(gaps))


def _swept(rows: Iterable[Row], scale: Scale) -> Iterator[Band]:
    band: Band | None = None
    for row in rows:
        if band is None:
            band = Band([row], row.gaps, row.left, row.right)
        elif not _joins(band, row, scale):
            lower = _belongs_below(band, row, scale) or _heads_of_columns(band, row, scale)
            yield band
            band = Band([row], row.gaps, row.left, row.right)
            for heading in reversed(lower):
                _put(band, heading, 0, scale)
    if band is not None:
        yield band


def _joins(band: Band, row: Row, scale: Scale) -> bool:
    """Add a row to the band above it, unless it begins another."""
    if len(band.gaps) == len(row.gaps) == 2 and band.left < row.right and row.left < band.right:
        left, right = min(band.left, row.left), max(band.right, row.right)
        _put(band, row, len(band.rows), scale, [(-_ENDLESS, left), (right, _ENDLESS)])
        return True
    before, gaps = band.gutters(), scale.shared(band.gaps, row.gaps)
    after = _within(gaps, min(band.left, row.left), max(band.right, row.right))
    alone = len(row.gaps) > 2
    if (before or alone) and not after:
        return False
    if before and (not _common(before, after, 1) or _is_far_below(band, row, scale)):
        return False
    _put(band, row, len(band.rows), scale, gaps)
    return True


def _put(band: Band, row: Row, at: int, scale: Scale, gaps: list[Gap] | None = None) -> None:
    band.gaps = scale.shared(band.gaps, row.gaps) if gaps is None else gaps
    band.left, band.right = min(band.left, row.left), max(band.right, row.right)
    band.rows.insert(at, row)


def _belongs_below(band: Band, following: Row, scale: Scale) -> list[Row]:
    """Take off a finished band's last rows that belong to what follows.

    A heading or a table at the left under two columns does not reach the second; a blank
    above it tells that it is not the first column's last line. More than a heading is taken
    only where the text that follows begins at the left too: a page number does not.
    """
    gutters = band.gutters()
    last = len(band.rows)
    found = last
    for at in range(last - 1, max(0, last - 1 - _MOST_ROWS_BELOW), -1):
        if not gutters or band.rows[at].right > gutters[0][0]:
            break
        blank = band.rows[at].top - band.rows[at - 1].bottom
        is_heading = last - at <= _MOST_HEADING_ROWS and blank >= scale.em
        if is_heading or (following.left <= band.left and blank >= _BELOW * scale.em):
            found = at
    lower = band.rows[found:]
    del band.rows[found:]
    return lower


def _heads_of_columns(band: Band, following: Row, scale: Scale) -> list[Row]:
    """Take off a finished band's last rows that are the first lines of one of two columns.

    A column may begin a line higher than the one on its left, which has a heading there. Its first
    lines are flush with the next one and nearer to it than to what stands above them, which a
    date at the right is not.
    """
    edges = [gap[1] for gap in _within(following.gaps, following.left, following.right)]
    if not edges or band.gutters():
        return []
    found, below = len(band.rows), following
    for at in range(len(band.rows) - 1, 0, -1):
        row = band.rows[at]
        flush = [p for p in below.pieces if 2 * abs(p.left - row.left) <= scale.em]
        is_above = flush and any(2 * abs(edge - row.left) <= scale.em for edge in edges)
        if not is_above or flush[0].top - row.bottom > scale.em:
            break
        if row.top - band.rows[at - 1].bottom > flush[0].top - row.bottom:
            found = at
        below = row
    lower = band.rows[found:]
    del band.rows[found:]
    return lower


def _is_far_below(band: Band, row: Row, scale: Scale) -> bool:
    """Tell whether the blank above a row is large, and larger than the band's last others."""
    blank = row.top - band.rows[-1].bottom
    if blank <= _APART * scale.em or len(band.rows) < 2:
        return False
    return blank > _OUTLYING * median(b.top - a.bottom for a, b in pairwise(band.rows[-8:]))


def _is_supported(rows: list[Row], gutter: Gap) -> bool:
    """Tell whether text stands on both sides of a gutter at the same height.

    A date at the right and an address at the left under it have one between them that
    nobody sees.
    """
    left = right = both = 0
    for row in rows:
        has_left = row.left < gutter[0]
        has_right = row.right > gutter[1]
        left += has_left
        right += has_right
        both += has_left and has_right
    return both >= max(1.0, 0.5 * min(left, right))


def _common(some: list[Gap], others: list[Gap], least: float) -> list[Gap]:
    """Return where two ascending lists of gaps overlap by `least` or more, which is positive."""
    found: list[Gap] = []
    i = j = 0
    while i < len(some) and j < len(others):
        (low, high), (low_too, high_too) = some[i], others[j]
        start = low if low > low_too else low_too
        end = high if high < high_too else high_too
        if end - start >= least:
            found.append((start, end))
        if high < high_too:
            i += 1
        else:
            j += 1
    return found


def _within(gaps: list[Gap], left: int, right: int) -> list[Gap]:
    return [gap for gap in gaps if left <= gap[0] and gap[1] <= right]


def _width(gap: Gap) -> int:
    return gap[1] - gap[0]
