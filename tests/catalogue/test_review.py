"""The way of a document from draft to publication, and what keeps it from there."""

from datetime import date

import pytest
from sqlalchemy import select

from indexer.gazetteer import gazetteer_of
from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.entries import Authorship
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.review.service import Curation
from kb.catalogue.review.settling import Ambiguous
from kb.catalogue.review.states import in_state, state_of
from kb.catalogue.review.views import (
    BadCase,
    BadWishes,
    CaseFields,
    ChangedMeanwhile,
    Do,
    QueueAsked,
    Review,
    RightsWish,
    State,
    Wish,
    Wishes,
)
from kb.catalogue.rights.withdrawing import Named
from kb.catalogue.session import Database
from kb.catalogue.writing import writing
from kb.domain.rights import Audience, Permission, Rights, Terms
from kb.domain.settled import Basis, Field
from tests.catalogue.drafts import AUTHOR, SURE, UNSURE, case, draft, event, proposal

HANAKO, TARO = "編集担当 山田花子", "編集担当 鈴木太郎"
LEFT_OPEN = RightsWish(Terms.UNKNOWN, None)


@pytest.fixture
def forgotten() -> list[str]:
    return []


@pytest.fixture
def desk(installation: Installation, forgotten: list[str]) -> Curation:
    database = installation.database
    return Curation(database, lambda: gazetteer_of(database), forgotten.append)


def look(desk: Curation, document: str = "doc-1", who: str = HANAKO) -> Review:
    found = desk.review(document, who)
    assert found is not None
    return found


def wish(desk: Curation, *each: Wish, document: str = "doc-1", **others: object) -> Wishes:
    return Wishes(look(desk, document).version, each, **others)  # type: ignore[arg-type]


def setting(field: Field, *texts: str) -> Wish:
    return Wish(field, Do.SET, texts)


# --- states and queue -----------------------------------------------------------------------


def test_states_follow_from_the_record_and_sql_says_the_same(
    installation: Installation, desk: Curation
) -> None:
    for name in ("draft", "decided", "attached", "published", "down"):
        draft(installation, name)
    case(installation, "case-1", "改善")
    desk.save("decided", wish(desk, setting(Field.TITLE, "題"), document="decided"), HANAKO)
    desk.attach("attached", "case-1", None, look(desk, "attached").version, HANAKO)
    desk.save("published", wish(desk, document="published", rights=LEFT_OPEN, publish=True), HANAKO)
    desk.withdraw(Named(documents=("down",)), Authorship(HANAKO, "申し出"))
    wanted = {
        "draft": State.DRAFT, "decided": State.IN_REVIEW, "attached": State.IN_REVIEW,
        "published": State.PUBLISHED, "down": State.WITHDRAWN,
    }  # fmt: skip
    with installation.database.reading() as session:
        for name, state in wanted.items():
            assert state_of(session.get_one(m.DocumentRow, name)) is state
            for each in State:
                found = session.scalar(
                    select(m.DocumentRow.id).where(in_state(each), m.DocumentRow.id == name)
                )
                assert (found is not None) == (each is state), (name, each)


def test_the_nearly_done_come_first_then_the_oldest(
    installation: Installation, desk: Curation
) -> None:
    event(installation)
    draft(installation, "two-open", UNSURE)
    draft(installation, "sure-1")
    draft(installation, "one-open", {**SURE, "themes": [proposal("finance", 0.65)]})
    draft(installation, "sure-2", event_id="ev-1")
    queue = desk.queue(QueueAsked())
    assert [row.id for row in queue.rows] == ["sure-1", "sure-2", "one-open", "two-open"]
    assert queue.counts[State.DRAFT] == queue.total == 4
    last = queue.rows[-1]
    assert last.open == (Field.TITLE, Field.THEMES)
    assert (last.sure, last.confidence, last.rights_open) == (3, 0.65, True)
    assert [each.id for each in queue.events] == ["ev-1"]
    assert [r.id for r in desk.queue(QueueAsked(event_id="ev-1")).rows] == ["sure-2"]
    assert desk.queue(QueueAsked(State.PUBLISHED)).rows == ()
    middle = look(desk, "sure-2")
    assert (middle.previous, middle.following, middle.position) == ("sure-1", "one-open", 2)


