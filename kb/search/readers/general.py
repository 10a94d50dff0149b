"""Words for what everything here is: 移住 事例, 令和3年度の取組, 他市の先進事例.

Whoever types them tells what is looked for, not what it holds: a case that tells of 移住 answers
移住 事例 though it never calls itself a 事例. Such words rank, and do not narrow.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from kb.search.condition import AllOf, AnyOf, Condition, Holds, Lacks
from kb.search.query import Clause, Understood
from kb.search.readers.typed import literally

WEIGHT = 0.3
"""What such a word counts where it stands: with 1 casebooks and flyers stand before cases."""

_LABEL = "なくても表示します(ここにあるのは、みな事例です)"

_GENERAL = re.compile(
    "(?:取り?組み?|とりくみ|先進|優良|参考|成功|導入|実践|具体|他市)?(?:事例|実例|例)"
    "|取り?組み?|とりくみ|他市|他市町村|他自治体|他団体|他都市"
)
_ENDS = re.compile(r"[\s\u3000。、.?？!！]|$")


@dataclass(frozen=True, slots=True)
class Stands:
    """A word of a question, where it stands in it, and whether it is to be left out."""

    start: int
    end: int
    excluded: bool = False


def general_words(typed: str, words: Sequence[Stands], *, in_sentence: bool) -> frozenset[int]:
    """Positions of the words that need not be held; none where nothing else is asked for.

    Outside a sentence only those that end what stands between blanks: 改善事例発表会 is a name.
    In quotes, or under a field, a word is asked for as it stands.
    """
    found: set[int] = set()
    begins = len(typed)
    for at, word in reversed(list(enumerate(words))):
        if word.excluded or not _GENERAL.fullmatch(typed[word.start : word.end]):
            continue
        ends = _ENDS.match(typed, word.end) or typed[word.end : begins] in ("", "の")
        if in_sentence or ends:
            found.add(at)
            begins = word.start
    others = any(not word.excluded for at, word in enumerate(words) if at not in found)
    return frozenset(found) if others else frozenset()


def not_narrowing(clause: Clause, typed: str, word: Stands) -> tuple[Clause, Understood]:
    """The clause of such a word, and the chip that tells of it; without it the word is needed."""
    variants = tuple(replace(v, weight=v.weight * WEIGHT) for v in clause.variants)
    rest = literally(typed, word.start, word.end)
    chip = Understood(typed[word.start : word.end], "general", (), _LABEL, rest)
    return replace(clause, variants=variants), chip


def needed(
    words: Sequence[Stands], general: Collection[int], either: Iterable[Sequence[int]] = ()
) -> Condition | None:
    """What must hold; None where all words must.

    Args:
        words: of the question.
        general: positions of those that need not be held.
        either: runs of positions of which one is enough.
    """
    runs = {run[0]: run for run in either}
    aside = {*general, *(at for run in runs.values() for at in run[1:])}
    conditions: list[Condition] = []
    for at, word in enumerate(words):
        if at in runs:
            conditions.append(AnyOf(tuple(map(Holds, runs[at]))))
        elif at not in aside:
            conditions.append(Lacks(Holds(at)) if word.excluded else Holds(at))
    return AllOf(tuple(conditions)) if aside else None
