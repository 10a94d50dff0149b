"""The command: what it prints, and the code it ends with."""

import json
import shutil
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas
from sqlalchemy import update

from indexer.cli import main as kb
from indexer.cli.opening import LOCKED, NOT_READY
from indexer.installation import Installation
from kb.catalogue import models as m
from kb.catalogue.entries import Authorship, DocumentEntry
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind
from kb.domain.rights import Rights
from tests.conftest import ROOT
from tests.indexer.commands import Run

PDF = ROOT / "corpus" / "originals" / "2017-07-30-record.pdf"


def test_before_init_it_is_said_what_to_do(tmp_path: Path) -> None:
    for command in ("search", "status", "sync", "rebuild", "check"):
        environment = {"KB_DATA_DIR": str(tmp_path / "none")}
        result = CliRunner(env=environment).invoke(kb, [command])
        assert result.exit_code == NOT_READY, command
        assert "kb init" in result.output


def test_init_is_safe_to_repeat(run: Run, installation: Installation) -> None:
    assert run("init").exit_code == 0
    assert run("init").exit_code == 0
    assert (installation.data_dir / "catalogue.sqlite").is_file()


def test_a_folder_is_taken_in_found_and_taken_in_once(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "資料"
    folder.mkdir()
    shutil.copy(PDF, folder / "報告.pdf")
    (folder / "メモ.doc").write_bytes(b"{\\rtf1 memo}")
    first = run("ingest", str(folder), "--json", "--rights", "open")
    assert first.exit_code == 0
    lines = {Path(line["file"]).name: line for line in map(json.loads, first.stdout.splitlines())}
    assert {name: line["outcome"] for name, line in lines.items()} == {
        "報告.pdf": "indexed",
        "メモ.doc": "unsupported",
    }
    expected = {
        "file", "sha256", "document", "outcome", "pages", "seconds", "detail", "recognised",
        "alike",
    }  # fmt: skip
    assert set(lines["報告.pdf"]) == expected
    found = json.loads(run("search", "セミナー", "--sort", "implemented_in", "--json").stdout)
    assert found["results"][0]["documents"][0]["id"] == lines["報告.pdf"]["document"]
    assert found["results"][0]["documents"][0]["rights"]["may"]["download"] is True
    again = run("ingest", str(folder), "--json")
    assert {json.loads(line)["outcome"] for line in again.stdout.splitlines()} == {"duplicate"}
    assert run("check").exit_code == 0


def test_a_draft_waits(run: Run) -> None:
    run("ingest", str(PDF), "--draft")
    assert json.loads(run("search", "セミナー", "--json").stdout)["total"] == 0
    assert json.loads(run("status", "--json").stdout)["documents_held"] == 1


def _locked(path: Path, password: str) -> Path:
    """A one-page PDF that asks for a password."""
    pdf = canvas.Canvas(str(path), encrypt=StandardEncryption(password, ownerPassword="owner"))
    pdf.drawString(72, 720, "improvement of the counter")
    pdf.save()
    return path


def test_a_password_file_opens_what_is_locked_and_is_kept_nowhere(
    run: Run, installation: Installation, tmp_path: Path
) -> None:
    locked = _locked(tmp_path / "locked.pdf", "Hirake-Goma-7")
    first = run("ingest", str(locked), "--json")
    assert json.loads(first.stdout)["outcome"] == "needs_password"
    passwords = tmp_path / "passwords.txt"
    passwords.write_text("wrong\nHirake-Goma-7\n", "utf-8")
    second = run("reread", "--json", "--password-file", str(passwords))
    assert json.loads(second.stdout)["outcome"] == "indexed"
    assert json.loads(run("search", "counter", "--json").stdout)["total"] == 1
    kept = [p for p in installation.data_dir.rglob("*") if p.is_file()]
    assert not [p for p in kept if b"Hirake-Goma-7" in p.read_bytes()]


def test_a_password_file_that_is_no_text_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "passwords").write_bytes(b"\xff\xfe\x00\xd8")
    result = run("ingest", str(PDF), "--password-file", str(tmp_path / "passwords"))
    assert result.exit_code == 2
    assert "--password-file" in result.output


def test_what_is_up_to_date_is_not_read_again(run: Run) -> None:
    run("ingest", str(PDF))
    assert run("reread", "--json").stdout == ""
    assert json.loads(run("reread", "--all", "--json").stdout)["outcome"] == "indexed"


def test_an_original_read_by_a_former_version_is_read_again(
    run: Run, installation: Installation
) -> None:
    run("ingest", str(PDF))
    with installation.database.writing() as session:
        session.execute(update(m.DocumentRow).values(extractor="kb-pdf 0"))
    assert json.loads(run("reread", "--json").stdout)["outcome"] == "indexed"
    assert run("reread", "--json").stdout == ""


