"""The queue: leases, tries, order, and ends that are kept with the work or not at all."""

import threading
from dataclasses import dataclass, field

import pytest

from indexer.installation import Installation
from kb.catalogue.changes import UnrecordedChange
from kb.catalogue.entries import Authorship, DocumentEntry
from kb.catalogue.jobs.queue import GAVE_UP, LEASE_SECONDS, MOST_TRIES, JobQueue, UnknownJob
from kb.catalogue.jobs.rows import LeaseLost
from kb.catalogue.jobs.views import JobEnd, JobEntry, TakenJob, UploadEntry
from kb.catalogue.models import CaseRow, DocumentRow
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind
from kb.domain.jobs import JobKind, JobState, kind_of
from kb.domain.rights import Rights

READ = JobEnd(JobState.WAITING, "indexed", "読めた", None, "確認してください。", None, 3)
LOCKED = JobEnd(JobState.FAILED, "needs_password", "パスワードが必要")
BATCH = UploadEntry("up-1", "編集担当 山田花子", closed=True)


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Bench:
    """A queue with a clock that the test turns."""

    installation: Installation
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.queue = JobQueue(self.installation.database, self.clock)
        self.queue.begin(BATCH)

    def put(
        self, *names: str, kind: JobKind = JobKind.INGEST, sha256: str | None = None,
        upload: str = "up-1", password: str | None = None,
    ) -> tuple[int, ...]:  # fmt: skip
        entries = [
            JobEntry(
                f"{upload}-{name}", kind, name, "", 10, sha256 or name, {"file": name}, password
            )
            for name in names
        ]
        return self.queue.put(upload, *((entry, None) for entry in entries))

    def take(self, owner: str = "one") -> TakenJob:
        job = self.queue.take(owner)
        assert job is not None
        return job

    def states(self) -> dict[str, JobState]:
        return {job.name: job.state for job in self.queue.jobs_of("up-1")}


@pytest.fixture
def bench(installation: Installation) -> Bench:
    return Bench(installation)


def test_jobs_are_taken_in_the_order_they_came_each_once(bench: Bench) -> None:
    numbers = bench.put("a", "b")
    assert bench.put("a", "b") == numbers
    assert [bench.take("one").name, bench.take("two").name] == ["a", "b"]
    assert bench.queue.take("one") is None
    assert not bench.queue.waiting()
    assert bench.states() == {"a": JobState.READING, "b": JobState.READING}


