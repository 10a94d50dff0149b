"""PPTX: a slide is a page, in the order of the presentation.

Hidden slides are read like the others: they are the author's, and the numbers of slides stay
those that PowerPoint shows. Shapes are read from top to bottom and from left to right, the
title first; tables row by row; then the author's words for pictures, the speaker's notes and
the comments. A place is the box of the paragraph's shape, or of its cell.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from indexer.extract.numbered import PageParts, read_numbered
from indexer.extract.office.drawing import graphic_rows, human_words, paragraphs
from indexer.extract.office.ooxml import (
    LXML,
    CannotRead,
    Element,
    Package,
    inside,
    local,
    read_package,
    reference,
    whole,
)
from indexer.extract.office.slide_shapes import (
    Inherited,
    Piece,
    in_reading_order,
    pieces,
    placeholder_boxes,
)
from indexer.extract.page_text import PageText, as_title
from indexer.extract.parts import Part
from indexer.extracted import BlockKind, ExtractedDocument, Fault, Limits, Outcome, PageRange

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
EXTRACTOR = f"kb-pptx 1 ({LXML})"

EMU_PER_POINT = 12_700
MOST_SHAPES = 20_000
"""Of one slide; the busiest real slide measured has under 400."""

STANDS_OUT = 1.25
"""How much larger than most the letters of a title are; the same as in PDFs."""

FEW_CHARACTERS = 20
LARGE_PICTURE = 0.25
"""Share of the slide: a logo beside a short title is no scan."""

SLIDE_MISSING = "スライドの中身がファイルにありません。元のソフトで開いて保存し直してください。"

_ALL = PageRange()
_RUNNING = frozenset({"ftr", "hdr", "dt", "sldNum"})


def read(
    stream: BinaryIO, limits: Limits, *, password: str = "", pages: PageRange = _ALL
) -> Iterator[Part]:
    """Yield the front, then slides and faults, as they are read.

    `password` is not used: a protected file is an OLE2 file, which does not come here.
    """

    def parts(package: Package, front: ExtractedDocument) -> Iterator[Part]:
        presentation = _Presentation(package, limits)
        slides = presentation.slides
        yield replace(front, declared_pages=len(slides))
        yield from read_numbered(slides, presentation.page, limits, pages, unit="スライド")
        yield from package.faults

    return read_package(stream, MEDIA_TYPE, EXTRACTOR, parts)


class _Presentation:
    """The slides of one file."""

    def __init__(self, package: Package, limits: Limits) -> None:
        self._package = package
        self._limits = limits
        self._inherited: dict[str, Inherited] = {}
        main = package.main_part()
        root = package.tree(main)
        size = root.find("{*}sldSz")
        self._width = whole(size.get("cx") if size is not None else None)
        self._height = whole(size.get("cy") if size is not None else None)
        relations = package.relations(main)
        ids = [reference(slide) for slide in root.iterfind("{*}sldIdLst/{*}sldId")]
        self.slides = [relations[i].target if i in relations else "" for i in ids]
        """Names of the parts; a slide that is missing has none."""

    def page(self, number: int, part: str) -> PageParts:
        """Return one slide; raises CannotRead."""
        if not part:
            raise CannotRead(Outcome.DAMAGED, SLIDE_MISSING)
        tree = self._package.tree(part).find("{*}cSld/{*}spTree")
        found = list(pieces(tree, self._boxes_of(part), MOST_SHAPES)) if tree is not None else []
        found = in_reading_order(found, self._height)
        text, faults = PageText(self._limits.characters_per_page), list[Fault]()
        for piece in found:
            faults += self._add(text, part, piece, number)
        self._add_asides(text, part, found)
        faults += text.cut_fault(number)
        page = text.finish(
            number,
            size=(self._width / EMU_PER_POINT, self._height / EMU_PER_POINT),
            title=_title(found),
            images=sum(piece.is_picture for piece in found),
            needs_ocr=text.body < FEW_CHARACTERS and self._has_large_picture(found),
        )
        return page, faults

    def _add(self, text: PageText, part: str, piece: Piece, number: int) -> list[Fault]:
        """Add what one shape says; return what of it could not be read."""
        box = piece.rect.box() if piece.rect else None
        if piece.role in _RUNNING:
            text.add(BlockKind.RUNNING, *piece.paragraphs, boxes=[box] * len(piece.paragraphs))
            return []
        kind = BlockKind.HEADING if piece.is_title else BlockKind.PARAGRAPH
        for paragraph in piece.paragraphs:
            text.add(kind, paragraph, boxes=[box])
        for row in piece.rows:
            boxes = [cell.rect.box() if cell.rect else None for cell in row]
            text.add(BlockKind.ROW, *(cell.text for cell in row), boxes=boxes)
        if piece.frame is None:
            return []
        try:
            for words in graphic_rows(self._package, part, piece.frame):
                row_kind = BlockKind.ROW if len(words) > 1 else BlockKind.PARAGRAPH
                text.add(row_kind, *words, boxes=[box] * len(words))
        except CannotRead as error:
            return [error.on_page(number)]
        return []

    def _add_asides(self, text: PageText, part: str, found: list[Piece]) -> None:
        for piece in found:
            words = human_words(piece.properties)
            if words:
                text.add(BlockKind.ANNOTATION, words)
        for notes in self._package.related(part, "notesslide"):
            for paragraph in _notes(self._package.side_tree(notes)):
                text.add(BlockKind.NOTE, paragraph)
        for comments in self._package.related(part, "comments"):
            for comment in _comments(self._package.side_tree(comments)):
                text.add(BlockKind.ANNOTATION, comment)

    def _boxes_of(self, slide: str) -> Inherited:
        """Return where the slide's layout and master put their placeholders."""
        layouts = self._package.related(slide, "slidelayout")
        if not layouts:
            return {}
        layout = layouts[0]
        if layout not in self._inherited:
            masters = self._package.related(layout, "slidemaster")
            boxes: Inherited = {}
            for part in (*masters[:1], layout):
                boxes |= placeholder_boxes(self._package.side_tree(part))
            self._inherited[layout] = boxes
        return self._inherited[layout]

    def _has_large_picture(self, found: list[Piece]) -> bool:
        area = self._width * self._height
        pictures = [piece.rect for piece in found if piece.is_picture]
        return any(rect is None or rect.area >= LARGE_PICTURE * area for rect in pictures)


def _title(found: list[Piece]) -> str | None:
    """Return the title's text, or else that of the shape whose letters stand out by size."""
    for piece in found:
        if piece.is_title and piece.paragraphs:
            return as_title(" ".join(piece.paragraphs))
    sized = [piece for piece in found if piece.size and piece.role not in _RUNNING]
    if len(sized) < 2:
        return None
    largest = max(sized, key=lambda piece: piece.size)
    sizes = sorted(piece.size for piece in sized)
    if largest.size < STANDS_OUT * sizes[(len(sizes) - 1) // 2]:
        return None
    return as_title(" ".join(largest.paragraphs))


def _notes(root: Element) -> Iterator[str]:
    """Yield the paragraphs of the notes themselves; the page's own number and date are not."""
    for shape in inside(root, "txBody"):
        if local(shape) != "sp":
            continue
        role = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
        body = shape.find("{*}txBody")
        if body is None or (role is not None and role.get("type") in (*_RUNNING, "sldImg")):
            continue
        yield from paragraphs(body)


def _comments(root: Element) -> Iterator[str]:
    for element in inside(root):
        name = local(element)
        if name == "text" and element.text:
            yield element.text
        elif name == "txBody":
            yield "\n".join(paragraphs(element))