def test_the_worst_pages_are_listed_with_the_reason(run: Run, installation: Installation) -> None:
    run("ingest", str(PDF))
    assert "ありません" in run("check", "--text").output
    bad = {"quality": 0.2, "quality_reason": "外字になっています。"}
    with installation.database.writing() as session:
        session.execute(update(m.PageRow).where(m.PageRow.number == 1).values(**bad))
    assert "外字" in run("check", "--text").output
    told = json.loads(run("check", "--text", "--json").stdout.splitlines()[0])
    assert (told["number"], told["quality"]) == (1, 0.2)
    assert told["reader"]


def test_likeness_is_shown_and_decided(run: Run, installation: Installation) -> None:
    for name in ("a", "b"):
        entry = DocumentEntry(name, f"資料{name}", DocumentKind.REPORT, Rights())
        with writing(installation.database, Authorship("試験")) as writer:
            writer.record_document(entry)
    with writing(installation.database, Authorship("試験")) as writer:
        writer.record_likeness("b", "a", "new_edition", 0.81)
    assert "81%" in run("alike").output
    assert json.loads(run("status", "--json").stdout)["alike_undecided"] == 1
    assert run("alike", "--decide", "a", "b", "new_edition").exit_code == 0
    assert run("alike", "--json").stdout == ""
    assert "版違い" in run("alike", "--all").output
    assert run("alike", "--decide", "a", "zzz", "same").exit_code == 2


def test_status_tells_what_is_held(run: Run) -> None:
    run("ingest", str(PDF))
    told = json.loads(run("status", "--json").stdout)
    assert told["outcomes"] == {"indexed": 1}
    assert told["index"]["up_to_date"] is True
    assert told["municipalities"] == 1959
    assert "索引: 3件、最新" in run("status").stdout


def test_sync_and_rebuild_say_what_they_did(run: Run) -> None:
    run("ingest", str(PDF))
    assert "削除 0件" in run("sync").stderr
    assert "追加・変更" in run("rebuild").stderr


def test_check_ends_with_one_when_an_original_was_changed(
    run: Run, installation: Installation
) -> None:
    run("ingest", str(PDF))
    [sha256] = installation.originals.kept()
    path = installation.originals.path(sha256)
    path.chmod(0o600)
    path.write_bytes(b"tampered")
    result = run("check")
    assert result.exit_code == 1
    assert "登録時と違います" in result.output


def test_a_leftover_is_told_and_removed_by_a_repair(run: Run, installation: Installation) -> None:
    sha256 = installation.originals.store(PDF)
    told = run("check")
    assert told.exit_code == 0
    assert sha256[:12] in told.stdout
    assert run("check", "--repair").exit_code == 0
    assert list(installation.originals.kept()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("search", "改善", "--municipality", "どこにもない市"), "どこにもない市"),
        (("search", "部署:ない部"), "ない部"),
        (("search", "あ" * 501), "500文字"),
    ],
)
def test_a_question_that_cannot_be_put_is_told(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_a_wrong_setting_is_told(run: Run) -> None:
    result = run("status", KB_PORT="http")
    assert result.exit_code == 2
    assert "KB_PORT" in result.output


def test_an_index_being_written_is_told(
    run: Run, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("ingest", str(PDF))
    monkeypatch.setattr("indexer.cli.opening.Installation", partial(Installation, lock_seconds=0.0))
    with installation.engine._writer_lock.held():  # type: ignore[attr-defined]
        result = run("rebuild")
    assert result.exit_code == LOCKED
    assert "Traceback" not in result.output


def test_a_broken_collection_names_file_line_and_column(run: Run, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("id,title,state\nev-1,催し,いつか\n", "utf-8")
    result = run("ingest", str(tmp_path))
    assert result.exit_code == 2
    assert "events.csv 2行目「state」" in result.output


def test_a_collection_is_recorded_and_only_changes_are_recorded_again(
    run: Run, tmp_path: Path, installation: Installation
) -> None:
    events = tmp_path / "events.csv"
    events.write_text("id,title,state\nev-1,最初の題,reported\n", "utf-8")
    run("ingest", str(tmp_path))
    before = installation.catalogue.sequence()
    run("ingest", str(tmp_path))
    assert installation.catalogue.sequence() == before
    events.write_text("id,title,state\nev-1,改めた題,reported\n", "utf-8")
    run("ingest", str(tmp_path))
    assert installation.catalogue.sequence() == before + 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing",), "使い方が違います"),
        (("search", "--colour", "red"), "--colour というオプションはありません"),
        (("ingest",), "PATHS を指定してください"),
        (("search", "--limit", "many"), "--limit の値が使えません"),
        (("ingest", "どこにもない.pdf"), "ファイルやフォルダーがありません: どこにもない.pdf"),
    ],
)
def test_a_wrong_use_is_told_in_japanese(run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_help_has_japanese_headings(run: Run) -> None:
    for arguments in (("--help",), ("ingest", "--help")):
        text = run(*arguments).output
        assert "使い方: " in text
        assert "オプション" in text
        assert not {"Usage:", "Options:", "Commands:", "Show this"} & set(text.split("\n"))
        assert "Show this" not in text
