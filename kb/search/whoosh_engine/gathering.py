"""The postings of a commit: gathered in memory, sorted at once by numpy, merged with the rest.

Whoosh's own pool holds a tuple for every document a term stands in, sorts them by comparing
and reads them back one by one: 16 CPU-seconds for the 1,921 records of 99 PDFs, of which 3 are
left here.
"""

import heapq
import pickle
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.formats import Existence

from kb.search.query import Stream
from kb.search.whoosh_engine.blocks import Block, Longs, TermPostings, blocks, packed, unpacked
from kb.search.whoosh_engine.schema import field_of, term_bytes

MOST_TOKENS = 4_000_000
"""Held before they are written to a run of their own; about 150 MB while they are sorted."""

_TWO_BYTES = 16

Ints = NDArray[np.uint32]
_by_term = itemgetter(0, 1)


class Pool:
    """Stands in for Whoosh's pool of postings in its segment writer."""

    def __init__(self, scratch: Any) -> None:
        """`scratch`: Whoosh's storage for temporary files."""
        self._scratch = scratch
        self._gathered = _Gathered()
        self._runs: list[str] = []
        self._merged: list[Iterable[TermPostings]] = []
        self._readers: list[Any] = []

    def add(self, doc: int, streams: Mapping[Stream, tuple[str, ...]]) -> None:
        """Take the tokens of the next document; `doc` is its number in the new segment."""
        self._gathered.add(doc, streams)
        if self._gathered.tokens >= MOST_TOKENS:
            self._spill()

    def merge(self, terms: Any, renumbered: Sequence[int]) -> None:
        """Take all postings of another segment.

        `terms` is Whoosh's reader of its terms, which the pool closes when it is done.
        `renumbered` gives each document's number in the new segment, -1 for a deleted one;
        they must be higher than those of everything taken before.
        """
        self._readers.append(terms)
        self._merged.append(_segment(terms, np.array(renumbered, dtype=np.int64)))

    def iter_postings(self) -> Iterator[TermPostings]:
        """Everything taken, by field and term."""
        runs = (_read(self._scratch.open_file(name)) for name in self._runs)
        sources = [*runs, self._gathered.terms(), *self._merged]
        if len(sources) == 1:
            yield from sources[0]
            return
        # Of equal terms the merge gives earlier sources first, whose numbers are lower.
        for _, same in groupby(heapq.merge(*sources, key=_by_term), key=_by_term):
            yield _joined(list(same))

    def cleanup(self) -> None:
        """Let go of everything; Whoosh calls it when the segment is written or given up."""
        for reader in self._readers:
            reader.close()
        self._readers.clear()
        self._merged.clear()
        self._gathered = _Gathered()

    def _spill(self) -> None:
        name = f"{len(self._runs)}.run"
        with self._scratch.create_file(name) as stream:
            for postings in self._gathered.terms():
                pickle.dump(tuple(postings), stream)
        self._runs.append(name)
        self._gathered = _Gathered()


class _Numbers(dict[str, int]):
    """Tokens numbered in the order they are first asked for."""

    def __missing__(self, token: str) -> int:
        self[token] = number = len(self)
        return number


class _Gathered:
    """Tokens of documents, as numbers."""

    def __init__(self) -> None:
        self.tokens = 0
        self._columns = {stream: _Column() for stream in Stream}

    def add(self, doc: int, streams: Mapping[Stream, tuple[str, ...]]) -> None:
        for stream, tokens in streams.items():
            if tokens:
                self._columns[stream].add(doc, tokens)
                self.tokens += len(tokens)

    def terms(self) -> Iterator[TermPostings]:
        """By field and term."""
        for stream in sorted(self._columns, key=field_of):
            yield from self._columns[stream].terms(field_of(stream))


