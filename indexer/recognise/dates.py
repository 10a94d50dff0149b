"""The date of a document, and the years in its file's name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from indexer.recognise.evidence import Evidence, evidence_beside
from indexer.recognise.reading import Place, Reading, YearMention
from kb.domain.fiscal_year import FiscalYear, YearKind, find_years_in_name

_NOT_ITS_DATE = re.compile(
    r"(?:施行|改正|設立|生まれ|締切|期限|まで[にの]|申込|予定|以降|から|より|時点|調査|起債|償還)"
)
_OF_IT = re.compile(r"(?:開催日|開催日時|日\s?時|期\s?日|会期|発行日?|公表日?|発表日)[\s　:：)]*")
_FILLED_IN = re.compile(r"(?:記入|作成|提出)(?:年月)?日[\s　:：)]*$")
_ADDRESS = re.compile(r"://\S*$|www\.\S*$")
_KANJI = re.compile("[一二三四五六七八九十]月[一二三四五六七八九十]+日$")
_NOTHING_ELSE = re.compile(r"^[\s　()(（）)\-–—・,、。:：土日月火水木金曜]*$")
_LONG_SENTENCE = 48
_LAST_LINES = 4
_FORM = 0.7
"""Of the day on a form that is filled in: it may be shown in the year after."""


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
    filled_in = any(_FILLED_IN.search(line.text) for line in reading.lines if line.page.number == 1)
    for mention in reading.years:
        found = _on_page(mention, reading.label_of(mention))
        if found is not None and mention.span.date is not None:
            rule, weight = found
            if filled_in and weight > _FORM:
                rule, weight = "form_date", _FORM
            yield DatedBy(mention.span.date, weight, rule, mention.evidence)
    made = _created(source.created)
    if made is not None:
        yield DatedBy(made, 0.5, "created", evidence_beside("metadata", str(made)))


def _created(text: str | None) -> date | None:
    """The day in the metadata, where it is one since PDF was invented."""
    try:
        day = date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
    return day if day.year >= 1993 else None


def _on_page(mention: YearMention, label: str) -> tuple[str, float] | None:
    """The rule that takes a date for the document's own, and its weight."""
    line, span = mention.line, mention.span
    if span.kind is not YearKind.DATE:
        return None
    before, after = mention.before, mention.after
    if _ADDRESS.search(before):
        return None
    if _OF_IT.search(label) and line.page.number == 1:
        return "date_label", 0.9
    if after.startswith("現在") and line.place >= Place.COVER:
        return "as_of", 0.9
    if _NOT_ITS_DATE.search(after[:6]) or len(line.text) > _LONG_SENTENCE or "。" in line.text:
        return None
    if line.place >= Place.COVER:
        return ("cover_date", 0.92) if _NOTHING_ELSE.match(after) else ("cover_words", 0.7)
    alone = _NOTHING_ELSE.match(before) and _NOTHING_ELSE.match(after)
    if alone and _KANJI.search(span.text):
        return "kanji_date", 0.85
    if alone and _is_last(mention):
        return "signature_date", 0.8
    return None


def _is_last(mention: YearMention) -> bool:
    """Whether a line is among the last of its page, where letters are dated."""
    rest = mention.line.page.text[mention.line.start :]
    return rest.strip().count("\n") < _LAST_LINES


def file_years(file_name: str) -> Iterator[FileYear]:
    """The years in a file's name: r6, H30, 令和4年度, FY22, 2026-06, 20230930, 2019."""
    for span in find_years_in_name(file_name):
        year = span.fiscal_year
        yield FileYear(year.year if year else span.year, year is not None, span.month is not None)
