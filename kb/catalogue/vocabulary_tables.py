"""Tables of the words that questions are read with.

See :mod:`kb.catalogue.models` for the things that are searched.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.catalogue.table_base import Base, now


class SynonymGroupRow(Base):
    """同義語: a group of a town's own, or what became of a shipped one."""

    __tablename__ = "synonym_group"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    """That of a shipped group where this stands in for it."""
    relation: Mapped[str] = mapped_column(String(12))
    head: Mapped[str] = mapped_column(Text)
    """Of a narrower group the word asked for; empty in others."""
    words: Mapped[list[str]] = mapped_column(JSON)
    active: Mapped[bool]
    origin: Mapped[str] = mapped_column(String(20))
    """own or sudachi."""
    recorded_at: Mapped[datetime] = mapped_column(default=now)


class SynonymDraftRow(Base):
    """同義語の下書き: what a group is to become when the draft is published."""

    __tablename__ = "synonym_draft"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    entry: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The group as it is to be kept; null: nothing is to be kept under this key."""
    actor: Mapped[str] = mapped_column(String(80))
    drafted_at: Mapped[datetime] = mapped_column(default=now)


class SynonymRehearsalRow(Base):
    """同義語の予行: what the draft of one version would change."""

    __tablename__ = "synonym_rehearsal"

    version: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Of the draft."""
    asked_at: Mapped[datetime] = mapped_column(default=now)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """See :class:`kb.domain.synonym_rehearsal.Rehearsal`; null until it is there."""
