"""Pieces of recognised lines become a page: reading order, places, title."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from indexer.extract.layout.blocks import page_blocks
from indexer.extracted import Block, Direction, ExtractedPage, Places
from indexer.ocr.pieces import Piece
from indexer.ocr.tesseract import Box

_SAME_SIZE = (0.7, 1.25)
"""Times the page's usual size that lines of one size measure: their boxes hug the ink, and a
line of kana is lower than one of kanji."""

_TITLE = 1.4
"""Times the usual size that a title is larger; the boxes are too rough for less."""

_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page that a picture shows."""

    number: int
    width: float
    """Points, as it is shown; likewise the height."""
    height: float
    dots_per_inch: int
    """Of the picture."""


def page_of(
    sheet: Sheet,
    found: Sequence[Piece],
    *,
    reader: str,
    confidence: float,
    needs_ocr: bool,
    most_characters: int,
) -> ExtractedPage:
    """Put the pieces in reading order and make the page of them."""
    level = _levelled(_bounded(found, most_characters))
    text, places = _written(sheet, level)
    members = _members(places, page_blocks(text, places, (), sheet.width, sheet.height))
    order = _order(members, len(level))
    ordered = [level[number] for number in order]
    text, places = _written(sheet, ordered)
    return ExtractedPage(
        number=sheet.number,
        text=text,
        width=sheet.width,
        height=sheet.height,
        title=_title(ordered),
        needs_ocr=needs_ocr,
        places=places,
        blocks=_moved(members, order, places),
        glyphs=sum(not character.isspace() for character in text),
        reader=reader,
        confidence=confidence,
    )


def _bounded(found: Iterable[Piece], most_characters: int) -> list[Piece]:
    kept = list[Piece]()
    for piece in found:
        most_characters -= len(piece.text) + 1
        if most_characters < 0:
            break
        kept.append(piece)
    return kept


def _usual_size(found: Sequence[Piece]) -> int:
    """The median size, by characters."""
    sizes = sorted((piece.size, len(piece.text)) for piece in found)
    left = sum(count for _, count in sizes) / 2
    for size, count in sizes:
        left -= count
        if left <= 0:
            return size
    return 1


def _levelled(found: Sequence[Piece]) -> list[Piece]:
    """Give lines of about the usual size exactly that, about their middle."""
    usual = _usual_size(found)
    low, high = (times * usual for times in _SAME_SIZE)
    return [
        replace(piece, box=_resized(piece, usual)) if low <= piece.size <= high else piece
        for piece in found
    ]


def _resized(piece: Piece, size: int) -> Box:
    left, top, right, bottom = piece.box
    if piece.direction in (Direction.RIGHT, Direction.LEFT):
        top = (top + bottom - size) // 2
        return Box(left, top, right, top + size)
    left = (left + right - size) // 2
    return Box(left, top, left + size, bottom)


def _written(sheet: Sheet, found: Sequence[Piece]) -> tuple[str, Places]:
    """The text, one piece a line, and its places."""
    starts, start = list[int](), 0
    for piece in found:
        starts.append(start)
        start += len(piece.text) + 1
    boxes = [_tenths(sheet, piece.box) for piece in found]
    places = Places(
        starts=tuple(starts),
        ends=tuple(begin + len(p.text) for begin, p in zip(starts, found, strict=True)),
        lefts=tuple(box.left for box in boxes),
        tops=tuple(box.top for box in boxes),
        rights=tuple(box.right for box in boxes),
        bottoms=tuple(box.bottom for box in boxes),
        directions=tuple(piece.direction for piece in found),
        advances=tuple(piece.advances for piece in found),
    )
    return "\n".join(piece.text for piece in found), places


def _tenths(sheet: Sheet, box: Box) -> Box:
    """A box in tenths of a point, inside the page."""
    scale = 720 / sheet.dots_per_inch
    limits = (sheet.width, sheet.height, sheet.width, sheet.height)
    return Box(
        *(min(round(10 * f), max(0, round(e * scale))) for e, f in zip(box, limits, strict=True))
    )


def _members(places: Places, blocks: Iterable[Block]) -> list[tuple[Block, list[range]]]:
    """The blocks with the pieces that each of their spans covers."""
    return [
        (
            block,
            [
                range(bisect_right(places.starts, start) - 1, bisect_left(places.starts, end))
                for start, end in block.spans
            ],
        )
        for block in blocks
    ]


def _order(members: Iterable[tuple[Block, list[range]]], count: int) -> list[int]:
    """The numbers of the pieces in reading order, each once."""
    read = chain.from_iterable(numbers for _, spans in members for numbers in spans)
    return list(dict.fromkeys(chain(read, range(count))))


def _moved(
    members: Iterable[tuple[Block, list[range]]], order: Sequence[int], places: Places
) -> tuple[Block, ...]:
    """The blocks, their spans where the pieces now stand."""
    at = {number: position for position, number in enumerate(order)}
    return tuple(
        Block(
            block.kind,
            tuple(
                (places.starts[at[numbers[0]]], places.ends[at[numbers[-1]]]) for numbers in spans
            ),
        )
        for block, spans in members
    )


def _title(found: Sequence[Piece]) -> str | None:
    """The largest line, when it stands out and reads like a title."""
    usual = _usual_size(found)
    titles = [
        piece
        for piece in found
        if piece.size >= _TITLE * usual
        and 2 <= len(piece.text) <= _LONGEST_TITLE
        and sum(character.isalpha() for character in piece.text) >= 2
    ]
    return max(titles, key=lambda piece: piece.size).text if titles else None
