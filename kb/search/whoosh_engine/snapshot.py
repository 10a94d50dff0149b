"""One commit, opened for reading; it stays as it is while others are written."""

import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.index import FileIndex

from kb.search.engine import STANDING_WEIGHTS, RecordKind
from kb.search.query import Facet
from kb.search.whoosh_engine.cache import ByteCache
from kb.search.whoosh_engine.columns import (
    Floats,
    Ints,
    Lexicons,
    SegmentColumns,
    lexicons,
    read_segment,
)
from kb.search.whoosh_engine.faults import Retry
from kb.search.whoosh_engine.generations import Position
from kb.search.whoosh_engine.groups import Groups
from kb.search.whoosh_engine.manifest import Manifest
from kb.search.whoosh_engine.postings import Kept, Posting, PostingReader
from kb.search.whoosh_engine.scorer import Scorer
from kb.search.whoosh_engine.storage import INDEX_NAME, ReadingStorage
from kb.search.whoosh_engine.tables import Segment, Table, table


@dataclass(frozen=True, slots=True)
class Orders:
    """Ready-made sort keys of the case table; smaller comes first."""

    subject: Ints
    implemented_in: Ints
    presented_in: Ints
    municipality: Ints
    newest_first: Ints
    """By year of implementation, then subject: what decides between equal scores."""


class SegmentMemory:
    """What is kept of a generation's segments from commit to commit."""

    def __init__(self, generation: str, cache_bytes: int) -> None:
        self.generation = generation
        self.postings = Kept(cache_bytes)
        self.words: Lexicons = lexicons()
        self._columns: dict[str, SegmentColumns] = {}

    def columns(self, leaves: list[tuple[Any, int]]) -> list[SegmentColumns]:
        """The arrays of each segment, read where they are new; others are forgotten."""
        names = [leaf.segment().segment_id() for leaf, _ in leaves]
        held = {
            name: self._columns.get(name) or read_segment(leaf, self.words)
            for name, (leaf, _) in zip(names, leaves, strict=True)
        }
        self._columns = held
        return [held[name] for name in names]


class Snapshot:
    """One commit, opened for reading.

    It is shared by threads and counted: :meth:`close` by the engine only says that no new
    search may begin on it, and the last search that ends lets go of the files.
    """

    def __init__(
        self,
        position: Position,
        folder: Path,
        manifest: Manifest,
        memory: SegmentMemory,
        cache_bytes: int,
    ) -> None:
        """Open the commit at `position` in `folder`.

        Raises:
            Retry: another commit came in between.
            Exception: of any kind, from Whoosh, when files are damaged.
        """
        self.position = position
        self.manifest = manifest
        self._leases, self._closing = 0, False
        self._lock = threading.Lock()
        self._storage = ReadingStorage(folder)
        self._reader = _open(self._storage, position)
        try:
            self._load(memory, cache_bytes)
        except BaseException:
            with suppress(Exception):  # what is damaged may not even close
                self._let_go()
            raise

    def _load(self, memory: SegmentMemory, cache_bytes: int) -> None:
        leaves = [(leaf, at) for leaf, at in self._reader.leaf_readers() if leaf.doc_count_all()]
        self._segments = [
            Segment(columns, _deleted(leaf), offset)
            for columns, (leaf, offset) in zip(memory.columns(leaves), leaves, strict=True)
        ]
        self.cases: Table = table(RecordKind.CASE, self._segments, memory.words)
        self.pages: Table = table(RecordKind.PAGE, self._segments, memory.words)
        cache: ByteCache[Posting] = ByteCache(cache_bytes)
        self.postings = postings = PostingReader(leaves, memory.postings)
        self.case_scorer = Scorer(self.cases, postings, cache)
        self.page_scorer = Scorer(self.pages, postings, cache)
        self.orders = _orders(self.cases)
        self.standing = _standing(self.cases)
        self.groups = Groups(self.cases, self.pages)

    def holdings(self) -> Mapping[str, str]:
        """Key -> version of every living record."""
        found: dict[str, str] = {}
        for segment in self._segments:
            columns = segment.columns
            living = np.flatnonzero(~segment.deleted).tolist()
            found.update((columns.keys[doc], columns.versions[doc]) for doc in living)
        return found

    def documents(self) -> Mapping[str, int]:
        """Key -> Whoosh's document number of every living record."""
        found: dict[str, int] = {}
        for segment in self._segments:
            living = np.flatnonzero(~segment.deleted).tolist()
            found.update((segment.columns.keys[doc], segment.offset + doc) for doc in living)
        return found

    def lease(self) -> bool:
        """Begin to use the snapshot; False when it is closed already."""
        with self._lock:
            if self._closing:
                return False
            self._leases += 1
            return True

    def release(self) -> None:
        """End a use that began with :meth:`lease`."""
        with self._lock:
            self._leases -= 1
            last = self._closing and self._leases == 0
        if last:
            self._let_go()

    def close(self) -> None:
        """Let go of the files as soon as nobody uses them."""
        with self._lock:
            if self._closing:
                return
            self._closing = True
            last = self._leases == 0
        if last:
            self._let_go()

    def _let_go(self) -> None:
        self._reader.close()
        self._storage.abandon()  # Whoosh's reader leaves the file of a segment open.

    @property
    def in_use(self) -> bool:
        """Whether its files are still open."""
        return not self._closing or self._leases > 0


def _open(storage: ReadingStorage, position: Position) -> Any:
    try:
        index = FileIndex(storage, indexname=INDEX_NAME)
        # The same TOC before and after: it is the one that was opened, since numbers only grow.
        _expect(index, position)
        reader = index.reader()
        _expect(index, position)
    except BaseException:
        storage.abandon()
        raise
    return reader


def _expect(index: Any, position: Position) -> None:
    if index.latest_generation() != position.toc:
        raise Retry


def _deleted(leaf: Any) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    deleted = np.zeros(leaf.doc_count_all(), dtype=np.bool_)
    deleted[list(leaf.segment().deleted_docs())] = True
    return deleted


def _standing(cases: Table) -> Floats:
    """For each case, what its scores are multiplied by."""
    weights = np.ones(len(cases), dtype=np.float64)
    for value, weight in STANDING_WEIGHTS.items():
        np.minimum(weights, weight, out=weights, where=cases.carrying(Facet.STANDING, (value,)))
    return weights


def _orders(cases: Table) -> Orders:
    subject = cases.subject_order()
    implemented_in = -cases.greatest(Facet.IMPLEMENTED_IN)
    newest_first = np.empty(len(cases), dtype=np.int32)
    newest_first[np.lexsort((subject, implemented_in))] = np.arange(len(cases), dtype=np.int32)
    return Orders(
        subject=subject,
        implemented_in=implemented_in,
        presented_in=-cases.greatest(Facet.PRESENTED_IN),
        municipality=cases.first(Facet.MUNICIPALITY),
        newest_first=newest_first,
    )