class _Column:
    """One stream of every document."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._codes = array("I")
        self._docs = array("I")
        self._lengths = array("I")

    def add(self, doc: int, tokens: tuple[str, ...]) -> None:
        self._codes.extend(map(self._numbers.__getitem__, tokens))
        self._docs.append(doc)
        self._lengths.append(len(tokens))

    def terms(self, field: str) -> Iterator[TermPostings]:
        texts = term_bytes(self._numbers)
        order = sorted(range(len(texts)), key=texts.__getitem__)
        ranks, docs, places = self._sorted(order)
        # A pair is a term in a document; each begins where either of them changes.
        fresh = np.ones(len(ranks), dtype=np.bool_)
        fresh[1:] = (ranks[1:] != ranks[:-1]) | (docs[1:] != docs[:-1])
        pairs = np.flatnonzero(fresh)
        first_pairs = np.searchsorted(ranks[pairs], np.arange(len(order) + 1))
        ends = np.append(pairs, len(ranks))
        counts = np.diff(ends).tolist()
        held = docs[pairs].tolist()
        string = packed(places)
        width = len(string) // max(len(places), 1)
        cuts = (ends[first_pairs] * width).tolist()
        bounds = first_pairs.tolist()
        for at, code in enumerate(order):
            a, b = bounds[at], bounds[at + 1]
            spot = string[cuts[at] : cuts[at + 1]]
            yield TermPostings(field, texts[code], held[a:b], counts[a:b], spot)

    def _sorted(self, order: list[int]) -> tuple[Ints, Ints, Ints]:
        """Every token's term (by rank), document and place, in that order."""
        rank_of = np.empty(len(order), dtype=np.uint32)
        rank_of[order] = np.arange(len(order), dtype=np.uint32)
        lengths = np.array(self._lengths, dtype=np.int64)
        docs = np.repeat(np.array(self._docs, dtype=np.uint32), lengths)
        begins = np.repeat((np.cumsum(lengths) - lengths).astype(np.uint32), lengths)
        ranks = rank_of[np.array(self._codes, dtype=np.uint32)]
        at = _stable_order(ranks)
        return ranks[at], docs[at], at.astype(np.uint32) - begins[at]


def _stable_order(numbers: Ints) -> Longs:
    """What sorts `numbers`, which take four bytes; equal ones stay as they are.

    By two bytes at a time: for those numpy counts instead of comparing, in a third of the time.
    """
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    above = (numbers >> _TWO_BYTES).astype(np.uint16)
    if above.any():
        order = order[np.argsort(above[order], kind="stable")]
    return order


def _read(stream: Any) -> Iterator[TermPostings]:
    with stream:
        while True:
            try:
                yield TermPostings(*pickle.load(stream))  # noqa: S301 - written by this process
            except EOFError:
                return


def _segment(terms: Any, renumbered: Longs) -> Iterator[TermPostings]:
    """The postings of a segment under new numbers; deleted documents, which have -1, left out."""
    unread = Existence()
    for field, text in terms.terms():
        found = [_living(block, renumbered) for block in blocks(terms.matcher(field, text, unread))]
        docs = [doc for part in found for doc in part[0]]
        if docs:
            counts = [count for part in found for count in part[1]]
            places = found[0][2] if len(found) == 1 else np.concatenate([p[2] for p in found])
            yield TermPostings(field, text, docs, counts, packed(places))


def _living(block: Block, renumbered: Longs) -> tuple[list[int], list[int], Longs]:
    numbers = renumbered[block.docs]
    living = numbers >= 0
    places = block.places
    if not living.all():
        places = places[np.repeat(living, block.counts)]
        numbers, counts = numbers[living], block.counts[living]
        return numbers.tolist(), counts.tolist(), places
    return numbers.tolist(), block.counts.tolist(), places


def _joined(same: list[TermPostings]) -> TermPostings:
    """Postings of one term from several sources as one."""
    if len(same) == 1:
        return same[0]
    spots = [unpacked(postings.places, sum(postings.counts)) for postings in same]
    return TermPostings(
        same[0].field,
        same[0].text,
        [doc for postings in same for doc in postings.docs],
        [count for postings in same for count in postings.counts],
        packed(np.concatenate(spots)),
    )
