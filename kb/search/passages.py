"""Passages and marks: the lines of a page that answer, from stored text and token offsets.

The same for both engines. Marks are made from the tokens stored with the page; only where
they give none is the page folded and searched for the words as typed. Which pages and lines
are quoted together is decided in :mod:`kb.search.covering`.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from kb.japanese.fold import fold, fold_text
from kb.search.cutting import ELLIPSIS, Span, ends_sentence, goes_on, stretch
from kb.search.query import Clause, Passage, Stream

PASSAGE_CHARACTERS = 110
"""The length a passage aims at: about three lines on a wide screen."""

_FEW = 5
_BREAK = re.compile(r"[ \t]*\n\s*")
_WIDE = re.compile(r"[^\x00-\x7f]")


class Mark(NamedTuple):
    """Where a word that was asked for stands."""

    start: int
    end: int
    clauses: int = 0
    """Of which clauses: bit n stands for the n-th that is not excluded."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is to be marked."""

    sequences: Mapping[tuple[str, ...], int]
    """Normalised words, of which clauses; more than one must follow each other."""
    surfaces: Mapping[str, int]
    """Folded words as typed, found anywhere."""
    filed: int = 0
    """Clauses that a page may hold without any word of theirs: by what it is filed under."""

    @classmethod
    def by(cls, clauses: Iterable[Clause]) -> "Sought":
        """What the clauses of a question mark; exclusions mark nothing."""
        sequences: dict[tuple[str, ...], int] = {}
        surfaces: dict[str, int] = {}
        filed = 0
        for at, clause in enumerate(clause for clause in clauses if not clause.excluded):
            for variant in clause.variants:
                filed |= (variant.facet is not None) << at
                folded = fold_text(variant.surface).casefold().strip()
                if len(folded) > 1:
                    surfaces[folded] = surfaces.get(folded, 0) | 1 << at
                for probe in variant.probes:
                    if probe.stream in (Stream.WORDS, Stream.TITLE) and probe.tokens:
                        held = sequences.get(probe.tokens, 0)
                        sequences[probe.tokens] = held | 1 << at
        return cls(sequences, surfaces, filed)


def marks_from_tokens(
    terms: Sequence[str], starts: Sequence[int], ends: Sequence[int], sought: Sought
) -> list[Mark]:
    """Where the sought words stand, by the tokens stored with a page."""
    firsts: dict[str, list[tuple[str, ...]]] = {}
    for sequence in sought.sequences:
        firsts.setdefault(sequence[0], []).append(sequence)
    found = []
    for index in _places(terms, firsts):
        for sequence in firsts[terms[index]]:
            last = index + len(sequence)
            if len(sequence) == 1 or tuple(terms[index:last]) == sequence:
                found.append(Mark(starts[index], ends[last - 1], sought.sequences[sequence]))
    return merged(found)


def _places(terms: Sequence[str], wanted: Collection[str]) -> Iterator[int]:
    """Where any of the wanted terms stands.

    A few are looked for one after the other, which for three takes half as long as one walk.
    """
    if len(wanted) > _FEW:
        yield from [at for at, term in enumerate(terms) if term in wanted]
        return
    for term in wanted:
        at = -1
        with suppress(ValueError):  # what index raises after the last
            while True:
                at = terms.index(term, at + 1)
                yield at


def marks_from_text(text: str, sought: Sought) -> list[Mark]:
    """Where the sought words stand as typed, whatever their widths, variants and line breaks."""
    folded = fold(text)
    plain = folded.text.casefold()
    if len(plain) != len(folded.text):
        plain = folded.text
    found = []
    for surface, clauses in sought.surfaces.items():
        at = plain.find(surface)
        while at >= 0:
            found.append(Mark(*folded.source_span(at, at + len(surface)), clauses))
            at = plain.find(surface, at + len(surface))
    return merged(found)


def missed(sought: Sought, found: Iterable[Mark], held: Sequence[bool]) -> Sought:
    """What a page holds and `found` does not show, to be looked for as typed.

    `held`: for each clause whether the page holds it, as the engine says. What it may hold by
    being filed under it is looked for only where nothing at all was found.
    """
    shown = 0
    for mark in found:
        shown |= mark.clauses
    left = sum(1 << at for at, holds in enumerate(held) if holds) & ~shown
    if shown:
        left &= ~sought.filed
    kept = {s: clauses & left for s, clauses in sought.surfaces.items() if clauses & left}
    return Sought({}, kept, sought.filed)


