"""What stands in a block of a posting list, and how it is written and read.

The frame is Whoosh's (``whoosh.codec.whoosh3``): a block is a pickled tuple of the documents'
numbers as differences, how often each holds the term, and something for each document. Whoosh
reads the first two as its own. The third is ours: all places of all documents in one string of
numbers, as wide as they need be, which numpy reads at once. Whoosh pickles a list for each
document there, and the index was twice as large.

All numbers stand in strings or arrays as narrow as they may be, which numpy takes as they are, and
nothing is compressed: opening what zlib had shut was a third of the time of a question whose words
had not been asked for before, for a fifth of the index's size.
"""

import zlib
from array import array
from collections.abc import Iterator, Sequence
from operator import sub
from pickle import dumps
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.system import pack_int

Longs = NDArray[np.int64]

BLOCK = 1 << 16
"""Documents; Whoosh's own 128 is for skipping, which nobody here does. The first number of a block
is no difference, and makes all of them wide."""

_PROTOCOL = 3
"""Of pickle: the first that knows bytes. Whoosh's own 2 writes them as text to be encoded again,
in four times the time and a third more room; Whoosh reads either."""
_MOST_IN_A_BYTE = 255
_MOST_IN_TWO = 65_535
_WORTH_AN_ARRAY = 32
"""Documents; the pickle of an array begins with 50 bytes that tell what it is."""
_WIDTHS = np.dtype("u1"), np.dtype("<u2"), np.dtype("<u4")


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
    kept: bytes | tuple[bytes]
    """Its places as :func:`packed`; in a tuple, where an older index has them compressed."""

    @property
    def places(self) -> Longs:
        """The places in all documents, one after the other."""
        held = self.kept if isinstance(self.kept, bytes) else zlib.decompress(*self.kept)
        return unpacked(held, int(self.counts.sum()))


def packed(places: NDArray[np.integer[Any]]) -> bytes:
    """Places as bytes: one for each, or two or four where one of them is too large."""
    most = int(places.max()) if len(places) else 0
    return places.astype(next(kind for kind in _WIDTHS if most <= np.iinfo(kind).max)).tobytes()


def unpacked(places: bytes, count: int) -> Longs:
    """The `count` places that :func:`packed` made `places` of."""
    return _open(places, count).astype(np.int64)


def _open(places: bytes, count: int) -> NDArray[np.integer[Any]]:
    width = len(places) // max(count, 1)
    return np.frombuffer(places, dtype=next(kind for kind in _WIDTHS if width <= kind.itemsize))


def written(postings: TermPostings) -> bytes:
    """The blocks of a posting list, one after the other, as they stand in the file."""
    _, _, docs, counts, places = postings
    if len(docs) <= BLOCK:
        return _block(docs, counts, places, last=True)
    width = len(places) // sum(counts)
    parts, done = [], 0
    for start in range(0, len(docs), BLOCK):
        held = counts[start : start + BLOCK]
        end = done + sum(held) * width
        last = start + BLOCK >= len(docs)
        parts.append(_block(docs[start : start + BLOCK], held, places[done:end], last=last))
        done = end
    return b"".join(parts)


def _block(docs: Sequence[int], counts: Sequence[int], places: bytes, *, last: bool) -> bytes:
    """Its size, what Whoosh wants to know of it, and its content."""
    most = max(counts)
    if len(docs) >= _WORTH_AN_ARRAY:
        places = packed(_open(places, sum(counts)))
    content = dumps((_ids(docs), _weights(counts, most), places), _PROTOCOL)
    # Size, last document, greatest weight; no compression, and no lengths, which nobody keeps.
    about = dumps((len(docs), docs[-1], float(most), 0, 0, 0), _PROTOCOL)
    size = len(about) + len(content)
    # The last block of a list is marked by a negative size.
    head: bytes = pack_int(-size if last else size)
    return head + about + content


def _ids(docs: Sequence[int]) -> "tuple[int, ...] | array[int]":
    """The numbers of documents as differences, which Whoosh only adds up."""
    ids = (docs[0], *map(sub, docs[1:], docs))
    if len(ids) < _WORTH_AN_ARRAY:
        return ids
    most = max(ids)
    if most <= _MOST_IN_A_BYTE:
        return array("B", ids)
    return array("H" if most <= _MOST_IN_TWO else "I", ids)


def _weights(counts: Sequence[int], most: int) -> float | bytes | tuple[float, ...] | None:
    """Counts as Whoosh's matchers take them: one for all, or something to index."""
    if most == 1:
        return None
    if most == min(counts):
        return float(most)
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
        ids, weights, kept = matcher._data
        yield Block(np.cumsum(np.array(ids, dtype=np.int64)), _counts(weights, len(ids)), kept)
        matcher._next_block()


def _counts(weights: float | bytes | tuple[float, ...] | None, size: int) -> Longs:
    if isinstance(weights, bytes):
        return np.frombuffer(weights, dtype=np.uint8).astype(np.int64)
    if isinstance(weights, tuple):
        return np.array(weights, dtype=np.int64)
    return np.full(size, weights or 1, dtype=np.int64)
