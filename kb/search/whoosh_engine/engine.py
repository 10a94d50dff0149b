"""The embedded search engine: Whoosh's files, our arithmetic.

Reading and writing share nothing but the disk. A search looks which commit is live (two cheap
looks), opens it when it is a new one, and keeps it while it runs; a write makes a new commit
and never touches what is open. See ``generations`` for the folder, ``storage`` for what a
commit is, ``scorer`` for the arithmetic.
"""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from kb.search.engine import (
    EngineAnswer,
    EngineState,
    IndexDamaged,
    IndexOutOfDate,
    IndexRecord,
    PageHit,
    SearchUnavailable,
)
from kb.search.query import EngineQuery
from kb.search.whoosh_engine import faults, writer
from kb.search.whoosh_engine.generations import Generations, Position
from kb.search.whoosh_engine.lock import WriterLock
from kb.search.whoosh_engine.manifest import REPAIR, Manifest
from kb.search.whoosh_engine.manifest import faults as file_faults
from kb.search.whoosh_engine.question import Question
from kb.search.whoosh_engine.snapshot import SegmentMemory, Snapshot
from kb.search.whoosh_engine.storage import Commit

CACHE_BYTES = 64 * 1024 * 1024
"""Decoded posting lists kept per commit."""
LOCK_SECONDS = 10.0
"""How long a writer waits for another."""
_TRIES = 20
_PAUSE = 0.05
"""Seconds; a commit removes old files within milliseconds of the rename."""


