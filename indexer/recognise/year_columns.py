"""The last year of the results that a document shows: the columns of its tables and charts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from indexer.recognise import year_words as words
from indexer.recognise.evidence import Evidence
from indexer.recognise.reading import Line, Place, Reading, YearMention
from indexer.recognise.year_ground import YearGround
from kb.domain.fiscal_year import FiscalYear, YearKind
from kb.domain.numerals import number_of

_NO_COLUMN = re.compile(r"[\d\s　令和平成元年度()（）上下半期項目%,、.|の内容―\-]+")
_BARE = re.compile(r"[\s　]*((?:19[89]|20\d)\d)[\s　]*年?[\s　]*(?:\t.*)?")
_REMARK = re.compile(r"[\s　]*(?:[(（][^()（）]*[)）])?[\s　]*")
_COMPARED = 0.55
"""How often a table's last column is the year of the work; the next year's results follow late."""
_UNFINISHED = 0.44
_SEVERAL = 0.6
_YEAR_ENDS = 3
_FEWEST = 2
_FEWEST_BARE = 3
"""Numbers that follow each other as years do; two of them may be anything."""


class _Sort(Enum):
    FISCAL = auto()
    BARE = auto()
    MONTH = auto()


@dataclass(frozen=True, slots=True)
class _Column:
    sort: _Sort
    page: int
    first: date
    year: int
    evidence: Evidence


def last_results(reading: Reading, own: date | None) -> Iterator[YearGround]:
    """The last year of each table of results by year, if that is not after the document's own.

    Args:
        reading: the document.
        own: its day, if that is known.
    """
    for table in _tables([*_named(reading), *_bare(reading)]):
        shown = [one for one in table if own is None or one.first <= own]
        if len(shown) == len(table) or table[0].sort is not _Sort.MONTH:
            yield from _last(shown, reading, own)


def _last(table: Sequence[_Column], reading: Reading, own: date | None) -> Iterator[YearGround]:
    """Of a year that is still running when the document is dated, less is sure."""
    if not table:
        return
    years = {column.year for column in table}
    last = max(table, key=lambda column: column.first)
    match last.sort:
        case _Sort.FISCAL:
            holds, rule = len(years) >= _FEWEST, "compared"
        case _Sort.BARE:
            late = 2 * last.page > len(reading.source.pages)
            in_turn = max(years) - min(years) == len(years) - 1
            holds, rule = len(years) >= _FEWEST_BARE and late and in_turn, "compared_bare"
        case _Sort.MONTH:
            holds, rule = len(table) >= _FEWEST and len(years) == 1, "compared_months"
    if holds and last.sort is _Sort.FISCAL and len(years) == _years_of_work(reading.title):
        # What was done over several years is filed under the first of them.
        yield YearGround(min(years), _SEVERAL, "years_of_work", table[0].evidence)
    elif holds:
        unfinished = own is not None and last.year == FiscalYear.containing(own).year
        weight = _UNFINISHED if unfinished and own and own.month > _YEAR_ENDS else _COMPARED
        yield YearGround(last.year, weight, rule, last.evidence)


def _years_of_work(title: str) -> int | None:
    """3年間の記録: how many years the title says."""
    match = words.SEVERAL_YEARS.search(title)
    return number_of(match.group(1)) if match else None


def _tables(columns: Sequence[_Column]) -> Iterator[list[_Column]]:
    """Columns of one sort on one page, as long as they go on in time."""
    for sort in _Sort:
        table: list[_Column] = []
        for column in columns:
            if column.sort is not sort:
                continue
            if table and not (table[-1].page == column.page and table[-1].first < column.first):
                yield table
                table = []
            table.append(column)
        if table:
            yield table


def _named(reading: Reading) -> Iterator[_Column]:
    """Columns headed 2021年度, and months standing alone."""
    before: YearMention | None = None
    for mention in reading.years:
        span, line = mention.span, mention.line
        twice = before is not None and before.line is line and before.span.begins == span.begins
        before = mention
        if twice or line.place in (Place.RUNNING, Place.TITLE):
            continue
        if span.kind is YearKind.FISCAL_YEAR and span.says_fiscal and _is_column(line.text):
            yield _column(_Sort.FISCAL, mention)
        elif span.kind is YearKind.MONTH and line.place < Place.COVER and _stands_alone(mention):
            yield _column(_Sort.MONTH, mention)


def _column(sort: _Sort, mention: YearMention) -> _Column:
    year = mention.span.fiscal_year
    return _Column(
        sort, mention.line.page.number, mention.span.begins,
        year.year if year else mention.span.year, mention.evidence,
    )  # fmt: skip


def _is_column(text: str) -> bool:
    """Whether a line, or the cells of a row after its first, are nothing but years."""
    cells = text.split("\t")
    return not any(_NO_COLUMN.sub("", cell) for cell in cells[1:] or cells)


def _stands_alone(mention: YearMention) -> bool:
    before, after = mention.line.text[: mention.span.start], mention.after
    return not before.strip() and bool(_REMARK.fullmatch(after.partition("\t")[0]))


def _bare(reading: Reading) -> Iterator[_Column]:
    """Lines, or first cells of rows, that are a number like a year."""
    for line in reading.lines:
        match = _BARE.fullmatch(line.text) if line.place < Place.RUNNING else None
        if match:
            yield _bare_column(line, match)


def _bare_column(line: Line, match: re.Match[str]) -> _Column:
    year = FiscalYear(int(match.group(1)))
    evidence = line.evidence(match.start(1), match.end(1))
    return _Column(_Sort.BARE, line.page.number, year.start, year.year, evidence)
