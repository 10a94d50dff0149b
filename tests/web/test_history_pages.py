"""The pages of history and the log on a made installation, as a browser without JavaScript."""

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.installation import Installation
from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.history.views import EventView
from kb.catalogue.writing import writing
from kb.domain.classification import Theme
from kb.domain.roles import Role
from kb.web.curation import change_words, history
from tests.catalogue.drafts import SURE, draft, event
from tests.web.html import Page
from tests.web.real_site import app, curator
from tests.web.signing_in import post, signed_in

__all__ = ["app", "curator"]

CASE = "/curation/history/case/case-1"
FORMULA = '=HYPERLINK("http://example.org")'
TARO = Authorship("編集担当 鈴木太郎", "題の誤り")


@pytest.fixture
def held(installation: Installation) -> Installation:
    """A case that was changed in every way its form knows."""
    event(installation)
    with writing(installation.database, Authorship("試し")) as writer:
        writer.record_case(CaseEntry("case-1", "窓口の改善", ("402249",), implemented_in=2020))
    changed = CaseEntry(
        "case-1", FORMULA, ("402249", "131148"), implemented_in=2021, event_id="ev-1",
        themes=(Theme.COUNTER,), narrative={"summary": "短い"}, published_on=date(2022, 4, 1),
    )  # fmt: skip
    with writing(installation.database, TARO) as writer:
        writer.record_case(changed)
    return installation


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert "no-store" in answer.headers["Cache-Control"]
    text = answer.get_data(as_text=True)
    assert not Page(text).unbalanced
    return text


def number_in(text: str) -> str:
    """The newest change that can be put back."""
    return text.partition('name="number" value="')[2].partition('"')[0]


def test_it_tells_who_changed_what_in_words(curator: FlaskClient) -> None:
    page = " ".join(Page(text_of(curator, CASE)).text)
    for told in (
        "編集担当 鈴木太郎", "題の誤り", "2020年度(令和2年度)", "2021年度(令和3年度)",
        "福岡県福津市、東京都中野区", "改善発表会", "窓口・市民サービス", "取り組みの概要",
        "2022年4月1日", "窓口の改善",
    ):  # fmt: skip
        assert told in page, told
    for never in ("402249", "ev-1", "counter", "implemented_in", "None"):
        assert never not in page, never


def test_a_change_is_undone_once_and_the_page_says_so(app: Flask, curator: FlaskClient) -> None:
    number = number_in(text_of(curator, CASE))
    answer = post(curator, CASE, number=number)
    assert (answer.status_code, answer.headers["Location"]) == (303, CASE)
    page = text_of(curator, CASE)
    assert f"来歴{number}の変更を元に戻しました" in page
    assert f"理由: 来歴{number}の変更を元に戻す" in page
    assert "編集担当 山田 花子" in page
    again = post(curator, CASE, number=number)
    assert again.status_code == 409
    told = again.get_data(as_text=True)
    assert "何も変えていません" in told
    assert "あとからの変更" in told
    assert "窓口の改善" in text_of(curator, "/curation/cases/case-1")


def test_only_curators_and_only_with_a_token(app: Flask, curator: FlaskClient) -> None:
    for address in (CASE, "/curation/log", "/curation/log.csv"):
        assert app.test_client().get(address).status_code == 302
        assert signed_in(app, Role.MEMBER).get(address).status_code == 403
    assert curator.post(CASE, data={"number": "1"}).status_code == 400
    assert post(curator, CASE, number="x").status_code == 400
    assert post(curator, CASE, number="9" * 9).status_code == 404
    assert curator.get("/curation/history/case/none").status_code == 404
    assert curator.get("/curation/history/account/curator").status_code == 404


def test_what_leads_to_the_pages(
    installation: Installation, app: Flask, curator: FlaskClient
) -> None:
    draft(installation, "doc-1", SURE)
    assert "/curation/history/document/doc-1" in text_of(curator, "/curation/review/doc-1")
    assert CASE in text_of(curator, "/curation/cases/case-1")
    assert 'href="/curation/log"' in curator.get("/curation").get_data(as_text=True)
    log = text_of(curator, "/curation/log")
    number = number_in(text_of(curator, CASE))
    assert f'href="{CASE}?at={number}#e-{number}"' in log
    assert f'id="e-{number}"' in text_of(curator, f"{CASE}?at={number}")
    assert "/curation/history/document/doc-1" in text_of(curator, "/curation/log?kind=document")
    assert "/curation/history/document" not in text_of(curator, "/curation/log?kind=case")


def test_the_log_says_what_it_cannot_take(curator: FlaskClient) -> None:
    assert "この条件にあう記録はありません" in text_of(curator, "/curation/log?until=2001-01-01")
    for wrong in ("since=昨日だった", "since=2026-04-02&until=2026-04-01", "page=x"):
        assert curator.get(f"/curation/log?{wrong}").status_code == 400
    assert "サインイン" not in Page(text_of(curator, "/curation/log")).text


def test_the_file_holds_the_same_and_no_formula(app: Flask, curator: FlaskClient) -> None:
    answer = curator.get("/curation/log.csv?kind=case")
    assert answer.mimetype == "text/csv"
    assert "kb-log.csv" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    heads, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert heads[:4] == ["日時", "だれが", "操作", "対象の種類"]
    assert [row[2] for row in rows] == ["変更", "登録"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", rows[0][0])
    assert rows[0][4] == f"'{FORMULA}"
    assert "実践年度「2020年度(令和2年度)」→「2021年度(令和3年度)」" in rows[0][6]
    assert rows[0][7] == "題の誤り"
    everything = signed_in(app, Role.ADMINISTRATOR).get("/curation/log.csv?kind=sign_in")
    assert len(everything.data.decode().splitlines()) == 1


def test_every_value_of_a_change_is_told_in_words() -> None:
    """Also those that this version does not know: no page fails on what was recorded."""
    change = {
        "kind": ["slides", "city"], "state": [None, "reported"], "rights_terms": ["open", "x"],
        "excerpts": [[], ["case-1:3-5"]], "event_parts": [["ev-1:reports"], None],
        "narrative": [{"summary": "ア", "reason": "同じ"}, {"summary": "イ", "reason": "同じ"}],
        "expected": [{"first": ["a"]}, {"first": ["b"]}], "on": [None, "春ごろ"],
        "cohorts": [[2020], [2020, 2021]], "published": [True, False], "role": [None, "curator"],
        "sha256": "0" * 64, "unheard-of": [1, 2.5], "implemented_in": [None, "?"],
    }  # fmt: skip
    names = {("case", "case-1"): "事例の題", ("event", "ev-1"): "発表会"}
    told = change_words.plain(change, names)
    for each in (
        "種類「発表スライド」→「市」", "状態「報告済」", "「事例の題(3〜5ページ)」",
        "「発表会(報告)」",
        "取り組みの概要「ア」→「イ」", "「2020年度(令和2年度)、2021年度(令和3年度)」",
        "公開「する」→「しない」", "「編集担当」", "「春ごろ」", "unheard-of「1」→「2.5」",
    ):  # fmt: skip
        assert each in told, each
    assert "同じ" not in told
    assert "sha256" not in told
    gone = EventView(1, datetime.now(UTC), "x", "changed", "case", "case-0")
    assert change_words.thing(gone, names) == "case-0"


def test_there_is_a_way_to_the_pages_before_and_after() -> None:
    assert history.pager(1, 1, str) == {}
    assert history.pager(1, 3, str) == {"古い記録": "2"}
    assert history.pager(2, 3, str) == {"新しい記録": "1", "古い記録": "3"}
