"""`kb rights` and `kb withdraw`: what they change, what they refuse, and how the index follows."""

import json
import shutil
from datetime import date, timedelta
from functools import partial

import pytest
from click.testing import CliRunner, Result

from indexer.cli import main as kb
from indexer.installation import Installation
from indexer.worker import Worker
from kb.catalogue.entries import Authorship, CaseEntry, DocumentEntry
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind
from kb.domain.clock import today
from kb.domain.rights import Permission, Rights, Terms
from kb.pdfium.page_images import FOLDER
from tests.conftest import ROOT

UNTIL = today() + timedelta(days=90)
PDF = ROOT / "corpus" / "originals" / "2017-07-30-record.pdf"


class Office:
    """An installation with an internal document, and the commands to go with it."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        ingested = self.run("ingest", str(PDF), "--rights", "internal", "--json")
        told = json.loads(ingested.stdout)
        self.document, self.sha256 = told["document"], told["sha256"]

    def run(self, *arguments: str, **environment: str) -> Result:
        given = {"KB_DATA_DIR": str(self.installation.data_dir), **environment}
        return CliRunner(env=given).invoke(kb, list(arguments))

    def found(self, **environment: str) -> int:
        """How many results everybody gets who asks for it."""
        total = json.loads(self.run("search", "セミナー", "--json", **environment).stdout)["total"]
        assert isinstance(total, int)
        return total

    def rights(self) -> dict[str, object]:
        """What the command tells programs."""
        told = json.loads(self.run("rights", self.document, "--json").stdout)
        assert isinstance(told, dict)
        return told


@pytest.fixture
def office(installation: Installation) -> Office:
    return Office(installation)


def test_a_permission_opens_a_document_and_its_end_closes_it(office: Office) -> None:
    assert office.found() == 0
    given = office.run(
        "rights", office.document, "--allow", "open", "--by", "福津市総務課",
        "--on", "R8.4.1", "--until", str(UNTIL), "--note", "メールで",
    )  # fmt: skip
    assert given.exit_code == 0, given.output
    assert f"許諾: 福津市総務課 (2026-04-01、{UNTIL}まで)" in given.output
    assert "メールで" in given.output
    assert office.found() == 1
    listed = office.run("search", "セミナー")
    assert f"許諾: 福津市総務課 (2026-04-01、{UNTIL}まで)" in listed.stdout
    [permission] = office.rights()["permissions"]  # type: ignore[misc] # JSON
    ended = office.run("rights", office.document, "--end", str(permission["id"]))
    assert "に終了" in ended.output
    assert office.found() == 0
    again = office.run("rights", office.document, "--end", str(permission["id"]))
    assert "何も変えていません" in again.output


def test_rights_are_shown_for_every_audience_and_with_their_history(office: Office) -> None:
    shown = office.run("rights", office.document)
    assert shown.exit_code == 0
    for audience in ("匿名", "庁内", "会員", "編集担当"):
        assert audience in shown.stdout
    corrected = office.run(
        "rights", office.document, "--terms", "no_copy", "--statement", "複写はご遠慮ください",
        "--why", "原本で確かめた",
    )  # fmt: skip
    assert "資料の原文: 「複写はご遠慮ください」" in corrected.stdout
    assert "利用条件の訂正 原本で確かめた" in corrected.stdout
    told = office.rights()
    assert (told["terms"], told["stated"]) == ("no_copy", "no_copy")
    assert told["may"]["anonymous"]["snippet_characters"] == 120  # type: ignore[index] # JSON
    assert told["may"]["anonymous"]["page_text"] is False  # type: ignore[index] # JSON
    cleared = office.run("rights", office.document, "--statement", "", "--why", "誤記")
    assert "資料の原文: 記録なし" in cleared.stdout


def test_a_takedown_is_one_step(office: Office) -> None:
    office.run("rights", office.document, "--terms", "open", "--why", "試験")
    assert office.found() == 1
    images = office.installation.data_dir / FOLDER / office.sha256[:2]
    images.mkdir(parents=True)
    (images / f"{office.sha256}-1-240.webp").write_bytes(b"image")
    (images / f"{'0' * 64}-1-240.webp").write_bytes(b"another")
    down = office.run("withdraw", office.document, "--why", "作成者からの申し出")
    assert (down.exit_code, down.stdout.strip()) == (0, office.document)
    assert office.found() == office.found(KB_AUDIENCE="staff") == 0
    assert [path.name for path in images.iterdir()] == [f"{'0' * 64}-1-240.webp"]
    assert "取り下げ 作成者からの申し出" in office.run("rights", office.document).stdout
    # Taking the same file in again brings nothing back.
    again = json.loads(office.run("ingest", str(PDF), "--rights", "open", "--json").stdout)
    assert again["outcome"] == "duplicate"
    assert office.found() == 0
    assert office.run("reread", "--all", "--json").stdout == ""
    refused = office.run("rights", office.document, "--terms", "open", "--why", "試験")
    assert (refused.exit_code, "kb withdraw --undo" in refused.output) == (2, True)
    back = office.run("withdraw", "--undo", office.document)
    assert back.exit_code == 0
    assert office.found() == 1
    assert "取り消し" in office.run("rights", office.document).stdout


def test_a_case_is_taken_down_with_its_documents(office: Office) -> None:
    with writing(office.installation.database, Authorship("test")) as writer:
        writer.record_case(CaseEntry("case-1", "窓口の改善", ("402249",)))
        rights = Rights(Terms.OPEN)
        writer.record_document(
            DocumentEntry("doc-1", "窓口の記録", DocumentKind.REPORT, rights, case_id="case-1")
        )
    office.run("sync")
    assert json.loads(office.run("search", "窓口", "--json").stdout)["total"] == 1
    down = office.run("withdraw", "--case", "case-1", "--why", "申し出")
    assert down.stdout.split() == ["doc-1"]
    assert json.loads(office.run("search", "窓口", "--json").stdout)["total"] == 0
    assert office.run("withdraw", "--undo", "--case", "case-1").stdout.split() == ["doc-1"]
    assert json.loads(office.run("search", "窓口", "--json").stdout)["total"] == 1


WRONG = (
    (("rights", "none"), "登録されていません"),
    (("rights", "DOC", "--allow", "open"), "--by"),
    (("rights", "DOC", "--by", "福津市"), "--allow といっしょに"),
    (("rights", "DOC", "--allow", "open", "--by", " "), "だれが許諾したか"),
    (("rights", "DOC", "--allow", "withdrawn", "--by", "福津市"), "--allow の値が使えません"),
    (
        ("rights", "DOC", "--allow", "open", "--by", "福津市", "--until", "2001-01-01"),
        "前です",
    ),
    (("rights", "DOC", "--allow", "open", "--by", "福津市", "--until", "いつか"), "読めません"),
    (("rights", "DOC", "--end", "99"), "番号"),
    (("rights", "DOC", "--end", "1", "--terms", "open", "--why", "x"), "別々に"),
    (("rights", "DOC", "--terms", "open"), "--why"),
    (("withdraw", "DOC"), "--why"),
    (("withdraw", "--why", "x"), "何を取り下げるか"),
    (("withdraw", "DOC", "none", "--why", "x"), "none は登録されていません"),
    (("withdraw", "--case", "none", "--why", "x"), "登録されていません"),
    (("withdraw", "--event", "none", "--why", "x"), "登録されていません"),
    (("withdraw", "--undo", "none"), "登録されていません"),
)
"""Arguments, and what must be said; DOC is the document there is."""


def test_a_wrong_use_is_refused_and_changes_nothing(office: Office) -> None:
    before = office.installation.catalogue.sequence()
    for arguments, said in WRONG:
        result = office.run(*(office.document if a == "DOC" else a for a in arguments))
        assert result.exit_code == 2, (arguments, result.output)
        assert said in result.output, arguments
    assert office.installation.catalogue.sequence() == before


def test_a_takedown_while_another_process_writes_the_index_is_still_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.run("rights", office.document, "--terms", "open", "--why", "試験")
    monkeypatch.setattr("indexer.cli.opening.Installation", partial(Installation, lock_seconds=0.0))
    with office.installation.engine._writer_lock.held():  # type: ignore[attr-defined] # as another process would
        down = office.run("withdraw", office.document, "--why", "申し出")
        assert down.exit_code == 0, down.output
        assert "kb sync" in down.output
        assert office.found() == 0
    office.run("sync")
    assert office.found() == 0


def test_the_worker_brings_in_what_runs_out(office: Office) -> None:
    installation, days = office.installation, [today()]
    installation.database.today = lambda: days[0]
    until = days[0] + timedelta(days=1)
    with writing(installation.database, Authorship("test")) as writer:
        writer.rights.permit(
            office.document, Permission(Terms.OPEN, "福津市", date(2026, 4, 1), until)
        )
    worker = Worker(installation, lambda: False)
    worker._look()
    held = installation.engine.holdings()
    days[0] = until + timedelta(days=1)
    worker._look()
    assert not installation.reindexer.behind()
    assert installation.engine.holdings() != held
    stale, extra = installation.reindexer.differences()
    assert (stale, extra) == ((), ())


def test_an_index_of_an_old_copy_tells_nothing_of_what_was_closed_since(office: Office) -> None:
    """The index may be older than the catalogue: a copy put back, or a sync that never came."""
    office.run("rights", office.document, "--terms", "open", "--why", "試験")
    folder = office.installation.data_dir / "index"
    shutil.copytree(folder, folder.with_name("old"))
    office.run("withdraw", office.document, "--why", "申し出")
    shutil.rmtree(folder)
    folder.with_name("old").rename(folder)
    told = json.loads(office.run("search", "セミナー", "--json").stdout)
    assert (told["total"], told["results"]) == (0, [])
    assert [chip["kind"] for chip in told["understood"]] == ["missing"]
