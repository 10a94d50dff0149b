"""The names of one kind for one set of readers, as one long text in the order of rank.

The text holds every key between line ends. Looking for a beginning is looking for a line end
and what was typed; the first places found are the best ranked, so a common beginning is found at
once, and a rare one costs one pass of :meth:`str.find` (measured by ``tests.bench.suggestions``).
A sorted array with bisection finds beginnings faster, but neither the best ranked of many
beginnings nor anything inside a name.

Near misses are found by pairs of characters, line ends among them: a key that is `n` wrong
characters away shares all but 2n of the pairs of what was typed.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kb.domain.offerable import Offerable, OfferKind
from kb.domain.rights import Audience
from kb.search.suggestions.distance import distances, tolerance
from kb.search.suggestions.kept import KeptThings
from kb.search.suggestions.keys import keys_of

LONGEST_NEAR = 24
"""Characters of a key whose pairs are filed, and of what may be mistyped."""
LEAST_BEGINNING = 6
"""Characters from which the beginning of a longer name may hold mistakes: 福律市 would else be
the beginning of every title about 福岡市."""
MOST_COMPARED = 200
"""Keys of one shelf whose distance is worked out, those with most pairs in common."""

_END = "\n"
_NO_DIGIT = re.compile(r"\D+")
_SHIFT = 21
"""Bits of a character's number."""

Codes = NDArray[np.uint64]
Numbers = NDArray[np.uint32]


class Shelf:
    """The names of things of one kind for the same audiences.

    It holds few objects, and large ones: one of 100,000 titles is written and read again, from
    one process to another, in milliseconds.
    """

    def __init__(
        self, audiences: frozenset[Audience], kind: OfferKind, things: Sequence[Offerable]
    ) -> None:
        """Take the things in the order of rank."""
        self.audiences = audiences
        self.kind = kind
        self.things = KeptThings(audiences, kind, things)
        self._owners, self._starts = array("I"), array("I")
        self._read = bytearray()
        keys: list[str] = []
        at = 1
        for number, thing in enumerate(things):
            names, readings = keys_of(thing)
            for key in (*names, *readings):
                keys.append(key)
                self._owners.append(number)
                self._starts.append(at)
                at += len(key) + 1
            self._read += bytes(len(names)) + b"\1" * len(readings)
        self._text = _END + _END.join(keys) + _END
        self._codes, self._bounds, self._filed = _pairs_filed(self._text, self._starts)

    def holds(self, wanted: str) -> bool:
        """Whether `wanted` stands anywhere in it: if not, there is nothing to look for singly."""
        return wanted in self._text

    def beginning(self, wanted: str, most: int) -> list[int]:
        """The first `most` things of which a name begins with `wanted`."""
        return self._found(_END + wanted, most)

    def whole(self, wanted: str, most: int) -> list[int]:
        """The first `most` things of which `wanted` is a name."""
        return self._found(_END + wanted + _END, most)

    def inside(self, wanted: str, most: int) -> list[int]:
        """The first `most` things of which a name, not only its reading, holds `wanted`."""
        return self._found(wanted, most, names_alone=True)

    def near(self, wanted: str, *, whole: bool) -> Iterator[tuple[int, int]]:
        """Things with a name that is nearly `wanted`: how many characters are wrong, and which.

        Args:
            wanted: what was typed, folded.
            whole: take no longer names of which only the beginning is near.
        """
        most = tolerance(len(wanted))
        if not most or len(wanted) > LONGEST_NEAR:
            return
        whole = whole or len(wanted) < LEAST_BEGINNING
        digits = _NO_DIGIT.sub("", wanted)
        for key in self._alike(_END + wanted + (_END if whole else ""), 2 * most):
            start = self._starts[key]
            name = self._text[start : self._text.index(_END, start)]
            # Another number is no mistyped one: No10, No11.
            if not _NO_DIGIT.sub("", name).startswith(digits):
                continue
            exact, begun = distances(wanted, name, most)
            # The whole of a name before the beginning of one.
            wrong = 2 * exact if exact <= most else 2 * begun + 1
            if exact <= most or (begun <= most and not whole):
                yield wrong, self._owners[key]

    def _found(self, wanted: str, most: int, *, names_alone: bool = False) -> list[int]:
        text, starts, owners = self._text, self._starts, self._owners
        found: dict[int, None] = {}
        at = text.find(wanted)
        while at >= 0 and len(found) < most:
            key = bisect_right(starts, at + 1) - 1
            if not (names_alone and self._read[key]):
                found[owners[key]] = None
            # On to the next key: what else this one holds changes nothing.
            at = text.find(wanted, max(at + 1, self._end_of(key)))
        return list(found)

    def _end_of(self, key: int) -> int:
        """Where the line end before the next key stands."""
        following = key + 1
        return self._starts[following] - 1 if following < len(self._starts) else len(self._text)

    def _alike(self, marked: str, lost: int) -> list[int]:
        """Keys that share all but `lost` pairs with `marked`, those with most in common first."""
        pairs = np.unique(_codes(marked)[0])
        at = np.searchsorted(self._codes, pairs)
        known = [
            place
            for place, pair in zip(at.tolist(), pairs.tolist(), strict=True)
            if place < len(self._codes) and int(self._codes[place]) == pair
        ]
        least = max(1, len(pairs) - lost)
        if len(known) < least:
            return []
        filed = [self._filed[self._bounds[place] : self._bounds[place + 1]] for place in known]
        shared = np.bincount(np.concatenate(filed))
        keys = np.flatnonzero(shared >= least)
        order = np.argsort(-shared[keys], kind="stable")[:MOST_COMPARED]
        return [int(key) for key in keys[order]]


def _codes(text: str) -> tuple[Codes, NDArray[np.uint32]]:
    """The number of each pair of neighbouring characters, and the characters' own numbers."""
    letters = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    return (letters[:-1].astype(np.uint64) << np.uint64(_SHIFT)) | letters[1:], letters


def _pairs_filed(text: str, starts: Sequence[int]) -> tuple[Codes, Numbers, Numbers]:
    """Pairs in order, where each one's keys begin, and the keys, each once for a pair."""
    codes, letters = _codes(text)
    if not len(starts):
        empty = np.zeros(0, dtype=np.uint32)
        return np.zeros(0, dtype=np.uint64), np.zeros(1, dtype=np.uint32), empty
    ends = np.cumsum(letters[:-1] == ord(_END), dtype=np.uint32) - 1
    origin = np.asarray(starts, dtype=np.uint32) - np.uint32(1)
    near_start = np.arange(len(codes), dtype=np.uint32) - origin[ends] <= LONGEST_NEAR
    codes, keys = codes[near_start], ends[near_start]
    order = np.argsort(codes, kind="stable")  # the keys of a pair stay in the order of rank
    codes, keys = codes[order], keys[order]
    fresh = np.ones(len(codes), dtype=bool)
    fresh[1:] = (codes[1:] != codes[:-1]) | (keys[1:] != keys[:-1])
    codes, keys = codes[fresh], keys[fresh]
    first = np.flatnonzero(np.append(True, codes[1:] != codes[:-1]))
    bounds = np.append(first, len(codes)).astype(np.uint32)
    return codes[first], bounds, keys
