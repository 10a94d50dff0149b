"""Text with its blocks, put together piece by piece, and pages for what has none."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from indexer.extract.parts import Part
from indexer.extracted import (
    Block,
    BlockKind,
    Direction,
    ExtractedPage,
    Fault,
    Limits,
    Outcome,
    PageRange,
    Places,
    Span,
)

PAGE_CHARACTERS = 2000
"""Where a format has no pages: about three screens, so that a hit leads to a place."""

LONGEST_PIECE = 2 * PAGE_CHARACTERS
"""A paragraph longer than this goes on on the next page."""

MOST_TITLE = 120

CUT = "文字が多すぎるため、先頭の{most}文字だけを読みました。"
TOO_MANY_PAGES = "ページが多すぎるため、先頭の{most}ページだけを読みました。"
NO_TEXT = "文字がありません。正しいファイルか確かめてください。"
ONLY_PICTURES = "画像だけで、文字がありません。文字認識(OCR)が必要です。PDFで保存し直してください。"

_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_ENDS = re.compile("[ \t\u3000]*(?:\r\n|[\n\r\x0b\x0c\x85\u2028\u2029])")
_PIECE_ENDS = re.compile(r"\n|(?<=[。．！？!?])")


def clean(text: str) -> str:
    """Return text without control characters and outer blanks, lines ended by newlines."""
    return _LINE_ENDS.sub("\n", _UNWANTED.sub("", text)).strip()


def as_title(text: str) -> str | None:
    """Return text as a page's title, on one line; None for what does not read like one."""
    title = " ".join(text.split())
    if not 2 <= len(title) <= MOST_TITLE or not any(letter.isalpha() for letter in title):
        return None
    return title


def is_wanted(number: int, pages: PageRange) -> bool:
    """Tell whether a page is one of those asked for."""
    return pages.first <= number and (pages.last is None or number <= pages.last)