def test_what_could_not_be_read_comes_last_and_says_so(
    installation: Installation, desk: Curation
) -> None:
    draft(installation, "torn", outcome="damaged")
    draft(installation, "picture", outcome="needs_ocr")
    draft(installation, "read", UNSURE)
    rows = desk.queue(QueueAsked()).rows
    assert [(row.id, row.unread) for row in rows] == [
        ("picture", True), ("read", False), ("torn", True)
    ]  # fmt: skip


def test_likeness_is_told_in_the_queue_and_on_the_document(
    installation: Installation, desk: Curation
) -> None:
    draft(installation, "doc-1")
    draft(installation, "doc-2")
    with writing(installation.database, AUTHOR) as writer:
        writer.record_likeness("doc-2", "doc-1", "same_text", 0.98)
    assert [row.alike for row in desk.queue(QueueAsked()).rows] == [1, 1]
    [alike] = look(desk).alike
    assert (alike.other_id, alike.similarity) == ("doc-2", 0.98)


# --- settling -------------------------------------------------------------------------------


def test_what_is_wished_is_settled_in_one_go(installation: Installation, desk: Curation) -> None:
    draft(installation, "doc-1", UNSURE)
    saved = desk.save(
        "doc-1",
        wish(
            desk,
            setting(Field.TITLE, "新しい題"),
            setting(Field.IMPLEMENTED_IN, "R3"),
            setting(Field.PRESENTED_IN, "令和4年度"),
            setting(Field.MUNICIPALITY, "福岡県福津市、南伊勢町"),
            setting(Field.KIND, "slides"),
            Wish(Field.DEPARTMENTS, Do.NONE),
        ),
        HANAKO,
    )
    assert saved.changed == 6
    settlement = look(desk).settlement
    assert settlement.values(Field.MUNICIPALITY) == ("402249", "244724")
    assert (settlement.year(Field.IMPLEMENTED_IN), settlement.year(Field.PRESENTED_IN)) == (
        2021, 2022,
    )  # fmt: skip
    assert settlement.standing[Field.DEPARTMENTS].values == ()
    assert {d.by for d in settlement.decisions.values()} == {HANAKO}
    desk.save("doc-1", wish(desk, Wish(Field.DEPARTMENTS, Do.UNDO)), HANAKO)
    assert look(desk).settlement.standing[Field.DEPARTMENTS].basis is Basis.PROPOSED


def test_all_sure_ones_go_with_one_button_and_the_others_stay(
    installation: Installation, desk: Curation
) -> None:
    draft(installation, "doc-1", UNSURE)
    assert desk.save("doc-1", wish(desk, accept_sure=True), HANAKO).changed == 3
    settlement = look(desk).settlement
    assert set(settlement.decisions) == {
        Field.MUNICIPALITY, Field.IMPLEMENTED_IN, Field.DEPARTMENTS,
    }  # fmt: skip


def test_nothing_is_written_when_one_field_cannot_be_understood(
    installation: Installation, desk: Curation
) -> None:
    draft(installation, "doc-1")
    wishes = wish(
        desk,
        setting(Field.TITLE, "題"),
        setting(Field.IMPLEMENTED_IN, "去年"),
        setting(Field.MUNICIPALITY, "府中市"),
        setting(Field.DEPARTMENTS),
    )
    with pytest.raises(BadWishes) as caught:
        desk.save("doc-1", wishes, HANAKO)
    errors = caught.value.errors
    assert set(errors) == {Field.IMPLEMENTED_IN, Field.MUNICIPALITY, Field.DEPARTMENTS}
    ambiguous = errors[Field.MUNICIPALITY]
    assert isinstance(ambiguous, Ambiguous)
    assert {each.name for each in ambiguous.choices} == {"東京都府中市", "広島県府中市"}
    assert "なしと確定" in str(errors[Field.DEPARTMENTS])
    assert look(desk).settlement.decisions == {}


# --- concurrency ----------------------------------------------------------------------------


def test_who_comes_second_is_told_and_nothing_of_theirs_is_written(
    installation: Installation, desk: Curation
) -> None:
    draft(installation, "doc-1")
    first = wish(desk, setting(Field.TITLE, "花子の題"))
    second = wish(desk, setting(Field.TITLE, "太郎の題"))
    desk.save("doc-1", first, HANAKO)
    with pytest.raises(ChangedMeanwhile) as caught:
        desk.save("doc-1", second, TARO)
    [change] = caught.value.changes
    assert (change.actor, change.action) == (HANAKO, "decided")
    assert change.change["title"] == ["福津市の改善", "花子の題"]
    assert look(desk).settlement.text(Field.TITLE) == "花子の題"
    again = wish(desk, setting(Field.TITLE, "太郎の題"))
    assert desk.save("doc-1", again, TARO).changed == 1


