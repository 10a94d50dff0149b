"""What a collection's tables said last, so that they do not say it again.

A collection is recorded at every start of the sample, and whenever its folder is sent once more.
A row that is as it was then says nothing new: recorded again, it would undo what people have
changed since. A row that was changed in the table is recorded whole; the history of its subject
tells what it replaced.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.catalogue.table_base import ID, Base

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Entry = TypeVar("Entry", bound=DataclassInstance)
else:
    Entry = TypeVar("Entry")


class ToldRow(Base):
    """表の行: what a collection's table last said of a thing."""

    __tablename__ = "told_row"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject_id: Mapped[str] = mapped_column(ID, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the entry as JSON."""


class Retelling:
    """Tells the rows that say something new from those that were recorded before."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def news(self, kind: str, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The entries that were not told just so the last time; from now on they were.

        An entry is named by its first field.
        """
        held = select(ToldRow).filter_by(kind=kind)
        told = {row.subject_id: row for row in self._session.scalars(held)}
        for entry in entries:
            key, digest = _named(entry)
            row = told.get(key)
            if row is not None and row.digest == digest:
                continue
            yield entry
            if row is None:
                row = told[key] = ToldRow(kind=kind, subject_id=key)
                self._session.add(row)
            row.digest = digest


def _named(entry: "DataclassInstance") -> tuple[str, str]:
    values = asdict(entry)
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return str(next(iter(values.values()))), hashlib.sha256(text.encode()).hexdigest()
