"""Gathers what is asked in memory, and has it written beside the requests.

A request only counts in memory. A thread writes every few seconds; while somebody else writes the
catalogue it tries again later. What was gathered since is lost when the process is killed.
"""

import atexit
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from kb.catalogue.questions.asked import AskedTally
from kb.catalogue.questions.log import CatalogueBusy
from kb.catalogue.session import CatalogueUnavailable
from kb.domain.asked_question import AskedQuestion
from kb.domain.clock import Clock, today

EVERY_SECONDS = 3.0
AT_ONCE = 100
"""Questions that are written without waiting for the time to pass."""
PAUSE_SECONDS = 0.2
LAST_TRIES = 5
"""How often the last tallies are tried while somebody else is writing."""
MOST_WAITING = 2_000
"""Different questions that wait to be written; more are not counted until some are."""

logger = logging.getLogger(__name__)


class Keeper(Protocol):
    """Where tallies are written."""

    def keep(self, tallies: Sequence[AskedTally]) -> None:
        """Add to what is counted, all of it or nothing.

        Raises:
            CatalogueBusy: it is to be tried again.
            CatalogueUnavailable: it cannot be written.
        """
        ...

    def close(self) -> None: ...  # noqa: D102 - the name says it


@dataclass(slots=True)
class _Counted:
    """One question of a day, while it waits."""

    day: date
    last: AskedQuestion
    times: int = 0
    missing: dict[str, int] = field(default_factory=dict)

    def add(self, last: AskedQuestion, times: int, missing: dict[str, int]) -> None:
        self.last = last
        self.times += times
        for word, count in missing.items():
            self.missing[word] = self.missing.get(word, 0) + count

    def tally(self) -> AskedTally:
        return AskedTally(self.day, self.last, self.times, dict(self.missing))


_Key = tuple[date, str, str, str]


class AskingLog:
    """Counts questions; safe to share between threads. Close it before the process ends."""

    def __init__(
        self, keeper: Keeper, *, today: Clock = today, every_seconds: float = EVERY_SECONDS
    ) -> None:
        """Have `keeper` write every `every_seconds`; `today` tells the day of a question."""
        self._keeper = keeper
        self._today = today
        self._every = every_seconds
        self._lock = threading.Lock()
        self._waiting: dict[_Key, _Counted] = {}
        self._asked = 0
        self._due = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, question: AskedQuestion) -> None:
        """Count a question: a few microseconds, and no failure ever."""
        with self._lock:
            self._count(question, self._today(), 1, dict.fromkeys(question.missing, 1))
            self._asked += 1
            if self._asked >= AT_ONCE:
                self._due.set()
            if self._thread is None and not self._closing.is_set():
                self._thread = self._started()

    def close(self) -> None:
        """Write what waits, and end the thread."""
        self._closing.set()
        self._due.set()
        atexit.unregister(self.close)
        if self._thread is not None:
            self._thread.join()
        self._keeper.close()

    # -- counting ------------------------------------------------------------------------

    def _count(
        self, question: AskedQuestion, day: date, times: int, missing: dict[str, int]
    ) -> None:
        key = (day, question.text, question.filters, question.audience.value)
        if key not in self._waiting:
            if len(self._waiting) >= MOST_WAITING:
                return
            self._waiting[key] = _Counted(day, question)
        self._waiting[key].add(question, times, missing)

    # -- writing -------------------------------------------------------------------------

    def _started(self) -> threading.Thread | None:
        # Begun with the first question, not before: a server may fork after it has the application.
        thread = threading.Thread(target=self._run, name="asking-log", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # no thread to be had: the next question tries again
            logger.warning("検索の記録を書く処理を始められません(%s)。", error)
            return None
        atexit.register(self.close)
        return thread

    def _run(self) -> None:
        while not self._closing.is_set():
            self._due.wait(self._every)
            self._due.clear()
            self._write()
            # A busy catalogue is left alone for a while, however many questions come.
            self._closing.wait(min(self._every, PAUSE_SECONDS))
        for _ in range(LAST_TRIES):
            self._write()
            if not self._waiting:
                break
            time.sleep(PAUSE_SECONDS)

    def _write(self) -> None:
        with self._lock:
            taken, self._waiting, self._asked = self._waiting, {}, 0
        if not taken:
            return
        try:
            self._keeper.keep([counted.tally() for counted in taken.values()])
        except CatalogueBusy:
            self._put_back(taken)
        except CatalogueUnavailable as error:
            logger.warning("検索の記録を書けませんでした(%s)。", error)

    def _put_back(self, taken: dict[_Key, _Counted]) -> None:
        with self._lock:
            newer, self._waiting = self._waiting, taken
            for counted in newer.values():
                self._count(counted.last, counted.day, counted.times, counted.missing)
