"""Marked content: the text a producer says is meant by what it draws (/ActualText)."""

import re
from collections.abc import Callable
from typing import Any

from pdfminer.pdftypes import dict_value, resolve1

from indexer.extract.pdf.operands import Name, operands
from indexer.extract.pdf.sheet import Sheet
from indexer.extract.pdf.structure import Replacements

MOST_CHARACTERS = 20_000
"""Of one replacement text."""

_DEEPEST = 1000

_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\xad\ud800-\udfff\ufffe\uffff]")

_MARKS = ((b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"), (b"\xef\xbb\xbf", "utf-8"))

_NUMBER = re.compile(rb"/MCID\s*(\d+)")


class Marks:
    """The marked contents open in one content stream."""

    def __init__(
        self, sheet: Sheet, properties: Callable[[str], object], structure: Replacements | None
    ) -> None:
        self._sheet = sheet
        self._properties = properties
        self._structure = structure
        self._open: list[str | None] = []

    def begin(self, raw: bytes | list[object]) -> None:
        """Take ``BDC`` or ``BMC``."""
        if len(self._open) < _DEEPEST:
            text = self._replacement(raw)
            replaces = text is not None and self._sheet.begin_replaced()
            self._open.append(text if replaces else None)

    def end(self, _: object) -> None:
        """Take ``EMC``."""
        text = self._open.pop() if self._open else None
        if text is not None:
            self._sheet.end_replaced(text)

    def close(self) -> None:
        """End what the stream left open."""
        while self._open:
            self.end(b"")

    def _replacement(self, raw: bytes | list[object]) -> str | None:
        if isinstance(raw, bytes) and b"ActualText" not in raw:
            if b"<<" in raw:
                number = _NUMBER.search(raw) if self._structure is not None else None
                return self._structural(int(number[1])) if number is not None else None
            if raw.count(b"/") < 2:
                return None
        parsed = operands(raw)
        if not parsed:
            return None
        marked: Any = parsed[-1]
        if isinstance(marked, Name):
            marked = dict_value(self._properties(marked)) if len(parsed) > 1 else {}
        text = resolve1(marked.get("ActualText")) if isinstance(marked, dict) else None
        return replacement(text) if isinstance(text, bytes) else None

    def _structural(self, number: int) -> str | None:
        text = self._structure(number) if self._structure is not None else None
        return None if text is None else replacement(text)


def replacement(value: bytes) -> str:
    """Return a replacement text without what no text holds (controls, soft hyphens)."""
    value = value[: 4 * MOST_CHARACTERS]
    for mark, encoding in _MARKS:
        if value.startswith(mark):
            text = value[len(mark) :].decode(encoding, "ignore")
            break
    else:
        text = value.decode("latin-1")
    return _UNWANTED.sub("", text)[:MOST_CHARACTERS]
