"""Opening a PDF and finding its pages, also when its own table of objects is broken."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, BinaryIO

from pdfminer.pdfdocument import PDFBaseXRef, PDFDocument, PDFXRefFallback
from pdfminer.pdfpage import LITERAL_PAGE, PDFPage
from pdfminer.pdfparser import PDFParser, PDFStreamParser
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.psexceptions import PSEOF

from indexer.extract.pdf.security import ProtectedDocument

INHERITABLE = ("Resources", "MediaBox", "CropBox", "Rotate")

_MOST_DECLARED = 100_000
"""More pages than this in /Count is a broken or hostile number, not a document."""


_OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s+(\d{1,5})\s+obj\b")
_TRAILER_KEYS = ("Root", "Encrypt", "Info", "ID")


class _ScannedTable(PDFXRefFallback):
    """Where each object stands, found by scanning the whole file.

    pdfminer's own scan gives up at the first object it cannot parse, and without a trailer;
    a torn file has neither in order. Here an object that cannot be parsed is still listed,
    and a missing trailer is made up from the cross-reference stream or the catalogue.
    """

    def load(self, parser: PDFParser) -> None:
        """List the objects, the later of two with the same number, and find the root."""
        parser.fp.seek(0)
        file = parser.fp.read()
        places: list[tuple[int, int]] = []
        for found in _OBJECT.finditer(file):
            number, generation = int(found[1]), int(found[2])
            self.offsets[number] = (None, found.start(), generation)
            places.append((found.start(), number))
        for trailer in re.finditer(rb"trailer", file):
            self._merge(_parsed(parser, trailer.end(), header=0))
        for place, number in _holders(file, rb"/(?:XRef|ObjStm)\b", places):
            self._take_stream(number, _parsed(parser, place))
        for _, number in _holders(file, rb"/Catalog\b", places):
            self.trailer.setdefault("Root", PDFObjRef(parser.doc, number))
        self.trailer.setdefault("Root", {})

    def _take_stream(self, number: int, stream: object) -> None:
        if not isinstance(stream, PDFStream):
            return
        self._merge(stream.attrs)
        for index, packed in enumerate(_packed_numbers(stream)):
            self.offsets.setdefault(packed, (number, index, 0))

    def _merge(self, trailer: object) -> None:
        if isinstance(trailer, dict):
            self.trailer.update({k: trailer[k] for k in _TRAILER_KEYS if k in trailer})


class _Rebuilt(ProtectedDocument):
    """A document whose objects are found by scanning the whole file."""

    def find_xref(self, parser: PDFParser) -> int:
        """Pass over the file's own table."""
        return 0

    def read_xref_from(self, parser: PDFParser, start: int, xrefs: list[PDFBaseXRef]) -> None:
        """Scan instead of reading."""
        parser.fallback = True
        table = _ScannedTable()
        table.load(parser)
        xrefs.append(table)


def _holders(file: bytes, cue: bytes, places: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield place and number of each object in which a cue stands."""
    for found in re.finditer(cue, file):
        at = bisect_right(places, (found.start(), 0)) - 1
        if at >= 0:
            yield places[at]


def _parsed(parser: PDFParser, place: int, header: int = 3) -> object:
    """Return the object after `header` tokens (number, generation, obj), None if broken."""
    try:
        parser.seek(place)
        for _ in range(header):
            parser.nexttoken()
        return parser.nextobject()[1]
    except MemoryError:
        raise
    except Exception:  # pdfminer raises whatever a broken object leads it to
        return None


def _packed_numbers(stream: PDFStream) -> list[int]:
    """Return the numbers of the objects packed in an object stream, in its order."""
    count = stream.get("N")
    if type(count) is not int or "First" not in stream:
        return []
    numbers: list[int] = []
    try:
        parser = PDFStreamParser(stream.get_data())
        while len(numbers) < 2 * count:
            (_, number) = parser.nexttoken()
            if not isinstance(number, int):
                break
            numbers.append(number)
    except PSEOF:
        return numbers[::2]
    return numbers[::2]


def open_document(stream: BinaryIO, password: str) -> PDFDocument:
    """Open by the file's own table of objects; raises whatever pdfminer raises."""
    return ProtectedDocument(PDFParser(stream), password=password)


def rebuild_document(stream: BinaryIO, password: str) -> PDFDocument:
    """Open by scanning the file for objects; raises whatever pdfminer raises."""
    return _Rebuilt(PDFParser(stream), password=password)


def declared_pages(document: PDFDocument) -> int:
    """Return the /Count of the page tree's root, or 0 when it is no sane number."""
    root = resolve1(document.catalog.get("Pages"))
    count = resolve1(root.get("Count")) if isinstance(root, dict) else None
    return count if type(count) is int and 0 <= count <= _MOST_DECLARED else 0


def page_leaves(document: PDFDocument, most_nodes: int) -> Iterator[dict[Any, Any] | None]:
    """Yield each page's dictionary with what it inherits; None for a page that is lost.

    In reading order. A page that stands twice in the tree comes twice, so that page numbers
    agree with what a viewer shows; a branch is entered once, so that no cycle is endless.
    The walk keeps its own stack: a deep tree cannot exhaust Python's. It ends after
    `most_nodes` nodes.
    """
    entered: set[int] = set()
    waiting: list[tuple[object, dict[Any, Any]]] = [(document.catalog.get("Pages"), {})]
    while waiting and most_nodes > 0:
        most_nodes -= 1
        reference, inherited = waiting.pop()
        node = _dictionary(reference)
        kids = _resolved(node.get("Kids")) if node is not None else None
        if node is None or not isinstance(kids, list):
            if node is None or _is_page(node):
                yield None if node is None else {**inherited, **node}
            continue
        identity = reference.objid if isinstance(reference, PDFObjRef) else id(node)
        if identity not in entered:
            entered.add(identity)
            handed_down = {**inherited, **{k: node[k] for k in INHERITABLE if k in node}}
            waiting.extend((kid, handed_down) for kid in reversed(kids[:most_nodes]))


def scattered_pages(document: PDFDocument) -> Iterator[dict[Any, Any]]:
    """Yield every object that says it is a page, for a document without a usable tree."""
    for xref in document.xrefs:
        for object_id in xref.get_objids():
            node = _dictionary(PDFObjRef(document, object_id))
            if node is not None and node.get("Type") is LITERAL_PAGE:
                yield node


def make_page(document: PDFDocument, leaf: dict[Any, Any]) -> PDFPage:
    """Return pdfminer's page for a dictionary; raises whatever pdfminer raises."""
    return PDFPage(document, None, leaf, None)


def _is_page(node: dict[Any, Any]) -> bool:
    """Tell whether a node without children is a page: by its type, or by what it draws."""
    return node.get("Type") is LITERAL_PAGE or "Contents" in node or "MediaBox" in node


def _dictionary(reference: object) -> dict[Any, Any] | None:
    node = _resolved(reference)
    return node if isinstance(node, dict) else None


def _resolved(reference: object) -> object:
    """Return what a reference leads to, None where it leads to nothing readable."""
    try:
        return resolve1(reference)
    except MemoryError:
        raise
    except Exception:  # pdfminer raises whatever a broken object leads it to
        return None
