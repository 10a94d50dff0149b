"""Reading order of a page, from the places of its stretches of text.

The text stays in the order of the content stream, which keeps sentences whole; a block names
characters of it. What is decided here is only how a page is shown and read aloud.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from indexer.extract.layout.pieces import Piece, Placed, pieces_of, spans_of
from indexer.extract.layout.regions import Region, regions
from indexer.extract.layout.ruby import Bases
from indexer.extracted import Block, BlockKind, Places, Span

MOST_PIECES = 20_000
"""More stretches than this on one page are a drawing or an attack, not something to read."""

_HEADING = 1.2
"""Times the size of the page's text that a heading is set in, at least."""

_LONGEST_HEADING = 80
"""Characters."""

_MOST_HEADING_SHARE = 0.4
"""Of the page's characters: what is set larger than that share is the text itself."""

_LEADING = 1.05
"""Ems of blank between two lines of one paragraph: Japanese is set with up to one."""

_SHORT = 2.5
"""Ems that a full line of Japanese falls short of the margin, for the rules of line ends."""

_OUTDENT = 1.5
"""Ems that a line begins further left than its block's: more than a paragraph's first does."""

_SENTENCE_ENDS = "。．.!?！？」』）)"
_BULLETS = (
    "・‧•●○■□◆◇▶▷►➢❖✓★☆※①②③④⑤⑥⑦⑧⑨⑩"
    # Symbol and Wingdings, which slides are full of, stand in the private use area.
    "\uf0b7\uf0d8\uf06c\uf06e\uf075\uf0fc\uf0a7"
)


def page_blocks(
    text: str, places: Places, readings: Sequence[Span], width: float, height: float
) -> tuple[Block, ...]:
    """Return a page's text in reading order: every character but white space in one block.

    `readings` are the spans of ruby in the text; `width` and `height` the page's, in points.
    Empty, which means the order of the text, where the places tell nothing: no more than one
    stretch, or more than :data:`MOST_PIECES`. Costs n log n.
    """
    if len(places.starts) > MOST_PIECES:
        return ()
    pieces = pieces_of(text, places, readings)
    if len(pieces.words) < 2:
        return ()
    sizes = _Sizes(pieces.words)
    found = [
        block
        for region in regions(pieces.words, sizes.usual)
        for block in _blocks(text, region, sizes)
    ]
    if width > height > 0:
        _put_title_first(found, sizes, 10 * height)
    return tuple(_with_readings(found, pieces.readings, pieces.nowhere))


@dataclass(slots=True)
class _Found:
    """A block with the pieces it came from."""

    block: Block
    pieces: list[Piece]


class _Sizes:
    """The sizes of a page's text, tenths of a point."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        counts: dict[int, int] = {}
        for piece in pieces:
            counts[piece.size] = counts.get(piece.size, 0) + piece.end - piece.start
        left = sum(counts.values()) / 2
        self.usual = 1
        larger = 0
        for size in sorted(counts):
            if left > 0:
                self.usual = size
            left -= counts[size]
        for size, count in counts.items():
            larger += count if size >= _HEADING * self.usual else 0
        self._rare = larger <= _MOST_HEADING_SHARE * sum(counts.values())

    def make_heading(self, text: str, line: list[Placed]) -> bool:
        """Tell whether a line is set as a heading."""
        if min([p.piece.size for p in line]) < _HEADING * self.usual:
            return False
        words = "".join(text[p.piece.start : p.piece.end] for p in line)
        fits = len(words) <= _LONGEST_HEADING
        return self._rare and fits and any(character.isalpha() for character in words)


def _blocks(text: str, region: Region, sizes: _Sizes) -> Iterator[_Found]:
    for row in region.rows:
        yield _found(text, BlockKind.ROW, row)
    if not region.lines:
        return
    margin = max(piece.right for line in region.lines for piece in line)
    held: list[list[Placed]] = []
    kind = BlockKind.PARAGRAPH
    for line in region.lines:
        heading = sizes.make_heading(text, line)
        this = BlockKind.HEADING if heading else BlockKind.PARAGRAPH
        if held and (this is not kind or _begins_anew(text, held, line, margin)):
            yield _found(text, kind, held)
            held = []
        kind = this
        held.append(line)
    if held:
        yield _found(text, kind, held)


def _found(text: str, kind: BlockKind, lines: list[list[Placed]]) -> _Found:
    spans = tuple([span for line in lines for span in spans_of(text, line)])
    return _Found(Block(kind, spans), [p.piece for line in lines for p in line])


def _begins_anew(text: str, held: list[list[Placed]], line: list[Placed], margin: int) -> bool:
    """Tell whether a line begins another block than the lines above it."""
    last = held[-1]
    size, before = line[0].piece.size, last[0].piece.size
    em = max(size, before)
    if 5 * abs(size - before) > em:
        return True
    if min([p.top for p in line]) - max([p.bottom for p in last]) > _LEADING * em:
        return True
    indent = _indent(line, held)
    if text[line[0].piece.start] in _BULLETS or indent < -_OUTDENT * em:
        return True
    falls_short = margin - last[-1].right > _SHORT * em
    ends = text[last[-1].piece.end - 1] in _SENTENCE_ENDS
    return ends and (falls_short or indent > 0.7 * em)


def _indent(line: list[Placed], held: list[list[Placed]]) -> int:
    """Return how much further right a line begins than the block's second or first."""
    return line[0].left - held[min(1, len(held) - 1)][0].left


def _put_title_first(found: list[_Found], sizes: _Sizes, height: float) -> None:
    """On a slide, let the largest heading of the upper part come before everything."""
    headings = [
        (piece.size, -number)
        for number, entry in enumerate(found)
        if entry.block.kind is BlockKind.HEADING
        for piece in entry.pieces[:1]
        if piece.top < 0.4 * height
    ]
    if headings:
        size, number = max(headings)
        if number and size >= 1.25 * sizes.usual:
            found.insert(0, found.pop(-number))


def _with_readings(
    found: list[_Found], readings: list[Piece], nowhere: list[tuple[Span, bool]]
) -> Iterator[Block]:
    """Yield the blocks, each followed by the readings that stand over its lines.

    Text without a place comes before the block that it runs on into.
    """
    over: dict[int, list[Span]] = defaultdict(list)
    before: dict[int, list[Span]] = defaultdict(list)
    numbered = [(piece, number) for number, entry in enumerate(found) for piece in entry.pieces]
    if readings:
        bases = Bases(numbered)
        for reading in readings:
            number = bases.block_under(reading, len(found) - 1)
            over[number].append((reading.start, reading.end))
    starts = sorted((piece.start, number) for piece, number in numbered) if nowhere else []
    for span, is_reading in nowhere:
        at = bisect_left(starts, span) if not is_reading else len(starts)
        before[starts[at][1] if at < len(starts) else len(found)].append(span)
    for number, entry in enumerate(found):
        yield from (Block(BlockKind.PARAGRAPH, (span,)) for span in before[number])
        yield entry.block
        if number in over:
            yield Block(BlockKind.READING, tuple(over[number]))
    are_readings = dict(nowhere)
    for span in before[len(found)]:
        kind = BlockKind.READING if are_readings[span] else BlockKind.PARAGRAPH
        yield Block(kind, (span,))
