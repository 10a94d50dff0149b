"""PDF drawn directly with reportlab: fonts that are not embedded, vertical writing, A3."""

from pathlib import Path

from reportlab.lib import colors  # type: ignore[import-untyped]  # ships no types
from reportlab.lib.pagesizes import A3, A4, landscape  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.lib.units import mm  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]
from reportlab.platypus import (  # type: ignore[import-untyped]
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Table as Grid

from corpus.make import tools
from corpus.make.markup import Block, Bullets, Chart, Heading, Table, Text, column_widths, plain
from corpus.make.records import Sheet, japanese_date

CID_MINCHO = "HeiseiMin-W3"
CID_GOTHIC = "HeiseiKakuGo-W5"
VERTICAL_SIZE = 12.0
VERTICAL_PITCH = 21.0
VERTICAL_CHARACTERS = 38
CLOSING = "、。」)』"
"""A line may not begin with these."""


def write(text: Text, sheet: Sheet, target: Path) -> None:
    """Write the document as PDF in the style its text asks for."""
    if text.settings["style"] == "vertical":
        _vertical(text, sheet, target)
    else:
        _flowing(text, sheet, target)


def _flowing(text: Text, sheet: Sheet, target: Path) -> None:
    """Horizontal text; `style: cid` leaves the fonts to the reader, `a3` embeds them."""
    wide = text.settings["style"] == "a3"
    font = _embedded() if text.settings["style"] != "cid" else _by_reader(CID_MINCHO)
    size = landscape(A3) if wide else A4
    document = BaseDocTemplate(str(target), pagesize=size, invariant=1)
    document.addPageTemplates(_templates(size, 2 if wide else 1))
    span = size[0] / 2 - 28 * mm if wide else 170 * mm
    document.build([*_opening(sheet, font), *_story(text, font, span)])


def _templates(size: tuple[float, float], columns: int) -> list[PageTemplate]:
    """Pages of `columns` columns; the title stands at the head of the first column."""
    margin, gap = 20 * mm, 16 * mm
    wide = (size[0] - 2 * margin - gap * (columns - 1)) / columns
    frames = [
        Frame(margin + n * (wide + gap), 16 * mm, wide, size[1] - 32 * mm, 0, 0, 0, 0)
        for n in range(columns)
    ]
    return [PageTemplate(frames=frames)]


def _embedded() -> str:
    name = tools.EMBEDDABLE_GOTHIC
    pdfmetrics.registerFont(TTFont(name, str(tools.font_file(name))))
    return name


def _by_reader(face: str, *, vertical: bool = False) -> str:
    font = UnicodeCIDFont(face, isVertical=vertical)
    pdfmetrics.registerFont(font)
    return str(font.fontName)


def _style(font: str, size: float, **more: object) -> ParagraphStyle:
    settings = {"leading": size * 1.65, "spaceAfter": size * 0.4, "wordWrap": "CJK"} | more
    return ParagraphStyle(f"{font}{size}", fontName=font, fontSize=size, **settings)


def _opening(sheet: Sheet, font: str) -> list[Flowable]:
    small, large = _style(font, 10), _style(font, 19, leading=27, alignment=1)
    lines = [sheet.author, *sheet.speakers, sheet.event, japanese_date(sheet.dated)]
    return [
        Paragraph(sheet.mark, _style(font, 10, alignment=2)),
        Paragraph(sheet.title, large),
        *(Paragraph(line, small) for line in filter(None, lines)),
        Spacer(1, 8 * mm),
    ]


def _story(text: Text, font: str, span: float) -> list[Flowable]:
    story: list[Flowable] = []
    for heading, blocks in text.sections():
        drawn = [flowable for block in blocks for flowable in _block(block, font, span)]
        if heading:
            style = _style(font, 15 - 2 * (heading.level - 1), textColor=colors.HexColor("#1f5fa8"))
            style.spaceBefore = 10
            story.append(KeepTogether([Paragraph(heading.text, style), *drawn[:1]]))
            drawn = drawn[1:]
        story += drawn
    return story


def _block(block: Block, font: str, span: float) -> list[Flowable]:
    body = _style(font, 10.5)
    if isinstance(block, Bullets):
        return [Paragraph(f"・{plain(item)}", body) for item in block.items]
    if isinstance(block, Table):
        return [KeepTogether([_grid(block.rows, font, span), Spacer(1, 4 * mm)])]
    if isinstance(block, Chart):
        return [_Bars(block, font, span), Spacer(1, 4 * mm)]
    if isinstance(block, Heading):
        return [Paragraph(block.text, _style(font, 13))]
    return [Paragraph(plain(block.text), body)]


def _grid(rows: tuple[tuple[str, ...], ...], font: str, span: float) -> Grid:
    style = _style(font, 9.5, spaceAfter=0)
    cells = [[Paragraph(words, style) for words in row] for row in rows]
    look = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.HexColor("#8a97a8")),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e3eaf3")),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    return Grid(cells, colWidths=column_widths(rows, span), style=TableStyle(look))


