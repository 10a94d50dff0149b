"""What pdfminer draws on: text runs and image counts, nothing else.

pdfminer's own text devices make an object of every glyph and keep every path; on 99 real
files that is a third of the whole time. Here a glyph costs one look-up in a table per font.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFDevice, PDFTextSeq
from pdfminer.pdffont import PDFFont, PDFType3Font, PDFUnicodeNotDefined
from pdfminer.pdfinterp import (
    PDFGraphicState,
    PDFPageInterpreter,
    PDFResourceManager,
    PDFTextState,
)
from pdfminer.pdftypes import PDFStream
from pdfminer.utils import mult_matrix

from indexer.extract.lines import PageLines, Run, joint

Glyph = tuple[str | None, float]
"""Its text (None: undefined) and its advance for a font size of 1, in text space units."""

_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")


class PageFull(Exception):
    """The page holds more characters than its limit; what came before is kept."""


class UnreadableFont(PDFFont):
    """Stands for a font that cannot be loaded: every glyph of it is undefined."""

    def __init__(self) -> None:
        super().__init__({}, {}, default_width=500)

    def to_unichr(self, cid: int) -> str:
        """Raise PDFUnicodeNotDefined, for every glyph."""
        raise PDFUnicodeNotDefined(None, cid)


class Fonts(PDFResourceManager):
    """The fonts of one document; a broken one costs its own glyphs, not the page."""

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        """Return the font, or an UnreadableFont for one that is broken."""
        try:
            return super().get_font(objid, spec)
        except MemoryError:
            raise
        except Exception:  # pdfminer raises whatever the broken font leads it to
            font = UnreadableFont()
            if objid:
                self._cached_fonts[objid] = font
            return font


class TextDevice(PDFDevice):
    """Collects the text of one page, and counts its glyphs and images."""

    def __init__(self, fonts: PDFResourceManager, most_characters: int) -> None:
        super().__init__(fonts)
        self.glyphs = 0
        """Glyphs drawn, spaces left out, undefined ones included."""
        self.undefined = 0
        """Glyphs that stand for no known character."""
        self.images = 0
        self._most_characters = most_characters
        self._tables: dict[PDFFont, dict[int, Glyph]] = {}
        self.lines = PageLines(most_characters)

    def start_page(self) -> None:
        """Forget the page before; the fonts' tables stay."""
        self.lines = PageLines(self._most_characters)
        self.glyphs = self.undefined = self.images = 0

    def render_image(self, name: str, stream: PDFStream) -> None:
        """Count an image; also called for inline images and those inside forms."""
        self.images += 1

    def render_string(
        self,
        textstate: PDFTextState,
        seq: PDFTextSeq,
        ncs: PDFColorSpace,
        graphicstate: PDFGraphicState,
    ) -> None:
        """Take what one text-showing operator draws."""
        font = textstate.font
        if font is None or self.ctm is None or not isinstance(seq, list):
            return
        text, length = self._read(seq, font, textstate)
        vertical = font.is_vertical()
        matrix = mult_matrix(textstate.matrix, self.ctm)
        x, y = textstate.linematrix
        end = (x, y + length) if vertical else (x + length, y)
        textstate.linematrix = end
        if text:
            self.lines.add(_run(text, matrix, (x, y), end, textstate, vertical))
            if self.lines.cut:
                raise PageFull

    def _read(self, seq: list[Any], font: PDFFont, state: PDFTextState) -> tuple[str, float]:
        """Return the text of a sequence and how far it moves, in text space units."""
        vertical, size = font.is_vertical(), state.fontsize
        stretch = 1.0 if vertical else state.scaling * 0.01
        text, length, gap = "", 0.0, 0.0
        for piece in seq:
            if isinstance(piece, bytes):
                shown, advance, count = self._show(piece, font, state)
                text += joint(text, shown, gap) + shown if text else shown
                length += advance * size * stretch + count * state.charspace * stretch
                gap = gap if not shown else 0.0
            elif isinstance(piece, (int, float)):
                length -= piece * 0.001 * size * stretch
                gap += piece * 0.001 if vertical else -piece * 0.001
        return text, length

    def _show(self, string: bytes, font: PDFFont, state: PDFTextState) -> tuple[str, float, int]:
        """Return a string's text, its advance in ems and its number of glyphs."""
        table = self._tables.setdefault(font, {})
        pieces, advance, count = [], 0.0, 0
        for cid in font.decode(string):
            glyph = table.get(cid)
            if glyph is None:
                glyph = table[cid] = _glyph(font, cid)
            text, width = glyph
            advance += width
            count += 1
            if text is None:
                self.undefined += 1
            else:
                pieces.append(text)
        shown = "".join(pieces)
        self.glyphs += count - shown.count(" ") - shown.count("\u3000")
        if state.wordspace and state.fontsize and not font.is_multibyte():
            advance += string.count(b" ") * state.wordspace / state.fontsize
        return shown, advance, count


def _glyph(font: PDFFont, cid: int) -> Glyph:
    try:
        text = font.to_unichr(cid)
    except PDFUnicodeNotDefined:
        return None, font.char_width(cid)
    kept = _UNWANTED.sub("", text)
    if text and not kept:
        return " " if text.isspace() else None, font.char_width(cid)
    return kept, font.char_width(cid)


def _run(
    text: str,
    matrix: tuple[float, float, float, float, float, float],
    start: tuple[float, float],
    end: tuple[float, float],
    state: PDFTextState,
    vertical: bool,
) -> Run:
    """Place a run on the page: points, and the direction in which its text is read."""
    a, b, c, d, e, f = matrix
    along_x, along_y = (-c, -d) if vertical else (a, b)
    along = math.hypot(along_x, along_y) or 1.0
    em = math.hypot(a, b) if vertical else math.hypot(c, d)
    if isinstance(state.font, PDFType3Font):
        em *= 1000 * abs(state.font.vscale)
    return Run(
        text,
        a * start[0] + c * start[1] + e,
        b * start[0] + d * start[1] + f,
        a * end[0] + c * end[1] + e,
        b * end[0] + d * end[1] + f,
        along_x / along,
        along_y / along,
        abs(state.fontsize) * em,
    )


class TextInterpreter(PDFPageInterpreter):
    """pdfminer's interpreter without paths, on which no text depends.

    The number of arguments of an operator is read from its method, so each keeps its own.
    """

    def do_m(self, x: object, y: object) -> None:
        """Path operator: nothing to do."""

    def do_l(self, x: object, y: object) -> None:
        """Path operator: nothing to do."""

    def do_c(self, x1: object, y1: object, x2: object, y2: object, x3: object, y3: object) -> None:
        """Path operator: nothing to do."""

    def do_v(self, x2: object, y2: object, x3: object, y3: object) -> None:
        """Path operator: nothing to do."""

    def do_y(self, x1: object, y1: object, x3: object, y3: object) -> None:
        """Path operator: nothing to do."""

    def do_re(self, x: object, y: object, w: object, h: object) -> None:
        """Path operator: nothing to do."""

    def do_h(self) -> None:
        """Path operator: nothing to do."""
