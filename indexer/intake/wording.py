"""The lines of a page as they are worked on: widths levelled, places and years found once.

Levelling keeps every character in its place, so that what is found in the levelled line can
be quoted from the line as it stands.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from indexer.intake.draft import Evidence, PageLine
from indexer.recognise.municipality_claims import meant
from kb.domain.fiscal_year import YearKind, YearSpan, find_years
from kb.domain.gazetteer import Gazetteer
from kb.domain.municipality import Municipality, MunicipalityKind
from kb.japanese.fold import fold_text

LONGEST = 4000
"""Characters of a line that are read; a line of text has 50, a paragraph of HTML 300."""

MOST_EVIDENCE = 120

MOST_PLACES = 60
"""Of a line; more are a list that tells of none."""

QUOTED = re.compile("[「『“]([^「」『』“”\n]{2,100})[」』”]")
MARKER = re.compile(
    r"[\s　]*(?:[(（\[［][0-9０-９一二三四五六七八九十]{1,2}[)）\]］]|[0-9０-９]{1,2}[.．)）、:：]"
    r"|[①-⑳❶-❿]|[・•○●◎◇◆□■▼▶☆★※*＊‣∙-]|#{1,6}(?=\s))[\s　]*"
)
"""What stands before an entry of a list, numbered or not."""

_MAY_NAME_PLACE = re.compile("[都道府県市区町村]")
_MAY_NAME_YEAR = re.compile(r"年|[令平昭RHＲＨFＦ][元\d０-９]|\d{4}|[０-９]{4}")
_QUOTES = re.compile('[「」『』“”"]')
_BLANKS = re.compile(r"\s+")


class _Levelled(dict[int, str]):
    """For :meth:`str.translate`: one character for one, widths and dashes made alike."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = unicodedata.normalize("NFKC", character)
        # ① stays: it is a marker, and no digit of the number that follows.
        circled = character.isdigit() and not character.isdecimal()
        self[code] = character if circled or len(plain) != 1 else plain
        return self[code]


_LEVELLED = _Levelled(
    {**dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"), **dict.fromkeys(map(ord, "〜～∼"), "~")}
)


def levelled(text: str) -> str:
    """The text in one width, of the same length: ２０２２年（土）〜 becomes 2022年(土)~."""
    return text.translate(_LEVELLED)


@lru_cache(maxsize=8192)
def key_of(text: str) -> str:
    """One form for all spellings of a name: widths, variant kanji, blanks, quotation marks."""
    return _QUOTES.sub("", _BLANKS.sub("", fold_text(text))).casefold()


@dataclass(frozen=True, slots=True)
class Named:
    """A municipality named in a line."""

    start: int
    end: int
    body: Municipality

    @property
    def code(self) -> str:
        """Its code of six digits."""
        return str(self.body.code)

    @property
    def is_prefecture(self) -> bool:
        """Whether it is a prefecture, which mostly tells where a town lies."""
        return self.body.kind is MunicipalityKind.PREFECTURE


class PageWords:
    """What a line is read against: all places, and the prefectures its page names."""

    def __init__(self, page: Sequence[PageLine], gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._page = page
        self._named: dict[str, bool] = {}

    def places_in(self, text: str) -> tuple[Named, ...]:
        """The places of a line; a namesake by the prefecture of its line, else of its page."""
        found = []
        for span in self.gazetteer.find_in(text)[:MOST_PLACES]:
            bodies = [match.municipality.prefecture for match in span.matches]
            here = Counter(name for name in bodies if name in text)
            match = meant(span.matches, here) or meant(span.matches, self._on_page(bodies))
            if match is not None:
                found.append(Named(span.start, span.end, match.municipality))
        return tuple(found)

    def _on_page(self, prefectures: Iterable[str]) -> Counter[str]:
        for name in prefectures:
            if name not in self._named:
                self._named[name] = any(name in line.text for line in self._page)
        return Counter(name for name in prefectures if self._named[name])


# By identity: lines are compared by where they stand.
class Line:
    """One line of the page."""

    def __init__(self, source: PageLine, words: PageWords) -> None:
        self.source = source
        self.text = source.text[:LONGEST]
        self._words = words

    @property
    def number(self) -> int:
        """From 1."""
        return self.source.number

    @cached_property
    def plain(self) -> str:
        """Its characters in one width, in the places where they stand."""
        return levelled(self.text)

    @cached_property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not self.text.strip()

    @cached_property
    def years(self) -> tuple[YearSpan, ...]:
        """Years, months and dates, in order."""
        return find_years(self.text) if _MAY_NAME_YEAR.search(self.text) else ()

    @cached_property
    def dates(self) -> tuple[YearSpan, ...]:
        """Of these the days."""
        return tuple(span for span in self.years if span.kind is YearKind.DATE)

    @cached_property
    def places(self) -> tuple[Named, ...]:
        """Municipalities and prefectures, in order; namesakes that cannot be told apart by
        the line are left out."""
        if not _MAY_NAME_PLACE.search(self.text):
            return ()
        return self._words.places_in(self.text)

    @cached_property
    def towns(self) -> tuple[Named, ...]:
        """Municipalities, in order; prefectures only where they are the only ones named."""
        towns = tuple(place for place in self.places if not place.is_prefecture)
        return towns or self.places

    def evidence(self, start: int = 0, end: int | None = None) -> Evidence:
        """The line as evidence; of a long one the part around `start:end`."""
        text = self.text
        end = len(text) if end is None else end
        if len(text.strip()) <= MOST_EVIDENCE:
            return Evidence(self.number, text.strip())
        first = max(0, min(start - 20, len(text) - MOST_EVIDENCE))
        return Evidence(self.number, text[first : first + MOST_EVIDENCE].strip())

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Its sentences with where they begin, levelled."""
        at = 0
        for sentence in re.split("(?<=[。!?])", self.plain):
            yield at, sentence
            at += len(sentence)


def lines_of_page(page: Iterable[PageLine], gazetteer: Gazetteer) -> tuple[Line, ...]:
    """The lines of a page, ready to be read."""
    lines = tuple(page)
    words = PageWords(lines, gazetteer)
    return tuple(Line(line, words) for line in lines)
