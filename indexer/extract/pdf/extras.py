"""What a PDF holds beside the text it draws: bookmarks, attachments, form fields, comments."""

import math
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfpage import PDFPage

from indexer.extract.pdf.forms import field_text
from indexer.extract.pdf.lenient import (
    array,
    dictionary,
    long_text,
    name_tree,
    resolved,
    text,
    whole,
)
from indexer.extract.pdf.outline import outline
from indexer.extract.pdf.pages import page_leaves
from indexer.extracted import BlockKind, OutlineEntry

MOST_ATTACHMENTS = 100
MOST_EXTRAS = 200
"""Fields and comments of one page."""

MOST_CHARACTERS = 2_000
"""Of one of them."""

_MOST_ANNOTATIONS = 2_000
"""Looked at on one page; links are annotations too."""

_PAGES_WITH_ATTACHMENTS = 200
"""Pages searched for files pinned to them."""

_FURTHEST = 1_000_000
"""Points from the origin; a box beyond is a broken one."""

_HIDDEN = 2
_COMMENTS = frozenset(
    (
        *("Text", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight"),
        *("Underline", "Squiggly", "StrikeOut", "Caret", "Stamp", "Ink", "FileAttachment"),
        *("Redact", "Popup"),
    )
)

Box = tuple[int, int, int, int]
"""Left, lower, right, upper: tenths of a point in the page's user space."""

Extra = tuple[BlockKind, str, Box | None]


def front_matter(document: PDFDocument) -> tuple[tuple[OutlineEntry, ...], tuple[str, ...]]:
    """Return the bookmarks of a document and the names of the files embedded in it.

    Broken entries are passed over. At most 500 bookmarks and 100 names.
    """
    names = dict.fromkeys(islice(_attachments(document), MOST_ATTACHMENTS))
    return outline(document), tuple(names)


def page_extras(page: PDFPage) -> tuple[Extra, ...]:
    """Return the filled-in fields and the comments of a page, in the order of the file.

    Kind FIELD with "label: value", or ANNOTATION with "author: text", and where it stands.
    What is hidden on screen is left out, and broken ones are passed over. At most 200 of
    2,000 characters.
    """
    if page.annots is None:
        return ()
    return tuple(islice(dict.fromkeys(_extras(page.annots)), MOST_EXTRAS))


def _extras(annotations: object) -> Iterator[Extra]:
    for reference in array(annotations, _MOST_ANNOTATIONS):
        found = dictionary(reference)
        subtype = text(found.get("Subtype"))
        if whole(found.get("F")) & _HIDDEN:
            continue
        if subtype == "Widget":
            kind, words = BlockKind.FIELD, field_text(found)
        elif subtype in _COMMENTS:
            kind, words = BlockKind.ANNOTATION, _comment(found, subtype)
        else:
            continue
        if words:
            yield kind, words[:MOST_CHARACTERS], _box(found.get("Rect"))


def _comment(annotation: dict[Any, Any], subtype: str) -> str:
    """Return what a comment says and who says it; a pop-up repeats the one it belongs to."""
    if subtype == "Popup" and text(dictionary(annotation.get("Parent")).get("Contents")):
        return ""
    words = long_text(annotation.get("Contents"), MOST_CHARACTERS)
    author = text(annotation.get("T"))
    return f"{author}: {words}" if words and author else words


def _box(value: object) -> Box | None:
    sides = [resolved(side) for side in array(value, 5)]
    numbers = [float(side) for side in sides if isinstance(side, int | float)]
    if len(sides) != 4 or len(numbers) != 4:
        return None
    if not all(math.isfinite(side) and abs(side) < _FURTHEST for side in numbers):
        return None
    x0, y0, x1, y1 = (round(10 * side) for side in numbers)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _attachments(document: PDFDocument) -> Iterator[str]:
    """Yield names of embedded files, some of them twice."""
    root = dictionary(document.catalog.get("Names")).get("EmbeddedFiles")
    for key, value in name_tree(root, MOST_ATTACHMENTS):
        yield from _file_name(value, text(key))
    for value in array(document.catalog.get("AF"), MOST_ATTACHMENTS):
        yield from _file_name(value, "")
    for leaf in islice(page_leaves(document, 2 * _PAGES_WITH_ATTACHMENTS), _PAGES_WITH_ATTACHMENTS):
        for reference in array((leaf or {}).get("Annots"), _MOST_ANNOTATIONS):
            annotation = dictionary(reference)
            if text(annotation.get("Subtype")) == "FileAttachment":
                yield from _file_name(annotation.get("FS"), "")


def _file_name(specification: object, otherwise: str) -> Iterator[str]:
    """Yield the name of a file specification, none where it has none."""
    found = dictionary(specification)
    names = (text(found.get("UF")), text(found.get("F")), text(specification), otherwise)
    if name := next((name for name in names if name), ""):
        yield name
