"""`kb settle`: what it shows, what it settles, what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from indexer.cli import main as kb
from indexer.installation import Installation
from kb.catalogue.entries import Authorship, DocumentEntry, HeldFile
from kb.catalogue.review import settling
from kb.catalogue.review.decisions import CannotDecide
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind
from kb.domain.gazetteer import Gazetteer
from kb.domain.rights import Rights
from kb.domain.settled import Field
from tests.bench.recognition import gazetteer

Run = Callable[..., Result]


def proposal(value: object, confidence: float = 0.97) -> dict[str, Any]:
    evidence = {"page": 1, "source": "page", "text": "前 根拠 後", "start": 2, "end": 4}
    return {
        "value": value, "confidence": confidence, "rule": "rule",
        "evidence": [{**evidence, "words": "根拠"}],
    }  # fmt: skip


PROPOSED = {
    "title": proposal("読み取った題", 0.7),
    "municipality": proposal("402249"),
    "implemented_in": proposal(2021),
    "themes": [proposal("finance", 0.6)],
}


@pytest.fixture
def run(installation: Installation) -> Run:
    """`kb` on an installation with two documents that nobody described."""
    filled = (Field.TITLE.value, Field.KIND.value)
    for number in (1, 2):
        name = f"doc-{number}"
        entry = DocumentEntry(name, f"file{number}", DocumentKind.OTHER, Rights(), filled=filled)
        held = HeldFile(
            f"{number}" * 64, 10, "application/pdf", "資料.pdf", "indexed", None, "pdf 1", 0, None,
            (), "none", recognised=PROPOSED,
        )  # fmt: skip
        with writing(installation.database, Authorship("test")) as writer:
            writer.record_document(entry)
            writer.attach_file(name, held)

    def invoke(*arguments: str) -> Result:
        environment = {"KB_DATA_DIR": str(installation.data_dir)}
        return CliRunner(env=environment).invoke(kb, list(arguments))

    return invoke


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return gazetteer()


def told(run: Run, *arguments: str) -> dict[str, Any]:
    result = run("settle", *arguments, "--json")
    assert result.exit_code == 0, result.output
    [line] = result.stdout.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def found(run: Run, *arguments: str) -> list[str]:
    results = json.loads(run("search", *arguments, "--json").stdout)["results"]
    return sorted(hit["documents"][0]["id"] for hit in results)


def test_every_field_is_shown_with_basis_certainty_and_words(run: Run) -> None:
    lines = run("settle", "doc-1").stdout.splitlines()
    assert lines[0] == "doc-1 読み取った題"
    assert "  自治体: 福津市(402249) [自動判定] 確からしさ97% 根拠: 1ページ目「根拠」" in lines
    assert (
        "  実践年度: 2021年度(令和3年度) [自動判定] 確からしさ97% 根拠: 1ページ目「根拠」" in lines
    )
    assert any(line.startswith("  テーマ: (未確定の自動判定) 財政・資産") for line in lines)


def test_programs_are_told_the_same(run: Run) -> None:
    shown = told(run, "doc-1")
    assert shown["settled"]["municipality"] == {
        "value": ["402249"], "basis": "proposed", "confidence": 0.97,
        "evidence": [{"page": 1, "source": "page", "text": "前 根拠 後"}],
    }  # fmt: skip
    assert shown["proposals"]["themes"][0]["value"] == "finance"
    assert shown["decisions"] == {}


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("municipality=中野区", "municipality", ["131148"]),
        ("自治体=なかのく", "municipality", ["131148"]),
        ("municipality=13114", "municipality", ["131148"]),
        ("municipality=福間町", "municipality", ["402249"]),
        ("municipality=中野区、南伊勢町", "municipality", ["131148", "244724"]),
        ("implemented-in=R3", "implemented_in", 2021),
        ("発表年度=令和4年度", "presented_in", 2022),
        ("presented_in=2022", "presented_in", 2022),
        ("themes=DX・ICT;counter", "themes", ["digital", "counter"]),
        ("部門=企画", "functions", ["policy"]),
        ("kind=事例集", "kind", "casebook"),
        ("title=正しい題、その2", "title", "正しい題、その2"),
        ("departments=総務課、企画課", "departments", ["総務課", "企画課"]),
        ("series_number=10", "series_number", "10"),
    ],
)
def test_values_are_taken_as_people_type_them(
    places: Gazetteer, typed: str, field: str, value: object
) -> None:
    name, _, text = typed.partition("=")
    assert settling.field_of(name) == field
    values = settling.read_values(Field(field), text, lambda: places)
    assert values == (tuple(value) if isinstance(value, list) else (value,))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("municipality=府中市", ("132063 東京都府中市", "342084 広島県府中市")),
        ("municipality=伊達市", ("012335 北海道伊達市、072133 福島県伊達市",)),
        ("municipality=中野", ("中野区", "中野市")),
        ("municipality=どこにもない町", ("どこにもない町",)),
        ("implemented_in=去年", ("去年", "令和3年度")),
        ("themes=占い", ("占い", "窓口・市民サービス")),
        ("色=赤", ("色", "municipality(自治体)")),
    ],
)
def test_what_cannot_be_understood_is_refused_with_what_to_do(
    places: Gazetteer, typed: str, words: tuple[str, ...]
) -> None:
    name, _, text = typed.partition("=")
    with pytest.raises(CannotDecide) as refusal:
        settling.read_values(settling.field_of(name), text, lambda: places)
    assert all(word in str(refusal.value) for word in words)


def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    run: Run, installation: Installation
) -> None:
    before = installation.catalogue.sequence()
    for order, word in (
        (("--set", "municipality=府中市"), "団体コードで指定してください"),
        (("--set", "題名"), "項目=値"),
        (("--set", "people=見本太郎"), "人は"),
        (("--none", "title"), "題名"),
        (("--accept", "series"), "シリーズ"),
    ):
        result = run("settle", "doc-1", *order)
        assert (result.exit_code, word in result.output) == (2, True), result.output
    assert installation.catalogue.sequence() == before


def test_all_of_a_wrong_order_is_left_undone(run: Run, installation: Installation) -> None:
    before = installation.catalogue.sequence()
    assert run("settle", "doc-1", "doc-9", "--set", "kind=report").exit_code == 2
    assert run("settle", "doc-1", "--set", "kind=report", "--accept", "series").exit_code == 2
    assert run("settle").exit_code == 2
    assert installation.catalogue.sequence() == before


def test_a_decision_is_found_by_at_once_and_can_be_undone(run: Run) -> None:
    orders = ("municipality=南伊勢町", "発表年度=令和4年度", "themes=DX・ICT")
    shown = told(
        run, "doc-1", *(word for each in orders for word in ("--set", each)), "--by", "見本花子"
    )
    assert shown["settled"]["presented_in"]["value"] == 2022
    assert shown["settled"]["themes"]["value"] == ["digital"]
    assert told(run, "doc-1")["decisions"]["municipality"]["by"] == "見本花子"
    assert found(run, "--municipality", "南伊勢町") == ["doc-1"]
    shown = told(run, "doc-1", "--undo", "municipality")
    assert shown["settled"]["municipality"]["basis"] == "proposed"
    assert found(run, "--municipality", "南伊勢町") == []
    assert found(run, "--municipality", "福津市") == ["doc-1", "doc-2"]


def test_none_and_accept(run: Run) -> None:
    shown = told(run, "doc-1", "--none", "municipality", "--accept", "themes")
    assert shown["settled"]["municipality"]["value"] == []
    assert shown["settled"]["themes"]["value"] == ["finance"]
    assert "なし [確定] kb settle" in run("settle", "doc-1").stdout


def test_every_sure_proposal_of_every_document_is_accepted(run: Run) -> None:
    result = run("settle", "--all-unsettled", "--accept-sure")
    assert "4項目を変えました" in result.stderr
    assert "2件の資料" in result.stderr
    for document in ("doc-1", "doc-2"):
        shown = told(run, document)["settled"]
        bases = {name: shown[name]["basis"] for name in ("municipality", "implemented_in", "title")}
        assert bases == {
            "municipality": "decided", "implemented_in": "decided", "title": "proposed"
        }  # fmt: skip
    assert "0件の資料" in run("settle", "--all-unsettled", "--accept-sure").stderr


def test_neither_reading_again_nor_taking_in_again_undoes_a_decision(
    installation: Installation, tmp_path: Path
) -> None:
    environment = {"KB_DATA_DIR": str(installation.data_dir)}

    def call(*arguments: str) -> Result:
        result = CliRunner(env=environment).invoke(kb, list(arguments))
        assert result.exit_code == 0, result.output
        return result

    paper = tmp_path / "報告.txt"
    paper.write_text("福津市総務課\n窓口の改善の報告\n令和3年度\n", "utf-8")
    taken = json.loads(call("ingest", str(paper), "--json").stdout)
    document = taken["document"]
    call(
        "settle", document, "--set", "title=確定した題", "--set", "自治体=中野区", "--none", "kind"
    )
    call("reread", "--all")
    call("ingest", str(paper))
    folder = tmp_path / "まとめ"
    folder.mkdir()
    (folder / "events.csv").write_text("id,title,state\n", "utf-8")
    (folder / "documents.csv").write_text(
        f"id,title,kind,file,municipality_codes\n{document},表の題,report,報告.txt,402249\n",
        "utf-8",
    )
    paper.rename(folder / "報告.txt")
    call("ingest", str(folder))
    shown = json.loads(call("settle", document, "--json").stdout)["settled"]
    assert shown["title"]["value"] == "確定した題"
    assert shown["municipality"]["value"] == ["131148"]
    assert shown["kind"]["value"] is None
    assert found(call, "--municipality", "中野区") == [document]
    call("settle", document, "--undo", "title", "--undo", "kind")
    shown = json.loads(call("settle", document, "--json").stdout)["settled"]
    assert (shown["title"]["value"], shown["title"]["basis"]) == ("表の題", "recorded")
    assert (shown["kind"]["value"], shown["kind"]["basis"]) == ("report", "recorded")


@pytest.mark.parametrize("code", ["402249", "131148", "244724", "452033", "011002"])
def test_a_present_name_is_not_confused_with_a_former_one(places: Gazetteer, code: str) -> None:
    body = places.get(code)
    assert body is not None
    typed = f"{body.prefecture}{body.name}"
    assert settling.read_values(Field.MUNICIPALITY, typed, lambda: places) == (code,)
