"""Reading a page's text with PDFium: characters in its order, gathered into stretches."""

import ctypes
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium_c

from kb.pdfium.second_text import FAR, SecondText

MOST_CHARACTERS = 200_000
"""Of one page; more is cut off."""

_UNKNOWN = "\ufffd"
_HYPHENS = (0x02, 0xFFFE)
"""How PDFium gives the hyphen of a word broken over two lines, by version."""
_MOST_POINTS = 1_000_000
_FINE = 1000
"""Device units for a point in which the page's own turning and cropping is asked for."""
_FAR_APART = 1.5
"""Characters that are further from each other, in heights of a character, share no stretch."""


class _Glyph(NamedTuple):
    """A character, with its box in tenths of a point as shown where that is known."""

    character: str
    box: tuple[float, float, float, float] | None = None
    drawn: bool = False
    """By the page; PDFium makes up spaces and line ends."""
    undefined: bool = False


class _Stretches:
    """Gathers glyphs into text and stretches."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.columns: tuple[list[int], ...] = tuple([] for _ in range(7))
        self._boxes: list[tuple[float, float, float, float]] = []
        self._start = 0
        self._end = 0

    def add(self, glyph: _Glyph) -> None:
        """Take the next character."""
        if glyph.character == "\n":
            self.break_off()
        elif glyph.box is not None and not glyph.character.isspace():
            if self._boxes and not _goes_on(self._boxes, glyph.box):
                self.break_off()
            if not self._boxes:
                self._start = len(self.text)
            self._boxes.append(glyph.box)
            self._end = len(self.text) + 1
        self.text.append(glyph.character)

    def break_off(self) -> None:
        """End the stretch."""
        if not self._boxes:
            return
        left, top = (min(box[side] for box in self._boxes) for side in (0, 1))
        right, bottom = (max(box[side] for box in self._boxes) for side in (2, 3))
        direction = _direction(self._boxes[0], self._boxes[-1])
        row = (self._start, self._end, left, top, right, bottom, direction)
        for column, value in zip(self.columns, row, strict=True):
            column.append(round(value))
        self._boxes = []


def second_text(page: pypdfium2.PdfPage) -> SecondText:
    """Return what PDFium reads on a page."""
    width, height = _size(page)
    gathered = _Stretches()
    glyphs = undefined = 0
    for glyph in _glyphs(page):
        if glyph.drawn and not glyph.character.isspace():
            glyphs += 1
            undefined += glyph.undefined
        gathered.add(glyph)
    gathered.break_off()
    columns = (tuple(column) for column in gathered.columns)
    return SecondText("".join(gathered.text), width, height, glyphs, undefined, *columns)


def _size(page: pypdfium2.PdfPage) -> tuple[float, float]:
    """Return width and height in points, 0 and 0 for a size that cannot be."""
    width, height = page.get_size()
    return (width, height) if 0 < width < _MOST_POINTS and 0 < height < _MOST_POINTS else (0, 0)


def _glyphs(page: pypdfium2.PdfPage) -> Iterator[_Glyph]:
    """Yield the characters of a page; line ends as newlines, broken words joined."""
    text = page.get_textpage()
    to_shown = _Shown(page) if _size(page)[0] else None
    box = pdfium_c.FS_RECTF()
    joins = False
    for place in range(min(text.count_chars(), MOST_CHARACTERS)):
        code = pdfium_c.FPDFText_GetUnicode(text, place)
        if code == 0x0D or (joins and code == 0x0A):
            continue
        joins = code in _HYPHENS
        if joins:
            continue
        made_up = pdfium_c.FPDFText_IsGenerated(text, place) == 1
        character = _character(code)
        if made_up:
            yield _Glyph(character)
            continue
        known = to_shown is not None and pdfium_c.FPDFText_GetLooseCharBox(text, place, box)
        shown = to_shown.box(box) if to_shown is not None and known else None
        # PDFium's own guess, where a font does not say what its glyphs stand for.
        guessed = pdfium_c.FPDFText_HasUnicodeMapError(text, place) == 1
        yield _Glyph(character, shown, True, guessed or _is_undefined(character))


def _character(code: int) -> str:
    """Return a character of its own for every code; what is none is undefined."""
    if code == 0x0A or (code >= 0x20 and not 0x7F <= code < 0xA0):
        known = code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF and code & 0xFFFE != 0xFFFE
        return chr(code) if known else _UNKNOWN
    return " " if code == 0x09 else _UNKNOWN


def _is_undefined(character: str) -> bool:
    private = "\ue000" <= character <= "\uf8ff" or character >= "\U000f0000"
    return private or character == _UNKNOWN


class _Shown:
    """From a page's own coordinates to tenths of a point from its top left corner as shown."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        origin, right, up = (self._asked(page, x, y) for x, y in ((0, 0), (1000, 0), (0, 1000)))
        self._origin = origin
        self._x = tuple((there - here) / 1000 for here, there in zip(origin, right, strict=True))
        self._y = tuple((there - here) / 1000 for here, there in zip(origin, up, strict=True))

    @staticmethod
    def _asked(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        width, height = (round(side * _FINE) for side in page.get_size())
        pdfium_c.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, across, down)
        return 10 * across.value / _FINE, 10 * down.value / _FINE

    def box(self, box: pdfium_c.FS_RECTF) -> tuple[float, float, float, float] | None:
        """Return left, top, right and bottom as shown; None for a box that is nowhere near."""
        (x0, y0), (x1, y1) = self._place(box.left, box.bottom), self._place(box.right, box.top)
        if not all(abs(edge) < FAR for edge in (x0, y0, x1, y1)):
            return None
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _place(self, x: float, y: float) -> tuple[float, float]:
        return (
            self._origin[0] + x * self._x[0] + y * self._y[0],
            self._origin[1] + x * self._x[1] + y * self._y[1],
        )


def _goes_on(
    boxes: list[tuple[float, float, float, float]], box: tuple[float, float, float, float]
) -> bool:
    """Tell whether a box follows in the line of those before."""
    last = boxes[-1]
    size = max(last[2] - last[0], last[3] - last[1])
    towards = _direction(boxes[0], box)
    if len(boxes) > 1 and towards != _direction(boxes[0], last):
        return False
    along, across = (0, 1) if towards in (0, 2) else (1, 0)
    overlap = min(last[across + 2], box[across + 2]) - max(last[across], box[across])
    narrow = min(last[across + 2] - last[across], box[across + 2] - box[across])
    gap = max(box[along] - last[along + 2], last[along] - box[along + 2])
    return overlap >= 0.5 * narrow and gap <= _FAR_APART * size


def _direction(
    first: tuple[float, float, float, float], last: tuple[float, float, float, float]
) -> int:
    """Return which way one goes from a box to another: 0 right, 1 down, 2 left, 3 up."""
    across = last[0] + last[2] - first[0] - first[2]
    down = last[1] + last[3] - first[1] - first[3]
    if abs(across) >= abs(down):
        return 0 if across >= 0 else 2
    return 1 if down > 0 else 3
