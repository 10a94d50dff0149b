"""Tables of the people who may sign in.

See :mod:`kb.catalogue.models` for the things that are searched.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.catalogue.table_base import Base, now


class AccountRow(Base):
    """アカウント: somebody who may sign in. Never deleted: the record names its holder."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    """What is typed to sign in, folded; never changed and never given to another."""
    name: Mapped[str] = mapped_column(String(40), unique=True)
    """As colleagues call them; SourceEvents carry it, so no two have the same."""
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(Text)
    """Argon2id with its parameters and salt; leaves the catalogue in no other form."""
    must_change: Mapped[bool] = mapped_column(default=False)
    """The password is for once."""
    active: Mapped[bool] = mapped_column(default=True)
    """False once the account is removed."""
    locked: Mapped[bool] = mapped_column(default=False)
    """An administrator has stopped it."""
    generation: Mapped[int] = mapped_column(default=1)
    """Sessions of an earlier generation are over."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class AccountUseRow(Base):
    """How an account is being used: no content, so it changes without a SourceEvent."""

    __tablename__ = "account_use"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    failed: Mapped[int] = mapped_column(default=0)
    """Wrong passwords since `failed_from`."""
    failed_from: Mapped[datetime | None]
    locked_until: Mapped[datetime | None]
    """Too many wrong passwords: not even the right one is taken before."""
    seen_at: Mapped[datetime | None]
    """When somebody last signed in with it."""


class SignInEventRow(Base):
    """サインインの記録: append-only, kept 400 days; holds no address and no browser's name."""

    __tablename__ = "sign_in_event"
    __table_args__ = (Index("ix_sign_in_event_session_what", "session", "what"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    """Null when no account has the name that was typed, which is not kept."""
    what: Mapped[str] = mapped_column(String(20))
    """A slug of :class:`~kb.catalogue.accounts.service.SignInStep`."""
    session: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the session's id; one that was signed out is over wherever its cookie is."""
