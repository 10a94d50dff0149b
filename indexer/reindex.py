"""Bringing the index up to the catalogue: by difference, or anew beside the live one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from indexer.records import RecordDraft, RecordMaker
from kb.catalogue.indexable import IndexableReader
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.session import Database
from kb.japanese.tokenise import Analyser
from kb.search.engine import IndexRecord, SearchEngine

Progress = Callable[[int], None]
"""Told how many records have been made since it was last told."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync or a rebuild did, in records."""

    put: int
    removed: int
    unchanged: int
    sequence: int


class Reindexer:
    """Makes the index follow one catalogue."""

    def __init__(self, database: Database, engine: SearchEngine, analyser: Analyser) -> None:
        self._catalogue = CatalogueReader(database)
        self._reader = IndexableReader(database)
        self._engine = engine
        self._analyser = analyser

    def sync(self, progress: Progress = lambda _: None) -> SyncReport:
        """Put what is new or changed, remove what is gone; one commit.

        Raises:
            SearchUnavailable: the index cannot be written, or another process writes it.
        """
        # Read before the subjects: a change made meanwhile is found again by the next sync.
        sequence = self._catalogue.sequence()
        held = self._engine.holdings()
        drafts = {draft.key: draft for draft in self._maker().drafts()}
        changed = [draft for key, draft in drafts.items() if held.get(key) != draft.version]
        gone = [key for key in held if key not in drafts]
        if changed or gone or self._engine.state().sequence != sequence:
            self._engine.apply(_made(changed, progress), gone, sequence)
        return SyncReport(len(changed), len(gone), len(drafts) - len(changed), sequence)

    def rebuild(self, progress: Progress = lambda _: None) -> SyncReport:
        """Make a new index from the catalogue and switch to it in one step."""
        sequence = self._catalogue.sequence()
        drafts = list(self._maker().drafts())
        self._engine.rebuild(_made(drafts, progress), sequence)
        return SyncReport(len(drafts), 0, 0, sequence)

    def differences(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Keys the index lacks or holds in another version, and keys it should not hold."""
        held = self._engine.holdings()
        wanted = {draft.key: draft.version for draft in self._maker().drafts()}
        stale = tuple(key for key, version in wanted.items() if held.get(key) != version)
        return stale, tuple(key for key in held if key not in wanted)

    def behind(self) -> bool:
        """Whether the catalogue has changed since the index was last brought up to it."""
        return self._engine.state().sequence != self._catalogue.sequence()

    def _maker(self) -> RecordMaker:
        return RecordMaker(self._reader, self._analyser)


def _made(drafts: list[RecordDraft], progress: Progress) -> Iterator[IndexRecord]:
    for draft in drafts:
        yield draft.make()
        progress(1)
