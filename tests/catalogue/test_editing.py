"""Changing what is recorded: every field, the version, the reason, and what history is left."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from indexer.gazetteer import gazetteer_of
from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.changes import UnknownReference
from kb.catalogue.editing.service import Editing
from kb.catalogue.editing.views import BadEdit, EditForm, Kind
from kb.catalogue.entries import (
    Authorship,
    EventEntry,
    PersonEntry,
    ProgrammeEntry,
    RoleEntry,
    SourceEntry,
)
from kb.catalogue.exchange.exporting import case_entry
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.review.service import Curation
from kb.catalogue.review.settling import read_values
from kb.catalogue.review.views import ChangedMeanwhile
from kb.catalogue.session import Database
from kb.catalogue.told_rows import is_row
from kb.catalogue.writing import writing
from kb.domain.case_study import NARRATIVE
from kb.domain.classification import DepartmentFunction, EventState
from kb.domain.rights import Audience, Rights, Terms
from kb.domain.settled import Basis, Field
from tests.catalogue.drafts import AUTHOR, case, draft, event

HANAKO = Authorship("編集担当 山田花子", "報告書で確かめた")
TARO = Authorship("編集担当 鈴木太郎")

Save = Callable[..., bool]


@pytest.fixture
def editing(installation: Installation) -> Editing:
    return Editing(installation.database, lambda: gazetteer_of(installation.database))


@pytest.fixture
def save(editing: Editing) -> Save:
    """Opens the form and sends it with these boxes filled in."""

    def save_(kind: Kind, key: str, /, **typed: str) -> bool:
        form = form_of(editing, kind, key)
        sent = {**form.values, **{name.replace("__", "-"): text for name, text in typed.items()}}
        return editing.save(kind, key, sent, form.version, HANAKO)

    return save_


def form_of(editing: Editing, kind: Kind, key: str) -> EditForm:
    form = editing.form(kind, key)
    assert form is not None
    return form


def told(installation: Installation, kind: str, key: str) -> list[tuple[str, dict[str, Any]]]:
    """What was recorded of a thing in words: action and change, oldest first."""
    row = m.SourceEventRow
    wanted = select(row).filter_by(subject_kind=kind, subject_id=key).order_by(row.id)
    with installation.database.reading() as session:
        return [(each.action, in_words(each.change)) for each in session.scalars(wanted)]


def in_words(change: Mapping[str, Any]) -> dict[str, Any]:
    return {name: pair for name, pair in change.items() if not is_row(name)}


# --- cases ----------------------------------------------------------------------------------


def test_every_field_of_a_case_is_typed_and_comes_back(
    installation: Installation, editing: Editing, save: Save
) -> None:
    event(installation)
    case(installation, "case-0", "前の年の改善")
    case(installation, "case-1", "改善", departments=("総務課",))
    with writing(installation.database, AUTHOR) as writer:
        writer.record_programme(ProgrammeEntry("prog", "研究会"))
    texts = {name: f"{label}の文" for name, label in NARRATIVE.items()}
    typed = {
        "title": "改善の歩み", "subtitle": "副題", "provisional_title": "仮の題",
        "municipalities": "福津市、中野区", "departments": "財政課、人事課", "place": "津屋崎",
        "implemented_in": "R3", "presented_in": "令和4年度", "themes": "finance\nworkstyle",
        "keywords": "対話、窓口", "service_class": "庁内", "event_id": "ev-1",
        "programme_id": "prog", "cohort": "2021", "continues_id": "前の年の改善",
        "related_case": "ほかの事例", "related_url": "https://example.jp/a", "contact": "総務課",
        "published_on": "2023/4/1", "updated_on": "R5.4.2", "media-1": "写真",
        "media-5": "https://example.jp/v", **texts,
    }  # fmt: skip
    form = form_of(editing, Kind.CASE, "case-1")
    assert set(typed) | {"functions"} == {
        box.name for box in form.boxes() if not box.name.startswith(("role-", "media-"))
    } | {"media-1", "media-5"}
    assert editing.save(Kind.CASE, "case-1", typed, form.version, HANAKO)
    with installation.database.reading() as session:
        entry = case_entry(session.get_one(m.CaseRow, "case-1"))
    assert entry.municipality_codes == ("402249", "131148")
    assert (entry.implemented_in, entry.presented_in, entry.cohort) == (2021, 2022, 2021)
    assert (entry.continues_id, entry.published_on) == ("case-0", date(2023, 4, 1))
    assert entry.functions == (DepartmentFunction.FINANCE, DepartmentFunction.PERSONNEL)
    assert entry.narrative == texts
    assert entry.media == {"イメージタイトル": "写真", "ビデオURL": "https://example.jp/v"}
    [*_, (action, change)] = told(installation, "case", "case-1")
    assert action == "changed"
    assert change["title"] == ["改善", "改善の歩み"]
    assert change["municipalities"] == [["402249"], ["402249", "131148"]]
    after = form_of(editing, Kind.CASE, "case-1")
    assert after.values["continues_id"] == "前の年の改善"
    assert not editing.save(Kind.CASE, "case-1", after.values, after.version, HANAKO)


def test_a_word_with_a_separator_in_it_stays_whole_when_its_list_is_edited(
    installation: Installation, editing: Editing, save: Save
) -> None:
    case(installation, "case-1", "改善", keywords=("企画、財政", "対話"),
         departments=("市民・税、保険課",))  # fmt: skip
    form = form_of(editing, Kind.CASE, "case-1")
    assert form.values["keywords"] == '"企画、財政"、対話'
    assert not editing.save(Kind.CASE, "case-1", form.values, form.version, HANAKO)
    assert save(Kind.CASE, "case-1", keywords=f"{form.values['keywords']}、窓口, 人事")
    with installation.database.reading() as session:
        entry = case_entry(session.get_one(m.CaseRow, "case-1"))
    assert entry.keywords == ("企画、財政", "対話", "窓口", "人事")
    assert entry.departments == ("市民・税、保険課",)
    assert read_values(Field.DEPARTMENTS, form.values["departments"]) == entry.departments


def test_what_cannot_be_understood_is_told_box_by_box_and_nothing_is_written(
    installation: Installation, editing: Editing, save: Save
) -> None:
    case(installation, "case-1", "改善")
    case(installation, "case-2", "続き", continues_id="case-1")
    bad = {"title": " ", "municipalities": "府中市", "implemented_in": "去年",
           "published_on": "きのう", "themes": "none", "event_id": "none",
           "continues_id": "どこにもない", "role-new1-title": "市長"}  # fmt: skip
    form = form_of(editing, Kind.CASE, "case-1")
    with pytest.raises(BadEdit) as caught:
        editing.save(Kind.CASE, "case-1", {**form.values, **bad}, form.version, HANAKO)
    wrong = {*bad, "role-new1-person", "role-new1-part"} - {"role-new1-title"}
    assert set(caught.value.errors) == wrong
    assert "東京都府中市" in caught.value.errors["municipalities"]
    assert form_of(editing, Kind.CASE, "case-1") == form
    with pytest.raises(BadEdit, match="輪になります"):
        save(Kind.CASE, "case-1", continues_id="/cases/case-2?q=x")
    with pytest.raises(UnknownReference, match="登録されていません"):
        editing.save(Kind.CASE, "none", {}, "0-0", HANAKO)


def test_who_comes_second_is_told_of_values_and_of_people(
    installation: Installation, editing: Editing, save: Save
) -> None:
    case(installation, "case-1", "改善")
    with writing(installation.database, AUTHOR) as writer:
        writer.record_person(PersonEntry("p-1", "原﨑智仁", ("原崎 智仁",)))
    form = form_of(editing, Kind.CASE, "case-1")
    role = {"role__new1__person": "原崎智仁", "role__new1__title": "福津市長",
            "role__new1__part": "対談", "role__new1__on": "2022-09-03"}  # fmt: skip
    assert save(Kind.CASE, "case-1", summary="要点", **role)
    with pytest.raises(ChangedMeanwhile) as caught:
        editing.save(Kind.CASE, "case-1", form.values, form.version, TARO)
    [change] = caught.value.changes
    assert change.why == "報告書で確かめた"
    assert change.change["people"] == [[], ["原﨑智仁 福津市長 対談 2022-09-03"]]
    assert change.change["narrative"] == [{}, {"summary": "要点"}]
    assert told(installation, "person", "p-1")[-1] == (
        "changed",
        {"roles": [[], ["福津市長 対談 2022-09-03"]]},
    )
    assert in_words(change.change).keys() == {"people", "narrative"}


def test_roles_are_changed_and_removed_where_they_are_shown(
    installation: Installation, editing: Editing, save: Save
) -> None:
    event(installation)
    with writing(installation.database, AUTHOR) as writer:
        for number in (1, 2):
            writer.record_person(PersonEntry(f"p-{number}", f"試験{number}"))
            writer.record_role(RoleEntry(f"p-{number}", "課長", "発表", event_id="ev-1"))
    typed = {"role__1__person": "試験2", "role__1__title": "部長", "role__2__gone": "1"}
    assert save(Kind.EVENT, "ev-1", **typed)
    with installation.database.reading() as session:
        [role] = session.scalars(select(m.RoleRow))
        assert (role.person_id, role.title, role.event_id) == ("p-2", "部長", "ev-1")
    assert told(installation, "person", "p-1")[-1][1] == {"roles": [["課長 発表"], []]}
    assert told(installation, "person", "p-2")[-1][1] == {"roles": [["課長 発表"], ["部長 発表"]]}
    assert save(Kind.PERSON, "p-1", role__new1__title="区長", role__new1__part="進行",
                role__new1__event="ev-1")  # fmt: skip
    rows = form_of(editing, Kind.EVENT, "ev-1").sections[-2].rows
    assert [row.legend for row in rows][:2] == ["試験2 部長 発表", "試験1 区長 進行"]


# --- documents ------------------------------------------------------------------------------


def test_a_document_is_settled_tied_and_sourced(
    installation: Installation, editing: Editing, save: Save
) -> None:
    event(installation)
    case(installation, "case-1", "改善")
    source = SourceEntry("https://example.jp/1", "案内", date(2022, 9, 1))
    draft(installation, "doc-1", rights=Rights(Terms.OPEN), published=True, draft=False,
          sources=(source,), note="前の説明")  # fmt: skip
    form = form_of(editing, Kind.DOCUMENT, "doc-1")
    assert form.values["title"] == "福津市の改善"
    assert not editing.save(Kind.DOCUMENT, "doc-1", form.values, form.version, HANAKO)
    assert save(
        Kind.DOCUMENT, "doc-1", title="財政の改善", kind="slides", presented_in="2022", series="",
        keywords="対話", note="", case_id="改善", event_id="ev-1", source__1__until="R5.1.31",
        source__new__url="https://example.jp/2", part__new__event="ev-1", part__new__part="used",
    )  # fmt: skip
    view = CatalogueReader(installation.database).document("doc-1", Audience.ANONYMOUS)
    assert view is not None
    assert (view.title, view.kind.value, view.presented_in) == ("財政の改善", "slides", 2022)
    assert (view.case_id, view.event_id, view.note) == ("case-1", "ev-1", None)
    assert [(s.url, s.seen_until) for s in view.sources] == [
        ("https://example.jp/1", date(2023, 1, 31)), ("https://example.jp/2", None),
    ]  # fmt: skip
    assert [each.part.value for each in view.event_parts] == ["used"]
    assert view.settlement.standing[Field.TITLE].basis is Basis.DECIDED
    assert view.settlement.standing[Field.DEPARTMENTS].basis is Basis.PROPOSED
    changes = told(installation, "document", "doc-1")[-4:]
    assert [action for action, _ in changes] == ["changed", "decided", "decided", "decided"]
    plain = changes[0][1]
    assert plain["case_id"] == [None, "case-1"]
    assert plain["note"] == ["前の説明", None]
    assert plain["sources"][1][0] == "案内 https://example.jp/1 2022-09-01〜2023-01-31"
    assert save(Kind.DOCUMENT, "doc-1", part__used__ev__1="1")
    after = CatalogueReader(installation.database).document("doc-1", Audience.ANONYMOUS)
    assert after is not None
    assert after.event_parts == ()


@pytest.mark.parametrize(
    ("box", "typed"),
    [("source__1__until", "2020-01-01"), ("source__new__url", "example.jp"),
     ("source__new__url", "https://example.jp/1"), ("case_id", "none"), ("title", "")],
)  # fmt: skip
def test_a_document_says_what_is_wrong(
    installation: Installation, save: Save, box: str, typed: str
) -> None:
    source = SourceEntry("https://example.jp/1", "https://example.jp/1", date(2022, 9, 1))
    draft(installation, "doc-1", sources=(source,))
    with pytest.raises(BadEdit) as caught:
        save(Kind.DOCUMENT, "doc-1", **{box: typed})
    assert set(caught.value.errors) == {box.replace("__", "-")}


def test_settling_in_the_form_counts_for_two_persons_and_a_takedown_closes_it(
    installation: Installation, editing: Editing, save: Save
) -> None:
    draft(installation, "doc-1")
    database = Database(installation.database_url, two_person=True)
    desk = Curation(database, lambda: gazetteer_of(database), print)
    assert save(Kind.DOCUMENT, "doc-1", title="財政の改善")
    mine, theirs = (desk.review("doc-1", each.actor) for each in (HANAKO, TARO))
    assert mine is not None
    assert theirs is not None
    assert any("別の人が公開" in reason for reason in mine.missing)
    assert not any("2人で公開" in reason for reason in theirs.missing)
    with writing(installation.database, AUTHOR) as writer:
        writer.withdraw("doc-1")
    assert editing.form(Kind.DOCUMENT, "doc-1") is None


# --- events, people, programmes -------------------------------------------------------------


def test_events_people_and_programmes_are_made_and_changed(
    installation: Installation, editing: Editing, save: Save
) -> None:
    programme = editing.make(Kind.PROGRAMME, {"title": "研究会", "cohorts": "R2、2021"}, HANAKO)
    typed = {**editing.new_form(Kind.EVENT).values, "title": "発表会", "held_on": "R4.9.3",
             "starts_at": "13時30分", "capacity": "30", "programme_id": programme}  # fmt: skip
    key = editing.make(Kind.EVENT, typed, HANAKO)
    assert key == "ev-2022-09-03"
    with pytest.raises(BadEdit, match="同じ名前と日付の催しがあります: ev-2022-09-03"):
        editing.make(Kind.EVENT, typed, HANAKO)
    assert save(Kind.EVENT, key, state="cancelled", attendance_text="約20人", keywords="対話")
    page = CatalogueReader(installation.database).event(key, Audience.ANONYMOUS)
    assert page is not None
    assert (page.event.state, page.event.starts_at) == (EventState.CANCELLED, "13:30")
    assert (page.event.capacity, page.event.programme_title) == (30, "研究会")
    [(made, _), (action, change)] = told(installation, "event", key)
    assert (made, action) == ("recorded", "changed")
    assert change["state"] == ["closed", "cancelled"]
    assert form_of(editing, Kind.PROGRAMME, programme).values["cohorts"] == (
        "2020年度(令和2年度)、2021年度(令和3年度)"
    )
    with pytest.raises(BadEdit, match="時刻ではありません"):
        save(Kind.EVENT, key, starts_at="25:00")


def test_a_namesake_is_recorded_only_when_somebody_says_so(
    installation: Installation, editing: Editing, save: Save
) -> None:
    typed = {"name": "試験太郎", "kana": "しけん たろう", "other_names": "試驗太郎"}
    first = editing.make(Kind.PERSON, typed, HANAKO)
    with pytest.raises(BadEdit, match=first):
        editing.make(Kind.PERSON, {"name": "試験 太郎"}, HANAKO)
    second = editing.make(Kind.PERSON, {"name": "試験太郎", "same_name": "1"}, HANAKO)
    assert second == f"{first}-2"
    assert [line.key for line in editing.records(Kind.PERSON, "試驗")] == [first]
    event(installation)
    with pytest.raises(BadEdit, match="IDで指定してください"):
        save(Kind.EVENT, "ev-1", role__new1__person="試験太郎", role__new1__title="課長",
             role__new1__part="発表")  # fmt: skip
    assert save(Kind.PERSON, first, kana="")
    with installation.database.reading() as session:
        assert session.get_one(m.PersonRow, first).kana is None


def test_lists_are_looked_through_by_a_part_of_the_name(
    installation: Installation, editing: Editing
) -> None:
    with writing(installation.database, AUTHOR) as writer:
        for year in (2021, 2022):
            writer.record_event(
                EventEntry(
                    f"ev-{year}", f"{year}年の会", EventState.CLOSED, held_on=date(year, 9, 1)
                )
            )
    assert [line.key for line in editing.records(Kind.EVENT)] == ["ev-2022", "ev-2021"]
    assert [line.note for line in editing.records(Kind.EVENT, "2021")] == ["2021-09-01"]
    assert editing.records(Kind.PROGRAMME, "100%") == ()
