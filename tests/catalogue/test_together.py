"""The documents of a batch settled together: shown first, written as shown, nothing overruled."""

import pytest

from indexer.gazetteer import gazetteer_of
from indexer.installation import Installation
from kb.catalogue.history.service import History
from kb.catalogue.history.views import EventView
from kb.catalogue.jobs.views import JobEnd, JobEntry
from kb.catalogue.review.service import Curation
from kb.catalogue.review.views import BadWishes, Do, Review, RightsWish, State, Wish, Wishes
from kb.catalogue.rights.withdrawing import Named
from kb.catalogue.session import Database
from kb.catalogue.together import service
from kb.catalogue.together.service import Together
from kb.catalogue.together.views import FieldWish, How, Kept, Line, Plan, PlanMoved, TogetherWish
from kb.catalogue.writing import writing
from kb.domain.jobs import JobKind, JobState
from kb.domain.rights import Audience, Rights, Terms
from kb.domain.settled import Field
from tests.catalogue.drafts import AUTHOR, SURE, UNSURE, batch, case, draft, event, proposal

HANAKO, TARO = "編集担当 山田花子", "編集担当 鈴木太郎"
UNKNOWN = RightsWish(Terms.UNKNOWN, None)
LIKELY = tuple(FieldWish(name, How.EACH) for name in (Field.TITLE, Field.THEMES))
PUBLISH = TogetherWish(LIKELY, rights=UNKNOWN, publish=True)
NO_TITLE = {**SURE, "title": proposal("目次", 0.4, "福津市の改善")}


def desks(database: Database) -> tuple[Together, Curation]:
    return (
        Together(database, lambda: gazetteer_of(database)),
        Curation(database, lambda: gazetteer_of(database), lambda _sha256: None),
    )


@pytest.fixture
def together(installation: Installation) -> Together:
    return desks(installation.database)[0]


@pytest.fixture
def curation(installation: Installation) -> Curation:
    return desks(installation.database)[1]


def look(curation: Curation, document: str) -> Review:
    found = curation.review(document, HANAKO)
    assert found is not None
    return found


def settle(curation: Curation, document: str, *each: Wish) -> None:
    curation.save(document, Wishes(look(curation, document).version, each), HANAKO)


def shown(plan: Plan) -> dict[str, str]:
    return {line.document_id: line.version for line in plan.lines}


def by_id(plan: Plan) -> dict[str, Line]:
    return {line.document_id: line for line in plan.lines}


def told(line: Line) -> dict[str, object]:
    """Field -> from what, to what."""
    changes: dict[str, object] = {}
    for each in line.changes:
        changes |= dict(each.change or {})
    return changes


def test_a_plan_is_what_is_written_and_writes_nothing_itself(
    installation: Installation, together: Together, curation: Curation
) -> None:
    for name in ("doc-1", "doc-2"):
        draft(installation, name, UNSURE)
    batch(installation, "up-1", "doc-1", "doc-2")
    before = look(curation, "doc-1").version
    plan = together.plan("up-1", PUBLISH, HANAKO)
    assert look(curation, "doc-1").version == before
    assert (plan.changed, plan.published) == (2, 2)
    assert told(by_id(plan)["doc-1"])["title"] == ["福津市の改善", "福津市の改善"]
    assert told(by_id(plan)["doc-1"])["themes"] == [None, ["finance"]]
    done = together.carry_out("up-1", PUBLISH, {"doc-1": shown(plan)["doc-1"]}, HANAKO)
    assert [line.version for line in done.lines] == [shown(plan)["doc-1"]]
    published, left = look(curation, "doc-1"), look(curation, "doc-2")
    assert (published.state, left.state) == (State.PUBLISHED, State.DRAFT)
    assert published.settlement.values(Field.THEMES) == ("finance",)
    assert published.settlement.decisions[Field.MUNICIPALITY].by == HANAKO
    assert [row.id for row in together.batch("up-1").rows] == ["doc-2"]


