"""PDF by pdfminer.six, page by page, without layout analysis.

A page that fails costs that page; everything else of the file is still read. A file can
make pdfminer use any amount of time and memory, so outside tests this runs in
`indexer.sandbox` only.
"""

import logging
import math
import re
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from pdfminer.cmapdb import CMapDB
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1

from indexer.extract.lines import page_title
from indexer.extract.parts import Part, assemble
from indexer.extract.pdf_device import Fonts, PageFull, TextDevice, TextInterpreter
from indexer.extract.pdf_info import iso_date, text_string
from indexer.extract.pdf_pages import (
    declared_pages,
    make_page,
    open_document,
    page_leaves,
    rebuild_document,
    scattered_pages,
)
from indexer.extracted import ExtractedDocument, ExtractedPage, Fault, Limits, Outcome

MEDIA_TYPE = "application/pdf"
EXTRACTOR = f"pdfminer.six {version('pdfminer.six')}"

_KANA_AND_KANJI = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u2e80-\u2fdf]")

_COMMON_CMAPS = (
    *("H", "V", "90ms-RKSJ-H", "90ms-RKSJ-V", "90msp-RKSJ-H", "UniJIS-UCS2-H", "UniJIS-UCS2-V"),
    *("UniJIS-UTF16-H", "UniJIS-UTF16-V", "UniJIS-UCS2-HW-H"),
)

NEEDS_PASSWORD = "パスワードで保護されています。開くためのパスワードを入力してください。"  # noqa: S105
UNKNOWN_PROTECTION = (
    "電子証明書など、読み取れない方法で保護されています。保護を外して保存し直してください。"
)
BROKEN = "PDFとして開けません({kind})。元のソフトでPDFに保存し直すか、別の写しを用意してください。"
NO_PAGES = (
    "ページが一つも見つかりません。元のソフトでPDFに保存し直すか、別の写しを用意してください。"
)
NOTHING_DRAWN = "文字も画像もありません。正しいファイルか確かめてください。"
ONLY_IMAGES = "画像だけか、文字を正しく取り出せないPDFです。文字認識(OCR)が必要です。"
REBUILT = (
    "ファイルが壊れているため、読める部分だけを拾いました。別の写しがあれば差し替えてください。"
)
PAGES_LOST = "{declared}ページのうち{read}ページしか読めませんでした。"
PAGE_BROKEN = "{number}ページは途中で読めなくなりました({kind})。"
PAGE_LOST = "{number}ページは壊れていて読めません。"
PAGE_CUT = "{number}ページは文字が多すぎるため、先頭の{most}文字だけを読みました。"
PAGE_TOO_LARGE = "{number}ページはメモリーが足りず、途中までしか読めませんでした。"
TOO_MANY_PAGES = "ページが多すぎるため、先頭の{most}ページだけを読みました。"


def extract(path: Path, limits: Limits, *, password: str = "") -> ExtractedDocument:
    """Return everything that can be read of the PDF at `path`.

    What the file does wrong becomes a Fault. Raises OSError when the path cannot be opened.
    """
    with path.open("rb") as stream:
        return assemble(read(stream, limits, password=password))


