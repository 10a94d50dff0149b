"""A town's own synonyms: read for every question, written with a SourceEvent."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import Changes
from kb.catalogue.session import Database
from kb.domain.synonyms import Relation, SynonymEntry, SynonymGroup

KIND = "synonym"
"""What SourceEvents call a group."""


class SynonymReader:
    """Reads the groups that one catalogue keeps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(self) -> tuple[SynonymEntry, ...]:
        """All of them, in the order of their keys."""
        with self._database.reading() as session:
            rows = session.scalars(select(m.SynonymGroupRow).order_by(m.SynonymGroupRow.key))
            return tuple(map(_entry, rows))

    def change(self) -> int:
        """The number of the last SourceEvent about a synonym; 0 before the first."""
        event_ = m.SourceEventRow
        with self._database.reading() as session:
            last = select(func.max(event_.id)).where(event_.subject_kind == KIND)
            return session.scalar(last) or 0


class SynonymWriter:
    """Records groups; see `CatalogueWriter.synonyms`."""

    def __init__(self, session: Session, changes: Changes) -> None:
        self._session = session
        self._changes = changes

    def record(self, entry: SynonymEntry) -> bool:
        """Record a group, or what becomes of a shipped one; whether anything changed."""
        values: dict[str, Any] = {
            "relation": entry.group.relation.value,
            "head": entry.group.head,
            "words": list(entry.group.words),
            "active": entry.active,
            "origin": entry.origin,
        }
        return self._changes.put(m.SynonymGroupRow, KIND, entry.key, values, "key")

    def remove(self, key: str) -> bool:
        """Forget an entry; a shipped group of that key counts again. Whether there was one."""
        row = self._session.get(m.SynonymGroupRow, key)
        if row is None:
            return False
        self._changes.note("removed", KIND, key, {"words": [row.words, None]})
        self._session.delete(row)
        self._session.flush()
        return True


def _entry(row: m.SynonymGroupRow) -> SynonymEntry:
    group = SynonymGroup(Relation(row.relation), tuple(row.words), row.head)
    return SynonymEntry(row.key, group, row.active, row.origin)
