"""Slide decks, set with python-pptx."""

# mypy: disable-error-code="no-untyped-call,no-any-return"
# python-pptx is typed in part: its shapes and colours are not.

from pathlib import Path

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide
from pptx.text.text import TextFrame, _Run
from pptx.util import Inches, Pt

from corpus.make import tools
from corpus.make.markup import (
    Block,
    Bullets,
    Chart,
    Heading,
    Paragraph,
    Table,
    Text,
    column_widths,
    plain,
    width,
)
from corpus.make.records import Sheet, japanese_date

HEIGHT = 7.5
TOP = 1.45
BOTTOM = 0.55
SIDE = 0.6
SIZES = (30, 28, 26, 24, 22, 20, 18, 17, 16, 15, 14)
"""Points; the largest that fits is taken."""

WHITE = RGBColor(255, 255, 255)
TINT = RGBColor(241, 244, 248)

Box = tuple[float, float, float, float]
"""Left, top, width, height in inches."""


class Slides:
    """One deck in one look: its width in inches, its fonts and its accent colour."""

    def __init__(self, text: Text, sheet: Sheet) -> None:
        self._text = text
        self._sheet = sheet
        self._wide = 13.333 if text.settings.get("ratio", "16:9") == "16:9" else 10.0
        self._font = tools.OLD_GOTHIC if text.settings.get("font") == "old" else tools.SANS
        self._accent = RGBColor.from_string(text.settings.get("accent", "1F5FA8"))
        self._band = text.settings.get("look", "band") == "band"

    def write(self, target: Path) -> None:
        """Write the deck as PPTX."""
        deck = Presentation()
        deck.slide_width, deck.slide_height = Inches(self._wide), Inches(HEIGHT)
        properties = deck.core_properties
        properties.title, properties.author = self._sheet.title, "・".join(self._sheet.places)
        self._cover(self._new(deck))
        for number, (heading, blocks) in enumerate(self._text.sections(), 2):
            if heading:
                self._inner(self._new(deck), heading, blocks, number)
        deck.save(str(target))

    def _new(self, deck: Deck) -> Slide:
        return deck.slides.add_slide(deck.slide_layouts[6])

    def _cover(self, slide: Slide) -> None:
        sheet = self._sheet
        self._bar(slide, (0, 0, self._wide, 0.35) if self._band else (SIDE, 3.75, 2.2, 0.06))
        self._line(slide, sheet.mark, (self._wide - 5.2, 0.5, 4.8, 0.45), 14, PP_ALIGN.RIGHT)
        span = self._wide - 2 * SIDE
        self._line(slide, sheet.title, (SIDE, 1.9, span, 1.8), 36, bold=True)
        when = f"{sheet.event} {japanese_date(sheet.dated)}".strip()
        lines = [sheet.author, *sheet.speakers, when, sheet.statement]
        frame = self._frame(slide, (SIDE, 4.1, span, 2.4))
        for line in filter(None, lines):
            self._paragraph(frame, line, 18 if line != sheet.statement else 14)

    def _inner(
        self, slide: Slide, heading: Heading, blocks: tuple[Block, ...], number: int
    ) -> None:
        span = self._wide - 2 * SIDE
        if self._band:
            self._bar(slide, (0, 0, self._wide, 1.05))
        else:
            self._bar(slide, (SIDE, 1.12, span, 0.05))
        colour = WHITE if self._band else self._accent
        box = (SIDE, 0.15, span, 0.85)
        self._line(slide, heading.text, box, 28, bold=True, colour=colour)
        self._body(slide, blocks, (SIDE, TOP, span, HEIGHT - TOP - BOTTOM))
        foot = " ".join(filter(None, ("・".join(self._sheet.places), self._sheet.mark[:2])))
        self._line(slide, foot, (SIDE, 7.05, 6, 0.35), 11)
        self._line(slide, str(number), (self._wide - 1.6, 7.05, 1.0, 0.35), 11, PP_ALIGN.RIGHT)

    def _body(self, slide: Slide, blocks: tuple[Block, ...], box: Box) -> None:
        left, top, span, height = box
        lines = _lines(blocks)
        figure = next((b for b in blocks if isinstance(b, Chart | Table)), None)
        closing = [line for line, bullet in lines if not bullet]
        if closing and self._band:
            lines = [line for line in lines if line[1]]
            height -= 1.0
            self._closing(slide, closing[0], (left, top + height + 0.25, span, 0.75))
        if self._band and not figure:
            self._cards(slide, [line for line, _ in lines], (left, top, span, height))
        elif isinstance(figure, Chart):
            part = span * (0.48 if lines else 0)
            self._chart(slide, figure, (left + part, top, span - part, height))
            self._written(slide, lines, (left, top, part - 0.2, height))
        elif isinstance(figure, Table):
            part = min(height * 0.5, 0.2 + _height(lines, 18, span)) if lines else 0
            self._written(slide, lines, (left, top, span, part))
            self._table(slide, figure, (left, top + part + 0.1, span, height - part - 0.1))
        else:
            self._written(slide, lines, box)

    def _cards(self, slide: Slide, lines: list[str], box: Box) -> None:
        """One numbered, tinted row for each line."""
        left, top, span, height = box
        row = min(1.4, height / len(lines))
        size = min(_fitting([(line, False)], span - 1.2, row - 0.2) for line in lines)
        for n, line in enumerate(lines):
            at = top + n * row
            self._bar(slide, (left, at, span, row - 0.14), TINT)
            self._bar(slide, (left, at, 0.7, row - 0.14))
            number = (left, at, 0.7, row - 0.14)
            self._line(slide, str(n + 1), number, 22, PP_ALIGN.CENTER, bold=True, colour=WHITE)
            self._line(slide, line, (left + 0.85, at, span - 1.0, row - 0.14), min(size, 26))

    def _closing(self, slide: Slide, words: str, box: Box) -> None:
        self._bar(slide, (box[0], box[1], 0.1, box[3]))
        size = min(_fitting([(words, False)], box[2] - 0.4, box[3]), 22)
        self._line(slide, words, (box[0] + 0.2, box[1], box[2] - 0.2, box[3]), size, bold=True)

    def _written(self, slide: Slide, lines: list[tuple[str, bool]], box: Box) -> None:
        if not lines:
            return
        size = _fitting(lines, box[2], box[3])
        frame = self._frame(slide, box)
        for line, bullet in lines:
            self._paragraph(
                frame, f"・{line}" if bullet else line, size, space=size * 0.45, hanging=bullet
            )

    def _table(self, slide: Slide, table: Table, box: Box) -> None:
        rows, columns = len(table.rows), len(table.rows[0])
        place = [Inches(n) for n in (*box[:3], min(box[3], 0.85 * rows))]
        grid = slide.shapes.add_table(rows, columns, *place).table
        for c, share in enumerate(column_widths(table.rows, box[2])):
            grid.columns[c].width = Inches(share)
        for r, row in enumerate(table.rows):
            for c, words in enumerate(row):
                cell = grid.cell(r, c)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                cell.fill.solid()
                cell.fill.fore_color.rgb = self._accent if r == 0 else TINT
                colour = WHITE if r == 0 else None
                self._paragraph(cell.text_frame, words, 18, bold=r == 0, colour=colour)

    def _chart(self, slide: Slide, chart: Chart, box: Box) -> None:
        values = CategoryChartData()
        values.categories = [label for label, _ in chart.bars]
        values.add_series(chart.title, [value for _, value in chart.bars])
        left, top, wide, high = (Inches(n) for n in box)
        frame: GraphicFrame = slide.shapes.add_chart(  # type: ignore[assignment]  # see above
            XL_CHART_TYPE.COLUMN_CLUSTERED,
            left,
            top,
            wide,
            high,
            values,  # type: ignore[arg-type]
        )
        drawn = frame.chart
        drawn.has_legend = False
        drawn.has_title = True
        self._paragraph(drawn.chart_title.text_frame, chart.title, 16, bold=True)
        drawn.font.size, drawn.font.name = Pt(14), self._font
        plot = drawn.plots[0]
        plot.gap_width, plot.has_data_labels = 60, True
        plot.data_labels.font.size = Pt(14)
        fill = plot.series[0].format.fill
        fill.solid()
        fill.fore_color.rgb = self._accent

    def _bar(self, slide: Slide, box: Box, colour: RGBColor | None = None) -> None:
        shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *[Inches(n) for n in box])
        shape.fill.solid()
        shape.fill.fore_color.rgb = colour or self._accent
        shape.shadow.inherit = False
        shape.line.fill.background()

    def _line(
        self,
        slide: Slide,
        words: str,
        box: Box,
        size: int,
        align: PP_ALIGN = PP_ALIGN.LEFT,
        *,
        bold: bool = False,
        colour: RGBColor | None = None,
    ) -> None:
        frame = self._frame(slide, box)
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        self._paragraph(frame, words, size, bold=bold, colour=colour)
        frame.paragraphs[0].alignment = align

    def _frame(self, slide: Slide, box: Box) -> TextFrame:
        frame = slide.shapes.add_textbox(*[Inches(n) for n in box]).text_frame
        frame.word_wrap = True
        return frame

    def _paragraph(
        self,
        frame: TextFrame,
        words: str,
        size: int,
        *,
        bold: bool = False,
        colour: RGBColor | None = None,
        space: float = 4,
        hanging: bool = False,
    ) -> None:
        fresh = len(frame.paragraphs) == 1 and not frame.paragraphs[0].runs
        paragraph = frame.paragraphs[0] if fresh else frame.add_paragraph()
        paragraph.space_after, paragraph.line_spacing = Pt(space), 1.1
        if hanging:
            properties = paragraph._p.get_or_add_pPr()
            properties.set("marL", str(Pt(size)))
            properties.set("indent", str(-Pt(size)))
        run = paragraph.add_run()
        run.text = words
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = colour or RGBColor(34, 34, 34)
        _set_font(run, self._font)


