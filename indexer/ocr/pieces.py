"""Words of a recognised page become pieces of lines: text, box, where each character ends.

Pixels of the picture that was read, from its top left corner. A page that stands on its head
or its side is read as well, so lines run in any of the four directions.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from indexer.extracted import Direction
from indexer.ocr.tesseract import Box, Word

SEPARATED = 2.0
"""Ems between two words of one line that make two pieces: table cells, columns."""

_WORD_GAP = 0.2
"""Ems between two Latin words that stand for a space."""

_WIDE_GAP = 1.0
"""Ems between others that stand for a space: more than a narrow kana leaves beside it."""

_TALL = 1.5
"""Times its width that a line of several characters is high when it runs down, where
one word is all there is of it."""

_LOOSE = 1.15
"""Times the em: the distance between characters of a line that is not spaced out."""

_FEWEST_EMS = 4
"""Shorter lines do not tell the distance between their characters."""

_JAPANESE = re.compile("[\u2e80-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_RULES = frozenset("|｜¦│┃")
_CLOSING = frozenset("、。，．・」』）】］｝〉》,.)]}!?！？:：;；%％")
_OPENING = frozenset("「『（【［｛〈《([{・")


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters along one line without a gap that a box should not bridge."""

    text: str
    box: Box
    direction: Direction
    advances: tuple[int, ...]
    """For each character, where it ends along the line, in thousandths of the piece."""

    @property
    def size(self) -> int:
        """Across the line, in pixels; about one em."""
        box = self.box
        wide = self.direction in (Direction.RIGHT, Direction.LEFT)
        return max(1, box.bottom - box.top if wide else box.right - box.left)


def pieces(words: Iterable[Word]) -> Iterator[Piece]:
    """The pieces of a page, in the order of its words; rules of tables are left out."""
    kept = (word for word in words if not _RULES.issuperset(word.text))
    lines = [list(line) for _, line in groupby(kept, key=lambda word: word.line)]
    told = [(_course(line), line) for line in lines]
    main = _main([(direction, line) for direction, line in told if direction is not None])
    for direction, line in told:
        yield from _pieces_of_line(line, _by_shape(line, main) if direction is None else direction)


def _course(line: Sequence[Word]) -> Direction | None:
    """The direction in which the words of a line follow each other; None for one word."""
    if len(line) < 2:
        return None
    first, last = line[0].box, line[-1].box
    right = last.left + last.right - first.left - first.right
    down = last.top + last.bottom - first.top - first.bottom
    if abs(right) >= abs(down):
        return Direction.RIGHT if right >= 0 else Direction.LEFT
    return Direction.DOWN if down >= 0 else Direction.UP


def _main(told: Iterable[tuple[Direction, Sequence[Word]]]) -> Direction:
    """The direction of most characters."""
    counts = dict.fromkeys(Direction, 0)
    for direction, line in told:
        counts[direction] += sum(len(word.text) for word in line)
    return max(counts, key=lambda direction: counts[direction])


def _by_shape(line: Sequence[Word], main: Direction) -> Direction:
    """The direction of a line of one word."""
    word = line[0]
    height, width = word.box.bottom - word.box.top, word.box.right - word.box.left
    if len(word.text) < 2:
        return main
    if height > _TALL * width:
        return main if main in (Direction.DOWN, Direction.UP) else Direction.DOWN
    return main if main in (Direction.RIGHT, Direction.LEFT) else Direction.RIGHT


class _Part(NamedTuple):
    """A word in the frame of its line: along it and across."""

    start: int
    end: int
    near: int
    far: int
    word: Word


def _part(word: Word, direction: Direction) -> _Part:
    left, top, right, bottom = word.box
    match direction:
        case Direction.DOWN:
            return _Part(top, bottom, left, right, word)
        case Direction.LEFT:
            return _Part(-right, -left, top, bottom, word)
        case Direction.UP:
            return _Part(-bottom, -top, left, right, word)
    return _Part(left, right, top, bottom, word)


def _pieces_of_line(line: Sequence[Word], direction: Direction) -> Iterator[Piece]:
    parts = _trimmed([_part(word, direction) for word in line])
    em = _em(parts)
    begin = 0
    for index, (before, after) in enumerate(pairwise(parts), start=1):
        if _gap(before, after, em) > SEPARATED:
            yield _piece(parts[begin:index], direction, em)
            begin = index
    yield _piece(parts[begin:], direction, em)


