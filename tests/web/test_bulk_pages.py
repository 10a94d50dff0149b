"""Changing cases by a file, as a browser without JavaScript does it, over a real queue."""

import io
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.exchange import bulk_jobs
from indexer.exchange.bulk_jobs import BulkWork
from indexer.installation import Installation
from kb.catalogue.bulk.service import BulkDesk
from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.jobs.queue import JobQueue
from kb.catalogue.writing import writing
from kb.domain.rights import Audience
from kb.domain.roles import Role
from kb.web.app import create_app
from kb.web.curation import bulk
from kb.web.curation.bulk_difference import Difference, difference
from kb.web.services import Services
from tests.indexer.exchange.grids import SHIPPED, csv_of, entries
from tests.web.fake_accounts import FakeAccounts
from tests.web.fakes import FakeCatalogue, FakeOriginals, FakePageImages, FakeSearch
from tests.web.html import Page
from tests.web.signing_in import post, signed_in, token

HELD = CaseEntry(
    "case-1", "窓口の<改善>", ("402249",), implemented_in=2021, subtitle="はじめの副題"
)
ROW = {
    "ID": "case-1",
    "団体コード": "402249",
    "タイトル": "窓口の<改善>",
    "サブタイトル": "改めた副題",
}
BAD = {"ID": "", "団体コード": "402249", "タイトル": "年の誤り", "事例実施年": "去年"}
NEW = {"ID": "", "団体コード": "402249", "タイトル": "朝礼の改善", "成果": "早くなった。" * 60}


