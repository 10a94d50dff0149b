"""Accepting lines: what is recorded, what is left alone, and what is refused with a remedy."""

import os
import signal
import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from indexer.exchange.importing import CatalogueMoved
from indexer.installation import Installation
from indexer.intake.acceptance import Request, Settlement, settle
from indexer.intake.desk import IntakeDesk
from indexer.intake.draft import LineKind
from indexer.intake.matching import Match
from indexer.intake.planning import CannotSettle
from indexer.intake.review import Review
from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship, DocumentEntry, EventEntry
from kb.catalogue.intake.records import IntakeView
from kb.catalogue.stored import Stored, StoredReader
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind, EventPart, EventState
from kb.domain.rights import Audience, Rights, Terms
from tests.conftest import ROOT
from tests.indexer.intake.drafts import (
    ADDRESS,
    EVENT,
    FLYER,
    ITOSHIMA,
    MESSAGE,
    NOBEOKA,
    PERSON,
    PROGRAMME,
    ROLE,
    SLIDES,
    STATEMENT,
    draft,
    line,
    lines,
)

AUTHOR = Authorship("編集担当", "試験")
ALL = tuple(lines())


def stored(desk: IntakeDesk) -> Stored:
    return StoredReader(desk.database).stored()


def taken(desk: IntakeDesk, *arguments: Any, **others: Any) -> str:
    return desk.take(draft(*arguments, **others)).intake.id


def settled(desk: IntakeDesk, intake: str, **request: Any) -> Settlement:
    return settle(desk, intake, Request(**request), AUTHOR)


def refusal(desk: IntakeDesk, intake: str, **request: Any) -> str:
    before = stored(desk)
    with pytest.raises(CannotSettle) as refused:
        settled(desk, intake, **request)
    assert stored(desk) == before
    return str(refused.value)


def test_everything_accepted_is_recorded_with_readable_names(desk: IntakeDesk) -> None:
    done = settled(desk, taken(desk), accept=ALL)
    held = stored(desk)
    assert done.open == ()
    assert set(held.events) == {"ev-2024-10-05"}
    assert set(held.cases) == {"case-nobeoka-2023", "case-itoshima-2023"}
    assert set(held.documents) == {
        "doc-2024-nobeoka-slides", "doc-2024-itoshima-message", "doc-2024-flyer",
    }  # fmt: skip
    assert (set(held.programmes), set(held.people)) == ({"prog-学び合い塾"}, {"person-高田一郎"})
    case, role = held.cases["case-nobeoka-2023"], held.roles["1"]
    assert (case.event_id, case.programme_id) == ("ev-2024-10-05", "prog-学び合い塾")
    assert (case.departments, case.implemented_in, case.cohort) == (("市民課",), 2023, 2023)
    assert (role.person_id, role.document_id) == ("person-高田一郎", "doc-2024-itoshima-message")
    assert held.events["ev-2024-10-05"].held_on == date(2024, 10, 5)


def test_a_document_is_located_with_its_rights_address_and_part(
    desk: IntakeDesk, installation: Installation
) -> None:
    settled(desk, taken(desk), accept=ALL)
    held = stored(desk).documents
    slides, flyer = held["doc-2024-nobeoka-slides"], held["doc-2024-flyer"]
    assert slides.rights == Rights(Terms.NO_COPY, STATEMENT)
    assert [source.url for source in slides.sources] == [
        "http://example.jp/files/nobeoka.pdf", ADDRESS,
    ]  # fmt: skip
    assert slides.sources[0].seen_on == desk.intakes()[0].taken_at.date()
    assert slides.sources[0].label == "「まちの仕事を見直す会」のページ"
    assert slides.presented_in == 2024
    assert flyer.rights == Rights()
    assert [(each.event_id, each.part) for each in flyer.event_parts] == [
        ("ev-2024-10-05", EventPart.ANNOUNCES)
    ]
    view = installation.catalogue.document("doc-2024-flyer", Audience.ANONYMOUS)
    assert view is not None
    assert view.holding.label == "所在のみ"