def _trimmed(parts: Sequence[_Part]) -> list[_Part]:
    """End each word where the next begins: boxes overlap, and their starts are the better side."""
    return [
        part._replace(end=after.start) if part.start < after.start < part.end else part
        for part, after in pairwise(parts)
    ] + [parts[-1]]


def _em(parts: Sequence[_Part]) -> float:
    """The size of a line, in pixels.

    Many words are given a box half as high again as their characters, but not wider: most
    lines are no larger than the distance from one character to the next.
    """
    ink = max(1, _median([(part.far - part.near, len(part.word.text)) for part in parts]))
    count = sum(_ems(part) for part in parts)
    pitch = (parts[-1].end - parts[0].start) / count
    return min(ink, _LOOSE * pitch) if count >= _FEWEST_EMS and pitch > 0 else ink


def _ems(part: _Part) -> float:
    """How many ems a word takes when it is not spaced out."""
    return sum(1.0 if _JAPANESE.match(character) else 0.5 for character in part.word.text)


def _gap(before: _Part, after: _Part, em: float) -> float:
    """How many ems two words are apart; what is missing in their boxes is no gap.

    A box may leave out half of its word: a word of two characters has at least two ems.
    """
    if not _japanese(before) and not _japanese(after):
        return (after.start - before.end) / em
    end = max(before.end, before.start + _ems(before) * em)
    start = min(after.start, after.end - _ems(after) * em)
    return (start - end) / em


def _japanese(part: _Part) -> bool:
    return _JAPANESE.search(part.word.text) is not None


def _across(parts: Sequence[_Part], em: float) -> tuple[int, int]:
    """From where to where a line reaches across: one em about the middle of its words.

    Words with a box much too high are not asked, since that is not higher on both sides.
    """
    fitting = [part for part in parts if part.far - part.near <= _LOOSE * em] or parts
    middle = _median([(part.near + part.far, len(part.word.text)) for part in fitting]) / 2
    near = round(middle - em / 2)
    return near, max(near + 1, round(middle + em / 2))


def _median(weighted: Iterable[tuple[int, int]]) -> int:
    """The median of values, by their weights."""
    ordered = sorted(weighted)
    left = sum(weight for _, weight in ordered) / 2
    for value, weight in ordered:
        left -= weight
        if left <= 0:
            return value
    return ordered[-1][0]


def _piece(parts: Sequence[_Part], direction: Direction, em: float) -> Piece:
    text, ends = "", list[int]()
    for number, part in enumerate(parts):
        if number:
            joint = _joint(text, part.word.text, _gap(parts[number - 1], part, em))
            text += joint
            ends += [part.start] * len(joint)
        length = part.end - part.start
        count = len(part.word.text)
        ends += [part.start + length * n // count for n in range(1, count + 1)]
        text += part.word.text
    start, end = parts[0].start, max(part.end for part in parts)
    box = _box(start, end, *_across(parts, em), direction)
    return Piece(text, box, direction, tuple(_thousandths(ends, start, end)))


def _joint(before: str, after: str, gap: float) -> str:
    """What stands between two words that are so many ems apart: a space or nothing."""
    if before[-1] in _OPENING or after[0] in _CLOSING:
        return ""
    japanese = [_JAPANESE.match(character) is not None for character in (before[-1], after[0])]
    if before[-1] in _CLOSING and japanese[0]:
        return ""
    return " " if gap > (_WIDE_GAP if any(japanese) else _WORD_GAP) else ""


def _box(start: int, end: int, near: int, far: int, direction: Direction) -> Box:
    match direction:
        case Direction.DOWN:
            return Box(near, start, far, end)
        case Direction.LEFT:
            return Box(-end, near, -start, far)
        case Direction.UP:
            return Box(near, -end, far, -start)
    return Box(start, near, end, far)


def _thousandths(ends: Sequence[int], start: int, end: int) -> Iterator[int]:
    length, reached = max(1, end - start), 0
    for place in ends[:-1]:
        reached = min(1000, max(reached, 1000 * (place - start) // length))
        yield reached
    yield 1000
