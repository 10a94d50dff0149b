"""Synonyms as their pages change them: drafting, rehearsing, publishing, one step back.

There is one draft, and every curator sees it. Questions are read with what is published alone.
"""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from kb.catalogue.entries import Authorship
from kb.catalogue.jobs.views import JobEntry
from kb.catalogue.review.views import ChangedMeanwhile
from kb.catalogue.synonyms.reading import (
    Held,
    SynonymReading,
    after_draft,
    draft_version,
    drafted_of,
    group_version,
)
from kb.catalogue.synonyms.records import PUBLISHED, STEPPED_BACK, SynonymWriter
from kb.catalogue.synonyms.store import UnknownSynonym
from kb.catalogue.synonyms.views import GroupFields, NotReady
from kb.catalogue.writing import writing
from kb.domain.jobs import JobKind
from kb.domain.synonyms import SynonymEntry, SynonymGroup


class SynonymDesk(SynonymReading):
    """The synonyms of one catalogue, for curators."""

    # -- drafting ------------------------------------------------------------------------

    def propose(self, key: str | None, fields: GroupFields, version: str, actor: str) -> str:
        """Draft a new group (`key` is None) or a change of one; its key.

        Raises:
            BadSynonyms: it cannot be used; the message says what to do.
            UnknownSynonym: there is no such group.
            ChangedMeanwhile: somebody has changed it since the form was made.
        """
        group = fields.group()
        if key is None:
            return self._propose_new(group, actor)
        with writing(self._database, Authorship(actor)) as writer:
            self._known(writer.synonyms, key, version)
            self._put(writer.synonyms, SynonymEntry(key, group), actor)
        return key

    def _propose_new(self, group: SynonymGroup, actor: str) -> str:
        with writing(self._database, Authorship(actor)) as writer:
            held, drafted = writer.synonyms.state()
            taken = {*self.effective(held), *(each.key for each in drafted)}
            key = next(name for name in _names(group.key) if name not in taken)
            self._put(writer.synonyms, SynonymEntry(key, group), actor)
        return key

    def take_back(self, key: str, version: str, actor: str) -> None:
        """Draft that a group counts no more.

        Raises:
            UnknownSynonym: there is no such group.
            ChangedMeanwhile: somebody has changed it since the form was made.
        """
        with writing(self._database, Authorship(actor)) as writer:
            held = self._known(writer.synonyms, key, version)
            self._keep(writer.synonyms, key, self._store.without(key), held, actor)

    def restore(self, key: str, version: str, actor: str) -> None:
        """Draft that a group counts again; a shipped one as it is shipped.

        Raises:
            BadSynonyms: it cannot be used beside the others.
            UnknownSynonym: there is no such group.
            ChangedMeanwhile: somebody has changed it since the form was made.
        """
        with writing(self._database, Authorship(actor)) as writer:
            held = self._known(writer.synonyms, key, version)
            shipped = self._store.shipped.get(key)
            if shipped is not None:
                self._put(writer.synonyms, SynonymEntry(key, shipped, origin="shipped"), actor)
            elif key in held:
                entry = held[key]
                back = SynonymEntry(key, entry.group, origin=entry.origin)
                self._put(writer.synonyms, back, actor)

    def forget(self, key: str | None, actor: str) -> bool:
        """Take one group out of the draft, or all; whether there was any."""
        with writing(self._database, Authorship(actor)) as writer:
            return writer.synonyms.forget_draft(key) > 0

    def _known(self, writer: SynonymWriter, key: str, version: str) -> dict[str, SynonymEntry]:
        """The groups beside the shipped ones, once it is sure that one is as its form says."""
        held, drafted = writer.state()
        draft = drafted_of(drafted, key)
        if key not in self.effective(held) and draft is None:
            raise UnknownSynonym("この組は、もうありません。同義語の一覧から選び直してください。")
        if version != group_version(held, draft, key):
            raise ChangedMeanwhile(())
        return held

    def _put(self, writer: SynonymWriter, entry: SynonymEntry, actor: str) -> None:
        """Draft a group, once it is sure that it can be used beside the others."""
        held, drafted = writer.state()
        after = {**after_draft(held, drafted), entry.key: entry}
        self._store.require_usable([entry], after.values(), held.values())
        as_shipped = entry.active and entry.group == self._store.shipped.get(entry.key)
        self._keep(writer, entry.key, None if as_shipped else entry, held, actor)

    @staticmethod
    def _keep(
        writer: SynonymWriter, key: str, entry: SynonymEntry | None, held: Held, actor: str
    ) -> None:
        """Put into the draft what is to be kept under a key, or nothing if that is so already."""
        if held.get(key) == entry:
            writer.forget_draft(key)
        else:
            writer.draft(key, entry, actor)

    # -- rehearsing ----------------------------------------------------------------------

    def keep_rehearsal(self, version: str, result: Mapping[str, Any] | None) -> None:
        """Keep what the draft of that version would change."""
        with writing(self._database, Authorship("rehearsal")) as writer:
            writer.synonyms.keep_rehearsal(version, result)

    def ask_worker(self, actor: str, audience: str) -> None:
        """Leave the rehearsal of the draft to the worker."""
        key = f"rehearsal-{uuid.uuid4().hex}"
        entry = JobEntry(
            key=key,
            kind=JobKind.REHEARSAL,
            name="同義語の予行",
            folder="",
            size=0,
            sha256=None,
            # The queue asks every job for its file; there is none of this name.
            work={"audience": audience, "file": f"{key}/draft"},
        )
        with writing(self._database, Authorship(actor)) as writer:
            _, drafted = writer.synonyms.state()
            version = draft_version(writer.synonyms.change(), drafted)
            writer.synonyms.keep_rehearsal(version, None)
            writer.jobs.put(None, [(entry, None)])

    # -- publishing ----------------------------------------------------------------------

    def publish(self, version: str, authorship: Authorship) -> int:
        """Publish the whole draft; how many groups it changed.

        Raises:
            NotReady: there is nothing to publish, or it has not been rehearsed.
            BadSynonyms: a group cannot be used beside the others any more.
            ChangedMeanwhile: somebody has changed the draft, or the groups, since the page was
                made.
        """
        with writing(self._database, authorship) as writer:
            held, drafted = writer.synonyms.state()
            if not drafted:
                raise NotReady("公開する変更がありません。先に組を加えるか、変えてください。")
            if version != draft_version(writer.synonyms.change(), drafted):
                raise ChangedMeanwhile(())
            kept = self._reader.rehearsal(version)
            if kept is None or kept[1] is None:
                raise NotReady("まだ予行していません。先に「予行する」を押してください。")
            wanted = {each.key: each.entry for each in drafted}
            after = after_draft(held, drafted).values()
            self._store.require_usable(filter(None, wanted.values()), after, held.values())
            writer.synonyms.publish(wanted, PUBLISHED)
            writer.synonyms.forget_draft()
            return len(wanted)

    def step_back(self, number: int, authorship: Authorship) -> int:
        """Take the last publication back; its changes are drafted again. How many groups.

        Raises:
            NotReady: it is not the last step, has been taken back, or a group of it has been
                changed since.
        """
        with writing(self._database, authorship) as writer:
            last = writer.synonyms.last_published()
            if last is None or last.id != number or last.action != PUBLISHED:
                raise NotReady(
                    "この公開は、もう戻せません。あとで別の公開があったか、すでに戻されています。"
                    "画面を開き直して確かめてください。"
                )
            held, drafted = writer.synonyms.state()
            for key, (_, after) in last.change.items():
                if held.get(key) != after:
                    raise NotReady(
                        f"「{key}」は、公開のあとで別の方法(kb synonyms)で変えられています。"
                        "その組をもとに戻す変更を、下書きに加えてください。"
                    )
            taken_back = {key: before for key, (before, _) in last.change.items()}
            writer.synonyms.publish(taken_back, STEPPED_BACK)
            for key, (_, after) in last.change.items():
                if drafted_of(drafted, key) is None:
                    writer.synonyms.draft(key, after, authorship.actor)
            return len(taken_back)


def _names(key: str) -> Iterator[str]:
    """The key of a new group, and others should a group of another meaning have it already."""
    yield key
    yield from (f"{key[:76]}#{number}" for number in range(2, 1000))
