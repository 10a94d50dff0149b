"""The two years of a document: the one its work was done in, the one it was presented in.

They are kept apart. A presentation's date says nothing about the year of the work; that needs
words of its own: a title or budget of that year, a label, a sentence that tells when
something was begun. Of a meeting's papers both are the year of the meeting.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from indexer.recognise.dates import DatedBy, document_dates, file_years
from indexer.recognise.evidence import (
    Evidence,
    Recognised,
    best_first,
    either,
    evidence_beside,
)
from indexer.recognise.reading import Place, Reading, YearMention
from kb.domain.fiscal_year import YearKind

LEAST = 0.5

_PRACTICE = re.compile(r"(?:実践年度|事例実施年度?|実施年度|取組年度|対象年度)[\s　:：)]*$")
_PRESENTED = re.compile(r"(?:発表年度|報告年度|発行年度)[\s　:：)]*$")
_GATHERING = re.compile("セミナー|発表会|研修会|大会|フォーラム|シンポジウム|総会|説明会|講演会")
_OF_A_YEAR = re.compile(
    "予算|決算|事業計画|実施計画|事業報告|実績|年次報告|年報|施政方針|評価|白書"
)
_MEETING = re.compile(
    r"(?:議会|審議会|協議会|委員会|会議|定例会|臨時会).{0,20}(?:結果|会議録|議事|次第|審議|審査)"
    r"|会議録|議事録|議事概要|議案"
)
_COUNCIL_BODY = re.compile("議案第|議決|本会議|会議録|議事録")
_DONE = re.compile(
    "実施|試行|開始|始め|始ま|行っ|行い|取り組|取組|導入|見直し|検討|切り替え|実践|作成|策定|改め"
    "|調べた|記録|集計|数え"
)
_PLANNED = re.compile("予定|見込|今後|目指|計画している|から全|では全|次年度|来年度|さらに")
_LAST_YEAR = re.compile("昨年度|前年度の取|昨年(?!度)")
_YEAR_BEFORE_LAST = re.compile("一昨年度")
_UNTIL = re.compile("[\\s　]*(?:末|末日)?まで|以前")
_NO_COLUMN = re.compile(r"[\d\s　令和平成元年度()（）上下半期項目%,、.|の内容―\-]+")
_OWN_LINE = re.compile(r"^[\s　]*$")

_LABEL, _BUDGET, _TITLE, _COVER_LINE, _MEETING_DAY = 0.95, 0.95, 0.85, 0.85, 0.9
_FILE, _FILE_CALENDAR, _RELATIVE, _SENTENCE, _HEADING = 0.6, 0.3, 0.55, 0.52, 0.55
_COMPARED, _COLUMNS = 0.55, 2
_MEETING_CREATED, _MEETING_FILE = 0.6, 0.6
_ELSE = 0.3
"""What is left of a sentence about plans, or about years long past."""
_RECENT = 5
_REACH = 60
"""Characters after a year in which what was done stands."""


@dataclass(frozen=True, slots=True)
class _Ground:
    year: int
    weight: float
    rule: str
    evidence: Evidence


def recognise_presented(reading: Reading) -> tuple[Recognised[int], ...]:
    """The fiscal year in which the document was presented or published."""
    grounds = [_presented_by(dated) for dated in document_dates(reading)]
    for mention in reading.years:
        if _PRESENTED.search(mention.line.text[: mention.span.start]):
            grounds.append(_ground(mention, 0.9, "label"))
        elif mention.line.place is Place.TITLE and _GATHERING.search(reading.title):
            grounds.append(_ground(mention, 0.8, "event_title"))
    grounds += [
        _Ground(f.year, 0.5 if f.has_month else 0.3, "file", _file(reading))
        for f in file_years(reading.source.file_name)
        if f.has_month or not f.is_fiscal
    ]
    return _weighed(grounds)


def recognise_implemented(reading: Reading) -> tuple[Recognised[int], ...]:
    """The fiscal year of the work that the document is about."""
    grounds = list(_meeting_grounds(reading)) if is_meeting(reading) else []
    if not grounds:
        grounds = [*_stated(reading), *_told(reading), *_by_file(reading)]
    return _weighed(grounds)


def is_meeting(reading: Reading) -> bool:
    """Whether these are the papers or the minutes of a meeting."""
    if _OF_A_YEAR.search(reading.title):
        return False
    if reading.title:
        return bool(_MEETING.search(reading.title))
    front = "".join(line.text for line in reading.cover)
    return not _OF_A_YEAR.search(front.partition("議案")[0]) and bool(_COUNCIL_BODY.search(front))


def _meeting_grounds(reading: Reading) -> Iterator[_Ground]:
    """The day of a meeting; failing that, when its file was made and what it is called."""
    days = [d for d in document_dates(reading) if d.rule not in ("created", "cover_words")]
    if not days:
        days = list(_days_told(reading))
    for dated in days[:1]:
        yield _Ground(dated.fiscal_year, _MEETING_DAY, "meeting_day", dated.evidence)
    for dated in document_dates(reading):
        if dated.rule == "created":
            evidence = dated.evidence
            yield _Ground(dated.fiscal_year, _MEETING_CREATED, "meeting_created", evidence)
    months = {f.year for f in file_years(reading.source.file_name) if f.has_month}
    if len(months) == 1:
        yield _Ground(months.pop(), _MEETING_FILE, "meeting_file", _file(reading))


def _days_told(reading: Reading) -> Iterator[DatedBy]:
    """The first days named in running text on the first page."""
    for mention in reading.years:
        if mention.span.date is not None and mention.line.page.number == 1:
            yield DatedBy(mention.span.date, 0.6, "day_told", mention.evidence)


def _stated(reading: Reading) -> Iterator[_Ground]:
    """Years that a label, the title, a line of the cover or a heading states."""
    for mention in reading.years:
        span, line = mention.span, mention.line
        if span.kind is not YearKind.FISCAL_YEAR:
            continue
        if _PRACTICE.search(line.text[: span.start]):
            yield _ground(mention, _LABEL, "label")
        elif not span.says_fiscal or _GATHERING.search(line.text):
            continue
        elif line.place is Place.TITLE:
            of_a_year = _OF_A_YEAR.search(reading.title)
            yield _ground(mention, _BUDGET if of_a_year else _TITLE, "title")
        elif line.page.number == 1 and line.place >= Place.COVER:
            yield from _on_cover(mention, reading)
        elif line.place is Place.HEADING:
            yield _ground(mention, _HEADING, "heading")


def _on_cover(mention: YearMention, reading: Reading) -> Iterator[_Ground]:
    """A line of the cover that is only a year, or names what is made year by year."""
    before, after = (
        mention.line.text[: mention.span.start], mention.line.text[mention.span.end :],
    )  # fmt: skip
    if "議案" in before:
        return
    alone = _OWN_LINE.match(before) and _OWN_LINE.match(after)
    if alone or _OF_A_YEAR.search(after + reading.title):
        yield _ground(mention, _COVER_LINE, "cover_line")


def _told(reading: Reading) -> Iterator[_Ground]:
    """What sentences tell: what was begun in which year; 昨年度 against the document's date."""
    own = max(document_dates(reading), key=lambda dated: dated.weight, default=None)
    for mention in reading.years:
        year, line = mention.span.fiscal_year, mention.line
        if year is None or line.place in (Place.RUNNING, Place.TITLE):
            continue
        if own is not None and mention.span.date == own.day:
            continue
        if _UNTIL.match(line.text, mention.span.end):
            continue  # the end of a stretch of time; its beginning has been met
        end = line.start + mention.span.end
        after = line.page.text[end : end + _REACH].replace("\n", "").partition("。")[0]
        if _DONE.search(after):
            share = _ELSE if not _is_behind(mention, own) or _PLANNED.search(after) else 1.0
            yield _Ground(year.year, _SENTENCE * share, "sentence", mention.evidence)
    yield from _relative(reading)
    yield from _compared(reading)


