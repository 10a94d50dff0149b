"""Reading years and dates in a question: practice year, presentation year, an event's day.

A year typed is looked for as practice year (実践年度) first and as presentation year (発表年度)
at less weight, since an event and its papers have only the second; a range or a list of years is
the practice year alone. What was taken is said, and the other is offered.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kb.domain.fiscal_year import (
    FiscalYear,
    YearSpan,
    find_years,
    parse_date,
    parse_fiscal_years,
)
from kb.search.query import Entity, Facet, Suggestion, Variant
from kb.search.readers.probing import Prober, facet_variant
from kb.search.readers.segments import Segment, SegmentKind
from kb.search.readers.vocabulary import KnownEvent, Vocabulary

PRESENTED_WEIGHT = 0.8
"""What a year counts that is only the one a case was presented in."""
MOST_YEARS = 30
"""Of a range that are looked for, the latest."""
MOST_NAMED = 6
"""Years of a range that are named each."""
_AXES = {Facet.IMPLEMENTED_IN: "実践年度", Facet.PRESENTED_IN: "発表年度"}
_LEFT_OUT_YEAR = "実践年度か発表年度がこの年度のものと、そう書かれたものを除く"
_LEFT_OUT_DATE = "に開かれた催しのものと、そう書かれたものを除く"
_OPEN_END = re.compile("以降|以後|以前|まで|迄")
_JOINTS = "のにでとをはがへやも・、, \u3000"


@dataclass(frozen=True, slots=True)
class YearReading:
    """How years or a date were read."""

    variants: tuple[Variant, ...]
    label: str
    entities: tuple[Entity, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    """For each axis that may be meant alone: the words to put in its place, and what to call it."""

    named: tuple[str, ...] = ()
    """What years were read, where it is not each of those looked for."""

    def suggestions(self, typed: str, start: int, end: int) -> tuple[Suggestion, ...]:
        """Links to the same question with only one axis taken.

        Args:
            typed: the whole question.
            start: where the years stand in it.
            end: where they end.
        """
        return tuple(
            Suggestion("choose_year", " ".join(replaced.split()), label)
            for words, label in self.others
            for replaced in [f"{typed[:start]} {words} {typed[end:]}"]
        )


def with_years(found: Iterable[Segment], typed: str, today: date) -> Iterator[Segment]:
    """The segments of one piece, with ranges, lists and relative years made into one each.

    Args:
        found: segments in order, each with its place in what was typed.
        typed: the whole question.
        today: the day that 昨年度 counts from.
    """
    cut = list(found)
    if not cut:
        return
    start, end = cut[0].start, cut[-1].end
    until = _OPEN_END.match(typed, end)
    end = until.end() if until else end
    years = [
        Segment(typed[start + a : start + b], start + a, start + b, SegmentKind.YEAR)
        for a, b in _stretches(typed[start:end], today)
    ]
    whole = [segment for segment in cut if segment.kind is SegmentKind.YEAR]
    new = [year for year in years if all((w.start, w.end) != (year.start, year.end) for w in whole)]
    rest = [part for segment in cut for part in _outside(segment, new)]
    yield from sorted((*rest, *new), key=lambda segment: segment.start)


def _stretches(text: str, today: date) -> Iterator[tuple[int, int]]:
    """The longest stretches of a piece that name years as a whole."""
    spans = find_years(text, on=today)
    if parse_fiscal_years(text, on=today):
        yield 0, len(text)
        return
    first = 0
    while first < len(spans):
        last = _reach(text, spans, first, today)
        if last is not None:
            yield spans[first].start, _end(text, spans[first].start, spans[last].end, today)
        first = first + 1 if last is None else last + 1


def _reach(text: str, spans: Sequence[YearSpan], first: int, today: date) -> int | None:
    """The last span that still makes one reading with the `first`; None where even that is none."""
    start = spans[first].start
    for last in range(min(len(spans), first + MOST_YEARS) - 1, first - 1, -1):
        words = text[start : spans[last].end]
        if parse_fiscal_years(words, on=today) or parse_date(words, on=today):
            return last
    return None


def _end(text: str, start: int, end: int, today: date) -> int:
    """Where the years from `start` to `end` end together with 以降 or まで after them."""
    word = _OPEN_END.match(text, end)
    whole = word and parse_fiscal_years(text[start : word.end()], on=today)
    return word.end() if word and whole else end


def _outside(segment: Segment, years: Sequence[Segment]) -> Iterator[Segment]:
    """What is left of a segment beside the years, without the particles that joined them."""
    over = [year for year in years if year.start < segment.end and segment.start < year.end]
    if not over:
        yield segment
        return
    if segment.kind is not SegmentKind.WORDS:
        return
    at = segment.start
    for start, end in [*((year.start, year.end) for year in over), (segment.end, segment.end)]:
        words = segment.text[max(0, at - segment.start) : max(0, start - segment.start)]
        left = at + len(words) - len(words.lstrip(_JOINTS))
        words = words.strip(_JOINTS)
        if words:
            yield segment.part(left - segment.start, left - segment.start + len(words))
        at = end


def read_year(
    text: str, vocabulary: Vocabulary, prober: Prober, today: date | None = None
) -> YearReading:
    """Read what is known to be years or a date.

    Args:
        text: nothing but years, or one date.
        vocabulary: the events that a date may be of.
        prober: looks the words themselves up.
        today: the day that 昨年度 counts from.

    Raises:
        ValueError: it is neither.
    """
    day = parse_date(text, on=today)
    if day is not None:
        return _read_date(text, day, vocabulary, prober)
    years = parse_fiscal_years(text, on=today)
    if not years:
        raise ValueError(f"neither a year nor a date: {text}")
    return _read_one(years[0], prober) if len(years) == 1 else _read_several(years)


def excluded_years(
    text: str, vocabulary: Vocabulary, prober: Prober, today: date
) -> YearReading | None:
    """What leaving out a year or a date leaves out: what is filed under it on either axis, and
    what names it. None when `text` is neither.
    """
    day = parse_date(text, on=today)
    if day is not None:
        return replace(_read_date(text, day, vocabulary, prober), label=_LEFT_OUT_DATE)
    years = parse_fiscal_years(text, on=today)[-MOST_YEARS:]
    if not years:
        return None
    variants = [
        variant
        for year in years
        for variant in (
            *(facet_variant(year.label, axis, str(year.year)) for axis in _AXES),
            prober.exact(year.label),
            prober.exact(year.era_label),
        )
    ]
    name = years[0].both if len(years) == 1 else f"{_numbers(years)}年度"
    return YearReading(tuple(variants), _LEFT_OUT_YEAR, named=(name,))


def _read_one(year: FiscalYear, prober: Prober) -> YearReading:
    value = str(year.year)
    variants = (
        facet_variant(year.label, Facet.IMPLEMENTED_IN, value),
        facet_variant(year.label, Facet.PRESENTED_IN, value, PRESENTED_WEIGHT),
        prober.exact(year.label),
        prober.exact(year.era_label),
    )
    others = tuple((f"{name}:{value}", f"{name}だけ") for name in _AXES.values())
    return YearReading(variants, f"{year.both} 実践年度を先に、発表年度も", others=others)


def _read_several(years: Sequence[FiscalYear]) -> YearReading:
    variants = tuple(
        facet_variant(year.label, Facet.IMPLEMENTED_IN, str(year.year))
        for year in years[-MOST_YEARS:]
    )
    words, name = _numbers(years), _AXES[Facet.PRESENTED_IN]
    named = (f"{words}年度",) if len(years) > MOST_NAMED else ()
    other = (f"{name}:{words}{'' if '-' in words else '年度'}", f"{name}でさがす")
    return YearReading(variants, f"{words}年度 実践年度でさがします", others=(other,), named=named)


def _numbers(years: Sequence[FiscalYear]) -> str:
    """2020-2022, or 2020・2023 where there are gaps."""
    unbroken = years[-1].year - years[0].year == len(years) - 1 and len(years) > 2
    if unbroken:
        return f"{years[0].year}-{years[-1].year}"
    return "・".join(str(year.year) for year in years)


def _read_date(text: str, day: date, vocabulary: Vocabulary, prober: Prober) -> YearReading:
    events = vocabulary.events_on(day)
    variants = (
        *(facet_variant(event.title, Facet.EVENT, event.id) for event in events),
        prober.exact(f"{day.year}年{day.month}月{day.day}日"),
        prober.exact(text),
    )
    label = f"{day.year}年{day.month}月{day.day}日({FiscalYear.containing(day).era_label})"
    return YearReading(
        tuple(v for v in variants if v.probes or v.facet),
        label,
        tuple(_card(event, day) for event in events),
    )


def _card(event: KnownEvent, day: date) -> Entity:
    return Entity("event", event.id, event.title, f"{day.year}年{day.month}月{day.day}日の開催")