@pytest.mark.parametrize(
    ("statement", "terms"),
    [("自由にご利用ください。", Terms.UNKNOWN), ("本資料の無断転載を禁じます。", Terms.NO_COPY)],
)
def test_only_a_refusal_narrows_the_terms(desk: IntakeDesk, statement: str, terms: Terms) -> None:
    intake = taken(desk, {SLIDES: {"rights_statement": statement}})
    settled(desk, intake, accept=(SLIDES,), with_references=True)
    assert stored(desk).documents["doc-2024-nobeoka-slides"].rights == Rights(terms, statement)


def test_who_and_why_are_told(desk: IntakeDesk, installation: Installation) -> None:
    intake = taken(desk)
    settled(desk, intake, accept=(ITOSHIMA,), with_references=True)
    case = installation.catalogue.case("case-itoshima-2023", Audience.ANONYMOUS)
    assert case is not None
    assert [(each.actor, each.action, each.why) for each in case.history] == [
        ("編集担当", "recorded", "試験")
    ]
    line = next(each for each in desk.intake(intake).lines if each.key == ITOSHIMA)
    assert (line.state, line.record_id, line.decided_by) == (
        "accepted", "case-itoshima-2023", "編集担当",
    )  # fmt: skip


def test_sure_lines_are_new_and_stand_on_sure_ones(desk: IntakeDesk) -> None:
    intake = taken(desk)
    done = settled(desk, intake, accept_sure=True)
    # The event is contradicted, and all but these two belong to it.
    assert {planned.line.key for planned in done.accepted} == {PROGRAMME, PERSON}
    settled(desk, intake, accept=(EVENT,))
    rest = settled(desk, intake, accept_sure=True)
    assert {each.line.key for each in rest.accepted} == set(ALL) - {PROGRAMME, PERSON, EVENT}
    assert rest.open == ()


def test_what_differs_or_was_rejected_is_never_sure(desk: IntakeDesk) -> None:
    settled(desk, taken(desk, contradictions=()), accept_sure=True, reject=(ROLE,))
    again = taken(desk, {ITOSHIMA: {"title": "会議をやめる"}}, contradictions=())
    assert settled(desk, again, accept_sure=True).accepted == ()


def test_a_reference_is_asked_for_or_accepted_too(desk: IntakeDesk) -> None:
    intake = taken(desk)
    said = refusal(desk, intake, accept=(ROLE,))
    assert "先に受け入れるか(--accept 5)" in said
    assert "--with-references" in said
    done = settled(desk, intake, accept=(ROLE,), with_references=True)
    assert {each.line.key for each in done.accepted} == {
        PROGRAMME, EVENT, ITOSHIMA, PERSON, MESSAGE, ROLE,
    }  # fmt: skip


def test_a_reference_to_a_rejected_line_is_left_out(desk: IntakeDesk) -> None:
    settled(desk, taken(desk), reject=(PROGRAMME,), accept=(EVENT, NOBEOKA))
    event = stored(desk).events["ev-2024-10-05"]
    assert event.programme_id is None


def test_a_role_without_its_person_is_refused(desk: IntakeDesk) -> None:
    intake = taken(desk)
    said = refusal(desk, intake, reject=(PERSON,), accept=(ROLE,), with_references=True)
    assert "人物" in said


