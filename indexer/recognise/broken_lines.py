"""Names and years that a line's end breaks in two: 福津|市, 2018年5|月, 2021年|度."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from indexer.recognise.line import Line


class _Span(Protocol):
    """A stretch of a line's text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


S = TypeVar("S", bound=_Span)
Find = Callable[[str], Sequence[S]]

_NAME_BREAKS = (
    (
        re.compile(r"[一-鿿々ヶぁ-んァ-ヺー][\s　]*$"),
        re.compile(r"[\s　]*\S{0,4}[都道府県市区町村]"),
    ),
)
_YEAR_BREAKS = (
    (re.compile(r"[\d〇一二三四五六七八九十元][\s　]*$"), re.compile(r"[\s　]*[年月日]")),
    (re.compile(r"年[\s　]*$"), re.compile(r"[\s　]*(?:度|\d{1,2}[\s　]?月)")),
    (re.compile(r"(?:令和|平成|昭和)[\s　]*$"), re.compile(r"[\s　]*[元\d]")),
    (re.compile(r"[令平昭]$"), re.compile(r"[和成][元\d]")),
)
_FARTHEST = 3
"""Characters between two lines: an end of line and blanks."""


def places_over(lines: Sequence[Line], find: Find[S]) -> Iterator[tuple[Line, S]]:
    """What `find` finds in each line, and in two lines where a name may go on."""
    return _over(lines, find, _NAME_BREAKS)


def years_over(lines: Sequence[Line], find: Find[S]) -> Iterator[tuple[Line, S]]:
    """What `find` finds in each line, and in two lines where a year may go on."""
    return _over(lines, find, _YEAR_BREAKS)


def _over(
    lines: Sequence[Line],
    find: Find[S],
    breaks: Sequence[tuple[re.Pattern[str], re.Pattern[str]]],
) -> Iterator[tuple[Line, S]]:
    used = 0
    for line, below in zip(lines, (*lines[1:], None), strict=False):
        spans = [span for span in find(line.text) if span.start >= used]
        used = 0
        crossing = _crossing(line, below, find, breaks)
        if crossing is not None:
            both, span = crossing
            spans = [one for one in spans if one.end <= span.start]
            used = span.end - (both.break_at or 0)
        yield from ((line, one) for one in spans)
        if crossing is not None:
            yield crossing


def _crossing(
    line: Line,
    below: Line | None,
    find: Find[S],
    breaks: Sequence[tuple[re.Pattern[str], re.Pattern[str]]],
) -> tuple[Line, S] | None:
    """The two lines as one, and what stands across their border."""
    if below is None or not any(a.search(line.text) and b.match(below.text) for a, b in breaks):
        return None
    both = line.joined_to(below)
    if both.break_at is None or both.page is not below.page or not 0 < both.left_out <= _FARTHEST:
        return None
    at = both.break_at
    return next(((both, span) for span in find(both.text) if span.start < at < span.end), None)
