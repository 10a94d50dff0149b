"""Beginnings of words, and what engines know that begins so.

An engine looks the terms up that it holds (two for カイゼ*, one for kint?ne) and says those that
the audience may find, the most frequent first; the question is then put with these.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from kb.search.query import Stream

MOST_TERMS = 64
"""Terms that one pattern stands for."""
MOST_WEIGHED = 128
"""Terms whose records are counted, the most frequent in all records."""
MOST_SCANNED = 5_000
"""Terms of one segment and stream that are looked at: 3 microseconds each."""

_ANY, _ONE = "*", "?"


@dataclass(frozen=True)
class TermPattern:
    """What terms are sought: letters, ``*`` for any letters, ``?`` for one."""

    streams: tuple[Stream, ...]
    text: str
    """Folded as terms are; it begins with a letter."""

    @cached_property
    def beginning(self) -> str:
        """What stands before the first ``*`` or ``?``."""
        return re.split(r"[*?]", self.text, maxsplit=1)[0]

    def fits(self, term: str) -> bool:
        """Whether a term is one of those sought, in time that grows with its length."""
        first, *rest = self._parts
        if not first.match(term):
            return False
        at = self._lengths[0]
        if not rest:
            return at == len(term)
        # Each part between two stars is taken where it first stands: no other place is better.
        for part in rest[:-1]:
            found = part.search(term, at)
            if found is None:
                return False
            at = found.end()
        last = len(term) - self._lengths[-1]
        return last >= at and rest[-1].match(term, last) is not None

    @cached_property
    def _parts(self) -> tuple["re.Pattern[str]", ...]:
        """What stands between the stars, as expressions of one length each."""
        texts = self.text.split(_ANY)
        plain = ("".join("." if c == _ONE else re.escape(c) for c in text) for text in texts)
        return tuple(re.compile(text, re.DOTALL) for text in plain)

    @cached_property
    def _lengths(self) -> tuple[int, ...]:
        return tuple(map(len, self.text.split(_ANY)))


@dataclass(frozen=True, slots=True)
class TermsFound:
    """The terms of a pattern."""

    terms: tuple[str, ...] = ()
    """Most frequent first, then by their letters; at most :data:`MOST_TERMS`."""
    cut: bool = False
    """Whether there are more."""


TermSource = Callable[[TermPattern], TermsFound]


def most_frequent(records: Mapping[str, int], *, more: bool = False) -> TermsFound:
    """The terms that a reader is told of.

    Args:
        records: for each term how many case records that the audience may find hold it.
        more: whether there were others that were not counted.
    """
    held = {term: number for term, number in records.items() if number}
    ordered = sorted(held, key=lambda term: (-held[term], term))
    return TermsFound(tuple(ordered[:MOST_TERMS]), more or len(ordered) > MOST_TERMS)


def no_terms(_pattern: TermPattern) -> TermsFound:
    """What is known without an index."""
    return TermsFound()
