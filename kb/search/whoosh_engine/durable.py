"""Writing that survives a power cut: contents first, then the name, then the folder."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Bring a file's contents, or a folder's names, to the disk itself.

    Raises:
        OSError: the disk is full or fails.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, text: str) -> None:
    """Replace `path` by `text` in one step, durably; after a crash it is wholly old or new.

    Raises:
        OSError: the disk is full or fails; `path` is as it was.
    """
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        sync(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    sync(path.parent)
