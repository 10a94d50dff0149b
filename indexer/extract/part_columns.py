"""Places and blocks of a page on their way between processes, and how little they are trusted.

A page of a report has 150 stretches in seven columns; a budget book 1,000. Every number is
checked, but by what Python does in C: a set of types, a minimum, a comparison of columns.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from operator import ge, le, lt
from typing import Any

from indexer.extracted import Block, BlockKind, Direction, Places

_FAR = 10_000_000
"""Tenths of a point, in any direction from the page's corner: 350 metres."""

_WHOLE = 1000
"""Thousandths of a stretch's length."""

_DIRECTIONS = frozenset(int(direction) for direction in Direction)
_KINDS = {kind.value: kind for kind in BlockKind}
_COLUMNS = ("starts", "ends", "lefts", "tops", "rights", "bottoms", "directions")


class Misplaced(ValueError):
    """Places or blocks that do not fit their text or each other."""


def pack_places(places: Places) -> list[Any]:
    """Return the columns in a fixed order, then the advances there are, each behind its row's
    number; an empty list for no places."""
    if not places.starts:
        return []
    advances = [(row, *ends) for row, ends in enumerate(places.advances) if ends]
    return [*(getattr(places, name) for name in _COLUMNS), advances]


def unpack_places(packed: object, text: str) -> Places:
    """Return the places that columns hold, all of them possible in the text.

    Raises Misplaced for columns of unequal length, anything but whole numbers, stretches that
    are empty, overlap or lie outside the text, boxes turned inside out or nowhere near a page,
    advances that are not one for each character.
    """
    if packed == []:
        return Places()
    if not isinstance(packed, list) or len(packed) != len(_COLUMNS) + 1:
        raise Misplaced("columns")
    if not all(isinstance(column, list) for column in packed):
        raise Misplaced("columns")
    *columns, advances = packed
    if len(set(map(len, columns))) != 1 or not columns[0] or not _all_whole(chain(*columns)):
        raise Misplaced("columns")
    starts, ends, lefts, tops, rights, bottoms, directions = columns
    _check_stretches(starts, ends, len(text))
    if min(map(min, (lefts, tops))) < -_FAR or max(map(max, (rights, bottoms))) > _FAR:
        raise Misplaced("far away")
    if not (all(map(le, lefts, rights)) and all(map(le, tops, bottoms))):
        raise Misplaced("inside out")
    if not _DIRECTIONS.issuperset(directions):
        raise Misplaced("direction")
    return Places(
        starts=tuple(starts),
        ends=tuple(ends),
        lefts=tuple(lefts),
        tops=tuple(tops),
        rights=tuple(rights),
        bottoms=tuple(bottoms),
        directions=tuple(directions),
        advances=_advances(starts, ends, advances),
    )


def _all_whole(numbers: Iterable[object]) -> bool:
    # bool is a subclass of int, but not the same type.
    return set(map(type, numbers)) <= {int}


def _check_stretches(starts: list[int], ends: list[int], length: int) -> None:
    if starts[0] < 0 or ends[-1] > length or not all(map(lt, starts, ends)):
        raise Misplaced("stretch")
    if not all(map(ge, islice(starts, 1, None), ends)):
        raise Misplaced("order")


def _advances(starts: list[int], ends: list[int], packed: list[Any]) -> tuple[tuple[int, ...], ...]:
    """Return a row for each stretch, empty where its characters are equally wide."""
    rows: list[tuple[int, ...]] = [()] * len(starts)
    for one in packed:
        if not isinstance(one, list) or not one or not _all_whole(one):
            raise Misplaced("advances")
        row, *steps = one
        if not 0 <= row < len(rows) or len(steps) != ends[row] - starts[row]:
            raise Misplaced("advances")
        if min(steps) < 0 or max(steps) > _WHOLE:
            raise Misplaced("advances")
        rows[row] = tuple(steps)
    return tuple(rows)


def pack_blocks(blocks: Sequence[Block]) -> list[tuple[str, list[int]]]:
    """Return each block as its kind and its spans in a row: start, end, start, end."""
    return [(block.kind.value, list(chain.from_iterable(block.spans))) for block in blocks]


def unpack_blocks(packed: object, text: str) -> tuple[Block, ...]:
    """Return the blocks, whose spans lie in the text and share no character.

    Raises Misplaced for anything else.
    """
    if not isinstance(packed, list):
        raise Misplaced("blocks")
    try:
        _check_flat([flat for _, flat in packed])
        blocks = tuple(
            Block(_KINDS[kind], tuple(zip(flat[::2], flat[1::2], strict=True)))
            for kind, flat in packed
        )
    except (TypeError, ValueError, KeyError) as error:
        raise Misplaced("blocks") from error
    spans = sorted(chain.from_iterable(block.spans for block in blocks))
    if spans:
        _check_stretches([start for start, _ in spans], [end for _, end in spans], len(text))
    return blocks


def _check_flat(flats: list[list[int]]) -> None:
    if not all(isinstance(flat, list) for flat in flats):
        raise Misplaced("spans")
    if not _all_whole(chain.from_iterable(flats)):
        raise Misplaced("spans")
