"""Counting what is asked: in memory, written beside the requests, with nothing of the asker."""

import sqlite3
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.installation import Installation
from kb.catalogue.questions.asked import AskedTally
from kb.catalogue.questions.log import AskedLog, CatalogueBusy
from kb.catalogue.session import CatalogueUnavailable
from kb.domain.asked_question import AskedQuestion
from kb.domain.rights import Audience
from kb.settings import BadSetting, from_environment
from kb.web import asking_log
from kb.web.app import close_app, open_app
from kb.web.asking_log import AskingLog
from tests.web.fake_questions import FakeAsking, site_of

TODAY = date(2026, 11, 22)
WORD = AskedQuestion("打破", "", Audience.ANONYMOUS, 0, ("打破",))
OTHER = AskedQuestion("改善", "", Audience.ANONYMOUS, 7)


@dataclass
class FakeKeeper:
    """Takes tallies, after failing as often as it is told to."""

    failures: list[Exception] = field(default_factory=list)
    taken: list[AskedTally] = field(default_factory=list)
    closed: bool = False
    written: threading.Event = field(default_factory=threading.Event)

    def keep(self, tallies: Sequence[AskedTally]) -> None:
        if self.failures:
            raise self.failures.pop()
        self.taken += tallies
        self.written.set()

    def close(self) -> None:
        self.closed = True

    @property
    def counts(self) -> dict[str, int]:
        return {tally.last.text: tally.times for tally in self.taken}


def log_of(keeper: FakeKeeper, seconds: float = 60.0) -> AskingLog:
    return AskingLog(keeper, today=lambda: TODAY, every_seconds=seconds)


def test_closing_writes_what_was_counted() -> None:
    keeper = FakeKeeper()
    log = log_of(keeper)
    for question in (WORD, OTHER, WORD):
        log.note(question)
    assert keeper.taken == []
    log.close()
    assert sorted(keeper.taken, key=lambda tally: tally.times) == [
        AskedTally(TODAY, OTHER, 1, {}),
        AskedTally(TODAY, WORD, 2, {"打破": 2}),
    ]
    assert keeper.closed


def test_what_waits_is_written_after_a_while_and_after_many_questions() -> None:
    keeper = FakeKeeper()
    with closing(log_of(keeper, 0.01)) as log:
        log.note(WORD)
        assert keeper.written.wait(10)
    keeper = FakeKeeper()
    with closing(log_of(keeper)) as log:
        for _ in range(asking_log.AT_ONCE):
            log.note(WORD)
        assert keeper.written.wait(10)


def test_a_busy_catalogue_is_tried_again_and_counts_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking_log, "PAUSE_SECONDS", 0.01)
    keeper = FakeKeeper([CatalogueBusy() for _ in range(3)])
    log = log_of(keeper, 0.01)
    for _ in range(50):
        log.note(WORD)
        time.sleep(0.001)
    log.close()
    assert sum(tally.times for tally in keeper.taken) == 50


def test_a_catalogue_that_stays_busy_is_given_up_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking_log, "PAUSE_SECONDS", 0.01)
    keeper = FakeKeeper([CatalogueBusy() for _ in range(1_000)])
    log = log_of(keeper)
    log.note(WORD)
    log.close()
    assert keeper.taken == []


def test_a_catalogue_that_cannot_be_written_is_told_and_forgotten(
    caplog: pytest.LogCaptureFixture,
) -> None:
    keeper = FakeKeeper([CatalogueUnavailable("disk full")])
    log = log_of(keeper)
    log.note(WORD)
    log.close()
    assert keeper.taken == []
    assert "disk full" in caplog.text
    assert "打破" not in caplog.text


def test_more_different_questions_than_may_wait_are_not_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking_log, "MOST_WAITING", 1)
    keeper = FakeKeeper()
    log = log_of(keeper)
    for question in (WORD, OTHER, WORD):
        log.note(question)
    log.close()
    assert keeper.counts == {"打破": 2}


