"""Putting the pages of one original into their three tables.

Rows go in by the hundred, past the unit of work: pages are most of what a catalogue holds.
"""

import hashlib

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.entries import HeldFile, PageEntry
from kb.catalogue.pages import layout as page_layout
from kb.catalogue.pages import tokens as page_tokens


def replace(session: Session, document_id: str, held: HeldFile) -> None:
    """Give a document the pages that were read, in place of those it had."""
    for table in (m.PageLayoutRow, m.PageTokensRow, m.PageRow):
        session.execute(delete(table).where(table.document_id == document_id))
    if not held.pages:
        return
    keys = [{"document_id": document_id, "number": page.number} for page in held.pages]
    session.execute(
        insert(m.PageRow),
        [key | _page(page) for key, page in zip(keys, held.pages, strict=True)],
    )
    session.execute(
        insert(m.PageTokensRow),
        [
            key
            | {
                "fingerprint": held.fingerprint,
                "tokens": page_tokens.encode(page.words, page.short),
            }
            for key, page in zip(keys, held.pages, strict=True)
        ],
    )
    layouts = [
        key | {"layout": layout}
        for key, page in zip(keys, held.pages, strict=True)
        if (layout := page_layout.encode(page.layout))
    ]
    if layouts:
        session.execute(insert(m.PageLayoutRow), layouts)


def _page(page: PageEntry) -> dict[str, object]:
    return {
        "text": page.text,
        "digest": _digest(page),
        "title": page.title,
        "width": page.width,
        "height": page.height,
        "needs_ocr": page.needs_ocr,
        "fault": page.fault,
        "reader": page.reader,
        "confidence": page.confidence,
        "quality": page.quality,
        "quality_reason": page.quality_reason,
    }


def _digest(page: PageEntry) -> str:
    """Of all that the page's record in the index is made from."""
    digest = hashlib.blake2b(page.text.encode(), digest_size=16)
    running = [block.spans for block in page.layout.blocks if block.kind == "running"]
    if running:
        digest.update(repr(running).encode())
    return digest.hexdigest()
