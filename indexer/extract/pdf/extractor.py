"""PDF, page by page: pdfminer.six opens files and fonts, the pages are drawn here.

A page that fails costs that page; everything else of the file is still read. A file can
make pdfminer use any amount of time and memory, so outside tests this runs in
`indexer.sandbox` only.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from pdfminer.cmapdb import CMapDB
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdftypes import resolve1

from indexer.extract.parts import Part, assemble
from indexer.extract.pdf.extras import front_matter
from indexer.extract.pdf.info import iso_date, text_string
from indexer.extract.pdf.machine import Machine
from indexer.extract.pdf.page import read_page
from indexer.extract.pdf.pages import (
    declared_pages,
    make_page,
    open_document,
    page_leaves,
    rebuild_document,
    scattered_pages,
)
from indexer.extract.pdf.structure import Structure
from indexer.extract.pdf.verdict import verdict
from indexer.extracted import (
    ExtractedDocument,
    ExtractedPage,
    Fault,
    Limits,
    Outcome,
    PageRange,
    Places,
)

MEDIA_TYPE = "application/pdf"

VERSION = 3
"""Goes up when the same file would be read differently."""

EXTRACTOR = f"kb-pdf {VERSION} (pdfminer.six {version('pdfminer.six')})"

_EVERY_PAGE = PageRange()

_COMMON_CMAPS = (
    *("H", "V", "90ms-RKSJ-H", "90ms-RKSJ-V", "90msp-RKSJ-H", "UniJIS-UCS2-H", "UniJIS-UCS2-V"),
    *("UniJIS-UTF16-H", "UniJIS-UTF16-V", "UniJIS-UCS2-HW-H"),
)

NEEDS_PASSWORD = "パスワードで保護されています。開くためのパスワードを入力してください。"  # noqa: S105
UNKNOWN_PROTECTION = (
    "電子証明書など、読み取れない方法で保護されています。保護を外して保存し直してください。"
)
BROKEN = "PDFとして開けません({kind})。元のソフトでPDFに保存し直すか、別の写しを用意してください。"
REBUILT = (
    "ファイルが壊れているため、読める部分だけを拾いました。別の写しがあれば差し替えてください。"
)
PAGE_LOST = "{number}ページは壊れていて読めません。"
TOO_MANY_PAGES = "ページが多すぎるため、先頭の{most}ページだけを読みました。"


def extract(path: Path, limits: Limits, *, password: str = "") -> ExtractedDocument:
    """Return everything that can be read of the PDF at `path`.

    What the file does wrong becomes a Fault. Raises OSError when the path cannot be opened.
    """
    with path.open("rb") as stream:
        return assemble(read(stream, limits, password=password))


def read(
    stream: BinaryIO, limits: Limits, *, password: str = "", pages: PageRange = _EVERY_PAGE
) -> Iterator[Part]:
    """Yield the front, then pages and faults, as they are read.

    `password` is tried first, then none. The limits of time and memory are the caller's to
    enforce; those of pages and characters are kept here. Of a range of `pages` only those are
    drawn and their faults told; the verdict on the whole (`indexer.extract.pdf.verdict`) is
    then the caller's, who has all ranges.
    """
    document = _open(open_document, stream, password)
    rebuilt = _is_worth_rebuilding(document)
    if rebuilt:
        second = _open(rebuild_document, stream, password)
        document = second if isinstance(second, PDFDocument) else document
    if isinstance(document, Fault):
        yield ExtractedDocument(MEDIA_TYPE, extractor=EXTRACTOR)
        yield document
        return
    front = _front(document)
    yield front
    parts = _Reading(document, limits, pages, rebuilt=rebuilt).parts()
    yield from parts if pages != _EVERY_PAGE else _judged(front, parts, limits)


def _judged(front: ExtractedDocument, parts: Iterator[Part], limits: Limits) -> Iterator[Part]:
    """Yield the parts, then what they add up to."""
    told: list[Part] = [front]
    for part in parts:
        # The verdict looks at no places; only whether there is text.
        told.append(_without_places(part) if isinstance(part, ExtractedPage) else part)
        yield part
    yield from verdict(assemble(told), limits.pages)


def _without_places(page: ExtractedPage) -> ExtractedPage:
    return replace(page, text=page.text.strip()[:1], places=Places(), blocks=())


def quieten() -> None:
    """Switch pdfminer's log off in this process: 105,000 calls in one report of 40 pages."""
    for name in [*logging.root.manager.loggerDict]:
        if name.startswith("pdfminer"):
            logging.getLogger(name).disabled = True


