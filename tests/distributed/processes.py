"""Whose child a process is, and when it is gone (Linux: reads /proc)."""

import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36


@contextmanager
def adopting() -> Iterator[None]:
    """While it lasts, what a dead process leaves behind becomes a child of this one.

    So whatever outlives a killed command is found by its parent, whatever its environment
    and session are.
    """
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    assert prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    try:
        yield
    finally:
        prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def children(parent: int) -> dict[int, str]:
    """The living children of a process: number -> command line."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended while it was looked at
            _, _, after_name = (folder / "stat").read_text().rpartition(")")
            state, above = after_name.split()[:2]
            if int(above) == parent and state not in "ZX":
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                found[int(folder.name)] = command.decode(errors="replace").strip()
    return found


def descendants(parent: int) -> dict[int, str]:
    """The living children of a process, theirs, and so on."""
    found = children(parent)
    for pid in list(found):
        found |= descendants(pid)
    return found


def bury(known: set[int]) -> None:
    """Take note of the ends of adopted processes; `known` are this process's own children."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended while it was looked at, or is no child of ours
            _, _, after_name = (folder / "stat").read_text().rpartition(")")
            state, above = after_name.split()[:2]
            if state == "Z" and int(above) == os.getpid() and int(folder.name) not in known:
                os.waitpid(int(folder.name), os.WNOHANG)


@contextmanager
def leaving_nothing(seconds: Callable[[], float]) -> Iterator[None]:
    """What the block starts and does not end itself must be gone `seconds` after the block.

    What is not is killed, and the test fails with its command line.
    """
    before = set(children(os.getpid()))
    yield
    left = within(seconds(), lambda: not _strays(before))
    strays = _strays(before)
    for pid in strays:
        os.kill(pid, signal.SIGKILL)
    bury(before)
    assert left, f"still running after {seconds():.1f} s: {strays}"


def _strays(before: set[int]) -> dict[int, str]:
    bury(before)
    new = {pid: line for pid, line in children(os.getpid()).items() if pid not in before}
    return {**new, **{pid: line for top in new for pid, line in descendants(top).items()}}


def within(seconds: float, true: Callable[[], bool]) -> bool:
    """Whether a condition comes true in time; looks twenty times a second."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def patience(seconds: float) -> float:
    """`seconds` on a machine that is free; as many times longer as it is overbooked."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
