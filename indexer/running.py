"""Headers, footers and page numbers: lines that repeat from page to page near an edge.

They are found across the pages, which no extractor sees at once, and become blocks of their
own, so that they can be left out of passages. The text of a page is never changed.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from indexer.extracted import Block, BlockKind, Direction, ExtractedDocument, ExtractedPage, Span

_EDGE = 0.12
"""Share of the page's height, from above and below, that running lines stand in."""

_SAME_HEIGHT = 150
"""Tenths of a point by which the height of a running line may differ between pages."""

_FEWEST_PAGES = 3

_LEAST_SHARE = 3
"""A running line stands on one page in three at least, of the run of pages it spans."""

_FURTHEST = 8
"""Pages from one with the line to the next: a chapter's title page or two have none."""

_LINES_AT_AN_EDGE = 3
"""Where a page tells no places, its first and last lines stand for its edges."""

_LONGEST = 120
"""Characters; a longer line is text."""

_STANDS_OUT = 1.1
"""Times the size of most of a page's text from which the largest is a title."""

_NUMBER = re.compile("(?<![0-9０-９,，])[0-9０-９]+(?![0-9０-９,，])")
"""One that may count pages or chapters; an amount with commas is part of what a line says."""
_PAGE_NUMBER = re.compile(
    r"(?:[\s\-‐-―−－ー・./／()（）]|page|p|ページ|頁)*([0-9０-９]{1,5})\D*", re.I
)
_OTHER_NUMERALS = re.compile("[ivxlcIVXLC]{1,8}|[〇一二三四五六七八九十百]{1,6}")
_STAYS = {BlockKind.FIELD, BlockKind.ANNOTATION, BlockKind.NOTE, BlockKind.READING}
_LETTERS = re.compile(r"[^\W\d_]")
_ENDLESS = 1 << 40


Key = tuple[str, bool, int]
"""A line's text with its numbers made alike; whether it stands at the top; and how far a page
number is ahead of the page's place in the file, so that a table's numbers do not pass for one."""


class _Line(NamedTuple):
    """A line near an edge of one page."""

    page: int
    """Its index in the document."""
    span: Span
    key: Key
    height: int
    """From its edge, tenths of a point."""


def mark_running(document: ExtractedDocument) -> ExtractedDocument:
    """Return the document with its headers, footers and page numbers as RUNNING blocks.

    A line runs when it stands at about the same height near the top or bottom edge of three
    pages or more, the same but for its numbers, on a third of the pages it spans at least:
    so odd and even pages may differ, and a header may change with the chapter. What makes up
    a whole page, or is set in the page's largest type, stays where it is. Pages on which
    nothing runs are returned as they are. A page costs what its lines do, and
    the lines of one text are sorted once.
    """
    seen: dict[Key, list[_Line]] = defaultdict(list)
    for index, page in enumerate(document.pages):
        for line in _edge_lines(index, page):
            seen[line.key].append(line)
    running: dict[int, list[Span]] = defaultdict(list)
    for lines in seen.values():
        for line in _repeated(lines):
            running[line.page].append(line.span)
    pages = tuple(
        _marked(page, running[index]) if index in running else page
        for index, page in enumerate(document.pages)
    )
    return replace(document, pages=pages)


def _repeated(lines: Sequence[_Line]) -> Iterator[_Line]:
    """Yield the lines of one text that run, height by height."""
    for level in _levels(sorted(lines, key=lambda line: line.height)):
        for group in _neighbours(sorted(level)):
            pages = {line.page for line in group}
            spanned = group[-1].page - group[0].page + 1
            often = len(pages) >= _FEWEST_PAGES and _LEAST_SHARE * len(pages) >= spanned
            # A word that a table repeats on one page is no header.
            if often and len(group) <= 2 * len(pages):
                yield from group


