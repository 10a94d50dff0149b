"""What a list of synonyms would change, and changing it: for the command and curators' pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.catalogue.entries import Authorship
from kb.catalogue.session import Database
from kb.catalogue.synonyms import SynonymReader
from kb.catalogue.writing import writing
from kb.domain.synonyms import SynonymEntry, effective
from kb.search.naming import name_key
from kb.search.readers.synonyms import shipped_groups


@dataclass(frozen=True, slots=True)
class SynonymPlan:
    """What taking a list in would do."""

    added: tuple[SynonymEntry, ...] = ()
    changed: tuple[SynonymEntry, ...] = ()
    restored: tuple[str, ...] = ()
    """Keys of shipped groups that were changed or switched off and are as shipped again."""
    same: int = 0

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.added or self.changed or self.restored)


class UnknownSynonym(LookupError):
    """No group goes by a key or a word, or several do; the message says what to do."""


def known_entries(database: Database) -> tuple[SynonymEntry, ...]:
    """Every group that questions are read with, and those switched off."""
    return effective(shipped_groups(), SynonymReader(database).entries())


def entries_with(entries: Iterable[SynonymEntry], word: str) -> tuple[SynonymEntry, ...]:
    """The groups a word stands in, in whatever spelling."""
    key = name_key(word)
    return tuple(
        entry
        for entry in entries
        if key in map(name_key, (*entry.group.words, *filter(None, [entry.group.head])))
    )


def replaces_shipped(entry: SynonymEntry) -> bool:
    """Whether an entry of one's own stands in for a shipped group."""
    return entry.origin != "shipped" and entry.key in shipped_groups()


def planned(database: Database, entries: Iterable[SynonymEntry]) -> SynonymPlan:
    """What recording `entries` would change; nothing is written."""
    held = {entry.key: entry for entry in SynonymReader(database).entries()}
    shipped = {e.key: e for e in effective(shipped_groups(), ())}
    added: list[SynonymEntry] = []
    changed: list[SynonymEntry] = []
    restored: list[str] = []
    same = 0
    for entry in entries:
        before = held.get(entry.key)
        if entry == _as_shipped(entry, shipped):
            restored += [entry.key] if before else []
            same += before is None
        elif before is None:
            (changed if entry.key in shipped else added).append(_own(entry))
        elif _own(entry) != before:
            changed.append(_own(entry))
        else:
            same += 1
    return SynonymPlan(tuple(added), tuple(changed), tuple(restored), same)


def _as_shipped(entry: SynonymEntry, shipped: Mapping[str, SynonymEntry]) -> SynonymEntry | None:
    """The shipped entry of the same key, under the origin that `entry` names."""
    found = shipped.get(entry.key)
    return SynonymEntry(found.key, found.group, origin=entry.origin) if found else None


def _own(entry: SynonymEntry) -> SynonymEntry:
    origin = "own" if entry.origin == "shipped" else entry.origin
    return SynonymEntry(entry.key, entry.group, entry.active, origin)


def take_in(database: Database, plan: SynonymPlan, author: Authorship) -> None:
    """Record what was planned, in one transaction."""
    if plan.empty:
        return
    with writing(database, author) as writer:
        for entry in (*plan.added, *plan.changed):
            writer.synonyms.record(entry)
        for key in plan.restored:
            writer.synonyms.remove(key)


def after(database: Database, plan: SynonymPlan) -> tuple[SynonymEntry, ...]:
    """The groups beside the shipped ones as they would be once `plan` is taken in."""
    held = {entry.key: entry for entry in SynonymReader(database).entries()}
    held |= {entry.key: entry for entry in (*plan.added, *plan.changed)}
    return tuple(entry for key, entry in held.items() if key not in plan.restored)


def found(database: Database, named: str) -> SynonymEntry:
    """The one group that goes by a key, or that a word stands in.

    Raises:
        UnknownSynonym: there is none, or several.
    """
    entries = known_entries(database)
    matching = [entry for entry in entries if entry.key == named] or entries_with(entries, named)
    if len(matching) == 1:
        return matching[0]
    if not matching:
        raise UnknownSynonym(
            f"「{named}」の同義語はありません。kb synonyms list で確かめてください。"
        )
    keys = "、".join(entry.key for entry in matching)
    raise UnknownSynonym(
        f"「{named}」は{len(matching)}組にあります。どれかを指定してください: {keys}"
    )


def remove(database: Database, entry: SynonymEntry, author: Authorship) -> str:
    """Forget a group of one's own, or switch a shipped one off; what was done, in Japanese."""
    with writing(database, author) as writer:
        if entry.key not in shipped_groups():
            writer.synonyms.remove(entry.key)
            return "消しました"
        writer.synonyms.record(SynonymEntry(entry.key, shipped_groups()[entry.key], active=False))
        return "使わないようにしました(製品に入っている組です)"


def restore(database: Database, entry: SynonymEntry, author: Authorship) -> bool:
    """Make a shipped group what it was; whether it had been changed."""
    if entry.key not in shipped_groups():
        return False
    with writing(database, author) as writer:
        return writer.synonyms.remove(entry.key)