def read(stream: BinaryIO, limits: Limits, *, password: str = "") -> Iterator[Part]:
    """Yield the front, then pages and faults, as they are read.

    `password` is tried first, then none. The limits of time and memory are the caller's to
    enforce; those of pages and characters are kept here.
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
    yield from _Reading(document, limits, front.declared_pages, rebuilt=rebuilt).parts()


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
    values = {key: _resolved(info.get(key)) for key in ("Title", "Author", "Producer")}
    return ExtractedDocument(
        MEDIA_TYPE,
        declared_pages=_attempted(declared_pages, document) or 0,
        title=text_string(values["Title"]),
        author=text_string(values["Author"]),
        producer=text_string(values["Producer"]),
        created=iso_date(_resolved(info.get("CreationDate"))),
        extractor=EXTRACTOR,
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
    """One pass over the pages of one document."""

    def __init__(
        self, document: PDFDocument, limits: Limits, declared: int, *, rebuilt: bool
    ) -> None:
        self._document = document
        self._limits = limits
        self._declared = declared
        self._rebuilt = rebuilt
        fonts = Fonts()
        self._device = TextDevice(fonts, limits.characters_per_page)
        self._interpreter = TextInterpreter(fonts, self._device)
        self._read = 0
        self._with_text = 0
        self._needing_ocr = 0
        self._failed = 0

    def parts(self) -> Iterator[Part]:
        """Yield the pages with their faults, then what is wrong with the whole."""
        for number, leaf in enumerate(self._leaves(), start=1):
            if number > self._limits.pages:
                yield Fault(Outcome.TOO_LARGE, TOO_MANY_PAGES.format(most=self._limits.pages))
                break
            yield from self._page(number, leaf)
        yield from self._verdict()

    def _leaves(self) -> Iterator[dict[Any, Any] | None]:
        # Twice the pages: a tree has fewer branches than leaves, or hardly more.
        leaves = page_leaves(self._document, 2 * self._limits.pages + 1000)
        return leaves if _has_page(self._document) else scattered_pages(self._document)

    def _page(self, number: int, leaf: dict[Any, Any] | None) -> Iterator[Part]:
        page = _attempted(lambda found: make_page(self._document, found), leaf) if leaf else None
        if page is None:
            yield Fault(Outcome.DAMAGED, PAGE_LOST.format(number=number), number)
            return
        fault = self._draw(number, page)
        found = self._finish(number, page)
        self._read += 1
        self._with_text += bool(found.text.strip()) and not found.needs_ocr
        self._needing_ocr += found.needs_ocr
        yield found
        if fault is not None:
            self._failed += 1
            yield fault

    def _draw(self, number: int, page: PDFPage) -> Fault | None:
        """Let the device take what the page draws; return what went wrong."""
        self._device.start_page()
        try:
            self._interpreter.process_page(page)
        except PageFull:
            text = PAGE_CUT.format(number=number, most=self._limits.characters_per_page)
            return Fault(Outcome.TOO_LARGE, text, number)
        except MemoryError:
            return Fault(Outcome.OUT_OF_MEMORY, PAGE_TOO_LARGE.format(number=number), number)
        except Exception as error:  # pdfminer raises whatever a broken page leads it to
            text = PAGE_BROKEN.format(number=number, kind=type(error).__name__)
            return Fault(Outcome.DAMAGED, text, number)
        return None

    def _finish(self, number: int, page: PDFPage) -> ExtractedPage:
        device = self._device
        width, height = _visible_size(page)
        text = device.lines.finish()
        return ExtractedPage(
            number=number,
            text=text,
            width=width,
            height=height,
            title=page_title(device.lines.stretches),
            images=device.images,
            needs_ocr=needs_ocr(text, device.glyphs, device.undefined, device.images),
        )

    def _verdict(self) -> Iterator[Fault]:
        if self._read == 0:
            yield Fault(Outcome.DAMAGED, NO_PAGES)
        elif self._with_text == 0 and self._needing_ocr:
            yield Fault(Outcome.NEEDS_OCR, ONLY_IMAGES)
        elif self._with_text == 0 and self._failed == 0:
            yield Fault(Outcome.EMPTY, NOTHING_DRAWN)
        if 0 < self._read < min(self._declared, self._limits.pages):
            text = PAGES_LOST.format(declared=self._declared, read=self._read)
            yield Fault(Outcome.INDEXED_PARTLY, text)
        elif self._rebuilt and self._read > 0:
            yield Fault(Outcome.INDEXED_PARTLY, REBUILT)


def needs_ocr(text: str, glyphs: int, undefined: int, images: int) -> bool:
    """Tell whether a page's text is missing or cannot be trusted.

    The rule was right on 8 of 8 kinds of page: hardly any glyphs but an image; more than a
    fifth of the glyphs undefined; or a page of text that is not Japanese and has some
    undefined. `glyphs` counts the undefined ones too.
    """
    if (glyphs < 20 and images > 0) or undefined > 0.2 * glyphs:
        return True
    japanese = len(_KANA_AND_KANJI.findall(text))
    return glyphs > 50 and undefined > 0 and japanese < 0.05 * glyphs


def _visible_size(page: PDFPage) -> tuple[float, float]:
    """Return width and height in points as a viewer shows them, or US Letter if senseless."""
    for x0, y0, x1, y1 in (page.cropbox, page.mediabox):
        width, height = abs(x1 - x0), abs(y1 - y0)
        if all(math.isfinite(side) and side > 0 for side in (width, height)):
            return (height, width) if page.rotate in (90, 270) else (width, height)
    return 612.0, 792.0
