"""Taking from a process everything it does not need; see :func:`confine`."""

import contextlib
import ctypes
import math
import os
import resource
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kb.confined.endings import EXIT_BROKEN, Limits

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_LIBC = ctypes.CDLL(None, use_errno=True)

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_REFUSED_EVENTS = (
    *("socket.", "subprocess.", "ctypes.dlopen", "ctypes.call_function", "shutil.", "pty."),
    *("urllib.", "signal.pthread_kill", "os.system", "os.exec", "os.posix_spawn", "os.spawn"),
    *(
        "os.fork",
        "os.kill",
        "os.putenv",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.mkdir",
        "os.link",
    ),
    *("os.symlink", "os.truncate", "os.chmod", "os.chown", "os.lockf", "os.setxattr", "os.utime"),
)


def confine(limits: Limits, parent: int) -> None:
    """Take from this process all it does not need to work on one open file.

    Memory and CPU time by resource limits; writing to files by RLIMIT_FSIZE; the network by an
    empty network namespace where the kernel lets us have one. All of it holds for a program
    that takes this process over too. The process dies with `parent`.
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


def watch_python(readable: Iterable[Path]) -> None:
    """Refuse this process's Python code what it has no business to do, for good.

    By an audit hook: no socket, no other process, no file but those under the interpreter's own
    folders and `readable`, and those for reading only. The hook binds Python code alone: it is
    the second line, not the first.
    """
    folders = (Path(sys.prefix), Path(sys.base_prefix), *readable)
    roots = tuple({f"{os.path.realpath(folder)}{os.sep}" for folder in folders})

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if not isinstance(path, int) and not _may_open(path, flags or 0, roots):
                raise PermissionError(f"{event} is refused")
        elif event.startswith(_REFUSED_EVENTS):
            raise PermissionError(f"{event} is refused")

    sys.addaudithook(refuse)


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


def _may_open(path: str | bytes, flags: int, roots: tuple[str, ...]) -> bool:
    if flags & _WRITING:
        return False
    return os.path.realpath(os.fsdecode(path)).startswith(roots)
