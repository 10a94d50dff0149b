"""Character recognition of whole files: pages drawn by PDFium, read by tesseract, several at once.

Both run confined. A page that cannot be drawn or read is left as it was.
"""

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from indexer.extracted import ExtractedPage, Limits
from indexer.ocr.recognise import recognise, resolution
from indexer.ocr.tesseract import AnswerUnreadable, Tesseract
from kb.confined import ProgramFailed, Programs
from kb.pdfium import Pdfium, PdfiumFailed

logger = logging.getLogger(__name__)

FEW_GLYPHS = 20
"""A page with fewer has a page number or a caption, which recognition may not have seen."""

_FAILURES = (ProgramFailed, PdfiumFailed, AnswerUnreadable)


class ConfinedRunner:
    """Runs tesseract within the limits of reading a file."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._programs = Programs()

    def __call__(
        self, argv: Sequence[str], stdin: bytes, *, environment: Mapping[str, str]
    ) -> bytes:
        """Return what the program writes.

        Raises:
            ProgramFailed: it did not end well.
        """
        return self._programs.run(
            argv,
            stdin,
            seconds=self._limits.seconds,
            memory_mb=self._limits.memory_mb,
            environment=environment,
        )

    def close(self) -> None:
        """End what still runs."""
        self._programs.close()


def installed_tesseract(runner: ConfinedRunner) -> Tesseract | None:
    """Return tesseract where it is installed with Japanese; one that fails is none, and told."""
    try:
        return Tesseract.found(runner)
    except (ProgramFailed, AnswerUnreadable) as error:
        logger.warning("tesseractを使えません: %s", error)
        return None


class PageRecogniser:
    """Recognises pages of a PDF; safe to use from several threads."""

    def __init__(self, tesseract: Tesseract, pdfium: Pdfium, limits: Limits, workers: int) -> None:
        """Take how many pages may be worked on at the same time, over all files."""
        self._tesseract = tesseract
        self._pdfium = pdfium
        self._limits = limits
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="recognise")

    def pages(
        self, path: Path, pages: list[ExtractedPage], password: str
    ) -> Mapping[int, ExtractedPage]:
        """What is recognised on these pages; those nobody could look at are left out.

        A page on which nothing is recognised comes back as it was, and no longer waits.
        """
        found = self._pool.map(lambda page: self._page(path, page, password), pages)
        return {page.number: page for page in found if page is not None}

    def _page(self, path: Path, page: ExtractedPage, password: str) -> ExtractedPage | None:
        dots = resolution(page.width, page.height)
        try:
            picture = self._pdfium.grey(path, page.number, dots, password=password)
            found = recognise(
                picture,
                page.number,
                page.width,
                page.height,
                dots,
                tesseract=self._tesseract,
                most_characters=self._limits.characters_per_page,
            )
        except _FAILURES as error:
            # The page still waits, and the outcome of the file tells so.
            logger.info("%s page %d is not recognised: %s", path.name, page.number, error)
            return None
        few = page.glyphs < FEW_GLYPHS
        if found is None or (few and len(found.text) < len(page.text)):
            reader = f"tesseract {self._tesseract.version}"
            return replace(page, needs_ocr=bool(page.undefined), reader=page.reader or reader)
        return replace(found, images=page.images, title=found.title or page.title)

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(cancel_futures=True)
