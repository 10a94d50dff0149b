"""The blocks of a page, newest first as a rule: what each announces, reports, or is about.

A block begins at a heading that names an event. A text page has no marked headings: there a
short line with an event's name and a date, a number or a word of announcing begins one. On an
HTML page that marks such headings, only they do.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from indexer.intake.labels import Label, Labelled, label_of, labelled
from indexer.intake.naming import (
    ANNOUNCES,
    EDITION,
    HAS_NOUN,
    REPORTS,
    EventName,
    name_in,
    quoted_name,
)
from indexer.intake.wording import MARKER, QUOTED, Line, levelled
from kb.domain.fiscal_year import FiscalYear

_LONGEST_HEADING = 120
_FILE = re.compile(r"(?i)\d\s?[KM]B|PDF|キロバイト|メガバイト")
_DAY = re.compile(r"(?<![\d年/.\-])(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日")
_ONLY_DATE = re.compile(r"[\s　]*(?:\([^)]{1,6}\)|[月火水木金土日]曜日?|開催|実施)*[\s　]*")
_HELD = re.compile("開催|実施|開か|行い|行わ|集ま|集い")
_TOOK_PLACE = re.compile("開催|実施|開きま")
_REPORTING = re.compile(
    r"(?:開催|実施|発表)(?:いた)?しました|参加いただ|ありがとうございました|集まり|参加者は.{0,12}\d[名人]"
)
_NUMBER = re.compile(r"\d\s?[名人]")
_ANNOUNCING = re.compile(
    "お待ちして|開催(?:いた)?します|開催予定|申し?込み|募集|ご参加ください|中止"
)
_SMALL_PRINT = re.compile(r"(?i)^\W*(?:copyright|©|\(c\)\s|powered by|all rights reserved)")


class BlockKind(StrEnum):
    """What a block does."""

    ANNOUNCEMENT = "announcement"
    REPORT = "report"
    OTHER = "other"


@dataclass(frozen=True, eq=False)
class Block:
    """Lines of the page under one heading."""

    lines: tuple[Line, ...]
    name: EventName | None
    heading: Line | None = None
    """The line that names it; None before the first heading."""

    @cached_property
    def facts(self) -> tuple[Labelled, ...]:
        """Its labelled facts."""
        return tuple(labelled(self.lines))

    @cached_property
    def held(self) -> tuple[date, Line] | None:
        """The day it is about, and the line that says so."""
        return next(_days(self), None)

    @property
    def on(self) -> date | None:
        """The day it is about."""
        return self.held[0] if self.held else None

    @cached_property
    def year(self) -> int | None:
        """The year its heading names."""
        return _heading_year(self.heading) if self.heading else None

    @cached_property
    def kind(self) -> BlockKind:
        """What it does, by its heading, else by its text."""
        return _kind(self)

    def first(self, label: Label) -> Labelled | None:
        """The first fact with a label."""
        return next((fact for fact in self.facts if fact.label is label), None)


def blocks_of(lines: Sequence[Line]) -> tuple[Block, ...]:
    """Cut a page; what stands before the first heading is a block without name."""
    marked = any(line.source.heading and _opens(line) for line in lines)
    starts = [
        (_start(lines, index), line, name)
        for index, line in enumerate(lines)
        if (line.source.heading or not marked) and (name := _opens(line))
    ]
    found = []
    if not starts or starts[0][0] > 0:
        found.append(Block(tuple(lines[: starts[0][0]] if starts else lines), None))
    ends = [*(start for start, _, _ in starts[1:]), len(lines)]
    for (start, heading, name), end in zip(starts, ends, strict=False):
        found.append(Block(tuple(lines[start:end]), name, heading))
    return tuple(named(block) for block in found)


def named(block: Block) -> Block:
    """A block without a heading that is about an event after all: a page for one event."""
    if block.name is not None or not _is_whole_event(block):
        return block
    for line in block.lines[:40]:
        if _is_short(line) and label_of(line) is None and (name := name_in(line)):
            return Block(block.lines, name, line)
    title = block.first(Label.TITLE)
    if title is not None:
        words = levelled(title.value)
        name = EventName(title.value, title.value, None) if HAS_NOUN.search(words) else None
        return Block(block.lines, name, title.line)
    return block


def is_event(block: Block) -> bool:
    """Whether a block is about one event; an organiser that tells of itself is none."""
    if block.name is None or block.heading is None:
        return False
    if block.on is not None or _is_whole_event(block) or EDITION.search(block.heading.plain):
        return True
    return bool(block.year) and block.kind is not BlockKind.OTHER


def _is_whole_event(block: Block) -> bool:
    labels = {fact.label for fact in block.facts}
    return Label.WHEN in labels or len(labels & {Label.WHERE, Label.CAPACITY, Label.FEE}) >= 2


# --- headings ----------------------------------------------------------------------------


def _opens(line: Line) -> EventName | None:
    """The name of the event that a line is the heading of."""
    if not _is_short(line):
        return None
    plain = line.plain
    name = name_in(line)
    rest = _without(line, name)
    tells = REPORTS.search(rest) or ANNOUNCES.search(rest)
    if name is not None:
        dated = line.years or EDITION.search(plain) or _DAY.search(plain)
        return name if dated or tells else None
    # Without a word for an event, news of other sorts bear dates too.
    held = tells and (QUOTED.search(line.text) or _TOOK_PLACE.search(rest))
    return quoted_name(line) if line.dates and held else None


def _is_short(line: Line) -> bool:
    plain = line.plain.strip()
    if not 4 <= len(plain) <= _LONGEST_HEADING or "。" in plain or plain[-1] in "、,":
        return False
    marker = MARKER.match(plain)
    listed = marker and not line.source.heading and marker.group().strip() not in _DECORATIONS
    if listed or _FILE.search(plain):
        return False
    found = label_of(line)
    # What stands in brackets before an event's name may be its state: 【終了】.
    return found is None or (found[0] is Label.OTHER and plain[0] == "【" and found[1] < len(plain))


_DECORATIONS = frozenset("◆◇■□★☆●○◎▼※#")


def _without(line: Line, name: EventName | None) -> str:
    return line.plain.replace(levelled(name.title), " ") if name else QUOTED.sub(" ", line.plain)


def _start(lines: Sequence[Line], index: int) -> int:
    """Where a block begins: a line that is nothing but a date may stand above its heading."""
    above = index - 1
    while above >= 0 and lines[above].is_blank and index - above < 3:
        above -= 1
    if above >= 0 and not lines[index].dates and _is_date(lines[above]):
        return above
    return index


def _is_date(line: Line) -> bool:
    if len(line.dates) != 1 or len(line.text) > 40:
        return False
    span = line.dates[0]
    before, after = line.plain[: span.start], line.plain[span.end :]
    return not before.strip(" 　【[(◆◇■●") and bool(_ONLY_DATE.fullmatch(after.strip("】]")))


# --- dates -------------------------------------------------------------------------------


def _days(block: Block) -> Iterator[tuple[date, Line]]:
    """The days that a block may be about, the surest first."""
    if block.heading is not None:
        yield from _dates(block.heading, block)
    for line in block.lines[:3]:
        if _is_date(line):
            yield from _dates(line, block)
    for fact in block.facts:
        if fact.label is Label.WHEN:
            yield from _dates(fact.line, block)
    yield from _told_days(block)


def _told_days(block: Block) -> Iterator[tuple[date, Line]]:
    if block.name is None:
        return
    series = levelled(block.name.series)
    for line in block.lines:
        if _HELD.search(line.plain) or (series and series in line.plain):
            for day, where in _dates(line, block):
                if block.year in (None, day.year, FiscalYear.containing(day).year):
                    yield day, where


def _dates(line: Line, block: Block) -> Iterator[tuple[date, Line]]:
    """The days of a line; one without a year takes that of the block's heading."""
    for span in line.dates:
        if span.date is not None:
            yield span.date, line
    if not line.dates and block.year is not None:
        for found in _DAY.finditer(line.plain):
            fiscal = any(s.says_fiscal for s in block.heading.years) if block.heading else False
            year = block.year + (1 if fiscal and int(found["month"]) < 4 else 0)
            day = _day(year, int(found["month"]), int(found["day"]))
            if day is not None:
                yield day, line


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # the 31st of a month that has 30 days
        return None


