"""The sample holds together: its records, its originals, its marks and its silences."""

import csv
import html
import io
import re
import unicodedata
import zipfile
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pdfminer.converter import TextConverter
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

from kb.domain.case_study import COLUMNS, KEYWORD_SEPARATOR, NARRATIVE, SUMMARY_CHARACTERS
from kb.domain.classification import DepartmentFunction, DocumentKind, EventState, Theme
from kb.domain.rights import Terms

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"
SHARED = ROOT.parent / "shared"

EXTRA = (
    "発表年度", "仮題", "団体コード", "部署", "部署機能",
    "催しID", "事業ID", "事業期", "前の事例ID", "見本",
)  # fmt: skip
STATEMENT = "(報告資料の複写・転用などはお控えくださるようお願いします。)"
MARK = "見本(架空の自治体の資料です)"
ABSENT = "打破"
"""A word that stands in no source; the sample must not bring it in."""
PASSWORD = "mihon-2023"
CANARIES = {
    "あまのじゃく指標ベータ七": "doc-mihon-tsukimihara-2021-slides",
    "むくどり係数ガンマ三": "doc-mihon-todai-2019-slides",
    "ほしくず連絡法イ号": "doc-mihon-asanagi-2020-report",
}
COPIED = 24
"""Characters in a row, names and titles apart, that would be a copied sentence."""
NAMES = (
    "総務課・まちづくり推進課の係長による政策開発事務局チーム",
    "総務課・まちづくり推進課・監査事務局と事業課の係長チーム",
    "自治体改善ステップアップシート(管理部門編)",
    "自治体改善運動アンケート",
    "2019年7月14日 自治体改善ステップアップセミナー概要レポート",
    "酒井直人中野区長、原崎智仁福津市長、元吉由紀子理事長",
    "http://jichitai-kaizen.net/",
)
SEED_CODES = {"131148", "244724", "252123", "402249"}


