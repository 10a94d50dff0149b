"""The crew at work: real files through a real queue, each in one named end, once."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

from indexer.incoming import sweep
from indexer.installation import Installation
from indexer.jobs import JobCrew
from indexer.worker import Worker
from kb.catalogue.entries import Authorship, EventEntry
from kb.catalogue.jobs.views import JobEntry, JobView, UploadEntry
from kb.catalogue.writing import writing
from kb.domain.classification import EventState
from kb.domain.jobs import JobKind, JobState
from kb.domain.rights import Audience, Terms
from kb.web.curation.upload_desk import UploadDesk
from tests.conftest import ROOT, installation_in
from tests.indexer.zips import zip_of

ORIGINALS = ROOT / "corpus" / "originals"
SLIDES = (ORIGINALS / "mihon-2023-asanagi-message.pdf").read_bytes()
OTHER = (ORIGINALS / "mihon-2023-survey.pdf").read_bytes()
BATCH = UploadEntry("up-1", "編集担当 山田花子", Terms.NO_COPY, draft=True, closed=True)


def send(
    installation: Installation,
    files: dict[str, bytes],
    batch: UploadEntry = BATCH,
    password: str | None = None,
) -> None:
    """Files sent as a form sends them."""
    installation.jobs.begin(batch)
    desk = UploadDesk(installation.jobs, installation.incoming, installation.most_bytes)
    desk.keep(batch.id, [(name, io.BytesIO(content)) for name, content in files.items()], password)


@contextmanager
def at_work(installation: Installation, workers: int = 2) -> Iterator[JobCrew]:
    crew = JobCrew(installation, workers)
    crew.start()
    try:
        yield crew
    finally:
        crew.stop(0)


def until(true: Callable[[], bool], seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def done(installation: Installation, upload: str = "up-1") -> dict[str, JobView]:
    """The jobs of a batch by their paths, once all of them have ended."""
    jobs = installation.jobs.jobs_of
    assert until(lambda: all(job.state.ended for job in jobs(upload))), jobs(upload)
    return {job.path: job for job in jobs(upload)}


def outcomes(jobs: dict[str, JobView]) -> dict[str, tuple[str, str | None]]:
    return {path: (job.state.value, job.outcome) for path, job in jobs.items()}


def test_every_file_ends_in_one_named_state(installation: Installation) -> None:
    with writing(installation.database, Authorship("試験")) as writer:
        writer.record_event(EventEntry("ev-1", "セミナー", EventState.REPORTED))
    inner = {"資料/予算.pdf": OTHER, "資料/中.zip": zip_of({"x": b"x"}), "壊れた.pdf": b"%PDF-1.7"}
    inner["壊れた (1).pdf"] = inner["壊れた.pdf"]
    files = {
        "発表.pdf": SLIDES,
        "発表 (1).pdf": SLIDES,
        "まとめ.zip": zip_of(inner, cp932=True),
        "名ばかり.zip": b"%PDF-1.4 torn",
        "切れた.zip": zip_of({"a.pdf": OTHER})[:-40],
        "統計.csv": "年,値\n2021,3\n".encode(),
    }
    batch = UploadEntry(
        "up-1", "編集担当 山田花子", Terms.NO_COPY, draft=True, event_id="ev-1", closed=True
    )
    send(installation, files, batch)
    with at_work(installation):
        jobs = done(installation)
    assert outcomes(jobs) == {
        "発表.pdf": ("waiting", "indexed"),
        "発表 (1).pdf": ("duplicate", "duplicate"),
        "まとめ.zip": ("published", "unpacked"),
        "名ばかり.zip": ("failed", "damaged"),
        "切れた.zip": ("failed", "damaged"),
        "統計.csv": ("waiting", "indexed"),
        "まとめ.zip/資料/予算.pdf": ("waiting", "indexed"),
        "まとめ.zip/資料/中.zip": ("failed", "refused"),
        "まとめ.zip/壊れた.pdf": ("failed", "damaged"),
        "まとめ.zip/壊れた (1).pdf": ("duplicate", "duplicate"),
    }
    twice = jobs["まとめ.zip/壊れた (1).pdf"].advice or ""
    assert "本文を読めていません(壊れている)" in twice, "it is not told that all is well"
    assert "することはありません" in (jobs["発表 (1).pdf"].advice or "")
    assert "中のファイルを取り出して" in (jobs["切れた.zip"].advice or "")
    assert all(job.label and job.advice for job in jobs.values() if job.state is JobState.FAILED)
    document = installation.catalogue.document(str(jobs["発表.pdf"].document_id), Audience.CURATOR)
    assert document is not None
    assert document.rights.terms is Terms.NO_COPY
    assert jobs["発表 (1).pdf"].document_id == document.id
    page = installation.catalogue.event("ev-1", Audience.CURATOR)
    assert page is not None
    assert document.id in {each.id for each in page.documents}
    assert jobs["発表.pdf"].pages == jobs["発表.pdf"].pages_done > 0
    sweep(installation, 0, 0, 0)
    assert list(installation.incoming.files()) == []
    held = {job.document_id for job in jobs.values()} - {None}
    assert len(list(installation.originals.kept())) == len(held)


def locked_pdf(password: str) -> bytes:
    made = io.BytesIO()
    pdf = canvas.Canvas(made, encrypt=StandardEncryption(password, ownerPassword="owner"))
    pdf.drawString(72, 700, "Improvement in Fukutsu, told to those who know the word")
    pdf.save()
    return made.getvalue()


def test_a_password_given_afterwards_opens_what_is_kept(installation: Installation) -> None:
    send(installation, {"鍵.pdf": locked_pdf("himitsu")})
    with at_work(installation):
        job = done(installation)["鍵.pdf"]
        assert (job.state, job.outcome) == (JobState.FAILED, "needs_password")
        assert list(installation.incoming.files()) == []
        for password, outcome in (("wrong", "needs_password"), ("himitsu", "indexed")):
            installation.jobs.retry("up-1", job.id, password)
            again = done(installation)["鍵.pdf"]
            assert (again.outcome, again.document_id) == (outcome, job.document_id)
            wrong = "入れたパスワードでは開けませんでした" in (again.detail or "")
            assert wrong == (password == "wrong"), again.detail
    assert again.state is JobState.WAITING


def test_tables_describe_the_files_they_come_with(installation: Installation) -> None:
    cases = "ID,タイトル,対象組織,実践年度\ncase-a,窓口の改善,402249,2021\n"
    documents = (
        "id,title,kind,file,case_id,rights_terms\n"
        "doc-slides,係長の発表,slides,originals/発表.pdf,case-a,open\n"
    )
    files = {
        "組/originals/発表.pdf": SLIDES,
        "組/cases.csv": cases.encode(),
        "組/documents.csv": documents.encode(),
        "別/もう一つ.pdf": OTHER,
    }
    send(installation, files)
    with at_work(installation):
        jobs = done(installation)
    told = {path: job.detail for path, job in jobs.items()}
    assert outcomes(jobs)["組/cases.csv"] == ("published", "recorded"), told
    assert jobs["組/originals/発表.pdf"].document_id == "doc-slides"
    assert str(jobs["別/もう一つ.pdf"].document_id).startswith("doc-")
    document = installation.catalogue.document("doc-slides", Audience.CURATOR)
    assert document is not None
    assert (document.title, document.rights.terms) == ("係長の発表", Terms.OPEN)


def test_files_of_tables_with_a_fault_wait_for_better_ones(installation: Installation) -> None:
    files = {"cases.csv": "ID,タイトル\n,\n".encode(), "documents.csv": b"id\nx\n", "a.pdf": SLIDES}
    send(installation, files)
    with at_work(installation):
        jobs = done(installation)
    assert {path: job.outcome for path, job in jobs.items()} == {
        "cases.csv": "bad_records", "documents.csv": "bad_records", "a.pdf": "records_refused",
    }  # fmt: skip
    assert "行目" in str(jobs["cases.csv"].detail)
    assert installation.catalogue.holdings().documents_held == 0


def test_a_lone_table_of_cases_is_recorded_or_told_row_by_row(installation: Installation) -> None:
    good = "ID,タイトル,対象組織,実践年度\ncase-b,窓口の改善,福津市,2021\n"
    bad = "ID,タイトル,対象組織,実践年度\ncase-c,別の改善,どこにもない町,2021\n"
    send(installation, {"事例.csv": good.encode(), "誤り.csv": bad.encode("cp932")})
    with at_work(installation):
        jobs = done(installation)
    assert outcomes(jobs)["事例.csv"] == ("published", "recorded"), jobs["事例.csv"]
    assert jobs["誤り.csv"].outcome == "bad_records"
    assert "2行目" in str(jobs["誤り.csv"].detail)
    assert installation.catalogue.case("case-b", Audience.CURATOR) is not None


def test_who_is_stopped_gives_back_what_is_not_done(installation: Installation) -> None:
    send(installation, {"発表.pdf": SLIDES})
    crew = JobCrew(installation, 1)
    crew.start()
    assert until(lambda: crew.busy)
    crew.stop(0)
    (job,) = installation.jobs.jobs_of("up-1")
    assert job.state in (JobState.QUEUED, JobState.WAITING)
    with at_work(installation):
        assert outcomes(done(installation)) == {"発表.pdf": ("waiting", "indexed")}
    assert installation.catalogue.holdings().documents_held == 1


def test_who_lost_the_lease_records_nothing(installation: Installation) -> None:
    send(installation, {"発表.pdf": SLIDES})
    crew = JobCrew(installation, 1)
    job = installation.jobs.take(crew.owner)
    assert job is not None
    installation.jobs.give_back(crew.owner)
    crew._begin(job)
    assert until(lambda: not crew.busy)
    assert installation.catalogue.holdings().documents_held == 0
    assert installation.jobs.jobs_of("up-1")[0].state is JobState.QUEUED
    crew.start()
    assert outcomes(done(installation)) == {"発表.pdf": ("waiting", "indexed")}
    crew.stop(0)


def test_an_error_of_ours_ends_named_after_three_tries(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("思わぬ誤り")

    monkeypatch.setattr("indexer.job_work.JobWork._ingest", fails)
    send(installation, {"発表.pdf": SLIDES})
    with at_work(installation):
        job = done(installation)["発表.pdf"]
    assert (job.outcome, job.tries) == ("error", 3)


def test_what_was_published_at_once_is_found_within_seconds(installation: Installation) -> None:
    batch = UploadEntry("up-1", "編集担当", Terms.OPEN, draft=False, closed=True)
    worker = Worker(installation, lambda: False, 2)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        send(installation, {"発表.pdf": SLIDES}, batch)
        job = done(installation)["発表.pdf"]
        assert job.state is JobState.PUBLISHED
        key = f"page:{job.document_id}:1"
        assert until(lambda: key in installation.engine.holdings(), 20)
    finally:
        worker.stop()
        thread.join()


def test_what_interrupted_work_left_is_swept(installation: Installation, tmp_path: Path) -> None:
    send(installation, {"待つ.pdf": OTHER})
    waiting = set(installation.incoming.files())
    installation.incoming.add("up-9/0123", 0, b"half")
    stray = tmp_path / "stray.pdf"
    stray.write_bytes(SLIDES)
    sha256 = installation.originals.store(stray)
    assert sweep(installation) == 0
    assert sweep(installation, 0, 0, 0) == 2
    assert set(installation.incoming.files()) == waiting
    assert sha256 not in set(installation.originals.kept())


def test_two_crews_do_each_file_once(installation: Installation) -> None:
    files = {path.name: path.read_bytes() for path in sorted(ORIGINALS.glob("2*.pdf"))[:4]}
    send(installation, files)
    other = installation_in(installation.data_dir)
    with at_work(installation, 1), at_work(other, 1):
        jobs = done(installation)
    other.close()
    assert {job.outcome for job in jobs.values()} == {"indexed"}
    assert len({job.document_id for job in jobs.values()}) == len(files)


def test_jobs_that_cannot_begin_leave_their_hands_to_others(installation: Installation) -> None:
    bad = [
        JobEntry(f"bad-{n}", JobKind.INGEST, "悪い", "", 0, None, {"file": f"bad-{n}"})
        for n in range(2)
    ]
    installation.jobs.put(None, *((entry, None) for entry in bad))
    send(installation, {"発表.pdf": SLIDES})
    with at_work(installation, workers=1) as crew:
        assert outcomes(done(installation)) == {"発表.pdf": ("waiting", "indexed")}
        assert until(lambda: installation.jobs.counts().get(JobState.FAILED) == 2)
        assert crew._has_room()
