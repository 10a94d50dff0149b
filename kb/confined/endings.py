"""What a confined process may cost, and how it may end; both sides share these words."""

import signal
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

EXIT_DONE = 0
EXIT_BROKEN = 70
"""The child fell over before or beside its work."""
EXIT_OUT_OF_MEMORY = 71
"""How a child says that memory ran out."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one confined process may cost."""

    seconds: float
    """Wall clock, and CPU time."""
    memory_mb: int
    """Address space, MiB."""
    result_bytes: int = 32 * 2**20
    """How much it may write."""


class End(StrEnum):
    """How a confined process ended."""

    DONE = "done"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    TOO_MUCH = "too_much"
    """It wrote more than it may."""
    CRASHED = "crashed"
    """By a signal or with an exit code of its own: see the code."""
    GONE = "gone"
    """Nobody can say: the process that starts the others was closed or killed."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a confined process ended, and with which code."""

    end: End
    code: int | None = None
    """The exit code; minus the signal's number after a signal; None where the parent cut it off
    or nobody can say."""

    @classmethod
    def of(cls, code: int | None) -> Self:
        """Return what an exit code says."""
        if code is None:
            return cls(End.GONE)
        return cls(_ENDS.get(code, End.CRASHED), code)

    @property
    def signal_name(self) -> str | None:
        """The signal that ended it, as the system names it (SIGSEGV)."""
        return None if self.code is None or self.code >= 0 else signal.Signals(-self.code).name


_ENDS = {
    EXIT_DONE: End.DONE,
    EXIT_OUT_OF_MEMORY: End.OUT_OF_MEMORY,
    # Nobody else sends it but the kernel, when the whole machine is short of memory.
    -signal.SIGKILL: End.OUT_OF_MEMORY,
    -signal.SIGXCPU: End.TIMED_OUT,
}
