"""Tables of changes that came as a file: the file, and what each of its rows would do.

They are a desk, not the record: what was done is told by SourceEvents.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.catalogue.table_base import ID, Base, now


class BulkRow(Base):
    """一括変更: a file of cases, and how far it has come."""

    __tablename__ = "bulk"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    actor: Mapped[str] = mapped_column(String(80))
    """Who sent it."""
    made_at: Mapped[datetime] = mapped_column(default=now, index=True)
    name: Mapped[str] = mapped_column(Text)
    """Of the file; the reason that every SourceEvent gives."""
    size: Mapped[int]
    """Bytes, as they were sent."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """The file itself, deflated."""
    clear_blanks: Mapped[bool]
    state: Mapped[str] = mapped_column(String(20))
    """Slug of :class:`~kb.catalogue.bulk.views.BulkState`."""
    turn: Mapped[int] = mapped_column(default=1)
    """How often it has been put to the worker; what a page shows is of one turn."""
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Of the file as a whole: encoding, remarks, or why it is no table."""
    applied_by: Mapped[str | None] = mapped_column(String(80))
    applied_at: Mapped[datetime | None]
    recorded: Mapped[int] = mapped_column(default=0)
    """Cases written."""


class BulkLineRow(Base):
    """What one row of such a file does."""

    __tablename__ = "bulk_line"
    __table_args__ = (Index("ix_bulk_line_outcome", "bulk_id", "outcome"),)

    bulk_id: Mapped[str] = mapped_column(
        ForeignKey("bulk.id", ondelete="CASCADE"), primary_key=True
    )
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """As a spreadsheet numbers it."""
    outcome: Mapped[str] = mapped_column(String(20))
    """Slug of :class:`~kb.catalogue.exchange.row_report.RowOutcome`."""
    moved: Mapped[bool] = mapped_column(default=False)
    """Its effect is other than it was before somebody else wrote."""
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    """A :class:`~kb.catalogue.exchange.row_report.RowReport`, as it is."""
