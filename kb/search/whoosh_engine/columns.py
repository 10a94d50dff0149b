"""The cards of a segment as numpy arrays: what is filtered, counted, sorted and weighed.

Segments never change, so their arrays are made once and kept from commit to commit; only
which of their documents are deleted differs (see ``tables``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from kb.search.engine import RecordKind
from kb.search.query import Facet, Stream
from kb.search.scoring import quantised_length
from kb.search.whoosh_engine.schema import CARD, STREAMS, Card

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Lexicon:
    """Words numbered in the order they were first seen.

    It only grows, and by one thread at a time (the engine opens one commit at a time), so
    others may read meanwhile.
    """

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._words: list[str] = []

    def __len__(self) -> int:
        return len(self._words)

    def add(self, word: str) -> int:
        """The number of `word`, a new one if needed."""
        code = self._codes.get(word)
        if code is None:
            code = len(self._words)
            self._words.append(word)
            self._codes[word] = code
        return code

    def code(self, word: str) -> int | None:
        """The number of `word`, None when no record has it."""
        return self._codes.get(word)

    def word(self, code: int) -> str:
        """The word with this number."""
        return self._words[code]

    def words(self, codes: Iterable[int]) -> list[str]:
        """The words with these numbers."""
        held = self._words
        return [held[code] for code in codes]

    def ranks(self, count: int) -> Ints:
        """For each of the first `count` numbers, its word's place in alphabetical order."""
        order = sorted(range(count), key=self._words.__getitem__)
        ranks = np.empty(count, dtype=np.int32)
        ranks[order] = np.arange(count, dtype=np.int32)
        return ranks


@dataclass(frozen=True, slots=True)
class Lexicons:
    """The words of one generation, shared by all its segments."""

    subjects: Lexicon
    documents: Lexicon
    values: Mapping[Facet, Lexicon]


def lexicons() -> Lexicons:
    """Empty ones."""
    return Lexicons(Lexicon(), Lexicon(), {facet: Lexicon() for facet in Facet})


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which row carries which facet value; rows ascending, values in the record's order."""

    rows: Ints
    codes: Ints


@dataclass(frozen=True, slots=True)
class Columns:
    """The records of one kind in one segment; parallel arrays, one element a record."""

    docs: Ints
    """Whoosh's document number within the segment, ascending."""
    subjects: Ints
    documents: Ints
    pages: Ints
    audiences: NDArray[np.uint8]
    tokens: Mapping[Stream, Ints]
    """Exact lengths."""
    lengths: Mapping[Stream, Floats]
    """The same as BM25 remembers them."""
    facets: Mapping[Facet, Pairs]


class Strings(Sequence[str]):
    """Strings that are seldom asked for, in one piece of bytes: half the room of a list."""

    def __init__(self, strings: Iterable[str]) -> None:
        encoded = [text.encode("utf-8", "surrogatepass") for text in strings]
        self._bytes = b"".join(encoded)
        self._ends = np.cumsum([len(text) for text in encoded], dtype=np.int64)

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError(at)
        start = int(self._ends[at - 1]) if at else 0
        return self._bytes[start : int(self._ends[at])].decode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class SegmentColumns:
    """Everything kept of one segment."""

    keys: Sequence[str]
    """One a document, in the order of document numbers."""
    versions: Sequence[str]
    kinds: Mapping[RecordKind, Columns]


def read_segment(leaf: Any, words: Lexicons) -> SegmentColumns:
    """Read the cards of a segment; `leaf` is Whoosh's reader of it. Deleted ones are read too.

    A card is let go of as soon as it is noted: holding them all kept the garbage collector
    busy for two thirds of the time.
    """
    keys: list[str] = []
    versions: list[str] = []
    notes = {kind.value: _Notes(words) for kind in RecordKind}
    for doc in range(leaf.doc_count_all()):
        card = Card(*leaf.stored_fields(doc)[CARD])
        keys.append(card.key)
        versions.append(card.version)
        notes[card.kind].add(doc, card)
    return SegmentColumns(
        Strings(keys), Strings(versions), {kind: notes[kind.value].columns() for kind in RecordKind}
    )


class _Notes:
    """Columns in the making."""

    def __init__(self, words: Lexicons) -> None:
        self._subject, self._document = words.subjects.add, words.documents.add
        self._value = {facet.value: words.values[facet].add for facet in Facet}
        self._rows: dict[str, list[int]] = {facet.value: [] for facet in Facet}
        self._codes: dict[str, list[int]] = {facet.value: [] for facet in Facet}
        self._fixed: list[tuple[int, int, int, int, int]] = []
        self._lengths: list[tuple[int, ...]] = []

    def add(self, doc: int, card: Card) -> None:
        """Note the next card."""
        row = len(self._fixed)
        subject, document = self._subject(card.subject), self._document(card.document)
        self._fixed.append((doc, subject, document, card.page, card.audiences))
        self._lengths.append(card.lengths)
        for name, values in card.facets:
            number = self._value[name]
            for value in values if len(values) == 1 else dict.fromkeys(values):
                self._rows[name].append(row)
                self._codes[name].append(number(value))

    def columns(self) -> Columns:
        """The arrays."""
        fixed = _matrix(self._fixed, 5)
        lengths = _matrix(self._lengths, len(STREAMS))
        tokens = {stream: lengths[:, at].copy() for at, stream in enumerate(STREAMS)}
        return Columns(
            docs=fixed[:, 0].copy(),
            subjects=fixed[:, 1].copy(),
            documents=fixed[:, 2].copy(),
            pages=fixed[:, 3].copy(),
            audiences=fixed[:, 4].astype(np.uint8),
            tokens=tokens,
            lengths={stream: _quantised(exact) for stream, exact in tokens.items()},
            facets={f: Pairs(_ints(self._rows[f]), _ints(self._codes[f])) for f in Facet},
        )


def _matrix(rows: Sequence[tuple[int, ...]], width: int) -> Ints:
    return np.array(rows, dtype=np.int32).reshape(len(rows), width)


def _ints(numbers: Sequence[int]) -> Ints:
    return np.array(numbers, dtype=np.int32)


def _quantised(exact: Ints) -> Floats:
    return np.array([quantised_length(tokens) for tokens in exact.tolist()], dtype=np.float64)
