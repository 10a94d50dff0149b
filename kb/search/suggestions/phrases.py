"""Words that recur in titles, from those titles that a reader may know of.

The simplest source that can tell nobody what he may not read: no page's text is looked at, and a
word is offered to an audience only where two titles that it may know of hold the word. Keywords
that were recorded stand beside them and need no second.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kb.domain.offerable import Offerable, OfferKind
from kb.domain.rights import Audience

LEAST_TITLES = 2
MOST_PHRASES = 20_000
"""The most frequent are kept; 100,000 made-up titles hold about 10,000."""

_RUN = re.compile(r"[々一-鿿]{2,8}|[ァ-ヺー]{3,12}|[A-Za-z]{2,12}")
"""Words as titles write them: kanji, katakana, letters; longer runs name one thing."""
_NUMBERED = re.compile(r"年度|[第昭令平]|^\d")

Audiences = frozenset[Audience]


def recurring(things: Sequence[Offerable]) -> Iterator[Offerable]:
    """The words of titles that recur, the most frequent first; keywords are left out."""
    held = {thing.label for thing in things if thing.kind is OfferKind.WORD}
    titles = [t for t in things if t.kind in (OfferKind.CASE, OfferKind.DOCUMENT)]
    # Twice through the titles: what is to be known of a word is kept of few of them.
    totals = Counter(word for title in titles for word in _words(title))
    often = {w: n for w, n in totals.items() if n >= LEAST_TITLES and w not in held}
    kept = sorted(often, key=lambda word: (-often[word], word))[:MOST_PHRASES]
    counts: dict[str, Counter[Audiences]] = {word: Counter() for word in kept}
    real = set()
    for title in titles:
        for word in _words(title) & counts.keys():
            counts[word][title.audiences] += 1
            if not title.specimen:
                real.add(word)
    for word, by in counts.items():
        if audiences := _knowing(by):
            number = min(_titles(by, audience) for audience in audiences)
            yield Offerable(
                OfferKind.WORD, "", word, (word,), audiences=audiences, cases=number,
                specimen=word not in real,
            )  # fmt: skip


def _words(title: Offerable) -> set[str]:
    return {word for word in _RUN.findall(title.label) if not _NUMBERED.search(word)}


def _knowing(by: Mapping[Audiences, int]) -> Audiences:
    """Who may know of enough titles with the word."""
    return frozenset(a for a in Audience if _titles(by, a) >= LEAST_TITLES)


def _titles(by: Mapping[Audiences, int], audience: Audience) -> int:
    return sum(number for audiences, number in by.items() if audience in audiences)
