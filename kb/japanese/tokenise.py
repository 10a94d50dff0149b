"""Words, short units and character pairs of a text; the only place that knows SudachiPy.

The same analyser reads pages and queries, so both see the same words. Its fingerprint
names everything that could change what it says; an index made under another fingerprint
is out of date.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from itertools import accumulate
from operator import add
from typing import NamedTuple

from sudachipy import Dictionary, Morpheme, SplitMode, Tokenizer

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

_NOUNS = frozenset({"名詞", "代名詞", "形状詞"})
_NAMES = "固有名詞"

_MOST_LEARNT = 50_000
"""Words remembered, about 30 MB; 1.4 million characters of real pages hold 27,000."""

_LEAST_JAPANESE = 20
"""Characters; in a shorter text a single name would be all that is known of it."""

_RUNS = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
_BREAKS = re.compile(r"(?<=[。\n])")
_JAPANESE_RUNS = re.compile("[々〆ヶぁ-ゖァ-ヺー\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+")


class Token(NamedTuple):
    """A term and the half-open range of the source text it stands for."""

    term: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spans:
    """Terms in the order of the text, and the range each stands for; three parallel columns.

    A page is read in half the time when no object is made for each of its tokens.
    """

    terms: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def tokens(self) -> tuple[Token, ...]:
        """The same, one object a token."""
        return tuple(map(Token, self.terms, self.starts, self.ends))


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the analyser makes of one text."""

    word_spans: Spans
    """Longest units (Sudachi C), normalised: 取組 and とりくみ are both 取り組み."""
    short_spans: Spans
    """Shortest units (Sudachi A), normalised."""
    folded: str
    """The text as it was read."""
    unknown: float
    """Share of the Japanese characters that stand in words no dictionary has, 0 to 1: names in
    good text, most of what was decoded wrongly. 0 where there are fewer than 20 of them."""

    @property
    def bigrams(self) -> tuple[str, ...]:
        """Overlapping pairs of Japanese characters; runs of Latin letters and digits whole."""
        return bigrams(self.folded)

    @property
    def words(self) -> tuple[Token, ...]:
        """The longest units, one object each."""
        return self.word_spans.tokens()

    @property
    def short(self) -> tuple[Token, ...]:
        """The shortest units, one object each."""
        return self.short_spans.tokens()


class _Word(NamedTuple):
    """What is to be known of a word wherever it stands."""

    length: int
    """Characters."""
    term: str | None
    """None where it carries no meaning to search for."""
    units: tuple[str, ...]
    """Terms of its shortest units."""
    ranges: tuple[tuple[int, int], ...]
    """Where each unit stands within the word."""
    unknown: int
    """How many of its characters are Japanese, if no dictionary has it."""


def bigrams(folded: str) -> tuple[str, ...]:
    """Overlapping character pairs of a folded text, in order."""
    found: list[str] = []
    for run in _RUNS.findall(folded.casefold()):
        if run.isascii() or len(run) == 1:
            found.append(run[:LONGEST_TOKEN])
        else:
            found.extend(map(add, run, run[1:]))
    return tuple(found)


_LOADING = threading.Lock()


@cache
def _dictionary() -> Dictionary:
    return Dictionary(dict="core")


