"""What PDFium reads on a page: text in its order, and where it stands."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

_COLUMNS = ("starts", "ends", "lefts", "tops", "rights", "bottoms", "directions")
FAR = 10_000_000
"""Tenths of a point: nothing of a page is further from its corner, in any direction."""


class UnreadableText(ValueError):
    """What came is no page of text: its writer is broken, or no longer ours."""


@dataclass(frozen=True, slots=True)
class SecondText:
    """The second opinion on one page.

    Stretches are columns of equal length, one row for each run of characters along one line,
    ascending: the characters of `text` from `starts` to `ends`, and their box in tenths of a
    point from the top left corner of the page as it is shown.
    """

    text: str
    """Lines ended by newlines; words that a hyphen broke over two lines are joined."""
    width: float
    """Points, of the page as it is shown; 0 where the file gives it a size that cannot be, and
    then there are no stretches."""
    height: float
    glyphs: int = 0
    """Characters but white space, undefined ones included."""
    undefined: int = 0
    """Characters that stand for nothing known: U+FFFD, and those of private use."""
    starts: tuple[int, ...] = field(default=())
    ends: tuple[int, ...] = field(default=())
    lefts: tuple[int, ...] = field(default=())
    tops: tuple[int, ...] = field(default=())
    rights: tuple[int, ...] = field(default=())
    bottoms: tuple[int, ...] = field(default=())
    directions: tuple[int, ...] = field(default=())
    """Which way the line runs: 0 right, 1 down, 2 left, 3 up."""


def to_line(page: int, text: SecondText) -> bytes:
    """Return the text of a page as one line of JSON, ended by a newline."""
    fields = {"page": page, **asdict(text)}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def from_line(line: bytes) -> tuple[int, SecondText]:
    """Return page number and text that a line holds.

    Raises:
        UnreadableText: it holds anything else than `to_line` writes.
    """
    try:
        fields = json.loads(line)
        return _whole(fields["page"]), _text(fields)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableText(type(error).__name__) from error


def _text(fields: Mapping[str, Any]) -> SecondText:
    text, columns = fields["text"], [fields[name] for name in _COLUMNS]
    if not isinstance(text, str) or len({len(column) for column in columns}) != 1:
        raise TypeError("text with columns of one length")
    if any(set(map(type, column)) - {int} for column in columns):
        raise TypeError("whole numbers")
    starts, ends, *boxes, directions = columns
    edges = [edge for span in zip(starts, ends, strict=True) for edge in span]
    if edges != sorted(edges) or any(not 0 <= edge <= len(text) for edge in edges):
        raise ValueError("stretches in the text, one behind the other")
    if any(abs(edge) > FAR for column in boxes for edge in column):
        raise ValueError("near the page")
    if not set(directions) <= {0, 1, 2, 3}:
        raise ValueError("direction")
    return SecondText(
        text,
        _length(fields["width"]),
        _length(fields["height"]),
        _whole(fields["glyphs"]),
        _whole(fields["undefined"]),
        *(tuple(column) for column in columns),
    )


def _whole(value: object) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise TypeError("whole number")
    return value


def _length(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value < FAR:
        raise TypeError("length")
    return float(value)
