"""How text space lies on a page."""

import math

from pdfminer.utils import Matrix

from indexer.extract.pdf.fonts import FontTable


class TextFrame:
    """How text space lies on the page while matrices, font and size stay as they are."""

    __slots__ = ("along_x", "along_y", "em", "step_x", "step_y", "unit", "up_x", "up_y")

    def __init__(
        self, line: Matrix, ctm: Matrix, scaling: float, size: float, font: FontTable
    ) -> None:
        a, b, c, d = line[:4]
        ctm_a, ctm_b, ctm_c, ctm_d = ctm[:4]
        right_x, right_y = a * ctm_a + b * ctm_c, a * ctm_b + b * ctm_d
        self.up_x, self.up_y = c * ctm_a + d * ctm_c, c * ctm_b + d * ctm_d
        right, up = math.hypot(right_x, right_y), math.hypot(self.up_x, self.up_y)
        if font.vertical:
            self.step_x, self.step_y = self.up_x, self.up_y
            length, em, forwards = up, right, -size
        else:
            self.step_x, self.step_y = right_x * scaling, right_y * scaling
            length, em, forwards = right * abs(scaling), up, size
        sign = -1.0 if forwards < 0 else 1.0
        self.unit = sign * length
        length = length or 1.0
        self.along_x, self.along_y = sign * self.step_x / length, sign * self.step_y / length
        self.em = abs(size) * em * font.scale