def test_what_a_person_or_the_document_itself_says_stays(
    installation: Installation, together: Together, curation: Curation
) -> None:
    stated = proposal("複写はご遠慮ください", 0.95, "複写はご遠慮ください", "refusal")
    draft(installation, "decided", UNSURE)
    draft(installation, "sure", UNSURE)
    draft(installation, "empty", {"title": UNSURE["title"]})
    draft(installation, "stated", {**SURE, "rights_statement": stated}, presented_in=2020)
    batch(installation, "up-1", "decided", "sure", "empty", "stated")
    settle(curation, "decided", Wish(Field.MUNICIPALITY, Do.NONE))
    wish = TogetherWish(
        (
            FieldWish(Field.MUNICIPALITY, How.SAME, ("中野区",)),
            FieldWish(Field.PRESENTED_IN, How.SAME, ("R4",)),
        ),
        rights=RightsWish(Terms.OPEN, None),
    )
    plan = by_id(together.plan("up-1", wish, HANAKO))
    assert plan["decided"].kept == (("municipality", Kept.DECIDED),)
    assert plan["sure"].kept == (("municipality", Kept.SURE),)
    assert plan["empty"].kept == ()
    assert set(plan["stated"].kept) == {
        ("municipality", Kept.SURE), ("presented_in", Kept.RECORDED),
        ("rights_terms", Kept.STATED),
    }  # fmt: skip
    assert told(plan["empty"])["municipality"] == [None, ["131148"]]
    assert plan["stated"].changes == ()
    together.carry_out("up-1", wish, {k: line.version for k, line in plan.items()}, HANAKO)
    assert look(curation, "stated").rights.rights.terms is Terms.UNKNOWN
    assert look(curation, "sure").rights.rights.terms is Terms.OPEN
    again = by_id(together.plan("up-1", wish, TARO))["sure"]
    assert ("rights_terms", Kept.RIGHTS) in again.kept


def test_what_is_doubtful_is_left_for_somebody_to_look_at(
    installation: Installation, together: Together
) -> None:
    event(installation)
    draft(installation, "doc-1")
    draft(installation, "no-title", NO_TITLE)
    draft(installation, "double", event_id="ev-1")
    draft(installation, "torn", outcome="indexed_partly")
    batch(installation, "up-1", "doc-1", "no-title", "double", "torn")
    with writing(installation.database, AUTHOR) as writer:
        writer.record_likeness("double", "doc-1", "same_text", 0.98)
    wish = TogetherWish(LIKELY, "ev-1", UNKNOWN, publish=True)
    plan = by_id(together.plan("up-1", wish, HANAKO))
    assert not any(line.published for line in plan.values())
    assert "似た資料" in plan["doc-1"].missing[0]
    assert "題名が確かではありません" in plan["no-title"].missing[0]
    assert "読み取れていないページ" in plan["torn"].missing[0]
    assert plan["no-title"].kept == (("title", Kept.UNSURE),)
    assert told(plan["doc-1"])["event_id"] == [None, "ev-1"]
    assert "event_id" not in told(plan["double"])


def test_what_has_changed_since_it_was_shown_stops_everything(
    installation: Installation, together: Together, curation: Curation
) -> None:
    for name in ("doc-1", "doc-2"):
        draft(installation, name, UNSURE)
    batch(installation, "up-1", "doc-1", "doc-2")
    plan = together.plan("up-1", PUBLISH, HANAKO)
    settle(curation, "doc-2", Wish(Field.TITLE, Do.SET, ("別の題",)))
    with pytest.raises(PlanMoved) as moved:
        together.carry_out("up-1", PUBLISH, shown(plan), HANAKO)
    assert moved.value.documents == {"doc-2"}
    assert look(curation, "doc-1").state is State.DRAFT
    with pytest.raises(PlanMoved):
        together.carry_out("up-1", PUBLISH, {"doc-of-others": "x"}, HANAKO)


def test_a_case_that_becomes_public_with_its_document_is_shown_before(
    installation: Installation, together: Together, curation: Curation
) -> None:
    case(installation, "case-1", "窓口の改善")
    with writing(installation.database, AUTHOR) as writer:
        writer.review.hold_back("case-1")
    for name in ("doc-1", "doc-2"):
        draft(installation, name, UNSURE)
    batch(installation, "up-1", "doc-1", "doc-2")
    plan = together.plan("up-1", PUBLISH, HANAKO)
    curation.attach("doc-2", "case-1", None, look(curation, "doc-2").version, TARO)
    with pytest.raises(PlanMoved) as moved:
        together.carry_out("up-1", PUBLISH, shown(plan), HANAKO)
    assert moved.value.documents == {"doc-2"}
    plan = together.plan("up-1", PUBLISH, HANAKO)
    public = [(e.kind, e.key) for e in by_id(plan)["doc-2"].changes if e.action == "published"]
    assert public == [("document", "doc-2"), ("case", "case-1")]
    assert plan.names["case", "case-1"] == "窓口の改善"
    together.carry_out("up-1", PUBLISH, shown(plan), HANAKO)
    assert installation.catalogue.case("case-1", Audience.ANONYMOUS) is not None


