"""The worker beside the web: keeps the index in step with the catalogue.

It runs as a process of its own, so that indexing never slows an answer, and ends when the
process that started it is gone.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable

from indexer.installation import Installation
from kb.catalogue.session import CatalogueUnavailable
from kb.search.engine import IndexLocked, SearchUnavailable

PAUSE_SECONDS = 2.0
"""How long the worker rests between two looks at the catalogue."""

logger = logging.getLogger(__name__)


class Worker:
    """Looks, brings up to date, rests."""

    def __init__(self, installation: Installation, alone: Callable[[], bool]) -> None:
        """`alone` tells whether whoever started the worker is gone."""
        self._installation = installation
        self._alone = alone
        self._stop = threading.Event()

    def stop(self) -> None:
        """Ask it to end after what it is doing."""
        self._stop.set()

    def run(self) -> None:
        """Work until stopped."""
        while not self._stop.is_set() and not self._alone():
            self._look()
            self._stop.wait(PAUSE_SECONDS)

    def _look(self) -> None:
        try:
            if self._needs_work():
                report = self._installation.up_to_date()
                logger.info("索引を更新しました(追加 %d、削除 %d)", report.put, report.removed)
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


def run_until_stopped(installation: Installation, parent: int) -> None:
    """Work until SIGTERM or SIGINT, or until the process `parent` is no longer the parent.

    The number is handed in: asked for here, it could already be that of whoever inherits us.
    """
    worker = Worker(installation, lambda: os.getppid() != parent)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()
