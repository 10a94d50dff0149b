"""What was done to a thing is told, and put back by a new change where it still stands."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text

from indexer.gazetteer import gazetteer_of
from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.changes import Changes, UnknownReference
from kb.catalogue.entries import (
    Authorship,
    CaseEntry,
    DocumentEntry,
    EventEntry,
    EventPartEntry,
    ExcerptEntry,
    PersonEntry,
    ProgrammeEntry,
)
from kb.catalogue.history.append_only import RewrittenHistory
from kb.catalogue.history.service import History
from kb.catalogue.history.views import CannotUndo, EventView, Verdict
from kb.catalogue.review.service import Curation
from kb.catalogue.review.views import Do, RightsWish, Wish, Wishes
from kb.catalogue.rights.withdrawing import Named
from kb.catalogue.session import Database
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind, EventPart, EventState, Theme
from kb.domain.rights import Permission, Rights, Terms
from kb.domain.settled import Field
from tests.catalogue.drafts import AUTHOR, SURE, case, draft, event

HANAKO = "編集担当 山田花子"
DOCUMENT = ("document", "doc-1")
CASE = ("case", "case-1")


@pytest.fixture
def forgotten() -> list[str]:
    return []


@pytest.fixture
def past(installation: Installation, forgotten: list[str]) -> History:
    return History(installation.database, forgotten.append)


@pytest.fixture
def desk(installation: Installation, forgotten: list[str]) -> Curation:
    database = installation.database
    return Curation(database, lambda: gazetteer_of(database), forgotten.append)


def newest(past: History, thing: tuple[str, str]) -> tuple[EventView, Verdict]:
    page = past.page(*thing)
    assert page is not None
    return page.rows[0].event, page.rows[0].undo


def undo_newest(past: History, thing: tuple[str, str]) -> EventView:
    """Put the newest change back; the change that this has made."""
    before, verdict = newest(past, thing)
    assert verdict, (before, verdict)
    past.undo(*thing, before.number, HANAKO)
    after, _ = newest(past, thing)
    assert after.number > before.number
    assert after.actor == HANAKO
    return after


def row_of(installation: Installation, table: type[m.Base], key: str) -> dict[str, Any]:
    with installation.database.reading() as session:
        row = session.get_one(table, key)
        return {column.key: getattr(row, column.key) for column in table.__table__.columns}


def assert_there_and_back(
    installation: Installation, past: History, table: type[m.Base], thing: tuple[str, str],
    before: dict[str, Any], after: dict[str, Any],
) -> None:  # fmt: skip
    """Undone it is as before; the undoing undone, as after."""
    undone = undo_newest(past, thing)
    assert undone.why is not None
    assert undone.why.startswith("来歴")
    assert undone.why.endswith("を元に戻す")
    assert row_of(installation, table, thing[1]) == before
    undo_newest(past, thing)
    assert row_of(installation, table, thing[1]) == after


# --- fields -----------------------------------------------------------------------------------


def test_a_case_with_all_its_fields(installation: Installation, past: History) -> None:
    event(installation)
    first = CaseEntry(
        "case-1", "窓口の改善", ("402249",), implemented_in=2020, departments=("総務課", "市民課"),
        themes=(Theme.COUNTER,), narrative={"summary": "短くした"}, published_on=date(2021, 4, 1),
    )  # fmt: skip
    second = CaseEntry(
        "case-1", "新しい題", ("131148", "402249"), implemented_in=2021, event_id="ev-1",
        departments=("財政課",), themes=(Theme.FINANCE, Theme.DIGITAL), keywords=("財政",),
    )  # fmt: skip
    with writing(installation.database, AUTHOR) as writer:
        writer.record_case(first)
    before = (row_of(installation, m.CaseRow, "case-1"), listed(installation))
    with writing(installation.database, Authorship("編集担当 鈴木太郎", "誤り")) as writer:
        writer.record_case(second)
    after = (row_of(installation, m.CaseRow, "case-1"), listed(installation))
    undo_newest(past, CASE)
    assert (row_of(installation, m.CaseRow, "case-1"), listed(installation)) == before
    undo_newest(past, CASE)
    assert (row_of(installation, m.CaseRow, "case-1"), listed(installation)) == after


def listed(installation: Installation) -> tuple[list[str], set[str], set[str]]:
    """Municipalities, departments and themes of the case."""
    with installation.database.reading() as session:
        row = session.get_one(m.CaseRow, "case-1")
        return (
            [place.code for place in row.municipalities],
            {each.name for each in row.departments},
            {each.slug for each in row.themes},
        )


@pytest.mark.parametrize(
    ("table", "thing", "first", "second"),
    [
        (
            m.EventRow, ("event", "ev-9"),
            EventEntry("ev-9", "発表会", EventState.OPEN, held_on=date(2022, 9, 3), capacity=30),
            EventEntry("ev-9", "発表会", EventState.REPORTED, attendance=40, keywords=("改善",)),
        ),
        (
            m.PersonRow, ("person", "p-9"),
            PersonEntry("p-9", "原崎智仁", ("原﨑智仁",)), PersonEntry("p-9", "原﨑智仁", ()),
        ),
        (
            m.ProgrammeRow, ("programme", "prog-9"),
            ProgrammeEntry("prog-9", "研究会", None, (2020,)),
            ProgrammeEntry("prog-9", "研究会", "経営を学ぶ", (2020, 2021)),
        ),
    ],
)  # fmt: skip
def test_events_people_and_programmes(
    installation: Installation, past: History, table: type[m.Base], thing: tuple[str, str],
    first: Any, second: Any,
) -> None:  # fmt: skip
    record(installation, first)
    before = row_of(installation, table, thing[1])
    record(installation, second)
    after = row_of(installation, table, thing[1])
    assert before != after
    assert_there_and_back(installation, past, table, thing, before, after)


def record(installation: Installation, entry: Any) -> None:
    with writing(installation.database, AUTHOR) as writer:
        recording = {
            EventEntry: writer.record_event,
            PersonEntry: writer.record_person,
            ProgrammeEntry: writer.record_programme,
            DocumentEntry: writer.record_document,
        }
        recording[type(entry)](entry)


def test_a_document_with_pages_parts_and_rights(installation: Installation, past: History) -> None:
    """From a document of one case to a casebook and back, with what its record says of rights."""
    event(installation)
    case(installation, "case-1", "改善")
    case(installation, "case-2", "次の改善")
    parts = (EventPartEntry("ev-1", EventPart.REPORTS),)
    one = DocumentEntry(
        "doc-1", "記録", DocumentKind.REPORT, Rights(Terms.OPEN), case_id="case-1",
        municipality_codes=("402249",), event_parts=parts,
    )  # fmt: skip
    other = DocumentEntry(
        "doc-1", "事例集", DocumentKind.CASEBOOK, Rights(Terms.NO_COPY, "複写はご遠慮ください"),
        excerpts=(ExcerptEntry("case-1", 1, 3), ExcerptEntry("case-2", 4, 9),
                  ExcerptEntry("case-1", 7, 7)), event_id="ev-1",
    )  # fmt: skip
    record(installation, one)
    before = (row_of(installation, m.DocumentRow, "doc-1"), relations(installation))
    record(installation, other)
    after = (row_of(installation, m.DocumentRow, "doc-1"), relations(installation))
    undo_newest(past, DOCUMENT)
    assert (row_of(installation, m.DocumentRow, "doc-1"), relations(installation)) == before
    rights, _ = newest(past, DOCUMENT)
    # The stated rights go back by their own road, told as their own change.
    assert rights.action == "rights_corrected"
    for number in described(past):
        past.undo(*DOCUMENT, number, HANAKO)
    assert (row_of(installation, m.DocumentRow, "doc-1"), relations(installation)) == after


def described(past: History) -> list[int]:
    """The changes by which the last undoing was told."""
    page = past.page(*DOCUMENT)
    assert page is not None
    why = page.rows[0].event.why
    return [row.event.number for row in page.rows if row.event.why == why]


def relations(installation: Installation) -> tuple[object, ...]:
    with installation.database.reading() as session:
        row = session.get_one(m.DocumentRow, "doc-1")
        return (
            [place.code for place in row.municipalities],
            [(each.case_id, each.first_page, each.last_page) for each in row.excerpts],
            [(each.event_id, each.part) for each in row.event_parts],
        )


# --- decisions, publication, rights ------------------------------------------------------------


def settle(desk: Curation, *wishes: Wish, **others: Any) -> None:
    review = desk.review("doc-1", HANAKO)
    assert review is not None
    desk.save("doc-1", Wishes(review.version, wishes, **others), HANAKO)


def decided(installation: Installation, field: Field) -> list[Any]:
    with installation.database.reading() as session:
        row = session.get(m.DecisionRow, ("doc-1", field.value))
        return [row.value] if row is not None and row.decided_by else []


def test_decisions_one_after_another(
    installation: Installation, past: History, desk: Curation
) -> None:
    draft(installation, "doc-1", SURE)
    field = Field.IMPLEMENTED_IN
    for typed in ("R2", "R3"):
        settle(desk, Wish(field, Do.SET, (typed,)))
    undo_newest(past, DOCUMENT)
    assert decided(installation, field) == [2020]
    undo_newest(past, DOCUMENT)
    assert decided(installation, field) == [2021]
    settle(desk, Wish(field, Do.UNDO))
    undo_newest(past, DOCUMENT)
    assert decided(installation, field) == [2021]


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        (Field.DEPARTMENTS, ("総務課、財政課",), ["総務課", "財政課"]),
        # As it was proposed: a decision all the same.
        (Field.IMPLEMENTED_IN, ("R3",), 2021),
        (Field.SERIES, (), None),
    ],
)
def test_the_first_decision_goes_back_to_none(
    installation: Installation, past: History, desk: Curation, field: Field, typed: tuple[str, ...],
    kept: object,
) -> None:  # fmt: skip
    draft(installation, "doc-1", SURE)
    settle(desk, Wish(field, Do.SET if typed else Do.NONE, typed))
    assert decided(installation, field) == [kept]
    undo_newest(past, DOCUMENT)
    assert decided(installation, field) == []
    undo_newest(past, DOCUMENT)
    assert decided(installation, field) == [kept]


def test_publication_goes_by_its_own_rules(
    installation: Installation, past: History, desk: Curation, forgotten: list[str]
) -> None:
    draft(installation, "doc-1", SURE)
    settle(desk, rights=RightsWish(Terms.UNKNOWN, None), publish=True)
    undo_newest(past, DOCUMENT)
    assert row_of(installation, m.DocumentRow, "doc-1")["published"] is False
    number, _ = newest(past, DOCUMENT)
    database = Database(installation.database_url, two_person=True)
    with pytest.raises(CannotUndo, match="別の人が公開してください"):
        History(database, forgotten.append).undo(*DOCUMENT, number.number, HANAKO)
    assert row_of(installation, m.DocumentRow, "doc-1")["published"] is False
    undo_newest(past, DOCUMENT)
    assert row_of(installation, m.DocumentRow, "doc-1")["published"] is True


def test_corrected_rights(installation: Installation, past: History) -> None:
    draft(installation, "doc-1", rights=Rights(Terms.NO_COPY, "複写はご遠慮ください"))
    with writing(installation.database, AUTHOR) as writer:
        writer.rights.correct("doc-1", Terms.OPEN, None)
    undo_newest(past, DOCUMENT)
    held = row_of(installation, m.DocumentRow, "doc-1")
    assert (held["rights_terms"], held["rights_statement"]) == ("no_copy", "複写はご遠慮ください")
    undo_newest(past, DOCUMENT)
    assert row_of(installation, m.DocumentRow, "doc-1")["rights_terms"] == "open"


@pytest.mark.parametrize(
    ("thing", "named"),
    [
        (DOCUMENT, Named(documents=("doc-1",))),
        (CASE, Named(cases=("case-1",))),
        (("event", "ev-1"), Named(events=("ev-1",))),
    ],
)
def test_a_takedown_is_undone_and_done_again(
    installation: Installation, past: History, desk: Curation, forgotten: list[str],
    thing: tuple[str, str], named: Named,
) -> None:  # fmt: skip
    event(installation)
    case(installation, "case-1", "改善")
    draft(installation, "doc-1", rights=Rights(Terms.OPEN), case_id="case-1", event_id="ev-1")
    desk.withdraw(named, Authorship(HANAKO, "申し出"))
    taken, _ = newest(past, DOCUMENT)
    assert taken.change is None, "curators read nothing of what was taken down"
    undo_newest(past, thing)
    assert row_of(installation, m.DocumentRow, "doc-1")["rights_terms"] == "open"
    emptied = len(forgotten)
    undo_newest(past, thing)
    assert row_of(installation, m.DocumentRow, "doc-1")["rights_terms"] == "withdrawn"
    assert len(forgotten) > emptied, "kept page images go with it"


# --- what cannot be undone ---------------------------------------------------------------------


def test_what_was_changed_since_stays_and_is_told(
    installation: Installation, past: History
) -> None:
    for title in ("一", "二", "三"):
        case(installation, "case-1", title)
    page = past.page(*CASE)
    assert page is not None
    third, second, first = page.rows
    assert third.undo
    assert not second.undo
    assert [each.change for each in second.undo.later] == [{"title": ["二", "三"]}]
    assert "取り消せません" in first.undo.why_not
    with pytest.raises(CannotUndo, match="あとから変えられている") as refused:
        past.undo(*CASE, second.event.number, HANAKO)
    assert len(refused.value.later) == 1
    assert row_of(installation, m.CaseRow, "case-1")["title"] == "三"
    past.undo(*CASE, third.event.number, HANAKO)
    with pytest.raises(CannotUndo):
        past.undo(*CASE, third.event.number, HANAKO)
    past.undo(*CASE, second.event.number, HANAKO)
    assert row_of(installation, m.CaseRow, "case-1")["title"] == "一"


def test_what_a_former_value_points_at_must_still_be_there(
    installation: Installation, past: History
) -> None:
    event(installation)
    case(installation, "case-1", "改善", event_id="ev-1")
    case(installation, "case-1", "改善")
    with installation.database.writing() as session:
        session.execute(text("delete from event"))
    change, verdict = newest(past, CASE)
    assert verdict
    with pytest.raises(CannotUndo, match="ev-1"):
        past.undo(*CASE, change.number, HANAKO)
    assert newest(past, CASE)[0].number == change.number


def test_what_is_not_held_whole_says_what_to_do(
    installation: Installation, past: History, desk: Curation
) -> None:
    draft(installation, "doc-1", SURE)
    with writing(installation.database, AUTHOR) as writer:
        writer.rights.permit("doc-1", Permission(Terms.OPEN, "福津市", date(2026, 4, 1)))
    page = past.page(*DOCUMENT)
    assert page is not None
    told = {row.event.action: row.undo.why_not for row in page.rows}
    assert "終わらせてください" in told["permitted"]
    assert "kb reread" in told["read"]
    with writing(installation.database, AUTHOR) as writer:
        person = PersonEntry("p-1", "山田")
        writer.record_person(person)
    with writing(installation.database, AUTHOR) as writer:
        writer.changes.note("changed", "person", "p-1", {"name": ["a", "b"], "roles": [[], ["x"]]})
    assert newest(past, ("person", "p-1"))[1].fields == ("roles",)


def test_changes_of_other_things_are_refused(installation: Installation, past: History) -> None:
    case(installation, "case-1", "改善")
    number, _ = newest(past, CASE)
    with pytest.raises(UnknownReference):
        past.undo("case", "case-2", number.number, HANAKO)
    with pytest.raises(UnknownReference):
        past.undo(*CASE, 10**9, HANAKO)
    assert past.page("case", "none") is None


def test_long_histories_come_in_pages(installation: Installation, past: History) -> None:
    for number in range(33):
        case(installation, "case-1", f"題{number}")
    first, last = past.page(*CASE), past.page(*CASE, 9)
    assert first is not None
    assert last is not None
    assert (first.total, first.pages, len(first.rows)) == (33, 2, 30)
    assert (last.page, len(last.rows)) == (2, 3)
    assert first.name == "題32"
    at = past.page(*CASE, at=last.rows[0].event.number)
    assert at == last


# --- append-only -------------------------------------------------------------------------------


def test_a_field_changed_twice_in_one_transaction_is_told_from_its_first_value(
    installation: Installation, past: History
) -> None:
    case(installation, "case-1", "一")
    with writing(installation.database, AUTHOR) as writer:
        for title in ("二", "三"):
            writer.record_case(CaseEntry("case-1", title, ("402249",)))
    told, _ = newest(past, CASE)
    assert told.change == {"title": ["一", "三"]}


@pytest.mark.parametrize("how", ["change", "why", "delete"])
def test_what_was_recorded_is_neither_changed_nor_deleted(
    installation: Installation, how: str
) -> None:
    case(installation, "case-1", "改善")
    with pytest.raises(RewrittenHistory):
        rewrite(installation, how)
    with installation.database.reading() as session:
        row = session.scalars(select(m.SourceEventRow).filter_by(subject_id="case-1")).one()
        assert (row.change, row.why) == ({}, None)


def rewrite(installation: Installation, how: str) -> None:
    """Touch what was recorded, in a transaction that also tells of a change of its own."""
    with writing(installation.database, AUTHOR) as writer:
        session = writer.session
        row = session.scalars(select(m.SourceEventRow).filter_by(subject_id="case-1")).one()
        Changes(session, AUTHOR).note("changed", "case", "case-2", {"title": ["a", "b"]})
        if how == "delete":
            session.delete(row)
        else:
            setattr(row, how, {"title": ["x", "y"]} if how == "change" else "x")
