"""What the catalogue says is kept, for comparing it with the originals."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import case, func, select

from kb.catalogue import models as m
from kb.catalogue.session import Database
from kb.domain.rights import Terms


@dataclass(frozen=True, slots=True)
class HeldOriginal:
    """One original, as the catalogue knows it."""

    document_id: str
    sha256: str
    size: int
    """Bytes."""
    outcome: str
    pages: int
    media_type: str = ""
    extractor: str = ""
    file_name: str = ""
    awaiting_ocr: int = 0
    """Pages whose text is a picture nobody has read."""
    withdrawn: bool = False
    """It has been taken down: kept, and not to be read."""
    edition: int = 0
    """Which it was of its document's, where a newer one has taken its place."""


class HoldingsReader:
    """Lists what is held in one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def originals(self) -> Iterator[HeldOriginal]:
        """Every document that has an original, and then the originals that documents had."""
        awaiting = func.sum(case((m.PageRow.needs_ocr, 1), else_=0)).label("awaiting")
        pages = (
            select(m.PageRow.document_id, func.count().label("pages"), awaiting)
            .group_by(m.PageRow.document_id)
            .subquery()
        )
        columns = (
            m.DocumentRow.id,
            m.DocumentRow.sha256,
            m.DocumentRow.size,
            m.DocumentRow.outcome,
            func.coalesce(pages.c.pages, 0),
            func.coalesce(m.DocumentRow.media_type, ""),
            func.coalesce(m.DocumentRow.extractor, ""),
            func.coalesce(m.DocumentRow.file_name, ""),
            func.coalesce(pages.c.awaiting, 0),
            m.DocumentRow.rights_terms == Terms.WITHDRAWN.value,
        )
        with self._database.reading() as session:
            found = session.execute(
                select(*columns)
                .outerjoin(pages, pages.c.document_id == m.DocumentRow.id)
                .where(m.DocumentRow.sha256.is_not(None))
                .order_by(m.DocumentRow.id)
            )
            for values in found:
                yield HeldOriginal(*values)
            before = session.scalars(
                select(m.EditionRow).order_by(m.EditionRow.document_id, m.EditionRow.number)
            )
            for each in before:
                yield HeldOriginal(
                    each.document_id, each.sha256, each.size, each.outcome, each.pages,
                    each.media_type, each.extractor, each.file_name, edition=each.number,
                )  # fmt: skip
