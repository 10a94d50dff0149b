"""Tables of what people have said: permissions, decisions, and drafts they go through.

See :mod:`kb.catalogue.models` for the things these are said of.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from kb.catalogue.table_base import ID, Base, now


class PermissionRow(Base):
    """許諾: what somebody entitled has allowed for one document, and until when."""

    __tablename__ = "permission"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), index=True)
    terms: Mapped[str] = mapped_column(String(20))
    """What is allowed, as a slug of :class:`~kb.domain.rights.Terms`."""
    allowed_by: Mapped[str] = mapped_column(Text)
    """Who allowed it: 福津市 総務課."""
    allowed_on: Mapped[date]
    valid_until: Mapped[date | None] = mapped_column(index=True)
    """The last day it holds; null is without end."""
    ended_on: Mapped[date | None]
    """When it was taken back, or found to have run out."""
    noted: Mapped[bool] = mapped_column(default=True)
    """Its beginning has been told in a SourceEvent; false while it lies ahead."""
    note: Mapped[str | None] = mapped_column(Text)
    """How it was given, and on what conditions."""
    recorded_at: Mapped[datetime] = mapped_column(default=now)


class DecisionRow(Base):
    """確定: what a curator settled for one field of a document; no recognition overwrites it.

    A row that nobody has decided says only that the record's own value is `filled` in.
    """

    __tablename__ = "decision"

    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    field: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON, nullable=True)
    """As the recognisers write values; null settles that there is none."""
    proposed: Mapped[Any] = mapped_column(JSON, nullable=True)
    """What stood there as the machine's proposal when it was settled."""
    filled: Mapped[bool] = mapped_column(default=False)
    """The document's own column was filled in by this program: nobody gave its value."""
    decided_by: Mapped[str | None] = mapped_column(String(80))
    """Null while nobody has decided."""
    decided_at: Mapped[datetime | None]


class IntakeRow(Base):
    """受け入れ: one reading of a seminar's page, and what it contradicts itself in."""

    __tablename__ = "intake"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    number: Mapped[int]
    """In the order in which they were taken."""
    source: Mapped[str] = mapped_column(Text, index=True)
    """The page's address, or the file's name."""
    sha256: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    """As it was read, so that evidence can be shown."""
    contradictions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    statements: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What the page says on the use of itself, verbatim, with the number of the line."""
    taken_at: Mapped[datetime] = mapped_column(default=now)


class IntakeLineRow(Base):
    """One thing that an intake proposes, and what a curator said to it."""

    __tablename__ = "intake_line"
    __table_args__ = (Unique("intake_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[str] = mapped_column(ForeignKey("intake.id"), index=True)
    key: Mapped[str] = mapped_column(String(200))
    """The same for the same thing in another reading of the page."""
    kind: Mapped[str] = mapped_column(String(20))
    """programme, event, case, document, person or role."""
    record_id: Mapped[str | None] = mapped_column(ID)
    """The record it is, or became, in the catalogue."""
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(20))
    """new, differs, same, ambiguous, accepted or rejected."""
    overrides: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Fields that a curator settled otherwise than the page says, and as what."""
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None]
