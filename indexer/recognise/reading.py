"""One pass over the pages that matter: their lines, and the places and years named in them.

The first five pages and the last two are read, at most 4,000 characters of each, so that a
budget book of 600 pages costs no more than a report of seven.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import Generic, TypeVar

from indexer.extracted import BlockKind, ExtractedPage
from indexer.recognise.broken_lines import places_over, years_over
from indexer.recognise.evidence import Evidence
from indexer.recognise.line import Line as Line
from indexer.recognise.line import Place as Place
from indexer.recognise.source import Source
from kb.domain.fiscal_year import YearSpan, find_years
from kb.domain.gazetteer import Gazetteer, PlaceSpan
from kb.japanese.fold import fold_text

FIRST_PAGES, LAST_PAGES = 5, 2
MOST_CHARACTERS = 4000
"""Of a page; the pages of the real files have 760 on average, 2,600 on a dense report."""
MOST_MENTIONS = 400
"""Of places in a document: a list of all municipalities says nothing about its owner."""

_SHORT_PAGE = 400
"""Characters of a page that is a cover as a whole."""
_BEFORE, _AFTER, _TOP = 3, 5, 6
"""Lines around a title, and from the top, that belong to the cover of a full page."""
_TITLE_ROWS = 8
_LONG_LINE = 60
"""Characters of a line that is running text, not part of a cover."""

_MAY_NAME_PLACE = re.compile("[都道府県市区町村]")
_MAY_NAME_YEAR = re.compile(
    r"[年㋿㍻㍼㍽㍾]|令|平成|昭和|大正|明治|[RHSTMＲＨＳＴＭ]\s?[\d元.]|[FfＦｆ][YyＹｙ]|\d{4}"
)
_BLANKS = re.compile(r"\s+")


Span = TypeVar("Span", PlaceSpan, YearSpan)


@dataclass(frozen=True, slots=True)
class _Named(Generic[Span]):
    """Something that a line names."""

    line: Line
    span: Span

    @property
    def before(self) -> str:
        """What stands before it in its line."""
        return self.line.text[: self.span.start]

    @property
    def after(self) -> str:
        """What follows it in its line."""
        return self.line.text[self.span.end :]

    @property
    def evidence(self) -> Evidence:
        """The words with their surroundings."""
        return self.line.evidence(self.span.start, self.span.end)


class Mention(_Named[PlaceSpan]):
    """A place named in a line."""

    __slots__ = ()


class YearMention(_Named[YearSpan]):
    """A year, month or date named in a line."""

    __slots__ = ()


class Reading:
    """What a document says where it matters; each part is worked out once, when asked for."""

    def __init__(self, source: Source, gazetteer: Gazetteer) -> None:
        self.source = source
        self.gazetteer = gazetteer
        self.pages = looked_at(source.pages)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the pages looked at, in stream order."""
        return tuple(line for page in self.pages for line in _lines(page))

    @cached_property
    def cover(self) -> tuple[Line, ...]:
        """The lines of the first page that present the document, its title among them."""
        return tuple(line for line in self.lines if line.place >= Place.COVER)

    @cached_property
    def title_lines(self) -> tuple[Line, ...]:
        """The lines of the title on the first page."""
        return tuple(line for line in self.lines if line.place is Place.TITLE)

    @cached_property
    def title(self) -> str:
        """The words of the title on the first page, folded, without blanks."""
        lines = "".join(line.text for line in self.title_lines)
        return _BLANKS.sub("", fold_text(lines))

    @cached_property
    def places(self) -> tuple[Mention, ...]:
        """The places named, in order."""
        named = (Mention(line, span) for line, span in places_over(self.lines, self._find_places))
        return tuple(islice(named, MOST_MENTIONS))

    def _find_places(self, text: str) -> Sequence[PlaceSpan]:
        return self.gazetteer.find_in(text) if _MAY_NAME_PLACE.search(text) else ()

    @cached_property
    def years(self) -> tuple[YearMention, ...]:
        """The years, months and dates named, in order."""
        return tuple(YearMention(line, span) for line, span in years_over(self.lines, _find_years))

    def label_of(self, mention: YearMention) -> str:
        """What stands before a year: in its line, or else the line above."""
        if mention.before.strip() or mention.line not in self._above:
            return mention.before
        return self._above[mention.line].text

    @cached_property
    def _above(self) -> dict[Line, Line]:
        return {line: above for above, line in pairwise(self.lines) if above.page is line.page}


def _find_years(text: str) -> Sequence[YearSpan]:
    return find_years(text) if _MAY_NAME_YEAR.search(text) else ()


def looked_at(pages: Sequence[ExtractedPage]) -> tuple[ExtractedPage, ...]:
    """The first pages and the last, each once."""
    last = max(FIRST_PAGES, len(pages) - LAST_PAGES)
    return (*pages[:FIRST_PAGES], *pages[last:])


def _lines(page: ExtractedPage) -> Iterator[Line]:
    text = page.text[:MOST_CHARACTERS]
    ranges = [(m.start(), m.group()) for m in re.finditer(r"[^\n]+", text) if m.group().strip()]
    title = _title_rows(page, ranges)
    cover = _cover_rows(page, ranges, title)
    headings = _covered(page, BlockKind.HEADING)
    running = _covered(page, BlockKind.RUNNING)
    for row, (start, words) in enumerate(ranges):
        place = Place.BODY
        if row in title:
            place = Place.TITLE
        elif any(a <= start < b for a, b in running):
            place = Place.RUNNING
        elif row in cover:
            place = Place.COVER
        elif any(a <= start < b for a, b in headings):
            place = Place.HEADING
        yield Line(page, start, words, place)


def _covered(page: ExtractedPage, kind: BlockKind) -> list[tuple[int, int]]:
    return [span for block in page.blocks if block.kind is kind for span in block.spans]


def _title_rows(page: ExtractedPage, ranges: Sequence[tuple[int, str]]) -> range:
    """The rows of the first page whose words make up its title, if they stand together."""
    wanted = _BLANKS.sub("", page.title or "")
    if page.number != 1 or not wanted:
        return range(0)
    for first in range(len(ranges)):
        joined = ""
        for row in range(first, min(first + _TITLE_ROWS, len(ranges))):
            joined += _BLANKS.sub("", ranges[row][1])
            if not wanted.startswith(joined):
                break
            if joined == wanted:
                return range(first, row + 1)
    return range(0)


def _cover_rows(
    page: ExtractedPage, ranges: Sequence[tuple[int, str]], title: range
) -> frozenset[int]:
    if page.number != 1:
        return frozenset()
    if sum(len(words) for _, words in ranges) <= _SHORT_PAGE:
        rows = set(range(len(ranges)))
    else:
        rows = set(range(min(_TOP, len(ranges))))
        if title:
            rows |= set(range(max(0, title.start - _BEFORE), title.stop + _AFTER))
    return frozenset(r for r in rows if r < len(ranges) and len(ranges[r][1]) <= _LONG_LINE)
