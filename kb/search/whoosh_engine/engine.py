"""The embedded search engine: Whoosh's files, our arithmetic.

Reading and writing share nothing but the disk. A search looks which commit is live (two cheap
looks), opens it when it is a new one, and keeps it while it runs; a write makes a new commit
and never touches what is open. See ``generations`` for the folder, ``storage`` for what a
commit is, ``scorer`` for the arithmetic.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from kb.domain.rights import Audience
from kb.search.engine import (
    EngineAnswer,
    EngineState,
    IndexDamaged,
    IndexOutOfDate,
    IndexRecord,
    PageHit,
    SearchUnavailable,
)
from kb.search.explanation import Explanation
from kb.search.query import EngineQuery
from kb.search.term_patterns import TermPattern, TermsFound
from kb.search.whoosh_engine import faults, writer
from kb.search.whoosh_engine.answering import Answering
from kb.search.whoosh_engine.budget import Budget
from kb.search.whoosh_engine.explaining import explained
from kb.search.whoosh_engine.generations import Generations, Position
from kb.search.whoosh_engine.lock import WriterLock
from kb.search.whoosh_engine.manifest import REPAIR, Manifest
from kb.search.whoosh_engine.manifest import faults as file_faults
from kb.search.whoosh_engine.snapshot import SegmentMemory, Snapshot
from kb.search.whoosh_engine.storage import Commit
from kb.search.whoosh_engine.term_list import terms

CACHE_BYTES = 120 * 1024 * 1024
"""A third for the posting lists of segments, the rest for the scores of clauses in a commit."""
WAIT_BELOW = 5_000
"""Records of an index whose next commit is opened by whoever asks first. Opening takes 15 µs a
record: of a larger one it is done beside the searches, which the old commit answers meanwhile."""
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
        wait_below: int = WAIT_BELOW,
    ) -> None:
        """Touches no file; the first use does, and says then what is missing.

        What this engine has written itself is searched at once, however large the index is.
        """
        self._fingerprint = fingerprint
        self._list_bytes = cache_bytes // 3
        self._score_bytes = cache_bytes - self._list_bytes
        self._generations = Generations(folder)
        self._writer_lock = WriterLock(folder, lock_seconds)
        self._wait_below = wait_below
        self._opening = threading.Lock()
        self._aside = threading.Lock()
        self._opener: threading.Thread | None = None
        self._waited_for: Position | None = None
        """A commit that is not opened beside the searches: our own, or one that failed to open."""
        self._snapshot: Snapshot | None = None
        self._retired: list[Snapshot] = []
        self._memory = SegmentMemory("", self._list_bytes)

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
        with self._searching() as snapshot:
            return Answering(snapshot, query, Budget()).answer()

    def pages(
        self, query: EngineQuery, subjects: Sequence[str], per_subject: int
    ) -> Mapping[str, tuple[int, tuple[PageHit, ...]]]:
        """The pages of `subjects` that answer; see the protocol."""
        with self._searching() as snapshot:
            return Answering(snapshot, query, Budget()).pages(subjects, per_subject)

    def explain(self, query: EngineQuery, subjects: Sequence[str]) -> tuple[Explanation, ...]:
        """Why `subjects` have their scores; see the protocol."""
        with self._searching() as snapshot:
            return explained(snapshot, query, subjects)

    def terms(self, pattern: TermPattern, audience: Audience) -> TermsFound:
        """The terms that fit; see the protocol."""
        with self._reading() as snapshot:
            return terms(snapshot, pattern, audience)

    def holdings(self) -> Mapping[str, str]:
        """Key -> version of every record."""
        with self._reading() as snapshot:
            return snapshot.holdings()

    def state(self) -> EngineState:
        """What is held, even when another fingerprint made it.

        While a large commit is being opened this is still the one before, which searches use: what
        the catalogue has closed since is told from here on.

        Raises:
            SearchUnavailable: there is no index, or its manifest is damaged.
        """
        position, manifest = self._live()
        snapshot = self._snapshot
        if snapshot is not None and self._may_lag(snapshot, position):
            position, manifest = snapshot.position, snapshot.manifest
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

    def _reading(self) -> AbstractContextManager[Snapshot]:
        """The live commit, for the length of a ``with`` block."""
        return self._lent(self._fresh)

    def _searching(self) -> AbstractContextManager[Snapshot]:
        """The live commit, or the one before it as long as a large one is being opened."""
        return self._lent(self._newest_ready)

    @contextmanager
    def _lent(self, choose: Callable[[], Snapshot]) -> Iterator[Snapshot]:
        snapshot = _leased(choose)
        try:
            with faults.reading():
                yield snapshot
        finally:
            snapshot.release()

    def _newest_ready(self) -> Snapshot:
        position = self._generations.position()
        snapshot = self._snapshot
        if snapshot is None or not self._may_lag(snapshot, position):
            return self._fresh()
        self._open_aside(position)
        return snapshot

    def _may_lag(self, snapshot: Snapshot, live: Position) -> bool:
        """Whether a snapshot may answer although another commit is live."""
        large = snapshot.manifest.records >= self._wait_below
        return large and live not in (snapshot.position, self._waited_for)

    def _open_aside(self, position: Position) -> None:
        """Begin to open the live commit in a thread of its own, unless that has been begun."""

        def open_() -> None:
            try:
                self._fresh()
            except SearchUnavailable:
                self._waited_for = position  # Whoever asks next meets the reason, and is told.

        with self._aside:
            if self._opener is None or not self._opener.is_alive():
                self._opener = threading.Thread(target=open_, name="index-opener", daemon=True)
                self._opener.start()

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
            self._memory = SegmentMemory(position.generation, self._list_bytes)
        with faults.reading():
            return Snapshot(position, folder, manifest, self._memory, self._score_bytes)

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
            self._waited_for = self._generations.position()

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
        self._waited_for = self._generations.position()

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
        if self._opener is not None:
            self._opener.join()
        with self._opening:
            if self._snapshot is not None:
                self._snapshot.close()
                self._retired = [old for old in (*self._retired, self._snapshot) if old.in_use]
                self._snapshot = None


def _leased(choose: Callable[[], Snapshot]) -> Snapshot:
    """A snapshot that stays open until it is released."""
    while True:
        snapshot = choose()
        if snapshot.lease():
            return snapshot
