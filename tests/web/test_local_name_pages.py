"""Local names from the page to the answer: recorded, asked, changed, removed; no JavaScript."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.installation import Installation
from kb.domain.rights import Rights, Terms
from kb.domain.roles import Role
from tests.catalogue.drafts import case, draft
from tests.web.html import Page
from tests.web.real_site import app, curator, opened_site
from tests.web.signing_in import post, signed_in

__all__ = ["app", "curator"]

LIST, NAME = "/curation/local-names", "/curation/local-names/name"
KEY = "402249:神興村"
FIELDS = {"municipality": "福津市", "name": "神興村", "kana": "じんごうむら", "note": "昔の村"}


@pytest.fixture
def reader(installation: Installation) -> Iterator[FlaskClient]:
    """Somebody whom another process answers."""
    with opened_site(installation) as other:
        yield other.test_client()


def text_of(answer: TestResponse) -> str:
    page = answer.get_data(as_text=True)
    assert not Page(page).unbalanced
    return page


def version(client: FlaskClient) -> str:
    found = re.search(r'name="version" value="([^"]+)"', text_of(client.get(f"{NAME}?key={KEY}")))
    assert found
    return found[1]


def asked(client: FlaskClient, question: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/search?q={question}").get_json()
    return found


def offered(client: FlaskClient, typed: str) -> list[str]:
    """Why a municipality is offered for what is typed; the table is made beside the requests."""
    until = time.monotonic() + 60
    while True:
        offers = client.get(f"/api/v1/suggest?q={typed}").get_json()["offers"]
        whys = [each["why"] for each in offers if each["url"] == "/municipalities/402249"]
        if whys or time.monotonic() > until:
            return whys
        time.sleep(0.1)


def test_a_name_is_added_and_leads_to_its_place_until_it_is_removed(
    installation: Installation, curator: FlaskClient, reader: FlaskClient
) -> None:
    case(installation, "case-1", "窓口の見直し")
    draft(installation, "doc-1", rights=Rights(Terms.OPEN), published=True, draft=False,
          case_id="case-1")  # fmt: skip
    installation.up_to_date()
    assert asked(reader, "神興村")["entities"] == []
    done = post(curator, NAME, do="save", key="", why="市史による", **FIELDS)
    assert (done.status_code, done.location) == (303, f"{LIST}?q=%E7%A5%9E%E8%88%88%E6%9D%91")
    listed = text_of(curator.get(done.location))
    assert "福岡県福津市の呼び名として保存しました" in listed
    assert "じんごうむら" in listed
    # Another process, and one name in every way of typing it.
    for question in (
        "神興村",
        "じんごうむら",
        "ｼﾞﾝｺﾞｳﾑﾗ",
        "jingomura",
        "福岡県神興村",
        "神興村の改善",
    ):
        found = asked(reader, question)
        assert [each["id"] for each in found["entities"]] == ["402249"], question
        why = found["entities"][0]["why"]
        assert why == "地元での呼び名 神興村 (福岡県 ふくつし)"
        chip = next(each for each in found["understood"] if each["kind"] == "place")
        assert (chip["label"], chip["searched"]) == ("地元での呼び名", ["福津市"])
        assert [each["case"]["id"] for each in found["results"]] == ["case-1"]
        without = reader.get(chip["without_url"].replace("/search", "/api/v1/search", 1)).get_json()
        assert not [each for each in without["understood"] if each["kind"] == "place"]
    assert reader.get("/api/v1/search?municipality=神興村").get_json()["total"] == 1
    excluded = asked(reader, "窓口 -神興村")
    assert excluded["total"] == 0
    explained = text_of(curator.get("/search?q=神興村&explain=1"))
    assert '神興村 <span class="quiet">→ 福津市</span>' in explained
    assert offered(reader, "じんごう") == ["地元での呼び名 神興村 (福岡県福津市)"]
    page = text_of(reader.get("/municipalities/402249"))
    assert "地元での呼び名" in page
    assert "呼び名を編集" not in page
    assert f"{LIST}?q=402249" in text_of(curator.get("/municipalities/402249"))
    assert post(curator, NAME, do="remove", key=KEY, version=version(curator)).status_code == 422
    gone = post(curator, NAME, do="remove", key=KEY, version=version(curator), why="誤り")
    assert "から消しました" in text_of(curator.get(gone.location))
    assert asked(reader, "神興村")["entities"] == []
    assert reader.get("/api/v1/search?municipality=神興村").get_json()["total"] == 0
    history = text_of(curator.get(f"/curation/history/local_name/{KEY}"))
    assert "理由: 誤り" in history or "誤り" in history


def test_what_cannot_be_taken_comes_back_as_it_was_typed(app: Flask, curator: FlaskClient) -> None:
    refused = post(curator, NAME, do="save", key="", **{**FIELDS, "name": "中野区"})
    page = text_of(refused)
    assert refused.status_code == 422
    assert 'value="中野区" autocomplete="off" aria-describedby="n-name-hint n-name-wrong"' in page
    assert "東京都中野区の名前です" in page
    assert 'value="じんごうむら"' in page
    assert post(curator, NAME, do="save", key="", **FIELDS).status_code == 303
    again = post(curator, NAME, do="save", key="", **FIELDS)
    assert "すでに登録されています" in text_of(curator.get(again.location))
    first = version(curator)
    changed = {"do": "save", "key": KEY, "name": "神興村"}
    assert post(curator, NAME, **changed, kana="じんごうそん", version=first).status_code == 303
    late = post(curator, NAME, **changed, kana="かみおきむら", version=first)
    page = text_of(late)
    assert late.status_code == 409
    assert 'value="かみおきむら"' in page
    assert "いまの記録: じんごうそん" in page
    assert "かな「じんごうむら」→「じんごうそん」" in page
    assert post(curator, NAME, do="burn", key=KEY).status_code == 400
    assert post(curator, NAME, do="save", key="none", name="ふくふく").status_code == 404
    assert curator.get(f"{NAME}?key=none").status_code == 404
    assert 'value="福岡県福津市"' in text_of(curator.get(f"{NAME}?municipality=402249"))
    assert signed_in(app, Role.STAFF).get(LIST).status_code == 403
