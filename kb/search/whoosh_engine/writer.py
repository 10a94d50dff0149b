"""One commit to one generation, by Whoosh's plain writer.

Never AsyncWriter or BufferedWriter: they lost 100 of 120 acknowledged documents and 113 of
120 acknowledged batches; the plain writer lost none.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from whoosh.index import FileIndex
from whoosh.reading import SegmentReader

from kb.search.engine import IndexRecord
from kb.search.whoosh_engine.codec import WritingCodec
from kb.search.whoosh_engine.gathering import Pool
from kb.search.whoosh_engine.schema import CARD, card, schema
from kb.search.whoosh_engine.storage import INDEX_NAME, Commit, DurableStorage

_DELETED_SHARE = 0.25
"""A segment with more deleted documents than this is written anew."""
_GROWTH = 2
"""A segment is merged unless it is more than this many times what is merged into it."""


def start(folder: Path, commit: Commit) -> None:
    """Make an empty index in an empty folder."""
    FileIndex.create(DurableStorage(folder, commit), schema(), INDEX_NAME)


def write(
    folder: Path,
    commit: Commit,
    put: Iterable[IndexRecord],
    numbers: Callable[[str], int | None],
    remove: Iterable[str],
) -> None:
    """Put and remove records in one commit.

    `numbers` gives the Whoosh document number of a key that is held.

    Raises:
        ValueError: two records with the same key.
        OSError: the disk is full or fails; nothing was committed.
    """
    storage = DurableStorage(folder, commit)
    writer = FileIndex(storage, indexname=INDEX_NAME).writer(codec=WritingCodec())
    writer.pool = Pool(writer.temp_storage())
    try:
        doomed = {numbers(key) for key in remove}
        for key in _add(writer, put):
            doomed.add(numbers(key))
        for number in doomed - {None}:
            writer.delete_document(number)
        writer.commit(mergetype=merged)
    except BaseException:
        _give_up(writer, storage)
        raise


def _add(writer: Any, records: Iterable[IndexRecord]) -> set[str]:
    keys: set[str] = set()
    for record in records:
        if record.key in keys:
            raise ValueError(f"two records with the key {record.key!r}")
        keys.add(record.key)
        writer.add_document(**{CARD: tuple(card(record))})
        writer.pool.add(writer.docnum - 1, record.streams)
    return keys


def _give_up(writer: Any, storage: DurableStorage) -> None:
    """Let go of a writer whose commit failed; what it left is swept by the engine."""
    # Cancelling flushes, which fails again on a full disk, and refuses a writer that is closed.
    with suppress(Exception):
        writer.cancel()
    storage.abandon()


def merged(writer: Any, segments: Sequence[Any]) -> list[Any]:
    """The segments that stay; the others are merged into the one being written.

    From the smallest up, each is merged unless it is much larger than what is merged so far.
    Segments therefore grow by factors, there are never more than log2 of the records, and each
    record is rewritten about as many times. Segments of which nothing lives are dropped.
    """
    kept, total = [], writer.doc_count()
    for segment in sorted(segments, key=lambda segment: int(segment.doc_count())):
        living = segment.doc_count()
        mostly_dead = segment.deleted_count() > _DELETED_SHARE * segment.doc_count_all()
        if living and (mostly_dead or living <= _GROWTH * total):
            _absorb(writer, segment)
            total += living
        elif living:
            kept.append(segment)
    return kept


def _absorb(writer: Any, segment: Any) -> None:
    """Take over a segment's living records."""
    base = writer.docnum
    reader = SegmentReader(writer.storage, writer.schema, segment)
    try:
        numbers = writer.write_per_doc({CARD}, reader)
    finally:
        reader.close()
    docs = range(segment.doc_count_all())
    renumbered = [base + doc if numbers is None else numbers.get(doc, -1) for doc in docs]
    # Not by the segment's reader: for each term it would gather its deleted documents anew.
    files = segment.open_compound_file(writer.storage)
    writer.pool.merge(segment.codec().terms_reader(files, segment), renumbered)
    writer._added = True
