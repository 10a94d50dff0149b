"""Tables of the pages of documents; see :mod:`kb.catalogue.models`."""

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.catalogue.table_base import Base


class PageRow(Base):
    """ページ: the text of one page, slide or sheet, as it was read."""

    __tablename__ = "page"

    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(32))
    """Of the text; what a sync compares."""
    title: Mapped[str | None] = mapped_column(Text)
    width: Mapped[float]
    height: Mapped[float]
    needs_ocr: Mapped[bool] = mapped_column(default=False)
    fault: Mapped[str | None] = mapped_column(Text)
    reader: Mapped[str | None] = mapped_column(String(80))
    """What read it, where that was not the document's extractor."""
    confidence: Mapped[float | None]
    """Of the character recognition, 0 to 1."""
    quality: Mapped[float | None] = mapped_column(index=True)
    """How far the text can be trusted, 0 to 1; null where there is none."""
    quality_reason: Mapped[str | None] = mapped_column(Text)


class PageLayoutRow(Base):
    """Where the text of a page stands and in which order it is read; read with the page."""

    __tablename__ = "page_layout"

    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    layout: Mapped[bytes] = mapped_column(LargeBinary)


class PageTokensRow(Base):
    """The tokens of one page under one analyser; derived, and made again when that changes."""

    __tablename__ = "page_tokens"

    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint: Mapped[str] = mapped_column(String(120))
    tokens: Mapped[bytes] = mapped_column(LargeBinary)
