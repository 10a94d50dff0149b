"""The fonts of one document: what the bytes of a string show, and how far they move.

pdfminer reads the fonts; each is asked once per code and once per string. A broken font
costs its own glyphs, not the page.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from pdfminer.cmapdb import CMapDB, FileUnicodeMap, UnicodeMap
from pdfminer.pdffont import PDFCIDFont, PDFFont, PDFSimpleFont, PDFType3Font, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, list_value, resolve1
from pdfminer.psparser import LIT, literal_name

from indexer.extract.pdf.cmaps import to_unicode

_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]")

_MOST_STRINGS = 20_000
"""Strings remembered per font: short ones come again and again."""

_LONGEST_STRING = 32
"""Bytes of a string that is remembered."""

_READ_ELSEWHERE = LIT("read elsewhere")
"""Stands for a ToUnicode map in what pdfminer is given, so that it reads none itself."""

_FONT_FILES = ("FontFile", "FontFile2", "FontFile3")


class Shown(NamedTuple):
    """What a string shows."""

    text: str
    advance: float
    """For a font size of 1, in text space units; without character and word spacing."""
    glyphs: int
    undefined: int
    blanks: int
    """Glyphs that are spaces."""
    spaces: int
    """Single-byte codes 32, which word spacing widens."""
    steps: tuple[float, ...]
    """The advance of each character of the text, empty where all are equal."""


class UnreadableFont(PDFFont):
    """Stands for a font that cannot be loaded: every glyph of it is undefined."""

    def __init__(self) -> None:
        super().__init__({}, {}, default_width=500)

    def to_unichr(self, cid: int) -> str:
        """Raise PDFUnicodeNotDefined, for every glyph."""
        raise PDFUnicodeNotDefined(None, cid)


class FontTable:
    """What a font's strings show, kept."""

    def __init__(self, font: PDFFont) -> None:
        self.vertical: bool = font.is_vertical()
        self.scale = 1000 * abs(font.vscale) if isinstance(font, PDFType3Font) else 1.0
        """The height of an em beside that of an ordinary font."""
        self.known: dict[bytes, Shown] = {}
        self._font = font
        self._single = not font.is_multibyte()
        self._glyphs: dict[int, tuple[str | None, float]] = {}
        self._collection: UnicodeMap | None = None
        self._asked = False

    def show(self, string: bytes) -> Shown:
        """Return what a string shows; kept in `known` where it is short."""
        shown = self.known.get(string)
        if shown is None:
            shown = self._shown(string)
            if len(string) <= _LONGEST_STRING and len(self.known) < _MOST_STRINGS:
                self.known[string] = shown
        return shown

    def _shown(self, string: bytes) -> Shown:
        known = self._glyphs
        glyphs = [known.get(code) or self._glyph(code) for code in self._font.decode(string)]
        widths = [width for _, width in glyphs]
        undefined = len([None for text, _ in glyphs if text is None])
        texts = [text or "" for text, _ in glyphs]
        shown = "".join(texts)
        # No text is empty but an undefined one's, so none has two characters either.
        single = not undefined and len(shown) == len(glyphs)
        return Shown(
            shown,
            sum(widths),
            len(glyphs),
            undefined,
            shown.count(" ") + shown.count("\u3000"),
            string.count(b" ") if self._single else 0,
            _even_steps(widths) if single else _steps(texts, widths),
        )

    def _glyph(self, code: int) -> tuple[str | None, float]:
        width = self._font.char_width(code)
        glyph = self._glyphs[code] = (self._text(code), float(width))
        return glyph

    def _text(self, code: int) -> str | None:
        """Return a glyph's text, None where it stands for no known character."""
        try:
            text: str = self._font.to_unichr(code)
        except PDFUnicodeNotDefined:
            text = self._by_collection(code)
        kept = _UNWANTED.sub("", text)
        if kept:
            return kept
        return " " if text and text.isspace() else None

    def _by_collection(self, code: int) -> str:
        """Return what a glyph that ToUnicode leaves out is in its character collection."""
        if not self._asked:
            self._asked = True
            if isinstance(self._font, PDFCIDFont):
                with suppress(CMapDB.CMapNotFound):  # Adobe-Identity has none, and few others
                    self._collection = CMapDB.get_unicode_map(self._font.cidcoding, self.vertical)
        return self._collection.cid2unichr.get(code, "") if self._collection is not None else ""


def _even_steps(widths: list[float]) -> tuple[float, ...]:
    """Return the advances of glyphs of one character each."""
    return tuple(widths) if len(set(widths)) > 1 else ()


def _steps(texts: list[str], widths: list[float]) -> tuple[float, ...]:
    """Return each character's advance; a glyph without text widens the one before it."""
    steps: list[float] = []
    for text, width in zip(texts, widths, strict=True):
        if text:
            steps.extend([width / len(text)] * len(text))
        elif steps:
            steps[-1] += width
    return tuple(steps)


class Fonts(PDFResourceManager):
    """The fonts of one document."""

    def __init__(self) -> None:
        super().__init__()
        self._tables: dict[int, FontTable] = {}

    def table(self, reference: object) -> FontTable:
        """Return the table of the font that a resource refers to."""
        if not isinstance(reference, PDFObjRef):
            return FontTable(self.get_font(None, dict_value(reference)))
        table = self._tables.get(reference.objid)
        if table is None:
            font = self.get_font(reference.objid, _dictionary(reference))
            table = self._tables[reference.objid] = FontTable(font)
        return table

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        """Return the font, or an UnreadableFont for one that is broken."""
        try:
            return self._font(objid, spec)
        except MemoryError:
            raise
        except Exception:  # pdfminer raises whatever the broken font leads it to
            return UnreadableFont()

    def _font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        """Let pdfminer load the font, all but its ToUnicode map, and set that."""
        stream = resolve1(spec.get("ToUnicode"))
        if not isinstance(stream, PDFStream):
            return super().get_font(None, spec)
        composite = literal_name(resolve1(spec.get("Subtype"))) == "Type0"
        plain = {key: value for key, value in spec.items() if key != "ToUnicode"}
        if composite:
            descendant = _without_file(dict_value(list_value(spec["DescendantFonts"])[0]))
            plain |= {"ToUnicode": _READ_ELSEWHERE, "DescendantFonts": [descendant]}
        font = super().get_font(None, plain)
        if isinstance(font, (PDFSimpleFont, PDFCIDFont)):
            font.unicode_map = FileUnicodeMap()
            font.unicode_map.cid2unichr = to_unicode(stream.get_data())
        return font


def _without_file(descendant: dict[str, Any]) -> dict[str, Any]:
    """Return a descendant font without the embedded one, which ToUnicode makes superfluous."""
    descriptor = dict_value(descendant.get("FontDescriptor", {}))
    kept = {key: value for key, value in descriptor.items() if key not in _FONT_FILES}
    return {**descendant, "FontDescriptor": kept}


def _dictionary(reference: PDFObjRef) -> dict[str, Any]:
    try:
        return dict_value(reference)
    except MemoryError:
        raise
    except Exception:  # pdfminer raises whatever a broken object leads it to
        return {}
