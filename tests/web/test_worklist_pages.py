"""The worklist's pages on a made installation, as a browser without JavaScript uses them."""

import json
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.cli import main as kb
from indexer.installation import Installation
from kb.catalogue.entries import SourceEntry
from kb.catalogue.worklist.views import PAGE_SIZE, Kind
from kb.catalogue.writing import writing
from kb.domain.clock import today
from kb.domain.rights import Rights, Terms
from kb.domain.roles import Role
from kb.web.curation import worklist_texts
from tests.catalogue.drafts import AUTHOR, case, draft
from tests.web.fake_accounts import NAMES
from tests.web.html import Page
from tests.web.real_site import app, curator, opened_site
from tests.web.second_person_site import FILE, INTAKE, let_wait
from tests.web.signing_in import post, signed_in

__all__ = ["app", "curator"]

PAIR = "/curation/worklist/alike/doc-1/doc-2"
OLD = today() - timedelta(400)


@pytest.fixture
def held(installation: Installation) -> Installation:
    """One thing of every kind that can be made without waiting for it."""
    for name in ("doc-1", "doc-2"):
        draft(installation, name, rights=Rights(Terms.OPEN), published=True, draft=False,
              sources=(SourceEntry(f"https://{name}.example/", "掲載", OLD),))  # fmt: skip
    draft(installation, "doc-3", rights=Rights(Terms.UNKNOWN, "複写はご遠慮ください"))
    case(installation, "case-1", "年度のない事例")
    with writing(installation.database, AUTHOR) as writer:
        writer.record_likeness("doc-2", "doc-1", "same_text", 0.97)
    installation.up_to_date()
    return installation


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def hidden(page: str) -> dict[str, str]:
    """The versions that the form of a pair carries."""
    parsed = Page(page)
    assert not parsed.unbalanced
    return dict(re.findall(r'name="(version-[^"]+)" value="([^"]+)"', page))


# --- lists ----------------------------------------------------------------------------------


def test_only_curators_and_nobody_keeps_it(app: Flask, curator: FlaskClient) -> None:
    for address in ("/curation/worklist", *(f"/curation/worklist/{kind}" for kind in Kind), PAIR):
        assert app.test_client().get(address).status_code == 302
        answer = curator.get(address)
        assert answer.status_code == 200, address
        assert "no-store" in answer.headers["Cache-Control"]
        assert not Page(text_of(answer)).unbalanced, address
    assert signed_in(app, Role.STAFF).get(PAIR).status_code == 403


def test_every_list_is_told_with_where_it_is_settled(curator: FlaskClient) -> None:
    page = text_of(curator.get("/curation/worklist"))
    for told in (
        *("実践年度がない", "97%が同じ", "資料の原文「複写はご遠慮ください」", "全部で5件"),
        *('href="/curation/cases/case-1"', "/curation/review/doc-3/rights"),
        *('href="/curation/worklist/alike/doc-2/doc-1"', "https://doc-1.example/"),
    ):
        assert told in page
    assert page.count("<p>ありません。</p>") == 5
    assert set(worklist_texts.INTRODUCTIONS) == set(Kind)
    assert curator.get("/curation/worklist/nonsense").status_code == 404
    assert "5件" in text_of(curator.get("/curation"))


def test_a_long_list_goes_on_on_pages_of_its_own(held: Installation, curator: FlaskClient) -> None:
    for number in range(PAGE_SIZE):
        case(held, f"case-more-{number}", "年度のない事例")
    assert "年度か自治体のない事例の続き(1件)" in text_of(curator.get("/curation/worklist"))
    last = text_of(curator.get("/curation/worklist/cases?page=7"))
    assert "2ページ中の2ページ目" in last
    assert "前のページ" in last
    assert "次のページ" not in last
    assert curator.get("/curation/worklist/cases?page=x").status_code == 400


def test_the_command_tells_the_same(held: Installation) -> None:
    environment = {"KB_DATA_DIR": str(held.data_dir)}
    told = CliRunner(env=environment).invoke(kb, ["worklist", "--json"])
    assert told.exit_code == 0, told.output
    lists = {each["kind"]: each for each in map(json.loads, told.stdout.splitlines())}
    assert list(lists) == [kind.value for kind in Kind][1:]
    assert lists["sources"]["total"] == 2
    assert lists["alike"]["entries"][0]["other_id"] == "doc-1"
    plain = CliRunner(env=environment).invoke(kb, ["worklist", "--kind", "cases"])
    assert plain.stdout == "年度か自治体のない事例: 1\n  case-1 年度のない事例 [実践年度がない]\n"


# --- what another person is to look at ------------------------------------------------------


