"""The worker beside the web: does what waits in the queue, watches the folder that files are
put into, and keeps the index in step with the catalogue.

It runs as a process of its own, so that indexing never slows an answer, and ends when the
process that started it is gone.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from indexer.inbox import Inbox
from indexer.incoming import sweep
from indexer.installation import Installation
from indexer.jobs import JobCrew
from kb.catalogue.session import CatalogueUnavailable
from kb.search.engine import IndexLocked, SearchUnavailable

PAUSE_SECONDS = 2.0
"""How long the worker rests between two looks at the catalogue."""

BUSY_SECONDS = 4.0
"""How long between two updates of the index while files are taken in."""

GRACE_SECONDS = 6.0
"""How long jobs may take to end when the worker is asked to; then they go back into the queue."""

SWEEP_SECONDS = 300.0
"""How long between two looks for what interrupted work has left."""

logger = logging.getLogger(__name__)


class Worker:
    """Looks, brings up to date, rests."""

    def __init__(
        self,
        installation: Installation,
        alone: Callable[[], bool],
        hands: int = 1,
        inbox: Path | None = None,
        duty: Callable[[], None] = lambda: None,
    ) -> None:
        """`alone` tells whether whoever started the worker is gone; `hands` is how many files
        are read at once; `inbox` is a folder to watch; `duty` is done after each look."""
        self._installation = installation
        self._alone = alone
        self._stop = threading.Event()
        self._crew = JobCrew(installation, hands)
        self._inbox = Inbox(installation, inbox) if inbox else None
        self._duty = duty
        self._swept = -SWEEP_SECONDS
        self._synced = 0.0

    def stop(self) -> None:
        """Ask it to end after what it is doing."""
        self._stop.set()

    def run(self) -> None:
        """Work until stopped."""
        self._crew.start()
        try:
            while not self._stop.is_set() and not self._alone():
                self._look()
                self._look_after_files()
                self._stop.wait(PAUSE_SECONDS)
        finally:
            # Nobody waits for a worker whose parent is gone.
            self._crew.stop(GRACE_SECONDS if self._stop.is_set() else 0.0)

    def _look_after_files(self) -> None:
        try:
            if self._inbox is not None:
                self._inbox.look()
            if time.monotonic() - self._swept > SWEEP_SECONDS:
                sweep(self._installation)
                self._swept = time.monotonic()
        except CatalogueUnavailable as reason:
            logger.warning("%s", reason)
        except OSError as error:
            logger.warning("ファイルを動かせません(%s: %s)。", error.strerror, error.filename)

    def _look(self) -> None:
        if self._crew.busy and time.monotonic() - self._synced < BUSY_SECONDS:
            return
        self._synced = time.monotonic()
        try:
            if self._needs_work():
                report = self._installation.up_to_date()
                logger.info("索引を更新しました(追加 %d、削除 %d)", report.put, report.removed)
            self._duty()
        except IndexLocked as reason:
            logger.info("%s", reason)
        except (SearchUnavailable, CatalogueUnavailable) as reason:
            logger.warning("%s", reason)

    def _needs_work(self) -> bool:
        if noted := self._installation.note_permissions():
            logger.info("許諾の始まりと期限切れを%d件記録しました", noted)
        state = self._installation.engine.state()
        outdated = state.fingerprint != self._installation.fingerprint
        return outdated or self._installation.reindexer.behind()


def run_until_stopped(
    installation: Installation,
    parent: int,
    hands: int,
    inbox: Path | None,
    duty: Callable[[], None] = lambda: None,
) -> None:
    """Work until SIGTERM or SIGINT, or until the process `parent` is no longer the parent.

    The number is handed in: asked for here, it could already be that of whoever inherits us.
    """
    worker = Worker(installation, lambda: os.getppid() != parent, hands, inbox, duty)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()
