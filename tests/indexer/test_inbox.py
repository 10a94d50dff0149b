"""The watched folder: what lies still is taken, what is done is moved out with a note."""

import os
import time
from pathlib import Path

import pytest

from indexer.inbox import ACTOR, Inbox
from indexer.installation import Installation
from kb.catalogue.jobs.views import JobEnd
from kb.domain.jobs import JobKind, JobState

READ = JobEnd(JobState.WAITING, "indexed", "読めた", None, "確認してください。", "doc-1", 3)
TORN = JobEnd(
    JobState.FAILED, "damaged", "壊れている", "途中で切れています。", "入手し直してください。"
)


class Clock:
    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "取り込み"


@pytest.fixture
def inbox(installation: Installation, folder: Path, clock: Clock) -> Inbox:
    made = Inbox(installation, folder, clock)
    assert made.look() == 0
    return made


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def end_all(installation: Installation, end: JobEnd) -> None:
    while (job := installation.jobs.take("worker")) is not None:
        installation.jobs.end(job, end)


def test_what_lies_still_becomes_one_batch_of_drafts(
    installation: Installation, inbox: Inbox, folder: Path, clock: Clock
) -> None:
    put(folder, "発表.pdf", "組/cases.csv", "組/資料.pdf")
    put(folder, "途中.pdf.part", ".隠し.pdf", "~$開いている.docx", "途中.tmp")
    assert inbox.look() == 0
    clock.ahead = 11
    assert inbox.look() == 3
    assert inbox.look() == 0
    (batch,) = installation.jobs.uploads()
    assert (batch.actor, batch.draft, batch.closed) == (ACTOR, True, True)
    jobs = installation.jobs.jobs_of(batch.id)
    assert {job.path: job.kind for job in jobs} == {
        "発表.pdf": JobKind.INGEST, "組/cases.csv": JobKind.RECORDS, "組/資料.pdf": JobKind.INGEST,
    }  # fmt: skip
    assert (folder / "発表.pdf").is_file()


def test_others_that_still_come_are_waited_for_but_not_for_ever(
    inbox: Inbox, folder: Path, clock: Clock
) -> None:
    put(folder, "早い.pdf", "遅い.pdf")
    os.utime(folder / "遅い.pdf", (0, time.time() + 30))
    clock.ahead = 11
    assert inbox.look() == 0
    clock.ahead = 61
    os.utime(folder / "遅い.pdf", (0, time.time() + 60))
    assert inbox.look() == 1


@pytest.mark.parametrize(("end", "place"), [(READ, "done"), (TORN, "failed")])
def test_what_is_done_is_moved_out_with_a_note(
    installation: Installation, inbox: Inbox, folder: Path, clock: Clock, end: JobEnd, place: str
) -> None:
    put(folder, "組/発表.pdf")
    put(folder / place, "組/発表.pdf")
    clock.ahead = 11
    inbox.look()
    end_all(installation, end)
    inbox.look()
    moved = folder / place / "組" / "発表 (2).pdf"
    assert moved.read_bytes() == "組/発表.pdf".encode()
    note = moved.with_name("発表 (2).pdf.txt").read_text("utf-8")
    assert note.startswith(f"組/発表.pdf: {end.label}\n")
    assert str(end.advice) in note
    assert not (folder / "組" / "発表.pdf").exists()
    clock.ahead = 200
    assert inbox.look() == 0


def test_a_file_that_is_put_back_is_tried_again(
    installation: Installation, inbox: Inbox, folder: Path, clock: Clock
) -> None:
    put(folder, "発表.pdf")
    clock.ahead = 11
    inbox.look()
    end_all(installation, TORN)
    inbox.look()
    time.sleep(0.02)  # a file system's clock has ticks of 4 ms
    (folder / "failed" / "発表.pdf").rename(folder / "発表.pdf")
    assert inbox.look() == 1
    assert len(installation.jobs.uploads()) == 2


def test_what_is_too_large_is_not_copied(
    installation: Installation, inbox: Inbox, folder: Path, clock: Clock
) -> None:
    with (folder / "大きい.pdf").open("wb") as file:
        file.truncate(installation.most_bytes + 1)
    clock.ahead = 11
    assert inbox.look() == 1
    assert list(installation.incoming.files()) == []
    inbox.look()
    note = (folder / "failed" / "大きい.pdf.txt").read_text("utf-8")
    assert "50MB" in note


def test_a_name_that_is_no_text_is_taken_all_the_same(
    installation: Installation, inbox: Inbox, folder: Path, clock: Clock
) -> None:
    odd = os.fsencode(folder) + b"/" + "表.pdf".encode("cp932")
    with open(odd, "wb") as file:  # noqa: PTH123 - no Path holds this name
        file.write(b"x")
    clock.ahead = 11
    assert inbox.look() == 1
    end_all(installation, READ)
    inbox.look()
    assert not Path(os.fsdecode(odd)).exists()
    assert len(list((folder / "done").iterdir())) == 2