def test_what_concerns_another_document_is_no_conflict(
    installation: Installation, desk: Curation
) -> None:
    draft(installation, "doc-1")
    draft(installation, "doc-2")
    mine = wish(desk, setting(Field.TITLE, "題"))
    desk.save("doc-2", wish(desk, setting(Field.TITLE, "別の題"), document="doc-2"), TARO)
    with writing(installation.database, AUTHOR) as writer:
        writer.record_likeness("doc-1", "doc-2", "same_text", 0.9)
    assert desk.save("doc-1", mine, HANAKO).changed == 1


@pytest.mark.parametrize("version", ["", "-", "x-y", "9" * 40 + "-00"])
def test_a_version_that_is_none_is_a_conflict(
    installation: Installation, desk: Curation, version: str
) -> None:
    draft(installation, "doc-1")
    with pytest.raises(ChangedMeanwhile):
        desk.save("doc-1", Wishes(version, (setting(Field.TITLE, "題"),)), HANAKO)
    assert look(desk).settlement.decisions == {}


# --- publishing -----------------------------------------------------------------------------


def test_publication_is_refused_with_reasons_and_the_rest_is_kept(
    installation: Installation, desk: Curation
) -> None:
    draft(installation, "doc-1", UNSURE)
    saved = desk.save("doc-1", wish(desk, setting(Field.THEMES, "finance"), publish=True), HANAKO)
    assert (saved.changed, saved.published, len(saved.missing)) == (1, False, 2)
    assert "題名" in saved.missing[0]
    assert "確認できていない" in saved.missing[1]
    assert look(desk).state is State.IN_REVIEW
    done = desk.save(
        "doc-1",
        wish(desk, setting(Field.TITLE, "題"), rights=LEFT_OPEN, publish=True),
        HANAKO,
    )
    assert (done.published, done.missing) == (True, ())
    reader = CatalogueReader(installation.database)
    assert reader.document("doc-1", Audience.ANONYMOUS) is not None
    desk.retract("doc-1", look(desk).version, HANAKO)
    assert reader.document("doc-1", Audience.ANONYMOUS) is None


def test_rights_given_with_the_file_need_no_other_word(
    installation: Installation, desk: Curation
) -> None:
    draft(installation, "doc-1", rights=Rights(Terms.OPEN))
    assert desk.save("doc-1", wish(desk, publish=True), HANAKO).published


def test_two_people_publish_where_that_is_set(installation: Installation) -> None:
    database = Database(installation.database_url, two_person=True)
    desk = Curation(database, lambda: gazetteer_of(database), lambda _sha256: None)
    draft(installation, "doc-1", rights=Rights(Terms.OPEN))
    assert "まだだれも" in look(desk).missing[0]
    desk.save("doc-1", wish(desk, setting(Field.TITLE, "題")), HANAKO)
    [refused] = desk.save("doc-1", wish(desk, publish=True), HANAKO).missing
    assert "別の人" in refused
    touched = wish(desk, setting(Field.KIND, "slides"), publish=True)
    assert not desk.save("doc-1", touched, TARO).published, "who settles last cannot publish"
    assert desk.save("doc-1", wish(desk, publish=True), HANAKO).published


def test_what_was_taken_down_is_not_published(
    installation: Installation, desk: Curation, forgotten: list[str]
) -> None:
    draft(installation, "doc-1", rights=Rights(Terms.OPEN))
    done = desk.withdraw(Named(documents=("doc-1",)), Authorship(HANAKO, "申し出"))
    assert done.documents == ("doc-1",)
    assert len(forgotten) == 1
    assert "取り下げ" in look(desk).missing[0]
    assert not desk.save("doc-1", wish(desk, publish=True), HANAKO).published
    assert desk.restore(Named(documents=("doc-1",)), Authorship(HANAKO, "誤り")) == ("doc-1",)
    assert look(desk).rights.rights.terms is Terms.OPEN


# --- rights ---------------------------------------------------------------------------------


