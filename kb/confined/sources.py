"""Reading a source that other children read at the same time."""

import io
import os
from typing import BinaryIO, cast

_BUFFER = 65_536


def opened(source: int) -> BinaryIO:
    """Return a seekable stream over a descriptor, with a position of its own.

    A descriptor that was passed to several children has one position for all of them, so
    `open` would give each of them pieces of what the others read.
    """
    return cast("BinaryIO", io.BufferedReader(_Positioned(source), _BUFFER))


class _Positioned(io.RawIOBase):
    def __init__(self, source: int) -> None:
        self._source = source
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence == os.SEEK_CUR:
            offset += self._at
        elif whence == os.SEEK_END:
            offset += os.fstat(self._source).st_size
        if offset < 0:
            raise OSError("before the start of the file")
        self._at = offset
        return offset

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        count = os.preadv(self._source, [buffer], self._at)
        self._at += count
        return count
