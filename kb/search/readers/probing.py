"""From a word to what an engine looks up for it: one variant per way of saying it."""

import re
from functools import lru_cache

from kb.japanese.fold import fold_text
from kb.japanese.tokenise import Analyser, Token, bigrams
from kb.search.query import Facet, Probe, Stream, Variant

SHORTEST_BIGRAM_WORD = 3
"""Characters. Shorter words are not looked up as character pairs: 京都 would find 東京都."""

_TWO_KANJI = re.compile("[々\u4e00-\u9fff]{2}")
_NEIGHBOURS = ("の{}が", "、{}、", "{} 研修", "3{}を")
"""What the analyser cuts in two beside these it cuts so in running text. Of 983 nouns of two kanji
in real pages 53 are, most of them ranks: 48 of 62 times 係長 was two words, 9 of 34 times 課長."""


class Prober:
    """Makes variants with the analyser that read the pages."""

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser

    def variant(self, text: str, weight: float = 1.0) -> Variant:
        """`text` as one thing: its words next to each other, in any stream."""
        analysis = self._analyser.analyse(text)
        words = tuple(token.term for token in analysis.words)
        units = tuple(token.term for token in analysis.short)
        phrase = len(words) > 1
        probes = [
            Probe(Stream.TITLE, words, phrase=phrase),
            Probe(Stream.WORDS, words, phrase=phrase),
            Probe(Stream.SHORT, units, phrase=len(units) > 1),
            *self._pairs(text, SHORTEST_BIGRAM_WORD),
            *self._cut(text),
        ]
        return Variant(text, tuple(p for p in probes if p.tokens), weight)

    def token_variant(self, token: Token, text: str, units: tuple[str, ...]) -> Variant:
        """One word of a question; `units` are the short units it is made of."""
        surface = text[token.start : token.end]
        probes = [
            Probe(Stream.TITLE, (token.term,)),
            Probe(Stream.WORDS, (token.term,)),
            *([Probe(Stream.SHORT, units, phrase=len(units) > 1)] if units else []),
            *self._pairs(surface, SHORTEST_BIGRAM_WORD),
            *self._cut(surface),
        ]
        if units and units != (token.term,):
            probes.append(Probe(Stream.TITLE, units))
        return Variant(surface, tuple(probes))

    def scattered(self, text: str, weight: float = 1.0) -> Variant:
        """All the words of `text`, wherever in a text they stand."""
        words = tuple(dict.fromkeys(token.term for token in self._analyser.words(text)))
        return Variant(text, (Probe(Stream.WORDS, words),) if words else (), weight)

    def exact(self, text: str) -> Variant:
        """`text` as it stands, character for character: a phrase in quotes."""
        pairs = self._pairs(text, 2)
        return Variant(text, pairs) if pairs else self.literal(text)

    def literal(self, text: str) -> Variant:
        """The words of `text` next to each other in any spelling, whole or in short units.

        No pair of characters is looked for, so that 京都 is not found in 東京都: exclusions.
        """
        analysis = self._analyser.analyse(text)
        words = tuple(token.term for token in analysis.words)
        units = tuple(token.term for token in analysis.short)
        sought = (
            (Stream.TITLE, words), (Stream.WORDS, words), (Stream.TITLE, units),
            (Stream.SHORT, units),
        )  # fmt: skip
        probes = [Probe(stream, said, phrase=len(said) > 1) for stream, said in sought if said]
        return Variant(text, tuple(dict.fromkeys((*probes, *self._cut(text)))))

    def loose(self, variant: Variant) -> Variant:
        """The same, found inside other words too: for a word that nothing holds otherwise."""
        pairs = self._pairs(variant.surface, 2)
        known = set(variant.probes)
        return Variant(
            variant.surface,
            (*variant.probes, *(probe for probe in pairs if probe not in known)),
            variant.weight,
            variant.facet,
        )

    def _cut(self, text: str) -> tuple[Probe, ...]:
        """A word of two kanji as the two words that it is beside some neighbours; most have none.

        Only those are looked up so: the pages of single kanji are long lists.
        """
        folded = fold_text(text).strip()
        units = _cut_in_two(self._analyser, folded) if _TWO_KANJI.fullmatch(folded) else ()
        streams = (Stream.TITLE, Stream.SHORT) if units else ()
        return tuple(Probe(stream, units, phrase=True) for stream in streams)

    def _pairs(self, text: str, shortest: int) -> tuple[Probe, ...]:
        folded = fold_text(text).strip()
        pairs = bigrams(folded)
        if len(folded) < shortest or not pairs:
            return ()
        return (Probe(Stream.BIGRAMS, pairs, phrase=len(pairs) > 1),)


def facet_variant(surface: str, facet: Facet, value: str, weight: float = 1.0) -> Variant:
    """A variant that a record holds by what it is filed under."""
    return Variant(surface, (), weight, (facet, value))


@lru_cache(maxsize=10_000)
def _cut_in_two(analyser: Analyser, word: str) -> tuple[str, ...]:
    """The two words that a word is beside some neighbours; kept, since each look takes 0.1 ms."""
    cuts = (_cut_within(analyser, word, neighbours) for neighbours in _NEIGHBOURS)
    return next(filter(None, cuts), ())


def _cut_within(analyser: Analyser, word: str, neighbours: str) -> tuple[str, ...]:
    start = neighbours.index("{")
    tokens = analyser.analyse(neighbours.format(word)).short
    inside = [t for t in tokens if start <= t.start and t.end <= start + len(word)]
    return tuple(token.term for token in inside) if len(inside) == len(word) else ()
