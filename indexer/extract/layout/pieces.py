"""Stretches of text as pieces that the layout moves about, seen along their own direction."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from indexer.extracted import Direction, Places, Span

_FURTHEST_BELOW = 2.6
"""Ems from the middle of an upright character to the next of its column, one left blank."""

_SIDEWAYS = 4
"""Characters set sideways in a column, such as a year; more are a line of their own."""

_BLANKS = " \t\u00a0\u2002\u2003\u2009\u3000"

_new = tuple.__new__

_UPRIGHT = (Direction.DOWN, Direction.UP)


class Piece(NamedTuple):
    """Characters that stay together, with their box on the page in tenths of a point."""

    start: int
    end: int
    left: int
    top: int
    right: int
    bottom: int
    direction: int
    size: int
    """Across the direction of writing; at least 1."""


class Placed(NamedTuple):
    """A piece in a frame turned so that its lines run to the right, the next one below.

    Vertical writing and horizontal writing turned clockwise are one and the same here: lines
    run down the page, and the next one stands to the left.
    """

    left: int
    top: int
    right: int
    bottom: int
    piece: Piece


class Pieces(NamedTuple):
    """Every character of a page but white space, once, each list in the order of the text."""

    words: list[Piece]
    readings: list[Piece]
    nowhere: list[tuple[Span, bool]]
    """Text without a place, and whether it is a reading."""


def pieces_of(text: str, places: Places, readings: Sequence[Span]) -> Pieces:
    """Return a page's text in pieces; what follows a stretch on its line goes with it."""
    found = Pieces([], [], [])
    ruby = _Readings(readings)
    start = 0
    rows = zip(
        *(places.starts, places.ends, places.lefts, places.tops, places.rights),
        *(places.bottoms, places.directions),
        strict=True,
    )
    for number, (begins, ends, left, top, right, bottom, direction) in enumerate(rows, start=1):
        if start < begins:
            _leave(found, text, (start, begins), ruby)
        start = ends
        if text[ends : ends + 1] != "\n":
            following = places.starts[number] if number < len(places.starts) else len(text)
            start = _line_end(text, ends, ruby.next_after(ends, following))
        if span := _trimmed(text, begins, start):
            size = right - left if direction in _UPRIGHT else bottom - top
            piece = _new(Piece, (*span, left, top, right, bottom, direction, max(1, size)))
            (found.readings if ruby.hold(begins) else found.words).append(piece)
    _leave(found, text, (start, len(text)), ruby)
    return found._replace(words=_stacked(text, found.words))


def _line_end(text: str, start: int, last: int) -> int:
    found = text.find("\n", start, last)
    return last if found < 0 else found


def _leave(found: Pieces, text: str, between: Span, ruby: "_Readings") -> None:
    """Add what stands nowhere between two places of the text."""
    start, last = between
    if start == last or text[start:last].isspace():
        return
    while start < last:
        end = ruby.next_after(start + 1, last)
        if span := _trimmed(text, start, end):
            found.nowhere.append((span, ruby.hold(span[0])))
        start = end


