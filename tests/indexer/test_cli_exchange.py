"""`kb import` and `kb export`: what they print, what they write, and how they end."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.cli.exchange import COMMANDS
from indexer.cli.opening import NOT_READY, WRONG_USE
from indexer.cli.usage import Group
from indexer.installation import Installation
from tests.conftest import ROOT
from tests.indexer.commands import Run, runner
from tests.indexer.exchange.grids import CASE, csv_of

KB = Group("kb", commands={str(command.name): command for command in COMMANDS})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "事例.csv"
    path.write_text(csv_of(CASE | {"ID": "a"}), "utf-8-sig", newline="")
    return path


def test_before_init_it_is_said_what_to_do(file: Path, tmp_path: Path) -> None:
    for arguments in (["import", str(file)], ["export"]):
        environment = {"KB_DATA_DIR": str(tmp_path / "none")}
        result = CliRunner(env=environment).invoke(KB, arguments)
        assert result.exit_code == NOT_READY
        assert "kb init" in result.output


@pytest.mark.parametrize("name", ["import", "export"])
def test_each_command_helps_in_japanese_with_an_example(name: str) -> None:
    result = CliRunner().invoke(KB, [name, "--help"])
    assert result.exit_code == 0
    assert f"例: kb {name}" in result.output


def test_a_dry_run_tells_and_an_import_is_found(run: Run, file: Path) -> None:
    dry = run("import", str(file), "--dry-run")
    assert dry.exit_code == 0
    assert "2行目 新規 a「窓口の改善」" in dry.stdout
    assert "書き込んだ事例: 0件" in dry.stderr
    assert run("export").stdout.count("\n") == 1
    real = run("import", str(file))
    assert "書き込んだ事例: 1件" in real.stderr
    assert "索引: 追加・変更 1件" in real.stderr
    assert "窓口の改善" in run("export", "窓口", "--municipality", "ふくつし").stdout
    assert "1行: 新規 0、変更 0、変更なし 1、不可 0" in run("import", str(file)).stderr


def test_a_refused_row_ends_in_1_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(csv_of(CASE, CASE | {"タイトル": "二", "事例実施年": "昨年度"}), "utf-8")
    result = run("import", str(path))
    assert result.exit_code == 1
    assert "「事例実施年」 昨年度: 年度として読めません。2021、令和3年度、R3" in result.stdout
    assert "何も書き込んでいません" in result.stderr
    assert run("import", str(path), "--dry-run").exit_code == 1
    skipping = run("import", str(path), "--skip-bad", "--json")
    assert skipping.exit_code == 0
    told = json.loads(skipping.stdout)
    assert told["counts"] == {"new": 1, "changed": 0, "unchanged": 0, "refused": 1}
    assert told["recorded"] == 1
    assert told["rows"][1]["refusals"][0]["column"] == "事例実施年"
    assert set(told["rows"][0]) == {
        "line", "outcome", "case", "title", "changes", "refusals", "remarks",
    }  # fmt: skip


def test_blanks_clear_on_request(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(csv_of(CASE | {"ID": "a", "成果": "半分"}), "utf-8")
    run("import", str(path))
    path.write_text(csv_of(CASE | {"ID": "a", "成果": ""}), "utf-8")
    assert "変更なし 1" in run("import", str(path)).stderr
    cleared = run("import", str(path), "--clear-blanks").stdout
    assert "成果: 「半分」→「」" in cleared


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"PK\x03\x04", "Excel"), ("題,組織\n".encode(), "見出しの行が見つかりません")],
)
def test_what_is_no_table_ends_in_2(run: Run, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    result = run("import", str(path))
    assert result.exit_code == WRONG_USE
    assert said in result.stderr
    absent = run("import", str(tmp_path / "none.csv"))
    assert (absent.exit_code, "ファイルがありません" in absent.stderr) == (WRONG_USE, True)
    large = run("import", str(ROOT / "corpus" / "cases.csv"), KB_MAX_UPLOAD_MB="0")
    assert large.exit_code == WRONG_USE


def test_an_export_comes_back(sample: Installation, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    result = runner(sample)("export", "--output", str(out), "--specimens")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "33件の事例を出しました" in result.stderr
    assert [path.name for path in tmp_path.glob("out*")] == ["out.csv"]
    assert "変更なし 33" in runner(sample)("import", str(out), "--dry-run").stderr


def test_formats_and_encodings(sample: Installation) -> None:
    export = runner(sample)
    content = {
        name: export("export", "--format", name).stdout_bytes for name in ("ds451", "csv", "jsonl")
    }
    assert content["ds451"] == b"\xef\xbb\xbf" + content["csv"]
    lines = [json.loads(line) for line in content["jsonl"].decode().splitlines()]
    assert len(lines) == content["csv"].count(b"\r\n") - 1
    assert not any(line["specimen"] for line in lines)
    narrow = export("export", "--encoding", "cp932", "--specimens")
    assert narrow.stdout_bytes.decode("cp932").startswith("タイトル,")
    refused = export("export", "--format", "jsonl", "--encoding", "cp932")
    assert refused.exit_code == WRONG_USE


def test_what_cp932_lacks_is_said(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(csv_of(CASE | {"成果": "𠮷野"}), "utf-8")
    run("import", str(path))
    told = run("export", "--encoding", "cp932")
    assert "CP932にない文字を〓にしました: 𠮷" in told.stderr


@pytest.mark.parametrize(
    "options",
    [
        ["--implemented-in", "R3"], ["--presented-in", "令和4年度"], ["--prefecture", "福岡県"],
        ["--theme", "組織目標・目標管理"], ["--department", "企画"], ["--kind", "発表スライド"],
    ],
)  # fmt: skip
def test_every_filter_narrows(sample: Installation, options: list[str]) -> None:
    everything = runner(sample)("export", "--format", "jsonl", "--specimens").stdout
    narrowed = runner(sample)("export", *options, "--format", "jsonl", "--specimens").stdout
    assert 0 < len(narrowed.splitlines()) < len(everything.splitlines())


def test_an_unknown_value_is_told(sample: Installation) -> None:
    result = runner(sample)("export", "--theme", "宇宙")
    assert result.exit_code == WRONG_USE
    assert "宇宙" in result.stderr


def test_an_output_that_cannot_be_written_is_told(sample: Installation, tmp_path: Path) -> None:
    for path in (tmp_path / "none" / "f.csv", tmp_path):
        result = runner(sample)("export", "--output", str(path))
        assert result.exit_code == WRONG_USE
        assert "に書けません" in result.stderr


def test_an_index_that_is_not_there_is_told(run: Run, installation: Installation) -> None:
    result = run("export", "窓口", SEARCH_URL="opensearch+http://127.0.0.1:9/none")
    assert result.exit_code == NOT_READY
