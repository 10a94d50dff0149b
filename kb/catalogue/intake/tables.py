"""The tables of what pages show of intakes, and of what waits for another person.

The intakes themselves are in :mod:`kb.catalogue.judgements`.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String
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


class IntakeProposalRow(Base):
    """受け入れの確認待ち: lines that one person has chosen and another is to look at."""

    __tablename__ = "intake_proposal"

    intake_id: Mapped[str] = mapped_column(ForeignKey("intake.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    """Another one for every proposal, so that nobody records one that was not shown."""
    actor: Mapped[str] = mapped_column(String(80))
    """Who chose the lines."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    words: Mapped[dict[str, Any]] = mapped_column(JSON)
    """A :class:`~kb.catalogue.intake.jobs.Words`."""