def _levels(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Yield the lines that stand at about the same height."""
    level: list[_Line] = []
    for line in lines:
        if level and line.height - level[0].height > _SAME_HEIGHT:
            yield level
            level = []
        level.append(line)
    yield level


def _neighbours(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Yield runs of lines on pages not far from each other."""
    run = list(lines[:1])
    for last, line in pairwise(lines):
        if line.page - last.page > _FURTHEST:
            yield run
            run = []
        run.append(line)
    yield run


def _edge_lines(index: int, page: ExtractedPage) -> Iterator[_Line]:
    """Yield the lines near the edges of a page, those that may not run left out."""
    known = page.places.starts and page.height > 0
    lines = _placed_lines(page) if known else _first_and_last(page)
    for (start, end), at_top, height in lines:
        text = page.text[start:end]
        if end - start <= _LONGEST:
            yield _Line(index, (start, end), _key(text, at_top, index), height)


def _placed_lines(page: ExtractedPage) -> Iterator[tuple[Span, bool, int]]:
    """Yield span, edge and height of each stretch near an edge and not in the largest type."""
    places, lowest = page.places, 10 * page.height
    largest = _title_size(page)
    for row, (start, end) in enumerate(zip(places.starts, places.ends, strict=True)):
        top, bottom = places.tops[row], places.bottoms[row]
        at_top = bottom <= _EDGE * lowest
        if not (at_top or lowest - top <= _EDGE * lowest) or _size(page, row) >= largest:
            continue
        if span := _trimmed(page.text, start, end):
            middle = (top + bottom) / 2
            yield span, at_top, int(middle if at_top else lowest - middle)


def _first_and_last(page: ExtractedPage) -> Iterator[tuple[Span, bool, int]]:
    """Yield the first and last lines; a place from the edge counts as a height of its own."""
    lines = _lines(page.text, 0, len(page.text))
    most = min(_LINES_AT_AN_EDGE, len(lines) // 2)
    for at_top, found in ((True, lines[:most]), (False, lines[::-1][:most])):
        for number, (start, end) in enumerate(found):
            if page.text[start:end] != page.title:
                yield (start, end), at_top, number * (_SAME_HEIGHT + 1)


def _key(text: str, at_top: bool, index: int) -> Key:
    number = _PAGE_NUMBER.fullmatch(text)
    if number and not _LETTERS.search(_NUMBER.sub("", text)):
        return "0", at_top, int(number[1]) - index
    bare = "".join(text.split())
    if _OTHER_NUMERALS.fullmatch(bare.strip("-‐–—―−－ー・.()（）")):
        return "i", at_top, 0
    return _NUMBER.sub("0", bare), at_top, 0


def _size(page: ExtractedPage, row: int) -> int:
    places = page.places
    if places.directions[row] in (Direction.DOWN, Direction.UP):
        return places.rights[row] - places.lefts[row]
    return places.bottoms[row] - places.tops[row]


def _title_size(page: ExtractedPage) -> int:
    """Return the size of a page's largest type, endless where none stands out."""
    weights = sorted(
        (_size(page, row), end - start)
        for row, (start, end) in enumerate(zip(page.places.starts, page.places.ends, strict=True))
    )
    half = sum(weight for _, weight in weights) / 2
    usual = largest = weights[-1][0]
    for size, weight in weights:
        half -= weight
        if half <= 0:
            usual = size
            break
    return largest if largest > _STANDS_OUT * usual else _ENDLESS


def _trimmed(text: str, start: int, end: int) -> Span | None:
    part = text[start:end]
    kept = part.strip()
    start += len(part) - len(part.lstrip())
    return (start, start + len(kept)) if kept else None


def _lines(text: str, start: int, end: int) -> list[Span]:
    """Return the lines of a part of a text that hold more than white space."""
    lines: list[Span] = []
    for line in text[start:end].splitlines(keepends=True):
        if span := _trimmed(text, start, start + len(line)):
            lines.append(span)
        start += len(line)
    return lines


def _marked(page: ExtractedPage, spans: Iterable[Span]) -> ExtractedPage:
    """Return a page with blocks for what runs; unchanged if nothing else would be left."""
    running = sorted(set(spans))
    blocks = tuple(_split(page.text, page.blocks or _paragraphs(page.text, running), running))
    if all(block.kind is BlockKind.RUNNING for block in blocks):
        return page
    return replace(page, blocks=blocks)


def _paragraphs(text: str, running: Sequence[Span]) -> Iterator[Block]:
    """Yield the text in its own order, what runs apart from what stands between."""
    start = 0
    for begins, ends in (*running, (len(text), len(text))):
        if lines := _lines(text, start, begins):
            yield Block(BlockKind.PARAGRAPH, tuple(lines))
        if begins < ends:
            yield Block(BlockKind.PARAGRAPH, ((begins, ends),))
        start = ends


def _split(text: str, blocks: Iterable[Block], running: Sequence[Span]) -> Iterator[Block]:
    """Yield the blocks without what runs, and after each what was taken off it."""
    for block in blocks:
        if block.kind in _STAYS:
            yield block
            continue
        rest: list[Span] = []
        taken: list[Span] = []
        for span in block.spans:
            _part(span, running, rest, taken)
        rest = [kept for span in rest if (kept := _trimmed(text, *span))]
        if rest:
            yield Block(block.kind, tuple(rest))
        if taken:
            yield Block(BlockKind.RUNNING, tuple(taken))


def _part(span: Span, running: Sequence[Span], rest: list[Span], taken: list[Span]) -> None:
    """Put the parts of a span that run into `taken`, the others into `rest`."""
    start, end = span
    at = max(0, bisect_right(running, (start, _ENDLESS)) - 1)
    while start < end:
        begins, ends = running[at] if at < len(running) else (end, end)
        at += 1
        if ends <= start:
            continue
        begins, ends = max(start, min(begins, end)), min(ends, end)
        if start < begins:
            rest.append((start, begins))
        if begins < ends:
            taken.append((begins, ends))
        start = max(begins, ends)
