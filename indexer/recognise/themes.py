"""Themes, by words that belong to them: in the title, in headings, and again and again."""

import math
import re
from collections.abc import Iterator

from indexer.recognise.evidence import Evidence, Recognised, best_first
from indexer.recognise.reading import Line, Place, Reading
from kb.domain.classification import Theme
from kb.domain.theme_words import THEME_WORDS
from kb.japanese.fold import fold_text

LEAST = 0.4
MOST = 3
"""A case has one to three themes."""

_PLACES = {
    Place.TITLE: 4.0, Place.COVER: 2.0, Place.HEADING: 1.6, Place.BODY: 1.0, Place.RUNNING: 0.0,
}  # fmt: skip
_METADATA = 2.0
_SHARE = 0.3
"""What a second theme must have of the first one's score."""
_ENOUGH = 4.0
"""The score at which one is about as likely right as wrong."""

_WORDS: dict[str, list[tuple[Theme, float]]] = {}
for _theme, _list in THEME_WORDS.items():
    for _word, _weight in _list.items():
        _WORDS.setdefault(_word, []).append((_theme, _weight))
_PATTERN = re.compile(
    "|".join(
        rf"(?<![A-Za-z]){word}(?![A-Za-z])" if word.isascii() else re.escape(word)
        for word in sorted(_WORDS, key=len, reverse=True)
    )
)
_IN_OFFICE = re.compile("[一-鿿]{0,4}[課部局室係](?![長題])")
"""財政課 is who speaks, not what is spoken of."""


def recognise_themes(reading: Reading) -> tuple[Recognised[Theme], ...]:
    """What the document is about, of the closed list; three at most."""
    scores: dict[Theme, float] = dict.fromkeys(Theme, 0.0)
    evidence: dict[Theme, list[tuple[float, Evidence]]] = {theme: [] for theme in Theme}
    by_word: dict[str, list[tuple[float, Evidence]]] = {}
    for word, weight, ground in _met(reading):
        by_word.setdefault(word, []).append((weight, ground))
    for word, met in by_word.items():
        strongest, ground = max(met, key=lambda one: one[0])
        for theme, own in _WORDS[word]:
            # The tenth time a word stands there says little more than the third.
            scores[theme] += own * (strongest + math.log2(len(met)))
            evidence[theme].append((own * strongest, ground))
    return _proposed(scores, evidence)


def _proposed(
    scores: dict[Theme, float], evidence: dict[Theme, list[tuple[float, Evidence]]]
) -> tuple[Recognised[Theme], ...]:
    top = max(scores.values(), default=0.0)
    found = []
    for theme, score in scores.items():
        if score <= 0 or score < _SHARE * top:
            continue
        confidence = min(0.92, score / (score + _ENOUGH) * (0.6 + 0.4 * score / top))
        grounds = sorted(evidence[theme], key=lambda one: -one[0])[:3]
        found.append(Recognised(theme, round(confidence, 3), tuple(g for _, g in grounds), "words"))
    return best_first(found, LEAST)[:MOST]


def _met(reading: Reading) -> Iterator[tuple[str, float, Evidence]]:
    for line in reading.lines:
        weight = _PLACES[line.place]
        if weight:
            yield from _in_line(line, weight)


def _in_line(line: Line, weight: float) -> Iterator[tuple[str, float, Evidence]]:
    folded = fold_text(line.text)
    same = len(folded) == len(line.text)
    for match in _PATTERN.finditer(folded):
        if _IN_OFFICE.match(folded, match.end()):
            continue
        ground = line.evidence(match.start(), match.end()) if same else line.whole
        yield match.group(), weight, ground
