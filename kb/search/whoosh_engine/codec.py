"""Whoosh's codec with a shorter way to the disk; what it writes, Whoosh's own codec reads."""

from collections.abc import Iterable
from struct import Struct
from typing import Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3FieldWriter, W3Segment
from whoosh.system import pack_int, pack_ushort

from kb.search.whoosh_engine.blocks import BLOCK, TermPostings, written

_TERM_INFO = Struct("!BfIBBfIIqi")
"""What Whoosh keeps of a term: ``W3TermInfo`` (flags, weight, documents, two lengths, greatest
weight, first and last document), then where its postings begin and how many bytes they are."""


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
        return _FieldWriter(self, storage, segment)


class _FieldWriter(W3FieldWriter):  # type: ignore[misc] # Whoosh has no types
    """Takes a posting list at a time, where Whoosh's takes a posting at a time."""

    _end = 0
    """Bytes written to the file of postings."""

    def add_postings(self, schema: Any, _lengths: Any, items: Iterable[TermPostings]) -> None:
        """Write everything; `items` come by field and term."""
        present, prefix = "", b""
        for postings in items:
            if postings.field != present:
                present = postings.field
                self.start_field(present, schema[present])
                prefix = pack_ushort(self._fieldid)
            self._tindex.add(prefix + postings.text, self._put(postings))
        if present:
            self.finish_field()

    def _put(self, postings: TermPostings) -> bytes:
        """Write a posting list, and say what is kept of its term."""
        pieces = [WHOOSH3_HEADER_MAGIC]
        left = len(postings.docs)
        for info, content in written(postings):
            size = len(info) + len(content)
            left -= BLOCK
            # The last block of a list is marked by a negative size.
            pieces += [pack_int(size if left > 0 else -size), info, content]
        start, block = self._end, b"".join(pieces)
        self._postfile.write(block)
        self._end += len(block)
        docs, counts = postings.docs, postings.counts
        return _TERM_INFO.pack(
            0, sum(counts), len(docs), 0, 0, max(counts), docs[0], docs[-1], start, len(block)
        )