def merged(marks: Iterable[Mark]) -> list[Mark]:
    """Marks in order, those that overlap or lie within each other made one."""
    whole: list[Mark] = []
    for mark in sorted(marks):
        last = whole[-1] if whole else None
        if last is not None and mark.start < last.end:
            whole[-1] = Mark(last.start, max(mark.end, last.end), last.clauses | mark.clauses)
        else:
            whole.append(mark)
    return whole


def spans(marks: Iterable[Mark]) -> tuple[Span, ...]:
    """Where the marks stand, without what they are of."""
    return tuple((mark.start, mark.end) for mark in marks)


def without(text: str, marks: Iterable[Mark], left_out: Sequence[Span]) -> tuple[str, list[Mark]]:
    """The text without some of its spans (in order, apart), and the marks that remain.

    A mark that loses some of its characters is dropped.
    """
    if not left_out:
        return text, list(marks)
    edges = [0, *(edge for span in left_out for edge in span), len(text)]
    kept = [(a, b) for a, b in list(pairwise(edges))[::2] if a < b]
    moved: list[Mark] = []
    offset = 0
    pending = sorted(marks)
    for start, end in kept:
        shift = start - offset
        moved += [
            Mark(mark.start - shift, mark.end - shift, mark.clauses)
            for mark in pending
            if mark.start >= start and mark.end <= end
        ]
        offset += end - start
    return "".join(text[a:b] for a, b in kept), moved


def passage(
    page: int,
    text: str,
    marks: Sequence[Mark],
    most: int,
    keep: Span | None = None,
    free: Span | None = None,
) -> tuple[Passage, Span]:
    """The lines of a page around `keep`, at most `most` characters, and which they are.

    They begin and end with a sentence where the room allows, and have an ellipsis where it does
    not; line breaks are closed. `keep`: characters that have to be shown; None is the beginning.
    `free`: those that may be. A passage into which `keep` does not fit is empty.
    """
    low, high = free or (0, len(text))
    places = spans(marks)
    begin = high - len(text[low:high].lstrip())
    keep = keep or (begin, begin)
    start, end = stretch(text, places, keep, min(most, PASSAGE_CHARACTERS), (low, high))
    if start == end:
        return Passage(page, "", ()), (start, end)
    before = ELLIPSIS if goes_on(text, start) else ""
    after = ELLIPSIS if goes_on(text, end) else ""
    inside = [(a, b) for a, b in places if a >= start and b <= end]
    shown, moved = _flowing(text, (start, end), inside)
    shift = len(before)
    return (
        Passage(page, before + shown + after, tuple((a + shift, b + shift) for a, b in moved)),
        (start, end),
    )


def _flowing(text: str, shown: Span, marks: Sequence[Span]) -> tuple[str, list[Span]]:
    """A part of the text with its line breaks closed, and the marks moved along."""
    start, end = shown
    cuts = [
        (match.start() - start, match.end() - start, _joint(text, match, marks))
        for match in _BREAK.finditer(text, start, end)
    ]
    edges = [0, *(edge for a, b, _ in cuts for edge in (a, b)), end - start]
    pieces = [text[start + a : start + b] for a, b in list(pairwise(edges))[::2]]
    joints = [joint for _, _, joint in cuts]
    flowing = pieces[0] + "".join(j + p for j, p in zip(joints, pieces[1:], strict=True))

    def moved(position: int) -> int:
        shift = start
        for a, b, joint in cuts:
            if position - start >= b:
                shift += b - a - len(joint)
            elif position - start > a:
                shift += position - start - a
        return position - shift

    shifted = [(moved(a), moved(b)) for a, b in marks]
    return flowing, [(a, b) for a, b in shifted if a < b]


def _joint(text: str, match: re.Match[str], marks: Sequence[Span]) -> str:
    """What replaces a line break: a blank, but nothing inside a Japanese sentence."""
    before, after = text[: match.start()][-1:], text[match.end() :][:1]
    if not before or not after:
        return ""
    if not (_WIDE.match(before) and _WIDE.match(after)):
        return " "
    if before in "。！？" or any(a < match.start() and match.end() < b for a, b in marks):
        return ""
    newlines = (at for at in range(*match.span()) if text[at] == "\n")
    return " " if any(ends_sentence(text, at) for at in newlines) else ""
