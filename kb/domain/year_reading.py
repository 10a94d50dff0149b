"""From text to spans: each pattern claims what no earlier one has taken."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kb.domain import year_patterns
from kb.domain.eras import FIRST_YEAR, LAST_YEAR, FiscalYear, era_of
from kb.domain.numerals import number_of
from kb.domain.year_spans import YearKind, YearPart, YearSpan

_PATTERNS = (
    (YearKind.DATE, year_patterns.DATE),
    (YearKind.DATE, year_patterns.COMPACT_DATE),
    (YearKind.FISCAL_YEAR, year_patterns.FISCAL),
    (YearKind.MONTH, year_patterns.MONTH),
    (YearKind.MONTH, year_patterns.DOTTED_MONTH),
    (YearKind.CALENDAR_YEAR, year_patterns.CALENDAR),
    (YearKind.FISCAL_YEAR, year_patterns.JOINED),
    (YearKind.FISCAL_YEAR, year_patterns.UNMARKED),
)
"""The more a pattern asks for, the earlier it claims its stretch of the text."""

_SIGNS = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | dict.fromkeys(map(ord, "〜∼〰"), "~")
_PARTS: Mapping[str, YearPart] = {"上": YearPart.FIRST_HALF, "下": YearPart.SECOND_HALF}
_QUARTERS = tuple(YearPart)[2:]
_CONTEXT = 10
"""Years that a lone 「30年度」 may lie from the year before it whose era it takes."""


@dataclass(frozen=True, slots=True)
class Plain:
    """Text in the form that the patterns expect, and where its characters stand in the original."""

    text: str
    original: str
    starts: Sequence[int]
    """For each character of `text`, its place in `original`."""

    def restored(self, span: YearSpan) -> YearSpan:
        """A span over `text` as one over `original`."""
        start, end = self.starts[span.start], self.starts[span.end - 1] + 1
        return replace(span, start=start, end=end, text=self.original[start:end])


def plain(text: str) -> Plain:
    """NFKC of every character, with plain hyphens and tildes; ㍻ becomes two that share a place.

    Circled and raised numbers become blanks, lest ①2022年 read as 12022年.
    """
    if unicodedata.is_normalized("NFKC", text):
        return Plain(text.translate(_SIGNS), text, range(len(text)))
    characters: list[str] = []
    starts: list[int] = []
    for index, character in enumerate(text):
        is_digit = character.isdigit() and not character.isdecimal()
        simple = " " if is_digit else unicodedata.normalize("NFKC", character).translate(_SIGNS)
        characters.append(simple)
        starts += [index] * len(simple)
    return Plain("".join(characters), text, starts)


def spans_in(text: str, *, era_hint: str | None, bare: bool) -> list[YearSpan]:
    """The years, months and dates of a plain text, in order, without overlaps."""
    found: list[YearSpan] = []
    found += claimed(text, *_PATTERNS[0], found)
    found += claimed(text, *_PATTERNS[1], found)
    found += _several(text, found)
    for kind, pattern in _PATTERNS[2:]:
        found += claimed(text, kind, pattern, found)
    if bare:
        found += claimed(text, YearKind.CALENDAR_YEAR, year_patterns.BARE, found)
    found += _hinted(text, found, era_hint)
    return sorted(found, key=lambda span: span.start)


def claimed(
    text: str, kind: YearKind, pattern: re.Pattern[str], taken: Iterable[YearSpan]
) -> Iterator[YearSpan]:
    """What a pattern matches where nothing has been taken."""
    before = list(taken)
    for match in pattern.finditer(text):
        span = read(kind, match, None) if is_free(match.start(), match.end(), before) else None
        if span:
            yield span


def is_free(start: int, end: int, taken: Iterable[YearSpan]) -> bool:
    """Whether no span has a character of `start:end`."""
    return all(end <= span.start or span.end <= start for span in taken)


def _hinted(text: str, taken: list[YearSpan], era_hint: str | None) -> Iterator[YearSpan]:
    """「30年度」 in the era handed in, else in that of the nearest year named before it."""
    found: list[YearSpan] = []
    for match in year_patterns.FISCAL_HINTED.finditer(text):
        if not is_free(match.start(), match.end(), taken):
            continue
        before = [s for s in (*taken, *found) if s.end <= match.start() and s.era]
        nearest = max(before, key=lambda span: span.end, default=None)
        hint = era_hint or (nearest.era if nearest else None)
        span = read(YearKind.FISCAL_YEAR, match, hint)
        near = nearest is not None and span and abs(span.year - nearest.year) <= _CONTEXT
        if span and (era_hint or near):
            found.append(span)
    yield from found


def _several(text: str, taken: list[YearSpan]) -> Iterator[YearSpan]:
    for pattern in (year_patterns.SEVERAL, year_patterns.FY_SEVERAL):
        for match in pattern.finditer(text):
            if is_free(match.start(), match.end(), taken):
                yield from _of_several(match)


def _of_several(match: re.Match[str]) -> tuple[YearSpan, ...]:
    """The years of a match of SEVERAL; none at all where one of them makes no sense."""
    fiscal = match["unit"] != "年"
    kind = YearKind.FISCAL_YEAR if fiscal else YearKind.CALENDAR_YEAR
    found: list[YearSpan] = []
    for item in year_patterns.ITEM.finditer(match["years"]):
        era, year = _item(item, found[-1] if found else None)
        if year is None or (found and year <= found[-1].year):
            return ()
        start, end = (match.start("years") + place for place in item.span())
        words = match.string[start:end]
        found.append(YearSpan(start, end, words, kind, year, None, None, fiscal, era=era))
    if len(found) < 2:
        return ()
    words = match.string[found[-1].start : match.end()]
    found[-1] = replace(found[-1], end=match.end(), text=words)
    first = match.string[match.start() : found[0].end]
    found[0] = replace(found[0], start=match.start(), text=first)
    return tuple(found)


def _item(item: re.Match[str], before: YearSpan | None) -> tuple[str | None, int | None]:
    """Era and year of one of several: 令和3・4 counts on in its era, 2020-22 in its century."""
    if item["western"]:
        year = number_of(item["western"])
        return None, year if FIRST_YEAR <= year <= LAST_YEAR else None
    number = number_of(item["number"])
    era = era_of(item["era"]) or era_of(before.era if before else None)
    if era is not None:
        return era.name, era.year(number)
    if before is None or len(item["number"]) != 2 or not item["number"].isdecimal():
        return None, None
    return None, before.year // 100 * 100 + number


def read(kind: YearKind, match: re.Match[str], era_hint: str | None) -> YearSpan | None:
    """Make a span of a match; None when its numbers are no year, month or day."""
    groups = match.groupdict()
    era, year = _year_of(groups, era_hint)
    month = _number(groups, "m1", "m2")
    day = _number(groups, "d1", "d2")
    if year is None or not is_day(year, month, day):
        return None
    return YearSpan(
        start=match.start(),
        end=match.end(),
        text=match.group(),
        kind=kind,
        year=year,
        month=month,
        day=day,
        says_fiscal=groups.get("says") is not None,
        part=part_of(groups.get("part")),
        era=era,
    )


def is_day(year: int, month: int | None, day: int | None) -> bool:
    """Whether the calendar has such a month and day, where they are named."""
    if month is not None and not 1 <= month <= 12:
        return False
    return day is None or (month is not None and 1 <= day <= monthrange(year, month)[1])


def _number(groups: Mapping[str, str | None], *names: str) -> int | None:
    digits = next((digits for name in names if (digits := groups.get(name))), None)
    return number_of(digits) if digits else None


def part_of(words: str | None) -> YearPart | None:
    """上期, 下半期, 第3四半期, Q3 as a part of a year."""
    if not words:
        return None
    if words[0] in _PARTS:
        return _PARTS[words[0]]
    number = next(number for c in words if (number := number_of(c)))
    return _QUARTERS[number - 1]


def _year_of(
    groups: Mapping[str, str | None], era_hint: str | None
) -> tuple[str | None, int | None]:
    """Era and Gregorian year; no year when out of range or at odds with what says it again."""
    era = None
    if digits := groups.get("western") or groups.get("fy"):
        year: int | None = number_of(digits)
        if len(digits) == 2 and year is not None:
            year = _full_year(year)
    else:
        era = era_of(groups.get("era") or era_hint)
        year = era.year(_number(groups, "number", "hinted") or 0) if era else None
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return None, None
    again = [groups[name] for name in ("also", "later_also", "joined") if groups.get(name)]
    agrees = all((span := whole(words or "", None)) and span.year == year for words in again)
    return (era.name if era else None, year) if agrees else (None, None)


def _full_year(two_digits: int) -> int:
    """FY22 is 2022, FY98 is 1998: no plan of the 2070s is at hand yet."""
    return two_digits + (2000 if two_digits < 70 else 1900)


def whole(text: str, era_hint: str | None) -> YearSpan | None:
    """The year that the whole of a plain text names, with or without 年 and 年度."""
    match = year_patterns.EXACT.fullmatch(text.strip())
    return read(YearKind.FISCAL_YEAR, match, era_hint) if match else None


def relative_in(text: str, on: date, taken: Sequence[YearSpan]) -> Iterator[YearSpan]:
    """昨年度, 翌年, 昨年の9月 in a plain text, counted from `on`.

    前年度 and 翌年度 (前年, 翌年) count from the year named before them, if one is.
    """
    for match in year_patterns.RELATIVE.finditer(text):
        if not is_free(match.start(), match.end(), taken):
            continue
        words = match["fiscal"] or match["calendar"]
        fiscal = match["fiscal"] is not None
        year = _counted_from(words, fiscal, _named_before(match.start(), taken), on)
        span = _relative(match, fiscal, year)
        if span is not None:
            yield span


def _relative(match: re.Match[str], fiscal: bool, year: int) -> YearSpan | None:
    month, day = (_number(match.groupdict(), name) for name in ("m1", "d1"))
    if not FIRST_YEAR <= year <= LAST_YEAR or not is_day(year, month, day):
        return None
    kind = YearKind.DATE if day else YearKind.MONTH if month else YearKind.CALENDAR_YEAR
    return YearSpan(
        start=match.start(),
        end=match.end(),
        text=match.group(),
        kind=YearKind.FISCAL_YEAR if fiscal else kind,
        year=year,
        month=month,
        day=day,
        says_fiscal=fiscal,
        part=part_of(match["part"]),
        relative=True,
    )


_STEPS: Mapping[str, int] = {
    "一昨": -2, "おと": -2, "前々": -2, "昨": -1, "去": -1, "前": -1, "当": 0, "本": 0, "今": 0,
    "再来": 2, "翌々": 2, "来": 1, "次": 1, "翌": 1,
}  # fmt: skip
"""Longer beginnings first: 前々年度 is not 前年度."""


def _counted_from(words: str, fiscal: bool, before: YearSpan | None, on: date) -> int:
    step = next(step for beginning, step in _STEPS.items() if words.startswith(beginning))
    if before is not None and words[0] in "前翌":
        named = before.fiscal_year if fiscal else None
        return (named.year if named else before.year) + step
    return (FiscalYear.containing(on).year if fiscal else on.year) + step


def _named_before(start: int, taken: Sequence[YearSpan]) -> YearSpan | None:
    before = [span for span in taken if span.end <= start]
    return max(before, key=lambda span: span.end, default=None)
