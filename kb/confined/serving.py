"""The side that does the work: a template process that forks one confined child per request.

It never opens a file itself and has one thread, which makes the fork safe; children are
confined before they read the first byte. Only the template kills and reaps them, so a process
number cannot be somebody else's by then.

A module that is to be run by :class:`kb.confined.processes.Confined` calls :func:`serve` when
it is the main one; it gets the control socket's number on its command line.
"""

import contextlib
import gc
import json
import os
import resource
import selectors
import signal
import socket
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

from kb.confined.confinement import confine, watch_python
from kb.confined.endings import EXIT_BROKEN, EXIT_OUT_OF_MEMORY, Limits

Job = Callable[[dict[str, Any], int, int], int]
"""Takes the request and the descriptors of source and results; returns the exit code. A
MemoryError that leaves it is named, any other exception is a crash."""

READY = b"r"
"""What the template says once when it can take requests."""

MOST_REQUEST_BYTES = 65_536
MOST_DESCRIPTORS = 1024


def serve(job: Job, *, readable: Iterable[Path] = (), watched: bool = True) -> None:
    """Serve the control socket named on the command line until it closes.

    `readable` are folders whose files the children's Python code may open beside the
    interpreter's own. `watched` False leaves out the audit hook, for a job that hands its
    process over to a program.
    """
    # A child closes what it inherits, up to this limit; where it is a million, that takes long.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_DESCRIPTORS, most))
    # Children share these pages with the template instead of copying them at a collection.
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as control:
        _Template(control, _Work(job, tuple(readable) if watched else None)).run()


def write(results: int, piece: bytes) -> None:
    """Write all of a piece to a results pipe."""
    rest = memoryview(piece)
    while rest:
        rest = rest[os.write(results, rest) :]


class _Template:
    """Takes requests from the control socket, forks, and reports how each child ended."""

    def __init__(self, control: socket.socket, work: "_Work") -> None:
        self._control = control
        self._work = work
        self._leashes: dict[int, socket.socket] = {}
        self._waiting = selectors.DefaultSelector()
        self._open = True

    def run(self) -> None:
        """Serve until the control socket closes or the parent is gone; then kill what runs."""
        parent = os.getppid()
        ends, wake = socket.socketpair()
        for side in (ends, wake):
            side.setblocking(False)
        signal.signal(signal.SIGCHLD, _ignore)
        signal.set_wakeup_fd(wake.fileno())
        self._waiting.register(ends, selectors.EVENT_READ, lambda: self._reap(ends))
        self._waiting.register(self._control, selectors.EVENT_READ, self._accept)
        self._control.send(READY)
        while self._open and os.getppid() == parent:
            for key, _ in self._waiting.select(timeout=5):
                key.data()
        for pid in self._leashes:
            _kill(pid)

    def _accept(self) -> None:
        """Start one child: the request brings its source, its results pipe and its leash."""
        message, descriptors, _, _ = socket.recv_fds(self._control, MOST_REQUEST_BYTES, 3)
        if not message:
            self._open = False
            return
        if len(descriptors) != 3:
            # No room for more descriptors: the closed leash tells the parent.
            for descriptor in descriptors:
                os.close(descriptor)
            return
        source, results, leash_descriptor = descriptors
        leash = socket.socket(fileno=leash_descriptor)
        try:
            pid = os.fork()
        except OSError:
            # Its closed leash tells the parent that there is no child.
            leash.close()
        else:
            if pid == 0:
                self._work.do(message, source, results)
            with contextlib.suppress(OSError):  # the child has done it already, or has ended
                os.setpgid(pid, pid)
            self._leashes[pid] = leash
            self._waiting.register(leash, selectors.EVENT_READ, lambda: self._cut(pid, leash))
        os.close(source)
        os.close(results)

    def _cut(self, pid: int, leash: socket.socket) -> None:
        """Kill a child whose leash the parent has let go, unless it has just been reaped."""
        if self._leashes.get(pid) is leash:
            self._waiting.unregister(leash)
            _kill(pid)

    def _reap(self, ends: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):  # an earlier wake-up took these bytes
            ends.recv(4096)
        while self._leashes:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            leash = self._leashes.pop(pid)
            with contextlib.suppress(KeyError):  # cut before it ended
                self._waiting.unregister(leash)
            with leash, contextlib.suppress(OSError):  # the parent no longer listens
                leash.send(str(os.waitstatus_to_exitcode(status)).encode())


def _ignore(*_: object) -> None:
    """Stand as a handler, so that the signal reaches the wake-up socket."""


def _kill(pid: int) -> None:
    """Kill a child that has not been reaped, with all it may have started."""
    os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):  # it had not made its group yet
        os.killpg(pid, signal.SIGKILL)


class _Work:
    """What a child does with its request, and with which freedom."""

    def __init__(self, job: Job, readable: tuple[Path, ...] | None) -> None:
        self._job = job
        self._readable = readable

    def do(self, message: bytes, source: int, results: int) -> NoReturn:
        """Work under the request's limits, end the process."""
        code = EXIT_BROKEN
        try:
            envelope = json.loads(message)
            _let_go_of_all_but(source, results)
            confine(Limits(**envelope["limits"]), os.getppid())
            if self._readable is not None:
                watch_python(self._readable)
            code = self._job(envelope["request"], source, results)
        except MemoryError:
            code = EXIT_OUT_OF_MEMORY
        finally:
            # Past the interpreter's own shutdown, which would run the template's.
            os._exit(code)


def _let_go_of_all_but(*kept: int) -> None:
    """Close every descriptor but these and the standard ones, which lead nowhere."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(0, 2)
    low = 3
    for descriptor in sorted(kept):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, os.sysconf("SC_OPEN_MAX"))
