"""Why PDFium could not do what it was asked for."""

from enum import StrEnum

from kb.confined import End, Ending


class Failure(StrEnum):
    """A closed list; the values travel between the processes."""

    PASSWORD = "password"  # noqa: S105 - a failure's name
    """Protected, and the password is missing or wrong."""
    DAMAGED = "damaged"
    """No PDF, or one that PDFium cannot open."""
    NO_PAGE = "no_page"
    """It has no page of that number."""
    TOO_LARGE = "too_large"
    """The result would be larger than is allowed."""
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    """The process ended by a signal, as PDFium does on some files."""


class PdfiumFailed(RuntimeError):
    """PDFium could not do it; `kind` says why."""

    def __init__(self, kind: Failure, detail: str = "") -> None:
        super().__init__(f"{kind.value}: {detail}" if detail else kind.value)
        self.kind = kind


_FAILURES = {
    End.TIMED_OUT: Failure.TIMED_OUT,
    End.OUT_OF_MEMORY: Failure.OUT_OF_MEMORY,
    End.TOO_MUCH: Failure.TOO_LARGE,
}


def failed(ending: Ending) -> PdfiumFailed:
    """Return the exception for a child that did not end well."""
    kind = _FAILURES.get(ending.end, Failure.CRASHED)
    return PdfiumFailed(kind, ending.signal_name or "")
