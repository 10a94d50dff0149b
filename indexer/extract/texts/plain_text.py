"""Plain text, CSV too: a page is what stands before a form feed, or about 2,000 characters."""

from collections.abc import Iterator
from typing import BinaryIO

from indexer.extract.page_text import PAGE_CHARACTERS, Flow
from indexer.extract.parts import Part
from indexer.extract.texts.encodings import decode
from indexer.extracted import (
    BlockKind,
    ExtractedDocument,
    Fault,
    Limits,
    Outcome,
    PageRange,
)

MEDIA_TYPE = "text/plain"
EXTRACTOR = "kb-text 1"

MOST_BYTES = 32 * 2**20
"""56 MB took 900 MB of memory, of the 1 GiB that there is."""

LONGEST_BLOCK = PAGE_CHARACTERS
"""Characters of lines without a blank one between that are kept together."""

NO_TEXT = (
    "文字として読めません。テキストならUTF-8かシフトJIS、そうでなければPDFで保存し直してください。"
)
TOO_LARGE = "テキストが大きすぎるため、先頭の{megabytes}MBだけを読みました。"
LOST = "文字コードに合わない所が{count}か所あり、「\ufffd」に置き換えました。"

_ALL = PageRange()


def read(
    stream: BinaryIO, limits: Limits, *, password: str = "", pages: PageRange = _ALL
) -> Iterator[Part]:
    """Yield the front, then pages and faults; `password` is not used."""
    yield ExtractedDocument(MEDIA_TYPE, extractor=EXTRACTOR)
    content = stream.read(MOST_BYTES + 1)
    decoded = decode(content[:MOST_BYTES])
    if decoded is None:
        yield Fault(Outcome.UNSUPPORTED, NO_TEXT)
        return
    flow = Flow(limits, pages)
    cut = False
    for page in decoded.text.split("\f"):
        for block in _blocks(page.splitlines()):
            cut = flow.full
            if cut:
                break
            flow.lines(BlockKind.PARAGRAPH, block)
            yield from flow.take()
        flow.turn()
    yield from flow.finish(cut=cut)
    if len(content) > MOST_BYTES:
        yield Fault(Outcome.TOO_LARGE, TOO_LARGE.format(megabytes=MOST_BYTES // 2**20))
    # The cut may fall within a character.
    if decoded.lost > (len(content) > MOST_BYTES):
        yield Fault(Outcome.INDEXED_PARTLY, LOST.format(count=decoded.lost))


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Yield the lines that stand together, by blank lines or where they grow too long."""
    block: list[str] = []
    length = 0
    for line in lines:
        if block and (not line.strip() or length + len(line) > LONGEST_BLOCK):
            yield block
            block, length = [], 0
        if line.strip():
            block.append(line)
            length += len(line)
    if block:
        yield block