class Analyser:
    """Reads Japanese text; safe to share between threads.

    The dictionary (0.15 s, about 200 MB mapped) is loaded once in a process, at the first use.
    """

    def __init__(self) -> None:
        self._local = threading.local()
        self._known: dict[tuple[str, int], _Word] = {}

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
        words = self._read(folded.text)
        japanese = _japanese(folded.text)
        unknown = sum([word.unknown for word in words])
        return Analysis(
            _word_spans(words, folded),
            _short_spans(words, folded),
            folded.text,
            unknown / japanese if japanese >= _LEAST_JAPANESE else 0.0,
        )

    def words(self, text: str) -> tuple[Token, ...]:
        """The longest units of `text` alone."""
        folded = fold(text)
        return _word_spans(self._read(folded.text), folded).tokens()

    def is_common_word(self, text: str) -> bool:
        """Whether all of `text` is one noun of the dictionary, adjectival ones too, and no name."""
        morphemes = self._tokenizer.tokenize(fold(text).text[:LONGEST_TOKEN], SplitMode.C)
        if len(morphemes) != 1 or morphemes[0].is_oov():
            return False
        part, kind = morphemes[0].part_of_speech()[:2]
        return part in _NOUNS and kind != _NAMES

    def _read(self, text: str) -> list[_Word]:
        """One pass of Sudachi over a folded text; its words follow one another without gaps."""
        words, known = [], self._known.get
        for chunk in _chunks(text):
            for morpheme in self._tokenizer.tokenize(chunk, SplitMode.C):
                key = morpheme.surface(), morpheme.word_id()
                words.append(known(key) or self._learn(key, morpheme))
        return words

    def _learn(self, key: tuple[str, int], morpheme: Morpheme) -> _Word:
        """Remember a word; two threads may learn the same one, which does no harm.

        The units of mode A are the dictionary entry's own, wherever the word stands: splitting
        each word once gives what a second pass would (proved on 1.4 million characters), at
        the cost of none.
        """
        units = morpheme.split(SplitMode.A, add_single=False) or [morpheme]
        origin = units[0].begin()
        heard = [unit for unit in units if not _is_silent(unit) and unit.surface()]
        if len(self._known) >= _MOST_LEARNT:
            self._known.clear()
        word = self._known[key] = _Word(
            length=len(key[0]),
            term=None if _is_silent(morpheme) or not key[0] else _term(morpheme),
            units=tuple(_term(unit) for unit in heard),
            ranges=tuple((unit.begin() - origin, unit.end() - origin) for unit in heard),
            unknown=_japanese(key[0]) if morpheme.is_oov() else 0,
        )
        return word

    @property
    def _tokenizer(self) -> Tokenizer:
        # A Tokenizer used by two threads raises; a Dictionary may be shared.
        tokenizer: Tokenizer | None = getattr(self._local, "tokenizer", None)
        if tokenizer is None:
            with _LOADING:
                tokenizer = self._local.tokenizer = _dictionary().tokenizer()
        return tokenizer


def _word_spans(words: list[_Word], folded: Folded) -> Spans:
    starts, ends = folded.starts, folded.ends
    placed = [
        (word.term, at, at + word.length - 1)
        for word, at in zip(words, _places(words), strict=False)
        if word.term is not None
    ]
    return Spans(
        tuple([term for term, _, _ in placed]),
        tuple([starts[first] for _, first, _ in placed]),
        tuple([ends[last] for _, _, last in placed]),
    )


def _short_spans(words: list[_Word], folded: Folded) -> Spans:
    starts, ends = folded.starts, folded.ends
    placed = list(zip(words, _places(words), strict=False))
    return Spans(
        tuple([term for word in words for term in word.units]),
        tuple([starts[at + first] for word, at in placed for first, _ in word.ranges]),
        tuple([ends[at + last - 1] for word, at in placed for _, last in word.ranges]),
    )


def _places(words: list[_Word]) -> Iterator[int]:
    """Where each word begins, and where the last one ends."""
    return accumulate([word.length for word in words], initial=0)


def _japanese(text: str) -> int:
    """How many characters are kana or kanji."""
    return len("".join(_JAPANESE_RUNS.findall(text)))


def _term(morpheme: Morpheme) -> str:
    return str(morpheme.normalized_form()).casefold()[:LONGEST_TOKEN]


def _is_silent(morpheme: Morpheme) -> bool:
    return morpheme.part_of_speech()[0] in _SILENT


def _chunks(text: str) -> Iterator[str]:
    """Pieces short enough for SudachiPy, cut after a sentence or a line where there is one."""
    start = 0
    while start < len(text):
        end = min(start + _CHUNK_CHARACTERS, len(text))
        if end < len(text):
            cuts = [match.start() for match in _BREAKS.finditer(text, start + 1, end)]
            end = cuts[-1] if cuts else end
        yield text[start:end]
        start = end
