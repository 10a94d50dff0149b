"""Replacement texts that stand in the structure tree instead of in the content.

Looking an element up means reading its object, and a tagged page has hundreds: it is done
only in documents in which ``/ActualText`` stands outside content streams at all.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, list_value, resolve1

from indexer.extract.pdf.objects import QuickDocument

_KEY = b"/ActualText"
_MOST_NODES = 10_000
_CHUNK = 1 << 20

Replacements = Callable[[int], bytes | None]


class Structure:
    """The structure tree of one document."""

    def __init__(self, document: PDFDocument) -> None:
        self._document = document
        self._parents: dict[int, object] | None = None

    def of_page(self, page: PDFPage) -> Replacements | None:
        """Return what gives a marked content's replacement text, None where there is none.

        Raises whatever pdfminer raises for a broken object.
        """
        key = resolve1(page.attrs.get("StructParents"))
        if type(key) is not int:
            return None
        if self._parents is None:
            self._parents = self._found()
        elements = list_value(self._parents.get(key)) if self._parents else ()
        return partial(_replacement, elements) if elements else None

    def _found(self) -> dict[int, object]:
        root = dict_value(self._document.catalog.get("StructTreeRoot"))
        tree = root.get("ParentTree")
        return _numbers(tree) if tree is not None and self._mentions_key() else {}

    def _mentions_key(self) -> bool:
        """Tell whether the key stands in the file in the clear or in an object stream."""
        return _stands_in(self._document, _KEY) or any(
            _KEY in stream.get_data() for stream in _object_streams(self._document)
        )


def _replacement(elements: list[Any] | tuple[Any, ...], number: int) -> bytes | None:
    if not 0 <= number < len(elements):
        return None
    element = elements[number]
    # An element costs 60 microseconds to read, and a file with the key in one has thousands.
    document = element.doc if isinstance(element, PDFObjRef) else None
    if isinstance(document, QuickDocument) and document.lacks(element.objid, _KEY):
        return None
    text = resolve1(dict_value(element).get("ActualText"))
    return text if isinstance(text, bytes) else None


def _numbers(tree: object) -> dict[int, object]:
    """Return a number tree as a dictionary; each branch is entered once."""
    found: dict[int, object] = {}
    entered: set[object] = set()
    waiting = [tree]
    while waiting and len(entered) < _MOST_NODES:
        reference = waiting.pop()
        identity = reference.objid if isinstance(reference, PDFObjRef) else id(reference)
        if identity in entered:
            continue
        entered.add(identity)
        node = dict_value(reference)
        pairs = list_value(node.get("Nums"))
        found.update(
            (key, value)
            for key, value in zip(pairs[::2], pairs[1::2], strict=False)
            if type(key) is int
        )
        waiting.extend(list_value(node.get("Kids")))
    return found


def _stands_in(document: PDFDocument, key: bytes) -> bool:
    parser = document._parser  # its only access to the file
    if parser is None or document.decipher is not None:
        return True
    file, place = parser.fp, parser.fp.tell()
    try:
        file.seek(0)
        before = b""
        while chunk := file.read(_CHUNK):
            if key in before + chunk:
                return True
            before = chunk[-len(key) :]
        return False
    finally:
        file.seek(place)


def _object_streams(document: PDFDocument) -> list[PDFStream]:
    numbers: set[int] = set()
    for xref in document.xrefs:
        for number in xref.get_objids():
            with suppress(KeyError):  # a free object
                holder, _, _ = xref.get_pos(number)
                if holder is not None:
                    numbers.add(holder)
    streams = (resolve1(PDFObjRef(document, number)) for number in sorted(numbers))
    return [stream for stream in streams if isinstance(stream, PDFStream)]
