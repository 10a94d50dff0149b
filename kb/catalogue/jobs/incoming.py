"""Files on their way in: what is sent arrives piece by piece and is kept until it is taken in.

A file that is arriving ends in ``.part``; whole, checked and durable, it is renamed. So a name
without that ending always holds what was sent, and a sender that was cut off goes on where it
stopped.
"""

import contextlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kb.catalogue.originals import digest

FOLDER = "incoming"
"""Under the data folder."""

_NAME = re.compile(r"[0-9a-z-]{1,64}")
_BLOCK = 1 << 20


class WrongOffset(Exception):
    """A piece does not follow on what is there; `offset` is where the next one begins."""

    def __init__(self, offset: int) -> None:
        super().__init__(str(offset))
        self.offset = offset


class WrongSum(Exception):
    """What arrived is not what was sent; it has been thrown away."""


class Incoming:
    """The folder of files on their way in, one folder a batch."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, file: str) -> Path:
        """Where a file is: ``BATCH/KEY``.

        Raises:
            ValueError: not the name of a file on its way in.
        """
        batch, _, key = file.partition("/")
        if not (_NAME.fullmatch(batch) and _NAME.fullmatch(key)):
            raise ValueError("not the name of a file on its way in")
        return self._folder / batch / key

    def held(self, file: str) -> int:
        """How many bytes of a file have arrived."""
        for path in (self.path(file), self._part(file)):
            if path.is_file():
                return path.stat().st_size
        return 0

    def add(self, file: str, offset: int, piece: bytes) -> int:
        """Add a piece at `offset`; how many bytes there are then.

        Raises:
            WrongOffset: it does not follow on what is there.
        """
        part = self._part(file)
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("ab") as writer:
            if writer.tell() != offset:
                raise WrongOffset(writer.tell())
            writer.write(piece)
        return offset + len(piece)

    def complete(self, file: str, sha256: str | None = None) -> str:
        """Keep a file whose last piece has arrived; its sha256. Durable on return; repeatable.

        Raises:
            WrongSum: its sha256 is not the one given.
            FileNotFoundError: nothing of it has arrived.
        """
        whole, part = self.path(file), self._part(file)
        if whole.is_file():
            return digest(whole)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        found = digest(part)
        if sha256 not in (None, found):
            part.unlink()
            raise WrongSum(found)
        part.rename(whole)
        for folder in (whole.parent, self._folder):
            _sync(folder)
        return found

    def keep(self, file: str, source: BinaryIO, most: int) -> tuple[int, str] | None:
        """Keep everything a stream gives: its size and sha256; None where it is more than `most`.

        What was begun before is replaced.
        """
        part = self._part(file)
        part.parent.mkdir(parents=True, exist_ok=True)
        size = 0
        with part.open("wb") as writer:
            while piece := source.read(_BLOCK):
                size += writer.write(piece)
                if size > most:
                    break
        if size > most:
            part.unlink()
            return None
        self.path(file).unlink(missing_ok=True)
        return size, self.complete(file)

    def remove(self, file: str) -> None:
        """Delete a file, or what has arrived of it."""
        for path in (self.path(file), self._part(file)):
            path.unlink(missing_ok=True)

    def remove_empty(self, older_than: float) -> None:
        """Delete folders of batches in which nothing was for so many seconds."""
        before = time.time() - older_than
        for folder in sorted(self._folder.glob("*/")):
            if folder.stat().st_mtime <= before:
                with contextlib.suppress(OSError):  # something is in it
                    folder.rmdir()

    def files(self, older_than: float = 0.0) -> Iterator[str]:
        """Everything that is there and was last written so many seconds ago, parts included."""
        before = time.time() - older_than
        for path in sorted(self._folder.glob("*/*")):
            if path.is_file() and path.stat().st_mtime <= before:
                yield f"{path.parent.name}/{path.name.removesuffix('.part')}"

    def _part(self, file: str) -> Path:
        path = self.path(file)
        return path.with_name(f"{path.name}.part")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