def test_where_two_publish_both_are_told_what_waits_for_the_other(
    installation: Installation,
) -> None:
    address, sender = "/curation/worklist", f"編集担当 {NAMES[Role.CURATOR]}"
    with opened_site(installation, KB_TWO_PERSON="on") as two:
        mine, other = (signed_in(two, role) for role in (Role.CURATOR, Role.ADMINISTRATOR))
        assert "別の人の確認を待つ変更" not in text_of(mine.get("/curation"))
        file = let_wait(two, installation, sender)
        for client, told in ((mine, "別の人が確かめます"), (other, "あなたが確かめられます")):
            page = text_of(client.get(address))
            assert not Page(page).unbalanced
            assert page.count(told) == 2
            assert f'<a href="{file}">{FILE}</a>' in page
            assert f'<a href="{INTAKE}">http://example.jp/seminar/</a>' in page
            assert page.count(f">{sender}</span>") == 2
            front = text_of(client.get("/curation"))
            told = '<a href="/curation/worklist/second_person">別の人の確認を待つ変更</a>'
            assert told in front
            assert '<span class="n">2件</span>' in front[front.index(told) :]
        assert post(other, f"{file}/apply", turn="1").status_code == 303
        assert FILE not in text_of(mine.get(f"{address}/second_person"))
    environment = {"KB_DATA_DIR": str(installation.data_dir), "KB_TWO_PERSON": "on"}
    told = CliRunner(env=environment).invoke(kb, ["worklist", "--kind", "second_person", "--json"])
    [entry] = json.loads(told.stdout)["entries"]
    assert (entry["id"], entry["sent_by"]) == ("intake-1", sender)
    with opened_site(installation) as alone:
        client = signed_in(alone, Role.CURATOR)
        for page in ("/curation", address):
            assert "確認を待つ変更" not in text_of(client.get(page))
        assert "ありません" in text_of(client.get(f"{address}/second_person"))


# --- addresses ------------------------------------------------------------------------------


def test_an_address_is_marked_once(curator: FlaskClient, app: Flask) -> None:
    address = "/curation/worklist/sources/1"
    sent = {"before": OLD.isoformat(), "page": 1}
    assert curator.post(address, data={"do": "found", **sent}).status_code == 400
    done = post(curator, address, do="found", **sent)
    assert (done.status_code, done.location) == (303, "/curation/worklist/sources")
    page = text_of(curator.get(done.location))
    assert "見つかったと記録しました: https://doc-1.example/" in page
    assert page.count("https://doc-1.example/") == 1
    again = post(curator, address, do="gone", **sent)
    assert again.status_code == 409
    assert "ほかの人が先に確かめました" in text_of(again)
    assert post(curator, address, do="burn", **sent).status_code == 400
    assert post(curator, address, do="gone", before="きのう").status_code == 400
    gone = post(curator, "/curation/worklist/sources/2", do="gone", **sent)
    assert gone.status_code == 303
    shown = text_of(curator.get("/documents/doc-2"))
    assert "まで掲載" in shown


# --- pairs ----------------------------------------------------------------------------------


def test_two_documents_stand_side_by_side(curator: FlaskClient) -> None:
    page = text_of(curator.get(PAIR))
    for told in (
        *("本文の97%が同じです", "本文が同じ別のファイル", "先に取り込んだ資料", "福岡県福津市"),
        *("2021年度(令和3年度)", "doc-1.pdf", "福津市の改善", "総務課"),
    ):
        assert told in page
    assert curator.get("/curation/worklist/alike/doc-1/doc-3").status_code == 404
    swapped = curator.get("/curation/worklist/alike/doc-2/doc-1")
    assert hidden(text_of(swapped)) == hidden(page)


def test_one_is_kept_and_the_other_answers_as_taken_down(app: Flask, curator: FlaskClient) -> None:
    versions = hidden(text_of(curator.get(PAIR)))
    assert len(versions) == 2
    nothing = post(curator, PAIR, do="decide", **versions)
    assert (nothing.status_code, "3つのうちから" in text_of(nothing)) == (422, True)
    half = post(curator, PAIR, do="decide", decision="same", keep="doc-9", why="理由", **versions)
    assert (half.status_code, "残す資料を選んで" in text_of(half)) == (422, True)
    assert 'value="理由"' in text_of(half)
    sent = {"do": "decide", "decision": "same", "keep": "doc-1", **versions}
    assert post(curator, PAIR, **sent).status_code == 303
    reader = app.test_client()
    assert reader.get("/documents/doc-1").status_code == 200
    assert "https://doc-2.example/" in text_of(reader.get("/documents/doc-1"))
    assert reader.get("/documents/doc-2").status_code == 404
    after = text_of(curator.get(PAIR))
    assert "「同じ資料」と決まっています" in after
    assert "編集担当にも表示しません" in after
    late = post(curator, PAIR, **sent)
    assert late.status_code == 409
    assert "画面を開いたあとで" in text_of(late)
    assert "似た資料の判断「同じ資料」" in text_of(late)
    assert post(curator, PAIR, do="undo").status_code == 303
    assert reader.get("/documents/doc-2").status_code == 200
    assert "「同じ資料」と決まっています" not in text_of(curator.get(PAIR))
    assert post(curator, PAIR, do="burn").status_code == 400
