"""What stands in a block of a posting list, and how it is written and read.

The frame is Whoosh's (``whoosh.codec.whoosh3``): a block is a pickled tuple of the documents'
numbers as differences, how often each holds the term, and something for each document. Whoosh
reads the first two as its own. The third is ours: all places of all documents in one string of
numbers, as wide as they need be, which numpy reads at once. Whoosh pickles a list for each
document there, and the index was twice as large.
"""

import zlib
from collections.abc import Iterator, Sequence
from operator import sub
from pickle import dumps
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Longs = NDArray[np.int64]

BLOCK = 8192
"""Documents; Whoosh's own 128 is for skipping, which nobody here does."""

_WORTH_COMPRESSING = 512
"""Bytes. Nine in ten lists are shorter, and starting zlib takes longer than writing them."""
_LEVEL = 1
_PROTOCOL = 2
_MOST_IN_A_BYTE = 255
_NARROW, _WIDE = np.dtype("<u2"), np.dtype("<u4")


class TermPostings(NamedTuple):
    """Where a term stands in one field."""

    field: str
    text: bytes
    docs: Sequence[int]
    """Ascending."""
    counts: Sequence[int]
    """How often each document holds it."""
    places: bytes
    """Its places in all documents, one after the other: see :func:`packed`."""


class Block(NamedTuple):
    """A block as arrays."""

    docs: Longs
    """Numbers within the segment."""
    counts: Longs
    places: bytes


def packed(places: NDArray[np.integer[Any]]) -> bytes:
    """Places as bytes: two for each, or four where one is beyond 65,535."""
    wide = bool(len(places)) and int(places.max()) > np.iinfo(_NARROW).max
    return places.astype(_WIDE if wide else _NARROW).tobytes()


def unpacked(places: bytes, count: int) -> Longs:
    """The `count` places that :func:`packed` made `places` of."""
    kind = _WIDE if len(places) == count * _WIDE.itemsize else _NARROW
    return np.frombuffer(places, dtype=kind).astype(np.int64)


def written(postings: TermPostings) -> Iterator[tuple[bytes, bytes]]:
    """The blocks of a posting list: what Whoosh wants to know of each, and its content."""
    for docs, counts, places in _parts(postings):
        ids = (docs[0], *map(sub, docs[1:], docs))
        content = dumps((ids, _weights(counts), places), _PROTOCOL)
        level = _LEVEL if len(content) >= _WORTH_COMPRESSING else 0
        if level:
            content = zlib.compress(content, level)
        # Size, last document, greatest weight, compression; and lengths, which nobody keeps.
        yield dumps((len(docs), docs[-1], float(max(counts)), level, 0, 0), _PROTOCOL), content


def _parts(postings: TermPostings) -> Iterator[tuple[Sequence[int], Sequence[int], bytes]]:
    _, _, docs, counts, places = postings
    if len(docs) <= BLOCK:
        yield docs, counts, places
        return
    width, done = len(places) // sum(counts), 0
    for start in range(0, len(docs), BLOCK):
        held = counts[start : start + BLOCK]
        end = done + sum(held) * width
        yield docs[start : start + BLOCK], held, places[done:end]
        done = end


def _weights(counts: Sequence[int]) -> float | bytes | tuple[float, ...] | None:
    """Counts as Whoosh's matchers take them: one for all, or something to index."""
    most = max(counts)
    if most == min(counts):
        return None if most == 1 else float(most)
    return bytes(counts) if most <= _MOST_IN_A_BYTE else tuple(map(float, counts))


def blocks(matcher: Any) -> Iterator[Block]:
    """The blocks of the posting list that Whoosh's `matcher` stands at the beginning of.

    The names used here (``_data``, ``_read_data``, ``_next_block``, ``reset``) are private, but
    the same in Whoosh 2.7.4, whoosh-reloaded 2.7.5 and whoosh3; a parity test against Whoosh's
    own queries holds them.
    """
    # A wrapper hides deleted documents one by one; whoever asks knows them already.
    while hasattr(matcher, "child"):
        matcher = matcher.child
    matcher.reset()
    while matcher.is_active():
        matcher._read_data()
        ids, weights, places = matcher._data
        yield Block(np.cumsum(np.array(ids, dtype=np.int64)), _counts(weights, len(ids)), places)
        matcher._next_block()


def _counts(weights: float | bytes | tuple[float, ...] | None, size: int) -> Longs:
    if isinstance(weights, bytes):
        return np.frombuffer(weights, dtype=np.uint8).astype(np.int64)
    if isinstance(weights, tuple):
        return np.array(weights, dtype=np.int64)
    return np.full(size, weights or 1, dtype=np.int64)