def _is_behind(mention: YearMention, own: DatedBy | None) -> bool:
    """Whether a time lies behind the document's own day, and not long behind.

    Of a fiscal year that is not over, what a document tells is mostly what comes next.
    """
    year = mention.span.fiscal_year
    if own is None or year is None:
        return own is None
    if mention.span.month is None:
        begun_and_over = year.year < own.fiscal_year or own.day.month <= 3
    else:
        begun_and_over = date(mention.span.year, mention.span.month, 1) < own.day
    return begun_and_over and 0 <= own.fiscal_year - year.year <= _RECENT


def _compared(reading: Reading) -> Iterator[_Ground]:
    """The last year of a table of results by year, if that is not after the document's own."""
    columns = [
        mention
        for mention in reading.years
        if mention.span.kind is YearKind.FISCAL_YEAR
        and mention.span.says_fiscal
        and mention.line.place not in (Place.RUNNING, Place.TITLE)
        and _is_column(mention.line.text)
    ]
    if len({mention.span.year for mention in columns}) < _COLUMNS:
        return
    own = max(document_dates(reading), key=lambda dated: dated.weight, default=None)
    within = [m for m in columns if own is None or m.span.year <= own.fiscal_year]
    if within:
        yield _ground(max(within, key=lambda mention: mention.span.year), _COMPARED, "compared")


