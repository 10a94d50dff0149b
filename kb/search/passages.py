"""Passages and marks: the lines of a page that answer, from stored text and token offsets.

The same for both engines. Marks are made from the tokens stored with the page; only where
they give none is the page folded and searched for the words as typed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.japanese.fold import fold, fold_text
from kb.search.query import Clause, Passage, Stream

PASSAGE_CHARACTERS = 110
"""The length a passage aims at: about three lines on a wide screen."""

_SENTENCE_END = re.compile(r"[。！？!?]|\n\s*\n")
_LINE_END = re.compile(r"\n")
_BREAK = re.compile(r"[ \t]*\n\s*")
_NO_BEGINNING = frozenset(")）」』】〕、。，．・")
_WIDE = re.compile(r"[^\x00-\x7f]")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sought:
    """What is to be marked."""

    sequences: frozenset[tuple[str, ...]]
    """Normalised words; more than one must follow each other."""
    surfaces: tuple[str, ...]
    """Folded words as typed, found anywhere."""

    @classmethod
    def by(cls, clauses: Iterable[Clause]) -> "Sought":
        """What the clauses of a question mark; exclusions mark nothing."""
        variants = [v for clause in clauses if not clause.excluded for v in clause.variants]
        return cls(
            sequences=frozenset(
                probe.tokens
                for variant in variants
                for probe in variant.probes
                if probe.stream in (Stream.WORDS, Stream.TITLE)
            ),
            surfaces=tuple(
                dict.fromkeys(
                    folded
                    for variant in variants
                    if len(folded := fold_text(variant.surface).casefold().strip()) > 1
                )
            ),
        )


def marks_from_tokens(
    terms: Sequence[str], starts: Sequence[int], ends: Sequence[int], sought: Sought
) -> list[Span]:
    """Where the sought words stand, by the tokens stored with a page."""
    firsts: dict[str, list[tuple[str, ...]]] = {}
    for sequence in sought.sequences:
        firsts.setdefault(sequence[0], []).append(sequence)
    found = []
    for index, term in enumerate(terms):
        for sequence in firsts.get(term, ()):
            last = index + len(sequence)
            if tuple(terms[index:last]) == sequence:
                found.append((starts[index], ends[last - 1]))
    return merged(found)


def marks_from_text(text: str, sought: Sought) -> list[Span]:
    """Where the sought words stand as typed, whatever their widths, variants and line breaks."""
    folded = fold(text)
    plain = folded.text.casefold()
    if len(plain) != len(folded.text):
        plain = folded.text
    found = []
    for surface in sought.surfaces:
        at = plain.find(surface)
        while at >= 0:
            found.append(folded.source_span(at, at + len(surface)))
            at = plain.find(surface, at + len(surface))
    return merged(found)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that overlap or lie within each other made one."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if whole and start < whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


def without(text: str, marks: Iterable[Span], left_out: Sequence[Span]) -> tuple[str, list[Span]]:
    """The text without some of its spans (in order, apart), and the marks that remain.

    A mark that loses some of its characters is dropped.
    """
    if not left_out:
        return text, list(marks)
    edges = [0, *(edge for span in left_out for edge in span), len(text)]
    kept = [(a, b) for a, b in list(pairwise(edges))[::2] if a < b]
    moved: list[Span] = []
    offset = 0
    pending = sorted(marks)
    for start, end in kept:
        shift = start - offset
        moved += [(a - shift, b - shift) for a, b in pending if a >= start and b <= end]
        offset += end - start
    return "".join(text[a:b] for a, b in kept), moved


def passage(page: int, text: str, marks: Sequence[Span], most: int) -> Passage:
    """The part of a page, at most `most` characters, that shows the most different words.

    It begins at a sentence where one begins near enough. Line breaks within it are closed.
    """
    most = max(most, 0)
    start, end = _window(text, marks, min(most, PASSAGE_CHARACTERS))
    inside = [(max(a, start), min(b, end)) for a, b in marks if a < end and b > start]
    return _flowing(page, text[start:end], [(a - start, b - start) for a, b in inside])


def _window(text: str, marks: Sequence[Span], width: int) -> Span:
    if not marks:
        return 0, min(len(text), width)
    best, chosen = (-1, 0), (0, width)
    for first, _ in marks:
        start = _sentence_start(text, first, width // 3)
        end = min(len(text), start + width)
        shown = [text[a:b] for a, b in marks if a >= start and b <= end]
        score = (len(set(shown)), len(shown))
        if score > best:
            best, chosen = score, (start, end)
    return chosen


def _sentence_start(text: str, mark: int, reach: int) -> int:
    """Where the sentence of a mark begins, or else its line, if within `reach` characters."""
    lowest = max(0, mark - reach)
    starts = [match.end() for match in _SENTENCE_END.finditer(text, lowest, mark)][-1:]
    if not starts and lowest:
        starts = [match.end() for match in _LINE_END.finditer(text, lowest, mark)][:1]
    start = starts[0] if starts else (lowest and mark - reach // 2)
    while start < mark and (text[start].isspace() or text[start] in _NO_BEGINNING):
        start += 1
    return start


def _flowing(page: int, text: str, marks: Sequence[Span]) -> Passage:
    """The text with its line breaks closed, and the marks moved along."""
    cuts = [(match.start(), match.end(), _joint(text, match)) for match in _BREAK.finditer(text)]
    edges = [0, *(edge for start, end, _ in cuts for edge in (start, end)), len(text)]
    pieces = [text[a:b] for a, b in list(pairwise(edges))[::2]]
    joints = [joint for _, _, joint in cuts]
    flowing = pieces[0] + "".join(j + p for j, p in zip(joints, pieces[1:], strict=True))

    def moved(position: int) -> int:
        shift = 0
        for start, end, joint in cuts:
            if position >= end:
                shift += end - start - len(joint)
            elif position > start:
                shift += position - start
        return position - shift

    shifted = [(moved(a), moved(b)) for a, b in marks]
    return Passage(page, flowing, tuple((a, b) for a, b in shifted if a < b))


def _joint(text: str, match: re.Match[str]) -> str:
    """What replaces a line break: nothing between Japanese characters, else a blank."""
    before, after = text[: match.start()][-1:], text[match.end() :][:1]
    if not before or not after:
        return ""
    return "" if _WIDE.match(before) and _WIDE.match(after) else " "
