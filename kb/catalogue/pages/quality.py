"""Which pages' text can be trusted least, and why."""

from dataclasses import dataclass

from sqlalchemy import select

from kb.catalogue import models as m
from kb.catalogue.session import Database


@dataclass(frozen=True, slots=True)
class PageQuality:
    """How far the text of a page can be trusted."""

    document_id: str
    document_title: str
    number: int
    quality: float
    """0 (unreadable) to 1."""
    reason: str
    """In Japanese; empty when nothing is wrong."""
    reader: str
    """What read it."""
    needs_ocr: bool


def worst_pages(database: Database, most: int) -> tuple[PageQuality, ...]:
    """The pages with the lowest scores, the worst first; pages without a score are left out."""
    page, document = m.PageRow, m.DocumentRow
    wanted = (
        select(page, document.title, document.extractor)
        .join(document, document.id == page.document_id)
        .where(page.quality.is_not(None), page.quality_reason.is_not(None))
        .order_by(page.quality, page.document_id, page.number)
        .limit(most)
    )
    with database.reading() as session:
        return tuple(
            PageQuality(
                document_id=row.document_id,
                document_title=title,
                number=row.number,
                quality=row.quality or 0.0,
                reason=row.quality_reason or "",
                reader=row.reader or extractor or "",
                needs_ocr=row.needs_ocr,
            )
            for row, title, extractor in session.execute(wanted)
        )
