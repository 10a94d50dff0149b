"""Cutting a piece of a question into years, places and the rest."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kb.domain.fiscal_year import find_years, parse_date, parse_fiscal_year
from kb.search.readers.typed import Piece
from kb.search.readers.vocabulary import Vocabulary

_GOES_ON = re.compile(r"[長役議立民内営有道外報]")
"""After a place's name these make another word of it: 福津市長, 中野区役所, 市民."""

_JOINT = "(?:または|又は|もしくは|および|及び|ならびに|並びに|まで|[のにでをとがはへやも・、,])+"
_JOINTS = re.compile(f"^{_JOINT}|{_JOINT}$")


class SegmentKind(StrEnum):
    """What a segment seems to be."""

    YEAR = "year"
    PLACE = "place"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Segment:
    """Part of a question and where it stands in what was typed."""

    text: str
    start: int
    end: int
    kind: SegmentKind = SegmentKind.WORDS

    def part(self, start: int, end: int) -> "Segment":
        """The part from `start` to `end` of this segment's text, as words."""
        return Segment(self.text[start:end], self.start + start, self.start + end)


def segments(piece: Piece, typed: str, vocabulary: Vocabulary) -> Iterator[Segment]:
    """The segments of a word piece, in order."""
    whole = Segment(piece.text, piece.at, piece.at + len(piece.text))
    if _is_year(piece.text):
        yield Segment(whole.text, whole.start, whole.end, SegmentKind.YEAR)
    elif vocabulary.gazetteer.resolve(piece.text):
        yield Segment(whole.text, whole.start, whole.end, SegmentKind.PLACE)
    else:
        yield from _cut(whole, vocabulary)


def _is_year(text: str) -> bool:
    return parse_fiscal_year(text) is not None or parse_date(text) is not None


def _cut(whole: Segment, vocabulary: Vocabulary) -> Iterator[Segment]:
    position = 0
    for start, end, kind in _spans(whole.text, vocabulary):
        if start < position:
            continue
        yield from _rest(whole, position, start)
        found = whole.part(start, end)
        yield Segment(found.text, found.start, found.end, kind)
        position = end
    yield from _rest(whole, position, len(whole.text))


def _spans(text: str, vocabulary: Vocabulary) -> list[tuple[int, int, SegmentKind]]:
    spans = [
        (span.start, span.end, SegmentKind.YEAR)
        for span in find_years(text)
        if _is_year(text[span.start : span.end])
    ]
    spans += [
        (span.start, span.end, SegmentKind.PLACE)
        for span in vocabulary.gazetteer.find_in(text)
        if not _GOES_ON.match(text, span.end)
    ]
    return sorted(spans)


def _rest(whole: Segment, start: int, end: int) -> Iterator[Segment]:
    """What lies between, without the particles that joined it to its neighbours."""
    text = whole.text[start:end]
    if start or end < len(whole.text):
        while (match := _JOINTS.search(text)) and match.group():
            if match.start() == 0:
                start += match.end()
            else:
                end -= len(match.group())
            text = whole.text[start:end]
    if text:
        yield whole.part(start, end)
