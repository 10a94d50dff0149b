"""The log of questions: counted by day, told, reduced, deleted; nothing in it about a person."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from indexer.installation import Installation
from kb.catalogue.entries import Authorship
from kb.catalogue.questions.asked import (
    MOST_TOLD,
    WHOLE_DAYS,
    AskedCount,
    AskedReader,
    AskedTally,
    WordCount,
)
from kb.catalogue.questions.log import AskedLog, CatalogueBusy
from kb.catalogue.questions.tables import AskedRow
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.session import CatalogueUnavailable
from kb.catalogue.writing import writing
from kb.domain.asked_question import AskedQuestion
from kb.domain.rights import Audience

TODAY = date(2026, 11, 22)
YESTERDAY = TODAY - timedelta(1)


def tally(
    question: str,
    *,
    day: date = TODAY,
    total: int = 0,
    times: int = 1,
    filters: str = "",
    audience: Audience = Audience.ANONYMOUS,
    missing: dict[str, int] | None = None,
) -> AskedTally:
    asked = AskedQuestion(question, filters, audience, total, tuple(missing or {}))
    return AskedTally(day, asked, times, missing or {})


@pytest.fixture
def log(installation: Installation) -> Iterator[AskedLog]:
    with closing(AskedLog(installation.database_url)) as opened:
        yield opened


@pytest.fixture
def reader(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> AskedReader:
    monkeypatch.setattr(installation.database, "today", lambda: TODAY)
    return AskedReader(installation.database)


def rows(installation: Installation) -> list[tuple[date, str, int, dict[str, int] | None]]:
    with installation.database.reading() as session:
        found = session.scalars(select(AskedRow).order_by(AskedRow.day, AskedRow.question))
        return [(row.day, row.question, row.times, row.missing) for row in found]


def tidy(installation: Installation, days: int = 400) -> tuple[int, int]:
    with writing(installation.database, Authorship("試験")) as writer:
        return writer.asked.tidy(TODAY, days)


def test_a_row_holds_nothing_about_who_asked_or_at_what_hour(installation: Installation) -> None:
    with installation.database.reading() as session:
        connection = session.connection()
        columns = {column["name"] for column in inspect(connection).get_columns("asked")}
        made = connection.scalar(text("select sql from sqlite_master where name = 'asked'"))
    assert columns == {
        *("day", "question", "filters", "audience", "times", "last_total", "missing")
    }
    # Row numbers would tell which questions were asked one after another.
    assert str(made).rstrip().endswith("WITHOUT ROWID")


def test_the_same_question_of_a_day_is_one_row_that_counts(
    installation: Installation, log: AskedLog
) -> None:
    log.keep([tally("打破", times=2, missing={"打破": 2}), tally("改善", total=5)])
    log.keep([tally("打破", total=1, missing={"打破": 1})])
    log.keep([tally("改善", total=4, audience=Audience.STAFF), tally("改善", filters="theme=dx")])
    assert rows(installation) == [
        (TODAY, "打破", 3, {"打破": 3}),
        (TODAY, "改善", 1, None),
        (TODAY, "改善", 1, None),
        (TODAY, "改善", 1, None),
    ]
    with installation.database.reading() as session:
        found = session.scalars(select(AskedRow.last_total).where(AskedRow.question == "打破"))
        assert list(found) == [1]


def test_counting_is_no_change_of_the_catalogue(installation: Installation, log: AskedLog) -> None:
    before = CatalogueReader(installation.database).sequence()
    log.keep([tally("改善")])
    tidy(installation)
    assert CatalogueReader(installation.database).sequence() == before


def test_a_report_tells_what_was_not_found_and_what_was_asked_most(
    log: AskedLog, reader: AskedReader
) -> None:
    log.keep(
        [
            tally("改善", total=9, times=5),
            tally("改善", total=0, times=1, filters="theme=dx"),
            tally("打破", day=YESTERDAY, times=2, missing={"打破": 2}),
            tally("縦割り 打破", total=3, missing={"打破": 1}),
            # Found nothing once, and later something; for staff there is something.
            tally("新庁舎", day=YESTERDAY),
            tally("新庁舎", total=1),
            tally("庁内", total=0),
            tally("庁内", total=1, audience=Audience.STAFF),
            tally("昔の質問", day=TODAY - timedelta(7)),
        ]
    )
    report = reader.report(7)
    assert (report.since, report.asked) == (TODAY - timedelta(6), 13)
    assert report.nothing == (
        AskedCount("打破", "", 2, YESTERDAY),
        AskedCount("改善", "theme=dx", 1, TODAY),
    )
    assert report.missing == (WordCount("打破", 3, TODAY),)
    assert report.most_asked[:2] == (
        AskedCount("改善", "", 6, TODAY),
        AskedCount("庁内", "", 2, TODAY),
    )
    assert reader.report(8).asked == 14


def test_a_report_is_not_endless(log: AskedLog, reader: AskedReader) -> None:
    log.keep([tally(f"語{n}", missing={f"語{n}": 1}) for n in range(MOST_TOLD + 5)])
    report = reader.report(1)
    assert (len(report.nothing), len(report.missing), len(report.most_asked)) == (MOST_TOLD,) * 3
    assert report.asked == MOST_TOLD + 5


def test_of_a_question_of_one_day_only_its_missing_words_stay(
    installation: Installation, log: AskedLog, reader: AskedReader
) -> None:
    old = TODAY - timedelta(WHOLE_DAYS + 1)
    log.keep(
        [
            tally("見本太郎の件 打破", day=old, times=2, missing={"打破": 2}),
            tally("見本花子の件", day=old, filters="theme=dx"),
            tally("縦割り 打破", day=old, missing={"打破": 1}),
            tally("縦割り 打破", day=old - timedelta(3)),
            tally("きのうの質問", day=YESTERDAY),
        ]
    )
    assert tidy(installation) == (0, 2)
    assert rows(installation) == [
        (old - timedelta(3), "縦割り 打破", 1, None),
        (old, "", 3, {"打破": 2}),
        (old, "縦割り 打破", 1, {"打破": 1}),
        (YESTERDAY, "きのうの質問", 1, None),
    ]
    report = reader.report(60)
    assert report.asked == 6
    assert report.missing == (WordCount("打破", 3, old),)
    assert "" not in {count.question for count in (*report.nothing, *report.most_asked)}
    assert tidy(installation) == (0, 0)


def test_rows_older_than_the_days_are_deleted(installation: Installation, log: AskedLog) -> None:
    log.keep([tally("改善", day=TODAY - timedelta(n)) for n in (0, 10, 11)])
    assert tidy(installation, days=10) == (1, 0)
    assert [day for day, *_ in rows(installation)] == [TODAY - timedelta(10), TODAY]


def test_a_busy_catalogue_is_left_alone_at_once(installation: Installation, log: AskedLog) -> None:
    log.keep([tally("改善")])
    with installation.database.writing() as session:
        session.connection()
        with pytest.raises(CatalogueBusy):
            log.keep([tally("改善")])
    log.keep([tally("改善")])
    assert [times for *_, times, _ in rows(installation)] == [2]


def test_a_catalogue_without_the_table_says_so(tmp_path: Path) -> None:
    with (
        closing(AskedLog(f"sqlite:///{tmp_path / 'empty.sqlite'}")) as log,
        pytest.raises(CatalogueUnavailable),
    ):
        log.keep([tally("改善")])
