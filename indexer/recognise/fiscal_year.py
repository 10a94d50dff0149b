"""The two years of a document: the one its work was done in, the one it was presented in.

They are kept apart. A presentation's date says nothing about the year of the work; that needs
words of its own: a title or budget of that year, a label, a sentence that tells when
something was begun. Of a meeting's papers both are the year of the meeting.
"""

from collections.abc import Iterator
from datetime import date

from indexer.recognise import year_words as words
from indexer.recognise.dates import DatedBy, document_dates, file_years
from indexer.recognise.evidence import Evidence, Recognised, evidence_beside
from indexer.recognise.reading import Line, Place, Reading, YearMention
from indexer.recognise.year_columns import last_results
from indexer.recognise.year_ground import YearGround, ground, weighed
from kb.domain.fiscal_year import YearKind, find_years

_LABEL, _BUDGET, _TITLE, _COVER_LINE, _MEETING_DAY = 0.95, 0.95, 0.85, 0.85, 0.9
_FILE, _FILE_CALENDAR, _RELATIVE, _SENTENCE, _HEADING = 0.6, 0.3, 0.55, 0.52, 0.55
_PERIOD_WITHIN, _PERIOD_BEGUN, _RANGE = 0.85, 0.6, 0.6
_OF_WORK_COVER, _OF_WORK_RUNNING, _OF_WORK_HEADING = 0.85, 0.7, 0.6
_COHORT, _THIS, _PLAN_FOLLOWS = 0.7, 0.52, 0.52
_YEAR_ENDS = (2, 3)
"""Months in which 「この一年」 means the fiscal year that is ending."""
_LONG = 3
"""Pages of a document whose last half tells what comes next."""
_MEETING_CREATED, _MEETING_FILE = 0.6, 0.6
_ELSE = 0.3
"""What is left of a sentence about plans, or about years long past."""
_RECENT = 5
_REACH = 60
"""Characters after a year in which what was done stands."""


def recognise_presented(reading: Reading) -> tuple[Recognised[int], ...]:
    """The fiscal year in which the document was presented or published."""
    grounds = [_presented_by(dated) for dated in document_dates(reading)]
    for mention in reading.years:
        if words.PRESENTED.search(mention.line.text[: mention.span.start]):
            grounds.append(ground(mention, 0.9, "label"))
        elif mention.line.place is Place.TITLE and words.GATHERING.search(reading.title):
            grounds.append(ground(mention, 0.8, "event_title"))
    grounds += [
        YearGround(f.year, 0.5 if f.has_month else 0.3, "file", _file(reading))
        for f in file_years(reading.source.file_name)
        if f.has_month or not f.is_fiscal
    ]
    return weighed(grounds)


def recognise_implemented(reading: Reading) -> tuple[Recognised[int], ...]:
    """The fiscal year of the work that the document is about."""
    grounds = list(_meeting_grounds(reading)) if is_meeting(reading) else []
    if not grounds:
        grounds = [*_stated(reading), *_told(reading), *_by_file(reading)]
    return weighed(grounds)


def is_meeting(reading: Reading) -> bool:
    """Whether these are the papers or the minutes of a meeting."""
    if words.OF_A_YEAR.search(reading.title):
        return False
    if reading.title:
        return bool(words.MEETING.search(reading.title))
    front = "".join(line.text for line in reading.cover)
    return not words.OF_A_YEAR.search(front.partition("議案")[0]) and bool(
        words.COUNCIL_BODY.search(front)
    )


def _meeting_grounds(reading: Reading) -> Iterator[YearGround]:
    """The day of a meeting; failing that, when its file was made and what it is called."""
    days = [d for d in document_dates(reading) if d.rule not in ("created", "cover_words")]
    if not days:
        days = list(_days_told(reading))
    for dated in days[:1]:
        yield YearGround(dated.fiscal_year, _MEETING_DAY, "meeting_day", dated.evidence)
    for dated in document_dates(reading):
        if dated.rule == "created":
            evidence = dated.evidence
            yield YearGround(dated.fiscal_year, _MEETING_CREATED, "meeting_created", evidence)
    months = {f.year for f in file_years(reading.source.file_name) if f.has_month}
    if len(months) == 1:
        yield YearGround(months.pop(), _MEETING_FILE, "meeting_file", _file(reading))


def _days_told(reading: Reading) -> Iterator[DatedBy]:
    """The first days named in running text on the first page."""
    for mention in reading.years:
        if mention.span.date is not None and mention.line.page.number == 1:
            yield DatedBy(mention.span.date, 0.6, "day_told", mention.evidence)


def _stated(reading: Reading) -> Iterator[YearGround]:
    """Years that a label, the title, a line of the cover or a heading states."""
    for mention in reading.years:
        label = reading.label_of(mention)
        if words.PERIOD.search(label):
            yield from _period(mention, reading)
        elif mention.span.kind is YearKind.FISCAL_YEAR:
            if words.PRACTICE.search(label):
                yield ground(mention, _LABEL, "label")
            elif mention.span.says_fiscal and not words.GATHERING.search(mention.line.text):
                yield from _by_place(mention, reading)


def _period(mention: YearMention, reading: Reading) -> Iterator[YearGround]:
    """実施期間 令和3年5月~令和4年2月: surest where it lies within one fiscal year."""
    year = mention.span.fiscal_year
    if year is None:
        return
    last = [m.span.fiscal_year for m in reading.years if m.line is mention.line][-1]
    weight = _PERIOD_WITHIN if last == year else _PERIOD_BEGUN
    yield YearGround(year.year, weight, "period", mention.evidence)


