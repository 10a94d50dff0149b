"""The other side of `indexer.sandbox`: a template process that forks one child per file.

The template has the extractors loaded, so a child costs a fork (milliseconds) and not an
interpreter with its imports (0.3 s). It never opens a file itself and has one thread, which
makes the fork safe; children are confined before they read the first byte. Only the
template kills and reaps them, so a process number cannot be somebody else's by then.

Started by `indexer.sandbox` as ``python -m indexer.sandbox_child CONTROL_FD``.
"""

import contextlib
import ctypes
import gc
import json
import math
import os
import resource
import selectors
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from indexer.extract import formats, pdf
from indexer.extract.parts import to_line
from indexer.extracted import Fault, Limits, Outcome

EXIT_DONE = 0
EXIT_BROKEN = 70
EXIT_OUT_OF_MEMORY = 71

READY = b"r"
"""What the template says once when it can take requests."""

MOST_REQUEST_BYTES = 65_536
MOST_DESCRIPTORS = 1024

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_LIBC = ctypes.CDLL(None, use_errno=True)

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_READABLE_ROOTS = tuple(
    {
        f"{os.path.realpath(root)}{os.sep}"
        for root in (sys.prefix, sys.base_prefix, Path(__file__).parents[1] / "indexer")
    }
)
_REFUSED_EVENTS = (
    *("socket.", "subprocess.", "ctypes.", "shutil.", "pty.", "urllib.", "signal.pthread_kill"),
    *("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.kill", "os.putenv"),
    *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink"),
    *("os.truncate", "os.chmod", "os.chown", "os.lockf", "os.setxattr", "os.utime"),
)

BROKEN = "読み取りの途中で思わぬ状態になりました({kind})。PDFで保存し直してください。"


class Template:
    """Takes requests from the control socket, forks, and reports how each child ended."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
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
                _run_child(message, source, results)
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


def _run_child(message: bytes, source: int, results: int) -> NoReturn:
    """Read one file under its limits, write its parts, end the process."""
    code = EXIT_BROKEN
    try:
        request = json.loads(message)
        limits = Limits(**request["limits"])
        _let_go_of_all_but(source, results)
        confine(limits, os.getppid())
        code = _read(source, results, limits, request["password"])
    except MemoryError:
        code = EXIT_OUT_OF_MEMORY
    finally:
        # Past the interpreter's own shutdown, which would run the template's.
        os._exit(code)


def _read(source: int, results: int, limits: Limits, password: str) -> int:
    write = _writer(results)
    try:
        with open(source, "rb") as stream:
            for part in formats.read(stream, limits, password=password):
                write(to_line(part))
    except MemoryError:
        return EXIT_OUT_OF_MEMORY
    except Exception as error:  # extractors raise whatever a broken file leads them to
        write(to_line(Fault(Outcome.DAMAGED, BROKEN.format(kind=type(error).__name__))))
    return EXIT_DONE


def _writer(results: int) -> Callable[[bytes], None]:
    def write(line: bytes) -> None:
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(results, rest) :]

    return write


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


def confine(limits: Limits, parent: int) -> None:
    """Take from this process all it does not need to read one open file.

    Memory and CPU time by resource limits; files by RLIMIT_FSIZE and an audit hook; the
    network by an empty network namespace where the kernel lets us have one, and by the audit
    hook everywhere. The hook binds Python code only: it is the second line, not the first.
    The process dies with `parent`.
    """
    with contextlib.suppress(OSError):  # already the leader of its group
        os.setpgid(0, 0)
    _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if _LIBC.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        _LIBC.unshare(_CLONE_NEWNET)
    # After unshare: a change of credentials would clear it.
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(EXIT_BROKEN)
    _limit_resources(limits)
    sys.addaudithook(_refuse)


def _limit_resources(limits: Limits) -> None:
    memory = limits.memory_mb * 2**20
    seconds = math.ceil(limits.seconds) + 1
    for what, soft, hard in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, 64, 64),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NPROC, 0, 0),
    ):
        _, most = resource.getrlimit(what)
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        resource.setrlimit(what, (soft, hard))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        path, _, flags = arguments
        if not isinstance(path, int) and not _may_open(path, flags or 0):
            raise PermissionError(f"{event} is refused")
    elif event.startswith(_REFUSED_EVENTS):
        raise PermissionError(f"{event} is refused")


def _may_open(path: str | bytes, flags: int) -> bool:
    if flags & _WRITING:
        return False
    return os.path.realpath(os.fsdecode(path)).startswith(_READABLE_ROOTS)


def main() -> None:
    """Warm up and serve the control socket named on the command line."""
    pdf.quieten()
    pdf.warm()
    # A child closes what it inherits, up to this limit; where it is a million, that takes long.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_DESCRIPTORS, most))
    # Children share these pages with the template instead of copying them at a collection.
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as control:
        Template(control).run()


if __name__ == "__main__":
    main()
