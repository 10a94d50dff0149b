"""The bookmarks of a PDF, and which pages they lead to."""

from collections.abc import Iterator
from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdftypes import PDFObjRef
from pdfminer.psparser import PSLiteral

from indexer.extract.pdf.lenient import array, dictionary, name_tree, resolved, text
from indexer.extracted import OutlineEntry

MOST_ENTRIES = 500
_MOST_DESTINATIONS = 20_000
_MOST_PAGES = 20_000


def outline(document: PDFDocument) -> tuple[OutlineEntry, ...]:
    """Return the bookmarks from top to bottom, at most :data:`MOST_ENTRIES`."""
    root = dictionary(document.catalog.get("Outlines"))
    if not root:
        return ()
    found = list(_entries(root))
    pages = _Destinations(document) if found else None
    return tuple(
        OutlineEntry(title, level, pages.page_of(entry) if pages else None)
        for title, level, entry in found
    )


def _entries(root: dict[Any, Any]) -> Iterator[tuple[str, int, dict[Any, Any]]]:
    """Yield title, level from 1 and dictionary; each entry once, whatever the links say."""
    entered: set[int] = set()
    waiting: list[tuple[object, int]] = [(root.get("First"), 1)]
    while waiting and len(entered) < MOST_ENTRIES:
        reference, level = waiting.pop()
        entry = dictionary(reference)
        identity = reference.objid if isinstance(reference, PDFObjRef) else id(entry)
        if not entry or identity in entered:
            continue
        entered.add(identity)
        waiting.append((entry.get("Next"), level))
        waiting.append((entry.get("First"), level + 1))
        if title := text(entry.get("Title")):
            yield title, level, entry


class _Destinations:
    """Finds the page that a bookmark leads to."""

    def __init__(self, document: PDFDocument) -> None:
        self._document = document
        self._numbers = {
            leaf.objid: number
            for number, leaf in enumerate(_leaves(document), start=1)
            if leaf is not None
        }
        self._names: dict[bytes, object] | None = None

    def page_of(self, entry: dict[Any, Any]) -> int | None:
        """Return the page's number from 1, None where it is not to be found."""
        target = resolved(entry.get("Dest"))
        action = dictionary(entry.get("A"))
        if target is None and text(action.get("S")) == "GoTo":
            target = resolved(action.get("D"))
        if isinstance(target, PSLiteral):
            old = dictionary(self._document.catalog.get("Dests"))
            target = resolved(old.get(target.name))
        elif isinstance(target, bytes):
            target = resolved(self._named().get(target))
        if isinstance(target, dict):
            target = resolved(target.get("D"))
        page = next(iter(array(target, 1)), None)
        if isinstance(page, PDFObjRef):
            return self._numbers.get(page.objid)
        if isinstance(page, int) and 0 <= page < len(self._numbers):
            return page + 1
        return None

    def _named(self) -> dict[bytes, object]:
        if self._names is None:
            root = dictionary(self._document.catalog.get("Names")).get("Dests")
            self._names = dict(name_tree(root, _MOST_DESTINATIONS))
        return self._names


def _leaves(document: PDFDocument) -> Iterator[PDFObjRef | None]:
    """Yield the reference of each page in order, None for a page that has none."""
    entered: set[int] = set()
    waiting: list[object] = [document.catalog.get("Pages")]
    for _ in range(2 * _MOST_PAGES):
        if not waiting:
            return
        reference = waiting.pop()
        node = dictionary(reference)
        kids = resolved(node.get("Kids"))
        if not isinstance(kids, list):
            if not node or _is_page(node):
                yield reference if isinstance(reference, PDFObjRef) else None
            continue
        identity = reference.objid if isinstance(reference, PDFObjRef) else id(kids)
        if identity not in entered:
            entered.add(identity)
            waiting.extend(reversed(kids[:_MOST_PAGES]))


def _is_page(node: dict[Any, Any]) -> bool:
    """Tell whether a node is counted as a page, as :mod:`indexer.extract.pdf.pages` does."""
    return text(node.get("Type")) == "Page" or "Contents" in node or "MediaBox" in node
