"""Which record a line is: what identifies it, and what is told as unclear."""

from datetime import date
from typing import Any

import pytest

from indexer.intake.draft import LineKind
from indexer.intake.likeness import key_of, likeness
from indexer.intake.matching import Match, Told, match_all
from kb.catalogue.entries import (
    CaseEntry,
    DocumentEntry,
    EventEntry,
    PersonEntry,
    ProgrammeEntry,
    RoleEntry,
    SourceEntry,
)
from kb.catalogue.stored import Stored
from kb.domain.classification import DocumentKind, EventState
from kb.domain.rights import Rights

DAY = date(2024, 10, 5)
EVENT = EventEntry(
    "ev-1", "第4回 まちの仕事を見直す会", EventState.REPORTED, series="まちの仕事を見直す会",
    edition="第4回", held_on=DAY,
)  # fmt: skip
CASE = CaseEntry(
    "case-1", "窓口の紙を減らす", ("452033",), provisional_title="紙の見直し", implemented_in=2023,
    presented_in=2024, event_id="ev-1",
)  # fmt: skip
SLIDES = DocumentEntry(
    "doc-1", "窓口の紙を減らす 発表資料", DocumentKind.SLIDES, Rights(), declared_size="1.2MB",
    event_id="ev-1", case_id="case-1", municipality_codes=("452033",),
    sources=(SourceEntry("http://example.jp/a.pdf", "例"),),
)  # fmt: skip
SHOWN: dict[str, Any] = {"kind": DocumentKind.SLIDES}
HERE: dict[str, Any] = {"event_id": "ev-1"}
PERSON = PersonEntry("person-1", "髙田一郎", ("高田一郎",))
ROLE = RoleEntry("person-1", "糸島市長", "応援メッセージ", DAY, "ev-1", "doc-1")


def stored(*entries: Any, roles: tuple[RoleEntry, ...] = (ROLE,)) -> Stored:
    """A catalogue of some entries, or of one of each kind."""
    held = entries or (ProgrammeEntry("prog-1", "学び合い塾"), EVENT, CASE, SLIDES, PERSON)

    def of(kind: type) -> dict[str, Any]:
        return {entry.id: entry for entry in held if isinstance(entry, kind)}

    return Stored(
        1, of(ProgrammeEntry), of(EventEntry), of(CaseEntry), of(PersonEntry), of(DocumentEntry),
        {str(number): role for number, role in enumerate(roles, 1)},
    )  # fmt: skip


def found(kind: LineKind, held: Stored, /, **values: Any) -> Match:
    return match_all([Told(kind, "line", values)], held, {})["line"]


@pytest.mark.parametrize(
    ("values", "record"),
    [
        ({"held_on": DAY, "series": "まちの仕事を見直す会", "title": "秋の会"}, "ev-1"),
        ({"held_on": DAY, "title": "「まちの仕事を見直す会」開催報告"}, "ev-1"),
        ({"held_on": DAY, "series": "別の会", "title": "災害に備える講座"}, None),
        ({"held_on": date(2025, 10, 4), "title": EVENT.title}, None),
        ({"series": "まちの仕事を見直す会", "edition": "第4回", "title": "次回"}, "ev-1"),
        ({"title": "第４回　まちの仕事を見直す会"}, "ev-1"),
        ({"title": "第5回 まちの仕事を見直す会"}, None),
    ],
)
def test_an_event_goes_by_series_and_date(values: dict[str, Any], record: str | None) -> None:
    assert found(LineKind.EVENT, stored(), **values) == Match(record)


def test_an_edition_on_another_day_is_asked_about() -> None:
    told = {"series": EVENT.series, "edition": "第4回", "held_on": date(2024, 11, 9), "title": "会"}
    assert found(LineKind.EVENT, stored(), **told) == Match(None, ("ev-1",))


