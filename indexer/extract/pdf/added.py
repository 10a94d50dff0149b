"""Fields and comments of a page, put after the text that is drawn on it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pdfminer.utils import Matrix, apply_matrix_pt

from indexer.extracted import Block, BlockKind, Direction, ExtractedPage, Places, Span

Extra = tuple[BlockKind, str, tuple[int, int, int, int] | None]
"""Kind, text, and box in tenths of a point of the PDF's own user space."""


class Frame(NamedTuple):
    """How a page is shown: its size in points, and the way there from user space."""

    width: float
    height: float
    ctm: Matrix


def with_extras(
    page: ExtractedPage, extras: Sequence[Extra], frame: Frame, most_characters: int
) -> ExtractedPage:
    """Return the page with each text on lines of its own, as far as there is room."""
    if not extras:
        return page
    text, blocks = page.text, list(page.blocks)
    if not blocks and text.strip():
        blocks.append(Block(BlockKind.PARAGRAPH, ((0, len(text)),)))
    rows: list[tuple[int, ...]] = []
    for kind, words, box in extras:
        start = len(text) + bool(text)
        if not words or start + len(words) > most_characters:
            continue
        text += "\n" * bool(text) + words
        blocks.append(Block(kind, _spans(kind, start, words)))
        if box is not None:
            rows.append((start, len(text), *_as_shown(box, frame)))
    return replace(page, text=text, blocks=tuple(blocks), places=_extended(page.places, rows))


def _spans(kind: BlockKind, start: int, words: str) -> tuple[Span, ...]:
    """One span, or for a field with a label two: the label with its colon, and the value."""
    label, colon, value = words.partition(": ")
    end = start + len(words)
    if kind is not BlockKind.FIELD or not (label and colon and value):
        return ((start, end),)
    return (start, start + len(label) + 1), (end - len(value), end)


def _as_shown(box: tuple[int, int, int, int], frame: Frame) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom in tenths of a point from the page's top left."""
    left, bottom, right, top = (side / 10 for side in box)
    x0, y0 = apply_matrix_pt(frame.ctm, (left, bottom))
    x1, y1 = apply_matrix_pt(frame.ctm, (right, top))
    return (
        round(10 * min(x0, x1)),
        round(10 * (frame.height - max(y0, y1))),
        round(10 * max(x0, x1)),
        round(10 * (frame.height - min(y0, y1))),
    )


def _extended(places: Places, rows: Sequence[tuple[int, ...]]) -> Places:
    if not rows:
        return places
    starts, ends, lefts, tops, rights, bottoms = zip(*rows, strict=True)
    return Places(
        places.starts + starts,
        places.ends + ends,
        places.lefts + lefts,
        places.tops + tops,
        places.rights + rights,
        places.bottoms + bottoms,
        places.directions + (int(Direction.RIGHT),) * len(rows),
        places.advances + ((),) * len(rows),
    )
