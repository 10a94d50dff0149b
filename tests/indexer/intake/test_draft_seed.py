"""A real page of a real organiser: six events, six cases, and nine ways to be misread."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from indexer.intake.draft import Contradiction, ContradictionKind, Draft, DraftLine, LineKind
from indexer.intake.drafting import draft_page
from indexer.intake.page import lines_of
from kb.domain.gazetteer import Gazetteer

pytestmark = pytest.mark.shared

SOURCE = "http://jichitai-kaizen.net/"
NAKANO, FUKUTSU, MINAMIISE, TAKASHIMA = "131148", "402249", "244724", "252123"
NO_COPY = "(報告資料の複写・転用などはお控えくださるようお願いします。)"


@pytest.fixture(scope="module")
def text(shared: Path) -> str:
    return (shared / "data" / "seed" / "seminar-page.txt").read_text("utf-8")


@pytest.fixture(scope="module")
def draft(text: str, every_place: Gazetteer) -> Draft:
    return draft_page(lines_of(text), SOURCE, every_place, seen_on=date(2026, 11, 22))


def of(draft: Draft, kind: LineKind) -> dict[str, Mapping[str, Any]]:
    return {line.key: line.values for line in draft.lines if line.kind is kind}


def said(draft: Draft, kind: ContradictionKind) -> Iterator[Contradiction]:
    return (one for one in draft.contradictions if one.kind is kind)


FACTS = ("starts_at", "ends_at", "mode", "capacity", "attendance")


@pytest.mark.parametrize(
    ("day", "facts"),
    [
        ("2017-07-30", (None, None, None, None, None)),
        ("2018-07-29", (None, None, None, None, 12)),
        ("2019-07-14", (None, None, "会場", None, 15)),
        ("2021-08-07", ("09:00", "12:00", "オンライン", None, None)),
        ("2022-09-03", ("13:00", "15:30", "会場とオンライン", 30, 40)),
        ("2023-09-30", ("13:00", "16:00", "会場とオンライン", 30, None)),
    ],
)
def test_the_six_events(draft: Draft, day: str, facts: tuple[Any, ...]) -> None:
    events = of(draft, LineKind.EVENT)
    assert len(events) == 6
    event = events[f"event:{day}"]
    assert event["held_on"] == day
    assert event["state"] == "reported"
    assert event["series"] == "自治体改善ステップアップセミナー"
    assert tuple(event.get(name) for name in FACTS) == facts


def test_words_numbers_places_and_fees_of_the_events(draft: Draft) -> None:
    events = of(draft, LineKind.EVENT)
    assert "約20人" in events["event:2023-09-30"]["attendance_text"]
    assert events["event:2021-08-07"]["attendance_text"].startswith("40名近")
    assert "11人" in events["event:2022-09-03"]["attendance_text"]
    assert events["event:2022-09-03"]["fee"].startswith("1,000円")
    assert events["event:2023-09-30"]["fee"] == "無料"
    assert events["event:2019-07-14"]["place"] == "東京"
    assert "中野区役所" in events["event:2022-09-03"]["place"]
    assert "中野区役所9階" in events["event:2023-09-30"]["place"]
    assert events["event:2017-07-30"]["edition"] == "第1回"


def test_the_six_cases_with_both_years(draft: Draft) -> None:
    cases = of(draft, LineKind.CASE)
    years = {
        (case["municipality_codes"][0], case.get("implemented_in"), case["presented_in"])
        for case in cases.values()
    }
    assert years == {
        (TAKASHIMA, None, 2018),
        (MINAMIISE, 2020, 2021),
        (FUKUTSU, 2020, 2021),
        (NAKANO, 2021, 2022),
        (FUKUTSU, 2021, 2022),
        (NAKANO, 2022, 2023),
    }
    assert len(cases) == 6


def test_titles_departments_and_what_continues(draft: Draft) -> None:
    cases = of(draft, LineKind.CASE)
    nakano = cases[f"case:{NAKANO}:2021"]
    assert nakano["title"] == "新しい基本構想・基本計画の実現に向けた経営手法の改善"
    assert nakano["provisional_title"] == "新しい総合計画の推進に向けた管理部門の結束"
    assert cases[f"case:{FUKUTSU}:2020"]["departments"] == [
        "総務課", "まちづくり推進課", "監査事務局", "事業課",
    ]  # fmt: skip
    assert cases[f"case:{MINAMIISE}:2020"]["departments"] == ["総務課", "まちづくり推進課"]
    assert cases[f"case:{FUKUTSU}:2021"]["continues_id"] == f"case:{FUKUTSU}:2020"
    assert cases[f"case:{NAKANO}:2022"]["continues_id"] == f"case:{NAKANO}:2021"


def test_the_documents_with_size_kind_and_owner(draft: Draft) -> None:
    documents = of(draft, LineKind.DOCUMENT)
    assert len(documents) >= 12
    assert {one["declared_size"] for one in documents.values() if "declared_size" in one} == {
        "2.8MB", "546KB", "324KB", "688KB", "406KB", "537KB", "648KB",
    }  # fmt: skip
    message = documents["document:2021-08-07:message:福津市"]
    assert (message["declared_size"], message["case_id"]) == ("324KB", f"case:{FUKUTSU}:2020")
    newsletter = next(one for one in documents.values() if one["kind"] == "newsletter")
    assert (newsletter["series"], newsletter["series_number"]) == ("自治体改善の輪 通信", "No10")
    sheet = next(one for one in documents.values() if one["kind"] == "step_up_sheet")
    assert (sheet["edition"], sheet["event_part"]) == ("管理部門編", "used")
    flyer = next(one for one in documents.values() if one["kind"] == "flyer")
    assert flyer["event_part"] == "announces"


def test_the_wish_not_to_copy_stands_under_two_slides_only(draft: Draft) -> None:
    under = {
        key
        for key, one in of(draft, LineKind.DOCUMENT).items()
        if one.get("rights_statement") == NO_COPY
    }
    assert under == {"document:2022-09-03:slides:中野区", "document:2022-09-03:slides:福津市"}
    assert not any(
        "Reserved" in one.get("rights_statement", "")
        for one in of(draft, LineKind.DOCUMENT).values()
    )
    assert ["All Rights Reserved" in one.text for one in draft.statements] == [True]


def test_the_four_people_and_what_they_did(draft: Draft) -> None:
    people = of(draft, LineKind.PERSON)
    names = {one["name"] for one in people.values()}
    assert names == {"酒井直人", "元吉由紀子", "原﨑智仁", "小山巧"}
    assert people["person:原崎智仁"]["other_names"] == ["原崎智仁"]
    roles = {
        (one["person_id"], one["title"], one["part"], one.get("event_id"))
        for one in of(draft, LineKind.ROLE).values()
    }
    assert {
        ("person:酒井直人", "中野区長", "対談", "event:2023-09-30"),
        ("person:元吉由紀子", "理事長", "対談", "event:2023-09-30"),
        ("person:原崎智仁", "福津市長", "首長対談", "event:2022-09-03"),
        ("person:元吉由紀子", "行政経営デザイナー", "ナビゲート", "event:2022-09-03"),
        ("person:小山巧", "南伊勢町長", "応援メッセージ", "event:2021-08-07"),
        ("person:原崎智仁", "福津市長", "応援メッセージ", "event:2021-08-07"),
    } <= roles


def test_the_programme_has_its_cohorts_and_no_summary(draft: Draft) -> None:
    (programme,) = of(draft, LineKind.PROGRAMME).values()
    assert programme == {"title": "チーム経営研究会", "cohorts": [2020, 2021, 2022]}


# --- the nine traps ----------------------------------------------------------------------


def test_trap_1_two_years_per_case(draft: Draft) -> None:
    subjects = {one.subject for one in said(draft, ContradictionKind.YEARS)}
    cases = of(draft, LineKind.CASE)
    assert subjects == {key for key, case in cases.items() if case.get("implemented_in")}


def test_trap_2_relative_years_by_their_block(draft: Draft) -> None:
    told = {(one.subject, *one.said) for one in said(draft, ContradictionKind.RELATIVE_YEAR)}
    assert {
        ("event:2023-09-30", "昨年度", "2022年度(令和4年度)"),
        ("event:2022-09-03", "昨年度", "2021年度(令和3年度)"),
        ("event:2022-09-03", "一昨年度", "2020年度(令和2年度)"),
        ("event:2021-08-07", "昨年度", "2020年度(令和2年度)"),
        ("event:2023-09-30", "昨年", "2022年"),
    } <= told


def test_trap_3_provisional_and_final_title(draft: Draft) -> None:
    (one,) = said(draft, ContradictionKind.TITLE)
    assert one.subject == f"case:{NAKANO}:2021"
    assert one.said == (
        "新しい総合計画の推進に向けた管理部門の結束(仮)",
        "新しい基本構想・基本計画の実現に向けた経営手法の改善",
    )


def test_trap_4_one_man_in_two_spellings(draft: Draft) -> None:
    (one,) = said(draft, ContradictionKind.NAME)
    assert (one.subject, set(one.said)) == ("person:原崎智仁", {"原﨑智仁", "原崎智仁"})


def test_trap_5_announced_and_actual_people(draft: Draft) -> None:
    (capacity,) = said(draft, ContradictionKind.CAPACITY)
    assert capacity.subject == "event:2022-09-03"
    assert "定員30人" in capacity.explanation
    (attendance,) = said(draft, ContradictionKind.ATTENDANCE)
    assert attendance.said[:2] == ("会場 11人", "全体 40人")


def test_trap_6_spellings_are_kept(draft: Draft, text: str) -> None:
    told = [set(one.said) for one in said(draft, ContradictionKind.SPELLING)]
    assert {"取組", "取組み", "取り組み"} in told
    assert [line.text for line in draft.page] == text.splitlines()


def test_trap_7_one_department_in_two_towns_and_ranks(draft: Draft) -> None:
    told = list(said(draft, ContradictionKind.DEPARTMENT))
    assert ("南伊勢町 まちづくり推進課", "福津市 まちづくり推進課") in [one.said for one in told]
    assert any("「係長」は職位" in one.explanation for one in told)
    departments = [
        name for case in of(draft, LineKind.CASE).values() for name in case.get("departments", [])
    ]
    assert not any("係長" in name or "部門" in name for name in departments)


def test_trap_8_announced_and_reported(draft: Draft) -> None:
    subjects = {one.subject for one in said(draft, ContradictionKind.STATE)}
    assert subjects == {"event:2023-09-30", "event:2022-09-03"}


def test_trap_9_the_wish_and_the_footer(draft: Draft) -> None:
    wish, footer = said(draft, ContradictionKind.RIGHTS)
    assert wish.said[0] == NO_COPY
    assert len(wish.said) == 3
    assert "All Rights Reserved" in footer.said[0]


# --- evidence and keys -------------------------------------------------------------------


def test_every_value_rests_on_words_of_the_page(draft: Draft) -> None:
    for line in draft.lines:
        for name in line.values:
            assert line.evidence[name], (line.key, name)
        for evidence in (one for found in line.evidence.values() for one in found):
            assert evidence.text in draft.page[evidence.line - 1].text
            assert len(evidence.text) <= 120
    for one in draft.contradictions:
        assert one.evidence, one


def keyed(draft: Draft) -> dict[str, DraftLine]:
    return {line.key: line for line in draft.lines}


def test_keys_stay_when_lines_are_put_above_and_words_change(
    text: str, draft: Draft, every_place: Gazetteer
) -> None:
    changed = "新着情報\n\n2024年6月1日 お知らせを載せました\n" + text.replace("11人", "12人")
    again = draft_page(lines_of(changed), SOURCE, every_place, seen_on=date(2026, 11, 23))
    before, after = keyed(draft), keyed(again)
    assert list(before) == list(after)
    differing = [key for key in before if before[key].values != after[key].values]
    assert differing == ["event:2022-09-03"]
