"""The cells of a workbook as they are shown: shared texts, formats, merged cells.

Source: ECMA-376 Part 1, 18. Formulas are never computed: the value that was saved is read.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from indexer.extract.office.number_format import GENERAL, built_in, plain, shown, shown_text
from indexer.extract.office.ooxml import CannotRead, Element, Package, local, whole

MOST_SHARED_CHARACTERS = 50_000_000
MOST_MERGED = 50_000
"""Merged ranges of one sheet; further ones hide nothing."""

MOST_COVERED = 200_000

_LAST_COLUMN = 16_384
_LAST_ROW = 1_048_576
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


class Style(NamedTuple):
    """How a cell looks, as far as its text depends on it."""

    code: str = GENERAL
    size: float = 0.0
    """Points."""
    bold: bool = False


class Cell(NamedTuple):
    """A cell that is not blank."""

    column: int
    """From 1."""
    text: str
    style: Style


Row = tuple[int, list[Cell]]
"""A row's number, from 1, and its cells from left to right."""


class Range(NamedTuple):
    """Merged cells, corners included."""

    top: int
    left: int
    bottom: int
    right: int


class Cells:
    """Reads the cells of a workbook's sheets."""

    def __init__(self, package: Package, main: str, *, from_1904: bool) -> None:
        """Broken styles and shared texts become faults of the package."""
        self._package = package
        self._from_1904 = from_1904
        self._texts: list[str] = []
        for part in package.related(main, "sharedstrings"):
            try:
                self._texts.extend(_shared(package, part))
            except CannotRead as error:
                package.note(error)
        self._styles = [Style()]
        for part in package.related(main, "styles"):
            self._styles = list(_styles(package.side_tree(part))) or self._styles

    @property
    def usual_size(self) -> float:
        """The size of an ordinary cell's letters, in points; 0 when nothing tells."""
        return self._styles[0].size

    def rows(self, part: str) -> Iterator[Row | Range | Element]:
        """Yield the rows of a sheet that hold anything, then its merged ranges and its
        headers and footers (headerFooter).

        Blank rows and columns cost nothing, however far apart the cells are. Raises CannotRead.
        """
        cells: list[Cell] = []
        row = column = 0
        for element in self._package.ends(part, "row", "c", "mergeCell", "headerFooter"):
            name = local(element)
            if name == "c":
                column = _column(element.get("r")) or column + 1
                style = self._style(element)
                text = self._text(element, style)
                if text and column <= _LAST_COLUMN:
                    cells.append(Cell(column, text, style))
            elif name == "row":
                row = whole(element.get("r"), row + 1)
                if cells and 1 <= row <= _LAST_ROW:
                    yield row, sorted(cells, key=_by_column)
                column, cells = 0, []
            elif name == "mergeCell":
                merged = _range(element.get("ref", ""))
                if merged is not None:
                    yield merged
            else:
                yield element
            _forget(element)

    def _style(self, cell: Element) -> Style:
        index = cell.get("s")
        if index is None:
            return self._styles[0]
        number = whole(index)
        return self._styles[number] if 0 <= number < len(self._styles) else self._styles[0]

    def _text(self, cell: Element, style: Style) -> str:
        kind, value, inline = cell.get("t", "n"), "", None
        for child in cell:
            if child.tag.endswith("}v"):
                value = child.text or ""
            elif child.tag.endswith("}is"):
                inline = child
        if kind == "n":
            return self._number(value, style.code) if value else ""
        if kind in ("s", "inlineStr"):
            text = self._shared_text(value) if kind == "s" else _rich(inline)
            return text if style.code == GENERAL or not text else shown_text(text, style.code)
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        return _unescaped(value)

    def _shared_text(self, value: str) -> str:
        index = whole(value, -1)
        return self._texts[index] if 0 <= index < len(self._texts) else ""

    def _number(self, value: str, code: str) -> str:
        try:
            number = float(value)
            if code == GENERAL:
                return plain(number)
            return shown(number, code, from_1904=self._from_1904)
        except (ValueError, OverflowError):
            return value


def within(ranges: list[Range]) -> set[tuple[int, int]]:
    """Return the rows and columns that merged cells cover: all but the top left of each.

    Up to `MOST_COVERED` cells in all: forms have some thousands, a range over whole columns
    hides nothing that was typed.
    """
    covered: set[tuple[int, int]] = set()
    left = MOST_COVERED
    for found in ranges:
        area = (found.bottom - found.top + 1) * (found.right - found.left + 1)
        if area > left:
            continue
        left -= area
        for row in range(found.top, found.bottom + 1):
            covered.update((row, column) for column in range(found.left, found.right + 1))
        covered.discard((found.top, found.left))
    return covered


def _shared(package: Package, part: str) -> Iterator[str]:
    """Yield the shared texts, without the readings that input methods leave in them."""
    left = MOST_SHARED_CHARACTERS
    for element in package.ends(part, "si"):
        text = _rich(element)[: max(0, left)]
        left -= len(text)
        _forget(element)
        yield text


def _rich(element: Element | None) -> str:
    pieces: list[str] = []
    for child in element if element is not None else ():
        if child.tag.endswith("}t"):
            pieces.append(child.text or "")
        elif child.tag.endswith("}r"):
            pieces += [text.text or "" for text in child.iterfind("{*}t")]
    return _unescaped("".join(pieces))


def _unescaped(text: str) -> str:
    """Return text with its escaped characters, as in 22.9.2.19 (ST_Xstring)."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _styles(root: Element) -> Iterator[Style]:
    codes = {
        whole(code.get("numFmtId")): code.get("formatCode", GENERAL)
        for code in root.iterfind("{*}numFmts/{*}numFmt")
    }
    fonts = [_font(font) for font in root.iterfind("{*}fonts/{*}font")]
    for look in root.iterfind("{*}cellXfs/{*}xf"):
        number, font = whole(look.get("numFmtId")), whole(look.get("fontId"))
        size, bold = fonts[font] if 0 <= font < len(fonts) else (0.0, False)
        yield Style(codes.get(number) or built_in(number), size, bold)


def _font(font: Element) -> tuple[float, bool]:
    size, bold = font.find("{*}sz"), font.find("{*}b")
    try:
        points = float(size.get("val", "0")) if size is not None else 0.0
    except ValueError:
        points = 0.0
    return points, bold is not None and bold.get("val", "1") not in ("0", "false")


def _by_column(cell: Cell) -> int:
    return cell.column


def _column(reference: str | None) -> int:
    """Return the column of a cell's name, from 1; 0 when it has none."""
    return _column_of((reference or "").strip("$0123456789"))


@lru_cache(maxsize=_LAST_COLUMN)
def _column_of(letters: str) -> int:
    if not 0 < len(letters) <= 3 or not (letters.isascii() and letters.isalpha()):
        return 0
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number


def _range(text: str) -> Range | None:
    first, _, last = text.partition(":")
    corners = [_REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)]
    if None in corners:
        return None
    rows = sorted(int(corner[2]) for corner in corners if corner)
    columns = sorted(_column_of(corner[1]) for corner in corners if corner)
    return Range(rows[0], columns[0], rows[1], columns[1])


def _forget(element: Element) -> None:
    """Free what has been read of a sheet; else a large one stays in memory as a whole."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
