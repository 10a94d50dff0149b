"""Writing the catalogue: every change is told of, and nothing is recorded twice."""

from datetime import date

import pytest
from sqlalchemy import func, select

from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.changes import UnknownReference, UnrecordedChange
from kb.catalogue.entries import (
    Authorship,
    CaseEntry,
    DocumentEntry,
    EventEntry,
    PersonEntry,
    RoleEntry,
    SourceEntry,
)
from kb.catalogue.session import CatalogueUnavailable, Database
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind, EventState, Theme
from kb.domain.rights import Audience, Rights, Terms

AUTHOR = Authorship("編集担当", "試験")
EVENT = EventEntry(
    "ev-1", "試験の催し", EventState.REPORTED, held_on=date(2022, 9, 3),
    sources=(SourceEntry("http://example.jp/", "例"),),
)  # fmt: skip
CASE = CaseEntry(
    "case-1", "試験の事例", ("402249",), implemented_in=2021, presented_in=2022,
    departments=("総務課",), themes=(Theme.CULTURE,), narrative={"summary": "概要"},
    event_id="ev-1",
)  # fmt: skip
DOCUMENT = DocumentEntry(
    "doc-1", "試験の資料", DocumentKind.SLIDES, Rights(Terms.NO_COPY, "お控えください"),
    case_id="case-1", municipality_codes=("402249",),
)  # fmt: skip


def record_all(database: Database) -> list[bool]:
    with writing(database, AUTHOR) as writer:
        return [
            writer.record_event(EVENT),
            writer.record_case(CASE),
            writer.record_document(DOCUMENT),
            writer.record_person(PersonEntry("person-1", "試験太郎", ("試験",))),
            writer.record_role(RoleEntry("person-1", "市長", "対談", event_id="ev-1")),
        ]


def events_of(database: Database, kind: str, key: str) -> list[m.SourceEventRow]:
    with database.reading() as session:
        wanted = select(m.SourceEventRow).filter_by(subject_kind=kind, subject_id=key)
        return list(session.scalars(wanted.order_by(m.SourceEventRow.id)))


def test_what_is_recorded_can_be_read(installation: Installation) -> None:
    record_all(installation.database)
    case = installation.catalogue.case("case-1", Audience.ANONYMOUS)
    assert case is not None
    assert [place.name for place in case.municipalities] == ["福津市"]
    assert case.departments == ("総務課",)
    assert case.department_functions == ("general-affairs",)
    assert case.themes == (Theme.CULTURE,)
    assert [document.title for document in case.documents] == ["試験の資料"]
    assert case.documents[0].rights.statement == "お控えください"
    assert case.event is not None
    assert case.event.sources[0].url == "http://example.jp/"


def test_recording_twice_changes_nothing(installation: Installation) -> None:
    record_all(installation.database)
    sequence = installation.catalogue.sequence()
    assert record_all(installation.database) == [False] * 5
    assert installation.catalogue.sequence() == sequence


def test_every_change_says_who_what_and_why(installation: Installation) -> None:
    record_all(installation.database)
    changed = CaseEntry(**{**{f: getattr(CASE, f) for f in CASE.__slots__}, "title": "改題"})
    with writing(installation.database, AUTHOR) as writer:
        assert writer.record_case(changed)
    last = events_of(installation.database, "case", "case-1")[-1]
    assert (last.actor, last.action, last.why) == ("編集担当", "changed", "試験")
    assert last.change == {"title": ["試験の事例", "改題"]}


def test_a_change_without_a_record_of_it_is_refused(installation: Installation) -> None:
    with (
        pytest.raises(UnrecordedChange, match="ThemeRow"),
        writing(installation.database, AUTHOR) as writer,
    ):
        writer.session.add(m.ThemeRow(slug="x", label="x", position=99))
    with installation.database.reading() as session:
        assert session.get(m.ThemeRow, "x") is None


def test_an_unknown_municipality_is_told_and_nothing_is_kept(installation: Installation) -> None:
    wrong = CaseEntry("case-2", "どこかの事例", ("999999",))
    with (
        pytest.raises(UnknownReference, match="999999"),
        writing(installation.database, AUTHOR) as writer,
    ):
        writer.record_case(wrong)
    assert installation.catalogue.case("case-2", Audience.CURATOR) is None


def test_addresses_are_kept_when_a_new_one_is_seen(installation: Installation) -> None:
    record_all(installation.database)
    moved = EventEntry(
        "ev-1", "試験の催し", EventState.REPORTED, held_on=date(2022, 9, 3),
        sources=(SourceEntry("http://example.jp/new", "例"),),
    )  # fmt: skip
    with writing(installation.database, AUTHOR) as writer:
        writer.record_event(moved)
    page = installation.catalogue.event("ev-1", Audience.ANONYMOUS)
    assert page is not None
    assert [s.url for s in page.event.sources] == ["http://example.jp/", "http://example.jp/new"]


def test_a_withdrawn_document_is_seen_by_curators_alone(installation: Installation) -> None:
    record_all(installation.database)
    with writing(installation.database, AUTHOR) as writer:
        assert writer.withdraw("doc-1")
        assert not writer.withdraw("doc-1")
    catalogue = installation.catalogue
    assert catalogue.document("doc-1", Audience.ANONYMOUS) is None
    assert catalogue.document("doc-1", Audience.CURATOR) is not None
    assert events_of(installation.database, "document", "doc-1")[-1].action == "withdrawn"


def test_readers_cannot_write(installation: Installation) -> None:
    def write() -> None:
        with installation.database.reading() as session:
            session.add(m.ThemeRow(slug="x", label="x", position=99))
            session.flush()

    with pytest.raises(CatalogueUnavailable):
        write()


def test_the_municipality_table_is_whole(installation: Installation) -> None:
    with installation.database.reading() as session:
        kinds = dict(
            session.execute(
                select(m.MunicipalityRow.kind, func.count()).group_by(m.MunicipalityRow.kind)
            ).all()
        )
    assert kinds.pop("prefecture") == 47
    assert kinds.pop("designated_ward") == 171
    assert sum(kinds.values()) == 1741
    page = installation.catalogue.municipality("402249", Audience.ANONYMOUS)
    assert page is not None
    before = {name.name for change in page.timeline for name in change.before}
    assert before >= {"福間町", "津屋崎町"}
