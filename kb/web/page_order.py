"""The blocks of a page as they are shown: in reading order, every character once.

A stored layout may be damaged. What is shown does not depend on that: spans are cut to the
text, a character that two blocks claim stays in the first, and what no block has follows.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kb.catalogue.views import TextBlock
from kb.web.page_text import Hit, Span, crossing, lines

LAST = {"note": 1, "annotation": 2, "running": 3}
"""Kinds that follow the body of the page, in this order."""

_MARKER = re.compile(r"\s*[・●○■□◆◇▪•※★☆►▶①-⑳]")
_ASCII = re.compile(r"[\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A block with the lines of each of its spans, blank lines left out."""

    kind: str
    cells: tuple[tuple[Span, ...], ...]

    @property
    def lines(self) -> tuple[Span, ...]:
        """All its lines, in reading order."""
        return tuple(line for cell in self.cells for line in cell)


def arranged(text: str, blocks: Sequence[TextBlock]) -> tuple[Shown, ...]:
    """What is shown of a page, in the order it is shown."""
    taken = bytearray(len(text))
    spans = [(b.kind, tuple(_claim(span, taken) for span in b.spans)) for b in blocks]
    body = [(kind, claimed) for kind, claimed in spans if kind not in LAST]
    body += [("paragraph", (span,)) for span in _unclaimed(taken)]
    ends = sorted((pair for pair in spans if pair[0] in LAST), key=lambda pair: LAST[pair[0]])
    shown = (Shown(k, tuple(_filled(text, s) for s in claimed)) for k, claimed in [*body, *ends])
    return tuple(block for block in shown if block.lines)


def in_order(found: Sequence[Hit], blocks: Iterable[Shown]) -> tuple[Hit, ...]:
    """Marks numbered as one comes upon them in reading; those that are not shown left out."""
    numbered: dict[int, Hit] = {}
    for line in (line for block in blocks for line in block.lines):
        for hit in crossing(found, line):
            if hit.start not in numbered:
                anchor = max(hit.start, line[0])
                numbered[hit.start] = replace(hit, number=len(numbered) + 1, anchor=anchor)
    return tuple(hit for _, hit in sorted(numbered.items()))


def joint(text: str, before: Span, after: Span) -> str:
    """What stands between two lines of a paragraph: nothing between Japanese characters, a
    blank beside others, a line break before what begins an item of a list.
    """
    first, last = text[after[0] : after[1]], text[before[0] : before[1]].rstrip()[-1:]
    if _MARKER.match(first):
        return "\n"
    return " " if _ASCII.match(last) or _ASCII.match(first.lstrip()) else ""


def _claim(span: Span, taken: bytearray) -> Span:
    """The first part of a span that no block has yet; an empty one where there is none."""
    start, end = max(span[0], 0), min(span[1], len(taken))
    start = taken.find(0, start, end) if start < end else -1
    if start < 0:
        return 0, 0
    stop = taken.find(1, start, end)
    end = stop if stop >= 0 else end
    taken[start:end] = b"\x01" * (end - start)
    return start, end


def _unclaimed(taken: bytearray) -> Iterator[Span]:
    start = taken.find(0)
    while start >= 0:
        stop = taken.find(1, start)
        stop = stop if stop >= 0 else len(taken)
        yield start, stop
        start = taken.find(0, stop)


def _filled(text: str, span: Span) -> tuple[Span, ...]:
    return tuple(line for line in lines(text, span) if text[line[0] : line[1]].strip())
