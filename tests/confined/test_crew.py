"""Idle processors help, and only idle ones."""

import threading
import time
from collections.abc import Callable

import pytest

from kb.confined.crew import THREAD, Crew


class Pieces:
    """Work in equal pieces; each is done by whoever takes it."""

    def __init__(self, crew: Crew, count: int, seconds: float = 0.02) -> None:
        self.crew = crew
        self.left = count
        self.seconds = seconds
        self.done: list[int] = []
        self.lock = threading.Lock()
        self.most_busy = 0
        self.busy = 0

    def worth_dividing(self) -> bool:
        return self.left > 0

    def part(self) -> Callable[[], None] | None:
        with self.lock:
            if self.left == 0:
                return None
            self.left -= 1
        return self.do

    def do(self) -> None:
        with self.crew.busy():
            with self.lock:
                self.busy += 1
                self.most_busy = max(self.most_busy, self.busy)
            time.sleep(self.seconds)
            with self.lock:
                self.busy -= 1
                self.done.append(threading.get_ident())

    def do_all(self) -> None:
        while (part := self.part()) is not None:
            part()


def test_all_parts_are_done_when_the_offer_ends_and_helpers_did_some() -> None:
    crew = Crew(3)
    work = Pieces(crew, 30)
    with crew.offered(work):
        work.do_all()
    assert len(work.done) == 30
    assert len(set(work.done)) == 3
    assert work.most_busy <= 3


def test_one_worker_alone_has_no_helpers() -> None:
    crew = Crew(1)
    work = Pieces(crew, 5)
    with crew.offered(work):
        work.do_all()
    assert set(work.done) == {threading.get_ident()}


def test_nobody_helps_while_all_are_busy() -> None:
    crew = Crew(2)
    work = Pieces(crew, 10)
    with crew.busy(), crew.offered(work):
        work.do_all()
    assert set(work.done) == {threading.get_ident()}


def test_what_a_part_raises_is_raised_where_the_work_came_from() -> None:
    crew = Crew(2)

    class Broken(Pieces):
        def do(self) -> None:
            raise LookupError("broken part")

    def offer(work: Pieces) -> None:
        with crew.offered(work):
            while work.left:
                time.sleep(0.01)

    with pytest.raises(LookupError, match="broken part"):
        offer(Broken(crew, 1))


def crew_threads() -> int:
    return [thread.name for thread in threading.enumerate()].count(THREAD)


def test_threads_end_with_the_offers() -> None:
    end = time.monotonic() + 30
    while crew_threads() and time.monotonic() < end:  # of the tests before
        time.sleep(0.01)
    crew = Crew(4)
    with crew.offered(Pieces(crew, 0)):
        assert crew_threads() == 3
    while crew_threads() and time.monotonic() < end:
        time.sleep(0.01)
    assert crew_threads() == 0


def test_an_exception_of_the_callers_own_is_not_kept_waiting() -> None:
    crew = Crew(2)

    def offer(work: Pieces) -> None:
        with crew.offered(work):
            while work.left:
                time.sleep(0.01)
            raise KeyError

    began = time.monotonic()
    with pytest.raises(KeyError):
        offer(Pieces(crew, 1, seconds=3))
    assert time.monotonic() - began < 2
