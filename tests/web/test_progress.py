"""How a batch is told to come along: numbers that hold, and none where nobody can say."""

from datetime import UTC, datetime, timedelta

import pytest

from kb.catalogue.jobs.views import RECORDED, UNPACKED, JobView, UploadView
from kb.domain.jobs import JobKind, JobState
from kb.domain.rights import Terms
from kb.web.curation.progress import Progress, progress

NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)
UPLOAD = UploadView(
    "up-1", "編集担当 山田花子", NOON, "web", Terms.UNKNOWN, True, None, None, None, True
)


def job(number: int, state: JobState, size: int, *seconds: float, outcome: str = "") -> JobView:
    """A file that was begun, and perhaps ended, so many seconds after noon."""
    begun, ended = ([NOON + timedelta(seconds=each) for each in seconds] + [None, None])[:2]
    return JobView(
        number, "up-1", JobKind.INGEST, f"{number}.pdf", "", size, state, outcome or None, None,
        None, None, None, 0, 0, 1, NOON, begun, ended,
    )  # fmt: skip


def seen(seconds: float, *jobs: JobView) -> Progress:
    """The batch so many seconds after noon."""
    return progress(UPLOAD, jobs, NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("since", "told"), [(12, "残り約20秒"), (21, ""), (120, "")]
)  # fmt: skip
def test_a_file_that_takes_long_ends_the_guessing(since: float, told: str) -> None:
    read = job(1, JobState.WAITING, 1000, 0, 10)
    small, large = job(2, JobState.READING, 100, 10), job(3, JobState.QUEUED, 1900)
    assert seen(since, read, small, large).left == told


def test_a_batch_that_rested_is_not_slow() -> None:
    yesterday = [job(n, JobState.WAITING, 1000, start, start + 10) for n, start in ((1, 0), (2, 5))]
    more = job(3, JobState.READING, 2000, 86_400)
    assert seen(86_401, *yesterday, more).left == "残り約15秒"


@pytest.mark.parametrize("outcome", [UNPACKED, RECORDED])
def test_what_becomes_no_document_is_not_published(outcome: str) -> None:
    held = job(1, JobState.PUBLISHED, 1000, 0, 1, outcome=outcome)
    now = seen(2, held, job(2, JobState.PUBLISHED, 10, 1, 2, outcome="indexed"))
    assert dict(now.counts)["公開"] == 1
    [line] = [line for line in now.done if line.job is held]
    assert [(step.label, step.mark) for step in line.steps] == [("受付", "done"), ("抽出", "done")]
