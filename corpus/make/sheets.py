"""Step-up sheets, set with openpyxl: A3 landscape, label beside value."""

from datetime import datetime
from pathlib import Path

from openpyxl import Workbook  # type: ignore[import-untyped]  # ships no types
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # type: ignore[import-untyped]
from openpyxl.worksheet.worksheet import Worksheet  # type: ignore[import-untyped]

from corpus.make import tools
from corpus.make.markup import Block, Bullets, Chart, Heading, Table, Text, plain, width
from corpus.make.records import Sheet, japanese_date

COLUMNS = 12
COLUMN_WIDTH = 15.5
"""In characters of the default font; a full-width character takes about two."""
LABEL_COLUMNS = 2
LINE_POINTS = 19.0
THIN = Side(style="thin", color="7F8FA6")
FRAME = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
LABEL = PatternFill("solid", start_color="E3EAF3")


class StepUpSheet:
    """One sheet; rows are filled from the top."""

    def __init__(self, text: Text, sheet: Sheet) -> None:
        self._text = text
        self._sheet = sheet
        self._font = tools.OLD_GOTHIC if text.settings.get("font") == "old" else tools.SANS
        self._book = Workbook()
        self._page: Worksheet = self._book.active
        self._row = 1

    def write(self, target: Path) -> None:
        """Write the sheet as XLSX."""
        page = self._page
        page.title = "シート"
        page.page_setup.orientation, page.page_setup.paperSize = "landscape", 8
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
        page.print_options.horizontalCentered = True
        for column in range(1, COLUMNS + 1):
            page.column_dimensions[chr(64 + column)].width = COLUMN_WIDTH
        self._opening()
        for heading, blocks in self._text.sections():
            self._section(heading, blocks)
        moment = datetime.combine(self._sheet.dated, datetime.min.time())
        self._book.properties.created = self._book.properties.modified = moment
        self._book.properties.creator = "・".join(self._sheet.places)
        self._book.properties.title = self._sheet.title
        self._book.save(target)

    def _opening(self) -> None:
        sheet = self._sheet
        self._cell(1, COLUMNS, sheet.mark, size=11, align="right", framed=False)
        self._next(20)
        self._cell(1, COLUMNS, sheet.title, size=20, bold=True, align="center", framed=False)
        self._next(34)
        pairs = (("団体・部署", sheet.author), ("記入日", japanese_date(sheet.dated)))
        for n, (label, words) in enumerate(pairs):
            self._cell(1 + 6 * n, LABEL_COLUMNS, label, bold=True, filled=True)
            self._cell(3 + 6 * n, 4, words)
        self._next(30)

    def _section(self, heading: Heading | None, blocks: tuple[Block, ...]) -> None:
        if heading and heading.level == 1:
            self._cell(1, COLUMNS, heading.text, size=13, bold=True, framed=False)
            self._next(30)
            heading = None
        for block in blocks:
            if isinstance(block, Table | Chart):
                self._grid(block)
            else:
                self._pair(heading.text if heading else "", _words(block))

    def _pair(self, label: str, words: str) -> None:
        span = COLUMNS - LABEL_COLUMNS
        per_line = span * COLUMN_WIDTH / 2.35
        lines = sum(max(1, -(-int(width(line)) // int(per_line))) for line in words.split("\n"))
        self._cell(1, LABEL_COLUMNS, label, bold=True, filled=True)
        self._cell(1 + LABEL_COLUMNS, span, words)
        self._next(max(34, lines * LINE_POINTS + 12))

    def _grid(self, block: Table | Chart) -> None:
        rows = block.rows if isinstance(block, Table) else _chart_rows(block)
        span = COLUMNS // len(rows[0])
        for r, row in enumerate(rows):
            for c, words in enumerate(row):
                wide = span if c < len(row) - 1 else COLUMNS - c * span
                self._cell(1 + c * span, wide, words, bold=r == 0, filled=r == 0, align="center")
            self._next(26)

    def _cell(
        self,
        column: int,
        span: int,
        words: str,
        *,
        size: float = 12,
        bold: bool = False,
        filled: bool = False,
        framed: bool = True,
        align: str = "left",
    ) -> None:
        page, row, last = self._page, self._row, column + span - 1
        if span > 1:
            page.merge_cells(start_row=row, end_row=row, start_column=column, end_column=last)
        for c in range(column, last + 1):
            if framed:
                page.cell(row, c).border = FRAME
        cell = page.cell(row, column, words)
        cell.font = Font(name=self._font, size=size, bold=bold)
        cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
        if filled:
            cell.fill = LABEL

    def _next(self, points: float) -> None:
        self._page.row_dimensions[self._row].height = points
        self._row += 1


def _words(block: Block) -> str:
    if isinstance(block, Bullets):
        return "\n".join(f"・{plain(item)}" for item in block.items)
    return plain(getattr(block, "text", ""))


def _chart_rows(chart: Chart) -> tuple[tuple[str, ...], ...]:
    return ((chart.title, "値"), *((label, f"{value:g}") for label, value in chart.bars))
