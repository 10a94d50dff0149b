"""The crew that does jobs: takes as many as it has hands, keeps their leases, tells how far.

One thread takes jobs, renews leases and writes how far each has come; the work itself is done
in threads of a pool, reading in confined children. Whoever is killed loses its leases and
nothing else; who is asked to stop gives them back.
"""

import logging
import os
import secrets
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

from indexer import job_ends as ends
from indexer.installation import Installation
from indexer.job_work import JobWork
from indexer.zipped import Unpacker
from kb.catalogue.jobs.queue import LEASE_SECONDS, MOST_TRIES
from kb.catalogue.jobs.rows import LeaseLost
from kb.catalogue.jobs.views import TakenJob
from kb.catalogue.session import CatalogueUnavailable

TURN_SECONDS = 0.5
"""How long between two looks at the queue, and between two notes of progress."""

IDLE_SECONDS = 30.0
"""How long child processes are kept after the last job; starting them takes about a second."""

ONE_RECORDING = 1
"""Jobs beyond those that are read at once, as in :mod:`indexer.taking_in`."""

logger = logging.getLogger(__name__)


def owner() -> str:
    """A name for a worker that no other has."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


class JobCrew:
    """Does what waits in the queue, until it is stopped."""

    def __init__(
        self, installation: Installation, workers: int, lease_seconds: float = LEASE_SECONDS
    ) -> None:
        """`workers` is how many files are read at once."""
        self._installation = installation
        self._workers = workers
        self._lease_seconds = lease_seconds
        self.owner = owner()
        self._jobs: dict[int, TakenJob] = {}
        self._far: dict[int, tuple[int, int]] = {}
        self._by_path: dict[Path, int] = {}
        self._lock = threading.Lock()
        self._told: dict[int, tuple[int, int]] = {}
        self._renewed = 0.0
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._tools: ExitStack | None = None
        self._work: JobWork | None = None
        self._idle_since = time.monotonic()
        self._pool = ThreadPoolExecutor(workers + ONE_RECORDING, thread_name_prefix="job")
        self._keeper = threading.Thread(target=self._keep, name="job-keeper", daemon=True)

    def start(self) -> None:
        """Begin to look for jobs."""
        self._keeper.start()

    @property
    def busy(self) -> bool:
        """Whether any job is being done."""
        return bool(self._jobs)

    def stop(self, grace: float) -> None:
        """Take no more jobs; those not done within `grace` seconds go back into the queue."""
        self._stop.set()
        self._wake.set()
        end = time.monotonic() + grace
        while self._jobs and time.monotonic() < end:
            time.sleep(0.05)
        self._keeper.join()
        if self._jobs:
            try:
                self._installation.jobs.give_back(self.owner)
            except CatalogueUnavailable as reason:
                logger.warning("%s", reason)  # the leases run out by themselves
        # Children end, so that whoever waits for one goes on, and finds that the job is gone.
        self._put_tools_away()
        self._pool.shutdown(cancel_futures=True)

    # -- the keeper ----------------------------------------------------------------------

    def _keep(self) -> None:
        while not self._stop.is_set():
            try:
                self._turn()
            except CatalogueUnavailable as reason:
                logger.warning("%s", reason)
            self._wake.wait(TURN_SECONDS)
            self._wake.clear()

    def _turn(self) -> None:
        self._renew()
        while self._has_room() and self._installation.jobs.waiting():
            job = self._installation.jobs.take(self.owner, self._lease_seconds)
            if job is None:
                break
            try:
                self._begin(job)
            except Exception:
                # The keeper outlives it: without one, nothing would ever be done again.
                logger.exception("%s を始められません。", job.name)
                self._put_back(job)
                break
        if not self._jobs and time.monotonic() - self._idle_since > IDLE_SECONDS:
            self._put_tools_away()

    def _renew(self) -> None:
        """Keep the leases, and tell how far the jobs are where that is news."""
        with self._lock:
            far = dict(self._far)
        now = time.monotonic()
        if far != self._told or now - self._renewed > self._lease_seconds / 6:
            self._installation.jobs.renew(self.owner, far, self._lease_seconds)
            self._told, self._renewed = far, now

    def _has_room(self) -> bool:
        return not self._stop.is_set() and len(self._jobs) < self._workers + ONE_RECORDING

    def _begin(self, job: TakenJob) -> None:
        # What may fail comes first: noted and not begun, a job would keep a hand for ever.
        work, paths = self._tools_out(), self._paths(job)
        with self._lock:
            self._jobs[job.id], self._far[job.id] = job, (0, 0)
            self._by_path.update(dict.fromkeys(paths, job.id))
        self._pool.submit(self._do, work, job)

    def _paths(self, job: TakenJob) -> list[Path]:
        """Where a job's bytes may be read from."""
        paths = [self._installation.incoming.path(str(job.work["file"]))]
        return [*paths, self._installation.originals.path(job.sha256)] if job.sha256 else paths

    def _watch(self, path: Path, done: int, pages: int) -> None:
        with self._lock:
            if (number := self._by_path.get(path)) is not None:
                self._far[number] = (done, pages)

    # -- the hands -----------------------------------------------------------------------

    def _do(self, work: JobWork, job: TakenJob) -> None:
        try:
            work.do(job)
        except LeaseLost:
            logger.info("%s は、ほかの処理が引き継ぎました。", job.name)
        except CatalogueUnavailable as reason:
            logger.warning("%s: %s", job.name, reason)  # tried again when the lease runs out
        except Exception:
            logger.exception("%s の処理が思わぬ誤りで止まりました。", job.name)
            self._put_back(job)
        finally:
            with self._lock:
                self._far.pop(job.id, None)
                for path in self._paths(job):
                    self._by_path.pop(path, None)
                self._idle_since = time.monotonic()
                del self._jobs[job.id]
            self._wake.set()

    def _put_back(self, job: TakenJob) -> None:
        """Have a job tried again at once; one that was tried often enough ends."""
        try:
            if job.tries < MOST_TRIES:
                self._installation.jobs.put_back(job)
            else:
                self._installation.jobs.end(job, ends.ERROR)
        except CatalogueUnavailable as reason:
            logger.warning("%s: %s", job.name, reason)

    # -- what they work with -------------------------------------------------------------

    def _tools_out(self) -> JobWork:
        if self._work is None:
            self._tools = ExitStack()
            ingester = self._tools.enter_context(
                self._installation.ingester(self._workers, self._watch)
            )
            unpacker = self._tools.enter_context(closing(Unpacker(self._installation.limits)))
            self._work = JobWork(self._installation, ingester, unpacker)
        return self._work

    def _put_tools_away(self) -> None:
        tools, self._tools, self._work = self._tools, None, None
        if tools is not None:
            tools.close()