def test_many_threads_lose_no_question() -> None:
    keeper = FakeKeeper()
    log = log_of(keeper, 0.001)
    threads = [
        threading.Thread(target=lambda: [log.note(WORD) for _ in range(200)]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.close()
    assert sum(tally.times for tally in keeper.taken) == 1_600


# --- what a request does ------------------------------------------------------------------


@pytest.fixture(scope="module")
def everything_asked() -> FakeAsking:
    return FakeAsking()


@pytest.fixture(scope="module")
def site(everything_asked: FakeAsking) -> Flask:
    """One application for all of these tests: making it takes a third of a second."""
    return site_of(None, everything_asked)


@pytest.fixture
def asking(everything_asked: FakeAsking) -> FakeAsking:
    everything_asked.noted.clear()
    return everything_asked


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.mark.parametrize(
    ("address", "headers", "counted"),
    [
        ("/search?q=改善", {}, 1),
        ("/api/v1/search?q=改善", {"User-Agent": "python-requests/2.33"}, 1),
        ("/search?q=改善&page=2", {}, 0),
        ("/search", {}, 0),
        ("/search?q=改善", {"User-Agent": "Mozilla/5.0 (compatible; Examplebot/2.1)"}, 0),
        ("/search?q=改善", {"Sec-Purpose": "prefetch;prerender"}, 0),
        ("/search?q=taro@example.jp", {}, 0),
        ("/api/v1/suggest?q=改善", {}, 0),
    ],
)
def test_only_first_pages_of_readers_are_counted(
    asking: FakeAsking, client: FlaskClient, address: str, headers: dict[str, str], counted: int
) -> None:
    assert client.get(address, headers=headers).status_code == 200
    assert len(asking.noted) == counted


def test_asking_for_the_head_alone_is_no_question(asking: FakeAsking, client: FlaskClient) -> None:
    assert client.head("/search?q=改善").status_code == 200
    assert asking.noted == []


# --- the whole of it ----------------------------------------------------------------------


@pytest.fixture
def held(installation: Installation) -> Installation:
    """An installation whose index is in step."""
    installation.reindexer.sync()
    return installation


def ask(installation: Installation, *questions: str, **environment: str) -> None:
    app = open_app(from_environment({"KB_DATA_DIR": str(installation.data_dir), **environment}))
    try:
        client = app.test_client()
        for question in questions:
            answer = client.get(
                f"/search?q={question}",
                headers={"User-Agent": "ヌヌ/1", "Cookie": "x=ハハ"},
                environ_base={"REMOTE_ADDR": "192.0.2.77"},
            )
            assert answer.status_code == 200
    finally:
        close_app(app)


def test_the_catalogue_holds_the_question_and_nothing_of_the_asker(held: Installation) -> None:
    ask(held, "どこにもない語", "090-1234-5678", "taro@example.jp")
    with closing(sqlite3.connect(held.data_dir / "catalogue.sqlite")) as connection:
        rows = connection.execute("select question, audience, times, last_total from asked")
        assert rows.fetchall() == [("どこにもない語", "anonymous", 1, 0)]
        everything = "\n".join(connection.iterdump())
    for trace in ("192.0.2.77", "ヌヌ", "ハハ", "1234-5678", "taro"):
        assert trace not in everything


def test_switched_off_nothing_is_counted(held: Installation) -> None:
    ask(held, "どこにもない語", KB_QUERY_LOG="off")
    with closing(sqlite3.connect(held.data_dir / "catalogue.sqlite")) as connection:
        assert connection.execute("select count(*) from asked").fetchone() == (0,)


def test_the_pages_are_told_how_long_it_is_kept(installation: Installation) -> None:
    told = []
    for log in ("on", "off"):
        given = {"KB_DATA_DIR": str(installation.data_dir), "KB_QUERY_LOG": log}
        app = open_app(from_environment(given))
        told.append(app.config["KB_QUERY_LOG_DAYS"])
        close_app(app)
    assert told == [400, None]


@pytest.mark.parametrize(("days", "said"), [(30, "30日後"), (None, "記録していません")])
def test_the_site_says_what_is_kept(client: FlaskClient, days: int | None, said: str) -> None:
    client.application.config["KB_QUERY_LOG_DAYS"] = days
    page = client.get("/accessibility").get_data(as_text=True)
    section = page.partition('id="h-kept"')[2].partition("</section>")[0]
    assert said in section


@pytest.mark.parametrize("environment", [{"KB_QUERY_LOG": "yes"}, {"KB_QUERY_LOG_DAYS": "0"}])
def test_a_wrong_setting_is_refused(environment: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match="KB_QUERY_LOG"):
        from_environment(environment)


def test_a_search_goes_on_while_somebody_writes_the_catalogue(held: Installation) -> None:
    seconds = []
    with held.database.writing() as session:
        session.connection()
        for _ in range(3):
            started = time.monotonic()
            ask(held, "どこにもない語")
            seconds.append(time.monotonic() - started)
    # A writer would wait 10 s for the other, each time; a busy machine is not busy all the time.
    assert min(seconds) < 10


def test_the_log_closes_what_it_opened(tmp_path: Path) -> None:
    log = AskingLog(AskedLog(f"sqlite:///{tmp_path / 'catalogue.sqlite'}"))
    log.close()
    assert list(tmp_path.iterdir()) == []
