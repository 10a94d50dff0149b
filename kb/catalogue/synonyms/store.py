"""The groups that questions are read with: shipped ones and a town's own, planned and changed.

The shipped groups and the folding of words are handed in: both belong to the search.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.catalogue.entries import Authorship
from kb.catalogue.session import Database
from kb.catalogue.synonyms.records import SynonymReader
from kb.catalogue.synonyms.rules import Key, require_usable
from kb.catalogue.writing import writing
from kb.domain.synonyms import SynonymEntry, SynonymGroup, effective


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


class SynonymStore:
    """The groups of one catalogue beside the shipped ones."""

    def __init__(self, database: Database, shipped: Mapping[str, SynonymGroup], key: Key) -> None:
        """Stand on these.

        Args:
            database: the catalogue.
            shipped: the groups that are part of the program, by their keys.
            key: folds a word for comparing.
        """
        self._database = database
        self._reader = SynonymReader(database)
        self.shipped = shipped
        self.key = key

    def held(self) -> dict[str, SynonymEntry]:
        """The groups beside the shipped ones, by their keys."""
        return {entry.key: entry for entry in self._reader.entries()}

    def entries(self) -> tuple[SynonymEntry, ...]:
        """Every group that questions are read with, and those switched off."""
        return self.with_shipped(self.held().values())

    def with_shipped(self, held: Iterable[SynonymEntry]) -> tuple[SynonymEntry, ...]:
        """The same, if these were the groups beside the shipped ones."""
        return effective(self.shipped, held)

    def entries_with(self, entries: Iterable[SynonymEntry], word: str) -> tuple[SynonymEntry, ...]:
        """The groups a word stands in, in whatever spelling."""
        key = self.key(word)
        return tuple(
            entry
            for entry in entries
            if key in map(self.key, (*entry.group.words, *filter(None, [entry.group.head])))
        )

    def replaces_shipped(self, entry: SynonymEntry) -> bool:
        """Whether an entry of one's own stands in for a shipped group."""
        return entry.origin != "shipped" and entry.key in self.shipped

    # -- lists ---------------------------------------------------------------------------

    def planned(self, entries: Iterable[SynonymEntry]) -> SynonymPlan:
        """What recording `entries` would change; nothing is written.

        Raises:
            BadSynonyms: a group cannot be used beside the others.
        """
        held = self.held()
        shipped = {e.key: e for e in self.with_shipped(())}
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
        plan = SynonymPlan(tuple(added), tuple(changed), tuple(restored), same)
        self.require_usable((*added, *changed), self.after(plan), held.values())
        return plan

    def require_usable(
        self,
        changed: Iterable[SynonymEntry],
        after: Iterable[SynonymEntry],
        held: Iterable[SynonymEntry],
    ) -> None:
        """Be sure that `changed` can be used beside the others; `after` and `held` are the
        groups beside the shipped ones as they would be and as they are.

        Raises:
            BadSynonyms: a group cannot.
        """
        then, now = (
            {entry.key: entry for entry in self.with_shipped(each)} for each in (after, held)
        )
        require_usable(changed, then, now, self.key)

    def take_in(self, plan: SynonymPlan, author: Authorship) -> None:
        """Record what was planned, in one transaction."""
        if plan.empty:
            return
        with writing(self._database, author) as writer:
            for entry in (*plan.added, *plan.changed):
                writer.synonyms.record(entry)
            for key in plan.restored:
                writer.synonyms.remove(key)

    def after(self, plan: SynonymPlan) -> tuple[SynonymEntry, ...]:
        """The groups beside the shipped ones as they would be once `plan` is taken in."""
        held = self.held()
        held |= {entry.key: entry for entry in (*plan.added, *plan.changed)}
        return tuple(entry for key, entry in held.items() if key not in plan.restored)

    # -- one group -----------------------------------------------------------------------

    def found(self, named: str) -> SynonymEntry:
        """The one group that goes by a key, or that a word stands in.

        Raises:
            UnknownSynonym: there is none, or several.
        """
        entries = self.entries()
        matching = [entry for entry in entries if entry.key == named]
        matching = matching or list(self.entries_with(entries, named))
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

    def without(self, key: str) -> SynonymEntry | None:
        """What is to be kept so that a group counts no more: a shipped one switched off."""
        shipped = self.shipped.get(key)
        return SynonymEntry(key, shipped, active=False) if shipped else None

    def remove(self, entry: SynonymEntry, author: Authorship) -> str:
        """Forget a group of one's own, or switch a shipped one off; what was done, in Japanese."""
        off = self.without(entry.key)
        with writing(self._database, author) as writer:
            if off is None:
                writer.synonyms.remove(entry.key)
                return "消しました"
            writer.synonyms.record(off)
            return "使わないようにしました(製品に入っている組です)"

    def restore(self, entry: SynonymEntry, author: Authorship) -> bool:
        """Make a shipped group what it was; whether it had been changed."""
        if entry.key not in self.shipped:
            return False
        with writing(self._database, author) as writer:
            return writer.synonyms.remove(entry.key)


def _as_shipped(entry: SynonymEntry, shipped: Mapping[str, SynonymEntry]) -> SynonymEntry | None:
    """The shipped entry of the same key, under the origin that `entry` names."""
    found = shipped.get(entry.key)
    return SynonymEntry(found.key, found.group, origin=entry.origin) if found else None


def _own(entry: SynonymEntry) -> SynonymEntry:
    origin = "own" if entry.origin == "shipped" else entry.origin
    return SynonymEntry(entry.key, entry.group, entry.active, origin)
