"""From what was read to what the catalogue records of an original."""

from collections.abc import Mapping
from typing import Any

from indexer.extracted import ExtractedDocument, ExtractedPage, Outcome
from indexer.reading.reader import ReadDocument, ReadPage
from kb.catalogue.entries import NO_LAYOUT, HeldFile, PageEntry, TextSignature
from kb.catalogue.views import PageLayout, TextBlock, TokenSpans


def held_file(
    name: str,
    sha256: str,
    size: int,
    read: ReadDocument,
    outcome: Outcome,
    detail: str | None,
    signature: TextSignature,
) -> HeldFile:
    """The record of an original of `size` bytes that was read and judged."""
    extracted = read.extracted
    faults = {fault.page: fault.detail for fault in extracted.faults if fault.page}
    return HeldFile(
        sha256=sha256,
        size=size,
        media_type=extracted.media_type,
        file_name=name,
        outcome=outcome.value,
        outcome_detail=detail,
        extractor=extracted.extractor,
        declared_pages=extracted.declared_pages,
        file_title=extracted.title,
        pages=tuple(_page(page, faults.get(page.page.number)) for page in read.pages),
        fingerprint=read.fingerprint,
        outline=_outline(extracted),
        attachments=extracted.attachments,
        signature=signature,
    )


def with_words(recognised: Mapping[str, Any], read: ReadDocument) -> dict[str, Any]:
    """What the recognisers wrote, its evidence with the very words it points at.

    The text of evidence holds what surrounds them too: more than may be shown to everybody.
    """
    texts = {page.page.number: page.page.text for page in read.pages}

    def quoted(evidence: Mapping[str, Any]) -> dict[str, Any]:
        start, end = evidence["start"], evidence["end"]
        if start is None or end is None:
            return dict(evidence)
        return {**evidence, "words": "".join(texts.get(evidence["page"], "")[start:end].split())}

    def told(written: Mapping[str, Any]) -> dict[str, Any]:
        return {**written, "evidence": [quoted(each) for each in written["evidence"]]}

    return {
        name: [told(one) for one in written] if isinstance(written, list) else told(written)
        for name, written in recognised.items()
    }


def _outline(extracted: ExtractedDocument) -> tuple[tuple[int, str, int | None], ...]:
    return tuple((entry.level, entry.title, entry.page) for entry in extracted.outline)


def _page(read: ReadPage, fault: str | None) -> PageEntry:
    page, words, short = read.page, read.analysis.word_spans, read.analysis.short_spans
    return PageEntry(
        number=page.number,
        text=page.text,
        title=page.title,
        width=page.width,
        height=page.height,
        needs_ocr=page.needs_ocr,
        fault=fault,
        words=TokenSpans(words.terms, words.starts, words.ends),
        short=TokenSpans(short.terms, short.starts, short.ends),
        layout=_layout(page),
        reader=page.reader or None,
        confidence=page.confidence,
        quality=None if read.quality is None else round(read.quality.score, 4),
        quality_reason=None if read.quality is None else read.quality.reason,
    )


def _layout(page: ExtractedPage) -> PageLayout:
    places = page.places
    if not places.starts and not page.blocks:
        return NO_LAYOUT
    return PageLayout(
        starts=places.starts,
        ends=places.ends,
        lefts=places.lefts,
        tops=places.tops,
        rights=places.rights,
        bottoms=places.bottoms,
        directions=places.directions,
        advances=places.advances,
        blocks=tuple(TextBlock(block.kind.value, block.spans) for block in page.blocks),
    )
