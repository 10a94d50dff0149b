"""The side that wants work done: it starts a template process, asks it for children, reads them.

The template has its libraries loaded and forks one confined child for each request
(milliseconds instead of an interpreter with its imports). The parent never trusts a child: it
reads bytes, at most so many, until a deadline, and then lets the child's leash go, by which the
template kills it. See :mod:`kb.confined.serving` for the other side.
"""

import contextlib
import json
import os
import selectors
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from kb.confined.closing import Closing
from kb.confined.endings import End, Ending, Limits
from kb.confined.pieces import Pieces

_CHUNK = 65_536
_START_SECONDS = 60.0
"""How long the template may take to load; measured 0.4 s on an idle machine."""

_END_SECONDS = 5.0
"""How long the template may take to stop before it is killed."""

_GRACE_SECONDS = 5.0
"""How long a killed child may take to be gone."""

_LATE_SECONDS = 1.0
"""How long past the deadline what already stands in the pipe is still read."""

_ROOT = Path(__file__).resolve().parents[2]


class _TemplateGone(RuntimeError):
    """The template process ended before it could start a child."""


class Confined(Closing):
    """Runs the work of one module, each request in its own confined process.

    May be used from several threads at once; each request has its own child. The template
    process behind it starts with the first request and ends with `close()`, with the object, or
    with this process, whichever comes first, and takes its children along.
    """

    def __init__(self, module: str, environment: Mapping[str, str] | None = None) -> None:
        """Take the module to run, which calls :func:`kb.confined.serving.serve`, and variables
        for its environment, which holds nothing else of ours."""
        self._module = module
        self._environment = dict(environment or {})
        self._lock = threading.Lock()
        self._template: _Template | None = None
        self._closings = 0

    def load(self) -> None:
        """Start the template now and wait until it has loaded what the work needs.

        For callers who count time of their own. What goes wrong is told by the next `run`.
        """
        with self._lock, contextlib.suppress(OSError):
            self._template = self._template or self._started()
            self._template.wait_until_ready()

    def run(self, request: Mapping[str, object], source: int, limits: Limits) -> Pieces:
        """Have a child work on the descriptor `source`; yield what it writes, then an Ending.

        The request is what JSON can hold, at most 60 KB of it. Never raises for what the child
        does.
        """
        message = json.dumps({"limits": asdict(limits), "request": request}).encode()
        closings = self._closings
        for _ in range(2):
            try:
                yield from self._attempt(message, source, limits)
            except _TemplateGone:
                # Killed from outside, it is replaced; closed on purpose, it is not.
                if self._closings != closings:
                    break
            else:
                return
        yield Ending(End.GONE)

    def close(self) -> None:
        """End the template and every child; the next request would start another."""
        with self._lock:
            template, self._template = self._template, None
            self._closings += 1
        if template is not None:
            template.close()

    def _attempt(self, message: bytes, source: int, limits: Limits) -> Pieces:
        """Yield what one child writes; raises _TemplateGone when there was no child."""
        with self._lock:
            try:
                template = self._template = self._template or self._started()
                results, leash = template.fork(message, source)
            except OSError as error:
                self._drop(self._template)
                raise _TemplateGone from error
        with os.fdopen(results, "rb", buffering=0), leash:
            try:
                yield from _Child(results, leash, limits).pieces()
            except _TemplateGone:
                with self._lock:
                    self._drop(template)
                raise

    def _started(self) -> "_Template":
        return _Template(self, self._module, self._environment)

    def _drop(self, template: "_Template | None") -> None:
        if template is not None:
            template.close()
        if self._template is template:
            self._template = None


class _Template:
    """The parent's end of the process that forks the children."""

    def __init__(self, owner: Confined, module: str, environment: Mapping[str, str]) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [
                    *(sys.executable, "-s", "-P", "-X", "utf8"),
                    *("-m", module, str(theirs.fileno())),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                # None of our own environment: it holds secrets, and would make a document read
                # differently on two machines.
                env={"PYTHONPATH": str(_ROOT), **environment},
                cwd="/",
                start_new_session=True,
            )
        ours.settimeout(_START_SECONDS)
        self._control = ours
        self._ready = False
        self.close = weakref.finalize(owner, _end, process, ours)

    def fork(self, message: bytes, source: int) -> tuple[int, socket.socket]:
        """Ask for a child that reads the descriptor `source`; raises OSError."""
        self.wait_until_ready()
        results, theirs = os.pipe()
        leash, end = socket.socketpair()
        try:
            socket.send_fds(self._control, [message], [source, theirs, end.fileno()])
        except OSError:
            os.close(results)
            leash.close()
            raise
        finally:
            os.close(theirs)
            end.close()
        return results, leash

    def wait_until_ready(self) -> None:
        """Wait for the imports, so that no request's time goes into them."""
        if not self._ready and not self._control.recv(1):
            raise ConnectionAbortedError("the template process ended while it started")
        self._ready = True


def _end(process: subprocess.Popen[bytes], control: socket.socket) -> None:
    """Let the template go; it kills its children and ends when its control closes."""
    control.close()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class _Child:
    """One child: what it writes, how long it may, how it ended."""

    def __init__(self, results: int, leash: socket.socket, limits: Limits) -> None:
        self._results = results
        self._leash = leash
        self._limits = limits
        self._deadline = time.monotonic() + limits.seconds

    def pieces(self) -> Pieces:
        """Yield what arrives, then the ending; the child is gone when this is left.

        Raises _TemplateGone if there is neither a byte nor a word of how the child ended.
        """
        received, stopped = 0, End.DONE
        try:
            for chunk in self._chunks():
                received += len(chunk)
                if received > self._limits.result_bytes:
                    stopped = End.TOO_MUCH
                    break
                yield chunk
        except TimeoutError:
            stopped = End.TIMED_OUT
        except GeneratorExit:
            self._cut()
            raise
        if stopped is not End.DONE:
            self._cut()
            yield Ending(stopped)
            return
        ending = self._ending()
        if ending.end is End.GONE and received == 0:
            raise _TemplateGone
        yield ending

    def _chunks(self) -> Iterator[bytes]:
        """Yield what the child writes until it closes; raises TimeoutError at the deadline."""
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._results, selectors.EVENT_READ)
            while waiting.select(max(0.0, left := self._deadline - time.monotonic())):
                if left < -_LATE_SECONDS:
                    break
                chunk = os.read(self._results, _CHUNK)
                if not chunk:
                    return
                yield chunk
        raise TimeoutError

    def _ending(self) -> Ending:
        """Return how the child ended once it has closed its results, at the deadline at last."""
        self._leash.settimeout(max(0.01, self._deadline - time.monotonic()))
        try:
            return Ending.of(_exit_code(self._leash))
        except TimeoutError:
            self._cut()
            return Ending(End.TIMED_OUT)

    def _cut(self) -> None:
        """Let the leash go, and wait until the template has killed and reaped the child."""
        with contextlib.suppress(OSError):  # the template has gone, and the child with it
            self._leash.shutdown(socket.SHUT_WR)
            self._leash.settimeout(_GRACE_SECONDS)
            _exit_code(self._leash)


def _exit_code(leash: socket.socket) -> int | None:
    """Return what the template says of the child's end; raises TimeoutError."""
    try:
        answer = leash.recv(32)
    except ConnectionError:
        return None
    return int(answer) if answer else None