def test_a_statement_that_was_read_can_be_settled_or_denied(
    installation: Installation, desk: Curation
) -> None:
    stated = proposal("複写はご遠慮ください", 0.95, "複写はご遠慮ください", "refusal")
    for name in ("doc-1", "doc-2"):
        draft(installation, name, {**SURE, "rights_statement": stated})
    yes = RightsWish(Terms.NO_COPY, "複写はご遠慮ください")
    desk.save("doc-1", wish(desk, rights=yes, accept_sure=True), HANAKO)
    held = look(desk).rights.rights
    assert (held.terms, held.statement) == (Terms.NO_COPY, "複写はご遠慮ください")
    desk.save("doc-2", wish(desk, document="doc-2", rights=LEFT_OPEN, accept_sure=True), HANAKO)
    second = look(desk, "doc-2")
    assert second.rights.rights.statement is None
    assert second.settlement.values(Field.RIGHTS_STATEMENT) == ()
    assert not second.rights_open


def test_a_settled_statement_is_changed_and_stays_changed(
    installation: Installation, desk: Curation
) -> None:
    draft(installation, "doc-1", {**SURE, "rights_statement": proposal("複写禁止", rule="refusal")})
    desk.save("doc-1", wish(desk, accept_sure=True), HANAKO)
    assert look(desk).rights_open, "the words are settled, the terms are not"
    wanted = RightsWish(Terms.NO_COPY, "転載禁止")
    why = Authorship(HANAKO, "原本を見た")
    assert desk.correct_rights("doc-1", wanted, look(desk).version, why)
    found = look(desk)
    assert found.settlement.text(Field.RIGHTS_STATEMENT) == "転載禁止"
    assert found.rights.rights == Rights(Terms.NO_COPY, "転載禁止")
    assert not desk.correct_rights("doc-1", wanted, found.version, why)


def test_a_permission_is_recorded_and_ended(installation: Installation, desk: Curation) -> None:
    draft(installation, "doc-1")
    given = Permission(Terms.OPEN, "福津市総務課", date(2020, 4, 1))
    author = Authorship(HANAKO, "電話")
    number = desk.permit("doc-1", given, "電話", look(desk).version, author)
    found = look(desk)
    assert (found.rights.rights.effective, found.rights_open) == (Terms.OPEN, False)
    assert desk.end_permission("doc-1", number, author)
    assert look(desk).rights.rights.effective is Terms.UNKNOWN


# --- cases ----------------------------------------------------------------------------------


def test_likely_cases_come_with_their_reasons(installation: Installation, desk: Curation) -> None:
    case(installation, "case-far", "別の取組", implemented_in=2010)
    case(installation, "case-year", "別の取組2", implemented_in=2021)
    case(installation, "case-title", "福津市の改善", implemented_in=2021)
    draft(installation, "doc-1")
    found = desk.suggestions("doc-1")
    assert [each.case.id for each in found] == ["case-title", "case-year", "case-far"]
    assert found[0].reasons == ("題名が似ています", "同じ自治体", "同じ実践年度")


def test_a_case_is_made_of_a_document_and_published_with_it(
    installation: Installation, desk: Curation
) -> None:
    event(installation)
    draft(installation, "doc-1", event_id="ev-1")
    form = desk.new_case_form("doc-1")
    assert form is not None
    assert form.fields == CaseFields(
        "福津市の改善", "福岡県福津市", "2021年度(令和3年度)", "", "総務課", (), "ev-1"
    )
    case_id = desk.make_case("doc-1", form.fields, look(desk).version, HANAKO)
    reader = CatalogueReader(installation.database)
    assert reader.case(case_id, Audience.ANONYMOUS) is None
    desk.save("doc-1", wish(desk, rights=LEFT_OPEN, publish=True), HANAKO)
    view = reader.case(case_id, Audience.ANONYMOUS)
    assert view is not None
    assert [d.id for d in view.documents] == ["doc-1"]
    assert (view.implemented_in, view.departments) == (2021, ("総務課",))
    assert desk.attach("doc-1", None, None, look(desk).version, HANAKO)
    assert look(desk).document.case_id is None


def test_a_case_form_says_what_is_wrong_field_by_field(
    installation: Installation, desk: Curation
) -> None:
    draft(installation, "doc-1")
    bad = CaseFields("", "どこにもない町", "去年")
    with pytest.raises(BadCase) as caught:
        desk.make_case("doc-1", bad, look(desk).version, HANAKO)
    assert set(caught.value.errors) == {"title", "municipalities", "implemented_in"}
    lost = CaseFields("題", "福津市", event_id="none")
    with pytest.raises(BadCase) as no_event:
        desk.make_case("doc-1", lost, look(desk).version, HANAKO)
    assert set(no_event.value.errors) == {"event_id"}
    assert desk.suggestions("doc-1") == ()
