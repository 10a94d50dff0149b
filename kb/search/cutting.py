"""Where a passage is cut: at the borders of sentences, of headings and of cells, never in a word.

Pages come with the line breaks of their layout. A break inside a sentence is no border; the end
of a heading, of a list's entry or of a cell is one, and is known by its line being shorter than
its neighbours. Looks only at the text around a place: a page is long, a passage is not.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence

ELLIPSIS = "…"
"""Stands where a sentence is cut; it counts as a character of the passage."""

Span = tuple[int, int]
"""A half-open range of characters."""

_ENDS = re.compile(r"(?:[。！？]|[!?](?![!-~])|．(?![0-9０-９]))[」』）)】〕”]*|\n")
_TERMINAL = frozenset("。！？!?．")
_CLOSING = frozenset("」』）)】〕”")
_NO_BEGINNING = _CLOSING | frozenset("、。，．・")
_GOES_ON = frozenset("のをにはがとでへもや、，・（(「『【〔")
"""After these a line goes on, however short it is."""
_BEGINS_ANEW = re.compile(
    r"[ \t\u3000]*(?:\n|[・●○◎■□◆◇▶▼★☆※＊*【〔①-⑳]|[(（]?[0-9０-９]{1,2}[)）.．]"
    r"|第[0-9０-９一二三四五六七八九十]+)"
)
_SOFT = frozenset("、，,;；:： \t\n\u3000") | _CLOSING
"""After these a sentence is cut rather than elsewhere."""
_FULL_LINE = 12
"""Characters: a shorter line was not broken for want of room."""
_NEARLY_FULL = 0.7
"""Of the longest of a line and its neighbours: nor was a shorter one."""
_LONGEST_WORD = 20
"""Letters and digits in a row that are kept whole."""
_GLUE = frozenset("\u200d\ufe0e\ufe0f\uff9e\uff9f")


def stretch(text: str, marks: Sequence[Span], keep: Span, width: int, free: Span) -> Span:
    """Which characters of `text`, all of `keep` among them, are shown in `width`.

    `marks` (in order, apart) are never cut, nothing outside `free` is shown, and there is room
    for an ellipsis at each end that needs one. Empty where even `keep` does not fit.
    """
    ellipses = (goes_on(text, keep[0]) + goes_on(text, keep[1])) * len(ELLIPSIS)
    if width <= 0 or keep[1] - keep[0] + ellipses > width:
        return keep[0], keep[0]
    cutter = _Cutter(text, marks, free)
    start = cutter.start(keep, width)
    return start, cutter.end(start, keep[1], width - goes_on(text, start) * len(ELLIPSIS))


def goes_on(text: str, at: int) -> bool:
    """Whether cutting at `at` cuts a sentence."""
    before, after = at - 1, at
    while before >= 0 and text[before].isspace():
        before -= 1
    while after < len(text) and text[after].isspace():
        after += 1
    if before < 0 or after == len(text):
        return False
    if any(text[i] == "\n" and ends_sentence(text, i) for i in range(before + 1, after)):
        return False
    while before > 0 and text[before] in _CLOSING:
        before -= 1
    return text[before] not in _TERMINAL


def ends_sentence(text: str, at: int) -> bool:
    """Whether the line break at `at` ends a heading, an entry or a cell, or stands between two
    paragraphs, rather than inside a sentence.
    """
    if _BEGINS_ANEW.match(text, at + 1):
        return True
    begin = text.rfind("\n", 0, at) + 1
    line = text[begin:at].strip()
    if not line or line[-1] in _GOES_ON:
        return not line
    following = text.find("\n", at + 1)
    beyond = len(text) if following < 0 else following
    before = begin - 1 - (text.rfind("\n", 0, max(begin - 1, 0)) + 1)
    longest = max(len(line), beyond - at - 1, before)
    return len(line) < max(_FULL_LINE, _NEARLY_FULL * longest)


class _Cutter:
    """Cuts one page."""

    def __init__(self, text: str, marks: Sequence[Span], free: Span) -> None:
        self._text, self._marks = text, marks
        self._low, self._high = free

    def start(self, keep: Span, width: int) -> int:
        """Where the sentence of `keep` begins, or near before it where that is too far."""
        first, last = keep
        lead = max(min(width - (last - first) - 2 * len(ELLIPSIS), width // 2), 0)
        lowest = max(self._low, first - lead)
        borders = self._borders(lowest, first)
        start = borders[-1] if borders else lowest
        if not borders and lowest > self._low:
            start = self._cut_after(lowest + lead // 3, first)
        begin = start
        while begin < first and (self._text[begin].isspace() or self._text[begin] in _NO_BEGINNING):
            begin += 1
        return begin if self._whole(begin) == begin else start

    def _cut_after(self, lowest: int, first: int) -> int:
        """The first place near `lowest` that follows a comma or a blank, or tears nothing."""
        for at in range(lowest, first - (first - lowest) // 3):
            if self._text[at - 1] in _SOFT and self._whole(at) == at:
                return at
        return next((at for at in range(lowest, first) if self._whole(at) == at), first)

    def end(self, start: int, last: int, room: int) -> int:
        """Where the last sentence ends that fits; if that shows too little, a cut."""
        text, high = self._text, self._high
        if high - start <= room - goes_on(text, high) * len(ELLIPSIS):
            return self._trimmed(last, high)
        borders = self._borders(max(last, start + 1), min(start + room, high))
        if borders and borders[-1] - start >= room // 2:
            return self._trimmed(last, borders[-1])
        furthest = min(start + room - len(ELLIPSIS), high)
        for at in range(furthest, max(last, furthest - room // 4), -1):
            if text[at - 1] in _SOFT and self._whole(at) == at:
                return self._trimmed(last, at)
        return self._trimmed(last, max(self._whole(furthest), last))

    def _borders(self, low: int, high: int) -> list[int]:
        """The places from `low` to `high` where a sentence begins or the text ends."""
        text = self._text
        found = [0] if low == 0 else []
        for match in _ENDS.finditer(text, max(low - 1, 0), high):
            if low <= match.end() <= high and self._whole(match.end()) == match.end():
                newline = text[match.start()] == "\n"
                if not newline or ends_sentence(text, match.start()):
                    found.append(match.end())
        if high == len(text):
            found.append(high)
        return found

    def _whole(self, at: int) -> int:
        """`at`, or the nearest place before it that tears no mark, character or word."""
        furthest = at
        while 0 < at < len(self._text):
            mark = (
                self._marks[max(bisect_left(self._marks, (at, -1)) - 1, 0)] if self._marks else None
            )
            if mark and mark[0] < at < mark[1]:
                at = mark[0]
            elif _glued(self._text, at) or (
                furthest - at < _LONGEST_WORD and _lettered(self._text, at)
            ):
                at -= 1
            else:
                break
        return at

    def _trimmed(self, last: int, end: int) -> int:
        while end > last and self._text[end - 1].isspace():
            end -= 1
        return end


def _glued(text: str, at: int) -> bool:
    """The character at `at` belongs to the one before it."""
    before, here = text[at - 1], text[at]
    return (
        here in _GLUE
        or before == "\u200d"
        or unicodedata.combining(here) != 0
        or "\U000e0100" <= here <= "\U000e01ef"
        or ("\ud800" <= before <= "\udbff" and "\udc00" <= here <= "\udfff")
    )


def _lettered(text: str, at: int) -> bool:
    """Both sides of `at` are letters or digits of one word or number."""
    return all(c.isascii() and c.isalnum() for c in (text[at - 1], text[at]))
