"""Which lines of a result's pages are quoted: together they show as many different words as can be.

Greedy, like any cover of few sets that is made in no time: the next passage is the one that shows
the most words not shown yet, the rarer ones where two show as many, and of the better page where
that is no matter either. A page whose document allows few characters is tried with one, two and
three passages, since three short ones may show what one long one cannot.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from kb.search.cutting import ELLIPSIS, Span
from kb.search.engine import PageHit
from kb.search.passages import PASSAGE_CHARACTERS, Mark, passage
from kb.search.query import Passage

USUAL_PASSAGES = 2
"""Passages quoted in one result; the rest is a link."""
MOST_PASSAGES = 3
"""Where the third shows a word that the others do not."""
LEAST_CHARACTERS = 16
"""A shorter passage says nothing."""
MARKS_LOOKED_AT = 8
"""Of each word of a page for one choice: what is everywhere need not be looked at everywhere."""


@dataclass(frozen=True, slots=True)
class Quotable:
    """A page that may be quoted, or a note of ours about a document."""

    allowance: str
    """By whose room it is quoted: pages of one document share theirs."""
    page: int
    text: str
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A passage and where it is from."""

    source: int
    """Position among the pages that could be quoted."""
    passage: Passage
    span: Span
    """Which characters of the source are shown."""
    clauses: int
    """Of which clauses words are shown, as in :class:`~kb.search.passages.Mark`."""


def pages_to_quote(
    hits: Sequence[tuple[str, PageHit]], rarity: Sequence[float], most: int
) -> list[tuple[str, PageHit]]:
    """Of the pages of a result, best first and each with its document, those worth reading.

    The first ones, and as many more as hold clauses that the ones before do not.
    """
    chosen = list(range(min(USUAL_PASSAGES, len(hits))))
    held = [sum(1 << at for at, holds in enumerate(hit.held) if holds) for _, hit in hits]
    worth, every = _Worth(rarity), reduce(or_, held, 0)
    shown = reduce(or_, held[: len(chosen)], 0)
    while shown != every and len(chosen) < most:
        news = [worth[clauses & ~shown] for clauses in held]
        best = news.index(max(news))
        chosen.append(best)
        shown |= held[best]
    return [hits[at] for at in chosen]


def quotations(
    sources: Sequence[Quotable], room: Mapping[str, int], rarity: Sequence[float]
) -> tuple[Quoted, ...]:
    """The passages of a result, most telling first.

    `sources`: best first. `room`: the most characters for each allowance, over all its passages.
    `rarity`: of each clause; a greater number is a rarer one.
    """
    worth = _Worth(rarity)
    every = reduce(or_, (mark.clauses for source in sources for mark in source.marks), 0)
    best = _planned(sources, room, worth, 1)
    for share in range(2, MOST_PASSAGES + 1):
        if best.shown == every:
            break
        other = _planned(sources, room, worth, share)
        if worth[other.shown] > worth[best.shown]:
            best = other
    return tuple(best.quoted)


class _Worth(dict[int, tuple[int, float]]):
    """Of a set of clauses: how many they are, and how rare together."""

    def __init__(self, rarity: Sequence[float]) -> None:
        super().__init__()
        self._rarity = rarity

    def __missing__(self, clauses: int) -> tuple[int, float]:
        places = (at for at in range(clauses.bit_length()) if clauses >> at & 1)
        self[clauses] = clauses.bit_count(), sum(self._rarity[at] for at in places)
        return self[clauses]


@dataclass(slots=True)
class _Plan:
    """The passages chosen so far."""

    sources: Sequence[Quotable]
    widths: Mapping[str, int]
    left: dict[str, int]
    worth: _Worth
    quoted: list[Quoted] = field(default_factory=list)
    shown: int = 0

    def room(self, source: Quotable) -> int:
        """The characters the next passage of a page may have; 0 for too few."""
        room = min(self.widths[source.allowance], self.left[source.allowance])
        return room if room >= min(LEAST_CHARACTERS, len(source.text)) else 0

    def add(self, at: int, free: Span, keep: Span | None) -> bool:
        """Quote a page where it fits; whether it did."""
        source = self.sources[at]
        cut, span = passage(source.page, source.text, source.marks, self.room(source), keep, free)
        if not cut.text:
            return False
        inside = (mark for mark in source.marks if span[0] <= mark.start and mark.end <= span[1])
        clauses = reduce(or_, (mark.clauses for mark in inside), 0)
        self.quoted.append(Quoted(at, cut, span, clauses))
        self.left[source.allowance] -= len(cut.text)
        self.shown |= clauses
        return True

    def free(self, at: int) -> Iterator[Span]:
        """The parts of a page that are not quoted yet."""
        low = 0
        for start, end in sorted(quoted.span for quoted in self.quoted if quoted.source == at):
            if low < start:
                yield low, start
            low = end
        if low < len(self.sources[at].text):
            yield low, len(self.sources[at].text)

    def densest(
        self, at: int, free: Span, wanted: int
    ) -> tuple[tuple[int, float], int, Span] | None:
        """The best that a passage of some part of a page can show of the wanted clauses: what
        they are worth, how many marks, and the characters that have to be shown for them. Of
        two that show as much, the earlier.
        """
        source = self.sources[at]
        room = self.room(source) - 2 * len(ELLIPSIS)
        inside = [mark for mark in source.marks if free[0] <= mark.start and mark.end <= free[1]]
        ends = [mark.end for mark in inside]
        best, looked_at = None, dict[int, int]()
        for place, first in enumerate(inside):
            new = first.clauses & wanted
            seen = looked_at[new] = looked_at.get(new, 0) + 1
            if new and seen <= MARKS_LOOKED_AT and first.end - first.start <= room:
                beyond = bisect_right(ends, first.start + room)
                clauses, last = _shown(inside[place:beyond], wanted)
                worth, count = self.worth[clauses], beyond - place
                if best is None or (worth, count) > best[:2]:
                    best = worth, count, (first.start, last)
        return best


def _shown(marks: Sequence[Mark], wanted: int) -> tuple[int, int]:
    """The wanted clauses of some marks, and where the last ends that is needed for them."""
    clauses, last = 0, 0
    for mark in marks:
        if mark.clauses & wanted & ~clauses:
            clauses |= mark.clauses & wanted
            last = mark.end
    return clauses, last


def _planned(
    sources: Sequence[Quotable], room: Mapping[str, int], worth: _Worth, share: int
) -> _Plan:
    """The passages when an allowance is shared by `share` of them."""
    widths = {name: min(PASSAGE_CHARACTERS, each // share) for name, each in room.items()}
    plan = _Plan(sources, widths, dict(room), worth)
    while len(plan.quoted) < MOST_PASSAGES:
        found = [
            (*best[:2], -at, free, best[2])
            for at in range(len(sources))
            for free in plan.free(at)
            if (best := plan.densest(at, free, ~plan.shown))
        ]
        if not found:
            break
        *_, position, free, keep = max(found)
        if not plan.add(-position, free, keep):
            break
    _fill(plan)
    return plan


def _fill(plan: _Plan) -> None:
    """Up to the usual number, from the best pages that are not quoted yet."""
    for at, source in enumerate(plan.sources):
        if len(plan.quoted) >= USUAL_PASSAGES:
            return
        if any(quoted.source == at for quoted in plan.quoted):
            continue
        whole = (0, len(source.text))
        best = plan.densest(at, whole, -1)
        if best is not None or not plan.shown:
            plan.add(at, whole, best[2] if best else None)
