"""Words, short units and character pairs of a text; the only place that knows SudachiPy.

The same analyser reads pages and queries, so both see the same words. Its fingerprint
names everything that could change what it says; an index made under another fingerprint
is out of date.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from itertools import pairwise

from sudachipy import Dictionary, SplitMode, Tokenizer

from kb.japanese.fold import VERSION as FOLD_VERSION
from kb.japanese.fold import Folded, fold

TOKEN_VERSION = 1
"""Raise it when the choice of tokens changes."""

LONGEST_TOKEN = 64
"""Characters; longer runs (encoded data in a PDF) are cut."""

_CHUNK_CHARACTERS = 12_000
"""SudachiPy takes 49,149 bytes a call: four bytes a character at the worst."""

_SILENT = frozenset({"助詞", "助動詞", "補助記号", "記号", "空白"})
"""Parts of speech that carry no meaning to search for; leaving them out was worth .01 MRR@10."""

_RUNS = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
_BREAKS = re.compile(r"(?<=[。\n])")


@dataclass(frozen=True, slots=True)
class Token:
    """A term and the half-open range of the source text it stands for."""

    term: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the analyser makes of one text."""

    words: tuple[Token, ...]
    """Longest units (Sudachi C), normalised: 取組 and とりくみ are both 取り組み."""
    short: tuple[Token, ...]
    """Shortest units (Sudachi A), normalised."""
    bigrams: tuple[str, ...]
    """Overlapping pairs of Japanese characters; runs of Latin letters and digits whole."""


def bigrams(folded: str) -> tuple[str, ...]:
    """Overlapping character pairs of a folded text, in order."""
    return tuple(_bigrams(folded.casefold()))


def _bigrams(text: str) -> Iterator[str]:
    for match in _RUNS.finditer(text):
        run = match.group()
        if run.isascii() or len(run) == 1:
            yield run[:LONGEST_TOKEN]
        else:
            yield from (first + second for first, second in pairwise(run))


class Analyser:
    """Reads Japanese text; safe to share between threads.

    The dictionary (0.15 s, about 200 MB mapped) is loaded at the first use.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._dictionary: Dictionary | None = None
        self._local = threading.local()

    @cached_property
    def fingerprint(self) -> str:
        """Names every version that decides what the tokens are."""
        return (
            f"fold{FOLD_VERSION}+tokens{TOKEN_VERSION}"
            f"+sudachipy{version('sudachipy')}+core{version('sudachidict-core')}"
        )

    def analyse(self, text: str) -> Analysis:
        """Tokens of `text`, with offsets into `text` as it was given."""
        folded = fold(text)
        words: list[Token] = []
        short: list[Token] = []
        for offset, chunk in _chunks(folded.text):
            # Morpheme.split panics in SudachiPy 0.7.0 (index out of bounds): two passes instead.
            words.extend(self._tokens(chunk, SplitMode.C, offset, folded))
            short.extend(self._tokens(chunk, SplitMode.A, offset, folded))
        return Analysis(tuple(words), tuple(short), bigrams(folded.text))

    def words(self, text: str) -> tuple[Token, ...]:
        """The longest units of `text` alone."""
        folded = fold(text)
        return tuple(
            token
            for offset, chunk in _chunks(folded.text)
            for token in self._tokens(chunk, SplitMode.C, offset, folded)
        )

    def _tokens(self, chunk: str, mode: SplitMode, offset: int, folded: Folded) -> Iterator[Token]:
        for morpheme in self._tokenizer.tokenize(chunk, mode):
            if morpheme.part_of_speech()[0] not in _SILENT:
                span = folded.source_span(offset + morpheme.begin(), offset + morpheme.end())
                yield Token(morpheme.normalized_form().casefold()[:LONGEST_TOKEN], *span)

    @property
    def _tokenizer(self) -> Tokenizer:
        # A Tokenizer used by two threads raises; a Dictionary may be shared.
        tokenizer: Tokenizer | None = getattr(self._local, "tokenizer", None)
        if tokenizer is None:
            with self._lock:
                if self._dictionary is None:
                    self._dictionary = Dictionary(dict="core")
                tokenizer = self._local.tokenizer = self._dictionary.tokenizer()
        return tokenizer


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Pieces short enough for SudachiPy, cut after a sentence or a line where there is one."""
    start = 0
    while start < len(text):
        end = min(start + _CHUNK_CHARACTERS, len(text))
        if end < len(text):
            cuts = [match.start() for match in _BREAKS.finditer(text, start + 1, end)]
            end = cuts[-1] if cuts else end
        yield start, text[start:end]
        start = end
