"""One page of a PDF: from its dictionary to text, places and reading order."""

import math
import re
from collections.abc import Iterable, Sequence

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import list_value, stream_value
from pdfminer.utils import Matrix

from indexer.extract.layout.blocks import page_blocks
from indexer.extract.pdf.added import Extra, Frame, with_extras
from indexer.extract.pdf.extras import page_extras
from indexer.extract.pdf.machine import Machine
from indexer.extract.pdf.sheet import PageFull, Sheet
from indexer.extract.pdf.structure import Structure
from indexer.extract.pdf.title import page_title
from indexer.extracted import ExtractedPage, Fault, Limits, Outcome

PAGE_BROKEN = "{number}ページは途中で読めなくなりました({kind})。"
PAGE_CUT = "{number}ページは文字が多すぎるため、先頭の{most}文字だけを読みました。"
PAGE_TOO_LARGE = "{number}ページはメモリーが足りず、途中までしか読めませんでした。"

_KANA_AND_KANJI = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u2e80-\u2fdf]")
_FEW_GLYPHS = 20
_US_LETTER = (0.0, 0.0, 612.0, 792.0)


def read_page(
    machine: Machine, structure: Structure, number: int, page: PDFPage, limits: Limits
) -> tuple[ExtractedPage, Fault | None]:
    """Return a page as far as it can be read, and what went wrong with it."""
    sheet = Sheet(limits.characters_per_page)
    frame = frame_of(page)
    fault = _drawn(machine, structure, number, page, sheet, frame.ctm, limits)
    text = sheet.finish()
    if fault is None and sheet.lines.cut:
        fault = _cut(number, limits)
    places = sheet.lines.places.finish(frame.width, frame.height)
    ocr = needs_ocr(text, sheet.glyphs, sheet.undefined, sheet.images)
    found = ExtractedPage(
        number=number,
        text=text,
        width=frame.width,
        height=frame.height,
        title=page_title(sheet.lines.stretches),
        images=sheet.images,
        needs_ocr=ocr or (sheet.glyphs < _FEW_GLYPHS and sheet.is_painted_over()),
        places=places,
        blocks=page_blocks(text, places, sheet.lines.readings, frame.width, frame.height),
        glyphs=sheet.glyphs,
        undefined=sheet.undefined,
    )
    return with_extras(found, _extras(page), frame, limits.characters_per_page), fault


def _extras(page: PDFPage) -> Sequence[Extra]:
    try:
        return page_extras(page)
    except MemoryError:
        raise
    except Exception:  # pdfminer raises whatever a broken object leads it to
        return ()


def needs_ocr(text: str, glyphs: int, undefined: int, images: int) -> bool:
    """Tell whether a page's text is missing or cannot be trusted.

    The rule was right on 8 of 8 kinds of page: hardly any glyphs but an image; more than a
    fifth of the glyphs undefined; or a page of text that is not Japanese and has some
    undefined. `glyphs` counts the undefined ones too.
    """
    if (glyphs < _FEW_GLYPHS and images > 0) or undefined > 0.2 * glyphs:
        return True
    if glyphs <= 50 or undefined == 0:
        return False
    return len(_KANA_AND_KANJI.findall(text)) < 0.05 * glyphs


def frame_of(page: PDFPage) -> Frame:
    """Return how a viewer shows a page: the crop box within the media box, turned.

    US Letter where the boxes are senseless.
    """
    x0, y0, x1, y1 = _visible_box(page)
    width, height = x1 - x0, y1 - y0
    if page.rotate == 90:
        return Frame(height, width, (0, -1, 1, 0, -y0, x1))
    if page.rotate == 180:
        return Frame(width, height, (-1, 0, 0, -1, x1, y1))
    if page.rotate == 270:
        return Frame(height, width, (0, 1, -1, 0, y1, -x0))
    return Frame(width, height, (1, 0, 0, 1, -x0, -y0))


def _visible_box(page: PDFPage) -> tuple[float, float, float, float]:
    media, crop = _ordered(page.mediabox), _ordered(page.cropbox)
    both = (
        max(media[0], crop[0]), max(media[1], crop[1]),
        min(media[2], crop[2]), min(media[3], crop[3]),
    )  # fmt: skip
    for box in (both, crop, media):
        if all(map(math.isfinite, box)) and box[2] > box[0] and box[3] > box[1]:
            return box
    return _US_LETTER


def _ordered(box: Iterable[float]) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = box
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _drawn(
    machine: Machine,
    structure: Structure,
    number: int,
    page: PDFPage,
    sheet: Sheet,
    ctm: Matrix,
    limits: Limits,
) -> Fault | None:
    """Let the sheet take what the page draws; return what went wrong."""
    try:
        contents, broken = _contents(page)
        machine.draw(sheet, page.resources, contents, ctm, structure.of_page(page))
        if broken is not None:
            raise broken
    except PageFull:
        return _cut(number, limits)
    except MemoryError:
        return Fault(Outcome.OUT_OF_MEMORY, PAGE_TOO_LARGE.format(number=number), number)
    except Exception as error:  # pdfminer raises whatever a broken page leads it to
        text = PAGE_BROKEN.format(number=number, kind=type(error).__name__)
        return Fault(Outcome.DAMAGED, text, number)
    return None


def _cut(number: int, limits: Limits) -> Fault:
    text = PAGE_CUT.format(number=number, most=limits.characters_per_page)
    return Fault(Outcome.TOO_LARGE, text, number)


def _contents(page: PDFPage) -> tuple[bytes, Exception | None]:
    """Return the page's streams as one, up to the first that cannot be decoded, and why not.

    White space joins them: no token reaches from one into the next.
    """
    streams: list[bytes] = []
    try:
        for stream in list_value(page.contents):
            streams.append(stream_value(stream).get_data())
    except MemoryError:
        raise
    except Exception as error:  # pdfminer raises whatever a broken stream leads it to
        return b"\n".join(streams), error
    return b"\n".join(streams), None
