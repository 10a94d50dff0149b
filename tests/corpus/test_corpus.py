"""The sample's records hold together and say what the seminar page says."""

import re
from datetime import date

import pytest

from kb.domain.case_study import COLUMNS, NARRATIVE, SUMMARY_CHARACTERS
from kb.domain.classification import DepartmentFunction, DocumentKind, EventPart, EventState, Theme
from kb.domain.rights import Terms
from tests.corpus.sample import (
    BY_ID,
    CASES,
    CORPUS,
    DOCUMENTS,
    EVENTS,
    HELD,
    PEOPLE,
    PLACES,
    PROGRAMMES,
    ROLES,
    page_texts,
    split,
    squeezed,
    text_of,
)

EXTRA = (
    "発表年度", "仮題", "団体コード", "部署", "部署機能",
    "催しID", "事業ID", "事業期", "前の事例ID", "見本",
)  # fmt: skip
STATEMENT = "(報告資料の複写・転用などはお控えくださるようお願いします。)"
SEED_CODES = {"131148", "244724", "252123", "402249"}


def check_digit(code: str) -> str:
    weighed = sum(int(n) * weight for n, weight in zip(code[:5], (6, 5, 4, 3, 2), strict=True))
    return str(11 - weighed % 11)[-1]


# --- records ------------------------------------------------------------------------------


def test_case_columns_are_those_of_the_data_model_and_ours() -> None:
    assert tuple(CASES[0]) == (*COLUMNS, *EXTRA)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (CASES, "ID"), (EVENTS, "id"), (DOCUMENTS, "id"), (PEOPLE, "id"),
        (PROGRAMMES, "id"), (PLACES, "code"), (PLACES, "name"), (HELD, "file"),
    ],
)  # fmt: skip
def test_identifiers_are_unique(table: list[dict[str, str]], key: str) -> None:
    found = [row[key] for row in table]
    assert all(found)
    assert len(set(found)) == len(found)


def test_files_end_their_lines_with_newlines_only() -> None:
    for path in CORPUS.glob("*.csv"):
        content = path.read_bytes()
        assert b"\r" not in content, path.name
        assert content.endswith(b"\n"), path.name


def test_every_reference_leads_somewhere() -> None:
    events, cases = {r["id"] for r in EVENTS}, {r["ID"] for r in CASES}
    people, programmes = {r["id"] for r in PEOPLE}, {r["id"] for r in PROGRAMMES}
    codes = {r["code"] for r in PLACES} | SEED_CODES
    for case in CASES:
        assert {case["催しID"]} <= events | {""}
        assert {case["事業ID"]} <= programmes | {""}
        assert {case["前の事例ID"]} <= cases | {""}
        assert case["団体コード"] in codes
    for event in EVENTS:
        assert {event["programme_id"]} <= programmes | {""}
    for document in DOCUMENTS:
        assert {document["case_id"]} <= cases | {""}
        assert {document["event_id"]} <= events | {""}
        assert {cell.partition(":")[0] for cell in split(document["excerpts"])} <= cases
        assert {cell.partition(":")[0] for cell in split(document["event_parts"])} <= events
        assert set(split(document["people"])) <= people
        assert set(split(document["municipality_codes"])) <= codes
    for role in ROLES:
        assert role["person_id"] in people
        assert {role["event_id"]} <= events | {""}
        assert {role["document_id"]} <= set(BY_ID) | {""}
        assert {role["case_id"]} <= cases | {""}


def test_municipality_codes_carry_their_check_digit() -> None:
    codes = {r["code"] for r in PLACES} | {r["団体コード"] for r in CASES}
    for code in codes:
        assert re.fullmatch(r"\d{6}", code), code
        assert code[5] == check_digit(code), code


def test_invented_municipalities_use_numbers_no_prefecture_has() -> None:
    for place in PLACES:
        assert place["prefecture_code"] in ("98", "99")
        assert place["code"].startswith(place["prefecture_code"])
        assert place["kind"] in ("prefecture", "city", "town", "village")
    assert sum(place["kind"] != "prefecture" for place in PLACES) >= 8


def test_labels_belong_to_the_closed_lists() -> None:
    for case in CASES:
        for theme in split(case["テーマ"]):
            assert Theme.from_text(theme), theme
        for function in split(case["部署機能"]):
            assert DepartmentFunction.from_text(function), function
    assert {r["kind"] for r in DOCUMENTS} <= {kind.value for kind in DocumentKind}
    assert {r["rights_terms"] for r in DOCUMENTS} <= {terms.value for terms in Terms}
    assert {r["state"] for r in EVENTS} <= {state.value for state in EventState}


def test_years_are_told_apart_and_in_order() -> None:
    for case in CASES:
        practised, presented = case["事例実施年"], case["発表年度"]
        assert re.fullmatch(r"(\d{4})?", practised)
        assert re.fullmatch(r"(\d{4})?", presented)
        assert not (practised and presented) or practised <= presented, case["ID"]


def test_presentation_year_is_the_fiscal_year_of_the_event() -> None:
    held = {r["id"]: date.fromisoformat(r["held_on"]) for r in EVENTS}
    for case in CASES:
        if case["催しID"]:
            day = held[case["催しID"]]
            assert case["発表年度"] == str(day.year - (day.month < 4)), case["ID"]


