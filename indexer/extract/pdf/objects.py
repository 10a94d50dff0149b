"""Objects read by regular expressions, one at a time; what is unusual is left to pdfminer.

pdfminer's parser takes some 4 microseconds a token, and reads an object stream whole for
one of its hundreds of objects. Both cost more than drawing the pages of a tagged file.
"""

import re
from contextlib import suppress
from functools import lru_cache
from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfexceptions import PDFObjectNotFound
from pdfminer.pdftypes import PDFObjRef, PDFStream, int_value, resolve1
from pdfminer.psparser import LIT, PSLiteral, literal_name

from indexer.extract.pdf.operands import (
    BLANK,
    ENDS,
    GAP,
    PLAIN,
    balanced,
    hexadecimal,
    literal,
    unescaped_name,
)

_TOKEN = re.compile(
    GAP + rb"(?:/(?P<name>" + PLAIN + rb"*+)"
    rb"|(?P<reference>\d++)" + BLANK + rb"++\d++" + BLANK + rb"++R" + ENDS + rb""
    rb"|(?P<number>[-+]?+(?:\d++(?:\.\d*+)?+|\.\d++))" + ENDS + rb""
    rb"|(?P<open><<|\[)|(?P<close>>>|\])"
    rb"|<(?P<hexadecimal>[^<>]*+)>"
    rb"|\((?P<string>(?:[^()\\]++|\\.)*+)\)"
    rb"|(?P<nested>\()"
    rb"|(?P<word>true|false|null)" + ENDS + rb")",
    re.DOTALL,
)
_HEADER = re.compile(BLANK + rb"*+(\d++)" + BLANK + rb"++\d++" + BLANK + rb"++obj" + ENDS)
_STREAM = re.compile(GAP + rb"stream(?:\r\n|\n|\r)")
_END_OF_STREAM = re.compile(BLANK + rb"{0,4}endstream")
_END_OF_OBJECT = re.compile(GAP + rb"endobj" + ENDS)
_NUMBERS = re.compile(rb"\d+")

_WORDS = {b"true": True, b"false": False, b"null": None}

_FIRST_CHUNK, _LAST_CHUNK = 1 << 11, 1 << 23
"""Bytes read for an object of unknown length; the second is the most."""

_MARGIN = 64
"""Bytes that must follow an object in its chunk, so that no token of it was cut."""


class Unusual(Exception):
    """The bytes are broken, cut, or spelt in a way that is left to pdfminer."""


def read_object(data: bytes, place: int, document: PDFDocument) -> tuple[Any, int]:
    """Return the object that begins at a place, as pdfminer would, and where it ends.

    Raises Unusual.
    """
    levels: list[tuple[bytes, list[Any]]] = []
    match = _TOKEN.match
    while True:
        found = match(data, place)
        if found is None:
            raise Unusual
        kind, place = found.lastgroup or "", found.end()
        text = found[kind]
        if kind == "open":
            levels.append((text, []))
            continue
        if kind == "nested":
            text, place = balanced(data, place)
            if place >= len(data):
                raise Unusual
        value = _closed(levels, text) if kind == "close" else _value(kind, text, document)
        if not levels:
            return value, place
        levels[-1][1].append(value)


def _value(kind: str, text: bytes, document: PDFDocument) -> Any:
    if kind == "name":
        return _name(text)
    if kind == "number":
        return float(text) if b"." in text else int(text)
    if kind == "reference":
        return PDFObjRef(document, int(text))
    if kind == "hexadecimal":
        return hexadecimal(text)
    return _WORDS[text] if kind == "word" else literal(text)


@lru_cache(maxsize=2000)  # the dictionaries of a file have few different keys
def _name(text: bytes) -> PSLiteral:
    raw = unescaped_name(text)
    try:
        return LIT(raw.decode())
    except UnicodeDecodeError:
        return LIT(raw)


def _closed(levels: list[tuple[bytes, list[Any]]], bracket: bytes) -> Any:
    if not levels or (levels[-1][0] == b"<<") != (bracket == b">>"):
        raise Unusual
    opened, values = levels.pop()
    if opened == b"[":
        return values
    keys = values[::2]
    if len(values) % 2 or not {PSLiteral}.issuperset(map(type, keys)):
        raise Unusual
    pairs = zip(keys, values[1::2], strict=True)
    return {_key(key): value for key, value in pairs if value is not None}


_key = lru_cache(maxsize=2000)(literal_name)


