"""Where drafts are put down and looked at: everything `kb intake` does, without a terminal."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from indexer.intake.draft import Draft, DraftLine
from indexer.intake.matching import Match
from indexer.intake.review import LineState, Review, review
from kb.catalogue.entries import Authorship
from kb.catalogue.intake.records import (
    IntakeEntry,
    IntakeLineEntry,
    IntakeLineView,
    IntakeReader,
    IntakeView,
)
from kb.catalogue.session import Database
from kb.catalogue.stored import Stored, StoredReader
from kb.catalogue.table_base import now
from kb.catalogue.writing import CatalogueWriter, writing
from kb.domain.gazetteer import Gazetteer

ACTOR = "kb intake"


def _nothing_more(_writer: CatalogueWriter, _intake_id: str) -> None:
    """What the command adds to the transaction that keeps an intake."""


class IntakeDesk:
    """Keeps and compares the intakes of one catalogue."""

    def __init__(self, database: Database, gazetteer: Gazetteer) -> None:
        self.database = database
        self.gazetteer = gazetteer
        self._reader = IntakeReader(database)

    def take(
        self,
        draft: Draft,
        actor: str = ACTOR,
        seen_on: date | None = None,
        then: Callable[[CatalogueWriter, str], None] = _nothing_more,
    ) -> Review:
        """Keep a draft and compare it with the catalogue; nothing else is recorded.

        The same page that waits untouched is not kept twice.

        Args:
            draft: what the page proposes.
            actor: who has it taken.
            seen_on: the day somebody saw the page; today where they do not say.
            then: is done in the transaction that keeps it, with its identifier.
        """
        entry = replace(_entry(draft), seen_on=seen_on)
        earlier, stored = self._reader.intakes(), self._stored()
        waiting = next((one for one in earlier if one.source == draft.source), None)
        if waiting is not None and _untouched(waiting) and _equal(waiting, entry):
            return self.reviewed(waiting, stored)
        with writing(self.database, Authorship(actor, draft.source)) as writer:
            compared = review(_as_kept(entry), earlier, stored)
            intake_id = writer.intakes.record(_with_states(entry, compared))
            then(writer, intake_id)
        return self.reviewed(self._reader.intake(intake_id), stored)

    def intakes(self) -> tuple[IntakeView, ...]:
        """Every intake, newest first."""
        return self._reader.intakes()

    def intake(self, intake_id: str) -> IntakeView:
        """One intake as it was kept.

        Raises:
            UnknownReference: there is none such.
        """
        return self._reader.intake(intake_id)

    def reviewed(
        self,
        intake: IntakeView,
        stored: Stored | None = None,
        chosen: Mapping[str, Match] | None = None,
    ) -> Review:
        """An intake beside the catalogue as it is now, or as `stored` has it."""
        earlier = [one for one in self._reader.intakes() if one.number < intake.number]
        return review(intake, earlier, stored or self._stored(), chosen)

    def _stored(self) -> Stored:
        return StoredReader(self.database).stored()


def _entry(draft: Draft) -> IntakeEntry:
    text = "\n".join(line.text for line in draft.page)
    return IntakeEntry(
        source=draft.source,
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        text=text,
        contradictions=tuple(_plain(asdict(one)) for one in draft.contradictions),
        lines=tuple(_line(line) for line in draft.lines),
        statements=tuple(asdict(one) for one in draft.statements),
    )


def _line(line: DraftLine) -> IntakeLineEntry:
    evidence = {name: [asdict(one) for one in rests] for name, rests in line.evidence.items()}
    values = {name: _plain(value) for name, value in line.values.items()}
    return IntakeLineEntry(line.key, line.kind.value, values, evidence, LineState.NEW.value, None)


def _plain(value: Any) -> Any:
    """A value as it comes back from JSON."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, str) else value


def _as_kept(entry: IntakeEntry) -> IntakeView:
    """The intake that an entry will become."""
    lines = tuple(
        IntakeLineView(
            number=number, key=line.key, kind=line.kind, record_id=None, values=line.values,
            evidence=line.evidence, state=line.state, overrides={}, decided_by=None,
            decided_at=None,
        )
        for number, line in enumerate(entry.lines, 1)
    )  # fmt: skip
    return IntakeView(
        id="", number=0, source=entry.source, sha256=entry.sha256, text=entry.text,
        contradictions=entry.contradictions, statements=entry.statements, taken_at=now(),
        lines=lines,
    )  # fmt: skip


def _with_states(entry: IntakeEntry, compared: Review) -> IntakeEntry:
    """The entry with what each line was found to be."""
    lines = tuple(
        IntakeLineEntry(
            line.key, line.kind, line.values, line.evidence, found.state_to_keep.value,
            found.match.record_id,
        )
        for line, found in zip(entry.lines, compared.lines, strict=True)
    )  # fmt: skip
    return replace(entry, lines=lines)


def _untouched(intake: IntakeView) -> bool:
    return not any(line.decided_at for line in intake.lines)


def _equal(intake: IntakeView, entry: IntakeEntry) -> bool:
    """Whether a reading says what was read before, word for word."""
    kept = [(line.key, line.kind, line.values) for line in intake.lines]
    here = [(line.key, line.kind, line.values) for line in entry.lines]
    same_page = (intake.sha256, intake.contradictions) == (entry.sha256, entry.contradictions)
    return same_page and kept == here
