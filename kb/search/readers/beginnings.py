"""Reading the beginning of a word: カイゼ*, 改善*, kinto*, and letters left open: k?ntone.

What a pattern stands for is looked up among the terms of the index. Latin letters are compared
with words as they are written, Japanese ones with words as the analyser spells them; a beginning
in kana, or in Latin letters that no word has, also with the readings of common words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kb.japanese.fold import fold_text
from kb.japanese.readings import romaji, to_hiragana
from kb.japanese.tokenise import Analyser
from kb.search.engine import BadQuery
from kb.search.query import Probe, Stream, Variant
from kb.search.readers.probing import Prober
from kb.search.readers.typed import PieceKind, parse
from kb.search.suggestions.spoken import READINGS
from kb.search.term_patterns import MOST_TERMS, TermPattern, TermsFound, TermSource

MOST_PATTERNS = 4
"""Of one question: each may stand for 64 terms."""
LEAST_UNFINISHED = 3
"""Characters of kana that may be a word not typed to its end."""

_STREAMS = (Stream.TITLE, Stream.WORDS, Stream.SHORT)
_EVERYWHERE = (*_STREAMS, Stream.BIGRAMS)
"""Where runs of Latin letters stand whole."""
_TERM_WEIGHT = 0.9
_LEAST = {"latin": 2, "kana": 2, "other": 1}
"""Characters before the first sign."""
_LEAST_READ = 3
"""Latin letters that may be the beginning of a reading: kinto is 均等 too."""

_LATIN = re.compile(r"[a-z0-9]*[*?][a-z0-9*?]*|[a-z0-9]+[a-z0-9*?]*\*")
_QUESTION = re.compile(r"[a-z0-9]+\?[a-z0-9?]*[a-z0-9]")
"""A question mark at the end of a word asks; it stands for a letter only between letters."""
_JAPANESE = re.compile(r"[^\W_]+\*+")
_SOME_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]+")
_AT_THE_START = re.compile(r"[*]+[^\W_]")
_IN_THE_MIDDLE = re.compile(r"[^\W_]+\*+[^\W_].*")


@dataclass(frozen=True, slots=True)
class Begun:
    """What the beginning of a word, or a word with letters left open, stands for."""

    variants: tuple[Variant, ...]
    label: str
    searched: tuple[str, ...]


class BeginningReader:
    """Reads patterns against the terms of one index."""

    def __init__(self, analyser: Analyser, prober: Prober, terms: TermSource) -> None:
        self._analyser = analyser
        self._prober = prober
        self._terms = terms

    def read(self, text: str, *, excluded: bool = False) -> Begun | None:
        """What a pattern stands for, or None for a word that is none.

        Raises:
            BadQuery: it leaves the beginning open, tells too little, or would leave out more
                words than can be named.
        """
        pattern = _pattern(text)
        if pattern is None:
            return None
        latin = pattern.isascii()
        found = self._latin(pattern) if latin else self._japanese(pattern)
        if excluded and found.cut:
            raise BadQuery(f"「{text}」にあたる語が多すぎて、のぞけません。文字を足してください。")
        stem = pattern.rstrip("*")
        whole = () if latin else self._stem(stem, excluded=excluded)
        variants = (*whole, *(_variant(term) for term in found.terms))
        return Begun(variants, _label(pattern, found), found.terms)

    # -- what is looked up ---------------------------------------------------------------

    def _latin(self, pattern: str) -> TermsFound:
        found = self._terms(TermPattern(_EVERYWHERE, pattern))
        stem = pattern.rstrip("*")
        if found.terms or not stem.isalpha() or len(stem) < _LEAST_READ:
            return found
        return self._read_as(word for word, _, latin in _spoken() if latin.startswith(stem))

    def _japanese(self, pattern: str) -> TermsFound:
        stem = pattern.rstrip("*")
        found = [self._terms(TermPattern(_STREAMS, f"{s}*")) for s in self._spellings(stem)]
        if _KANA.fullmatch(stem):
            read = to_hiragana(stem)
            spoken = (word for word, kana, _ in _spoken() if kana.startswith(read))
            found.append(self._read_as(spoken))
        return _together(found)

    def _spellings(self, stem: str) -> tuple[str, ...]:
        """A beginning as it is typed and, where it is a word, as the analyser spells it."""
        return tuple(dict.fromkeys((stem, *self._spelt(stem))))

    def _spelt(self, text: str) -> tuple[str, ...]:
        """A word as the analyser spells it; nothing for several words."""
        words = self._analyser.words(text)
        return tuple(word.term for word in words) if len(words) == 1 else ()

    def _read_as(self, words: Iterator[str]) -> TermsFound:
        """Those of `words` that stand somewhere, as the analyser spells them."""
        terms = dict.fromkeys(t for word in words for t in self._spelt(word))
        return _together([self._terms(TermPattern(_STREAMS, term)) for term in terms])

    def _stem(self, stem: str, *, excluded: bool) -> tuple[Variant, ...]:
        """The beginning itself: several words one after the other, or letters within a word.

        Kana to be left out may not stay in because the analyser spells them otherwise; what is
        asked for is looked for within words from three letters on, as any word is.
        """
        if excluded:
            letters = (self._prober.exact(stem),) if _SOME_KANA.search(stem) else ()
            return (self._prober.literal(stem), *letters)
        if len(stem) < LEAST_UNFINISHED and _KANA.fullmatch(stem):
            return ()
        return (replace(self._prober.variant(stem), weight=_TERM_WEIGHT),)


def unfinished(typed: str, missing: Sequence[tuple[int, int]]) -> str | None:
    """The question with its last word as the beginning of a word, or None where that is no kana
    or stands somewhere.

    Args:
        typed: the question.
        missing: where words stand in it that nothing holds.
    """
    last = next(reversed(parse(typed)), None)
    if last is None or last.kind is not PieceKind.WORD or last.field or last.excluded:
        return None
    kana = len(last.text) >= LEAST_UNFINISHED and _KANA.fullmatch(fold_text(last.text))
    ends = last.end == len(typed.rstrip())
    nowhere = any(last.start <= start and end <= last.end for start, end in missing)
    return f"{typed.rstrip()}*" if kana and ends and nowhere else None


def _pattern(text: str) -> str | None:
    """A pattern as terms are folded, or None for what is a word.

    Raises:
        BadQuery: see :meth:`BeginningReader.read`.
    """
    folded = fold_text(text).casefold().strip()
    signs = "*" in folded or _QUESTION.fullmatch(folded)
    if not signs or not any(letter.isalnum() for letter in folded):
        return None
    if _AT_THE_START.match(folded):
        raise BadQuery(
            f"「{text}」は調べられません。「*」は、「カイゼ*」のように語のはじめの文字のあとに付けてください。"
        )
    latin = _LATIN.fullmatch(folded) or _QUESTION.fullmatch(folded)
    if latin is None and _IN_THE_MIDDLE.fullmatch(folded):
        raise BadQuery(
            f"「{text}」は調べられません。日本語の語では「*」は終わりだけに付けられます。"
            "ことばを空白で区切ってください。"
        )
    if latin is None and not _JAPANESE.fullmatch(folded):
        return None
    stem = re.split(r"[*?]", folded, maxsplit=1)[0]
    sort = "latin" if latin else "kana" if _KANA.fullmatch(stem) else "other"
    least = _LEAST[sort] if "*" in folded else 1
    if len(stem) < least:
        raise BadQuery(f"「{text}」は広すぎます。「*」の前に{least}文字以上入れてください。")
    return folded


def _variant(term: str) -> Variant:
    return Variant(term, tuple(Probe(stream, (term,)) for stream in _EVERYWHERE), _TERM_WEIGHT)


def _label(pattern: str, found: TermsFound) -> str:
    begins = pattern.rstrip("*").isalnum()
    what = "で始まる語" if begins else "にあたる語"
    return f"{what}(よく出てくる{MOST_TERMS}語まで)" if found.cut else what


def _together(found: list[TermsFound]) -> TermsFound:
    terms = tuple(dict.fromkeys(term for each in found for term in each.terms))
    return TermsFound(terms[:MOST_TERMS], any(e.cut for e in found) or len(terms) > MOST_TERMS)


@cache
def _spoken() -> tuple[tuple[str, str, str], ...]:
    """Common words with their kana and their Latin letters."""
    return tuple((word, kana, romaji(kana)) for word, kana in READINGS.items())