@pytest.fixture
def desk(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> BulkDesk:
    monkeypatch.setattr(bulk_jobs, "places_of", lambda _: SHIPPED)
    with writing(installation.database, Authorship("ほかの人")) as writer:
        writer.record_case(HELD)
    return BulkDesk(installation.database)


@pytest.fixture
def app(desk: BulkDesk) -> Flask:
    services = Services(
        FakeSearch(), FakeCatalogue(), FakeOriginals(), FakePageImages(),
        accounts=FakeAccounts(), bulk=desk,
    )  # fmt: skip
    return create_app(services, public_url=None, secret_key="test", audience=Audience.ANONYMOUS)


@pytest.fixture
def curator(app: Flask) -> FlaskClient:
    return signed_in(app, Role.CURATOR)


def send(client: FlaskClient, content: bytes, name: str = "事例.csv") -> TestResponse:
    return post(client, bulk.blueprint.url_prefix or "", file=(io.BytesIO(content), name))


def sent(client: FlaskClient, *rows: dict[str, str]) -> str:
    """The address of a file that has been sent and not yet looked at."""
    answer = send(client, csv_of(*rows).encode())
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["Location"]


def work(desk: BulkDesk) -> None:
    job = JobQueue(desk._database).take("worker")
    assert job is not None
    BulkWork(desk._database).do(job)


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def page_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    page = Page(text_of(answer))
    assert page.unbalanced == []
    return text_of(answer)


def test_a_file_is_shown_row_by_row_and_then_written(curator: FlaskClient, desk: BulkDesk) -> None:
    address = sent(curator, ROW, BAD, NEW)
    waiting = page_of(curator, address)
    assert "各行がどうなるかを確かめています" in waiting
    assert "data-open" in waiting
    assert '<meta http-equiv="refresh"' in waiting
    told = curator.get(f"{address}.json").json
    assert told is not None
    assert (told["done"], told["summary"]) == (False, "確かめています")
    work(desk)
    news = curator.get(f"{address}.json?version={told['version']}").json
    assert news is not None
    assert news["done"]
    assert "2件を書き込む" in news["html"]
    assert "html" not in (curator.get(f"{address}.json?version={news['version']}").json or {})

    errors = page_of(curator, address)
    assert "「事例実施年」</strong><q>去年</q> 年度として読めません。" in errors
    assert "3行目" in errors
    assert "2行目" not in errors
    changes = page_of(curator, f"{address}?show=changes")
    assert "窓口の&lt;改善&gt;" in changes
    assert "はじめの副題" in changes
    assert '<b><span class="kept-lines">改めた副題</span>' in changes
    assert "(全360文字)" in changes
    assert "data-open" not in changes

    assert "登録できない行が1行あるため" in refused(curator, f"{address}/apply", turn="1")
    assert "状態が変わりました" in refused(curator, f"{address}/apply", turn="7", skip="1")
    assert entries(desk._database) == {"case-1": HELD}
    assert post(curator, f"{address}/apply", turn="1", skip="1").status_code == 303
    assert "目録に書き込んでいます" in page_of(curator, address)
    work(desk)
    done = page_of(curator, address)
    assert "2件の事例を書き込みました" in done
    assert "不可の1行は書き込んでいません" in done
    assert len(entries(desk._database)) == 2
    assert "書き込み済み" in page_of(curator, "/curation/bulk")


def refused(client: FlaskClient, address: str, **fields: object) -> str:
    """The page that answers a form which cannot be done."""
    answer = post(client, address, **fields)
    assert answer.status_code == 409
    return text_of(answer)


def test_where_two_publish_another_than_the_sender_writes(
    app: Flask, curator: FlaskClient, desk: BulkDesk
) -> None:
    address = sent(curator, NEW)
    work(desk)
    desk._database.two_person = True
    assert "ほかの編集担当に、この画面を見て" in page_of(curator, address)
    assert "別の人が書き込みます" in page_of(curator, "/curation/bulk")
    assert "送った人とは別の人" in refused(curator, f"{address}/apply", turn="1")
    other = signed_in(app, Role.ADMINISTRATOR)
    assert "あなたが書き込めます" in page_of(other, "/curation/bulk")
    assert "1件を書き込む" in page_of(other, address)
    assert post(other, f"{address}/apply", turn="1").status_code == 303
    work(desk)
    assert len(entries(desk._database)) == 2


def test_a_file_is_dropped_and_looked_at_again(
    app: Flask, curator: FlaskClient, desk: BulkDesk
) -> None:
    address = sent(curator, NEW)
    work(desk)
    desk._database.two_person = True
    assert desk.waiting() == 1
    other = signed_in(app, Role.ADMINISTRATOR)
    assert "状態が変わりました" in refused(other, f"{address}/drop", turn="7")
    assert post(other, f"{address}/drop", turn="1").status_code == 303
    page = page_of(curator, address)
    assert "編集担当 管野 五月が、書き込まずに取りやめました" in page
    assert "書き込むよう" not in page
    assert desk.waiting() == 0
    assert "取りやめ</span>" in page_of(curator, "/curation/bulk")
    assert "状態が変わりました" in refused(other, f"{address}/apply", turn="1")
    assert post(curator, f"{address}/check").status_code == 303
    work(desk)
    assert desk.waiting() == 1
    assert "1件を書き込む" in page_of(other, address)


def test_what_somebody_else_changed_is_shown_again(curator: FlaskClient, desk: BulkDesk) -> None:
    address = sent(curator, ROW)
    work(desk)
    with writing(desk._database, Authorship("ほかの人")) as writer:
        writer.record_case(replace(HELD, subtitle="ほかの人の副題"))
    post(curator, f"{address}/apply", turn="1")
    work(desk)
    page = page_of(curator, address)
    assert "ほかの人が目録を変えました" in page
    assert "ほかの人の副題" in page
    assert "内容が変わりました" in page
    assert post(curator, f"{address}/check").status_code == 303
    work(desk)
    assert "内容が変わりました" not in page_of(curator, address)


@pytest.mark.parametrize(
    ("content", "label", "told"),
    [
        ("ID,タイトル,団体コード\n", "書き込む変更なし", "見出しの下に行がありません。"),
        ("ID,タイトル,団体コード\ncase-1,題,9\n", "直すところあり", "不可の行を直して"),
    ],
)
def test_nobody_is_waited_for_where_nothing_is_to_be_written(
    curator: FlaskClient, desk: BulkDesk, content: str, label: str, told: str
) -> None:
    address = send(curator, content.encode()).headers["Location"]
    work(desk)
    assert told in page_of(curator, address)
    for page in (page_of(curator, "/curation/bulk"), page_of(curator, address)):
        assert label in page
        assert "確認待ち" not in page


def test_a_file_that_is_no_table_and_work_that_stopped(
    curator: FlaskClient, desk: BulkDesk
) -> None:
    address = send(curator, b"PK\x03\x04 workbook").headers["Location"]
    work(desk)
    assert "Excelのブックです。" in page_of(curator, address)
    assert post(curator, f"{address}/check").status_code == 303
    queue = JobQueue(desk._database)
    job = queue.take("worker")
    assert job is not None
    queue.end(job, bulk_jobs.GONE)
    assert "処理が途中で止まりました" in page_of(curator, address)
    assert (curator.get(f"{address}.json").json or {})["done"]


def test_what_cannot_be_sent_is_said_at_once(
    curator: FlaskClient, desk: BulkDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = post(curator, "/curation/bulk")
    assert (nothing.status_code, "ファイルが選ばれていません" in text_of(nothing)) == (400, True)
    empty = send(curator, b"")
    assert (empty.status_code, "空のファイルです" in text_of(empty)) == (422, True)
    monkeypatch.setattr(bulk, "MOST_BYTES", 1000)
    large = send(curator, b"a" * 1001)
    assert (large.status_code, "上限は10MB" in text_of(large)) == (413, True)
    monkeypatch.setattr(bulk, "FORM_BYTES", 1000)
    huge = send(curator, b"a" * 5000)
    assert (huge.status_code, "大きすぎます" in text_of(huge)) == (413, True)
    assert desk.files() == ()


def test_cases_go_out_as_a_file(curator: FlaskClient) -> None:
    everything = curator.get("/curation/bulk/cases.csv")
    assert everything.headers["Content-Disposition"].startswith('attachment; filename="cases-2')
    assert everything.content_type == "text/csv; charset=utf-8"
    assert "窓口の<改善>" in everything.get_data().decode("utf-8-sig")
    address = "/curation/bulk/cases.csv?municipality=402249&implemented_in=2021&encoding=cp932"
    assert "窓口の<改善>" in curator.get(address).get_data().decode("cp932")
    for unknown in ("municipality=999999", "implemented_in=1871", "encoding=utf-7"):
        answer = curator.get(f"/curation/bulk/cases.csv?{unknown}")
        assert (answer.status_code, "選び直してください" in text_of(answer)) == (400, True)
    assert curator.get("/curation/bulk/bk-none").status_code == 404
    assert post(curator, "/curation/bulk/bk-none/apply", turn="1").status_code == 404


@pytest.mark.parametrize("role", [None, Role.MEMBER])
def test_nobody_but_curators_changes_anything(
    app: Flask, desk: BulkDesk, role: Role | None
) -> None:
    client = signed_in(app, role) if role else app.test_client()
    file = (io.BytesIO(csv_of(ROW).encode()), "事例.csv")
    fields = {"csrf_token": token(client), "file": file}
    assert client.post("/curation/bulk", data=fields).status_code in (401, 403)
    assert client.get("/curation/bulk/cases.csv").status_code in (302, 403)
    assert desk.files() == ()


def test_long_texts_are_cut_down_to_where_they_differ() -> None:
    long = "係の全員で手順を書き出した。" * 20
    cut = difference(long, long.replace("手順", "手続き", 1))
    assert (cut.head, cut.was, cut.becomes) == ("係の全員で手", "順", "続き")
    assert cut.tail == f"{long[7:31]}…"
    assert not cut.folded
    assert difference("", "新") == Difference("", "", "新", "")
    assert difference("短い", "短め") == Difference("", "短い", "短め", "")
    assert difference(long, "x" * 300).folded
