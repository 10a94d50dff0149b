"""One document, read as well as it can be: by the reader of record, and where that fails by
a second reader or by character recognition, page by page.

Every page tells by what it was read. A replacement is taken only where it scores better, so
that no reader can make a good page worse.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from indexer.extracted import ExtractedDocument, ExtractedPage, Fault, Outcome
from indexer.reading.quality import DOUBTFUL, Quality, page_quality
from indexer.running import mark_running
from kb.japanese.tokenise import Analyser, Analysis

MARGIN = 0.1
"""By how much a second reader must score better to be believed."""

UNREADABLE = 0.5
"""Below this score, text is no better than a picture of it."""

MOST_PASSWORDS = 50
"""Passwords tried on one file; each costs a process."""

LOST_PAGES = "読めたのは{read}ページですが、ほかの方法で調べると{counted}ページあります。"

_CURED_BY_TEXT = frozenset({Outcome.NEEDS_OCR, Outcome.EMPTY})
"""Faults of a whole file that are gone once a page has text."""


class Extractor(Protocol):
    """Reads a file without ever raising for what the file does."""

    def extract(self, path: Path, *, password: str = "") -> ExtractedDocument:
        """What could be read, and why the rest could not."""
        ...


class SecondReader(Protocol):
    """Another program that reads the same format."""

    def page_count(self, path: Path, password: str) -> int | None:
        """How many pages it sees; None where it cannot open the file."""
        ...

    def pages(self, path: Path, numbers: list[int], password: str) -> Mapping[int, ExtractedPage]:
        """What it reads on these pages; those it cannot read are left out."""
        ...


class Recogniser(Protocol):
    """Reads pictures of text."""

    def pages(
        self, path: Path, pages: list[ExtractedPage], password: str
    ) -> Mapping[int, ExtractedPage]:
        """What is recognised on these pages; those it could not look at are left out."""
        ...


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page with what the analyser makes of it and how far it can be trusted."""

    page: ExtractedPage
    analysis: Analysis
    quality: Quality | None

    @property
    def score(self) -> float:
        """0 for a page without text: anything readable is better."""
        return self.quality.score if self.quality and self.page.text.strip() else 0.0


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document, read."""

    extracted: ExtractedDocument
    fingerprint: str
    """Of the analyser."""
    pages: tuple[ReadPage, ...] = ()


class DocumentReader:
    """Asks the readers in turn; safe to use from several threads if they are."""

    def __init__(
        self,
        extractor: Extractor,
        analyser: Analyser,
        second: SecondReader | None = None,
        recogniser: Recogniser | None = None,
    ) -> None:
        self._extractor = extractor
        self._analyser = analyser
        self._second = second
        self._recogniser = recogniser

    @property
    def fingerprint(self) -> str:
        """Of the analyser that makes the tokens."""
        return self._analyser.fingerprint

    def read(self, path: Path, passwords: Sequence[str] = ()) -> ReadDocument:
        """Everything that can be read of the file at `path`; always returns.

        Passwords are tried in turn on a file that asks for one, and forgotten.
        """
        extracted, password = self._opened(path, passwords)
        pages = {page.number: self._judged(page) for page in extracted.pages}
        faults = list(extracted.faults)
        if self._second is not None and _may_be_read_again(extracted):
            faults += self._ask_second(self._second, path, password, extracted, pages)
        if self._recogniser is not None:
            self._recognise(self._recogniser, path, password, pages)
        return _put_together(extracted, faults, pages, self.fingerprint)

    def _opened(self, path: Path, passwords: Sequence[str]) -> tuple[ExtractedDocument, str]:
        """What the reader of record gives, and the password it took."""
        extracted = self._extractor.extract(path)
        for password in passwords[:MOST_PASSWORDS]:
            if not _is_locked(extracted):
                break
            offered = self._extractor.extract(path, password=password)
            if not _is_locked(offered):
                return offered, password
        return extracted, ""

    def _judged(self, page: ExtractedPage) -> ReadPage:
        analysis = self._analyser.analyse(page.text)
        return ReadPage(page, analysis, page_quality(page, analysis.unknown))

    def _ask_second(
        self,
        second: SecondReader,
        path: Path,
        password: str,
        extracted: ExtractedDocument,
        pages: dict[int, ReadPage],
    ) -> list[Fault]:
        """Take what the second reader does better; tell of pages that nobody could read."""
        counted = second.page_count(path, password)
        if counted is None:
            return []
        torn = {f.page for f in extracted.faults if f.page and f.outcome is Outcome.DAMAGED}
        # Numbers mean the same pages only where both see as many.
        lost = set(range(1, counted + 1)) - set(pages) if _same_pages(pages, counted) else set()
        doubtful = {n for n, read in pages.items() if n in torn or read.score < DOUBTFUL}
        wanted = sorted(n for n in doubtful | lost if n <= counted)
        for number, page in (second.pages(path, wanted, password) if wanted else {}).items():
            offered = self._judged(page)
            if offered.score >= DOUBTFUL and offered.score > _score(pages, number) + MARGIN:
                pages[number] = offered
        if len(pages) < counted:
            told = LOST_PAGES.format(read=len(pages), counted=counted)
            return [Fault(Outcome.INDEXED_PARTLY if pages else Outcome.DAMAGED, told)]
        return []

    def _recognise(
        self, recogniser: Recogniser, path: Path, password: str, pages: dict[int, ReadPage]
    ) -> None:
        wanted = [read.page for _, read in sorted(pages.items()) if _needs_recognition(read)]
        for number, page in (recogniser.pages(path, wanted, password) if wanted else {}).items():
            pages[number] = self._judged(page)


def _is_locked(extracted: ExtractedDocument) -> bool:
    return any(fault.outcome is Outcome.NEEDS_PASSWORD for fault in extracted.faults)


def _may_be_read_again(extracted: ExtractedDocument) -> bool:
    """Whether a second reader could help: of a PDF that is neither locked nor too costly."""
    hopeless = {Outcome.NEEDS_PASSWORD, Outcome.TIMED_OUT, Outcome.REFUSED}
    whole = {fault.outcome for fault in extracted.faults if fault.page is None}
    return extracted.media_type == "application/pdf" and not whole & hopeless


def _same_pages(pages: Mapping[int, ReadPage], counted: int) -> bool:
    return max(pages, default=0) <= counted


def _score(pages: Mapping[int, ReadPage], number: int) -> float:
    return pages[number].score if number in pages else 0.0


def _needs_recognition(read: ReadPage) -> bool:
    unreadable = read.quality is not None and read.quality.score < UNREADABLE
    return read.page.needs_ocr or unreadable


def _put_together(
    extracted: ExtractedDocument,
    faults: list[Fault],
    pages: Mapping[int, ReadPage],
    fingerprint: str,
) -> ReadDocument:
    """The document with the pages that were chosen, and the faults that are left."""
    ordered = [pages[number] for number in sorted(pages)]
    whole = mark_running(replace(extracted, pages=tuple(read.page for read in ordered)))
    kept = tuple(fault for fault in faults if not _cured(fault, pages, extracted))
    return ReadDocument(
        replace(whole, faults=kept),
        fingerprint,
        tuple(replace(read, page=page) for read, page in zip(ordered, whole.pages, strict=True)),
    )


def _cured(fault: Fault, pages: Mapping[int, ReadPage], extracted: ExtractedDocument) -> bool:
    """Whether a fault was true of the first reader only."""
    if fault.page is not None:
        read = pages.get(fault.page)
        return read is not None and bool(read.page.reader) and read.score > 0
    if fault.outcome in _CURED_BY_TEXT:
        return any(read.page.text.strip() and not read.page.needs_ocr for read in pages.values())
    torn = fault.outcome in (Outcome.DAMAGED, Outcome.INDEXED_PARTLY)
    return torn and len(pages) > len(extracted.pages) and fault in extracted.faults