class _Readings:
    """Which characters belong to readings; the spans do not overlap."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = sorted(spans)

    def hold(self, place: int) -> bool:
        """Tell whether a character belongs to a reading."""
        if not self._spans:
            return False
        at = bisect_right(self._spans, place, key=_start) - 1
        return at >= 0 and self._spans[at][1] > place

    def next_after(self, place: int, last: int) -> int:
        """Return where the next reading begins, `last` when none does before that."""
        if not self._spans:
            return last
        at = bisect_left(self._spans, place, key=_start)
        return min(last, self._spans[at][0]) if at < len(self._spans) else last


def _start(span: Span) -> int:
    return span[0]


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """Return the span without the white space around it, None when nothing is left."""
    part = text[start:end]
    kept = part.strip()
    if not kept:
        return None
    start += len(part) - len(part.lstrip())
    return start, start + len(kept)


def _stacked(text: str, pieces: list[Piece]) -> list[Piece]:
    """Join upright characters that follow each other down one column into one piece."""
    found: list[Piece] = []
    for piece in pieces:
        if found and _stands_below(text, found[-1], piece):
            found[-1] = _column(found[-1], piece)
        else:
            found.append(piece)
    return found


def _stands_below(text: str, above: Piece, piece: Piece) -> bool:
    """Tell whether the text runs on from a piece to one below it, without a new line."""
    if not (_is_upright(above) and _is_upright(piece)):
        return False
    if text[above.end : piece.start].strip(_BLANKS):
        return False
    em = max(piece.size, above.size)
    beside = abs(piece.left + piece.right - above.left - above.right) < 1.2 * em
    below = -0.3 * em < piece.top - above.bottom < (_FURTHEST_BELOW - 1) * em
    return beside and below


def _is_upright(piece: Piece) -> bool:
    """Tell whether a piece may be part of a column."""
    if piece.direction == Direction.RIGHT:
        return piece.end - piece.start <= _SIDEWAYS
    return piece.direction == Direction.DOWN


def _column(above: Piece, piece: Piece) -> Piece:
    left, right = min(above.left, piece.left), max(above.right, piece.right)
    size = max(above.size, piece.size)
    bottom = max(above.bottom, piece.bottom)
    return Piece(above.start, piece.end, left, above.top, right, bottom, Direction.DOWN, size)


def main_direction(pieces: Iterable[Piece]) -> int:
    """Return the direction in which most characters are written."""
    counts = [0, 0, 0, 0]
    for piece in pieces:
        counts[piece.direction] += piece.end - piece.start
    return counts.index(max(counts))


def placed(pieces: Iterable[Piece], direction: int) -> list[Placed]:
    """Return the pieces in the frame of a direction."""
    match direction:
        case Direction.DOWN:
            return [Placed(p.top, -p.right, p.bottom, -p.left, p) for p in pieces]
        case Direction.LEFT:
            return [Placed(-p.right, -p.bottom, -p.left, -p.top, p) for p in pieces]
        case Direction.UP:
            return [Placed(-p.bottom, p.left, -p.top, p.right, p) for p in pieces]
    # Past the constructor, and the four sides at once: a third of the time.
    return [_new(Placed, (*piece[2:6], piece)) for piece in pieces]


def spans_of(text: str, pieces: Iterable[Placed]) -> Iterator[Span]:
    """Yield the spans of pieces, those that follow each other on one line of text as one."""
    start = end = -1
    for placed in pieces:
        begins, ends, _, _, _, _, _, _ = placed.piece
        if 0 <= end <= begins and not text[end:begins].strip(_BLANKS):
            end = ends
            continue
        if start >= 0:
            yield start, end
        start, end = begins, ends
    if start >= 0:
        yield start, end


def lines_of(pieces: list[Placed]) -> list[list[Placed]]:
    """Return the lines of a column, each from left to right."""
    lines: list[list[Placed]] = []
    top = bottom = 0
    for piece in sorted(pieces, key=_middle) if len(pieces) > 1 else pieces:
        _, upper, _, lower, _ = piece
        shared = min(bottom, lower) - max(top, upper)
        if lines and 2 * shared >= min(lower - upper, bottom - top):
            lines[-1].append(piece)
            continue
        lines.append([piece])
        top, bottom = upper, lower
    for line in lines:
        if len(line) > 1:
            line.sort(key=itemgetter(0))
    return lines


def _middle(piece: Placed) -> int:
    return piece[1] + piece[3]


def descends(pieces: list[Placed]) -> bool:
    """Tell whether each piece stands wholly below the one before: one column, in order."""
    for (_, _, _, bottom, piece), (_, top, _, _, _) in pairwise(pieces):
        if top < bottom - 0.3 * piece.size:
            return False
    return True