class QuickDocument(PDFDocument):
    """A document whose objects are read here, and by pdfminer where that fails."""

    def getobj(self, objid: int) -> object:
        """Return an object; raises PDFObjectNotFound for references that lead in a circle."""
        held = self._cached_objs.get(objid)
        found = held[0] if held is not None else super().getobj(objid)
        if not isinstance(found, PDFObjRef):
            return found
        seen = {objid}
        while isinstance(found, PDFObjRef):
            if found.objid in seen:
                raise PDFObjectNotFound(objid)
            seen.add(found.objid)
            found = super().getobj(found.objid)
        return found

    def lacks(self, objid: int, key: bytes) -> bool:
        """Tell whether an object certainly is a dictionary without a key, by its bytes alone.

        Only of objects in object streams, as they stand there: a stream is searched once.
        """
        for xref in self.xrefs:
            with suppress(KeyError):  # another table has it
                holder, _, _ = xref.get_pos(objid)
                return holder is not None and self._is_packed_without(holder, objid, key)
        return False

    def _is_packed_without(self, holder: int, objid: int, key: bytes) -> bool:
        stream = resolve1(PDFObjRef(self, holder))
        if not isinstance(stream, PDFStream):
            return False
        try:
            data, places = self._packed(stream)
        except Unusual:
            return False
        if not data.startswith(b"<<", places.get(objid, len(data))):
            return False
        lacking: dict[tuple[int, bytes], bool] = self.__dict__.setdefault("_lacking", {})
        if (holder, key) not in lacking:
            lacking[holder, key] = key not in data
        return lacking[holder, key]

    def _getobj_parse(self, pos: int, objid: int) -> object:
        try:
            return self._quickly(pos, objid)
        except Unusual:
            return super()._getobj_parse(pos, objid)

    def _quickly(self, pos: int, objid: int) -> object:
        """Return the object at a place of the file. Raises Unusual."""
        parser = self._parser
        if parser is None or parser.fallback:
            raise Unusual
        size = _FIRST_CHUNK
        while size <= _LAST_CHUNK:
            parser.fp.seek(pos)
            chunk = parser.fp.read(size)
            try:
                return self._in_chunk(chunk, pos, objid, whole=len(chunk) < size)
            except _CutOff:
                size *= 8
        raise Unusual

    def _in_chunk(self, chunk: bytes, pos: int, objid: int, *, whole: bool) -> object:
        header = _HEADER.match(chunk)
        if header is None or int(header[1]) != objid:
            raise Unusual
        try:
            value, place = read_object(chunk, header.end(), self)
        except Unusual:
            if whole:
                raise
            raise _CutOff from None
        if not whole and len(chunk) - place < _MARGIN:
            raise _CutOff
        stream = _STREAM.match(chunk, place)
        if stream is not None and isinstance(value, dict):
            return self._stream(value, pos + stream.end())
        if _END_OF_OBJECT.match(chunk, place) is None:
            raise Unusual
        return value

    def _stream(self, attributes: dict[str, Any], start: int) -> PDFStream:
        length = int_value(attributes.get("Length"))
        if self._parser is None or length < 0:
            raise Unusual
        self._parser.fp.seek(start)
        data = self._parser.fp.read(length)
        if _END_OF_STREAM.match(self._parser.fp.read(16)) is None:
            raise Unusual
        return PDFStream(attributes, data, self.decipher)

    def _getobj_objstm(self, stream: PDFStream, index: int, objid: int) -> object:
        try:
            data, places = self._packed(stream)
            if objid not in places:
                raise Unusual
            return read_object(data, places[objid], self)[0]
        except Unusual:
            return super()._getobj_objstm(stream, index, objid)

    def _packed(self, stream: PDFStream) -> tuple[bytes, dict[int, int]]:
        """Return an object stream's data and where each object begins. Raises Unusual.

        By number: the index in the file's table is wrong more often than the stream's own.
        """
        held: dict[int | None, tuple[bytes, dict[int, int]]]
        held = self.__dict__.setdefault("_places", {})
        found = held.get(stream.objid)
        if found is None:
            count, first = int_value(stream.get("N")), int_value(stream.get("First"))
            data = stream.get_data()
            numbers = [int(number) for number in _NUMBERS.findall(data, 0, first)]
            if not 0 < 2 * count <= len(numbers):
                raise Unusual
            pairs = zip(numbers[: 2 * count : 2], numbers[1 : 2 * count : 2], strict=True)
            places = {number: first + place for number, place in pairs}
            found = held[stream.objid] = (data, places)
        return found


class _CutOff(Exception):
    """The object may go on beyond the bytes that were read."""
