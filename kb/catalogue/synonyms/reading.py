"""Synonyms as their pages show them: the list, one group, the draft and its rehearsal."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from kb.catalogue import models as m
from kb.catalogue.questions.known import QuestionReader
from kb.catalogue.session import Database
from kb.catalogue.synonyms.records import DraftedGroup, PublishedDraft, SynonymReader
from kb.catalogue.synonyms.rules import Key
from kb.catalogue.synonyms.store import SynonymStore
from kb.catalogue.synonyms.views import (
    PAGE_SIZE,
    DraftedChange,
    DraftView,
    GroupFields,
    GroupForm,
    GroupList,
    GroupsAsked,
    GroupView,
    KeptRehearsal,
    Shown,
)
from kb.domain.jobs import JobKind, JobState
from kb.domain.known_question import KnownQuestion
from kb.domain.synonym_rehearsal import from_plain
from kb.domain.synonyms import SynonymEntry, SynonymGroup
from kb.domain.word_lists import join_words

LOGGED_DAYS = 90
"""How far back the log's questions are rehearsed."""
MOST_HISTORY = 20
Held = Mapping[str, SynonymEntry]


class SynonymReading:
    """What curators are shown of the synonyms of one catalogue."""

    def __init__(self, database: Database, shipped: Mapping[str, SynonymGroup], key: Key) -> None:
        """Stand on these, as :class:`kb.catalogue.synonyms.store.SynonymStore` does."""
        self._database = database
        self._store = SynonymStore(database, shipped, key)
        self._reader = SynonymReader(database)
        self._questions = QuestionReader(database)

    # -- reading -------------------------------------------------------------------------

    def groups(self, asked: GroupsAsked) -> GroupList:
        """One page of the groups: as questions are read with them, and what is drafted."""
        held, drafted = self._reader.state()
        keys = {each.key for each in drafted}
        entries = self.effective(held)
        new = [d.entry for d in drafted if d.entry is not None and d.key not in entries]
        views = [
            GroupView(entry, self._shown(entry), entry.key in keys)
            for entry in (*new, *entries.values())
        ]
        counts = Counter(view.shown for view in views) + Counter({Shown.ALL: len(views)})
        word = self._store.key(asked.word)
        wanted = [
            view
            for view in views
            if asked.shown in (Shown.ALL, view.shown) and (not word or self._has(view.entry, word))
        ]
        start = (max(asked.page, 1) - 1) * PAGE_SIZE
        page = tuple(wanted[start : start + PAGE_SIZE])
        return GroupList(asked, page, len(wanted), counts)

    def form(self, key: str | None) -> GroupForm | None:
        """The form of a group as it is drafted, else as it is; None when there is none."""
        if key is None:
            return GroupForm(None, "", GroupFields(), None)
        held, drafted = self._reader.state()
        now = self.effective(held).get(key)
        draft = drafted_of(drafted, key)
        then = self.effective(after_draft(held, drafted)).get(key)
        entry = then or now
        if entry is None:
            return None
        group = entry.group
        fields = GroupFields(group.relation.value, group.head, join_words(group.words))
        version = group_version(held, draft, key)
        return GroupForm(key, version, fields, now, draft is not None, self._store.shipped.get(key))

    def draft(self) -> DraftView:
        """The draft, and the rehearsal of just this draft."""
        # The number first: should the groups change now, the version is an old one, and refused.
        change = self._reader.change()
        held, drafted = self._reader.state()
        now, then = self.effective(held), self.effective(after_draft(held, drafted))
        version = draft_version(change, drafted)
        changes = tuple(
            DraftedChange(d.key, now.get(d.key), then.get(d.key), d.actor, d.drafted_at)
            for d in drafted
        )
        return DraftView(version, changes, self._rehearsal(version))

    def _given_up(self) -> bool:
        """Whether the last rehearsal that was left to the worker has ended without an outcome."""
        job = m.JobRow
        wanted = select(job.state).where(job.kind == JobKind.REHEARSAL.value)
        with self._database.reading() as session:
            last = session.scalar(wanted.order_by(job.id.desc()).limit(1))
        return last == JobState.FAILED.value

    def _rehearsal(self, version: str) -> KeptRehearsal | None:
        kept = self._reader.rehearsal(version)
        if kept is None:
            return None
        asked_at, result = kept
        if result is None:
            return KeptRehearsal(asked_at, None, {}, self._given_up())
        found = from_plain(result)
        subjects = {s for effect in found.effects for s in (*effect.gained, *effect.lost)}
        return KeptRehearsal(asked_at, found, self.titles(subjects))

    def titles(self, subjects: Iterable[str]) -> dict[str, str]:
        """The titles of cases and documents, by their subjects (``case:ID``)."""
        ids = [subject.partition(":")[2] for subject in subjects]
        with self._database.reading() as session:
            return {
                f"{kind}:{id_}": title
                for kind, row in (("case", m.CaseRow), ("document", m.DocumentRow))
                for id_, title in session.execute(select(row.id, row.title).where(row.id.in_(ids)))
            }

    def published(self) -> tuple[PublishedDraft, ...]:
        """The last drafts that were published or taken back, newest first."""
        return self._reader.published(MOST_HISTORY)

    # -- rehearsing ----------------------------------------------------------------------

    def proposed(self) -> tuple[str, tuple[SynonymEntry, ...]]:
        """The draft's version, and the groups beside the shipped ones as they would be."""
        change = self._reader.change()
        held, drafted = self._reader.state()
        return draft_version(change, drafted), tuple(after_draft(held, drafted).values())

    def known_questions(self) -> tuple[KnownQuestion, ...]:
        """The active questions whose answers are known."""
        return tuple(question for question in self._questions.known() if question.active)

    def logged_questions(self) -> tuple[tuple[str, str, int], ...]:
        """What is asked most and what found nothing: (question, filters, times)."""
        report = self._questions.report(LOGGED_DAYS)
        counts = (*report.most_asked, *report.nothing)
        return tuple((each.question, each.filters, each.times) for each in counts)

    # -- small things --------------------------------------------------------------------

    def effective(self, held: Held) -> dict[str, SynonymEntry]:
        """Every group by its key, if these were kept beside the shipped ones."""
        return {entry.key: entry for entry in self._store.with_shipped(held.values())}

    def _shown(self, entry: SynonymEntry) -> Shown:
        if not entry.active:
            return Shown.OFF
        if self._store.replaces_shipped(entry):
            return Shown.CHANGED
        return Shown(entry.origin)

    def _has(self, entry: SynonymEntry, word: str) -> bool:
        """Whether a folded word is part of a word of a group."""
        return any(word in self._store.key(each) for each in (entry.group.head, *entry.group.words))


def drafted_of(drafted: Iterable[DraftedGroup], key: str) -> DraftedGroup | None:
    """What the draft says of one group."""
    return next((each for each in drafted if each.key == key), None)


def after_draft(held: Held, drafted: Iterable[DraftedGroup]) -> dict[str, SynonymEntry]:
    """The groups beside the shipped ones once the draft is published."""
    changed = {each.key: each.entry for each in drafted}
    return {key: entry for key, entry in {**held, **changed}.items() if entry is not None}


def draft_version(change: int, drafted: Iterable[DraftedGroup]) -> str:
    """What a draft's page was made from: the last change of the groups, and the draft."""
    return _digest([str(change), *(repr((each.key, each.entry)) for each in drafted)])


def group_version(held: Held, draft: DraftedGroup | None, key: str) -> str:
    """What a group's form was made from."""
    return _digest([repr(held.get(key)), repr(draft.entry) if draft else ""])


def _digest(told: list[str]) -> str:
    return hashlib.blake2b(json.dumps(told).encode(), digest_size=12).hexdigest()
