"""Tables of the originals that documents had before; see :mod:`kb.catalogue.models`.

They stand apart from documents and pages so that nothing that lists or searches those finds them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.catalogue.table_base import ID, Base, now


class EditionRow(Base):
    """旧版: an original that a document had, until a newer one took its place."""

    __tablename__ = "document_edition"

    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1, the oldest."""
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    """Bytes."""
    media_type: Mapped[str] = mapped_column(String(120))
    file_name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    """Of the document, when it was replaced."""
    outcome: Mapped[str] = mapped_column(String(20))
    extractor: Mapped[str] = mapped_column(String(80))
    pages: Mapped[int]
    replaced_at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[str] = mapped_column(String(80))


class EditionPageRow(Base):
    """旧版のページ: as it was read, with where its text stands."""

    __tablename__ = "edition_page"

    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(32))
    title: Mapped[str | None] = mapped_column(Text)
    width: Mapped[float]
    height: Mapped[float]
    needs_ocr: Mapped[bool]
    fault: Mapped[str | None] = mapped_column(Text)
    reader: Mapped[str | None] = mapped_column(String(80))
    confidence: Mapped[float | None]
    layout: Mapped[bytes | None] = mapped_column(LargeBinary)


class ReplacementRow(Base):
    """差し替えの控え: what puts an original back that a newer one has replaced."""

    __tablename__ = "replacement"

    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of the newer original."""
    draft_id: Mapped[str] = mapped_column(ID)
    """No foreign key: the draft is gone as long as this stands."""
    held: Mapped[dict[str, Any]] = mapped_column(JSON)
    """See :mod:`kb.catalogue.editions.putting_back`."""
