"""Whoosh's table of terms, written in fewer steps; what is written, Whoosh itself reads.

The format is that of ``whoosh.filedb.filetables``: pairs of key and value by key, then 256 hash
tables that point at them, their directory, and the places of all pairs for bisection.
"""

import struct
from array import array
from binascii import crc32
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filetables import HashWriter, OrderedHashWriter
from whoosh.util.numlists import GrowableArray

_CRC32 = 1
"""Whoosh's number for this hash. Its own choice, MD5, takes five times as long a term."""
_TABLES = 256
_FOUR_BYTES = 1 << 32
_SIZES = struct.Struct("!ii")
_POINTER = np.dtype([("hash", ">u4"), ("place", ">i8")])


class TermTable(OrderedHashWriter):  # type: ignore[misc] # Whoosh has no types
    """Takes all its pairs at once."""

    def __init__(self, file: Any) -> None:
        """`file`: Whoosh's, opened for writing."""
        # Not by way of OrderedHashWriter, which leaves no choice of the hash.
        HashWriter.__init__(self, file, hashtype=_CRC32)
        self.index = GrowableArray("I")
        self._hashes: list[int] = []
        self._places: list[int] = []

    def add_all(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Write pairs of key and value; each key must be greater than the one before.

        Raises:
            ValueError: a key is not.
        """
        write, sizes = self.dbfile.raw_file().write, _SIZES.pack
        place, last = self.dbfile.tell(), b""
        for key, value in items:
            if key <= last:
                raise ValueError(f"keys must grow: {last!r}, {key!r}")
            write(sizes(len(key), len(value)) + key + value)
            self._hashes.append(crc32(key))
            self._places.append(place)
            place += _SIZES.size + len(key) + len(value)
            last = key

    def _write_hashes(self) -> None:
        wide = self.dbfile.tell() > _FOUR_BYTES
        self.index.array = array("q" if wide else "I", self._places)
        hashes = np.array(self._hashes, dtype=np.int64)
        places = np.array(self._places, dtype=np.int64)
        order = np.argsort(hashes % _TABLES, kind="stable")
        hashes, places = hashes[order], places[order]
        bounds = np.searchsorted(hashes % _TABLES, np.arange(_TABLES + 1))
        for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            table = _hash_table(hashes[start:end], places[start:end])
            self.directory.append((self.dbfile.tell(), len(table)))
            self.dbfile.write(table.tobytes())


def _hash_table(hashes: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.void]:
    """Pointers, each in the slot its hash says or the next one free, which may be round the end;
    half of the slots stay empty.
    """
    table = np.zeros(2 * len(hashes), dtype=_POINTER)
    if not len(hashes):
        return table
    wanted = (hashes // _TABLES) % len(table)
    order = np.argsort(wanted, kind="stable")
    at = np.arange(len(order))
    slots = at + np.maximum.accumulate(wanted[order] - at)
    beyond = slots >= len(table)
    # What runs over the end takes the first slots that are free, in turn.
    free = np.setdiff1d(np.arange(len(table)), slots[~beyond])
    slots[beyond] = free[: np.count_nonzero(beyond)]
    table["hash"][slots] = hashes[order]
    table["place"][slots] = places[order]
    return table
