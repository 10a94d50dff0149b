"""Whoosh's codec with a shorter way to the disk; what it writes, Whoosh's own codec reads."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from struct import Struct
from typing import Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3Segment
from whoosh.system import pack_ushort

from kb.search.whoosh_engine.blocks import TermPostings, written
from kb.search.whoosh_engine.terms import TermTable

_TERM_INFO = Struct("!BfIBBfIIqi")
"""What Whoosh keeps of a term: ``W3TermInfo`` (flags, weight, documents, two lengths, greatest
weight, first and last document), then where its postings begin and how many bytes they are."""

_by_field = attrgetter("field")


def _plain() -> Any:
    """Whoosh's own codec, told that no lengths are kept.

    Otherwise it asks the disk for each posting whether there is a file of lengths, which was
    half of the time of indexing. The table of contents names this codec, and none of ours.
    """
    codec = W3Codec()
    codec.length_stats = False
    return codec


class WritingCodec(W3Codec):  # type: ignore[misc] # Whoosh has no types
    """Writes segments of Whoosh's own codec from whole posting lists."""

    length_stats = False

    def new_segment(self, _storage: Any, indexname: str) -> Any:
        """A segment that is to be read by Whoosh's own codec."""
        return W3Segment(_plain(), indexname)

    def field_writer(self, storage: Any, segment: Any) -> "_FieldWriter":
        """What writes the terms and postings of a segment."""
        return _FieldWriter(storage, segment)


class _FieldWriter:
    """Takes a posting list at a time, where Whoosh's takes a posting at a time."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._table = TermTable(segment.create_file(storage, W3Codec.TERMS_EXT))
        self._lists = segment.create_file(storage, W3Codec.POSTS_EXT)
        self._fields: dict[str, int] = {}
        self._table.extras["fieldmap"] = self._fields
        self.is_closed = False

    def add_postings(self, _schema: Any, _lengths: Any, items: Iterable[TermPostings]) -> None:
        """Write everything; `items` come by field and term."""
        self._table.add_all(self._written(items))

    def _written(self, items: Iterable[TermPostings]) -> Iterator[tuple[bytes, bytes]]:
        """Write each posting list; what the table is to hold: the term, and what is kept of it."""
        write, end = self._lists.raw_file().write, 0
        for field, same in groupby(items, key=_by_field):
            prefix = pack_ushort(self._fields.setdefault(field, len(self._fields)))
            for postings in same:
                _, text, docs, counts, _ = postings
                content = WHOOSH3_HEADER_MAGIC + written(postings)
                write(content)
                size = len(content)
                ends = docs[0], docs[-1], end, size
                yield (
                    prefix + text,
                    _TERM_INFO.pack(0, sum(counts), len(docs), 0, 0, max(counts), *ends),
                )
                end += size

    def close(self) -> None:
        """Finish both files."""
        self._table.close()
        self._lists.close()
        self.is_closed = True