def test_a_case_continues_an_earlier_one_of_the_same_place() -> None:
    by_id = {case["ID"]: case for case in CASES}
    followed = [case for case in CASES if case["前の事例ID"]]
    assert len(followed) >= 8
    for case in followed:
        before = by_id[case["前の事例ID"]]
        assert before["団体コード"] == case["団体コード"]
        assert before["事例実施年"] < case["事例実施年"]


def test_each_case_of_the_casebook_stands_on_the_pages_that_are_said() -> None:
    row = BY_ID["doc-mihon-2021-casebook"]
    by_id = {case["ID"]: case for case in CASES}
    pages = [squeezed(text) for text in page_texts(row)]
    ranges = dict(cell.split(":") for cell in split(row["excerpts"]))
    assert len(ranges) == 6
    for case_id, told in ranges.items():
        first, _, last = told.partition("-")
        case = by_id[case_id]
        own = "".join(pages[int(first) - 1 : int(last or first)])
        others = "".join(pages[: int(first) - 1] + pages[int(last or first) :])
        assert squeezed(case["対象組織"]) in own
        assert squeezed(case["取り組みの概要"]) in own
        assert squeezed(case["取り組みの概要"]) not in others


def test_documents_say_what_they_were_to_their_event() -> None:
    parts = {row["id"]: row["event_parts"] for row in DOCUMENTS if row["event_parts"]}
    assert parts["doc-2018-stepup-sheet"] == "ev-2018-07-29:used"
    assert parts["doc-2018-survey"] == "ev-2018-07-29:used"
    assert parts["doc-2021-flyer"] == "ev-2021-08-07:announces"
    for identifier, cell in parts.items():
        assert cell.partition(":")[0] == BY_ID[identifier]["event_id"]
        assert cell.partition(":")[2] in {part.value for part in EventPart}
    reports = [row for row in DOCUMENTS if row["title"].startswith("開催記録")]
    assert all(parts[row["id"]].endswith(":reports") for row in reports)


def test_summaries_keep_to_their_length() -> None:
    label = NARRATIVE["summary"]
    assert all(0 < len(case[label]) <= SUMMARY_CHARACTERS for case in CASES)


# --- what the seminar page says -----------------------------------------------------------


def test_the_six_seed_cases_are_there_with_both_years() -> None:
    seed = {
        c["ID"]: (c["団体コード"], c["事例実施年"], c["発表年度"]) for c in CASES if not c["見本"]
    }
    assert seed == {
        "case-takashima-2018": ("252123", "", "2018"),
        "case-minamiise-2020": ("244724", "2020", "2021"),
        "case-fukutsu-2020": ("402249", "2020", "2021"),
        "case-nakano-2021": ("131148", "2021", "2022"),
        "case-fukutsu-2021": ("402249", "2021", "2022"),
        "case-nakano-2022": ("131148", "2022", "2023"),
    }


def test_provisional_titles_are_kept_beside_the_final_ones() -> None:
    by_id = {case["ID"]: case for case in CASES}
    assert by_id["case-nakano-2021"]["仮題"] == "新しい総合計画の推進に向けた管理部門の結束"
    assert by_id["case-fukutsu-2021"]["仮題"] == "職場力を高める組織目標とは?(仮)"


def test_announced_and_actual_people_are_apart() -> None:
    told = {e["id"]: (e["capacity"], e["attendance"], e["attendance_text"]) for e in EVENTS}
    assert told["ev-2021-08-07"] == ("", "", "40名近く")
    assert told["ev-2022-09-03"] == ("30", "40", "リモートを含め40人(会場11人)")
    assert told["ev-2023-09-30"] == ("30", "", "約20人")


def test_the_mayor_of_fukutsu_is_one_man_with_two_spellings() -> None:
    person = next(p for p in PEOPLE if p["id"] == "person-harazaki")
    assert (person["name"], person["other_names"]) == ("原\ufa11智仁", "原崎智仁")


def test_located_documents_state_their_sizes_and_have_no_file() -> None:
    located = [r for r in DOCUMENTS if not r["file"]]
    assert len(located) == 14
    assert all(r["keywords"] and r["note"] and r["source_url"] for r in located)
    sizes = sorted(r["declared_size"] for r in located if r["declared_size"])
    assert sizes == sorted(["648KB", "537KB", "406KB", "2.8MB", "546KB", "2.8MB", "324KB", "688KB"])


def test_the_rights_sentence_stands_under_the_two_slides_of_2022_only() -> None:
    bound = {r["id"] for r in DOCUMENTS if r["rights_statement"] == STATEMENT}
    assert bound == {"doc-2022-nakano-slides", "doc-2022-fukutsu-slides"}
    for row in DOCUMENTS:
        if not row["file"] and row["id"] not in bound:
            assert (row["rights_terms"], row["rights_statement"]) == ("unknown", "")
    assert all(BY_ID[identifier]["rights_terms"] == "no_copy" for identifier in bound)


def test_every_event_of_the_page_has_an_open_record() -> None:
    for event in EVENTS:
        if not event["specimen"]:
            record = BY_ID[event["id"].replace("ev-", "doc-") + "-record"]
            assert record["rights_terms"] == "open"
            assert (CORPUS / record["file"]).is_file()


def test_the_record_of_2022_holds_what_readers_ask_for() -> None:
    words = text_of(BY_ID["doc-2022-09-03-record"])
    for asked in ("ハイブリッド開催", "反省点", "縦割り", "管理部門の結束", "会場11人", STATEMENT):
        assert squeezed(asked) in words, asked
