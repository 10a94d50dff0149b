"""The date of a document, and the years in its file's name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from indexer.recognise.evidence import Evidence, evidence_beside
from indexer.recognise.reading import Place, Reading, YearMention
from kb.domain.fiscal_year import FiscalYear, YearKind, parse_date, parse_fiscal_year

_NOT_ITS_DATE = re.compile(
    r"(?:施行|改正|設立|生まれ|締切|期限|まで[にの]|申込|予定|以降|から|より|時点|調査|起債|償還)"
)
_OF_IT = re.compile(
    r"(?:開催日|開催日時|日\s?時|期\s?日|会期|発行日?|公表日?|作成日?|記入日|提出日)[\s　:：)]*"
)
_NOTHING_ELSE = re.compile(r"^[\s　()(（）)\-–—・,、。:：土日月火水木金曜]*$")
_LONG_SENTENCE = 48
_LAST_LINES = 4

_KANJI_DIGITS = "〇一二三四五六七八九"
_KANJI_DATE = re.compile(
    "(令和|平成|昭和)(元|[〇一二三四五六七八九十]{1,3})年([〇一二三四五六七八九十]{1,3})月"
    "([〇一二三四五六七八九十]{1,3})日"
)
_FILE_ERA = re.compile(r"(?<![A-Za-z0-9])([RrHh令平])(元|\d{1,2})(?![A-Za-z0-9])")
_FILE_MONTH = re.compile(r"(?<!\d)(20\d\d|19[89]\d)[-_.年](\d{1,2})(?!\d)")
_FILE_DAY = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?([0-2]\d|3[01])(?!\d)")
_FILE_YEAR = re.compile(r"(?<!\d)(20\d\d|19[89]\d)(?!\d)")
_FILE_FISCAL = re.compile(r"((?:令和|平成)?(?:元|\d{1,4})年度|[Ff][Yy]\d{2,4})")


@dataclass(frozen=True, slots=True)
class DatedBy:
    """A day the document may be of, and why."""

    day: date
    weight: float
    rule: str
    evidence: Evidence

    @property
    def fiscal_year(self) -> int:
        """The year of the fiscal year it falls in."""
        return FiscalYear.containing(self.day).year


@dataclass(frozen=True, slots=True)
class FileYear:
    """A year in the file's name."""

    year: int
    is_fiscal: bool
    """A fiscal year (r6, 2024年度, or a month's), not a bare calendar year."""
    has_month: bool


def document_dates(reading: Reading) -> Iterator[DatedBy]:
    """Days the document may be of: event, labelled, cover, signature, metadata; unordered."""
    source = reading.source
    if source.event is not None and source.event.held_on is not None:
        evidence = evidence_beside("event", source.event.title or str(source.event.held_on))
        yield DatedBy(source.event.held_on, 0.98, "event", evidence)
    for mention in reading.years:
        found = _on_page(mention)
        if found is not None and mention.span.date is not None:
            yield DatedBy(mention.span.date, found[1], found[0], mention.evidence)
    yield from _in_kanji(reading)
    made = _created(source.created)
    if made is not None:
        yield DatedBy(made, 0.5, "created", evidence_beside("metadata", str(made)))


def _in_kanji(reading: Reading) -> Iterator[DatedBy]:
    """Dates in kanji numerals that stand alone, as letters and vertical pages have them."""
    for line in reading.lines:
        match = _KANJI_DATE.fullmatch(line.text.strip()) if "年" in line.text else None
        if match:
            era, *numbers = match.groups()
            year, month, day = (_kanji_number(number) for number in numbers)
            found = parse_date(f"{era}{year}年{month}月{day}日")
            if found is not None:
                yield DatedBy(found, 0.85, "kanji_date", line.whole)


def _kanji_number(digits: str) -> int:
    """十一, 一一, 二十三, 元 as numbers; digits side by side are read by their places."""
    if digits == "元":
        return 1
    tens, ten, units = digits.rpartition("十")
    if ten:
        return (_KANJI_DIGITS.find(tens) if tens else 1) * 10 + max(
            0, _KANJI_DIGITS.find(units or "〇")
        )
    return int("".join(str(_KANJI_DIGITS.index(digit)) for digit in digits))


def _created(text: str | None) -> date | None:
    """The day in the metadata, where it is one since PDF was invented."""
    try:
        day = date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
    return day if day.year >= 1993 else None


def _on_page(mention: YearMention) -> tuple[str, float] | None:
    """The rule that takes a date for the document's own, and its weight."""
    line, span = mention.line, mention.span
    if span.kind is not YearKind.DATE:
        return None
    before, after = line.text[: span.start], line.text[span.end :]
    if _OF_IT.search(before) and line.page.number == 1:
        return "date_label", 0.9
    if after.startswith("現在") and line.place >= Place.COVER:
        return "as_of", 0.9
    if _NOT_ITS_DATE.search(after[:6]) or len(line.text) > _LONG_SENTENCE or "。" in line.text:
        return None
    if line.place >= Place.COVER:
        return ("cover_date", 0.92) if _NOTHING_ELSE.match(after) else ("cover_words", 0.7)
    if _NOTHING_ELSE.match(before) and _NOTHING_ELSE.match(after) and _is_last(mention):
        return "signature_date", 0.8
    return None


def _is_last(mention: YearMention) -> bool:
    """Whether a line is among the last of its page, where letters are dated."""
    rest = mention.line.page.text[mention.line.start :]
    return rest.strip().count("\n") < _LAST_LINES


def file_years(file_name: str) -> Iterator[FileYear]:
    """The years in a file's name: r6, H30, 令和4年度, FY22, 2026-06, 20230930, 2019."""
    stem = file_name.rpartition(".")[0] or file_name
    for pattern in (_FILE_DAY, _FILE_MONTH):
        for match in pattern.finditer(stem):
            year, month = int(match.group(1)), int(match.group(2))
            if 1 <= month <= 12:
                yield FileYear(FiscalYear.containing(date(year, month, 1)).year, True, True)
        stem = pattern.sub(" ", stem)
    for match in _FILE_FISCAL.finditer(stem):
        year_of = parse_fiscal_year(match.group())
        if year_of is not None:
            yield FileYear(year_of.year, True, False)
    stem = _FILE_FISCAL.sub(" ", stem).replace("_", " ")
    for match in _FILE_ERA.finditer(stem):
        year_of = parse_fiscal_year(match.group().upper())
        if year_of is not None:
            yield FileYear(year_of.year, True, False)
    for match in _FILE_YEAR.finditer(stem):
        yield FileYear(int(match.group()), False, False)
