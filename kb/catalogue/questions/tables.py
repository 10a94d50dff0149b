"""Tables of what people asked, and of the questions whose answers are known.

See :mod:`kb.catalogue.models` for the things that are searched.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.catalogue.table_base import ID, Base, now


class AskedRow(Base):
    """検索の記録: how often a question was asked on a day, and nothing about who asked."""

    __tablename__ = "asked"
    # No row numbers: they would tell which questions were asked one after another.
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own form

    day: Mapped[date] = mapped_column(primary_key=True)
    """In Japan; no time of day."""
    question: Mapped[str] = mapped_column(String(200), primary_key=True)
    """Folded. Empty: what is left of questions asked on one day alone."""
    filters: Mapped[str] = mapped_column(String(200), primary_key=True)
    audience: Mapped[str] = mapped_column(String(20), primary_key=True)
    times: Mapped[int]
    last_total: Mapped[int]
    """Results it had the last time on that day."""
    missing: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    """Word that nothing held -> how many of the times."""


class KnownQuestionRow(Base):
    """確認の質問: a question whose answer is known."""

    __tablename__ = "known_question"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    filters: Mapped[str] = mapped_column(Text)
    expected: Mapped[dict[str, Any]] = mapped_column(JSON)
    """See :class:`kb.domain.known_question.Expected`."""
    note: Mapped[str] = mapped_column(Text)
    active: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(default=now)


class QuestionScoreRow(Base):
    """採点: one asking of all known questions; the newest are kept."""

    __tablename__ = "question_score"

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    passed: Mapped[int]
    total: Mapped[int]
    failed: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """id, question and reasons of each that did not pass."""
    fingerprint: Mapped[str] = mapped_column(Text)
    """Of the index that was asked."""
    generation: Mapped[str] = mapped_column(String(80))
    change: Mapped[int]
    """The last SourceEvent about a known question at that time."""