class WhooshEngine:
    """A :class:`~kb.search.engine.SearchEngine` in a folder; threads may share it."""

    def __init__(
        self,
        folder: Path,
        fingerprint: str,
        *,
        cache_bytes: int = CACHE_BYTES,
        lock_seconds: float = LOCK_SECONDS,
    ) -> None:
        """Touches no file; the first use does, and says then what is missing."""
        self._fingerprint = fingerprint
        self._cache_bytes = cache_bytes
        self._generations = Generations(folder)
        self._writer_lock = WriterLock(folder, lock_seconds)
        self._opening = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._retired: list[Snapshot] = []
        self._memory = SegmentMemory("")

    @classmethod
    def create(cls, folder: Path, fingerprint: str, **options: float) -> "WhooshEngine":
        """The engine in `folder`, with an empty index if there is none; safe to repeat.

        Raises:
            IndexLocked: another process is writing there.
            SearchUnavailable: the folder cannot be made.
        """
        engine = cls(folder, fingerprint, **options)  # type: ignore[arg-type]
        with faults.writing():
            engine._generations.prepare()
            if not engine._generations.exists():
                with engine._writer_lock.held():
                    engine._start_if_missing()
        return engine

    def _start_if_missing(self) -> None:
        if not self._generations.exists():
            self._begin_generation((), sequence=0)

    # --- reading ------------------------------------------------------------------------

    def search(self, query: EngineQuery) -> EngineAnswer:
        """Subjects that answer `query`; see the protocol."""
        with self._reading() as snapshot:
            return Question(snapshot, query).answer()

    def pages(
        self, query: EngineQuery, subjects: Sequence[str], per_subject: int
    ) -> Mapping[str, tuple[int, tuple[PageHit, ...]]]:
        """The pages of `subjects` that answer; see the protocol."""
        with self._reading() as snapshot:
            return Question(snapshot, query).pages(subjects, per_subject)

    def holdings(self) -> Mapping[str, str]:
        """Key -> version of every record."""
        with self._reading() as snapshot:
            return snapshot.holdings()

    def state(self) -> EngineState:
        """What is held, even when another fingerprint made it.

        Raises:
            SearchUnavailable: there is no index, or its manifest is damaged.
        """
        position, manifest = self._live()
        return EngineState(
            fingerprint=manifest.fingerprint,
            records=manifest.records,
            generation=str(position),
            sequence=manifest.sequence,
        )

    def verify(self) -> Sequence[str]:
        """What is wrong with the stored index: every file against its checksum."""
        try:
            for _ in range(_TRIES):
                position, manifest = self._live()
                folder = self._generations.path(position.generation)
                found = file_faults(folder, manifest, thorough=True)
                if self._generations.position() == position:
                    return found or self._miscounted(manifest)
            return ["索引が書き換えられ続けているため、調べ終えられませんでした。"]
        except SearchUnavailable as error:
            return [str(error)]

    def _miscounted(self, manifest: Manifest) -> Sequence[str]:
        held = len(self.holdings())
        if held == manifest.records or self._live()[1] != manifest:
            return []
        return [f"索引の件数が記録と違います(記録 {manifest.records}、実際 {held})。{REPAIR}"]

    @contextmanager
    def _reading(self) -> Iterator[Snapshot]:
        """The live commit, for the length of a ``with`` block."""
        snapshot = self._leased()
        try:
            with faults.reading():
                yield snapshot
        finally:
            snapshot.release()

    def _leased(self) -> Snapshot:
        while True:
            snapshot = self._fresh()
            if snapshot.lease():
                return snapshot

    def _fresh(self) -> Snapshot:
        """The live commit, opened; the one that was open is retired when a new one is there."""
        position = self._generations.position()
        snapshot = self._snapshot
        if snapshot is not None and snapshot.position == position:
            return snapshot
        with self._opening:
            return self._open_live()

    def _open_live(self) -> Snapshot:
        for _ in range(_TRIES):
            try:
                position, manifest = self._live()
                if self._snapshot is None or self._snapshot.position != position:
                    self._replace(self._open(position, manifest))
                assert self._snapshot is not None  # noqa: S101 - for the type checker
                return self._snapshot
            except (FileNotFoundError, faults.Retry):
                time.sleep(_PAUSE)
        raise IndexDamaged(f"索引のファイルが足りません。{REPAIR}")

    def _open(self, position: Position, manifest: Manifest) -> Snapshot:
        if manifest.fingerprint != self._fingerprint:
            raise IndexOutOfDate(
                "索引が、いまの辞書やプログラムと違う版で作られています。"
                "「kb rebuild」で作り直してください。"
            )
        folder = self._generations.path(position.generation)
        wrong = file_faults(folder, manifest, thorough=False)
        if wrong:
            if self._generations.position() != position:
                raise faults.Retry
            raise IndexDamaged(" ".join(wrong))
        if self._memory.generation != position.generation:
            self._memory = SegmentMemory(position.generation)
        with faults.reading():
            return Snapshot(position, folder, manifest, self._memory, self._cache_bytes)

    def _replace(self, snapshot: Snapshot) -> None:
        previous, self._snapshot = self._snapshot, snapshot
        if previous is not None:
            previous.close()
            self._retired = [old for old in (*self._retired, previous) if old.in_use]

    def _live(self) -> tuple[Position, Manifest]:
        """The live commit and its manifest."""
        for _ in range(_TRIES):
            position = self._generations.position()
            try:
                return position, self._generations.manifest(position)
            except FileNotFoundError:
                if self._generations.position() == position:
                    break
        raise IndexDamaged(f"索引の目録がありません。{REPAIR}")

    # --- writing ------------------------------------------------------------------------

    def apply(self, put: Iterable[IndexRecord], remove: Iterable[str], sequence: int) -> None:
        """Put and remove records in one durable commit.

        A key that is both put and removed is put.

        Raises:
            IndexLocked: another process writes; the message names it.
            IndexOutOfDate: the index has another fingerprint.
            SearchUnavailable: there is no index, or the disk is full; nothing has changed.
            ValueError: two records with the same key; nothing has changed.
        """
        self._generations.position()
        with self._writing():
            self._generations.sweep(self._in_use())
            with self._reading() as snapshot:
                numbers = snapshot.documents()
            position, manifest = self._live()
            commit = Commit(self._fingerprint, sequence, manifest.files)
            folder = self._generations.path(position.generation)
            writer.write(folder, commit, put, numbers.get, remove)

    def rebuild(self, records: Iterable[IndexRecord], sequence: int) -> None:
        """Make a new index beside the live one, whatever that is like, and switch to it.

        Raises:
            IndexLocked: another process writes; the message names it.
            SearchUnavailable: the disk is full; the live index is as it was.
            ValueError: two records with the same key; the live index is as it was.
        """
        with faults.writing():
            self._generations.prepare()
        with self._writing():
            self._begin_generation(records, sequence)

    def _begin_generation(self, records: Iterable[IndexRecord], sequence: int) -> None:
        generation = self._generations.begin()
        folder = self._generations.path(generation)
        commit = Commit(self._fingerprint, sequence)
        writer.start(folder, commit)
        writer.write(folder, commit, records, lambda _: None, ())
        self._generations.switch(generation)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the writer's lock; afterwards, come what may, leave no orphans behind."""
        with faults.writing(), self._writer_lock.held():
            try:
                yield
            finally:
                self._sweep()

    def _sweep(self) -> None:
        try:
            self._generations.sweep(self._in_use())
        except SearchUnavailable:
            # A damaged index is nothing to tidy; whoever reads it next is told.
            return

    def _in_use(self) -> set[str]:
        held = [*self._retired, *([self._snapshot] if self._snapshot else [])]
        return {snapshot.position.generation for snapshot in held if snapshot.in_use}

    def close(self) -> None:
        """Let go of files; searches that run are let finish. The engine may be used again."""
        with self._opening:
            if self._snapshot is not None:
                self._snapshot.close()
                self._retired = [old for old in (*self._retired, self._snapshot) if old.in_use]
                self._snapshot = None
