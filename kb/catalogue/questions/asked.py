"""The log of what people asked: kept by day and never by person, told to curators, tidied away.

Who asked is nowhere in it, so nobody can tell whether a question was one reader's. A question
asked on one day alone may be: after :data:`WHOLE_DAYS` only its words that nothing held are left.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from kb.catalogue.questions.tables import AskedRow
from kb.catalogue.session import Database
from kb.domain.asked_question import AskedQuestion

WHOLE_DAYS = 30
"""How long a question stays whole that was asked on one day alone."""
MOST_REDUCED = 5_000
"""Rows that are reduced in one transaction; the rest waits for the next."""
MOST_TOLD = 50
"""Rows of each list of a report."""


@dataclass(frozen=True, slots=True)
class AskedTally:
    """One question and how often it was asked on a day since it was last recorded."""

    day: date
    last: AskedQuestion
    """As it was asked the last time."""
    times: int = 1
    missing: Mapping[str, int] = field(default_factory=dict)
    """Word that nothing held -> how many of the times."""


@dataclass(frozen=True, slots=True)
class AskedCount:
    """A question in a report."""

    question: str
    filters: str
    """Empty where the question is counted under whatever filters."""
    times: int
    last_day: date


@dataclass(frozen=True, slots=True)
class WordCount:
    """A word that nothing held, in a report."""

    word: str
    times: int
    last_day: date


@dataclass(frozen=True, slots=True)
class AskedReport:
    """What was asked since a day, the most frequent first, at most :data:`MOST_TOLD` of each."""

    since: date
    asked: int
    """How many times anything was asked."""
    nothing: tuple[AskedCount, ...]
    """Questions that found nothing the last time they were asked."""
    missing: tuple[WordCount, ...]
    most_asked: tuple[AskedCount, ...]


_Key = tuple[date, str, str, str]
"""Day, question, filters, audience."""


class AskedWriter:
    """Keeps the log; see `CatalogueWriter.asked`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, tallies: Iterable[AskedTally]) -> None:
        """Add to what is counted already; briefly, since nobody else can write meanwhile."""
        keyed = [(_key(tally), tally) for tally in tallies]
        rows = self._held({key for key, _ in keyed})
        for key, tally in keyed:
            row = rows[key] = rows.get(key) or self._new(key)
            row.times += tally.times
            row.last_total = tally.last.total
            row.missing = _sum(row.missing, tally.missing)

    def tidy(self, today: date, days: int) -> tuple[int, int]:
        """Delete what is older than `days`, and reduce what was asked on one day alone.

        Returns how many rows were deleted, and how many reduced.
        """
        old = delete(AskedRow).where(AskedRow.day < today - timedelta(days))
        deleted = self._session.execute(old).rowcount  # type: ignore[attr-defined]
        whole = today - timedelta(WHOLE_DAYS)
        alone = (
            select(AskedRow.question)
            .where(AskedRow.question != "")
            .group_by(AskedRow.question)
            .having(func.min(AskedRow.day) == func.max(AskedRow.day))
            .having(func.max(AskedRow.day) < whole)
            .limit(MOST_REDUCED)
        )
        rows = self._session.scalars(select(AskedRow).where(AskedRow.question.in_(alone))).all()
        for row in rows:
            self._reduce(row)
        return int(deleted), len(rows)

    def _reduce(self, row: AskedRow) -> None:
        key = (row.day, "", "", row.audience)
        rest = self._session.get(AskedRow, key) or self._new(key)
        rest.times += row.times
        rest.missing = _sum(rest.missing, row.missing or {})
        self._session.delete(row)

    def _held(self, keys: Collection[_Key]) -> dict[_Key, AskedRow]:
        days, questions = {key[0] for key in keys}, [key[1] for key in keys]
        rows = select(AskedRow).where(AskedRow.day.in_(days), AskedRow.question.in_(questions))
        return {(r.day, r.question, r.filters, r.audience): r for r in self._session.scalars(rows)}

    def _new(self, key: _Key) -> AskedRow:
        day, question, filters, audience = key
        row = AskedRow(
            day=day, question=question, filters=filters, audience=audience,
            times=0, last_total=0, missing=None,
        )  # fmt: skip
        self._session.add(row)
        return row


def _key(tally: AskedTally) -> _Key:
    asked = tally.last
    return (tally.day, asked.text, asked.filters, asked.audience.value)


def _sum(kept: Mapping[str, int] | None, more: Mapping[str, int]) -> dict[str, int] | None:
    return dict(Counter(kept or {}) + Counter(more)) or None


class AskedReader:
    """Tells what was asked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def report(self, days: int) -> AskedReport:
        """What was asked in the last `days` days, today among them.

        Raises:
            CatalogueUnavailable: the catalogue cannot be read.
        """
        since = self._database.today() - timedelta(days - 1)
        with self._database.reading() as session:
            asked = select(func.sum(AskedRow.times)).where(AskedRow.day >= since)
            return AskedReport(
                since=since,
                asked=session.scalar(asked) or 0,
                nothing=_nothing(session, since),
                missing=_missing(session, since),
                most_asked=_most_asked(session, since),
            )


def _most_asked(session: Session, since: date) -> tuple[AskedCount, ...]:
    times, last = func.sum(AskedRow.times), func.max(AskedRow.day)
    found = session.execute(
        select(AskedRow.question, times, last)
        .where(AskedRow.day >= since, AskedRow.question != "")
        .group_by(AskedRow.question)
        .order_by(times.desc(), last.desc(), AskedRow.question)
        .limit(MOST_TOLD)
    )
    return tuple(AskedCount(question, "", times, day) for question, times, day in found)


def _nothing(session: Session, since: date) -> tuple[AskedCount, ...]:
    row = AskedRow
    summed = (
        select(
            row.question,
            row.filters,
            func.sum(row.times).label("times"),
            func.max(row.day).label("day"),
        )
        .where(row.day >= since, row.question != "")
        .group_by(row.question, row.filters)
        .subquery()
    )
    same = (row.question == summed.c.question, row.filters == summed.c.filters)
    found = session.execute(
        select(summed.c.question, summed.c.filters, summed.c.times, summed.c.day)
        .join(row, same[0] & same[1] & (row.day == summed.c.day))
        .group_by(summed.c.question, summed.c.filters, summed.c.times, summed.c.day)
        # Of the audiences of that day, if any found something it was there to be found.
        .having(func.max(row.last_total) == 0)
        .order_by(summed.c.times.desc(), summed.c.day.desc(), summed.c.question, summed.c.filters)
        .limit(MOST_TOLD)
    )
    return tuple(AskedCount(*each) for each in found)


def _missing(session: Session, since: date) -> tuple[WordCount, ...]:
    rows = session.execute(
        select(AskedRow.missing, AskedRow.day)
        .where(AskedRow.day >= since, AskedRow.missing.is_not(None))
        .order_by(AskedRow.day)
    )
    times: Counter[str] = Counter()
    last: dict[str, date] = {}
    for words, day in rows:
        times.update(words or {})
        last |= dict.fromkeys(words or {}, day)
    order = sorted(times, key=lambda word: (-times[word], -last[word].toordinal(), word))
    return tuple(WordCount(word, times[word], last[word]) for word in order[:MOST_TOLD])