def test_a_curators_values_are_recorded(desk: IntakeDesk) -> None:
    values = (
        (EVENT, "定員", "45"), (EVENT, "held_on", "R6.10.6"), (EVENT, "会場", ""),
        ("3", "municipality_codes", "糸島市"), ("3", "departments", "市民課;税務課"),
        (FLYER, "kind", "案内"),
    )  # fmt: skip
    intake = taken(desk)
    said = refusal(desk, intake, accept=ALL, values=values)
    assert "種類「案内」: 一覧にありません" in said
    settled(desk, intake, accept=ALL, values=values[:-1])
    event = stored(desk).events["ev-2024-10-06"]
    assert (event.capacity, event.held_on, event.place) == (45, date(2024, 10, 6), None)
    case = stored(desk).cases["case-itoshima-2023"]
    assert (case.municipality_codes, case.departments) == (("402303",), ("市民課", "税務課"))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((EVENT, "人数", "3"), "「人数」という項目はありません。項目: title(題)"),
        ((EVENT, "capacity", "たくさん"), "数字ではありません"),
        ((EVENT, "starts_at", "午後"), "13:00 のように"),
        ((EVENT, "held_on", "いつか"), "2022-09-03 のように"),
        ((NOBEOKA, "implemented_in", "昨年度"), "年度として読めません"),
        ((NOBEOKA, "municipality_codes", "府中市"), "2通りに読めます"),
        ((NOBEOKA, "municipality_codes", "どこか市"), "自治体の名前として読めません"),
        ((NOBEOKA, "event_id", "ev-none"), "目録にもこのページにもありません"),
        ((NOBEOKA, "title", ""), "題は空にできません"),
        (("99", "title", "x"), "「99」という行はありません。kb intake --show"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_a_remedy(
    desk: IntakeDesk, values: tuple[str, str, str], said: str
) -> None:
    assert said in refusal(desk, taken(desk), accept=ALL, values=(values,))


def test_only_what_was_accepted_changes(desk: IntakeDesk) -> None:
    settled(desk, taken(desk), accept=ALL)
    before = stored(desk).events["ev-2024-10-05"]
    changes = {EVENT: {"capacity": 50, "attendance": 60, "fee": "無料", "place": None}}
    settled(desk, taken(desk, changes), keep=((EVENT, "attendance"),))
    after = stored(desk).events["ev-2024-10-05"]
    assert (after.capacity, after.attendance, after.fee) == (50, 52, "無料")
    assert (after.place, after.keywords, after.sources) == (
        before.place, before.keywords, before.sources,
    )  # fmt: skip


def test_lists_that_grow_lose_nothing(desk: IntakeDesk) -> None:
    settled(desk, taken(desk), accept=ALL)
    changes = {PROGRAMME: {"cohorts": [2024]}, PERSON: {"name": "髙田 一郎", "other_names": []}}
    settled(desk, taken(desk, changes), accept=(PROGRAMME, PERSON))
    held = stored(desk)
    assert held.programmes["prog-学び合い塾"].cohorts == (2023, 2024)
    person = held.people["person-高田一郎"]
    assert (person.name, person.other_names) == ("髙田一郎", ("高田一郎", "髙田 一郎"))


def test_a_role_is_changed_in_place(desk: IntakeDesk) -> None:
    settled(desk, taken(desk), accept=ALL)
    settled(desk, taken(desk, {ROLE: {"title": "糸島市 市長"}}), accept=(ROLE,))
    settled(desk, taken(desk, {ROLE: {"title": "前 糸島市長"}}), accept=(ROLE,))
    assert [role.title for role in stored(desk).roles.values()] == ["前 糸島市長"]


def test_terms_that_are_stricter_stay(desk: IntakeDesk) -> None:
    settled(desk, taken(desk), accept=ALL)
    held = stored(desk).documents["doc-2024-nobeoka-slides"]
    inside = DocumentEntry(**{
        **{name: getattr(held, name) for name in DocumentEntry.__slots__},
        "rights": Rights(Terms.INTERNAL, "庁内限り"),
    })  # fmt: skip
    with writing(desk.database, AUTHOR) as writer:
        writer.record_document(inside)
    settled(desk, taken(desk), accept=(SLIDES,))
    assert stored(desk).documents[held.id].rights == Rights(Terms.INTERNAL, STATEMENT)


def test_a_part_is_taken_away_and_a_statement_is_not(desk: IntakeDesk) -> None:
    intake = taken(desk)
    settled(desk, intake, accept=ALL)
    settled(desk, intake, values=((FLYER, "event_part", ""),))
    assert stored(desk).documents["doc-2024-flyer"].event_parts == ()
    assert "kb rights" in refusal(desk, intake, values=((SLIDES, "rights_statement", ""),))


def test_a_reference_may_be_a_record_of_the_catalogue(desk: IntakeDesk) -> None:
    settled(desk, taken(desk), accept=ALL)
    other = taken(desk, {NOBEOKA: {"title": "改題"}})
    settled(desk, other, values=((NOBEOKA, "continues_id", "case-itoshima-2023"),))
    assert stored(desk).cases["case-nobeoka-2023"].continues_id == "case-itoshima-2023"
    assert stored(desk).cases["case-nobeoka-2023"].title == "改題"


def test_the_history_of_addresses_is_kept(desk: IntakeDesk) -> None:
    settled(desk, taken(desk), accept=ALL)
    settled(desk, taken(desk, source="https://example.jp/new/"), accept=(EVENT,))
    urls = [source.url for source in stored(desk).events["ev-2024-10-05"].sources]
    assert urls == [ADDRESS, "https://example.jp/new/"]


def test_an_ambiguous_line_waits_for_a_choice(desk: IntakeDesk) -> None:
    old = EventEntry(
        "ev-old", "第4回", EventState.OPEN, series="まちの仕事を見直す会", edition="第4回",
        held_on=date(2024, 9, 1),
    )  # fmt: skip
    with writing(desk.database, AUTHOR) as writer:
        writer.record_event(old)
    intake = taken(desk)
    assert "候補: ev-old" in refusal(desk, intake, accept=(EVENT,), with_references=True)
    assert "ev-none は目録にありません" in refusal(desk, intake, records=((EVENT, "ev-none"),))
    settled(desk, intake, records=((EVENT, "ev-old"),), with_references=True)
    assert set(stored(desk).events) == {"ev-old"}
    assert stored(desk).events["ev-old"].held_on == date(2024, 10, 5)


def test_a_curator_may_say_that_it_is_a_new_one(desk: IntakeDesk) -> None:
    settled(desk, taken(desk), accept=ALL)
    other = taken(desk, {FLYER: {"title": "まったく別の紙"}})
    settled(desk, other, records=((FLYER, "new"),))
    assert {"doc-2024-flyer", "doc-2024-flyer-2"} <= set(stored(desk).documents)
    assert {
        line.state for line in desk.take(draft({FLYER: {"title": "まったく別の紙"}})).lines
    } == {"same"}


def test_names_never_collide(desk: IntakeDesk) -> None:
    twin = line(
        LineKind.CASE, "case:twin", 15, title="防災の訓練", municipality_codes=["452033"],
        implemented_in=2023, event_id=EVENT,
    )  # fmt: skip
    settled(desk, taken(desk, None, [twin]), accept=(*ALL, "case:twin"))
    assert {"case-nobeoka-2023", "case-nobeoka-2023-2"} <= set(stored(desk).cases)


def test_continued_cases_are_recorded_first_and_circles_refused(desk: IntakeDesk) -> None:
    older, newer = (
        line(
            LineKind.CASE, f"case:{year}", 16, title=f"防災の訓練{year}",
            municipality_codes=["402303"], implemented_in=year, continues_id=before,
        )
        for year, before in ((2021, None), (2022, "case:2021"))
    )  # fmt: skip
    intake = taken(desk, None, [newer, older])
    circle = ((older.key, "continues_id", newer.key),)
    assert "自分に戻ります" in refusal(desk, intake, accept=(newer.key,), values=circle)
    itself = ((older.key, "continues_id", older.key),)
    assert "自分に戻ります" in refusal(desk, intake, values=itself)
    done = settled(desk, intake, accept=(newer.key,), with_references=True)
    assert [each.record_id for each in done.accepted] == [
        "case-itoshima-2021", "case-itoshima-2022",
    ]  # fmt: skip
    assert stored(desk).cases["case-itoshima-2022"].continues_id == "case-itoshima-2021"
    back = ((older.key, "continues_id", "case-itoshima-2022"),)
    assert "たどると自分に戻ります" in refusal(desk, intake, values=back)


def test_a_line_that_lacks_what_it_must_have_is_refused(desk: IntakeDesk) -> None:
    intake = taken(desk, {FLYER: {"title": None}}, contradictions=())
    assert "資料の題がありません" in refusal(desk, intake, accept=(FLYER,), with_references=True)
    assert FLYER in settled(desk, intake, accept_sure=True).open


def test_a_value_that_cannot_be_read_must_be_written_anew(desk: IntakeDesk) -> None:
    intake = taken(desk, {EVENT: {"held_on": "10月ごろ"}})
    assert "開催日の値が使えません" in refusal(desk, intake, accept=(EVENT,), with_references=True)
    settled(desk, intake, values=((EVENT, "held_on", "2024-10-05"),), with_references=True)
    assert "ev-2024-10-05" in stored(desk).events


def test_an_event_to_come_is_open_and_one_without_a_day_is_named_by_its_title(
    desk: IntakeDesk,
) -> None:
    to_come = line(LineKind.EVENT, "event:a", title="来る会", held_on="2999-01-01")
    undated = line(LineKind.EVENT, "event:b", title="いつかの会")
    settled(desk, taken(desk, None, [to_come, undated]), accept=("event:a", "event:b"))
    events = {event.title: event for event in stored(desk).events.values()}
    assert events["来る会"].state is EventState.OPEN
    assert events["いつかの会"].state is EventState.CLOSED
    assert events["いつかの会"].id.startswith("ev-")


def test_accept_and_reject_exclude_each_other(desk: IntakeDesk) -> None:
    assert "両方" in refusal(desk, taken(desk), accept=(FLYER,), reject=("8",))


def test_a_rejection_can_be_taken_back(desk: IntakeDesk) -> None:
    intake = taken(desk)
    settled(desk, intake, reject=(FLYER,))
    settled(desk, intake, accept=(FLYER,), with_references=True)
    assert "doc-2024-flyer" in stored(desk).documents


def test_a_dry_run_writes_nothing(desk: IntakeDesk) -> None:
    intake, before = taken(desk), stored(desk)
    done = settled(desk, intake, accept=ALL, dry_run=True)
    assert (len(done.accepted), done.recorded) == (9, False)
    assert stored(desk) == before


def test_an_unknown_intake_is_told(desk: IntakeDesk) -> None:
    with pytest.raises(UnknownReference, match="kb intake --list"):
        settled(desk, "intake-99", accept=("1",))


class Overtaken(IntakeDesk):
    """A desk at which somebody else writes between looking and recording."""

    def reviewed(
        self,
        intake: IntakeView,
        stored: Stored | None = None,
        chosen: dict[str, Match] | None = None,
    ) -> Review:
        review = super().reviewed(intake, stored, chosen)
        with writing(self.database, AUTHOR) as writer:
            writer.record_document(DocumentEntry("doc-x", "別", DocumentKind.OTHER, Rights()))
        return review


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(desk: IntakeDesk) -> None:
    intake = taken(desk)
    overtaken = Overtaken(desk.database, desk.gazetteer)
    with pytest.raises(CatalogueMoved, match="もう一度"):
        settled(overtaken, intake, accept=ALL)
    assert stored(desk).events == {}
    assert {each.state for each in desk.intake(intake).lines} == {"new"}


KILLED = """
import os, signal, sys
from pathlib import Path
from indexer.gazetteer import gazetteer_of
from indexer.intake.acceptance import Request, settle
from indexer.intake.desk import IntakeDesk
from kb.catalogue.entries import Authorship
from kb.catalogue.intake.records import IntakeRecords
from kb.catalogue.session import Database

IntakeRecords.decide = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
database = Database(sys.argv[1])
desk = IntakeDesk(database, gazetteer_of(database))
settle(desk, sys.argv[2], Request(accept=tuple(sys.argv[3:])), Authorship("試験"))
"""


def test_a_kill_in_the_middle_leaves_nothing(desk: IntakeDesk) -> None:
    intake, before = taken(desk), stored(desk)
    child = subprocess.run(
        [sys.executable, "-c", KILLED, desk.database.url, intake, *ALL],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert child.returncode == -signal.SIGKILL
    assert stored(desk) == before
    assert len(settled(desk, intake, accept=ALL).accepted) == len(ALL)
