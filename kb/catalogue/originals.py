"""Originals: every file unchanged under its sha256, written whole or not at all."""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_BLOCK = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


def digest(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Originals:
    """A folder of originals, two levels deep by the first digits of their sha256."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Where the original with this sha256 is, or would be.

        Raises:
            ValueError: not a sha256.
        """
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a sha256")
        return self._folder / sha256[:2] / sha256

    def open(self, sha256: str) -> BinaryIO:
        """The original, to read.

        Raises:
            FileNotFoundError: it is not kept here.
        """
        return self.path(sha256).open("rb")

    def store(self, source: Path) -> str:
        """Keep a copy of `source` and return its sha256; durable on return.

        The copy is written aside, hashed as written, and renamed into place, so that a name
        that exists always holds the bytes it stands for.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        hasher = hashlib.sha256()
        descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=".incoming-")
        aside = Path(name)
        try:
            with source.open("rb") as reader, os.fdopen(descriptor, "wb") as writer:
                while block := reader.read(_BLOCK):
                    hasher.update(block)
                    writer.write(block)
                writer.flush()
                os.fsync(writer.fileno())
            aside.chmod(0o440)
            return self._settle(aside, hasher.hexdigest())
        finally:
            aside.unlink(missing_ok=True)

    def _settle(self, aside: Path, sha256: str) -> str:
        place = self.path(sha256)
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            aside.rename(place)
            for folder in (place.parent, self._folder):
                _sync_folder(folder)
        return sha256

    def kept(self) -> Iterator[str]:
        """The sha256 of every original that is kept."""
        if self._folder.exists():
            yield from (
                path.name
                for path in sorted(self._folder.glob("??/*"))
                if _SHA256.fullmatch(path.name)
            )

    def unfinished(self, older_than: float = 3600.0) -> tuple[Path, ...]:
        """What writes that never ended left behind, `older_than` seconds ago or more.

        Younger ones may belong to a write that is going on.
        """
        before = time.time() - older_than
        return tuple(
            path
            for path in sorted(self._folder.glob(".incoming-*"))
            if path.stat().st_mtime <= before
        )

    def remove(self, sha256: str) -> None:
        """Delete an original for good (a repair or a takedown)."""
        self.path(sha256).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