class _Bars(Flowable):  # type: ignore[misc]  # reportlab ships no types
    """A bar chart of labelled rows."""

    row = 7 * mm

    def __init__(self, chart: Chart, font: str, span: float) -> None:
        super().__init__()
        self._chart, self._font = chart, font
        self.width, self.height = span, self.row * (len(chart.bars) + 1.4)

    def draw(self) -> None:
        """Draw the title and one bar per label."""
        canvas: Canvas = self.canv
        canvas.setFont(self._font, 10.5)
        canvas.drawString(0, self.height - self.row * 0.8, self._chart.title)
        largest = max(value for _, value in self._chart.bars)
        canvas.setFont(self._font, 9.5)
        for n, (label, value) in enumerate(self._chart.bars):
            base = self.height - self.row * (n + 2.1)
            canvas.setFillColor(colors.black)
            canvas.drawRightString(58 * mm, base + 1.6 * mm, label)
            canvas.setFillColor(colors.HexColor("#4d86c4"))
            long = (self.width - 76 * mm) * value / largest
            canvas.rect(60 * mm, base, long, 5 * mm, stroke=0, fill=1)
            canvas.setFillColor(colors.black)
            canvas.drawString(62 * mm + long, base + 1.6 * mm, f"{value:g}")


def _vertical(text: Text, sheet: Sheet, target: Path) -> None:
    """Lines from top to bottom, from right to left, with a vertical CMap."""
    canvas = Canvas(str(target), pagesize=A4, invariant=1)
    across = _by_reader(CID_GOTHIC)
    down = _by_reader(CID_MINCHO, vertical=True)
    wide, high = A4
    canvas.setFont(across, 10)
    canvas.drawRightString(wide - 18 * mm, high - 14 * mm, sheet.mark)
    canvas.setFont(across, 16)
    canvas.drawCentredString(wide / 2, high - 27 * mm, sheet.title)
    at = wide - 28 * mm
    signed = ("", japanese_date(sheet.dated).translate(_DIGITS), *sheet.speakers)
    for line in (*_wrapped(text), *signed):
        if at < 20 * mm:
            canvas.showPage()
            at = wide - 28 * mm
        canvas.setFont(down, VERTICAL_SIZE)
        canvas.drawString(at, high - 42 * mm, line)
        at -= VERTICAL_PITCH
    canvas.save()


_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")


def _wrapped(text: Text) -> list[str]:
    lines: list[str] = []
    for block in text.blocks:
        left = " " + plain(getattr(block, "text", ""))
        while left:
            cut = VERTICAL_CHARACTERS
            while left[cut : cut + 1] and left[cut] in CLOSING:
                cut += 1
            lines.append(left[:cut])
            left = left[cut:]
    return lines
