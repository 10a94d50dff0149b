"""Intakes beside the catalogue: first, again, of a changed page, and after a curator's word."""

from indexer.intake.acceptance import Request, settle
from indexer.intake.desk import IntakeDesk
from indexer.intake.draft import LineKind
from indexer.intake.review import LineState, Review
from kb.catalogue.entries import Authorship
from tests.indexer.intake.drafts import (
    ADDRESS,
    CAPACITY,
    EVENT,
    FLYER,
    ITOSHIMA,
    MESSAGE,
    NOBEOKA,
    PERSON,
    ROLE,
    SLIDES,
    draft,
    line,
    lines,
)

AUTHOR = Authorship("編集担当", "試験")
ALL = tuple(lines())


def states(review: Review) -> dict[str, str]:
    return {line.key: line.state.value for line in review.lines}


def accept_all(desk: IntakeDesk) -> str:
    intake = desk.take(draft()).intake.id
    settle(desk, intake, Request(accept=ALL), AUTHOR)
    return intake


def test_into_an_empty_catalogue_everything_is_new(desk: IntakeDesk) -> None:
    review = desk.take(draft())
    assert set(states(review).values()) == {"new"}
    about = {line.key: [c["kind"] for c in line.contradictions] for line in review.lines}
    assert about[EVENT] == ["capacity"]
    assert [c["kind"] for c in review.contradictions] == ["spelling"]


def test_taking_a_page_in_records_nothing_but_the_intake(desk: IntakeDesk) -> None:
    desk.take(draft())
    stored = desk.reviewed(desk.intakes()[0])
    assert all(line.match.record_id is None for line in stored.lines)
    assert [intake.source for intake in desk.intakes()] == [ADDRESS]


def test_the_same_page_that_waits_is_not_kept_twice(desk: IntakeDesk) -> None:
    first, second = desk.take(draft()), desk.take(draft())
    assert first.intake.id == second.intake.id
    assert desk.take(draft({EVENT: {"capacity": 41}})).intake.id != first.intake.id


def test_a_second_intake_of_the_same_page_is_all_the_same(desk: IntakeDesk) -> None:
    accept_all(desk)
    again = desk.take(draft())
    assert set(states(again).values()) == {"same"}
    assert not again.vanished
    assert all(line.is_settled for line in again.lines)


def test_three_changes_are_three_differences(desk: IntakeDesk) -> None:
    accept_all(desk)
    again = desk.take(
        draft(
            {
                EVENT: {"attendance": 55, "attendance_text": "52名"},
                NOBEOKA: {"title": "窓口の紙をなくす"},
                MESSAGE: {"declared_size": "310KB"},
            }
        )
    )
    found = {
        (line.key, each.field, each.held, each.page)
        for line in again.lines
        for each in line.differences
    }
    assert found == {
        (EVENT, "attendance", 52, 55),
        (NOBEOKA, "title", "窓口の紙を減らす", "窓口の紙をなくす"),
        (MESSAGE, "declared_size", "300KB", "310KB"),
    }
    assert list(states(again).values()).count("differs") == 3


def test_what_the_page_does_not_tell_is_no_difference(desk: IntakeDesk) -> None:
    accept_all(desk)
    again = desk.take(draft({EVENT: {"place": None, "capacity": None}, NOBEOKA: {"cohort": None}}))
    assert set(states(again).values()) == {"same"}


def test_widths_old_kanji_and_blanks_are_no_difference(desk: IntakeDesk) -> None:
    accept_all(desk)
    again = desk.take(
        draft({EVENT: {"place": "延岡 市役所"}, SLIDES: {"declared_size": "１.２ＭＢ"}})
    )
    assert set(states(again).values()) == {"same"}


def test_another_spelling_of_a_name_is_added_to_the_others(desk: IntakeDesk) -> None:
    accept_all(desk)
    again = desk.take(draft({PERSON: {"name": "高田一郎", "other_names": ["髙田 一郎"]}}))
    person = again.line(PERSON)
    assert person is not None
    assert [(each.field, each.page) for each in person.differences] == [
        ("other_names", ["髙田 一郎"])
    ]


def test_a_page_that_moved_brings_its_new_address(desk: IntakeDesk) -> None:
    accept_all(desk)
    moved = desk.take(draft(source="https://example.jp/new/"))
    told = {line.key: [each.page for each in line.differences] for line in moved.lines}
    assert told[EVENT] == told[FLYER] == [["https://example.jp/new/"]]
    assert told[NOBEOKA] == []


def test_a_file_without_an_address_is_no_source(desk: IntakeDesk) -> None:
    accept_all(desk)
    assert set(states(desk.take(draft(source="page.html"))).values()) == {"same"}