def _heading_year(heading: Line) -> int | None:
    for span in heading.years:
        return span.year
    found = re.search(r"(?<!\d)(?:19[89]|20[0-4])\d(?!\d)", heading.plain)
    return int(found.group()) if found else None


# --- kinds -------------------------------------------------------------------------------


def _kind(block: Block) -> BlockKind:
    if block.heading is not None:
        rest = _without(block.heading, block.name)
        if REPORTS.search(rest):
            return BlockKind.REPORT
        if ANNOUNCES.search(rest):
            return BlockKind.ANNOUNCEMENT
    reporting = announcing = 0
    for line in block.lines:
        reporting += bool(_REPORTING.search(line.plain))
        announcing += bool(_ANNOUNCING.search(line.plain))
    labels = {fact.label for fact in block.facts}
    reporting += any(f.label is Label.CAME and _NUMBER.search(f.plain) for f in block.facts)
    if reporting and reporting >= announcing:
        return BlockKind.REPORT
    if announcing or labels & {Label.CAPACITY, Label.FEE, Label.WHEN}:
        return BlockKind.ANNOUNCEMENT
    return BlockKind.OTHER


def is_small_print(line: Line) -> bool:
    """Whether a line is the page's own footer."""
    return line.source.footer or bool(_SMALL_PRINT.search(line.plain))
