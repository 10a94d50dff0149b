"""Turns stored text and marks into HTML that cannot be broken by what the text says.

Every piece of text is escaped by itself and put between tags of our own; nothing is ever
marked safe afterwards. A mark that runs over the end of a line is closed there and opened
again on the next one, so that marks never nest and never straddle an element.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

Span = tuple[int, int]

_HEADING = Markup("<h3>{}</h3>")
_PARAGRAPH = Markup("<p>{}</p>")


@dataclass(frozen=True, slots=True)
class Hit:
    """A mark with its number on the page, from 1; 0 gives it no anchor."""

    start: int
    end: int
    number: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text: half-open character range, without its end."""

    start: int
    end: int


def hits(marks: Sequence[Span], length: int) -> tuple[Hit, ...]:
    """Marks in order, inside the text, empty and overlapping ones left out; numbered from 1."""
    kept: list[Hit] = []
    reached = 0
    for start, end in sorted(marks):
        begin, stop = max(start, reached, 0), min(end, length)
        if begin < stop:
            kept.append(Hit(begin, stop, len(kept) + 1))
            reached = stop
    return tuple(kept)


def marked(text: str, marks: Sequence[Span]) -> Markup:
    """A passage: its text escaped, its marks in ``<mark>``; line ends become spaces."""
    found = [Hit(hit.start, hit.end, 0) for hit in hits(marks, len(text))]
    return _piece(text.replace("\n", " "), Line(0, len(text)), found, 0)


def page_html(text: str, marks: Sequence[Span], title: str | None = None, now: int = 0) -> Markup:
    """A page as headings and paragraphs.

    Lines are kept; an empty one begins a new paragraph. The page's title is a heading when
    the text begins with it. Marks carry ``id="hit-n"``; mark `now` is drawn as the current one.
    """
    found = hits(marks, len(text))
    blocks = list(_blocks(text))
    heading, blocks = _split_heading(text, blocks, title)
    parts = [_HEADING.format(_lines_html(text, heading, found, now))] if heading else []
    parts += [_PARAGRAPH.format(_lines_html(text, block, found, now)) for block in blocks]
    return Markup("\n").join(parts)


def _lines_html(text: str, lines: Sequence[Line], found: Sequence[Hit], now: int) -> Markup:
    return Markup("<br>\n").join(_piece(text, line, found, now) for line in lines)


def _piece(text: str, line: Line, found: Sequence[Hit], now: int) -> Markup:
    """One line, escaped, with the parts of the marks that fall on it."""
    parts: list[Markup] = []
    reached = line.start
    for hit in found:
        start, end = max(hit.start, line.start), min(hit.end, line.end)
        if start >= end:
            continue
        parts += [_plain(text[reached:start]), _mark(text[start:end], hit, start, now)]
        reached = end
    return Markup("").join([*parts, _plain(text[reached : line.end])])


def _mark(text: str, hit: Hit, start: int, now: int) -> Markup:
    """The anchor stands on a mark's first part only: identifiers are unique."""
    attributes = Markup("")
    if hit.number and start == hit.start:
        attributes += Markup(' id="hit-{}"').format(hit.number)
    if now and hit.number == now:
        attributes += Markup(' class="now"')
    return Markup("<mark{}>{}</mark>").format(attributes, _plain(text))


def _plain(text: str) -> Markup:
    """Characters that HTML has no place for are shown as spaces; offsets stay as they are."""
    return escape("".join(" " if c < " " or "\x7f" <= c <= "\x9f" else c for c in text))


def _lines(text: str) -> Iterator[Line]:
    start = 0
    for piece in text.split("\n"):
        yield Line(start, start + len(piece))
        start += len(piece) + 1


def _blocks(text: str) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in _lines(text):
        if text[line.start : line.end].strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _split_heading(
    text: str, blocks: list[list[Line]], title: str | None
) -> tuple[list[Line], list[list[Line]]]:
    """The lines that make up the title, and the rest; no lines when it begins otherwise."""
    wanted = "".join((title or "").split())
    if not wanted or not blocks:
        return [], blocks
    seen = ""
    for count, line in enumerate(blocks[0], start=1):
        seen += "".join(text[line.start : line.end].split())
        if seen == wanted:
            rest = blocks[0][count:]
            return blocks[0][:count], ([rest] if rest else []) + blocks[1:]
        if not wanted.startswith(seen):
            break
    return [], blocks
