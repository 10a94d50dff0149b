"""The server and its worker killed while files that were sent are taken in: each file once.

``KB_KILLS=50`` for the full proof, ``KB_SEED`` for other moments.
"""

import os
import random
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from indexer.incoming import sweep
from kb.catalogue.jobs.views import UploadEntry
from kb.domain.jobs import JobState
from kb.domain.rights import Terms
from kb.web.curation.upload_desk import UploadDesk
from tests.distributed.commands import SMALL_PDFS, Place, fresh_copies
from tests.distributed.processes import leaving_nothing, patience, within
from tests.distributed.served import serving

KILLS = int(os.environ.get("KB_KILLS", "3"))
SEED = int(os.environ.get("KB_SEED", "1"))
BATCH = UploadEntry("up-kill", "編集担当", Terms.OPEN, draft=False, closed=True)


def send(place: Place, files: list[Path]) -> None:
    """Files sent as a form sends them, the last one twice."""
    with place.installation() as installation:
        installation.jobs.begin(BATCH)
        desk = UploadDesk(installation.jobs, installation.incoming, installation.most_bytes)
        for file in (*files, files[-1]):
            with file.open("rb") as stream:
                desk.keep(BATCH.id, [(file.name, stream)], None)


def open_jobs(place: Place) -> int:
    with place.installation() as installation:
        return sum(not job.state.ended for job in installation.jobs.jobs_of(BATCH.id))


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: so long after so many files more are done, and another is being read."""

    files: int
    seconds: float


def wait_for(place: Place, moment: Moment) -> None:
    """Until so many files more are done, and another is held by somebody alive."""
    with place.installation() as installation:
        left = sum(not job.state.ended for job in installation.jobs.jobs_of(BATCH.id))

        def reached() -> bool:
            with installation.database.reading() as session:
                query = "select lease_until from job where state in ('queued','reading','judging')"
                leases = [row[0] for row in session.connection().exec_driver_sql(query)]
            return len(leases) <= left - moment.files and any(lease for lease in leases)

        assert within(patience(60), reached)
    time.sleep(moment.seconds)


def killed_worker(place: Place, moment: Moment) -> None:
    """A worker killed at a moment."""
    with place.running("work", "--parent", str(os.getpid())) as worker:
        wait_for(place, moment)
        worker.kill()


def killed_server(place: Place, moment: Moment) -> None:
    """A server killed at a moment, its worker with it."""
    with serving(place) as served:
        wait_for(place, moment)
        os.killpg(served.process.pid, signal.SIGKILL)
        served.process.wait()


def expire(place: Place) -> None:
    """Let the leases of the dead run out now instead of in a minute."""
    with place.installation() as installation, installation.database.writing() as session:
        session.connection().exec_driver_sql(
            "update job set lease_until = 0, tries = 1 where lease_until is not null"
        )


def test_every_file_is_taken_in_once_however_often_all_is_killed(
    place: Place, tmp_path: Path
) -> None:
    place.good("init")
    chance = random.Random(SEED)
    send(place, sorted(fresh_copies(SMALL_PDFS, tmp_path / "in", "k").iterdir()))
    sent = len(SMALL_PDFS)
    for number in range(KILLS):
        if open_jobs(place) < 4:
            more = fresh_copies(SMALL_PDFS, tmp_path / f"m{number}", f"m{number}")
            send(place, sorted(more.iterdir()))
            sent += len(SMALL_PDFS)
        moment = Moment(chance.choice((0, 1, 2)), chance.uniform(0, 1.0))
        with leaving_nothing(lambda: patience(5)):
            (killed_server if number % 5 == 4 else killed_worker)(place, moment)
        print(f"seed {SEED}, kill {number}: {moment}, {open_jobs(place)} left")
        expire(place)
    with serving(place):
        assert within(patience(240), lambda: open_jobs(place) == 0)
    _assert_each_once(place, sent)


def _assert_each_once(place: Place, files: int) -> None:
    """Every job in one named end, one document and one original for each file, nothing left."""
    with place.installation() as installation:
        jobs = installation.jobs.jobs_of(BATCH.id)
        ends = [job.state for job in jobs]
        assert ends.count(JobState.DUPLICATE) == files // len(SMALL_PDFS)
        assert ends.count(JobState.PUBLISHED) == files, [(job.name, job.outcome) for job in jobs]
        assert len({job.document_id for job in jobs}) == files
        assert installation.catalogue.holdings().documents_held == files
        sweep(installation, 0, 0, 0)
        assert list(installation.incoming.files()) == []
        assert len(list(installation.originals.kept())) == files
    place.good("sync")
    place.good("check")


def test_sigterm_gives_back_what_is_not_done(place: Place, tmp_path: Path) -> None:
    place.good("init")
    files = sorted(fresh_copies(SMALL_PDFS, tmp_path / "in", "t").iterdir())
    send(place, files)
    with serving(place) as served:
        assert within(patience(30), lambda: open_jobs(place) < len(files))
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(timeout=60) == 0
    with place.installation() as installation:
        states = {job.state for job in installation.jobs.jobs_of(BATCH.id)}
    assert states <= {JobState.QUEUED, JobState.PUBLISHED, JobState.DUPLICATE}
    with serving(place):
        assert within(patience(120), lambda: open_jobs(place) == 0)
    _assert_each_once(place, len(files))
