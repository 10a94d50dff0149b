"""`kb intake` and `kb intake-settle`: what they print, what they record, how they end."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from indexer.cli import main as kb
from indexer.cli.opening import NOT_READY, WRONG_USE
from indexer.installation import Installation
from kb.catalogue.stored import StoredReader
from tests.indexer.commands import Run

ADDRESS = "http://example.jp/seminar/"
PAGE = """<!doctype html><html lang="ja"><meta charset="utf-8"><title>見直す会</title><body>
<h1>まちの仕事を見直す会</h1>
<h2>【ご報告】2024/10/5(土)「第4回 まちの仕事を見直す会」を開催しました</h2>
<p>日時:2024年10月5日(土)13:00〜15:00</p><p>会場:延岡市役所</p><p>【定員】40名</p>
<p>当日は52名にご参加いただきました。</p>
<p>(1) 延岡市(宮崎県)</p><p>「窓口の紙を減らす」</p>
<p><a href="nobeoka.pdf">「窓口の紙を減らす」発表資料(PDF形式:1.2MB)</a></p>
</body></html>
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "seminar.html"
    path.write_text(PAGE, "utf-8")
    return path


def told(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def lines_of(answer: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [line for line in answer["lines"] if line["kind"] == kind]


def test_a_page_is_read_and_nothing_else_is_recorded(
    run: Run, page: Path, installation: Installation
) -> None:
    answer = told(run("intake", str(page), "--url", ADDRESS, "--json"))
    assert (answer["intake"], answer["source"]) == ("intake-1", ADDRESS)
    (event,) = lines_of(answer, "event")
    assert (event["state"], event["values"]["held_on"]) == ("new", "2024-10-05")
    assert "capacity" in [one["kind"] for one in answer["contradictions"]]
    (document,) = lines_of(answer, "document")
    assert document["values"]["sources"] == ["http://example.jp/seminar/nobeoka.pdf"]
    assert answer["events"] == [{"key": event["key"], "state": "new", **event["values"]}]
    assert [case["key"] for case in answer["cases"]] == ["case:452033:2024-10-05"]
    assert answer["rights"] == []
    stored = StoredReader(installation.database).stored()
    assert (stored.events, stored.cases, stored.documents) == ({}, {}, {})


def test_the_json_names_lines_and_not_their_text(run: Run, page: Path) -> None:
    answer = told(run("intake", str(page), "--json"))
    (event,) = lines_of(answer, "event")
    assert all(isinstance(n, int) for numbers in event["evidence"].values() for n in numbers)
    assert "ご参加いただきました。" not in json.dumps(answer, ensure_ascii=False)


def test_a_terminal_shows_lines_by_event_with_the_words_of_the_page(run: Run, page: Path) -> None:
    result = run("intake", str(page), "--url", ADDRESS)
    assert result.exit_code == 0
    assert "■ 2024-10-05 第4回 まちの仕事を見直す会" in result.stdout
    assert "自治体: 宮崎県延岡市" in result.stdout
    assert "行目「【定員】40名」" in result.stdout
    assert "kb intake-settle intake-1" in result.stderr


def test_lines_are_settled_and_found(run: Run, page: Path) -> None:
    run("intake", str(page), "--url", ADDRESS)
    dry = run("intake-settle", "intake-1", "--accept-sure", "--dry-run")
    assert "(書き込んでいません)" in dry.stderr
    answer = told(run("intake", "--show", "intake-1", "--json"))
    (event,), (document,) = lines_of(answer, "event"), lines_of(answer, "document")
    done = told(
        run(
            "intake-settle", "intake-1", "--accept", str(document["number"]), "--with-references",
            "--set", event["key"], "会場=延岡市役所 本庁舎", "--by", "山田", "--json",
        )
    )  # fmt: skip
    assert done["recorded"] is True
    assert {line["record"] for line in done["accepted"]} >= {
        "ev-2024-10-05", "case-nobeoka-2024", "doc-2024-nobeoka-slides",
    }  # fmt: skip
    found = told(run("search", "窓口の紙", "--json"))
    assert [hit["case"]["id"] for hit in found["results"]] == ["case-nobeoka-2024"]
    again = told(run("intake", str(page), "--url", ADDRESS, "--json"))
    assert {line["state"] for line in lines_of(again, "event") + lines_of(again, "case")} == {
        "same"
    }
    assert "最新" in run("status").stdout


def test_accepting_prints_what_became_of_each_line(run: Run, page: Path) -> None:
    answer = told(run("intake", str(page), "--url", ADDRESS, "--json"))
    (event,) = lines_of(answer, "event")
    others = [str(line["number"]) for line in answer["lines"] if line is not event]
    rejected = [word for number in others for word in ("--reject", number)]
    result = run("intake-settle", "intake-1", "--accept", event["key"], *rejected)
    assert "登録" in result.stdout
    assert "ev-2024-10-05" in result.stdout
    assert result.stdout.count("却下") == len(others)
    assert "残り 0行" in result.stderr
    shown = run("intake", "--show", "intake-1").stdout
    assert "受け入れ済み → ev-2024-10-05" in shown
    assert "却下済み" in shown


def test_intakes_are_listed(run: Run, page: Path) -> None:
    assert "0件の受け入れ" in run("intake", "--list").stderr
    run("intake", str(page))
    result = run("intake", "--list")
    assert result.stdout.startswith("intake-1 ")
    assert "seminar.html" in result.stdout
    (listed,) = json.loads(run("intake", "--list", "--json").stdout)
    assert (listed["intake"], listed["decided"]) == ("intake-1", 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["intake"], "どれか1つ"),
        (["intake", "--list", "--show", "intake-1"], "どれか1つ"),
        (["intake", "none.html"], "ファイルがありません"),
        (["intake", "--show", "intake-9"], "kb intake --list"),
        (["intake", "--list", "--url", ADDRESS], "ファイルといっしょに"),
        (["intake-settle", "intake-9", "--accept-sure"], "kb intake --list"),
        (["intake-settle", "intake-1"], "どれかを書いてください"),
        (["intake-settle", "intake-1", "--set", "1", "定員40"], "項目=値"),
    ],
)
def test_a_wrong_use_says_what_to_do(run: Run, arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, said in result.stderr) == (WRONG_USE, True), result.stderr


