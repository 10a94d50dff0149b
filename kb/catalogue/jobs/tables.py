"""Tables of the work that waits for the worker.

See :mod:`kb.catalogue.models` for the things that are searched.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.catalogue.table_base import ID, Base, now


class UploadRow(Base):
    """取り込み: files that came in together, and how they are to be taken."""

    __tablename__ = "upload"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    actor: Mapped[str] = mapped_column(String(80))
    """Who, as every SourceEvent of its files tells it."""
    made_at: Mapped[datetime] = mapped_column(default=now, index=True)
    origin: Mapped[str] = mapped_column(String(10))
    """web or inbox."""
    rights_terms: Mapped[str] = mapped_column(String(20))
    draft: Mapped[bool]
    """Its documents are not published before a curator says so."""
    event_id: Mapped[str | None] = mapped_column(ForeignKey("event.id"))
    note: Mapped[str | None] = mapped_column(Text)
    closed: Mapped[bool] = mapped_column(default=False)
    """Nothing more is to come."""


class JobRow(Base):
    """仕事: one file that came in, how far it has come, and who is at work on it."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_sha256", "state", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    """In the order in which they came."""
    upload_id: Mapped[str | None] = mapped_column(ForeignKey("upload.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """The same for the same file sent again into the same batch, so that none is put twice."""
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(Text)
    """Of the file, without folders."""
    folder: Mapped[str] = mapped_column(Text)
    """Where it lay in what was sent; empty at the top."""
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    work: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Where its bytes are: `file` under the incoming folder, `inbox` where it was found."""
    password: Mapped[str | None] = mapped_column(Text)
    """Opens the file; wiped when the job ends."""
    state: Mapped[str] = mapped_column(String(20))
    """Slug of :class:`~kb.domain.jobs.JobState`."""
    outcome: Mapped[str | None] = mapped_column(String(20))
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What it came to: `label`, `detail` and `advice`, sentences for curators."""
    document_id: Mapped[str | None] = mapped_column(ID, index=True)
    """The document it became, or the one that holds the same bytes."""
    pages_done: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[float | None]
    """Seconds since 1970; whoever comes later may take the job over."""
    put_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
