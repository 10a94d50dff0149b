"""A town's own synonyms: read for every question, written with a SourceEvent.

Beside them the draft: what groups are to become, published together and taken back together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import Changes
from kb.catalogue.session import Database
from kb.catalogue.table_base import now
from kb.catalogue.vocabulary_tables import SynonymDraftRow, SynonymRehearsalRow
from kb.domain.synonyms import Relation, SynonymEntry, SynonymGroup

KIND = "synonym"
"""What SourceEvents call a group."""
LIST_KIND = "synonym_list"
"""What they call all of them: a draft was published, or taken back."""
LIST = "synonyms"
PUBLISHED, STEPPED_BACK = "published", "stepped_back"


@dataclass(frozen=True, slots=True)
class DraftedGroup:
    """What one group is to become."""

    key: str
    entry: SynonymEntry | None
    """As it is to be kept beside the shipped ones; None: nothing is."""
    actor: str
    drafted_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedDraft:
    """A draft that was published or taken back."""

    id: int
    """The number of the SourceEvent that tells of it."""
    action: str
    actor: str
    at: datetime
    why: str | None
    change: Mapping[str, tuple[SynonymEntry | None, SynonymEntry | None]]
    """Key -> what was kept under it before and after."""


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
        with self._database.reading() as session:
            return _change(session)

    def state(self) -> tuple[dict[str, SynonymEntry], tuple[DraftedGroup, ...]]:
        """The groups by their keys and the draft, at one moment."""
        with self._database.reading() as session:
            return held_groups(session), drafted_groups(session)

    def published(self, most: int) -> tuple[PublishedDraft, ...]:
        """The last drafts that were published or taken back, newest first."""
        event_ = m.SourceEventRow
        wanted = select(event_).where(event_.subject_kind == LIST_KIND).order_by(event_.id.desc())
        with self._database.reading() as session:
            return tuple(map(_published, session.scalars(wanted.limit(most))))

    def rehearsal(self, version: str) -> tuple[datetime, dict[str, Any] | None] | None:
        """When the rehearsal of a draft was asked for, and what came of it; None: never."""
        with self._database.reading() as session:
            row = session.get(SynonymRehearsalRow, version)
            return (row.asked_at, row.result) if row else None


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

    # -- the draft -----------------------------------------------------------------------

    def state(self) -> tuple[dict[str, SynonymEntry], tuple[DraftedGroup, ...]]:
        """The groups by their keys and the draft, as this transaction sees them."""
        return held_groups(self._session), drafted_groups(self._session)

    def change(self) -> int:
        """The number of the last SourceEvent about a synonym, as this transaction sees it."""
        return _change(self._session)

    def draft(self, key: str, entry: SynonymEntry | None, actor: str) -> None:
        """Put into the draft what a group is to become."""
        row = self._session.get(SynonymDraftRow, key)
        if row is None:
            row = SynonymDraftRow(key=key)
            self._session.add(row)
        row.entry = _plain(entry)
        row.actor, row.drafted_at = actor, now()
        self._session.flush()

    def forget_draft(self, key: str | None = None) -> int:
        """Take one group out of the draft, or all; how many were in it."""
        gone = delete(SynonymDraftRow)
        chosen = gone if key is None else gone.where(SynonymDraftRow.key == key)
        return int(self._session.execute(chosen).rowcount)  # type: ignore[attr-defined]

    def publish(self, wanted: Mapping[str, SynonymEntry | None], action: str = PUBLISHED) -> bool:
        """Keep groups as wanted, told as one step too; whether anything changed."""
        held = held_groups(self._session)
        changed = {
            key: [_plain(held.get(key)), _plain(entry)]
            for key, entry in wanted.items()
            if (self.record(entry) if entry else self.remove(key))
        }
        if changed:
            self._changes.note(action, LIST_KIND, LIST, changed)
        return bool(changed)

    def last_published(self) -> PublishedDraft | None:
        """The last step, as this transaction sees it."""
        event_ = m.SourceEventRow
        wanted = select(event_).where(event_.subject_kind == LIST_KIND).order_by(event_.id.desc())
        row = self._session.scalar(wanted.limit(1))
        return _published(row) if row else None

    def keep_rehearsal(self, version: str, result: Mapping[str, Any] | None) -> None:
        """Note that a draft's rehearsal was asked for, or what came of it; older ones go."""
        self._session.execute(
            delete(SynonymRehearsalRow).where(SynonymRehearsalRow.version != version)
        )
        row = self._session.get(SynonymRehearsalRow, version)
        if row is None:
            row = SynonymRehearsalRow(version=version)
            self._session.add(row)
        row.asked_at, row.result = now(), dict(result) if result is not None else None
        self._session.flush()


def _change(session: Session) -> int:
    event_ = m.SourceEventRow
    last = select(func.max(event_.id)).where(event_.subject_kind == KIND)
    return session.scalar(last) or 0


def held_groups(session: Session) -> dict[str, SynonymEntry]:
    """The groups of a session's moment, by their keys."""
    row = m.SynonymGroupRow
    # Columns, not objects: of 20,000 groups of a Sudachi file these take half the time.
    wanted = select(row.key, row.relation, row.head, row.words, row.active, row.origin)
    return {
        key: SynonymEntry(key, SynonymGroup(Relation(kind), tuple(words), head), active, origin)
        for key, kind, head, words, active, origin in session.execute(wanted.order_by(row.key))
    }


def drafted_groups(session: Session) -> tuple[DraftedGroup, ...]:
    """The draft of a session's moment, in the order of its keys."""
    rows = session.scalars(select(SynonymDraftRow).order_by(SynonymDraftRow.key))
    return tuple(
        DraftedGroup(row.key, _from_plain(row.entry), row.actor, row.drafted_at) for row in rows
    )


def _entry(row: m.SynonymGroupRow) -> SynonymEntry:
    group = SynonymGroup(Relation(row.relation), tuple(row.words), row.head)
    return SynonymEntry(row.key, group, row.active, row.origin)


def _plain(entry: SynonymEntry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    group = entry.group
    return {
        "key": entry.key, "relation": group.relation.value, "head": group.head,
        "words": list(group.words), "active": entry.active, "origin": entry.origin,
    }  # fmt: skip


def _from_plain(kept: Mapping[str, Any] | None) -> SynonymEntry | None:
    if kept is None:
        return None
    group = SynonymGroup(Relation(kept["relation"]), tuple(kept["words"]), kept["head"])
    return SynonymEntry(kept["key"], group, kept["active"], kept["origin"])


def _published(row: m.SourceEventRow) -> PublishedDraft:
    change = {key: (_from_plain(a), _from_plain(b)) for key, (a, b) in row.change.items()}
    return PublishedDraft(row.id, row.action, row.actor, row.at, row.why, change)