def test_two_events_of_one_day_are_told_apart_by_title_or_asked_about() -> None:
    morning = EventEntry("ev-am", "午前の部 窓口", EventState.CLOSED, series="会", held_on=DAY)
    evening = EventEntry("ev-pm", "夜の部 財政", EventState.CLOSED, series="会", held_on=DAY)
    both = stored(morning, evening, roles=())
    told = {"series": "会", "held_on": DAY}
    assert found(LineKind.EVENT, both, **told, title="夜の部 財政") == Match("ev-pm")
    unclear = found(LineKind.EVENT, both, **told, title="会のお知らせ")
    assert (unclear.record_id, set(unclear.candidates)) == (None, {"ev-am", "ev-pm"})


@pytest.mark.parametrize(
    ("values", "record"),
    [
        ({"municipality_codes": ("452033",), "title": "紙の見直し"}, "case-1"),
        ({"municipality_codes": ("452033",), "event_id": "ev-1", "title": "改題"}, "case-1"),
        ({"municipality_codes": ("452033",), "implemented_in": 2023, "title": "改題"}, "case-1"),
        ({"municipality_codes": ("402303",), "implemented_in": 2023, "title": CASE.title}, None),
        ({"municipality_codes": ("452033",), "implemented_in": 2021, "title": "別"}, None),
        ({"municipality_codes": (), "title": CASE.title}, "case-1"),
        ({"municipality_codes": ("452033",), "title": "防災"}, None),
    ],
)
def test_a_case_goes_by_place_and_year_or_event(values: dict[str, Any], record: str | None) -> None:
    assert found(LineKind.CASE, stored(), **values).record_id == record


def test_the_same_title_in_another_year_is_asked_about() -> None:
    told = {"municipality_codes": ("452033",), "implemented_in": 2022, "title": CASE.title}
    assert found(LineKind.CASE, stored(), **told) == Match(None, ("case-1",))


def test_a_record_goes_to_the_line_that_names_it_best() -> None:
    told = {"municipality_codes": ("452033",), "event_id": "ev-1", "implemented_in": 2023}
    other = Told(LineKind.CASE, "a", {**told, "title": "防災の訓練"})
    named = Told(LineKind.CASE, "b", {**told, "title": CASE.title})
    matches = match_all([other, named], stored(), {})
    assert matches["b"] == Match("case-1")
    assert matches["a"].record_id is None


def test_a_record_that_two_lines_claim_is_nobodys() -> None:
    told = {"municipality_codes": ("452033",), "event_id": "ev-1"}
    two = [Told(LineKind.CASE, key, {**told, "title": f"改題{key}"}) for key in "ab"]
    assert set(match_all(two, stored(), {}).values()) == {Match(None, ("case-1",))}


@pytest.mark.parametrize(
    ("values", "record"),
    [
        (SHOWN | {"title": "別の名", "file_addresses": ("http://example.jp/a.pdf",)}, "doc-1"),
        (SHOWN | HERE | {"title": "延岡市スライド", "municipality_codes": ("452033",)}, "doc-1"),
        ({"kind": DocumentKind.REPORT, "title": SLIDES.title} | HERE, None),
        (SHOWN | {"title": SLIDES.title}, "doc-1"),
        (SHOWN | HERE | {"title": "糸島市スライド", "municipality_codes": ("402303",)}, None),
    ],
)
def test_a_document_goes_by_address_then_kind_event_and_place(
    values: dict[str, Any], record: str | None
) -> None:
    assert found(LineKind.DOCUMENT, stored(), **values) == Match(record)


def document(key: str, title: str, kind: DocumentKind, **others: Any) -> DocumentEntry:
    return DocumentEntry(key, title, kind, Rights(), event_id="ev-1", **others)


def test_a_number_of_a_series_identifies() -> None:
    letters = [
        document(
            f"doc-{number}", f"会の便り {number}", DocumentKind.NEWSLETTER, series="会の便り",
            series_number=f"No{number}",
        )
        for number in (9, 10)
    ]  # fmt: skip
    told = {"kind": DocumentKind.NEWSLETTER, "title": "便り", "series": "会の便り"}
    held = stored(EVENT, *letters, roles=())
    assert found(LineKind.DOCUMENT, held, **told, series_number="Ｎｏ10") == Match("doc-10")


