"""The content streams of a page, carried out as far as text depends on them.

Paths, colours and shadings are passed over unread. Operands that are missing or of the wrong
kind leave an operator without effect, as in viewers.
"""

from typing import Any

from pdfminer.pdfinterp import LITERAL_FORM, LITERAL_IMAGE
from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1
from pdfminer.utils import MATRIX_IDENTITY, Matrix, mult_matrix

from indexer.extract.pdf.fonts import Fonts, FontTable
from indexer.extract.pdf.marks import Marks
from indexer.extract.pdf.operands import operands
from indexer.extract.pdf.sheet import Sheet
from indexer.extract.pdf.structure import Replacements
from indexer.extract.pdf.text import Raw, State, TextState
from indexer.extract.pdf.tokens import numbers, operations

DEEPEST = 28
"""Forms within forms; PDFium follows as many."""

_DEEPEST_SAVE = 1000
"""Saved states at one time; the standard asks for 28."""


class Machine:
    """Draws the pages of one document; it remembers which forms hold nothing to read."""

    def __init__(self) -> None:
        self.fonts = Fonts()
        self.barren: set[int | None] = set()
        """Object numbers of forms that draw neither text nor images."""

    def draw(
        self,
        sheet: Sheet,
        resources: object,
        contents: bytes,
        ctm: Matrix,
        structure: Replacements | None = None,
    ) -> None:
        """Draw a page's joined content streams on a sheet.

        Raises PageFull, and whatever pdfminer raises for a broken object.
        """
        page = _Content(self, sheet, dict_value(resources), ctm, structure)
        page.run(contents)


class _Content:
    """One content stream at work, a page's or a form's."""

    def __init__(
        self,
        machine: Machine,
        sheet: Sheet,
        resources: dict[Any, Any],
        ctm: Matrix,
        structure: Replacements | None,
        within: tuple[int | None, ...] = (),
    ) -> None:
        self._machine = machine
        self._sheet = sheet
        self._resources = resources
        self._structure = structure
        self._within = within
        self._marks = Marks(sheet, lambda key: self._resource("Properties", key), structure)
        self._text = TextState(sheet, ctm, self._font)
        self._saved: list[State] = []
        self._images = 0
        self._whole = True
        """Whether no form was left out for standing too deep or in itself."""
        self._operators = self._text.operators() | {
            b"q": self._save, b"Q": self._restore, b"cm": self._turn, b"Do": self._draw,
            b"BI": self._draw_inline, b"BDC": self._marks.begin, b"BMC": self._marks.begin,
            b"EMC": self._marks.end,
        }  # fmt: skip

    @property
    def drawn(self) -> int:
        """How many strings and images were drawn."""
        return self._text.drawn + self._images

    def run(self, data: bytes) -> None:
        """Carry out the operators of a decoded stream."""
        self._sheet.contents.append(data)
        operators = self._operators
        for operator, raw in operations(data):
            action = operators.get(operator)
            if action is not None:
                action(raw)
        self._marks.close()

    def _resource(self, kind: str, key: object) -> object:
        return dict_value(self._resources.get(kind)).get(key)

    def _font(self, key: object) -> FontTable:
        return self._machine.fonts.table(self._resource("Font", key))

    def _save(self, _: Raw) -> None:
        if len(self._saved) < _DEEPEST_SAVE:
            self._saved.append(self._text.save())

    def _restore(self, _: Raw) -> None:
        if self._saved:
            self._text.restore(self._saved.pop())

    def _turn(self, raw: Raw) -> None:
        found = numbers(raw, 6)
        if found is not None:
            a, b, c, d, e, f = found
            self._text.ctm = mult_matrix((a, b, c, d, e, f), self._text.ctm)

    def _draw_inline(self, raw: Raw) -> None:
        picture = raw[0] if isinstance(raw, list) else None
        if isinstance(picture, dict) and {"W", "Width"} & picture.keys():
            self._count_image()

    def _count_image(self) -> None:
        self._images += 1
        self._sheet.images += 1

    def _draw(self, raw: Raw) -> None:
        found = operands(raw)
        if not found:
            return
        drawn = resolve1(self._resource("XObject", found[-1]))
        if not isinstance(drawn, PDFStream):
            return
        kind = resolve1(drawn.get("Subtype"))
        if kind is LITERAL_IMAGE and "Width" in drawn and "Height" in drawn:
            self._count_image()
        elif kind is LITERAL_FORM and "BBox" in drawn:
            self._draw_form(drawn)

    def _draw_form(self, form: PDFStream) -> None:
        number = form.objid
        if number in self._machine.barren:
            self._sheet.contents.append(form.get_data())
            return
        if number in self._within or len(self._within) >= DEEPEST:
            self._whole = False
            return
        matrix = _matrix(form.get("Matrix"))
        own = form.get("Resources")
        inner = _Content(
            self._machine,
            self._sheet,
            dict_value(own) if own else self._resources,
            self._text.ctm,
            self._structure,
            (*self._within, number),
        )
        inner._text.restore(self._text.save())  # a form begins with the state it is drawn in
        inner._text.ctm = mult_matrix(matrix, self._text.ctm)
        inner.run(form.get_data())
        self._images += inner.drawn
        self._whole = self._whole and inner._whole
        if not inner.drawn and inner._whole and number is not None:
            self._machine.barren.add(number)


def _matrix(value: object) -> Matrix:
    values = [resolve1(number) for number in list_value(value)]
    if len(values) != 6 or not all(isinstance(number, (int, float)) for number in values):
        return MATRIX_IDENTITY
    a, b, c, d, e, f = (float(number) for number in values)
    return a, b, c, d, e, f
