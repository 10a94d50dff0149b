"""The table of cases that were merged into others; see :mod:`kb.catalogue.models`."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from kb.catalogue.table_base import ID, Base, now


class MergedCaseRow(Base):
    """統合された事例: no case any more, but its identifier leads to the one that was kept.

    Neither identifier is a foreign key: the case is gone, and the one that was kept may itself
    have been merged since.
    """

    __tablename__ = "merged_case"

    old_id: Mapped[str] = mapped_column(ID, primary_key=True)
    kept_id: Mapped[str] = mapped_column(ID, index=True)
    merged_at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[str] = mapped_column(String(80))
    held: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What puts both back as they were: see :mod:`kb.catalogue.merging.writing`."""
