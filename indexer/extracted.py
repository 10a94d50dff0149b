"""The currency of the pipeline: what an extractor read, or why it could not."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


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


Span = tuple[int, int]
"""A half-open range of characters of a page's text."""


class BlockKind(StrEnum):
    """What a block of a page is, as far as its form tells."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ROW = "row"
    """A row of a table; its spans are the cells."""
    RUNNING = "running"
    """Header, footer or page number: repeated from page to page."""
    READING = "reading"
    """Ruby: how the words it stands over are read."""
    NOTE = "note"
    """Footnote or speaker's note."""
    ANNOTATION = "annotation"
    """A comment put on the page afterwards."""
    FIELD = "field"
    """A form field: label and value."""


@dataclass(frozen=True, slots=True)
class Block:
    """Characters that belong together; blocks follow each other in reading order."""

    kind: BlockKind
    spans: tuple[Span, ...]
    """In reading order: the lines of a paragraph, the cells of a row."""


class Direction(IntEnum):
    """Which way a line of text runs on the page as it is shown."""

    RIGHT = 0
    DOWN = 1
    LEFT = 2
    UP = 3


@dataclass(frozen=True, slots=True)
class Places:
    """Where the characters of a page stand: columns of equal length, one row per stretch.

    A stretch is drawn along one line without a gap that a box should not bridge. Positions
    are whole tenths of a point from the top left corner of the page as it is shown.
    """

    starts: tuple[int, ...] = ()
    """First character, ascending."""
    ends: tuple[int, ...] = ()
    """One past the last character, not beyond the next stretch's first."""
    lefts: tuple[int, ...] = ()
    tops: tuple[int, ...] = ()
    rights: tuple[int, ...] = ()
    bottoms: tuple[int, ...] = ()
    directions: tuple[int, ...] = ()
    """:class:`Direction` values."""
    advances: tuple[tuple[int, ...], ...] = ()
    """Along the line, where each character of the stretch ends, in thousandths of the
    stretch's length; empty where all characters are equally wide."""


@dataclass(frozen=True, slots=True)
class ExtractedPage:
    """One page, slide or sheet."""

    number: int
    """From 1."""
    text: str
    """In the order of the content stream, lines ended by newlines: sentences stay whole."""
    width: float
    """Points, after the page's own rotation; 0 where the format knows no size."""
    height: float
    title: str | None = None
    """The run in the largest font, when the page has one that stands out."""
    images: int = 0
    """How many images the page draws."""
    needs_ocr: bool = False
    """The text is missing or cannot be trusted; see the extractor for the rule."""
    places: Places = Places()
    blocks: tuple[Block, ...] = ()
    """The text in reading order: every character but white space is in one block. Empty where
    stream order is reading order."""
    glyphs: int = 0
    """Glyphs drawn, spaces left out, undefined ones included."""
    undefined: int = 0
    """Glyphs that stand for no known character."""
    reader: str = ""
    """What read this page, where it was not the document's extractor."""
    confidence: float | None = None
    """0 to 1, mean over the words, where the page was read by character recognition."""


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A bookmark of the file."""

    title: str
    level: int
    """From 1."""
    page: int | None = None
    """Where it leads, from 1, when that is known."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link out of the text, in the order of the text."""

    words: str
    """What is underlined, blanks closed; empty where it is a picture."""
    address: str
    """As the file writes it, resolved against the address that the file itself names as its
    base, if any: http, https or relative."""
    before: str = ""
    """The last words before it in its block, to find its place by."""


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
    outline: tuple[OutlineEntry, ...] = ()
    attachments: tuple[str, ...] = ()
    """Names of the files embedded in it."""
    links: tuple[Link, ...] = ()
    """Where its words lead, of formats whose links are worth following."""


@dataclass(frozen=True, slots=True)
class PageRange:
    """Which pages of a file are wanted, from 1, both ends included."""

    first: int = 1
    last: int | None = None
    """None: to the end."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost."""

    seconds: float = 120.0
    """Wall clock, and CPU time of the child."""
    memory_mb: int = 1024
    """Address space of the child, MiB."""
    pages: int = 5000
    characters_per_page: int = 200_000
