"""Turns stored text and marks into HTML that cannot be broken by what the text says.

Every piece of text is escaped by itself and put between tags of our own; nothing is ever
marked safe afterwards. A mark that runs over the end of a line is closed there and opened
again on the next one, so that marks never nest and never straddle an element.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from markupsafe import Markup, escape

Span = tuple[int, int]
"""A half-open range of characters of a text."""

LINE_BREAK = Markup("<br>\n")

_HEADING = Markup("<h3>{}</h3>")
_PARAGRAPH = Markup("<p>{}</p>")
_BLANKS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")
_START, _END = attrgetter("start"), attrgetter("end")


@dataclass(frozen=True, slots=True)
class Hit:
    """A mark with its number on the page, from 1; 0 gives it no anchor."""

    start: int
    end: int
    number: int
    anchor: int
    """The character whose part of the mark carries the anchor: the first one that is read."""


def hits(marks: Sequence[Span], length: int) -> tuple[Hit, ...]:
    """Marks in order, inside the text, empty and overlapping ones left out; numbered from 1."""
    kept: list[Hit] = []
    reached = 0
    for start, end in sorted(marks):
        begin, stop = max(start, reached, 0), min(end, length)
        if begin < stop:
            kept.append(Hit(begin, stop, len(kept) + 1, begin))
            reached = stop
    return tuple(kept)


def crossing(found: Sequence[Hit], span: Span) -> Sequence[Hit]:
    """Those of `found`, which are in order and apart, that have a character in `span`."""
    first = bisect_right(found, span[0], key=_END)
    return found[first : max(first, bisect_left(found, span[1], key=_START))]


def marked(text: str, marks: Sequence[Span]) -> Markup:
    """A passage: its text escaped, its marks in ``<mark>``; line ends become spaces."""
    found = [Hit(hit.start, hit.end, 0, 0) for hit in hits(marks, len(text))]
    return piece(text.replace("\n", " "), (0, len(text)), found, 0)


def page_html(text: str, found: Sequence[Hit], title: str | None = None, now: int = 0) -> Markup:
    """A page whose text stands in the order of reading, as headings and paragraphs.

    Lines are kept; an empty one begins a new paragraph. The page's title is a heading when
    the text begins with it. Marks carry ``id="hit-n"``; mark `now` is drawn as the current one.
    """
    blocks = list(_blocks(text))
    heading, blocks = _split_heading(text, blocks, title)
    parts = [_HEADING.format(_lines_html(text, heading, found, now))] if heading else []
    parts += [_PARAGRAPH.format(_lines_html(text, block, found, now)) for block in blocks]
    return Markup("\n").join(parts)


def piece(text: str, span: Span, found: Sequence[Hit], now: int) -> Markup:
    """A stretch of text, escaped, with the parts of the marks that fall on it."""
    parts: list[Markup] = []
    reached = span[0]
    for hit in crossing(found, span):
        start, end = max(hit.start, span[0]), min(hit.end, span[1])
        parts += [_plain(text[reached:start]), _mark(text[start:end], hit, start, now)]
        reached = end
    return Markup("").join([*parts, _plain(text[reached : span[1]])])


def lines(text: str, span: Span) -> Iterator[Span]:
    """The lines of a stretch of text, without their ends; blank ones too."""
    start = span[0]
    for line in text[span[0] : span[1]].split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def squeezed(text: str) -> str:
    """`text` without white space, for comparing what is broken differently."""
    return "".join(text.split())


def _lines_html(text: str, block: Sequence[Span], found: Sequence[Hit], now: int) -> Markup:
    return LINE_BREAK.join(piece(text, line, found, now) for line in block)


def _mark(text: str, hit: Hit, start: int, now: int) -> Markup:
    """The anchor stands on one part of a mark only: identifiers are unique."""
    attributes = Markup("")
    if hit.number and start == hit.anchor:
        attributes += Markup(' id="hit-{}"').format(hit.number)
    if now and hit.number == now:
        attributes += Markup(' class="now"')
    return Markup("<mark{}>{}</mark>").format(attributes, _plain(text))


def _plain(text: str) -> Markup:
    """Characters that HTML has no place for are shown as spaces; offsets stay as they are."""
    return escape(text.translate(_BLANKS))


def _blocks(text: str) -> Iterator[list[Span]]:
    block: list[Span] = []
    for start, end in lines(text, (0, len(text))):
        if text[start:end].strip():
            block.append((start, end))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _split_heading(
    text: str, blocks: list[list[Span]], title: str | None
) -> tuple[list[Span], list[list[Span]]]:
    """The lines that make up the title, and the rest; no lines when it begins otherwise."""
    wanted = squeezed(title or "")
    if not wanted or not blocks:
        return [], blocks
    seen = ""
    for count, (start, end) in enumerate(blocks[0], start=1):
        seen += squeezed(text[start:end])
        if seen == wanted:
            rest = blocks[0][count:]
            return blocks[0][:count], ([rest] if rest else []) + blocks[1:]
        if not wanted.startswith(seen):
            break
    return [], blocks
