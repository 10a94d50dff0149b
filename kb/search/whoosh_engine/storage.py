"""Whoosh's files, written so that an acknowledged commit survives a power cut.

Whoosh itself never calls fsync: of 14 simulated power cuts, 14 lost acknowledged commits.
A Whoosh commit ends with one rename, of the new table of contents (TOC) to its final name;
:meth:`DurableStorage.rename_file` is that commit point. In order: every new segment file
and the TOC are brought to the disk, the commit's manifest is written, the folder's names
are brought to the disk, the TOC is renamed, and the folder is brought to the disk again.

The catalogue sequence and the record count thus stand on the disk before the rename that
makes them true, and a reader looks up the manifest by the number of the TOC it opened.
A kill before the rename leaves the old TOC with the old manifest; a kill after it leaves
the new ones. There is no moment in which a state and its description differ.
"""

import mmap
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC

from kb.search.whoosh_engine import durable
from kb.search.whoosh_engine.manifest import FileMark, Manifest, mark, write_manifest

INDEX_NAME = "MAIN"
_SEGMENT = ".seg"
_TOC = re.compile(rf"_{INDEX_NAME}_([0-9]+)\.toc")


def toc_number(name: str) -> int | None:
    """The number in a TOC's file name; None when `name` is no TOC."""
    found = _TOC.fullmatch(name)
    return int(found.group(1)) if found else None


@dataclass(slots=True)
class Commit:
    """What the manifest of the coming commit will say."""

    fingerprint: str
    sequence: int
    known: Mapping[str, FileMark] = field(default_factory=dict)
    """Files of the commit before. Segments never change, so their checksums are carried over,
    not taken anew: a bit that flips on the disk must not be blessed by the next commit."""


class _AlreadyHeld:
    """Whoosh's own write lock; the engine holds one around it that says who holds it."""

    def acquire(self, blocking: bool = False) -> bool:
        return True

    def release(self) -> None:
        return None


class _Tracking(FileStorage):  # type: ignore[misc] # Whoosh has no types
    """A storage that knows the files it has open, so that what fails half way leaves none."""

    def __init__(self, folder: str, opened: list[Any], *, readonly: bool = False) -> None:
        super().__init__(folder, readonly=readonly)
        self.opened = opened

    def create_file(self, name: str, **options: Any) -> Any:
        created = super().create_file(name, **options)
        self.opened.append(created)
        return created

    def open_file(self, name: str, **options: Any) -> Any:
        opened = super().open_file(name, **options)
        self.opened.append(opened)
        return opened

    def abandon(self) -> None:
        """Close whatever is open after a failure."""
        for stream in self.opened:
            if not stream.is_closed:
                with suppress(OSError, ValueError):  # closing flushes, and the disk may be full
                    stream.close()
        self.opened.clear()


class ReadingStorage(_Tracking):
    """The storage of one generation, for a reader.

    Whoosh maps a segment into memory and then copies all of it: an index of 75 MB took 150. Here
    segments are read from the map; who reads at the same time needs a lock (see ``postings``).
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), [], readonly=True)
        self._path = folder
        self.supports_mmap = False

    def open_file(self, name: str, **options: Any) -> Any:
        """Open a file; segments as maps, which need no closing."""
        if not name.endswith(_SEGMENT):
            return super().open_file(name, **options)
        with (self._path / name).open("rb") as stream:
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        opened = StructFile(mapped, name=name, **options)
        self.opened.append(opened)
        return opened


class DurableStorage(_Tracking):
    """The storage of one generation, for the one writer."""

    def __init__(self, folder: Path, commit: Commit) -> None:
        super().__init__(str(folder), [])
        self._path = folder
        self._commit = commit
        self._created: set[str] = set()

    def create_file(self, name: str, **options: Any) -> Any:
        """Create a file and remember that it must reach the disk."""
        self._created.add(name)
        return super().create_file(name, **options)

    def temp_storage(self, name: str | None = None) -> Any:
        """A folder for the writer's runs; these need not survive anything."""
        return _Tracking(str(self._path / (name or "scratch.tmp")), self.opened).create()

    def lock(self, name: str) -> _AlreadyHeld:
        """No second lock: the engine already keeps other writers out."""
        return _AlreadyHeld()

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """The commit point; see the module's docstring.

        Raises:
            OSError: the disk is full or fails; nothing is committed.
        """
        for name in self._created:
            if self.file_exists(name):
                durable.sync(self._path / name)
        toc = toc_number(newname)
        if toc is not None:
            write_manifest(self._path, toc, self._manifest(oldname, newname, toc))
        durable.sync(self._path)
        super().rename_file(oldname, newname, safe=safe)
        durable.sync(self._path)
        self._created.clear()

    def _manifest(self, temporary: str, final: str, toc: int) -> Manifest:
        segments = TOC.read(_UnderFinalName(self, temporary), INDEX_NAME, gen=toc).segments
        names = (name for segment in segments for name in segment.list_files(self))
        known = self._commit.known
        marks = {name: known.get(name) or mark(self._path / name) for name in names}
        return Manifest(
            fingerprint=self._commit.fingerprint,
            sequence=self._commit.sequence,
            records=sum(segment.doc_count() for segment in segments),
            files={**marks, final: mark(self._path / temporary)},
        )


class _UnderFinalName:
    """Lets Whoosh read a TOC that does not have its final name yet."""

    def __init__(self, storage: FileStorage, temporary: str) -> None:
        self._storage, self._temporary = storage, temporary

    def open_file(self, _name: str) -> Any:
        return self._storage.open_file(self._temporary)


def sweep(folder: Path, keep: Iterable[str]) -> None:
    """Remove everything a killed or failed writer left in a generation, but for `keep`."""
    kept = set(keep)
    for path in folder.iterdir():
        if path.name not in kept:
            remove(path)


def remove(path: Path) -> None:
    """Delete a file or a folder with what is in it; what is in use on this system stays."""
    with suppress(OSError):  # some systems do not delete open files; the next writer tries again
        if path.is_dir() and not path.is_symlink():
            for child in path.iterdir():
                remove(child)
            path.rmdir()
        else:
            path.unlink()