def test_two_workers_never_have_the_same_job(bench: Bench) -> None:
    bench.put(*map(str, range(30)))
    taken: list[int] = []

    def work(owner: str) -> None:
        while (job := bench.queue.take(owner)) is not None:
            taken.append(job.id)
            bench.queue.end(job, READ)

    threads = [threading.Thread(target=work, args=(str(n),)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 30
    assert set(bench.states().values()) == {JobState.WAITING}


def test_a_lease_that_ran_out_is_taken_over_and_the_first_owner_ends_nothing(bench: Bench) -> None:
    bench.put("a")
    first = bench.take("one")
    bench.clock.now += LEASE_SECONDS - 1
    assert bench.queue.renew("one", {first.id: (2, 9)}) == {first.id}
    bench.clock.now += LEASE_SECONDS - 1
    assert bench.queue.take("two") is None
    bench.clock.now += 2
    second = bench.take("two")
    assert (second.id, second.tries) == (first.id, 2)
    assert bench.queue.renew("one", {first.id: (3, 9)}) == set()
    assert bench.queue.end(first, LOCKED) is False
    assert bench.states() == {"a": JobState.READING}
    assert bench.queue.end(second, READ) is True
    assert bench.states() == {"a": JobState.WAITING}


def test_what_stops_its_worker_three_times_is_given_up_and_can_be_tried_again(
    bench: Bench,
) -> None:
    (number,) = bench.put("a", password="鍵")
    for _ in range(MOST_TRIES):
        assert bench.take().password == "鍵"
        bench.clock.now += LEASE_SECONDS + 1
    bench.put("b")
    assert bench.take().name == "b"
    job = bench.queue.jobs_of("up-1")[0]
    assert (job.state, job.outcome, job.advice) == (JobState.FAILED, "gave_up", GAVE_UP.advice)
    bench.queue.retry("up-1", number)
    again = bench.take()
    assert (again.name, again.tries, again.password) == ("a", 1, None)


def test_what_is_given_back_has_not_been_tried(bench: Bench) -> None:
    bench.put("a", "b")
    bench.take("one")
    bench.take("two")
    assert bench.queue.give_back("one") == 1
    again = bench.take("three")
    assert (again.name, again.tries) == ("a", 1)


def test_an_end_is_kept_with_the_work_or_not_at_all(bench: Bench) -> None:
    bench.put("a", "b")
    kept, lost = bench.take("one"), bench.take("one")
    database = bench.installation.database
    _record_as(bench, kept, "one", "doc-a")
    with pytest.raises(LeaseLost):
        _record_as(bench, lost, "two", "doc-b")
    assert bench.states() == {"a": JobState.WAITING, "b": JobState.READING}
    with database.reading() as session:
        assert session.get(DocumentRow, "doc-a") is not None
        assert session.get(DocumentRow, "doc-b") is None
    with pytest.raises(LeaseLost):
        _record_as(bench, kept, "one", "doc-c")


def _record_as(bench: Bench, job: TakenJob, owner: str, document_id: str) -> None:
    entry = DocumentEntry(document_id, "資料", DocumentKind.OTHER, Rights(), published=False)
    end = JobEnd(JobState.WAITING, "indexed", "読めた", document_id=document_id, pages=2)
    with writing(bench.installation.database, Authorship("試験")) as writer:
        writer.record_document(entry)
        writer.jobs.end(job.id, owner, end)


def test_a_published_document_shows_in_its_job(bench: Bench) -> None:
    bench.put("a")
    job = bench.take()
    with writing(bench.installation.database, Authorship("試験")) as writer:
        entry = DocumentEntry("doc-a", "資料", DocumentKind.OTHER, Rights(), published=False)
        writer.record_document(entry)
        writer.jobs.end(job.id, "one", JobEnd(JobState.WAITING, "indexed", "", None, None, "doc-a"))
    assert bench.states() == {"a": JobState.WAITING}
    with writing(bench.installation.database, Authorship("試験")) as writer:
        writer.publish("doc-a")
    assert bench.states() == {"a": JobState.PUBLISHED}
    assert bench.queue.counts() == {JobState.PUBLISHED: 1}


def test_tables_go_first_and_wait_for_the_batch_to_be_complete(bench: Bench) -> None:
    bench.queue.begin(UploadEntry("up-2", "編集担当"))
    bench.put("発表.pdf", upload="up-2")
    bench.put("cases.csv", upload="up-2", kind=JobKind.RECORDS)
    assert bench.queue.take("one") is None
    bench.queue.close("up-2")
    table = bench.take()
    assert table.name == "cases.csv"
    assert bench.queue.take("two") is None
    bench.queue.end(table, READ)
    assert bench.take().name == "発表.pdf"


def test_the_same_bytes_are_never_at_work_twice(bench: Bench) -> None:
    bench.put("a", "b", sha256="0" * 64)
    first = bench.take("one")
    assert bench.queue.take("two") is None
    bench.queue.end(first, READ)
    assert bench.take("two").name == "b"


def test_passwords_are_gone_when_the_job_has_ended(bench: Bench) -> None:
    bench.put("a", "b", "c", password="ひみつ")
    bench.queue.end(bench.take(), READ)
    bench.queue.end(bench.take(), LOCKED)
    bench.queue.cancel("up-1", bench.queue.jobs_of("up-1")[2].id)
    with bench.installation.database.reading() as session:
        rows = session.connection().exec_driver_sql("select password from job").all()
    assert [row[0] for row in rows] == [None, None, None]


def test_what_stands_otherwise_is_neither_retried_nor_cancelled(bench: Bench) -> None:
    (number,) = bench.put("a")
    with pytest.raises(UnknownJob):
        bench.queue.retry("up-1", number)
    bench.queue.end(bench.take(), READ)
    for act in (bench.queue.retry, bench.queue.cancel):
        with pytest.raises(UnknownJob):
            act("up-1", number)
        with pytest.raises(UnknownJob):
            act("up-2", number)


def test_a_job_put_back_is_tried_at_once_and_counted(bench: Bench) -> None:
    bench.put("a")
    bench.queue.put_back(bench.take())
    assert bench.take().tries == 2


def test_jobs_leave_no_history_and_nothing_else_may_change_with_them(bench: Bench) -> None:
    before = bench.installation.catalogue.sequence()
    bench.put("a")
    bench.queue.end(bench.take(), READ)
    assert bench.installation.catalogue.sequence() == before
    with pytest.raises(UnrecordedChange), bench.queue._recording() as session:
        session.add(CaseRow(id="case-x", title="題名"))


def test_files_that_are_still_wanted_are_named(bench: Bench) -> None:
    bench.put("wait", "done", "failed", "old", sha256=None)
    for end in (None, READ, LOCKED, LOCKED):
        job = bench.take()
        if end is not None:
            bench.queue.end(job, end)
    known, wanted = bench.queue.files_of(["up-1"], since=0)
    assert known == {"wait", "done", "failed", "old"}
    assert wanted == {"wait", "failed", "old"}
    _, later = bench.queue.files_of(["up-1"], since=10**11)
    assert later == {"wait"}
    assert bench.queue.open_sums() == {"wait"}


@pytest.mark.parametrize(
    ("name", "beside", "kind"),
    [
        ("発表.pdf", set(), JobKind.INGEST),
        ("まとめ.ZIP", set(), JobKind.UNPACK),
        ("Documents.CSV", {"cases.csv"}, JobKind.RECORDS),
        ("documents.csv", set(), JobKind.CASES),
        ("事例.csv", {"events.csv"}, JobKind.CASES),
    ],
)
def test_what_a_file_is_tried_as(name: str, beside: set[str], kind: JobKind) -> None:
    assert kind_of(name, frozenset(beside)) is kind
