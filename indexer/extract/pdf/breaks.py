"""Line breaks that fall into a number or beside one: 24 / 0時間, 平均 / 18分.

A break between two Japanese characters is closed where text is folded. Beside a digit the
characters alone do not tell a sentence that goes on from two cells of a table, but the lines
do: a sentence goes on where the line is full and the next stands below it.
"""

import re
from typing import NamedTuple

from indexer.extract.pdf.run import Run

_SHORTEST = 10.0
"""Ems; a shorter line is a cell or a heading."""

_RAGGED = 1.6
"""Ems that a full line may end before its neighbours: a character, and what may not begin one."""

_INDENT = 2.1
"""Ems that the next line may begin to either side: a paragraph's first line is indented by one."""

_LEAST_LEADING, _MOST_LEADING = 0.9, 2.6
"""Ems from line to line."""

_LETTER = "[\u3041-\u30ff\u3400-\u9fff々〆、，「（]"
_DIGITS = "[0-9０-９.．,，]{0,12}"
_BEFORE = re.compile(f"(?:{_LETTER}|。(?=[0-9０-９])){_DIGITS}$")
_LABEL = re.compile("[0-9０-９]{1,2}[.．、)）](?![0-9０-９])")
_AFTER = re.compile(f"{_DIGITS}(?:{_LETTER}|[%％])")


class Line(NamedTuple):
    """One line of the text."""

    start: int
    """Its first character."""
    first: Run
    last: Run


def breaks_in_sentences(text: str, lines: list[Line]) -> list[int]:
    """Return which newlines of a text stand inside a sentence beside a digit, ascending."""
    return [
        line.start - 1
        for number, line in enumerate(lines[1:], start=1)
        if _may_go_on(text, line.start)
        and _is_below(lines[number - 1], line)
        and _is_full(lines, number - 1)
    ]


def _may_go_on(text: str, start: int) -> bool:
    """Tell whether a number stands at the break, and Japanese on both sides of it."""
    if not (text[start - 2].isdigit() or text[start].isdigit()):
        return False
    if not text[start - 2].isdigit() and _LABEL.match(text, start):
        return False
    before, after = text[max(0, start - 14) : start - 1], text[start : start + 14]
    return _BEFORE.search(before) is not None and _AFTER.match(after) is not None


def _is_below(line: Line, following: Line) -> bool:
    one, other = line.first, following.first
    em = max(one.size, other.size)
    if em <= 0 or min(one.size, other.size) < 0.9 * em:
        return False
    if one.along_x * other.along_x + one.along_y * other.along_y < 0.99:
        return False
    dx, dy = other.x - one.x, other.y - one.y
    indent = dx * one.along_x + dy * one.along_y
    down = dx * one.along_y - dy * one.along_x
    return abs(indent) <= _INDENT * em and _LEAST_LEADING * em <= down <= _MOST_LEADING * em


def _is_full(lines: list[Line], number: int) -> bool:
    """Tell whether a line reaches as far as those of its neighbours that are of its block."""
    line = lines[number]
    em, end = line.first.size, _end(line, line.first)
    if end < _SHORTEST * em:
        return False
    ends = [_end(lines[number + 1], line.first)]
    if number and _is_below(lines[number - 1], line):
        ends.append(_end(lines[number - 1], line.first))
    return end >= max(ends) - _RAGGED * em


def _end(line: Line, origin: Run) -> float:
    """Return how far a line reaches along the writing direction from a run's beginning."""
    dx, dy = line.last.end_x - origin.x, line.last.end_y - origin.y
    return dx * origin.along_x + dy * origin.along_y
