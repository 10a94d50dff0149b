"""The table of what pages show of intakes.

The intakes themselves are in :mod:`kb.catalogue.judgements`.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kb.catalogue.table_base import Base, now


class IntakeSheetRow(Base):
    """受け入れの画面: an intake beside the catalogue, as the worker found it last."""

    __tablename__ = "intake_sheet"

    intake_id: Mapped[str] = mapped_column(ForeignKey("intake.id"), primary_key=True)
    seen_on: Mapped[date]
    """The day somebody saw the page; its addresses are recorded with it."""
    sequence: Mapped[int | None] = mapped_column(BigInteger)
    """Of the catalogue it was compared with; null before it has been compared."""
    sheet: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """A :class:`~kb.catalogue.intake.sheets.Sheet`; derived, and made anew at any time."""
    made_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
