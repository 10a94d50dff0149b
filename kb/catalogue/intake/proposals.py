"""What one curator would record of an intake, until another person has looked at it.

Where nobody publishes alone, lines that are accepted wait here; whoever looks at them sees exactly
the lines that will be recorded, each as it was when the first one chose it.
"""

import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue.changes import recording
from kb.catalogue.intake.jobs import LineWord, Words, new_key, settle_entry, words_of
from kb.catalogue.intake.sheets import Sheet, SheetLine
from kb.catalogue.intake.tables import IntakeProposalRow
from kb.catalogue.jobs.rows import JobRecords, moment
from kb.catalogue.session import Database

_WHAT = "受け入れの控え"


class CannotPropose(ValueError):
    """It is not as the page showed it; nothing has been done. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What waits for another person."""

    intake_id: str
    key: str
    """Another one for every proposal."""
    actor: str
    made_at: datetime
    words: Words


class Proposals:
    """The proposals of one catalogue; at most one of each intake."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, intake_id: str) -> Proposal | None:
        """What waits of an intake."""
        with self._database.reading() as session:
            row = session.get(IntakeProposalRow, intake_id)
            return _proposal(row) if row else None

    def waiting(self) -> frozenset[str]:
        """The intakes of which something waits."""
        with self._database.reading() as session:
            return frozenset(session.scalars(select(IntakeProposalRow.intake_id)))

    def put(self, intake_id: str, actor: str, words: Words) -> None:
        """Have words wait. Durable on return.

        Raises:
            CannotPropose: others wait already.
        """
        with recording(self._database, _WHAT) as session:
            if session.get(IntakeProposalRow, intake_id) is not None:
                raise CannotPropose(
                    "この受け入れには、確かめるのを待つ行がもうあります。"
                    "先にそれを記録するか、差し戻してください。"
                )
            row = IntakeProposalRow(
                intake_id=intake_id, key=secrets.token_hex(8), actor=actor, words=asdict(words)
            )
            session.add(row)

    def needs_other(self, chooser: str, actor: str) -> bool:
        """Whether what somebody has chosen waits for another person than `actor`.

        What waited when the setting was taken back waits for nobody in particular.
        """
        return self._database.two_person and chooser == actor

    def release(self, intake_id: str, key: str, actor: str) -> str:
        """Have the worker record what waits; the key of the job. Durable on return.

        Raises:
            CannotPropose: it does not wait any more, or another person than `actor` has to ask.
        """
        with recording(self._database, _WHAT) as session:
            row = _row(session, intake_id, key)
            if self.needs_other(row.actor, actor):
                raise CannotPropose(
                    "2人で公開する設定です。行を選んだ人とは別の人が、内容を確かめて記録します。"
                )
            job, words = new_key(), words_of({"words": row.words})
            entry = settle_entry(job, actor, intake_id, words, asked_by=row.actor)
            JobRecords(session).put(None, [(entry, None)])
            session.delete(row)
            return job

    def decline(self, intake_id: str, key: str) -> None:
        """Let nothing wait any more; nothing is recorded.

        Raises:
            CannotPropose: it does not wait any more.
        """
        with recording(self._database, _WHAT) as session:
            session.delete(_row(session, intake_id, key))


def explicit(words: Words, sheet: Sheet) -> Words:
    """The same words, with every line named that they mean: no other is recorded later.

    Args:
        words: what was said, perhaps of all sure lines and of what they refer to.
        sheet: what was shown to whoever said it.
    """
    lines = {line.key: line for line in sheet.lines if line.open}
    said = {word.key: word for word in words.lines if word.wanted}
    if words.sure:
        for key, line in lines.items():
            if line.sure and key not in said:
                said[key] = _accepted(line)
    waiting = [key for key, word in said.items() if word.wanted == "accept"]
    while words.references and waiting:
        key = waiting.pop()
        for other in _named(lines.get(key), said[key]):
            if other in lines and other not in said:
                said[other] = _accepted(lines[other])
                waiting.append(other)
    ordered = sorted(said.values(), key=lambda word: word.number)
    return replace(words, lines=tuple(ordered), sure=False, references=False)


def _accepted(line: SheetLine) -> LineWord:
    return LineWord(line.number, line.key, line.version, "accept")


def _named(line: SheetLine | None, word: LineWord) -> Iterator[str]:
    """What a line's boxes hold: keys of other lines among them."""
    typed = dict(word.values)
    for field in line.fields if line else ():
        yield typed.get(field.name, field.typed)


def _row(session: Session, intake_id: str, key: str) -> IntakeProposalRow:
    row = session.get(IntakeProposalRow, intake_id, with_for_update=True)
    if row is None or row.key != key:
        raise CannotPropose(
            "画面を開いたあとで、ほかの人が記録したか差し戻しました。いまの内容を確かめてください。"
        )
    return row


def _proposal(row: IntakeProposalRow) -> Proposal:
    words = words_of({"words": row.words})
    return Proposal(row.intake_id, row.key, row.actor, moment(row.made_at), words)
