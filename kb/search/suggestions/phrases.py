"""Words that recur in titles, from those titles that a reader may know of.

The simplest source that can tell nobody what he may not read: no page's text is looked at, and a
word is offered to an audience only where two titles that it may know of hold the word. Keywords
that were recorded stand beside them and need no second.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from kb.domain.offerable import Offerable, OfferKind
from kb.domain.rights import Audience

LEAST_TITLES = 2
MOST_PHRASES = 20_000
"""The most frequent are kept; 100,000 made-up titles hold about 10,000."""

_RUN = re.compile(r"[々一-鿿]{2,8}|[ァ-ヺー]{3,12}|[A-Za-z]{2,12}")
"""Words as titles write them: kanji, katakana, letters; longer runs name one thing."""
_NUMBERED = re.compile(r"年度|[第昭令平]|^\d")

Audiences = frozenset[Audience]


def recurring(things: Iterable[Offerable]) -> Iterator[Offerable]:
    """The words of titles that recur, the most frequent first; keywords are left out."""
    counts: dict[str, Counter[Audiences]] = defaultdict(Counter)
    held = set()
    for thing in things:
        if thing.kind is OfferKind.WORD:
            held.add(thing.label)
        elif thing.kind in (OfferKind.CASE, OfferKind.DOCUMENT):
            for word in set(_RUN.findall(thing.label)):
                counts[word][thing.audiences] += 1
    often = sorted(
        ((word, by) for word, by in counts.items() if by.total() >= LEAST_TITLES),
        key=lambda each: (-each[1].total(), each[0]),
    )
    for word, by in often[:MOST_PHRASES]:
        audiences = _knowing(by)
        if audiences and word not in held and not _NUMBERED.search(word):
            number = min(_titles(by, audience) for audience in audiences)
            yield Offerable(OfferKind.WORD, "", word, (word,), audiences=audiences, cases=number)


def _knowing(by: Mapping[Audiences, int]) -> Audiences:
    """Who may know of enough titles with the word."""
    return frozenset(a for a in Audience if _titles(by, a) >= LEAST_TITLES)


def _titles(by: Mapping[Audiences, int], audience: Audience) -> int:
    return sum(number for audiences, number in by.items() if audience in audiences)