def _by_place(mention: YearMention, reading: Reading) -> Iterator[YearGround]:
    """A year in the title, on the cover, in a header or a heading; of a range its beginning."""
    place, of_work = mention.line.place, bool(words.OF_WORK.match(mention.after))
    if words.RANGE_BEFORE.search(mention.before):
        return
    if words.RANGE_AFTER.match(mention.after):
        if place >= Place.HEADING and place is not Place.RUNNING:
            yield ground(mention, _RANGE, "range")
    elif place is Place.TITLE:
        of_a_year = words.OF_A_YEAR.search(reading.title)
        yield ground(mention, _BUDGET if of_a_year else _TITLE, "title")
    elif mention.line.page.number == 1 and place is Place.COVER:
        yield from _on_cover(mention, reading)
    elif of_work and place is Place.RUNNING:
        yield ground(mention, _OF_WORK_RUNNING, "year_of_work")
    elif place is Place.HEADING:
        weight, rule = (_OF_WORK_HEADING, "year_of_work") if of_work else (_HEADING, "heading")
        yield ground(mention, weight, rule)


def _on_cover(mention: YearMention, reading: Reading) -> Iterator[YearGround]:
    """A line of the cover that is only a year, or names what is made year by year."""
    before, after = mention.before, mention.after
    if "議案" in before or words.SENTENCE.search(mention.line.text):
        return
    alone = words.OWN_LINE.match(before) and words.OWN_LINE.match(after)
    if alone or words.OF_A_YEAR.search(after + reading.title):
        yield ground(mention, _COVER_LINE, "cover_line")
    elif words.OF_WORK.match(after):
        yield ground(mention, _OF_WORK_COVER, "year_of_work")
    elif words.COHORT.match(after):
        yield ground(mention, _COHORT, "cohort")


def _told(reading: Reading) -> Iterator[YearGround]:
    """What sentences tell: what was begun in which year; 昨年度 against the document's date."""
    own = max(document_dates(reading), key=lambda dated: dated.weight, default=None)
    for mention in reading.years:
        year, line = mention.span.fiscal_year, mention.line
        if year is None or line.place in (Place.RUNNING, Place.TITLE):
            continue
        if own is not None and mention.span.date == own.day:
            continue
        if words.UNTIL.match(line.text, mention.span.end):
            continue  # the end of a stretch of time; its beginning has been met
        end = line.start + mention.span.end
        after = line.page.text[end : end + _REACH].replace("\n", "").partition("。")[0]
        if _plan_follows(mention, own, reading):
            yield YearGround(mention.span.year - 1, _PLAN_FOLLOWS, "plan_follows", mention.evidence)
        elif words.DONE.search(after):
            share = _ELSE if not _is_behind(mention, own) or words.PLANNED.search(after) else 1.0
            yield YearGround(year.year, _SENTENCE * share, "sentence", mention.evidence)
    yield from _relative(reading)
    yield from last_results(reading, own.day if own else None)


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


def _relative(reading: Reading) -> Iterator[YearGround]:
    """昨年度, 今年度 and この一年, counted from the document's own day, where that is sure."""
    days = sorted(document_dates(reading), key=lambda dated: -dated.weight)
    if not days or days[0].weight < 0.8:
        return
    own = days[0]
    for line in reading.lines:
        if words.MAY_BE_RELATIVE.search(line.text):
            yield from _counted(line, own)


def _counted(line: Line, own: DatedBy) -> Iterator[YearGround]:
    for span in find_years(line.text, on=own.day):
        after = line.text[span.end :][:_REACH]
        if not span.relative or not words.DONE.search(after):
            continue
        year = span.fiscal_year.year if span.fiscal_year else span.year
        evidence = line.evidence(span.start, span.end)
        if words.COUNTED_BACK.match(span.text):
            yield YearGround(year, _RELATIVE, "relative", evidence)
        elif (
            words.PRESENT.match(span.text)
            and not words.PLANNED.search(after)
            and not words.WILL.search(after)
        ):
            yield YearGround(year, _THIS, "this_year", evidence)
    match = words.THIS_YEAR.search(line.text)
    if match and own.day.month in _YEAR_ENDS:
        evidence = line.evidence(match.start(), match.end())
        yield YearGround(own.fiscal_year, _THIS, "this_year", evidence)


def _plan_follows(mention: YearMention, own: DatedBy | None, reading: Reading) -> bool:
    """Whether a plan for a year that was over when the document was presented ends it.

    Then it was written at the end of the year before.
    """
    pages, page = len(reading.source.pages), mention.line.page.number
    return (
        own is not None
        and mention.span.kind is YearKind.FISCAL_YEAR
        and mention.span.year <= own.fiscal_year
        and pages >= _LONG
        and 2 * page > pages
        and bool(words.WILL.search(mention.after[:_REACH]))
    )


def _by_file(reading: Reading) -> Iterator[YearGround]:
    for found in file_years(reading.source.file_name):
        if not found.has_month:
            weight = _FILE if found.is_fiscal else _FILE_CALENDAR
            yield YearGround(found.year, weight, "file", _file(reading))


def _file(reading: Reading) -> Evidence:
    return evidence_beside("file", reading.source.file_name)


def _presented_by(dated: DatedBy) -> YearGround:
    return YearGround(dated.fiscal_year, dated.weight, dated.rule, dated.evidence)
