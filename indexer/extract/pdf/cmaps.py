"""ToUnicode maps, read by regular expressions.

pdfminer reads them by its PostScript parser, 20 times slower, and walks every code of a
range however large: a range of four thousand million codes in one line is a known bomb.
"""

import re
from collections.abc import Callable, Iterator

MOST_ENTRIES = 150_000
"""Entries read of one map, repeated ones included; a font has at most 65,536 glyphs."""

_KEYWORD = re.compile(rb"\b(?:begin|end)(?:bf|cid)(?:char|range)\b")
_PAIR = re.compile(rb"<([^<>]*)>\s*(?:<([^<>]*)>|/([^\s<>\[\]/()]+))")
_RANGE = re.compile(rb"<([^<>]*)>\s*<([^<>]*)>\s*(?:<([^<>]*)>|\[([^\[\]]*)\])")
_CID = re.compile(rb"<([^<>]*)>\s*(?:<([^<>]*)>\s*)?(\d{1,9})\b")
_STRING = re.compile(rb"<([^<>]*)>")
_NO_BREAK_SPACE = "\u00a0"


def to_unicode(data: bytes) -> dict[int, str]:
    """Return what each character code stands for, after a decoded ToUnicode stream.

    Entries that cannot be read are left out; the map ends at `MOST_ENTRIES`.
    """
    found: dict[int, str] = {}
    left = MOST_ENTRIES
    for kind, start, end in _blocks(data):
        for code, text in _READERS[kind](data[start:end]):
            left -= 1
            if left < 0:
                return found
            # Some producers map one code to a space and then to one that does not break.
            if text != _NO_BREAK_SPACE or found.get(code) != " ":
                found[code] = text
    return found


def _blocks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and end of each block; one that is never closed ends with the data."""
    kind, start = b"", 0
    for keyword in _KEYWORD.finditer(data):
        if kind:
            yield kind, start, keyword.start()
        kind = keyword[0][5:] if keyword[0].startswith(b"begin") else b""
        start = keyword.end()
    if kind:
        yield kind, start, len(data)


def _characters(block: bytes) -> Iterator[tuple[int, str]]:
    for code, text, glyph in _PAIR.findall(block):
        number = _number(code)
        if number is not None and not glyph:
            yield number, _text(_bytes(text))


def _ranges(block: bytes) -> Iterator[tuple[int, str]]:
    for first, last, text, several in _RANGE.findall(block):
        start, end = _number(first), _number(last)
        if start is None or end is None:
            continue
        if several:
            texts = _STRING.findall(several)
            yield from zip(range(start, end + 1), map(_text, map(_bytes, texts)), strict=False)
        else:
            yield from _counted(start, end, _bytes(text))


def _collected(block: bytes) -> Iterator[tuple[int, str]]:
    """Yield what some producers write the wrong way round: from the text to the code."""
    for first, last, code in _CID.findall(block):
        start, end = _number(first), _number(last or first)
        if start is not None and end is not None:
            yield from _counted(int(code), int(code) + end - start, _bytes(first))


def _counted(start: int, end: int, text: bytes) -> Iterator[tuple[int, str]]:
    """Yield a range whose texts count up in their last four bytes."""
    head, tail = text[:-4], text[-4:]
    base, width = int.from_bytes(tail, "big"), len(tail)
    for step in range(min(end - start + 1, MOST_ENTRIES)):
        if base + step >= 1 << (8 * width):
            return
        yield start + step, _text(head + (base + step).to_bytes(width, "big"))


def _number(digits: bytes) -> int | None:
    try:
        return int(b"".join(digits.split()), 16)
    except ValueError:
        return None


def _bytes(digits: bytes) -> bytes:
    try:
        return bytes.fromhex(digits.decode("ascii", "replace"))
    except ValueError:
        return b""


def _text(value: bytes) -> str:
    return value.decode("utf-16-be", "ignore")


_READERS: dict[bytes, Callable[[bytes], Iterator[tuple[int, str]]]] = {
    b"bfchar": _characters,
    b"bfrange": _ranges,
    b"cidchar": _collected,
    b"cidrange": _collected,
}