@pytest.mark.parametrize("address", ["example.jp", "ftp://example.jp/", "http://", "http://[x"])
def test_an_address_that_is_none_is_refused(run: Run, page: Path, address: str) -> None:
    result = run("intake", str(page), "--url", address)
    assert (result.exit_code, "--url" in result.stderr) == (WRONG_USE, True)


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", b"%PDF-1.4\n"), ("a.html", b""), ("a.txt", b"\n \n")]
)
def test_what_is_no_page_is_refused(run: Run, tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = run("intake", str(path))
    assert result.exit_code == WRONG_USE
    assert name in result.stderr
    assert "ください" in result.stderr
    assert "0件の受け入れ" in run("intake", "--list").stderr


def test_a_refused_line_is_told_and_nothing_is_recorded(run: Run, page: Path) -> None:
    answer = told(run("intake", str(page), "--json"))
    (case,) = lines_of(answer, "case")
    result = run("intake-settle", "intake-1", "--accept", str(case["number"]))
    assert result.exit_code == WRONG_USE
    assert "--with-references" in result.stderr
    unknown = run("intake-settle", "intake-1", "--accept", "99")
    assert "「99」という行はありません" in unknown.stderr


def test_the_first_page_may_come_before_anything_else(page: Path, tmp_path: Path) -> None:
    environment = {"KB_DATA_DIR": str(tmp_path / "none")}
    listed = CliRunner(env=environment).invoke(kb, ["intake", "--list"])
    assert (listed.exit_code, "kb init" in listed.stderr) == (NOT_READY, True)
    result = CliRunner(env=environment).invoke(kb, ["intake", str(page), "--json"])
    assert told(result)["counts"]["new"] > 0


def test_control_characters_of_a_page_do_not_reach_the_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("【ご報告】2024/10/5(土)「第4回 \x1b[31mまちの会」を開催しました\n", "utf-8")
    result = run("intake", str(path))
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