class Box(NamedTuple):
    """Where something stands: tenths of a point from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float
    direction: Direction = Direction.RIGHT


class PageText:
    """One page in the making: its text, what each piece of it is, and where that stands."""

    def __init__(self, most_characters: int) -> None:
        self.cut = False
        """Whether text was left out because the page holds more than its limit."""
        self.length = 0
        self.body = 0
        """Characters but blanks, headers, footers and notes left out."""
        self._most = most_characters
        self._pieces: list[str] = []
        self._blocks: list[Block] = []
        self._places: list[tuple[Span, Box]] = []

    def add(self, kind: BlockKind, *texts: str, boxes: Sequence[Box | None] = ()) -> None:
        """Add a block of as many spans as there are texts that are not blank.

        Cells of a row are divided by a tab, all else by a newline. `boxes`, where given, tell
        where each text stands.
        """
        spans: list[Span] = []
        for index, text in enumerate(texts):
            between = "\t" if spans and kind is BlockKind.ROW else "\n" if self.length else ""
            span = self._append(between, clean(text))
            if span is None:
                continue
            spans.append(span)
            box = boxes[index] if index < len(boxes) else None
            if box is not None:
                self._places.append((span, box))
        if spans:
            self._blocks.append(Block(kind, tuple(spans)))
            if kind not in (BlockKind.RUNNING, BlockKind.NOTE, BlockKind.ANNOTATION):
                self.body += sum(end - start for start, end in spans)

    def finish(
        self,
        number: int,
        *,
        size: tuple[float, float] = (0.0, 0.0),
        title: str | None = None,
        images: int = 0,
        needs_ocr: bool = False,
    ) -> ExtractedPage:
        """Return the page; nothing may be added after."""
        text = "".join(self._pieces)
        return ExtractedPage(
            number=number,
            text=text,
            width=size[0],
            height=size[1],
            title=title,
            images=images,
            needs_ocr=needs_ocr,
            places=_places(self._places),
            blocks=tuple(self._blocks),
            glyphs=len("".join(text.split())),
        )

    def cut_fault(self, number: int) -> list[Fault]:
        """Return what to say of the text that was left out, if any was."""
        text = CUT.format(most=self._most)
        return [Fault(Outcome.TOO_LARGE, text, number)] if self.cut else []

    def _append(self, between: str, text: str) -> Span | None:
        room = self._most - self.length - len(between)
        if text and len(text) > room:
            self.cut = True
            text = text[: max(0, room)].rstrip()
        if not text:
            return None
        self._pieces += (between, text)
        start = self.length + len(between)
        self.length = start + len(text)
        return start, self.length


def _places(stretches: Sequence[tuple[Span, Box]]) -> Places:
    return Places(
        starts=tuple(span[0] for span, _ in stretches),
        ends=tuple(span[1] for span, _ in stretches),
        lefts=tuple(round(box.left) for _, box in stretches),
        tops=tuple(round(box.top) for _, box in stretches),
        rights=tuple(round(box.right) for _, box in stretches),
        bottoms=tuple(round(box.bottom) for _, box in stretches),
        directions=tuple(int(box.direction) for _, box in stretches),
    )


@dataclass(slots=True)
class Tally:
    """What the pages of one file hold, for the verdict on the whole."""

    read: int = 0
    with_text: int = 0
    needing_ocr: int = 0
    failed: int = 0

    def count(self, page: ExtractedPage) -> None:
        """Take a page into account."""
        self.read += 1
        self.with_text += bool(page.text) and not page.needs_ocr
        self.needing_ocr += page.needs_ocr

    def verdict(self) -> Iterator[Fault]:
        """Yield what is wrong with a file that has nothing to search for."""
        if self.with_text == 0 and self.needing_ocr:
            yield Fault(Outcome.NEEDS_OCR, ONLY_PICTURES)
        elif self.with_text == 0 and self.failed == 0:
            yield Fault(Outcome.EMPTY, NO_TEXT)


class Flow:
    """Cuts paragraphs that follow each other into numbered pages.

    Where the format tells no pages, a page ends before the heading that follows half of
    `PAGE_CHARACTERS`, or at the end of the paragraph that fills it. With `paged`, pages end
    where `turn` is called and nowhere else.
    """

    def __init__(self, limits: Limits, pages: PageRange, *, paged: bool = False) -> None:
        self.number = 1
        """Of the page in the making."""
        self._limits = limits
        self._range = pages
        self._paged = paged
        self._ready: list[Part] = []
        self._tally = Tally()
        self._waiting: list[tuple[BlockKind, str]] = []
        self._start()

    def _start(self) -> None:
        self._page = PageText(self._limits.characters_per_page)
        self._title: str | None = None
        self._images = 0

    @property
    def full(self) -> bool:
        """Whether the last page that may be read has been."""
        return self.number > self._limits.pages or not (
            self._range.last is None or self.number <= self._range.last
        )

    @property
    def is_new(self) -> bool:
        """Whether nothing stands on the page in the making."""
        return self._page.length == 0

    def add(self, kind: BlockKind, *texts: str) -> None:
        """Add a block; a heading may become the title of its page."""
        if kind is BlockKind.ROW or self._paged:
            self._put(kind, *texts)
            return
        for text in texts:
            for piece in _pieces(text):
                self._put(kind, piece)

    def lines(self, kind: BlockKind, lines: Sequence[str]) -> None:
        """Add a block of lines that belong together; one that is too long goes on by itself."""
        if sum(map(len, lines)) > LONGEST_PIECE:
            self.add(kind, *lines)
        else:
            self._put(kind, *lines)

    def later(self, kind: BlockKind, text: str) -> None:
        """Add a block at the end of the page in the making: a note, a header, a reading."""
        self._waiting.append((kind, text))

    def name(self, title: str) -> None:
        """Give the page in the making its title, unless it has one."""
        self._title = self._title or as_title(title)

    def picture(self) -> None:
        """Count an image on the page in the making."""
        self._images += 1

    def turn(self) -> None:
        """End the page in the making, if anything is on it."""
        if not self.is_new or self._images:
            self._end()

    def _end(self) -> None:
        waiting, self._waiting = self._waiting, []
        for kind, text in waiting:
            self._page.add(kind, text)
        page = self._page.finish(
            self.number,
            title=self._title,
            images=self._images,
            needs_ocr=self._images > 0 and self._page.body < 20,
        )
        if is_wanted(self.number, self._range) and self.number <= self._limits.pages:
            self._ready.append(page)
            self._tally.count(page)
            self._ready += self._page.cut_fault(self.number)
        self.number += 1
        self._start()

    def take(self) -> Iterator[Part]:
        """Yield the pages that have ended since the last call, with their faults."""
        ready, self._ready = self._ready, []
        yield from ready

    def finish(self, *, cut: bool = False) -> Iterator[Part]:
        """Yield the last page and what is wrong with the whole; `cut` when more would follow."""
        if not self.is_new or self._images or self._waiting:
            self._end()
        yield from self.take()
        if cut and self.number > self._limits.pages:
            text = TOO_MANY_PAGES.format(most=self._limits.pages)
            yield Fault(Outcome.TOO_LARGE, text)
        yield from self._tally.verdict()

    def _put(self, kind: BlockKind, *texts: str) -> None:
        if not self._paged:
            enough = PAGE_CHARACTERS // 2 if kind is BlockKind.HEADING else PAGE_CHARACTERS
            length = self._page.length
            if length >= enough or (length and length + sum(map(len, texts)) > LONGEST_PIECE):
                self.turn()
        if kind is BlockKind.HEADING:
            self.name(texts[0])
        self._page.add(kind, *texts)


def _pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces of at most `LONGEST_PIECE`, cut at the end of a sentence."""
    while len(text) > LONGEST_PIECE:
        ends = [found.end() for found in _PIECE_ENDS.finditer(text, 0, LONGEST_PIECE)]
        cut = ends[-1] if ends and ends[-1] >= PAGE_CHARACTERS else LONGEST_PIECE
        yield text[:cut]
        text = text[cut:]
    yield text
