"""The watched folder: whatever is put there is taken in, and moved out with a note of its end.

A file is taken once it has lain still for :data:`STILL_SECONDS` and is not the part of one that
is being copied; it stays where it is until its job has ended, so nothing is lost on the way.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.installation import Installation
from indexer.job_ends import too_large
from kb.catalogue.jobs.views import Incoming, JobEntry, JobView, UploadEntry
from kb.domain.jobs import JobState, kind_of

STILL_SECONDS = 10.0
"""How long a file must not have changed."""

PATIENCE_SECONDS = 60.0
"""How long files that lie still wait for others that do not, so as to be one batch with them."""

DONE, FAILED = "done", "failed"
ACTOR = "取り込み用フォルダー"
PARTIAL = (".part", ".tmp", ".crdownload", ".download", ".filepart")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file that lies in the folder."""

    path: Path
    folder: str
    """Under the watched one."""
    key: str
    size: int
    still: float
    """Seconds since it last changed."""


class Inbox:
    """One watched folder."""

    def __init__(
        self, installation: Installation, folder: Path, clock: Callable[[], float] = time.time
    ) -> None:
        """`clock` tells seconds since 1970."""
        self._installation = installation
        self._folder = folder
        self._clock = clock

    def look(self) -> int:
        """Take in what lies still, move out what is done; how many files were taken.

        Raises:
            OSError: the folder cannot be read or written.
        """
        fresh: list[_Found] = []
        for found in list(self._files()):
            job = self._installation.jobs.by_key(found.key)
            if job is None:
                fresh.append(found)
            elif job.state.ended:
                self._move_out(found, job)
        still = [found for found in fresh if found.still >= STILL_SECONDS]
        longest = max((found.still for found in still), default=0.0)
        if not still or (len(still) < len(fresh) and longest < PATIENCE_SECONDS):
            return 0
        self._take(still)
        return len(still)

    def _files(self) -> Iterator[_Found]:
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(self._folder.rglob("*")):
            inside = path.relative_to(self._folder)
            if inside.parts[0] in (DONE, FAILED) or not _wanted(inside):
                continue
            try:
                if path.is_symlink() or not path.is_file():
                    continue
                stat = path.stat()
            except FileNotFoundError:  # taken away while we looked
                continue
            folder = inside.parent.as_posix()
            marks = f"{inside.as_posix()}\0{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_ctime_ns}"
            key = hashlib.sha256(marks.encode("utf-8", "surrogateescape")).hexdigest()[:40]
            changed = max(stat.st_mtime, stat.st_ctime)
            yield _Found(
                path, "" if folder == "." else folder, f"inbox-{key}", stat.st_size,
                self._clock() - changed,
            )  # fmt: skip

    def _take(self, files: list[_Found]) -> None:
        """Copy the files and put them as one batch; nothing is put before all are copied."""
        batch = f"inbox-{files[0].key[6:26]}"
        beside = {
            found.folder: frozenset(f.path.name.lower() for f in files if f.folder == found.folder)
            for found in files
        }
        entries = [self._put(batch, found, beside[found.folder]) for found in files]
        upload = UploadEntry(batch, ACTOR, origin="inbox", closed=True)
        self._installation.jobs.begin_with(upload, entries)

    def _put(self, batch: str, found: _Found, beside: frozenset[str]) -> Incoming:
        most = self._installation.most_bytes
        file, kept = f"{batch}/{found.key}", None
        if found.size <= most:
            with found.path.open("rb") as stream:
                kept = self._installation.incoming.keep(file, stream, most)
        entry = JobEntry(
            key=found.key,
            kind=kind_of(found.path.name, beside),
            name=_printable(found.path.name),
            folder=_printable(found.folder),
            size=kept[0] if kept else found.size,
            sha256=kept[1] if kept else None,
            work={"file": file},
        )
        return entry, None if kept else too_large(most)

    def _move_out(self, found: _Found, job: JobView) -> None:
        good = job.state in (JobState.WAITING, JobState.PUBLISHED, JobState.DUPLICATE)
        place = self._folder / (DONE if good else FAILED) / found.folder
        place.mkdir(parents=True, exist_ok=True)
        target = _free(place, found.path.name)
        target.with_name(f"{target.name}.txt").write_text(_note(job), "utf-8")
        found.path.rename(target)


def _wanted(inside: Path) -> bool:
    if any(part.startswith((".", "~$")) for part in inside.parts):
        return False
    return inside.suffix.lower() not in PARTIAL


def _printable(name: str) -> str:
    """A name as it can be kept: bytes that are no UTF-8 are shown as such."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _free(folder: Path, name: str) -> Path:
    """A path in a folder that nothing has yet."""
    target, number = folder / name, 1
    while target.exists():
        number += 1
        stem, dot, ending = name.rpartition(".")
        target = folder / (f"{stem} ({number}).{ending}" if dot else f"{name} ({number})")
    return target


def _note(job: JobView) -> str:
    """What a file came to, for whoever put it there."""
    lines = [f"{job.path}: {job.label or job.state.label}", job.detail, job.advice]
    if job.document_id:
        lines.append(f"資料の番号: {job.document_id}")
    return "".join(f"{line}\n" for line in lines if line)