def rows(name: str) -> list[dict[str, str]]:
    with (CORPUS / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def split(cell: str) -> list[str]:
    return [part for part in cell.split(KEYWORD_SEPARATOR) if part]


CASES = rows("cases.csv")
EVENTS = rows("events.csv")
DOCUMENTS = rows("documents.csv")
PEOPLE = rows("people.csv")
ROLES = rows("roles.csv")
PROGRAMMES = rows("programmes.csv")
PLACES = rows("municipalities.csv")
HELD = [row for row in DOCUMENTS if row["file"]]
BY_ID = {row["id"]: row for row in DOCUMENTS}


def invented(identifier: str) -> bool:
    return "mihon" in identifier


class Words(HTMLParser):
    """The text of an HTML page, style sheets left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.found.append(data)


def text_of(row: dict[str, str], first_page: bool = False) -> str:
    """The original's words without spaces, widths folded; office files as their XML holds them."""
    return _text_of(row["id"], CORPUS / row["file"], first_page)


@cache
def _text_of(identifier: str, path: Path, first_page: bool) -> str:
    if path.suffix == ".pdf":
        password = PASSWORD if identifier == "doc-mihon-tachibana-2021-slides" else ""
        found = pdf_text(path, password, maxpages=1 if first_page else 0)
    elif path.suffix == ".html":
        page = Words()
        page.feed(path.read_text(encoding="utf-8"))
        found = "".join(page.found)
    else:
        found = office_text(path, first_page)
    return squeezed(found)


def pdf_text(path: Path, password: str, maxpages: int) -> str:
    """In the order of the content stream: without layout analysis, ten times as fast."""
    written = io.StringIO()
    resources = PDFResourceManager()
    interpreter = PDFPageInterpreter(resources, TextConverter(resources, written))
    with path.open("rb") as stream:
        for page in PDFPage.get_pages(stream, password=password, maxpages=maxpages):
            interpreter.process_page(page)
    return written.getvalue()


def office_text(path: Path, first_page: bool) -> str:
    with zipfile.ZipFile(path) as package:
        names = [n for n in package.namelist() if n.endswith(".xml") and "theme" not in n]
        if first_page and path.suffix == ".pptx":
            names = ["ppt/slides/slide1.xml"]
        found = "".join(re.sub(r"<[^>]+>", "", package.read(n).decode("utf-8")) for n in names)
        return html.unescape(found)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


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


# --- what is invented ---------------------------------------------------------------------


def test_every_invented_row_is_marked() -> None:
    for table, key, mark in ((CASES, "ID", "見本"), (EVENTS, "id", "specimen"),
                             (DOCUMENTS, "id", "specimen")):  # fmt: skip
        for row in table:
            assert (row[mark] == "1") == invented(row[key]), row[key]
    for case in CASES:
        assert (case["事例の場所"] in ("見本県", "架空県")) == invented(case["ID"])
    for programme in PROGRAMMES:
        assert ("見本" in programme["title"]) == invented(programme["id"])
    for person in PEOPLE:
        plain = person["name"].startswith(("見本", "架空", "例示"))
        assert plain == invented(person["id"]), person["name"]


def test_there_are_enough_invented_cases_of_every_kind() -> None:
    made = [case for case in CASES if case["見本"]]
    assert len(made) >= 24
    assert {t for c in made for t in split(c["テーマ"])} == {theme.label for theme in Theme}
    assert len({f for c in made for f in split(c["部署機能"])}) >= 15
    assert {c["事例実施年"] for c in made} == {str(year) for year in range(2014, 2024)}
    for case in made:
        assert sum(bool(case[label]) for label in NARRATIVE.values()) >= 8, case["ID"]


@pytest.mark.parametrize("row", [r for r in HELD if invented(r["id"])], ids=lambda r: r["id"])
def test_every_invented_original_says_so_on_its_first_page(row: dict[str, str]) -> None:
    if row["id"] == "doc-mihon-yukino-2014-memo":
        assert "画像だけ" in row["note"]
        assert text_of(row) == ""
    else:
        assert squeezed(MARK) in text_of(row, first_page=True)


def test_a_restricted_document_prints_its_statement() -> None:
    restricted = [r for r in HELD if r["rights_terms"] in ("no_copy", "internal")]
    assert len(restricted) >= 2
    for row in restricted:
        assert squeezed(row["rights_statement"]) in text_of(row), row["id"]


@pytest.mark.parametrize("canary", CANARIES)
def test_a_canary_stands_in_one_body_and_in_no_record(canary: str) -> None:
    assert BY_ID[CANARIES[canary]]["rights_terms"] in ("no_copy", "internal")
    for path in CORPUS.glob("*.csv"):
        assert canary not in path.read_text(encoding="utf-8"), path.name
    holding = {row["id"] for row in HELD if squeezed(canary) in text_of(row)}
    assert holding == {CANARIES[canary]}
    assert canary in (CORPUS / "SOURCES.md").read_text(encoding="utf-8")


@pytest.mark.shared
def test_invented_names_belong_to_no_real_municipality() -> None:
    folder = SHARED / "data" / "municipalities"
    if not folder.is_dir():
        pytest.skip("the table of municipalities is not beside the checkout")
    real = "".join(path.read_text(encoding="utf-8-sig") for path in folder.glob("*.csv"))
    for place in PLACES:
        assert place["name"] not in real
        assert place["name"][:-1] not in real or len(place["name"]) < 4, place["name"]


@pytest.mark.shared
def test_no_sentence_of_the_seminar_page_was_copied() -> None:
    page = SHARED / "data" / "seed" / "seminar-page.txt"
    if not page.is_file():
        pytest.skip("the seminar page is not beside the checkout")
    source = squeezed(page.read_text(encoding="utf-8"))
    facts = [row["title"] for row in (*EVENTS, *DOCUMENTS)] + [STATEMENT]
    facts += [case["タイトル"] for case in CASES] + [case["仮題"] for case in CASES]
    facts += NAMES
    for path in (*CORPUS.glob("*.csv"), *(CORPUS / "make" / "text").glob("doc-20*.txt")):
        words = squeezed(path.read_text(encoding="utf-8"))
        for fact in facts:
            words = words.replace(squeezed(fact), "|") if fact else words
        runs = (words[i : i + COPIED] for i in range(len(words) - COPIED + 1))
        assert not [run for run in runs if "|" not in run and run in source], path.name


# --- files --------------------------------------------------------------------------------


def test_every_file_is_there_and_none_is_left_over() -> None:
    named = {CORPUS / row["file"] for row in HELD}
    assert set((CORPUS / "originals").iterdir()) == named
    assert len([row for row in HELD if invented(row["id"])]) >= 26
    texts = {path.stem for path in (CORPUS / "make" / "text").iterdir()}
    assert texts == {row["id"] for row in HELD}


def test_the_sample_stays_small() -> None:
    size = sum(p.stat().st_size for p in CORPUS.rglob("*") if "__pycache__" not in p.parts)
    assert size < 6_000_000


def test_a_word_that_no_source_holds_is_nowhere() -> None:
    for path in CORPUS.rglob("*"):
        if path.suffix in (".csv", ".md", ".txt", ".py"):
            assert ABSENT not in path.read_text(encoding="utf-8"), path
    for row in HELD:
        assert ABSENT not in text_of(row), row["id"]


def test_spellings_vary_as_they_do_in_real_papers() -> None:
    everything = "".join(p.read_text(encoding="utf-8") for p in CORPUS.rglob("*.txt"))
    everything += (CORPUS / "cases.csv").read_text(encoding="utf-8")
    for pair in ("取組 取り組み 取組み", "カイゼン 改善", "見える化 可視化", "テレワーク 在宅勤務",
                 "申込み 申し込み", "子供 子ども", "RPA ＲＰＡ", "行革 行政改革"):  # fmt: skip
        assert all(spelling in everything for spelling in pair.split()), pair
