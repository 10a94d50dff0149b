"""PDFium as the second reader: how many pages it sees, and what it reads on some of them."""

import logging
from collections.abc import Mapping
from importlib.metadata import version
from itertools import repeat
from pathlib import Path

from indexer.extract.layout.blocks import page_blocks
from indexer.extract.pdf.lines import Stretch, page_title
from indexer.extracted import Direction, ExtractedPage, Limits, Places
from kb.pdfium import Pdfium, PdfiumFailed, SecondText

PDFIUM = f"pypdfium2 {version('pypdfium2')}"

logger = logging.getLogger(__name__)


class PdfiumReader:
    """Reads PDFs a second time, confined; safe to use from several threads."""

    def __init__(self, pdfium: Pdfium, limits: Limits) -> None:
        self._pdfium = pdfium
        self._limits = limits

    def page_count(self, path: Path, password: str) -> int | None:
        """How many pages it sees, up to the limit; None where it cannot open the file."""
        try:
            counted = self._pdfium.page_count(path, password=password)
        except PdfiumFailed as error:
            logger.info("%s: PDFium: %s", path.name, error)
            return None
        return min(counted, self._limits.pages)

    def pages(self, path: Path, numbers: list[int], password: str) -> Mapping[int, ExtractedPage]:
        """What it reads on these pages; those it cannot read are left out."""
        try:
            texts = self._pdfium.text(path, numbers, password=password)
        except PdfiumFailed as error:
            logger.info("%s: PDFium: %s", path.name, error)
            return {}
        return {number: self._page(number, text) for number, text in texts.items()}

    def _page(self, number: int, read: SecondText) -> ExtractedPage:
        text = read.text[: self._limits.characters_per_page]
        places = _places(read, len(text))
        sizes = map(_size, range(len(places.starts)), repeat(places))
        stretches = [
            Stretch(size, text[start:end])
            for size, start, end in zip(sizes, places.starts, places.ends, strict=True)
        ]
        return ExtractedPage(
            number=number,
            text=text,
            width=read.width,
            height=read.height,
            title=page_title(stretches),
            places=places,
            blocks=page_blocks(text, places, (), read.width, read.height),
            glyphs=read.glyphs,
            undefined=read.undefined,
            reader=PDFIUM,
        )


def _places(read: SecondText, length: int) -> Places:
    """The stretches within the first `length` characters."""
    kept = sum(end <= length for end in read.ends)
    return Places(
        starts=read.starts[:kept],
        ends=read.ends[:kept],
        lefts=read.lefts[:kept],
        tops=read.tops[:kept],
        rights=read.rights[:kept],
        bottoms=read.bottoms[:kept],
        directions=read.directions[:kept],
    )


def _size(row: int, places: Places) -> float:
    """The extent of a stretch across its line, in points: about its type size."""
    upright = places.directions[row] in (Direction.RIGHT, Direction.LEFT)
    if upright:
        return (places.bottoms[row] - places.tops[row]) / 10
    return (places.rights[row] - places.lefts[row]) / 10
