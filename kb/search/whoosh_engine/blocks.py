"""What stands in a block of a posting list, and how it is written and read.

The frame is Whoosh's (``whoosh.codec.whoosh3``): a block is a pickled tuple of the documents'
numbers as differences, how often each holds the term, and something for each document. Whoosh
reads the first two as its own. The third is ours: all places of all documents in one string of
numbers, as wide as they need be, which numpy reads at once. Whoosh pickles a list for each
document there, and the index was twice as large.

Most lists are read for who holds the term, and not for where. So places are compressed by
themselves, to be left shut, and numbers stand in arrays, which numpy takes as they are: a list of
30,000 documents is read in a fifth of the time that a pickled tuple beside open places took.
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

BLOCK = 8192
"""Documents; Whoosh's own 128 is for skipping, which nobody here does."""

_WORTH_COMPRESSING = 2048
"""Bytes. Of the lists of 1,723 real pages all but 2 in 100 are shorter; compressing those of 512
and more costs twice the time of writing them all, and saves an eighth."""
_LEVEL = 1
_PROTOCOL = 3
"""Of pickle: the first that knows bytes. Whoosh's own 2 writes them as text to be encoded again,
in four times the time and a third more room; Whoosh reads either."""
_MOST_IN_A_BYTE = 255
_MOST_IN_TWO = 65_535
_WORTH_AN_ARRAY = 32
"""Documents; the pickle of an array begins with 50 bytes that tell what it is."""
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
    kept: bytes | tuple[bytes]
    """Its places as :func:`packed`; in a tuple, where they are compressed."""

    @property
    def places(self) -> Longs:
        """The places in all documents, one after the other."""
        held = self.kept if isinstance(self.kept, bytes) else zlib.decompress(*self.kept)
        return unpacked(held, int(self.counts.sum()))


def packed(places: NDArray[np.integer[Any]]) -> bytes:
    """Places as bytes: two for each, or four where one is beyond 65,535."""
    wide = bool(len(places)) and int(places.max()) > np.iinfo(_NARROW).max
    return places.astype(_WIDE if wide else _NARROW).tobytes()


def unpacked(places: bytes, count: int) -> Longs:
    """The `count` places that :func:`packed` made `places` of."""
    kind = _WIDE if len(places) == count * _WIDE.itemsize else _NARROW
    return np.frombuffer(places, dtype=kind).astype(np.int64)


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
    compressed = len(places) >= _WORTH_COMPRESSING
    kept = zlib.compress(places, _LEVEL) if compressed else places
    inside = _ids(docs), _weights(counts, most), (kept,) if compressed else kept
    content = dumps(inside, _PROTOCOL)
    level = _LEVEL if len(content) - len(kept) >= _WORTH_COMPRESSING else 0
    if level:
        content = zlib.compress(content, level)
    # Size, last document, greatest weight, compression; and lengths, which nobody keeps.
    about = dumps((len(docs), docs[-1], float(most), level, 0, 0), _PROTOCOL)
    size = len(about) + len(content)
    # The last block of a list is marked by a negative size.
    head: bytes = pack_int(-size if last else size)
    return head + about + content


def _ids(docs: Sequence[int]) -> "tuple[int, ...] | array[int]":
    """The numbers of documents as differences, which Whoosh only adds up."""
    ids = (docs[0], *map(sub, docs[1:], docs))
    if len(ids) < _WORTH_AN_ARRAY:
        return ids
    return array("H" if max(ids) <= _MOST_IN_TWO else "I", ids)


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
