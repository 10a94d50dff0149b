"""How the layout of a page is kept: compact bytes, readable by any program (zlib, JSON).

Columns that only grow are kept as differences and boxes as sizes, which deflate best.
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import add, sub
from typing import Any

from kb.catalogue.views import PageLayout, TextBlock

_LEVEL = 1
"""Of zlib: higher levels take longer and save little on differences."""

_KINDS = ("heading", "paragraph", "row", "running", "reading", "note", "annotation", "field")
_NUMBER_OF = {kind: number for number, kind in enumerate(_KINDS)}


def encode(layout: PageLayout) -> bytes:
    """A layout as bytes; about 1.3 KB for a page of 150 stretches. Empty for an empty one."""
    if not layout.starts and not layout.blocks:
        return b""
    body = [
        _differences(layout.starts),
        list(map(sub, layout.ends, layout.starts)),
        _differences(layout.lefts),
        _differences(layout.tops),
        list(map(sub, layout.rights, layout.lefts)),
        list(map(sub, layout.bottoms, layout.tops)),
        layout.directions if any(layout.directions) else len(layout.directions),
        {row: _differences(ends) for row, ends in enumerate(layout.advances) if ends},
        [[_NUMBER_OF[block.kind], *_differences(_flat(block.spans))] for block in layout.blocks],
    ]
    return zlib.compress(json.dumps(body, separators=(",", ":")).encode(), _LEVEL)


def decode(stored: bytes) -> PageLayout:
    """The layout that :func:`encode` stored.

    Raises:
        ValueError: the bytes are damaged.
    """
    if not stored:
        return PageLayout()
    try:
        return _layout(*_columns(stored))
    except (TypeError, LookupError, AttributeError) as error:
        raise ValueError("stored layout is damaged") from error


def running(stored: bytes) -> tuple[tuple[int, int], ...]:
    """The spans of headers and footers in a stored layout, in the order of the text.

    Raises:
        ValueError: the bytes are damaged.
    """
    if not stored:
        return ()
    try:
        blocks = _columns(stored)[-1]
        found = [_paired(edges) for kind, *edges in blocks if _KINDS[kind] == "running"]
    except (TypeError, LookupError) as error:
        raise ValueError("stored layout is damaged") from error
    return tuple(sorted(span for spans in found for span in spans))


def _columns(stored: bytes) -> list[Any]:
    try:
        columns: list[Any] = json.loads(zlib.decompress(stored))
    except zlib.error as error:
        raise ValueError("stored layout is damaged") from error
    return columns


def _layout(
    starts: list[int],
    lengths: list[int],
    lefts: list[int],
    tops: list[int],
    widths: list[int],
    heights: list[int],
    directions: list[int] | int,
    advances: dict[str, list[int]],
    blocks: list[list[int]],
) -> PageLayout:
    begins, xs, ys = (tuple(accumulate(column)) for column in (starts, lefts, tops))
    turned = [0] * directions if isinstance(directions, int) else directions
    unequal = {int(row): tuple(accumulate(ends)) for row, ends in advances.items()}
    return PageLayout(
        starts=begins,
        ends=tuple(map(add, begins, lengths)),
        lefts=xs,
        tops=ys,
        rights=tuple(map(add, xs, widths)),
        bottoms=tuple(map(add, ys, heights)),
        directions=tuple(turned),
        advances=tuple(unequal.get(row, ()) for row in range(len(begins))) if unequal else (),
        blocks=tuple(TextBlock(_KINDS[kind], _paired(edges)) for kind, *edges in blocks),
    )


def _differences(values: Sequence[int]) -> list[int]:
    return [*values[:1], *map(sub, values[1:], values)]


def _flat(spans: Iterable[tuple[int, int]]) -> list[int]:
    return [edge for span in spans for edge in span]


def _paired(edges: list[int]) -> tuple[tuple[int, int], ...]:
    whole = list(accumulate(edges))
    return tuple(zip(whole[::2], whole[1::2], strict=True))