def _set_font(run: _Run, family: str) -> None:
    """Name the font for Latin and for Japanese; python-pptx sets the first only."""
    run.font.name = family
    properties = run._r.get_or_add_rPr()
    properties.append(properties.makeelement(qn("a:ea"), {"typeface": family}))


def _lines(blocks: tuple[Block, ...]) -> list[tuple[str, bool]]:
    lines: list[tuple[str, bool]] = []
    for block in blocks:
        if isinstance(block, Bullets):
            lines += [(plain(item), True) for item in block.items]
        elif isinstance(block, Paragraph):
            lines.append((plain(block.text), False))
    return lines


def _fitting(lines: list[tuple[str, bool]], span: float, height: float) -> int:
    """The largest size at which `lines` fit into a box of `span` by `height` inches."""
    return next((size for size in SIZES if _height(lines, size, span) <= height), SIZES[-1])


def _height(lines: list[tuple[str, bool]], size: int, span: float) -> float:
    """Inches that `lines` take at `size` points in a box `span` inches wide."""
    per_line = max(1.0, (span - 0.25) * 72 / size - 1)
    rows = sum(-(-(width(line) + bullet) // per_line) for line, bullet in lines)
    return (rows * size * 1.5 + len(lines) * size * 0.45) / 72 + 0.15
