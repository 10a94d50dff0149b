"""All living records of one kind: the segments' arrays put together, deleted ones left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kb.domain.rights import Audience
from kb.search.engine import RecordKind
from kb.search.query import Facet, Stream
from kb.search.whoosh_engine.columns import (
    Columns,
    Floats,
    Ints,
    Lexicons,
    Mask,
    Pairs,
    SegmentColumns,
)
from kb.search.whoosh_engine.facet_counts import FacetCounts
from kb.search.whoosh_engine.schema import AUDIENCE_BITS, STREAMS


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment as a snapshot sees it."""

    columns: SegmentColumns
    deleted: Mask
    """One element a document."""
    offset: int
    """Of its document numbers among all."""


@dataclass(frozen=True, slots=True)
class Table:
    """The living records of one kind, numbered by rows from 0; see :class:`.columns.Columns`."""

    kind: RecordKind
    words: Lexicons
    row_of: Ints
    """Whoosh's document number -> row, -1 for a deleted document or one of another kind."""
    docs: Ints
    """Row -> Whoosh's document number, ascending."""
    subjects: Ints
    documents: Ints
    pages: Ints
    audiences: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
    lengths: Mapping[Stream, Floats]
    holders: Mapping[Stream, int]
    """How many records have any token in the stream."""
    average: Mapping[Stream, float]
    """Their mean length in tokens; 1 when there are none."""
    facets: Mapping[Facet, Pairs]
    seen: Mapping[Audience, int]
    """How many rows exist for each audience."""
    facet_counts: FacetCounts

    def __len__(self) -> int:
        return len(self.subjects)

    def visible(self, audience: Audience) -> Mask:
        """The rows that exist for `audience`."""
        mask: Mask = (self.audiences & AUDIENCE_BITS[audience]) != 0
        return mask

    def carrying(self, facet: Facet, values: Sequence[str]) -> Mask:
        """The rows that carry any of `values`."""
        known = [c for value in values if (c := self.words.values[facet].code(value)) is not None]
        pairs = self.facets[facet]
        mask = np.zeros(len(self), dtype=np.bool_)
        mask[pairs.rows[np.isin(pairs.codes, known)]] = True
        return mask

    def greatest(self, facet: Facet) -> Ints:
        """For each row, a number that grows with its greatest value of a facet; -1 for none."""
        pairs = self.facets[facet]
        ranks = self._ranks(facet)
        greatest = np.full(len(self), -1, dtype=np.int32)
        np.maximum.at(greatest, pairs.rows, ranks[pairs.codes])
        return greatest

    def first(self, facet: Facet) -> Ints:
        """For each row, a number that grows with its first value of a facet; the largest of all
        for none.
        """
        pairs = self.facets[facet]
        rows, places = np.unique(pairs.rows, return_index=True)
        first = np.full(len(self), np.iinfo(np.int32).max, dtype=np.int32)
        first[rows] = self._ranks(facet)[pairs.codes[places]]
        return first

    def _ranks(self, facet: Facet) -> Ints:
        return self.words.values[facet].ranks(len(self.words.values[facet]))

    def subject_order(self) -> Ints:
        """For each row, a number that grows with its subject's name."""
        ranks = self.words.subjects.ranks(len(self.words.subjects))
        return ranks[self.subjects]


def table(kind: RecordKind, segments: Sequence[Segment], words: Lexicons) -> Table:
    """Put the living records of a kind together."""
    parts = [(segment, segment.columns.kinds[kind]) for segment in segments]
    alive = [~segment.deleted[columns.docs] for segment, columns in parts]
    mine = [columns for _, columns in parts]
    tokens = {s: _joined([c.tokens[s] for c in mine], alive) for s in STREAMS}
    holders = {stream: int(np.count_nonzero(exact)) for stream, exact in tokens.items()}
    facets = {facet: _pairs([c.facets[facet] for c in mine], alive) for facet in Facet}
    audiences = _joined_bits([c.audiences for c in mine], alive)
    return Table(
        kind=kind,
        words=words,
        row_of=_row_of(parts, alive),
        docs=_joined([segment.offset + c.docs for segment, c in parts], alive),
        subjects=_joined([c.subjects for c in mine], alive),
        documents=_joined([c.documents for c in mine], alive),
        pages=_joined([c.pages for c in mine], alive),
        audiences=audiences,
        lengths={s: _joined_floats([c.lengths[s] for c in mine], alive) for s in STREAMS},
        holders=holders,
        average={
            stream: int(exact.sum(dtype=np.int64)) / holders[stream] if holders[stream] else 1.0
            for stream, exact in tokens.items()
        },
        facets=facets,
        seen={
            audience: int(np.count_nonzero(audiences & bit))
            for audience, bit in AUDIENCE_BITS.items()
        },
        facet_counts=FacetCounts(facets, len(audiences)),
    )


def _joined(parts: Sequence[Ints], alive: Sequence[Mask]) -> Ints:
    kept = [part[mask] for part, mask in zip(parts, alive, strict=True)]
    return np.concatenate([np.empty(0, dtype=np.int32), *kept])


def _joined_floats(parts: Sequence[Floats], alive: Sequence[Mask]) -> Floats:
    kept = [part[mask] for part, mask in zip(parts, alive, strict=True)]
    return np.concatenate([np.empty(0, dtype=np.float64), *kept])


def _joined_bits(
    parts: Sequence[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]], alive: Sequence[Mask]
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    kept = [part[mask] for part, mask in zip(parts, alive, strict=True)]
    return np.concatenate([np.empty(0, dtype=np.uint8), *kept])


def _pairs(parts: Sequence[Pairs], alive: Sequence[Mask]) -> Pairs:
    rows, codes, base = [np.empty(0, dtype=np.int32)], [np.empty(0, dtype=np.int32)], 0
    for pairs, mask in zip(parts, alive, strict=True):
        new_row = (np.cumsum(mask) - 1 + base).astype(np.int32)
        kept = mask[pairs.rows]
        rows.append(new_row[pairs.rows[kept]])
        codes.append(pairs.codes[kept])
        base += int(np.count_nonzero(mask))
    return Pairs(np.concatenate(rows), np.concatenate(codes))


def _row_of(parts: Sequence[tuple[Segment, Columns]], alive: Sequence[Mask]) -> Ints:
    total = sum(len(segment.deleted) for segment, _ in parts)
    row_of, base = np.full(total, -1, dtype=np.int32), 0
    for (segment, columns), mask in zip(parts, alive, strict=True):
        living = columns.docs[mask]
        row_of[segment.offset + living] = np.arange(base, base + len(living), dtype=np.int32)
        base += len(living)
    return row_of