def test_several_reports_of_one_event_are_told_apart_or_asked_about() -> None:
    record = document("doc-record", "開催記録 第4回(2024年10月5日)", DocumentKind.REPORT)
    report = document("doc-report", "概要レポート", DocumentKind.REPORT, declared_size="537KB")
    held = stored(EVENT, record, report, roles=())
    told = {"kind": DocumentKind.REPORT, "event_id": "ev-1"}
    named = found(LineKind.DOCUMENT, held, **told, title="概要レポート【PDF】")
    sized = found(LineKind.DOCUMENT, held, **told, title="まとめ", declared_size="537KB")
    unclear = found(LineKind.DOCUMENT, held, **told, title="まとめ")
    assert (named, sized) == (Match("doc-report"), Match("doc-report"))
    assert set(unclear.candidates) == {"doc-record", "doc-report"}


def test_an_events_one_flyer_is_it_whatever_it_is_called() -> None:
    held = stored(EVENT, document("doc-flyer", "秋の会 案内", DocumentKind.FLYER), roles=())
    told = {"kind": DocumentKind.FLYER, "event_id": "ev-1", "title": "こちらもご覧ください"}
    assert found(LineKind.DOCUMENT, held, **told) == Match("doc-flyer")


@pytest.mark.parametrize("name", ["高田一郎", "髙田 一郎", "髙田一郎"])
def test_a_person_goes_by_every_spelling(name: str) -> None:
    assert found(LineKind.PERSON, stored(), name=name) == Match("person-1")


def test_two_people_of_one_name_are_asked_about() -> None:
    held = stored(PERSON, PersonEntry("person-2", "高田一郎"), roles=())
    assert set(found(LineKind.PERSON, held, name="高田一郎").candidates) == {"person-1", "person-2"}


@pytest.mark.parametrize(
    ("values", "record"),
    [
        ({"part": "メッセージ", "document_id": "doc-1"}, "1"),
        ({"part": "メッセージ", "event_id": "ev-1"}, "1"),
        ({"part": "進行", "event_id": "ev-1"}, None),
        ({"part": "メッセージ", "event_id": "ev-2"}, None),
    ],
)
def test_a_role_goes_by_person_part_and_where(values: dict[str, Any], record: str | None) -> None:
    told = {"person_id": "person-1", **values}
    assert found(LineKind.ROLE, stored(), **told) == Match(record)


def test_what_somebody_is_at_all_times_is_one_role() -> None:
    held = stored(roles=(RoleEntry("person-1", "理事長", "代表"), ROLE))
    told = {"person_id": "person-1", "part": "代表"}
    assert found(LineKind.ROLE, held, **told) == Match("1")
    assert found(LineKind.ROLE, held, **told | {"part": "メッセージ"}) == Match()


def test_references_between_lines_are_followed() -> None:
    lines = [
        Told(LineKind.EVENT, "e", {"held_on": DAY, "series": EVENT.series}),
        Told(LineKind.CASE, "c", {"municipality_codes": ("452033",), "event_id": "e"}),
        Told(LineKind.PROGRAMME, "p", {"title": "学び合い塾"}),
    ]
    matches = match_all(lines, stored(), {})
    assert {key: match.record_id for key, match in matches.items()} == {
        "e": "ev-1", "c": "case-1", "p": "prog-1",
    }  # fmt: skip


def test_what_a_person_chose_is_not_looked_for() -> None:
    told = Told(LineKind.PROGRAMME, "p", {"title": "学び合い塾"})
    assert match_all([told], stored(), {"p": Match()}) == {"p": Match()}


def test_likeness_is_of_what_a_reader_sees() -> None:
    assert key_of("Ｎｏ　１０") == "no10"
    assert likeness("原﨑智仁", "原崎 智仁さん") == 1.0
    assert likeness("", "何か") == likeness(None, None) == 0.0
    assert 0 < likeness("窓口の改善", "改善の窓口") < 1
