"""DOCX: the body in its order; headings, tables row by row, notes, text boxes, comments.

A .docx has no pages. Where Word has left marks of the last time it laid the file out
(w:lastRenderedPageBreak), those pages are taken, so that numbers agree with a printed copy;
a paragraph that runs over such a mark stays whole on the page where it begins. Otherwise a
page ends at a page break, or at a heading or the end of a paragraph after about 2,000
characters, so that a hit leads to a place. Headers and footers are read on the first page.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, NamedTuple

from indexer.extract.office.docx_text import Headings, Paragraph, body_parts, read_paragraph
from indexer.extract.office.drawing import graphic_rows
from indexer.extract.office.ooxml import (
    LXML,
    CannotRead,
    Element,
    Package,
    attribute,
    local,
    read_package,
    reference,
)
from indexer.extract.page_text import Flow, as_title
from indexer.extract.parts import Part
from indexer.extracted import (
    BlockKind,
    ExtractedDocument,
    Fault,
    Limits,
    OutlineEntry,
    PageRange,
)

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXTRACTOR = f"kb-docx 1 ({LXML})"

DEEPEST_TABLE = 10
"""Tables within tables; deeper ones are not looked into."""

MOST_ENTRIES = 2000
"""Of the outline."""

_ALL = PageRange()
_NOTES = {"footnote": "footnotes", "endnote": "endnotes", "comment": "comments"}


def read(
    stream: BinaryIO, limits: Limits, *, password: str = "", pages: PageRange = _ALL
) -> Iterator[Part]:
    """Yield the front, then pages and faults, as they are read; last the front with its outline.

    `password` is not used: a protected file is an OLE2 file, which does not come here.
    """

    def parts(package: Package, front: ExtractedDocument) -> Iterator[Part]:
        yield front
        reading = _Reading(package, limits, pages)
        yield from reading.parts()
        yield replace(front, outline=tuple(reading.outline))

    return read_package(stream, MEDIA_TYPE, EXTRACTOR, parts)


class _Reading:
    """One pass over one document."""

    def __init__(self, package: Package, limits: Limits, pages: PageRange) -> None:
        self._package = package
        self._main = package.main_part()
        self._root = package.tree(self._main)
        styles = package.related(self._main, "styles")
        self._headings = Headings(package.side_tree(styles[0]) if styles else None)
        self._notes = {kind: self._notes_of(part) for kind, part in _NOTES.items()}
        laid_out = next(self._root.iter("{*}lastRenderedPageBreak"), None) is not None
        self._flow = Flow(limits, pages, paged=laid_out)
        self._faults: list[Fault] = []
        self.outline: list[OutlineEntry] = []

    def parts(self) -> Iterator[Part]:
        """Yield the pages with their faults, then what is wrong with the whole."""
        body = self._root.find("{*}body")
        for words in dict.fromkeys(self._running()):
            self._flow.later(BlockKind.RUNNING, words)
        cut = False
        for element in body_parts(body) if body is not None else ():
            if self._flow.full:
                cut = True
                break
            self._add(element)
            yield from self._flow.take()
        yield from self._flow.finish(cut=cut)
        yield from self._faults
        yield from self._package.faults

    def _add(self, element: Element) -> None:
        name = local(element)
        if name == "p":
            self._add_paragraph(element)
        elif name == "tbl":
            self._add_table(element, 0)

    def _add_paragraph(self, element: Element) -> None:
        paragraph = read_paragraph(element)
        if paragraph.starts_page:
            self._flow.turn()
        level = self._headings.level(element)
        text = paragraph.text
        if text.strip():
            self._flow.add(BlockKind.PARAGRAPH if level is None else BlockKind.HEADING, text)
            title = as_title(text) if level is not None else None
            if level and title and len(self.outline) < MOST_ENTRIES:
                self.outline.append(OutlineEntry(title, level, self._flow.number))
        self._add_asides(paragraph)
        if paragraph.turns:
            self._flow.turn()

    def _add_asides(self, paragraph: Paragraph) -> None:
        """Add what a paragraph carries besides its words."""
        for box in paragraph.boxes:
            for element in body_parts(box):
                self._add(element)
        for drawing in paragraph.drawings:
            self._add_drawing(drawing)
        for _ in range(paragraph.images):
            self._flow.picture()
        for words in paragraph.words:
            self._flow.later(BlockKind.ANNOTATION, words)
        for reading in paragraph.readings:
            self._flow.later(BlockKind.READING, reading)
        for kind, identity in paragraph.notes:
            text = self._notes[kind].get(identity, "")
            aside = BlockKind.ANNOTATION if kind == "comment" else BlockKind.NOTE
            self._flow.later(aside, text)

    def _add_drawing(self, drawing: Element) -> None:
        try:
            for row in graphic_rows(self._package, self._main, drawing):
                self._flow.add(BlockKind.ROW if len(row) > 1 else BlockKind.PARAGRAPH, *row)
        except CannotRead as error:
            self._faults.append(error.on_page(self._flow.number))

    def _add_table(self, table: Element, depth: int) -> None:
        """Add a table row by row; tables within its cells follow the row they stand in."""
        for row in _parts_of(table, "tr"):
            cells = [_read_cell(cell) for cell in _parts_of(row, "tc") if not _goes_on(cell)]
            paragraphs = [paragraph for cell in cells for paragraph in cell.paragraphs]
            if any(paragraph.starts_page for paragraph in paragraphs):
                self._flow.turn()
            self._flow.add(BlockKind.ROW, *(cell.text for cell in cells))
            for paragraph in paragraphs:
                self._add_asides(paragraph)
            for cell in cells if depth < DEEPEST_TABLE else ():
                for inner in cell.tables:
                    self._add_table(inner, depth + 1)
            if any(paragraph.turns for paragraph in paragraphs):
                self._flow.turn()

    def _notes_of(self, kind: str) -> dict[str, str]:
        """Return the texts of footnotes, endnotes or comments by their number."""
        texts: dict[str, str] = {}
        for part in self._package.related(self._main, kind):
            for note in self._package.side_tree(part):
                paragraphs = (p for p in body_parts(note) if local(p) == "p")
                lines = [read_paragraph(paragraph).text for paragraph in paragraphs]
                texts[attribute(note, "id") or ""] = "\n".join(lines)
        return texts

    def _running(self) -> Iterator[str]:
        """Yield the texts of headers and footers; those of numbers alone are left out."""
        relations = self._package.relations(self._main)
        for kind in ("headerReference", "footerReference"):
            for mention in self._root.iter(f"{{*}}{kind}"):
                found = relations.get(reference(mention))
                if found is None:
                    continue
                for element in body_parts(self._package.side_tree(found.target)):
                    words = read_paragraph(element).text if local(element) == "p" else ""
                    if any(letter.isalpha() for letter in words):
                        yield words.strip()


class _Cell(NamedTuple):
    """A cell of a table."""

    paragraphs: list[Paragraph]
    tables: list[Element]

    @property
    def text(self) -> str:
        """Its paragraphs, one a line."""
        texts = (paragraph.text for paragraph in self.paragraphs)
        return "\n".join(text for text in texts if text.strip())


def _read_cell(cell: Element) -> _Cell:
    parts = list(body_parts(cell))
    return _Cell(
        [read_paragraph(part) for part in parts if local(part) == "p"],
        [part for part in parts if local(part) == "tbl"],
    )


def _parts_of(element: Element, name: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, also those within content controls."""
    for child in element:
        if local(child) == name:
            yield child
        elif local(child) in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _parts_of(child, name)


def _goes_on(cell: Element) -> bool:
    """Tell whether a cell goes on from the one above (w:vMerge without restart)."""
    merged = cell.find("{*}tcPr/{*}vMerge")
    return merged is not None and attribute(merged, "val") != "restart"
