"""Idle processors help with long work.

Whoever works counts itself as busy; whoever has long work that can be divided offers it. As
long as fewer are busy than there are processors, threads of the crew take parts of what is
offered. So nothing is divided while there is enough to do anyway, and all processors are busy
when a batch comes to its last, long file.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

IDLE_SECONDS = 0.05
"""How long a processor is idle before it helps: who has just ended one piece of work mostly
begins another, and dividing has its price."""

THREAD = "crew"
"""What the threads are called."""

_LOOK_SECONDS = 1.0
"""Work may become worth dividing without anybody telling."""


class Divisible(Protocol):
    """Work that others may help with."""

    def worth_dividing(self) -> bool:
        """Tell whether there is enough left to be divided; must not block."""
        ...

    def part(self) -> Callable[[], None] | None:
        """Take a part of the work: a function that does it; None when too little is left."""
        ...


class Crew:
    """Threads that help; they exist only while there is work on offer."""

    def __init__(self, workers: int) -> None:
        """Take how many may be busy at once, those who come with work included."""
        self._workers = workers
        self._changed = threading.Condition()
        self._busy = 0
        self._idle_since = time.monotonic()
        self._threads = 0
        self._offers: list[_Offer] = []

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """Count the caller as one who works."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    @contextlib.contextmanager
    def offered(self, work: Divisible) -> Iterator[None]:
        """Let others help with a piece of work, and wait at the end until all parts are done.

        Raises what a part raised. After an exception of the caller's own nobody is waited for.
        """
        offer = _Offer(work)
        with self._changed:
            self._offers.append(offer)
            while self._threads < self._workers - 1:
                self._threads += 1
                threading.Thread(target=self._help, name=THREAD, daemon=True).start()
        try:
            yield
            self._wait(offer)
        finally:
            with self._changed:
                if offer in self._offers:
                    self._offers.remove(offer)
                self._changed.notify_all()
        if offer.error is not None:
            raise offer.error

    def _wait(self, offer: "_Offer") -> None:
        # Parts may be divided again, so the offer stands while any is being done.
        with self._changed:
            self._changed.wait_for(lambda: offer.helpers == 0)
            self._offers.remove(offer)

    def _count(self, change: int) -> None:
        with self._changed:
            if self._busy == self._workers and change < 0:
                self._idle_since = time.monotonic()
            self._busy += change
            self._changed.notify_all()

    def _help(self) -> None:
        """Do parts as long as there is work on offer: what each thread of the crew does."""
        while (taken := self._taken()) is not None:
            offer, part = taken
            try:
                part()
            except Exception as error:  # whatever it is, it is raised where the work came from
                offer.error = error
            with self._changed:
                offer.helpers -= 1
                self._changed.notify_all()

    def _taken(self) -> "tuple[_Offer, Callable[[], None]] | None":
        """Wait for idle processors and a part to do; None when nothing is on offer."""
        with self._changed:
            while self._offers:
                wait = self._wait_before_helping()
                if wait > 0:
                    self._changed.wait(wait)
                    continue
                for offer in self._offers:
                    part = offer.work.part()
                    if part is not None:
                        offer.helpers += 1
                        return offer, part
            self._threads -= 1
            return None

    def _wait_before_helping(self) -> float:
        """Return how long to wait, at most, before looking again; 0 to help now."""
        if self._busy >= self._workers:
            return _LOOK_SECONDS
        if not any(offer.work.worth_dividing() for offer in self._offers):
            return _LOOK_SECONDS
        return IDLE_SECONDS - (time.monotonic() - self._idle_since)


class _Offer:
    """Work on offer, and how many help with it now."""

    def __init__(self, work: Divisible) -> None:
        self.work = work
        self.helpers = 0
        self.error: Exception | None = None
