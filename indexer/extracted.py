"""The currency of the pipeline: what an extractor read, or why it could not."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How the life of one file ended; a closed list, see docs/commands.md."""

    INDEXED = "indexed"
    INDEXED_PARTLY = "indexed_partly"
    DUPLICATE = "duplicate"
    NEEDS_PASSWORD = "needs_password"  # noqa: S105 - an outcome's name
    NEEDS_OCR = "needs_ocr"
    EMPTY = "empty"
    DAMAGED = "damaged"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too_large"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The Japanese name shown to curators."""
        return _LABELS[self]


_LABELS = {
    Outcome.INDEXED: "読めた",
    Outcome.INDEXED_PARTLY: "一部だけ読めた",
    Outcome.DUPLICATE: "重複",
    Outcome.NEEDS_PASSWORD: "パスワードが必要",
    Outcome.NEEDS_OCR: "文字認識が必要",
    Outcome.EMPTY: "中身がない",
    Outcome.DAMAGED: "壊れている",
    Outcome.UNSUPPORTED: "読めない形式",
    Outcome.TOO_LARGE: "大きすぎる",
    Outcome.TIMED_OUT: "時間切れ",
    Outcome.OUT_OF_MEMORY: "メモリー不足",
    Outcome.REFUSED: "受け付けない形式",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file, or one page of it, could not be read."""

    outcome: Outcome
    detail: str
    """A Japanese sentence for the curator: what happened and what to do."""
    page: int | None = None
    """The page concerned, from 1; None for the whole file."""


@dataclass(frozen=True, slots=True)
class ExtractedPage:
    """One page, slide or sheet."""

    number: int
    """From 1."""
    text: str
    """In the order of the content stream, lines ended by newlines: sentences stay whole."""
    width: float
    """Points, after the page's own rotation."""
    height: float
    title: str | None = None
    """The run in the largest font, when the page has one that stands out."""
    images: int = 0
    """How many images the page draws."""
    needs_ocr: bool = False
    """The text is missing or cannot be trusted; see the extractor for the rule."""


@dataclass(frozen=True, slots=True)
class ExtractedDocument:
    """Everything an extractor learnt of a file."""

    media_type: str
    pages: tuple[ExtractedPage, ...] = ()
    declared_pages: int = 0
    """How many pages the file says it has; more than `len(pages)` means some were lost."""
    faults: tuple[Fault, ...] = ()
    title: str | None = None
    """From the file's own metadata."""
    author: str | None = None
    producer: str | None = None
    created: str | None = None
    """ISO date from the file's own metadata, when it has a plausible one."""
    extractor: str = ""
    """Name and version of what read it; part of the provenance."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost."""

    seconds: float = 120.0
    """Wall clock, and CPU time of the child."""
    memory_mb: int = 1024
    """Address space of the child, MiB."""
    pages: int = 5000
    characters_per_page: int = 200_000
