"""The text state of a content stream and the operators that change it or show text."""

from collections.abc import Callable
from typing import Any

from pdfminer.utils import MATRIX_IDENTITY, Matrix

from indexer.extract.pdf.fonts import FontTable
from indexer.extract.pdf.frame import TextFrame
from indexer.extract.pdf.joint import FAR_APART, WORD_GAP, joint
from indexer.extract.pdf.operands import operands
from indexer.extract.pdf.run import Part, Run
from indexer.extract.pdf.sheet import Sheet
from indexer.extract.pdf.tokens import numbers, pieces

Raw = bytes | list[object]
"""Operands as `indexer.extract.pdf.tokens.operations` gives them."""

INVISIBLE = (3, 7)
"""Text rendering modes that leave no mark."""

State = tuple[Any, ...]

_MOST_REMEMBERED = 1000
"""Fonts with sizes, and frames, of one content stream."""

_new = tuple.__new__


class TextState:
    """What `Tf`, `Td` and their like set, and what `Tj` does with it."""

    def __init__(self, sheet: Sheet, ctm: Matrix, find: Callable[[object], FontTable]) -> None:
        self.drawn = 0
        """Strings that were shown, with a font or without."""
        self._sheet = sheet
        self._find = find
        self._fonts: dict[bytes, FontTable] = {}
        self._chosen: dict[bytes, tuple[FontTable, float]] = {}
        """Fonts and sizes by the operands that chose them."""
        self._frames: dict[tuple[object, ...], TextFrame] = {}
        self._ctm = ctm
        self._font: FontTable | None = None
        self._size = self._spacing = self._word_spacing = self._leading = self._rise = 0.0
        self._scaling = 1.0
        self._hidden = False
        self._line: Matrix = MATRIX_IDENTITY
        self._moved = 0.0
        self._frame: TextFrame | None = None

    def operators(self) -> dict[bytes, Callable[[Raw], None]]:
        """Return the text operators by name."""
        return {
            b"BT": self._begin, b"Tf": self._set_font, b"Tc": self._set_spacing,
            b"Tw": self._set_word_spacing, b"Tz": self._set_scaling, b"TL": self._set_leading,
            b"Ts": self._set_rise, b"Tr": self._set_rendering, b"Td": self._move,
            b"TD": self._move_and_set_leading, b"Tm": self._set_matrix, b"T*": self._next_line,
            b"Tj": self._show, b"TJ": self._show, b"'": self._show_on_next_line,
            b'"': self._show_spaced,
        }  # fmt: skip

    @property
    def ctm(self) -> Matrix:
        """From user space to the page as it is shown."""
        return self._ctm

    @ctm.setter
    def ctm(self, ctm: Matrix) -> None:
        self._ctm = ctm
        self._frame = None

    def save(self) -> State:
        """Return all that ``q`` saves."""
        return (
            self._ctm, self._font, self._size, self._spacing, self._word_spacing,
            self._scaling, self._leading, self._rise, self._hidden,
        )  # fmt: skip

    def restore(self, state: State) -> None:
        """Take back what `save` returned."""
        (
            self._ctm, self._font, self._size, self._spacing, self._word_spacing,
            self._scaling, self._leading, self._rise, self._hidden,
        ) = state  # fmt: skip
        self._frame = None

    def _set_font(self, raw: Raw) -> None:
        self._frame = None
        chosen = self._chosen.get(raw) if isinstance(raw, bytes) else None
        if chosen is not None:
            self._font, self._size = chosen
            return
        split = raw.split() if isinstance(raw, bytes) else []
        plain = len(split) == 2
        table = self._fonts.get(split[0]) if plain else None
        if table is None:
            parsed = operands(raw)[-2:]
            if len(parsed) < 2:
                return
            table = self._find(parsed[0])
            if plain:
                self._fonts[split[0]] = table
        self._font = table
        found = numbers(split[1] if plain else raw, 1)
        if found is not None:
            self._size = found[0]
            if isinstance(raw, bytes) and len(self._chosen) < _MOST_REMEMBERED:
                self._chosen[raw] = table, found[0]

    def _set_spacing(self, raw: Raw) -> None:
        found = numbers(raw, 1)
        if found is not None:
            self._spacing = found[0]

    def _set_word_spacing(self, raw: Raw) -> None:
        found = numbers(raw, 1)
        if found is not None:
            self._word_spacing = found[0]

    def _set_scaling(self, raw: Raw) -> None:
        found = numbers(raw, 1)
        if found is not None:
            self._scaling = found[0] * 0.01
            self._frame = None

    def _set_leading(self, raw: Raw) -> None:
        found = numbers(raw, 1)
        if found is not None:
            self._leading = -found[0]

    def _set_rise(self, raw: Raw) -> None:
        found = numbers(raw, 1)
        if found is not None:
            self._rise = found[0]

    def _set_rendering(self, raw: Raw) -> None:
        found = numbers(raw, 1)
        if found is not None:
            self._hidden = found[0] in INVISIBLE

    def _begin(self, _: Raw) -> None:
        self._line = MATRIX_IDENTITY
        self._moved = 0.0
        self._frame = None

    def _set_matrix(self, raw: Raw) -> None:
        found = numbers(raw, 6)
        if found is not None:
            a, b, c, d, e, f = found
            self._line = (a, b, c, d, e, f)
            self._moved = 0.0
            self._frame = None

    def _move(self, raw: Raw) -> None:
        found = numbers(raw, 2)
        if found is not None:
            self._move_by(found[0], found[1])

    def _move_and_set_leading(self, raw: Raw) -> None:
        found = numbers(raw, 2)
        if found is not None:
            self._leading = found[1]
            self._move_by(found[0], found[1])

    def _next_line(self, _: Raw) -> None:
        self._move_by(0.0, self._leading)

    def _move_by(self, x: float, y: float) -> None:
        a, b, c, d, e, f = self._line
        self._line = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)
        self._moved = 0.0

    def _show_on_next_line(self, raw: Raw) -> None:
        self._next_line(raw)
        self._show(raw)

    def _show_spaced(self, raw: Raw) -> None:
        parsed = operands(raw)
        found = numbers(parsed[:-1], 2)
        if found is not None:
            self._word_spacing, self._spacing = found
        self._show_on_next_line(parsed)

    def _show(self, raw: Raw) -> None:
        """Show strings and move along: ``Tj`` and ``TJ``."""
        self.drawn += 1
        font = self._font
        if font is None:
            return
        sheet, size, spacing, vertical = self._sheet, self._size, self._spacing, font.vertical
        texts: list[str] = []
        parts: list[Part] = []
        place, gap = self._moved, 0.0
        for piece in pieces(raw):
            if type(piece) is float:
                # A number moves back in horizontal writing, further down in vertical.
                place -= piece * 0.001 * size
                gap += piece * 0.001 if vertical else -piece * 0.001
            elif type(piece) is bytes:
                shown = font.known.get(piece) or font.show(piece)
                text, advance, glyphs, undefined, blanks, spaces, steps = shown
                sheet.glyphs += glyphs - blanks
                sheet.undefined += undefined
                start = place
                place += advance * size + glyphs * spacing + spaces * self._word_spacing
                if not text:
                    continue
                if gap > WORD_GAP and texts and self._is_apart(font, texts, parts, text, gap):
                    texts, parts = [], []
                gap = 0.0
                if steps and spacing:
                    steps = tuple([step * size + spacing for step in steps])
                texts.append(text)
                parts.append((len(text), start, place, steps))
        self._moved = place
        if texts:
            self._put(font, texts, parts)

    def _is_apart(
        self, font: FontTable, texts: list[str], parts: list[Part], text: str, gap: float
    ) -> bool:
        """Put what is there on the sheet where a gap parts it from the text that follows.

        A smaller gap becomes a blank, where one is needed.
        """
        if gap > FAR_APART:
            self._put(font, texts, parts)
            return True
        if joint(texts[-1], text, gap):
            end = parts[-1][2]
            texts.append(" ")
            parts.append((1, end, end + gap * self._size * (-1 if font.vertical else 1), ()))
        return False

    def _put(self, font: FontTable, texts: list[str], parts: list[Part]) -> None:
        """Put characters that stand along one line on the sheet."""
        frame = self._frame or self._found_frame(font)
        _, _, _, _, e, f = self._line
        (a, b, c, d, ctm_e, ctm_f), rise = self._ctm, self._rise
        x = e * a + f * c + ctm_e + rise * frame.up_x
        y = e * b + f * d + ctm_f + rise * frame.up_y
        start, end = parts[0][1], parts[-1][2]
        step_x, step_y = frame.step_x, frame.step_y
        alike = len(parts) == 1 and not parts[0][3]
        # Not by its own constructor: 0.3 microseconds, of 3 that a run costs here.
        run = _new(
            Run,
            (
                texts[0] if len(texts) == 1 else "".join(texts),
                x + start * step_x,
                y + start * step_y,
                x + end * step_x,
                y + end * step_y,
                frame.along_x,
                frame.along_y,
                frame.em,
                font.vertical,
                () if alike else tuple(parts),
                frame.unit,
            ),
        )
        self._sheet.add(run, hidden=self._hidden)

    def _found_frame(self, font: FontTable) -> TextFrame:
        """Return the frame for the matrices, font and size as they are.

        Most documents set matrix and font for every string, but few different ones: of
        171,000 frames on 1,723 pages 834 were not on their page's document before.
        """
        turned = self._line[:4], self._ctm[:4]
        key = (*turned, self._scaling, self._size, font.vertical, font.scale)
        frame = self._frames.get(key)
        if frame is None:
            frame = TextFrame(self._line, self._ctm, self._scaling, self._size, font)
            if len(self._frames) < _MOST_REMEMBERED:
                self._frames[key] = frame
        self._frame = frame
        return frame
