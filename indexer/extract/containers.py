"""What a zip or OLE2 file is and whether it may be opened, and reading a zip's entries safely.

A zip's directory is judged first, then each entry is unpacked through a reader that counts:
a directory that lies about sizes gains nothing.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, BinaryIO, Self

MOST_DIRECTORY_BYTES = 4 * 2**20
"""A larger zip directory is not read: its entries would cost a hundred times their bytes."""

MOST_ENTRIES = 20_000
MOST_UNPACKED_BYTES = 512 * 2**20
LARGE_ENTRY_BYTES = 32 * 2**20
MOST_RATIO = 100.0
"""A large entry packed tighter than this is a bomb; drawings in real files reach 46."""

_END_OF_DIRECTORY = b"PK\x05\x06"
_ENCRYPTED = 0x1
_OLE_SECTOR_SHIFT = 0x1E
_OLE_DIRECTORY_SECTOR = 0x30
_PATH_TRICK = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|^[A-Za-z]:|[\\\x00]")

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(ValueError, RuntimeError),
)
"""What zipfile raises for a broken entry; RuntimeError for one that is encrypted or packed in
a way it does not know."""


class EntryBroken(ValueError):
    """An entry of a zip cannot be unpacked, or is not there."""


class EntryTooLarge(ValueError):
    """An entry of a zip unpacks to more than its reader allows."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What the directory of a container says."""

    names: frozenset[str] = frozenset()
    bomb: bool = False
    """Whether unpacking it would cost more than any honest file does."""
    readable: bool = True
    encrypted: bool = False
    """Whether an entry needs a password."""
    crooked: bool = False
    """Whether a name leads out of the container, or two entries share one."""
    declared_type: str = ""
    """What the entry ``mimetype`` says, as in OpenDocument and EPUB files."""


class Archive:
    """The entries of a zip that has been looked at by `zip_contents`.

    Names are compared without regard to case, as in [ECMA-376-2] 6.2.2.
    """

    def __init__(self, stream: BinaryIO, most_bytes: int = MOST_UNPACKED_BYTES) -> None:
        """Raises EntryBroken when the directory cannot be read."""
        try:
            self._archive = zipfile.ZipFile(stream)
        except _BROKEN as error:
            raise EntryBroken(type(error).__name__) from error
        self._names = {name.lower(): name for name in self._archive.namelist()}
        self._left = most_bytes

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    @property
    def names(self) -> list[str]:
        """The names as they are written in the directory."""
        return list(self._names.values())

    def read(self, name: str, most: int) -> bytes:
        """Return an entry unpacked.

        Raises EntryTooLarge beyond `most` bytes, EntryBroken for anything else.
        """
        with self.open(name) as entry:
            content = entry.read(most + 1)
        if len(content) > most:
            raise EntryTooLarge(name)
        return content

    def start(self, name: str, most: int) -> bytes:
        """Return at most the first `most` bytes of an entry; raises as `read` does."""
        with self.open(name) as entry:
            return entry.read(most)

    def open(self, name: str) -> "Entry":
        """Return an entry as a stream; raises EntryBroken when there is none."""
        try:
            return Entry(self, self._archive.open(self._names[name.lower()]))
        except KeyError as error:
            raise EntryBroken(name) from error
        except _BROKEN as error:
            raise EntryBroken(type(error).__name__) from error

    def spend(self, count: int) -> None:
        """Take unpacked bytes off what all entries together may cost."""
        self._left -= count
        if self._left < 0:
            raise EntryTooLarge("all entries")


class Entry:
    """One entry being unpacked, its bytes counted."""

    def __init__(self, archive: Archive, source: IO[bytes]) -> None:
        self._archive = archive
        self._source = source

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes; raises EntryBroken, EntryTooLarge."""
        try:
            content = self._source.read(size)
        except _BROKEN as error:
            raise EntryBroken(type(error).__name__) from error
        self._archive.spend(len(content))
        return content

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._source.close()


def zip_contents(stream: BinaryIO) -> Contents:
    """Return what a zip's central directory says; nothing but ``mimetype`` is unpacked."""
    directory_bytes = _zip_directory_bytes(stream)
    if directory_bytes is None:
        return Contents(readable=False)
    if directory_bytes > MOST_DIRECTORY_BYTES:
        return Contents(bomb=True)
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except _BROKEN:
        return Contents(readable=False)
    names = [entry.filename for entry in entries]
    return Contents(
        names=frozenset(names),
        bomb=_is_bomb(entries),
        encrypted=any(entry.flag_bits & _ENCRYPTED for entry in entries),
        crooked=_is_crooked(names),
        declared_type=_declared_type(stream) if "mimetype" in names else "",
    )


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
    if len(entries) > MOST_ENTRIES:
        return True
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        return True
    return any(
        entry.file_size > LARGE_ENTRY_BYTES
        and entry.file_size > MOST_RATIO * max(1, entry.compress_size)
        for entry in entries
    )


def _is_crooked(names: Sequence[str]) -> bool:
    distinct = {name.lower() for name in names}
    return len(distinct) < len(names) or any(_PATH_TRICK.search(name) for name in names)


def _declared_type(stream: BinaryIO) -> str:
    try:
        return Archive(stream).start("mimetype", 100).decode("ascii", "replace").strip()
    except (EntryBroken, EntryTooLarge):
        return ""
