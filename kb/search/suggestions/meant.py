"""Did-you-mean: what a word that stands nowhere may have meant.

A mistyped name is torn by the analyser: of 原崎智人 the family name is known and 智人 stands
nowhere. So the whole of what was typed together is asked after first, then the part alone.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from kb.search.query import Suggestion

_TOGETHER = re.compile(r"[^\s\u3000\"'“”「」『』()()|,、。]+")

Span = tuple[int, int]


def words_around(typed: str, spans: Iterable[Span]) -> list[Span]:
    """For each part that stands nowhere: what it was typed together with, and itself."""
    found: dict[Span, None] = {}
    for start, end in spans:
        for word in _TOGETHER.finditer(typed):
            if word.start() <= start and end <= word.end():
                found[word.span()] = None
        found[start, end] = None
    return list(found)


def torn_words(typed: str, spans: Sequence[Span]) -> list[Span]:
    """What was typed as one and is read as several words."""
    return [
        word.span()
        for word in _TOGETHER.finditer(typed)
        if sum(word.start() <= start and end <= word.end() for start, end in spans) > 1
    ]


def mistyped(
    typed: str,
    words: Iterable[Span],
    meant: Callable[[str], tuple[str, ...]],
    held: Callable[[str], bool],
) -> tuple[Suggestion, ...]:
    """The same question with a name in the place of a word.

    Args:
        typed: the whole question.
        words: which parts of it may be mistyped; where one gives names, none inside it is asked.
        meant: a word -> names that are nearly it.
        held: whether a text stands anywhere as it is; then it is no mistake.
    """
    offered: dict[Suggestion, None] = {}
    settled: list[Span] = []
    for start, end in words:
        if any(a <= start and end <= b for a, b in settled):
            continue
        names = meant(typed[start:end])
        if names and not held(typed[start:end]):
            settled.append((start, end))
            for name in names:
                text = typed[:start] + name + typed[end:]
                offered[Suggestion("did_you_mean", text, name)] = None
    return tuple(offered)
