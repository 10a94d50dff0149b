"""What a zip or OLE2 file is and whether it may be opened, read from its directory alone."""

import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

MOST_DIRECTORY_BYTES = 4 * 2**20
"""A larger zip directory is not read: its entries would cost a hundred times their bytes."""

MOST_UNPACKED_BYTES = 512 * 2**20
LARGE_ENTRY_BYTES = 32 * 2**20
MOST_RATIO = 100.0
"""A large entry packed tighter than this is a bomb; drawings in real files reach 46."""

_END_OF_DIRECTORY = b"PK\x05\x06"
_OLE_SECTOR_SHIFT = 0x1E
_OLE_DIRECTORY_SECTOR = 0x30


@dataclass(frozen=True, slots=True)
class Contents:
    """What the directory of a container says."""

    names: frozenset[str] = frozenset()
    bomb: bool = False
    """Whether unpacking it would cost more than any honest file does."""
    readable: bool = True


def zip_contents(stream: BinaryIO) -> Contents:
    """Return what a zip's central directory says; nothing is unpacked."""
    directory_bytes = _zip_directory_bytes(stream)
    if directory_bytes is None:
        return Contents(readable=False)
    if directory_bytes > MOST_DIRECTORY_BYTES:
        return Contents(bomb=True)
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError):
        return Contents(readable=False)
    return Contents(frozenset(entry.filename for entry in entries), bomb=_is_bomb(entries))


def ole_names(stream: BinaryIO) -> frozenset[str]:
    """Return the names in the first directory sector of an OLE2 file: its main streams.

    Source: [MS-CFB] 2.2 and 2.6. An unreadable directory gives no names.
    """
    stream.seek(0)
    header = stream.read(512)
    if len(header) < 512:
        return frozenset()
    (shift,) = struct.unpack_from("<H", header, _OLE_SECTOR_SHIFT)
    (sector,) = struct.unpack_from("<I", header, _OLE_DIRECTORY_SECTOR)
    if shift not in (9, 12):
        return frozenset()
    stream.seek((sector + 1) << shift)
    directory = stream.read(4096)
    entries = (directory[at : at + 128] for at in range(0, len(directory) - 127, 128))
    return frozenset(_ole_name(entry) for entry in entries) - {""}


def _ole_name(entry: bytes) -> str:
    (length,) = struct.unpack_from("<H", entry, 64)
    return entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")


def _zip_directory_bytes(stream: BinaryIO) -> int | None:
    """Return the directory's size; None for none. Zip64's marker counts as too large."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    found = tail.rfind(_END_OF_DIRECTORY)
    if found < 0 or len(tail) < found + 16:
        return None
    (directory_bytes,) = struct.unpack_from("<I", tail, found + 12)
    return int(directory_bytes)


def _is_bomb(entries: Sequence[zipfile.ZipInfo]) -> bool:
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        return True
    return any(
        entry.file_size > LARGE_ENTRY_BYTES
        and entry.file_size > MOST_RATIO * max(1, entry.compress_size)
        for entry in entries
    )