def warm() -> None:
    """Load what most Japanese PDFs need and pdfminer loads late (0.08 s in all)."""
    CMapDB.get_unicode_map("Adobe-Japan1", vertical=False)
    for name in _COMMON_CMAPS:
        CMapDB.get_cmap(name)


def _open(
    attempt: Callable[[BinaryIO, str], PDFDocument], stream: BinaryIO, password: str
) -> PDFDocument | Fault:
    try:
        try:
            return attempt(stream, password)
        except PDFPasswordIncorrect:
            if not password:
                raise
            return attempt(stream, "")
    except PDFPasswordIncorrect:
        return Fault(Outcome.NEEDS_PASSWORD, NEEDS_PASSWORD)
    except PDFEncryptionError:
        return Fault(Outcome.UNSUPPORTED, UNKNOWN_PROTECTION)
    except MemoryError:
        raise
    except Exception as error:  # pdfminer raises whatever a broken file leads it to
        return Fault(Outcome.DAMAGED, BROKEN.format(kind=type(error).__name__))


def _is_worth_rebuilding(document: PDFDocument | Fault) -> bool:
    """Tell whether a scan of the whole file may find more than the file's own table did."""
    if isinstance(document, Fault):
        return document.outcome is not Outcome.NEEDS_PASSWORD
    return not _has_page(document)


def _has_page(document: PDFDocument) -> bool:
    return any(leaf is not None for leaf in page_leaves(document, 1000))


def _front(document: PDFDocument) -> ExtractedDocument:
    info: dict[Any, Any] = {}
    for older in reversed(document.info):
        info.update(older)
    outline, attachments = _attempted(front_matter, document) or ((), ())
    values = {key: _resolved(info.get(key)) for key in ("Title", "Author", "Producer")}
    return ExtractedDocument(
        MEDIA_TYPE,
        declared_pages=_attempted(declared_pages, document) or 0,
        title=text_string(values["Title"]),
        author=text_string(values["Author"]),
        producer=text_string(values["Producer"]),
        created=iso_date(_resolved(info.get("CreationDate"))),
        extractor=EXTRACTOR,
        outline=outline,
        attachments=attachments,
    )


def _resolved(value: object) -> object:
    return _attempted(resolve1, value)


def _attempted(call: Callable[[Any], Any], argument: object) -> Any:
    """Return what a call on the file's own objects gives, None where it is broken."""
    try:
        return call(argument)
    except MemoryError:
        raise
    except Exception:  # pdfminer raises whatever a broken object leads it to
        return None


class _Reading:
    """One pass over some pages of one document."""

    def __init__(
        self, document: PDFDocument, limits: Limits, pages: PageRange, *, rebuilt: bool
    ) -> None:
        self._document = document
        self._limits = limits
        self._pages = pages
        self._rebuilt = rebuilt
        self._machine = Machine()
        self._structure = Structure(document)
        self._read = 0

    def parts(self) -> Iterator[Part]:
        """Yield the pages with their faults, then how the file had to be opened."""
        last = self._pages.last
        for number, leaf in enumerate(self._leaves(), start=1):
            if last is not None and number > last:
                break
            if number > self._limits.pages:
                yield Fault(Outcome.TOO_LARGE, TOO_MANY_PAGES.format(most=self._limits.pages))
                break
            if number >= self._pages.first:
                yield from self._page(number, leaf)
        if self._rebuilt and self._read:
            yield Fault(Outcome.INDEXED_PARTLY, REBUILT)

    def _leaves(self) -> Iterator[dict[Any, Any] | None]:
        # Twice the pages: a tree has fewer branches than leaves, or hardly more.
        leaves = page_leaves(self._document, 2 * self._limits.pages + 1000)
        return leaves if _has_page(self._document) else scattered_pages(self._document)

    def _page(self, number: int, leaf: dict[Any, Any] | None) -> Iterator[Part]:
        page = _attempted(lambda found: make_page(self._document, found), leaf) if leaf else None
        if page is None:
            yield Fault(Outcome.DAMAGED, PAGE_LOST.format(number=number), number)
            return
        found, fault = read_page(self._machine, self._structure, number, page, self._limits)
        self._read += 1
        yield found
        if fault is not None:
            yield fault