def test_a_rejected_line_is_shown_as_rejected_until_it_changes(desk: IntakeDesk) -> None:
    intake = desk.take(draft()).intake.id
    settle(desk, intake, Request(reject=(FLYER,)), AUTHOR)
    again = desk.take(draft())
    flyer = again.line(FLYER)
    assert flyer is not None
    assert (flyer.state, flyer.rejected_in, flyer.is_open) == (LineState.REJECTED, intake, False)
    changed = desk.take(draft({FLYER: {"title": "新しいチラシ"}}))
    assert states(changed)[FLYER] == "new"


def test_a_rejection_holds_when_the_file_is_named_otherwise(desk: IntakeDesk) -> None:
    settle(desk, desk.take(draft()).intake.id, Request(reject=(FLYER,)), AUTHOR)
    assert states(desk.take(draft(source="page (1).html")))[FLYER] == "rejected"


def test_a_rejected_difference_is_not_offered_anew(desk: IntakeDesk) -> None:
    accept_all(desk)
    second = desk.take(draft({EVENT: {"capacity": 50}})).intake.id
    settle(desk, second, Request(reject=(EVENT,)), AUTHOR)
    assert states(desk.take(draft({EVENT: {"capacity": 50}})))[EVENT] == "rejected"
    assert states(desk.take(draft({EVENT: {"capacity": 60}})))[EVENT] == "differs"


def test_what_a_curator_corrected_is_not_a_difference_again(desk: IntakeDesk) -> None:
    intake = desk.take(draft()).intake.id
    corrected = Request(accept=ALL, values=((NOBEOKA, "title", "窓口から紙をなくす"),))
    settle(desk, intake, corrected, AUTHOR)
    again = desk.take(draft())
    assert set(states(again).values()) == {"same"}
    changed = desk.take(draft({NOBEOKA: {"title": "紙のない窓口"}}))
    assert states(changed)[NOBEOKA] == "differs"


def test_what_was_kept_stays_settled_over_many_readings(desk: IntakeDesk) -> None:
    accept_all(desk)
    second = desk.take(draft({EVENT: {"capacity": 50, "fee": "無料"}})).intake.id
    settle(desk, second, Request(keep=((EVENT, "定員"),)), AUTHOR)
    third = desk.take(draft({EVENT: {"capacity": 50, "fee": "500円"}}))
    event = third.line(EVENT)
    assert event is not None
    assert [(each.field, each.held) for each in event.differences] == [("fee", "無料")]
    settle(desk, third.intake.id, Request(accept=(EVENT,)), AUTHOR)
    fourth = desk.take(draft({EVENT: {"capacity": 50, "fee": "500円"}}))
    assert states(fourth)[EVENT] == "same"


def test_a_vanished_line_is_told_and_nothing_is_deleted(desk: IntakeDesk) -> None:
    accept_all(desk)
    again = desk.take(draft({FLYER: None}))
    assert [(gone.key, gone.record_id) for gone in again.vanished] == [(FLYER, "doc-2024-flyer")]
    assert states(desk.take(draft()))[FLYER] == "same"


def test_a_line_under_another_key_has_not_vanished(desk: IntakeDesk) -> None:
    accept_all(desk)
    renamed = lines()[FLYER]
    again = desk.take(
        draft({FLYER: None}, [line(LineKind.DOCUMENT, "document:チラシ", 20, **renamed.values)])
    )
    assert again.vanished == ()
    assert states(again)["document:チラシ"] == "same"


def test_a_value_of_no_use_is_told(desk: IntakeDesk) -> None:
    review = desk.take(draft({EVENT: {"held_on": "10月ごろ"}}, contradictions=()))
    event = review.line(EVENT)
    assert event is not None
    assert event.unreadable == ("開催日",)


def test_contradictions_are_settled_with_their_line(desk: IntakeDesk) -> None:
    intake = desk.take(draft()).intake
    settle(desk, intake.id, Request(accept=(EVENT,), with_references=True), AUTHOR)
    event = desk.reviewed(desk.intake(intake.id)).line(EVENT)
    assert event is not None
    assert event.is_settled
    assert event.contradictions[0]["said"] == list(CAPACITY.said)


def test_an_older_reading_says_that_there_is_a_newer_one(desk: IntakeDesk) -> None:
    first = accept_all(desk)
    second = desk.take(draft({ITOSHIMA: {"title": "会議をやめる"}})).intake.id
    assert desk.intake(first).superseded_by == second
    assert desk.intake(second).superseded_by is None
    assert states(desk.reviewed(desk.intake(first)))[ROLE] == "accepted"
