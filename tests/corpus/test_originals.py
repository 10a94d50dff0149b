"""The sample's originals are all there, are marked, and keep their silences."""

import pytest

from kb.domain.case_study import NARRATIVE
from kb.domain.classification import Theme
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
    SHARED,
    invented,
    split,
    squeezed,
    text_of,
)

STATEMENT = "(報告資料の複写・転用などはお控えくださるようお願いします。)"
MARK = "見本(架空の自治体の資料です)"
ABSENT = "打破"
"""A word that stands in no source; the sample must not bring it in."""
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
