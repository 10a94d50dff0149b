"""Images kept in a folder whose size is bounded; the least recently used go first.

Several processes and threads may share the folder: files appear whole, and one that another
has removed is no error. Nothing in it is ever missed, it can be drawn again.
"""

import contextlib
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

_KEPT_SHARE = 0.9
"""To how much of the bound the folder shrinks when it is above."""

_UNSEEN_SHARE = 0.02
"""How much this process writes before it looks at what others have written."""

_STALE_SECONDS = 600.0
"""A file that is still being written after so long was left by a process that died."""

_ASIDE = ".aside"
"""Files being written, which nobody but their writer touches."""

_TOUCH_SECONDS = 60.0
"""An image used again sooner is not marked anew."""


class ImageFolder:
    """Bytes under names, at most so many."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most = most_bytes
        self._lock = threading.Lock()
        self._unseen = most_bytes
        """Bytes written since the folder was last looked through; so many that the first
        image kept has it looked through."""

    def get(self, group: str, name: str) -> bytes | None:
        """Return what is kept under a name, and count it as used; None if nothing is."""
        path = self._path(group, name)
        try:
            kept = path.read_bytes()
            if time.time() - path.stat().st_mtime > _TOUCH_SECONDS:
                os.utime(path)
        except OSError:
            return None
        return kept

    def keep(self, group: str, name: str, image: bytes) -> None:
        """Keep an image; raises OSError where the folder cannot be written."""
        path = self._path(group, name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(dir=path.parent, suffix=_ASIDE)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(image)
            Path(aside).replace(path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
        self._shrink(len(image))

    def remove(self, group: str) -> None:
        """Remove every image of a group; raises OSError where one cannot be removed."""
        for path in (self._folder / group[:2]).glob(f"{group}-*"):
            path.unlink(missing_ok=True)

    def _path(self, group: str, name: str) -> Path:
        return self._folder / group[:2] / f"{group}-{name}"

    def _shrink(self, written: int) -> None:
        """Remove the least recently used when there is too much."""
        with self._lock:
            self._unseen += written
            if self._unseen <= _UNSEEN_SHARE * self._most:
                return
            self._unseen = 0
            kept = sorted(self._kept())
            total = sum(size for _, size, _ in kept)
            if total <= self._most:
                return
            for _, size, path in kept:
                if total <= _KEPT_SHARE * self._most:
                    return
                path.unlink(missing_ok=True)
                total -= size

    def _kept(self) -> Iterator[tuple[float, int, Path]]:
        """Yield when each file was last used, its size and its path; drop what is left over."""
        long_ago = time.time() - _STALE_SECONDS
        for path in self._folder.glob("??/*"):
            with contextlib.suppress(FileNotFoundError):  # another process removed it just now
                found = path.stat()
                if path.suffix != _ASIDE:
                    yield found.st_mtime, found.st_size, path
                elif found.st_mtime < long_ago:
                    path.unlink()
