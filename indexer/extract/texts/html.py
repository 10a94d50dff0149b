"""HTML as a browser would show it without scripts: headings, paragraphs, lists, tables.

What is no content is left out: scripts, styles, navigation, templates, form controls and what
is hidden. A table is read row by row; one whose cells hold tables or headings is only there
for the layout, and its cells are read one after the other. Pages end at headings or
paragraphs after about 2,000 characters. Nothing is fetched, no entity but HTML's own is known.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from lxml import etree

from indexer.extract.office.drawing import MADE_UP
from indexer.extract.office.ooxml import LXML, Element
from indexer.extract.page_text import Flow
from indexer.extract.parts import Part
from indexer.extract.texts.html_links import Links
from indexer.extract.texts.html_source import base_of, closed, decoded_page, parsed, with_front
from indexer.extracted import (
    BlockKind,
    ExtractedDocument,
    Fault,
    Limits,
    Outcome,
    OutlineEntry,
    PageRange,
)

MEDIA_TYPE = "text/html"
EXTRACTOR = f"kb-html 1 ({LXML})"

MOST_BYTES = 8 * 2**20
"""A page of 15 MB took 630 MB of memory and 14 s of CPU."""

MOST_ENTRIES = 2000
"""Of the outline."""

NO_TEXT = "HTMLの文字コードが分かりません。ブラウザーの印刷からPDFで保存し直してください。"
TOO_LARGE = "HTMLが大きすぎるため、先頭の{megabytes}MBだけを読みました。"
TOO_DEEP = (
    "入れ子が深すぎるため、途中までを読みました。ブラウザーの印刷からPDFで保存し直してください。"
)
LOST = "文字コードに合わない所が{count}か所あり、「\ufffd」に置き換えました。"

_ALL = PageRange()
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LEFT_OUT = frozenset(
    {
        *("script", "style", "nav", "template", "noscript", "iframe", "object", "embed"),
        *("applet", "svg", "math", "canvas", "audio", "video", "map", "select", "datalist"),
        *("button", "input", "textarea", "head", "rp", "menu"),
    }
)
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd"),
        *("details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure"),
        *("footer", "form", "header", "hr", "legend", "li", "main", "ol", "p", "pre", "section"),
        *("summary", "table", "tbody", "tfoot", "thead", "ul"),
    }
)
_KINDS = {**dict.fromkeys(_HEADINGS, BlockKind.HEADING), "footer": BlockKind.RUNNING}
_BREAKS_ROW = frozenset({*_HEADINGS, "table"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def read(
    stream: BinaryIO, limits: Limits, *, password: str = "", pages: PageRange = _ALL
) -> Iterator[Part]:
    """Yield the front, then pages and faults; last the front with its outline.

    `password` is not used.
    """
    content = stream.read(MOST_BYTES + 1)
    decoded = decoded_page(content[:MOST_BYTES])
    front = ExtractedDocument(MEDIA_TYPE, extractor=EXTRACTOR)
    if decoded is None:
        yield front
        yield Fault(Outcome.UNSUPPORTED, NO_TEXT)
        return
    root, too_deep = parsed(decoded.text)
    front = with_front(front, root)
    yield front
    reading = _Reading(Flow(limits, pages), base_of(root))
    yield from reading.parts(root)
    yield replace(front, outline=tuple(reading.outline), links=tuple(reading.links.found))
    if too_deep:
        yield Fault(Outcome.INDEXED_PARTLY, TOO_DEEP)
    if len(content) > MOST_BYTES:
        yield Fault(Outcome.TOO_LARGE, TOO_LARGE.format(megabytes=MOST_BYTES // 2**20))
    # The cut may fall within a character.
    if decoded.lost > (len(content) > MOST_BYTES):
        yield Fault(Outcome.INDEXED_PARTLY, LOST.format(count=decoded.lost))


@dataclass(slots=True)
class _Table:
    """A table being read."""

    cells: list[str] = field(default_factory=list)
    in_cell: bool = False
    for_layout: bool = False
    """Whether its cells are read one after the other."""


class _Reading:
    """One walk over the elements of a page."""

    def __init__(self, flow: Flow, base: str) -> None:
        self._flow = flow
        self._words: list[str] = []
        self._readings: list[str] = []
        self._pictures: list[str] = []
        self._tables: list[_Table] = []
        self._kinds: list[BlockKind] = [BlockKind.PARAGRAPH]
        self._ruby: list[str] | None = None
        self._preformatted = 0
        self.outline: list[OutlineEntry] = []
        self.links = Links(base)

    def parts(self, root: Element | None) -> Iterator[Part]:
        """Yield the pages with their faults, then what is wrong with the whole."""
        cut = False
        walk = etree.iterwalk(etree.Element("html") if root is None else root, ("start", "end"))
        for event, element in walk:
            if self._flow.full:
                cut = True
                break
            tag = str(element.tag)
            if event == "start":
                if _is_left_out(tag, element):
                    walk.skip_subtree()
                else:
                    self._open(tag, element)
            else:
                if not _is_left_out(tag, element):
                    self._close(tag)
                self._say(element.tail)
            yield from self._flow.take()
        self._flush()
        yield from self._flow.finish(cut=cut)

    def _open(self, tag: str, element: Element) -> None:
        if tag in _BREAKS_ROW and self._tables and self._tables[-1].in_cell:
            self._spread()
        if tag in _BLOCKS or tag in _HEADINGS:
            self._flush()
        if tag in _KINDS:
            self._kinds.append(_KINDS[tag])
        elif tag == "table":
            self._tables.append(_Table())
        elif tag in ("td", "th") and self._tables:
            self._flush()
            self._tables[-1].in_cell = True
        else:
            self._open_inline(tag, element)
        self._say(element.text)

    def _open_inline(self, tag: str, element: Element) -> None:
        if tag == "rt":
            self._ruby = []
        elif tag == "pre":
            self._preformatted += 1
        elif tag == "br":
            self._words.append("\n")
        elif tag == "img":
            self._picture(element)
        elif tag == "a":
            self.links.begin(element.get("href") or "", self._words, len(self._pictures))

    def _close(self, tag: str) -> None:
        if tag in ("td", "th") and self._tables:
            self._end_cell()
        elif tag == "tr" and self._tables:
            self._end_row()
        elif tag == "table" and self._tables:
            self._end_row()
            self._tables.pop()
        elif tag == "rt" and self._ruby is not None:
            self._readings.append("".join(self._ruby))
            self._ruby = None
        elif tag == "a":
            self.links.end(self._pictures)
        elif tag in _BLOCKS or tag in _HEADINGS:
            self._flush(_HEADINGS.get(tag))
        if tag == "pre":
            self._preformatted -= 1
        if tag in _KINDS and len(self._kinds) > 1:
            self._kinds.pop()

    def _say(self, text: str | None) -> None:
        if not text:
            return
        if not self._preformatted:
            text = closed(text)
        (self._words if self._ruby is None else self._ruby).append(text)
        if self._ruby is None:
            self.links.say(text)

    def _picture(self, element: Element) -> None:
        words = (element.get("alt") or "").strip()
        if words and not MADE_UP.fullmatch(words):
            self._pictures.append(words)

    def _flush(self, level: int | None = None) -> None:
        """Add the words since the last block; within a cell they only end a line."""
        if self._tables and self._tables[-1].in_cell:
            if self._words and self._words[-1] != "\n":
                self._words.append("\n")
            return
        words, self._words = _joined(self._words), []
        if words:
            self._flow.add(self._kinds[-1], words)
            if level is not None and len(self.outline) < MOST_ENTRIES:
                title = " ".join(words.split())[:500]
                self.outline.append(OutlineEntry(title, level, self._flow.number))
        self._flush_asides()

    def _flush_asides(self) -> None:
        for reading in self._readings:
            self._flow.later(BlockKind.READING, reading)
        for words in self._pictures:
            self._flow.add(BlockKind.ANNOTATION, words)
        self._readings, self._pictures = [], []

    def _spread(self) -> None:
        """Turn the tables around into layout: what their open cells hold becomes paragraphs."""
        for table in self._tables:
            table.for_layout = True
            cells, table.cells, table.in_cell = table.cells, [], False
            for text in cells:
                self._flow.add(BlockKind.PARAGRAPH, text)
        self._flush()

    def _end_cell(self) -> None:
        table = self._tables[-1]
        table.in_cell = False
        if table.for_layout:
            self._flush()
            return
        text, self._words = _joined(self._words), []
        table.cells.append(text)

    def _end_row(self) -> None:
        table = self._tables[-1]
        table.in_cell = False
        cells, table.cells = table.cells, []
        kept = [text for text in cells if text]
        if kept:
            self._flow.add(BlockKind.ROW if len(kept) > 1 else BlockKind.PARAGRAPH, *kept)
        self._flush()


def _is_left_out(tag: str, element: Element) -> bool:
    if tag in _LEFT_OUT or element.get("hidden") is not None:
        return True
    return _HIDDEN.search(element.get("style") or "") is not None


def _joined(words: list[str]) -> str:
    """Return words with the blanks at the ends of their lines closed."""
    return re.sub(r" ?\n ?", "\n", re.sub(" {2,}", " ", "".join(words))).strip()
