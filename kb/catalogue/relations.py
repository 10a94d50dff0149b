"""Tables that tie things together beyond a plain reference; see :mod:`kb.catalogue.models`."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from kb.catalogue.table_base import Base


class CaseExcerptRow(Base):
    """事例集の中の事例: pages of a casebook, one range of them, that tell of one case."""

    __tablename__ = "case_excerpt"
    __table_args__ = (Index("ix_case_excerpt_case_id", "case_id"),)

    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_study.id"), primary_key=True)
    first_page: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_page: Mapped[int]
    """Inclusive; two cases may share a page, two ranges of one case may not."""


class EventDocumentRow(Base):
    """催しでの資料の役割: announces it, reports on it, or is a form that was used there."""

    __tablename__ = "event_document"
    __table_args__ = (Index("ix_event_document_event_id", "event_id"),)

    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    """Slug of :class:`~kb.domain.classification.EventPart`."""
