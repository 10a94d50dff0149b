"""Reports, set with python-docx: headings, tables, footnotes and ruby."""

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as Line
from docx.text.run import Run

from corpus.make import tools
from corpus.make.markup import (
    INLINE,
    Block,
    Bullets,
    Chart,
    Heading,
    Table,
    Text,
    column_widths,
)
from corpus.make.records import Sheet, japanese_date

FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


class Report:
    """One report: its body font and the footnotes met so far."""

    def __init__(self, text: Text, sheet: Sheet) -> None:
        self._text = text
        self._sheet = sheet
        old = text.settings.get("font") == "old"
        self._body = tools.OLD_MINCHO if old else tools.SERIF
        self._head = tools.OLD_GOTHIC if old else tools.SANS
        self._notes: list[str] = []

    def write(self, target: Path) -> None:
        """Write the report as DOCX."""
        document = Document()
        self._page(document)
        self._opening(document)
        for block in self._text.blocks:
            self._block(document, block)
        if self._notes:
            self._footnotes(document)
        properties = document.core_properties
        properties.title, properties.author = self._sheet.title, "・".join(self._sheet.places)
        document.save(str(target))

    def _page(self, document: Docx) -> None:
        section = document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(25)
        section.top_margin, section.bottom_margin = Mm(25), Mm(22)
        normal = document.styles["Normal"]
        normal.font.size = Pt(10.5)
        normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), self._body)
        normal.font.name = self._body
        head = "・".join(self._sheet.places) or "自治体改善ナレッジベース"
        self._run(section.header.paragraphs[0], f"{head} {self._sheet.mark[:2]}".strip(), 8.5)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        field = f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"/>'
        foot._p.append(parse_xml(field))

    def _opening(self, document: Docx) -> None:
        sheet = self._sheet
        for words in filter(None, (sheet.mark, sheet.statement)):
            line = document.add_paragraph()
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            self._run(line, words, 10, gothic=True)
        title = document.add_paragraph()
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.space_before = Pt(14)
        title.paragraph_format.space_after = Pt(10)
        shown = sheet.title if sheet.specimen else sheet.title.replace("(", "\n(", 1)
        self._run(title, shown, 17 if sheet.specimen else 15.5, bold=True, gothic=True)
        lines = [sheet.author, *sheet.speakers, japanese_date(sheet.dated)]
        if not sheet.specimen:
            lines = ["自治体改善ナレッジベース(事実の記録)"]
        for words in filter(None, lines):
            line = document.add_paragraph()
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.paragraph_format.space_after = Pt(0)
            self._run(line, words, 10.5)

    def _block(self, document: Docx, block: Block) -> None:
        if isinstance(block, Heading):
            line = document.add_paragraph()
            line.paragraph_format.space_before = Pt(14 if block.level == 1 else 10)
            line.paragraph_format.keep_with_next = True
            line.paragraph_format.page_break_before = block.new_page
            self._run(line, block.text, 14 if block.level == 1 else 11.5, bold=True, gothic=True)
        elif isinstance(block, Bullets):
            for item in block.items:
                line = document.add_paragraph()
                line.paragraph_format.left_indent = Mm(6)
                line.paragraph_format.first_line_indent = Mm(-4)
                line.paragraph_format.space_after = Pt(3)
                self._inline(line, f"・{item}")
        elif isinstance(block, Table):
            self._table(document, block.rows)
        elif isinstance(block, Chart):
            bars = ((label, f"{value:g}") for label, value in block.bars)
            self._table(document, ((block.title, ""), *bars))
        else:
            line = document.add_paragraph()
            line.paragraph_format.first_line_indent = Pt(10.5)
            line.paragraph_format.line_spacing = 1.35
            self._inline(line, block.text)

    def _table(self, document: Docx, rows: tuple[tuple[str, ...], ...]) -> None:
        table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        widths = column_widths(rows, 160.0)
        for column, share in zip(table.columns, widths, strict=True):
            column.width = Mm(share)
        for r, row in enumerate(rows):
            whole = f"<w:cantSplit {nsdecls('w')}/>"
            table.rows[r]._tr.get_or_add_trPr().append(parse_xml(whole))
            for c, words in enumerate(row):
                cell = table.cell(r, c)
                cell.width = Mm(widths[c])
                cell.paragraphs[0].paragraph_format.space_after = Pt(2)
                cell.paragraphs[0].paragraph_format.space_before = Pt(2)
                self._run(cell.paragraphs[0], words, 9.5, bold=r == 0, gothic=r == 0)
                if r == 0:
                    shade = f'<w:shd {nsdecls("w")} w:val="clear" w:fill="E3EAF3"/>'
                    cell._tc.get_or_add_tcPr().append(parse_xml(shade))
        gap = document.add_paragraph().paragraph_format
        gap.space_after, gap.line_spacing = Pt(0), Pt(6)

    def _inline(self, line: Line, words: str) -> None:
        at = 0
        for found in INLINE.finditer(words):
            self._run(line, words[at : found.start()], 10.5)
            if found["note"]:
                self._notes.append(found["note"])
                line._p.append(parse_xml(_reference(len(self._notes))))
            else:
                line._p.append(parse_xml(_ruby(found["base"], found["ruby"])))
            at = found.end()
        self._run(line, words[at:], 10.5)

    def _run(
        self, line: Line, words: str, size: float, *, bold: bool = False, gothic: bool = False
    ) -> Run:
        run = line.add_run(words)
        run.font.size, run.bold = Pt(size), bold
        family = self._head if gothic else self._body
        run.font.name = family
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), family)
        return run

    def _footnotes(self, document: Docx) -> None:
        """python-docx has no footnotes: add the part they live in."""
        body = "".join(self._note(n, note) for n, note in enumerate(self._notes, 1))
        xml = f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {nsdecls("w")}>'
        blob = f"{xml}{''.join(_separators())}{body}</w:footnotes>".encode()
        package = document.part.package
        part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES, blob, package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    def _note(self, number: int, note: str) -> str:
        fonts = f'<w:rFonts w:ascii="{self._body}" w:eastAsia="{self._body}"/><w:sz w:val="17"/>'
        sign = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        space = 'xml:space="preserve"'
        words = f"<w:r><w:rPr>{fonts}</w:rPr><w:t {space}> {escape(note)}</w:t></w:r>"
        return f'<w:footnote w:id="{number}"><w:p>{sign}{words}</w:p></w:footnote>'


def _separators() -> Iterator[str]:
    for number, kind in ((-1, "separator"), (0, "continuationSeparator")):
        line = f"<w:p><w:r><w:{kind}/></w:r></w:p>"
        yield f'<w:footnote w:type="{kind}" w:id="{number}">{line}</w:footnote>'


def _reference(number: int) -> str:
    look = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    return f'<w:r {nsdecls("w")}>{look}<w:footnoteReference w:id="{number}"/></w:r>'


def _ruby(base: str, reading: str) -> str:
    align = '<w:rubyAlign w:val="distributeSpace"/><w:hps w:val="10"/><w:hpsRaise w:val="18"/>'
    look = f'<w:rubyPr>{align}<w:hpsBaseText w:val="21"/><w:lid w:val="ja-JP"/></w:rubyPr>'
    small = f'<w:rt><w:r><w:rPr><w:sz w:val="10"/></w:rPr><w:t>{reading}</w:t></w:r></w:rt>'
    large = f"<w:rubyBase><w:r><w:t>{base}</w:t></w:r></w:rubyBase>"
    return f"<w:r {nsdecls('w')}><w:ruby>{look}{small}{large}</w:ruby></w:r>"
