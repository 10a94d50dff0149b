"""The tokens of a content stream: how each is spelt, and what it stands for.

What is read here is read token by token; `indexer.extract.pdf.tokens` passes over what needs
no reading.
"""

import re
from binascii import Error as NotHexadecimal
from binascii import unhexlify


class Name(str):
    """A name object, without its slash."""

    __slots__ = ()


BLANK = rb"[\x00\t\n\x0c\r ]"
GAP = rb"(?:[\x00\t\n\x0c\r ]++|%[^\r\n]*+)*+"
PLAIN = rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]"
ENDS = rb"(?![^\x00\t\n\x0c\r ()<>\[\]{}/%#])"
STRING = rb"\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\)"
HEXADECIMAL = rb"<(?!<)[^<>]*+>"
DICTIONARY = rb"<<(?:[^<>()%]++|" + STRING + rb"|" + HEXADECIMAL + rb")*+>>"
OPERAND = (
    rb"(?:[-+.0-9]++|/"
    + PLAIN
    + rb"*+|[\[\]]|"
    + HEXADECIMAL
    + rb"|"
    + STRING
    + rb"|"
    + DICTIONARY
    + rb")"
)
WORD = rb"(?:[A-Za-z]" + rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%#]*+|['\"])"
_TOKEN = re.compile(
    GAP + rb"(?:(?P<number>(?=[-+.0-9])[-+]?+[0-9]*+(?:\.[0-9]*+)?+)"
    rb"|/(?P<name>" + PLAIN + rb"*+)"
    rb"|(?P<open><<|\[)|(?P<close>>>|\])"
    rb"|<(?P<hexadecimal>[^<>]*+)>?+"
    rb"|(?P<string>\()"
    rb"|(?P<word>" + WORD + rb")"
    rb"|(?P<other>.))",
    re.DOTALL,
)
_STRING_STOP = re.compile(rb"[()\\]")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|.))|\r\n?", re.DOTALL)
_ESCAPED = {
    b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f",
    b"\r\n": b"", b"\n": b"", b"\r": b"",
}  # fmt: skip
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_NOT_HEXADECIMAL = re.compile(rb"[^0-9A-Fa-f]")


def operands(raw: bytes | list[object]) -> list[object]:
    """Return operands parsed: numbers, names, strings (bytes), arrays and dictionaries."""
    return raw if isinstance(raw, list) else read_operation(raw, 0)[1]


def literal(inside: bytes) -> bytes:
    """Return the bytes that a literal string's inside stands for."""
    if b"\\" not in inside and b"\r" not in inside:
        return inside
    return _ESCAPE.sub(_unescaped, inside)


def hexadecimal(inside: bytes) -> bytes:
    """Return the bytes that a hexadecimal string's inside stands for."""
    try:
        return unhexlify(inside)
    except NotHexadecimal:
        digits = _NOT_HEXADECIMAL.sub(b"", inside)
        return unhexlify(digits + b"0" * (len(digits) % 2))


def name(inside: bytes) -> Name:
    """Return a name, given without its slash."""
    return Name(unescaped_name(inside).decode("utf-8", "replace"))


def unescaped_name(inside: bytes) -> bytes:
    """Return the bytes that a name, given without its slash, stands for."""
    if b"#" not in inside:
        return inside
    return _NAME_ESCAPE.sub(lambda found: bytes((int(found[1], 16),)), inside)


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        return bytes((int(found[1], 8) & 255,))
    if found[2] is not None:
        return _ESCAPED.get(found[2], found[2])
    return b"\n"


def read_operation(data: bytes, place: int) -> tuple[bytes, list[object], int]:
    """Return the next operator, its operands and the place after it.

    The operator is empty, and the place the end, where the data ends first.
    """
    match, end, open_ones = _TOKEN.match, len(data), _Open()
    while place < end:
        found = match(data, place)
        if found is None:
            break
        place = found.end()
        kind, text = found.lastgroup, found[found.lastgroup or 0]
        if kind == "word" and text not in (b"true", b"false"):
            return text, open_ones.top(), place
        if kind == "string":
            text, place = balanced(data, place)
        open_ones.take(kind, text)
    return b"", open_ones.top(), end


class _Open:
    """The operands read so far, with the arrays and dictionaries not yet closed."""

    def __init__(self) -> None:
        self._levels: list[tuple[bytes, list[object]]] = [(b"", [])]

    def top(self) -> list[object]:
        """Return the operands; an array or dictionary left open ends here."""
        while len(self._levels) > 1:
            self._close(self._levels[-1][0])
        return self._levels[0][1]

    def take(self, kind: str | None, text: bytes) -> None:
        """Take one token."""
        values = self._levels[-1][1]
        if kind == "number":
            values.extend(_number(text))
        elif kind == "name":
            values.append(name(text))
        elif kind == "hexadecimal":
            values.append(hexadecimal(text))
        elif kind == "string":
            values.append(literal(text))
        elif kind == "word":
            values.append(text == b"true")
        elif kind == "open":
            self._levels.append((text, []))
        elif kind == "close":
            self._close(b"<<" if text == b">>" else b"[")

    def _close(self, bracket: bytes) -> None:
        if self._levels[-1][0] != bracket:
            return
        _, inside = self._levels.pop()
        values = self._levels[-1][1]
        if bracket == b"[":
            values.append(inside)
        else:
            pairs = zip(inside[::2], inside[1::2], strict=False)
            values.append({str(key): value for key, value in pairs if isinstance(key, Name)})


def _number(text: bytes) -> list[float]:
    try:
        return [float(text)]
    except ValueError:  # a sign or a point alone
        return []


def balanced(data: bytes, place: int) -> tuple[bytes, int]:
    """Return a literal string's inside and where it ends; up to the end when never closed."""
    start, depth = place, 1
    while depth:
        found = _STRING_STOP.search(data, place)
        if found is None:
            return b"", len(data)
        place = found.end() + (found[0] == b"\\")
        depth += (found[0] == b"(") - (found[0] == b")")
    return data[start : place - 1], place