def _is_column(text: str) -> bool:
    """Whether a line, or the cells of a row after its first, are nothing but years."""
    cells = text.split("\t")
    return not any(_NO_COLUMN.sub("", cell) for cell in cells[1:] or cells)


def _relative(reading: Reading) -> Iterator[_Ground]:
    days = sorted(document_dates(reading), key=lambda dated: -dated.weight)
    if not days or days[0].weight < 0.8:
        return
    for line in reading.lines:
        for pattern, back in ((_YEAR_BEFORE_LAST, 2), (_LAST_YEAR, 1)):
            match = pattern.search(line.text)
            if match and _DONE.search(line.text[match.end() :][:_REACH]):
                evidence = line.evidence(match.start(), match.end())
                yield _Ground(days[0].fiscal_year - back, _RELATIVE, "relative", evidence)
                break


def _by_file(reading: Reading) -> Iterator[_Ground]:
    for found in file_years(reading.source.file_name):
        if not found.has_month:
            weight = _FILE if found.is_fiscal else _FILE_CALENDAR
            yield _Ground(found.year, weight, "file", _file(reading))


def _file(reading: Reading) -> Evidence:
    return evidence_beside("file", reading.source.file_name)


def _presented_by(dated: DatedBy) -> _Ground:
    return _Ground(dated.fiscal_year, dated.weight, dated.rule, dated.evidence)


def _ground(mention: YearMention, weight: float, rule: str) -> _Ground:
    return _Ground(mention.span.year, weight, rule, mention.evidence)


def _weighed(grounds: Iterable[_Ground]) -> tuple[Recognised[int], ...]:
    """One proposal per year; each rule counts once a year, and rival years lower each other."""
    by_year: dict[int, dict[str, _Ground]] = defaultdict(dict)
    for ground in grounds:
        held = by_year[ground.year].get(ground.rule)
        if held is None or held.weight < ground.weight:
            by_year[ground.year][ground.rule] = ground
    strengths = {
        year: either((g.weight for g in rules.values()), 0.97) for year, rules in by_year.items()
    }
    found = []
    for year, rules in by_year.items():
        rival = max((s for other, s in strengths.items() if other != year), default=0.0)
        best = sorted(rules.values(), key=lambda ground: -ground.weight)
        confidence = strengths[year] * (
            1.0 - rival / 2 if rival >= strengths[year] else 1.0 - rival / 10
        )
        evidence = tuple(ground.evidence for ground in best[:3])
        found.append(Recognised(year, round(confidence, 3), evidence, best[0].rule))
    return best_first(found, LEAST)
