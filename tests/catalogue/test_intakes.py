"""Keeping intakes: what was read, what a curator said, and who said it when."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship, PersonEntry, RoleEntry
from kb.catalogue.intake.jobs import LineWord, Words
from kb.catalogue.intake.proposals import explicit
from kb.catalogue.intake.records import IntakeEntry, IntakeLineEntry, IntakeReader, LineDecision
from kb.catalogue.intake.sheets import Sheet, SheetField, SheetLine
from kb.catalogue.session import Database
from kb.catalogue.stored import Stored, StoredReader
from kb.catalogue.writing import CatalogueWriter, writing

AUTHOR = Authorship("編集担当", "試験")
EVENT = IntakeLineEntry(
    "event:2024-10-05", "event", {"title": "秋の会"}, {"title": [{"line": 3, "text": "秋の会"}]},
    "new", None,
)  # fmt: skip
ENTRY = IntakeEntry(
    source="http://example.jp/",
    sha256="0" * 64,
    text="秋の会\n2024年10月5日",
    contradictions=({"kind": "capacity", "subject": EVENT.key, "said": ["定員40", "52名"]},),
    lines=(EVENT, replace(EVENT, key="event:2023-10-07")),
    statements=({"line": 2, "text": "All Rights Reserved"},),
)


def record(database: Database, entry: IntakeEntry = ENTRY) -> str:
    with writing(database, AUTHOR) as writer:
        return writer.intakes.record(entry)


def changes(database: Database, subject: str) -> list[tuple[str, str | None, dict[str, object]]]:
    wanted = select(m.SourceEventRow).filter_by(subject_kind="intake", subject_id=subject)
    with database.reading() as session:
        found = session.scalars(wanted.order_by(m.SourceEventRow.id))
        return [(row.action, row.why, row.change) for row in found]


def test_what_was_kept_can_be_read(installation: Installation) -> None:
    intake = IntakeReader(installation.database).intake(record(installation.database))
    assert (intake.id, intake.number, intake.source) == ("intake-1", 1, ENTRY.source)
    assert (intake.text, intake.contradictions, intake.statements) == (
        ENTRY.text, ENTRY.contradictions, ENTRY.statements,
    )  # fmt: skip
    assert [(line.number, line.key, line.state) for line in intake.lines] == [
        (1, "event:2024-10-05", "new"), (2, "event:2023-10-07", "new"),
    ]  # fmt: skip
    assert intake.lines[0].evidence == EVENT.evidence
    assert (intake.lines[0].decided_by, intake.lines[0].overrides) == (None, {})


def test_intakes_come_newest_first_and_know_their_successor(installation: Installation) -> None:
    ids = [record(installation.database) for _ in range(2)]
    other = record(installation.database, replace(ENTRY, source="other.html"))
    reader = IntakeReader(installation.database)
    assert [intake.id for intake in reader.intakes()] == [other, *reversed(ids)]
    assert [intake.superseded_by for intake in reader.intakes()] == [None, None, ids[1]]


def test_a_decision_says_who_and_a_later_one_replaces_it(installation: Installation) -> None:
    database = installation.database
    intake_id = record(database)
    for decision in (
        LineDecision(EVENT.key, "rejected"),
        LineDecision(EVENT.key, "accepted", "ev-1", {"title": "春の会"}),
    ):
        with writing(database, AUTHOR) as writer:
            writer.intakes.decide(intake_id, [decision])
    line, other = IntakeReader(database).intake(intake_id).lines
    assert (line.state, line.record_id, line.overrides, line.decided_by) == (
        "accepted", "ev-1", {"title": "春の会"}, "編集担当",
    )  # fmt: skip
    assert line.decided_at is not None
    assert (other.state, other.decided_at) == ("new", None)
    assert changes(database, intake_id) == [
        ("recorded", "試験", {"source": [None, "http://example.jp/"]}),
        ("decided", "試験", {EVENT.key: ["new", "rejected"]}),
        ("decided", "試験", {EVENT.key: ["rejected", "accepted"]}),
    ]


def test_an_unknown_intake_is_told(installation: Installation) -> None:
    with pytest.raises(UnknownReference, match="kb intake --list"):
        IntakeReader(installation.database).intake("intake-9")


def test_a_role_is_changed_and_the_change_told(installation: Installation) -> None:
    role = RoleEntry("person-1", "市長", "対談")
    with writing(installation.database, AUTHOR) as writer:
        writer.record_person(PersonEntry("person-1", "試験太郎"))
        writer.record_role(role)
    for changed in (True, False):
        with writing(installation.database, AUTHOR) as writer:
            assert writer.change_role(1, replace(role, title="前市長")) is changed
    assert StoredReader(installation.database).stored().roles == {
        "1": replace(role, title="前市長")
    }


class RolledBack(Exception):
    """Ends a transaction without keeping it."""


def changed_by(writer: CatalogueWriter, stored: Stored) -> list[str]:
    """The records that change when they are handed in again."""
    return [
        *(i for i, one in stored.programmes.items() if writer.record_programme(one)),
        *(i for i, one in stored.events.items() if writer.record_event(one)),
        *(i for i, one in stored.cases.items() if writer.record_case(one)),
        *(i for i, one in stored.people.items() if writer.record_person(one)),
        *(i for i, one in stored.documents.items() if writer.record_document(one)),
        *(i for i, one in stored.roles.items() if writer.change_role(int(i), one)),
    ]


def test_what_is_held_changes_nothing_when_handed_in_again(sample: Installation) -> None:
    stored = StoredReader(sample.database).stored()
    changed: list[str] = []

    def hand_in_again() -> None:
        with writing(sample.database, AUTHOR) as writer:
            changed.extend(changed_by(writer, stored))
            raise RolledBack

    with pytest.raises(RolledBack):
        hand_in_again()
    assert (len(stored.cases) > 30, changed) == (True, [])


def on_sheet(number: int, key: str, event: str = "", **told: bool) -> SheetLine:
    """A line that waits, of something at an event."""
    return SheetLine(
        **{"open": True, "sure": False, **told},
        number=number, key=key, kind="case", kind_label="事例", title=key, state="new",
        state_label="新しい", version=f"v{number}", record_id=None, candidates=(),
        fields=(SheetField("event_id", "催し", event, event, None, ()),), contradictions=(),
        unreadable=(), rejected_in=None, decided_by=None, decided_at=None,
    )  # fmt: skip


def test_what_one_would_record_names_each_line_and_no_other_comes_with_it() -> None:
    """So whoever looks at it sees all of it; what a box says now counts, not what it said."""
    lines = (
        on_sheet(1, "event-1"), on_sheet(2, "event-2"), on_sheet(3, "case-1", "event-1"),
        on_sheet(4, "case-2", sure=True), on_sheet(5, "case-3", sure=True),
        on_sheet(6, "case-4", sure=True, open=False),
    )  # fmt: skip
    sheet = Sheet(lines, (), (), (), {})
    case = LineWord(3, "case-1", "seen", "accept", (("event_id", "event-2"),))
    rejected = LineWord(5, "case-3", "seen", "reject")
    said = explicit(Words((case, rejected), sure=True, references=True), sheet)
    assert (said.sure, said.references) == (False, False)
    assert [(word.key, word.wanted, word.version) for word in said.lines] == [
        ("event-2", "accept", "v2"), ("case-1", "accept", "seen"), ("case-2", "accept", "v4"),
        ("case-3", "reject", "seen"),
    ]  # fmt: skip
    alone = explicit(Words((case,)), sheet)
    assert alone.lines == (case,)