def test_values_that_cannot_be_understood_are_told_by_field(together: Together) -> None:
    wish = TogetherWish(
        (
            FieldWish(Field.MUNICIPALITY, How.SAME, ("府中市",)),
            FieldWish(Field.KIND, How.SAME),
            FieldWish(Field.IMPLEMENTED_IN, How.SAME, ("2021", "R4")),
        )
    )
    with pytest.raises(BadWishes) as bad:
        together.plan("up-1", wish, HANAKO)
    assert "団体コード" in str(bad.value.errors[Field.MUNICIPALITY])
    assert "値を入れる" in str(bad.value.errors[Field.KIND])
    assert "値は1つ" in str(bad.value.errors[Field.IMPLEMENTED_IN])


def test_nobody_publishes_a_batch_alone_where_two_are_wanted(installation: Installation) -> None:
    database = Database(installation.database_url, two_person=True)
    together, curation = desks(database)
    draft(installation, "doc-1", UNSURE)
    batch(installation, "up-1", "doc-1")
    plan = together.plan("up-1", PUBLISH, HANAKO)
    assert "別の人" in plan.lines[0].missing[0]
    together.carry_out("up-1", PUBLISH, shown(plan), HANAKO)
    assert look(curation, "doc-1").state is State.IN_REVIEW
    second = together.plan("up-1", PUBLISH, TARO)
    together.carry_out("up-1", PUBLISH, shown(second), TARO)
    assert look(curation, "doc-1").state is State.PUBLISHED


def test_each_change_can_be_put_back_from_the_history(
    installation: Installation, together: Together, curation: Curation
) -> None:
    draft(installation, "doc-1", UNSURE)
    batch(installation, "up-1", "doc-1")
    before = look(curation, "doc-1").settlement
    wish = TogetherWish(
        LIKELY, rights=RightsWish(Terms.NO_COPY, "複写しないでください"), publish=True
    )
    together.carry_out("up-1", wish, shown(together.plan("up-1", wish, HANAKO)), HANAKO)
    history = History(installation.database, lambda _sha256: None)

    def of_batch() -> list[EventView]:
        page = history.page("document", "doc-1")
        assert page is not None
        return [row.event for row in page.rows if row.event.why and "まとめて" in row.event.why]

    events = of_batch()
    assert len(events) == 7
    for each in events:
        history.undo("document", "doc-1", each.number, TARO)
    after = look(curation, "doc-1")
    assert after.state is State.DRAFT
    assert after.settlement == before
    assert after.rights.rights == Rights()


def test_a_batch_holds_what_its_own_files_became_and_still_waits(
    installation: Installation,
    together: Together,
    curation: Curation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("doc-1", "doc-2", "down", "others"):
        draft(installation, name, UNSURE)
    draft(installation, "published", published=True, draft=False)
    batch(installation, "up-1", "doc-2", "published", "down", "doc-1")
    batch(installation, "up-2", "others")
    double = JobEntry("up-2-double", JobKind.INGEST, "doc-1.pdf", "", 1, None, {"file": "x"})
    same = JobEnd(JobState.DUPLICATE, "duplicate", "登録済み", document_id="doc-1")
    installation.jobs.put("up-2", (double, same))
    curation.withdraw(Named(documents=("down",)), AUTHOR)
    found = together.batch("up-1")
    assert [row.id for row in found.rows] == ["doc-2", "doc-1"]
    tallies = {each.field: (each.settled, each.sure, each.open, each.empty)
               for each in found.tallies}  # fmt: skip
    assert tallies[Field.TITLE] == (0, 0, 2, 0)
    assert tallies[Field.MUNICIPALITY] == (0, 2, 0, 0)
    assert tallies[Field.SERIES] == (0, 0, 0, 2)
    assert found.rights_open == 2
    assert together.first("up-1") == "doc-1", "as the queue has it"
    assert together.first("up-none") is None
    assert together.first("up-2") == "others", "what another batch brought is not its own"
    assert together.beside("doc-1") == ("up-1", 1)
    assert together.beside("others") == ("up-2", 0)
    draft(installation, "by-command")
    assert together.beside("by-command") is None
    monkeypatch.setattr(service, "MOST", 1)
    few = together.batch("up-1")
    assert ([row.id for row in few.rows], few.total) == (["doc-2"], 2)
    assert list(shown(together.plan("up-1", PUBLISH, HANAKO))) == ["doc-2"]
