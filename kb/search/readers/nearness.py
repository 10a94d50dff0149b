"""What raises an answer beyond holding the words: that they stand together as they were typed, or
are all of its title.

Hints find nothing by themselves. Among single words neighbouring units are worth a fifth of a
word and pairs of characters what their stream is worth, in sentences more; all measured by
``tests.bench.relevance``.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from kb.japanese.fold import fold_text
from kb.japanese.tokenise import Analyser, bigrams
from kb.search.query import Probe, Stream, Variant
from kb.search.whole_titles import MARK, typed_titles

MOST_HINTS = 48
"""Of each sort, for one question: a sentence of 50 characters has about as many pairs."""
NEIGHBOURS_WEIGHT, PAIRS_WEIGHT = 0.4, 1.0
SENTENCE_NEIGHBOURS_WEIGHT, SENTENCE_PAIRS_WEIGHT = 0.8, 2.5
"""In a sentence, what stands together tells more: of 0.6 to 1.3 and 1.5 to 3 all were better than
the weights of single words, on both sets and on both halves of each."""

WHOLE_TITLE_WEIGHT = 4.0
"""What a title that was typed whole counts, beside its words. MRR@10 of the assembly's pairs under
their subjects is .561 with 0, .683 with 2, .713 with 4 and .729 with 8; other sets stay within
.001. With 8 a title would outweigh whatever else is asked."""

_KANA = re.compile("[ぁ-ゖー]+")


def hints(
    texts: Iterable[str], analyser: Analyser, *, of_a_sentence: bool = False
) -> tuple[Variant, ...]:
    """The hints for the plain words of a question, in no order that matters.

    Words with blanks between them are neighbours too: 業務 改善 may well be meant as 業務改善.
    Of a sentence, pairs of hiragana are no hints: they are its grammar, and a third of all pairs.
    """
    words = tuple(texts)
    neighbours = dict.fromkeys(_neighbours(" ".join(words), analyser, of_a_sentence))
    pairs: dict[Variant, None] = {}
    for text in words:
        pairs |= dict.fromkeys(_pairs(text, of_a_sentence))
    titles = (_title(token) for token in typed_titles(" ".join(words), analyser))
    return (*titles, *list(neighbours)[:MOST_HINTS], *list(pairs)[:MOST_HINTS])


def _title(token: str) -> Variant:
    probe = Probe(Stream.TITLE, (token,))
    return Variant(token.removeprefix(MARK), (probe,), WHOLE_TITLE_WEIGHT)


def _neighbours(text: str, analyser: Analyser, of_a_sentence: bool) -> Iterator[Variant]:
    weight = SENTENCE_NEIGHBOURS_WEIGHT if of_a_sentence else NEIGHBOURS_WEIGHT
    units = [token.term for token in analyser.analyse(text).short]
    for pair in pairwise(units):
        yield Variant("".join(pair), (Probe(Stream.SHORT, pair, phrase=True),), weight)


def _pairs(text: str, of_a_sentence: bool) -> Iterator[Variant]:
    weight = SENTENCE_PAIRS_WEIGHT if of_a_sentence else PAIRS_WEIGHT
    for pair in bigrams(fold_text(text).strip()):
        if not (of_a_sentence and _KANA.fullmatch(pair)):
            yield Variant(pair, (Probe(Stream.BIGRAMS, (pair,)),), weight)
