"""The operators of a content stream, found by regular expressions.

pdfminer's own parser makes an object of every token, drawn or not: 70 % of the time of a
whole file. Here one match passes over all that only paints (paths, colours, shadings) up to
the next operator that matters to text, and takes that one with its operands as raw bytes.
What the expression does not know (deep parentheses, stray delimiters) is read token by
token, so that nothing depends on how common a spelling is.

Lengths of matches are possessive throughout: no input makes an expression go back, and the
time is linear in the length of the stream.
"""

import re
from binascii import unhexlify
from collections.abc import Iterator, Sequence
from functools import lru_cache

from indexer.extract.pdf.operands import (
    BLANK,
    ENDS,
    GAP,
    OPERAND,
    PLAIN,
    WORD,
    Name,
    literal,
    operands,
    read_operation,
)

Operation = tuple[bytes, bytes | list[object]]
"""The operator, and its operands: as they stand in the stream, or parsed."""


_NUMBERS = rb"[-+.0-9\[\]\x00\t\n\x0c\r ]*+"
_PAINTS = (
    rb"(?:re|rg|RG|ri|cs|CS|scn?+|SCN?+|sh|gs|d[01]|[fWBb]\*|[mlcvyhnWSsfFBbwJjMdigGkK])" + ENDS
)
_PAINTING = _NUMBERS + rb"(?:/" + PLAIN + rb"*+" + BLANK + rb"*+)?+" + _PAINTS
# A saved state in which nothing but paint happens leaves nothing behind.
_CLOSED = (
    _NUMBERS
    + rb"q"
    + ENDS
    + rb"(?:"
    + _PAINTING
    + rb"|"
    + _NUMBERS
    + rb"cm"
    + ENDS
    + rb")*+"
    + BLANK
    + rb"*+Q"
    + ENDS
)
_OPERATION = re.compile(
    rb"(?:"
    + _PAINTING
    + rb"|"
    + _CLOSED
    + rb")*+"
    + GAP
    + rb"(?:((?:"
    + OPERAND
    + GAP
    + rb")*+)("
    + WORD
    + rb"))?+",
    re.DOTALL,
)
_PIECES = re.compile(
    rb"\(((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+)\)|<([^<>]*+)>|([-+.0-9]++)", re.DOTALL
)
_IMAGE_END = re.compile(rb"EI(?=[\x00\t\n\x0c\r ]|\Z)")
# Within a few bytes, and not inside a string that begins there.
_BINARY = re.compile(rb"[\x00\t\n\x0c\r -'*-~]{0,12}[^\x00\t\n\x0c\r -~]")
_MOST_ENDS_TRIED = 20

_NOT_PLAIN = frozenset((None, b"BI", b"true", b"false"))
"""Operators at which reading goes on in another way; None where no operator was found."""

_SHORT = 20
"""Bytes of operands that are remembered: half of all strings shown are one character."""

_PAINTED = re.compile(BLANK + rb"(?:f\*?|F|B\*?|b\*?|S|s)(?=" + BLANK + rb"|\Z)")


def operations(data: bytes) -> Iterator[Operation]:
    """Yield each operator that is not mere paint, with its operands.

    Operands are the raw bytes between the operator and the one before, comments included;
    :func:`operands`, :func:`numbers` and :func:`pieces` read them. Where the bytes are not
    plain they come as a parsed list. An inline image comes as ``BI`` with a list that holds
    its dictionary; its data is passed over.
    """
    place, end = 0, len(data)
    while place < end:
        # The expression matches the empty string too: where one match ends the next begins.
        for found in _OPERATION.finditer(data, place):
            operator, raw = found.group(2, 1)
            if operator in _NOT_PLAIN:
                break
            yield operator, raw
        operator, values, place = _read_on(data, found)
        if operator:
            yield operator, values


def _read_on(data: bytes, found: re.Match[bytes]) -> tuple[bytes, list[object], int]:
    """Return the operation at which a match ended or that it must not take, and its end."""
    operator, place = found[2], found.end()
    values: list[object] = []
    if operator != b"BI":
        start = place if operator is None else found.start(1)
        operator, values, place = read_operation(data, start)
    if operator == b"BI":
        picture, place = _inline_image(data, place)
        values = [picture]
    return operator, values, place


def numbers(raw: bytes | list[object], count: int) -> list[float] | None:
    """Return the last `count` operands, None unless they are that many numbers."""
    if isinstance(raw, bytes):
        try:
            found = list(map(float, raw.split()))
        except ValueError:
            return numbers(operands(raw), count)
        return found if len(found) == count else found[-count:] if len(found) > count else None
    values = raw[-count:]
    if len(values) < count or not all(type(value) in (int, float) for value in values):
        return None
    return [value for value in values if isinstance(value, (int, float))]


def pieces(raw: bytes | list[object]) -> Sequence[object]:
    """Return the strings (bytes) and numbers that an operator shows, of an array or single."""
    if isinstance(raw, bytes):
        return _short_pieces(raw) if len(raw) <= _SHORT else _pieces(raw)
    last = raw[-1] if raw else []
    return last if isinstance(last, list) else [last]


def _pieces(raw: bytes) -> Sequence[object]:
    if b"%" not in raw:
        try:
            return [
                unhexlify(digits) if digits else float(number) if number else literal(inside)
                for inside, digits, number in _PIECES.findall(raw)
            ]
        except ValueError:
            return pieces(operands(raw))
    return pieces(operands(raw))


_short_pieces = lru_cache(maxsize=10_000)(_pieces)


def painted(data: bytes) -> int:
    """Return about how many paths a content stream paints."""
    return len(_PAINTED.findall(data))


def _inline_image(data: bytes, place: int) -> tuple[dict[str, object], int]:
    """Return an inline image's dictionary and where the operator after its data begins."""
    word, values, place = read_operation(data, place)
    keys = zip(values[::2], values[1::2], strict=False)
    picture = {str(key): value for key, value in keys if isinstance(key, Name)}
    return picture, _image_end(data, place) if word == b"ID" else place


def _image_end(data: bytes, place: int) -> int:
    """Return the place after ``EI``: the first that stands alone and is followed by text."""
    first: int | None = None
    for tried, found in enumerate(_IMAGE_END.finditer(data, place)):
        alone = found.start() == 0 or data[found.start() - 1] in b"\x00\t\n\x0c\r >"
        if alone and _BINARY.match(data, found.end()) is None:
            return found.end()
        first = found.end() if first is None else first
        if tried == _MOST_ENDS_TRIED:
            break
    return len(data) if first is None else first
