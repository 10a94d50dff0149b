"""Running a program that is not ours, confined like any child.

The forked child confines itself and hands its process over to the program, so limits of
memory, CPU time and descriptors, the ban on writing files and the empty network hold for the
program too. RLIMIT_NPROC keeps it from starting others unless it runs as root, whom the
kernel does not count; what it starts dies with it all the same.
"""

import os
from collections.abc import Mapping, Sequence
from enum import StrEnum

from kb.confined.closing import Closing
from kb.confined.endings import EXIT_BROKEN, End, Ending, Limits
from kb.confined.pieces import whole
from kb.confined.processes import Confined

_CHILD = "kb.confined.programs_child"


class ProgramEnd(StrEnum):
    """How a program failed."""

    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    """It was killed for memory, or aborted: what a C++ program does when it gets none."""
    FAILED = "failed"
    """With an exit code or by a signal: see the code."""
    TOO_MUCH = "too_much"
    """It wrote more than it may."""
    NOT_STARTED = "not_started"


class ProgramFailed(RuntimeError):
    """A program did not end well; `kind` and `code` say how."""

    def __init__(self, program: str, kind: ProgramEnd, code: int | None = None) -> None:
        super().__init__(f"{program}: {kind.value}" + ("" if code is None else f" ({code})"))
        self.program = program
        self.kind = kind
        self.code = code
        """Exit code, or minus the number of the signal."""


class Programs(Closing):
    """Runs programs, each in a confined process; to be kept where there are several to run.

    May be used from several threads at once.
    """

    def __init__(self, most_bytes: int = 32 * 2**20) -> None:
        """Take how much a program may write to its standard output."""
        self._confined = Confined(_CHILD)
        self._most_bytes = most_bytes

    def run(
        self,
        argv: Sequence[str],
        stdin: bytes,
        *,
        seconds: float,
        memory_mb: int,
        environment: Mapping[str, str],
    ) -> bytes:
        """Return what the program writes to its standard output.

        `argv` begins with the program's absolute path; `environment` is all the environment it
        gets; its standard error leads nowhere. `seconds` bound wall clock and CPU time,
        `memory_mb` the address space in MiB.

        Raises:
            ProgramFailed: it ended by itself or was ended in any other way than with code 0.
        """
        limits = Limits(seconds, memory_mb, self._most_bytes)
        request = {"argv": list(argv), "environment": dict(environment)}
        source = os.memfd_create("stdin", os.MFD_CLOEXEC)
        with os.fdopen(source, "wb") as memory:
            memory.write(stdin)
            memory.seek(0)
            written, ending = whole(self._confined.run(request, source, limits))
        if ending.end is not End.DONE:
            raise ProgramFailed(argv[0], _kind(ending), ending.code)
        return written

    def close(self) -> None:
        """End what still runs."""
        self._confined.close()


def run_program(
    argv: Sequence[str],
    stdin: bytes,
    *,
    seconds: float,
    memory_mb: int,
    environment: Mapping[str, str],
) -> bytes:
    """Run one program; see :meth:`Programs.run`, which saves 60 ms where there are several."""
    with Programs() as programs:
        return programs.run(
            argv, stdin, seconds=seconds, memory_mb=memory_mb, environment=environment
        )


_ABORTED = -6
_KINDS = {
    End.TIMED_OUT: ProgramEnd.TIMED_OUT,
    End.OUT_OF_MEMORY: ProgramEnd.OUT_OF_MEMORY,
    End.TOO_MUCH: ProgramEnd.TOO_MUCH,
    End.GONE: ProgramEnd.NOT_STARTED,
}


def _kind(ending: Ending) -> ProgramEnd:
    # A program that itself ends with 70 or 71 is named wrongly; tesseract does not.
    if ending.code == _ABORTED:
        return ProgramEnd.OUT_OF_MEMORY
    if ending.code == EXIT_BROKEN:
        return ProgramEnd.NOT_STARTED
    return _KINDS.get(ending.end, ProgramEnd.FAILED)
