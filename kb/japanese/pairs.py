"""Character pairs of a text, and of what is left of it when some of its lines are taken out.

Folding takes longer than pairing, so that each part of the text is folded once for both.
"""

from collections.abc import Sequence
from itertools import chain, pairwise

from kb.japanese.fold import fold_text
from kb.japanese.tokenise import bigrams

Pairs = tuple[str, ...]
Spans = Sequence[tuple[int, int]]
"""Half-open ranges of characters, ascending."""


def pairs_with_and_without(text: str, spans: Spans) -> tuple[Pairs, Pairs]:
    """The pairs of `text`, and those of :func:`without` the `spans`.

    Folding looks past the end of a line only to close a break inside a sentence. Where the
    spans are whole lines, the pairs of the parts are therefore the pairs of the whole, unless
    a sentence may go on from one part to the next.
    """
    if not spans:
        whole = bigrams(fold_text(text))
        return whole, whole
    if not _are_lines(text, spans):
        return bigrams(fold_text(text)), bigrams(fold_text(without(text, spans)))
    edges = (0, *chain.from_iterable(spans), len(text))
    parts = [fold_text(text[start:end]) for start, end in pairwise(edges)]
    pairs = [bigrams(part) for part in parts]
    left = tuple(chain.from_iterable(pairs[::2]))
    if any(_may_go_on(one, next_) for one, next_ in pairwise(filter(str.strip, parts))):
        return bigrams(fold_text(text)), left
    return tuple(chain.from_iterable(pairs)), left


def without(text: str, spans: Spans) -> str:
    """`text` with a blank line in place of each span, so that what stood apart stays apart."""
    pieces, done = [], 0
    for start, end in spans:
        pieces.append(text[done:start])
        done = max(done, end)
    return "\n\n".join([*pieces, text[done:]])


def _are_lines(text: str, spans: Spans) -> bool:
    """Whether each span is of whole lines, and apart from the one before."""
    edges = (-1, *chain.from_iterable(spans))
    return (
        all(before < after for before, after in pairwise(edges))
        and edges[-1] <= len(text)
        and all(not start or text[start - 1] == "\n" for start, _ in spans)
        and all(end == len(text) or text[end] == "\n" for _, end in spans)
    )


def _may_go_on(part: str, following: str) -> bool:
    """Whether the break between two parts may stand inside a Japanese sentence."""
    around = part.rstrip()[-1] + following.lstrip()[0]
    return around.isalnum() and not any(map(str.isascii, around))
