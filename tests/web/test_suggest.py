"""The address that suggests: its shape, where offers lead, and what it refuses."""

import pytest
from flask.testing import FlaskClient

from kb.domain.offerable import OfferKind
from kb.search.suggesting import Offer
from kb.web.suggest import address
from tests.web.fakes import FakeSearch


def test_offers_come_with_kind_reason_and_address(client: FlaskClient) -> None:
    answer = client.get("/api/v1/suggest?q=改善")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["query"] == "改善"
    assert answer.json["offers"][0] == {
        "kind": "theme",
        "kind_label": "テーマ",
        "label": "業務改善・効率化",
        "text": "業務改善・効率化",
        "why": "事例3件",
        "url": "/themes/efficiency",
    }
    word = answer.json["offers"][1]
    assert word["url"] == "/search?q=%E6%94%B9%E5%96%84%E9%81%8B%E5%8B%95"


def test_nothing_typed_is_nothing_offered(client: FlaskClient) -> None:
    assert client.get("/api/v1/suggest").json == {"query": "", "offers": []}


def test_a_long_text_is_refused_in_japanese(client: FlaskClient, search: FakeSearch) -> None:
    answer = client.get("/api/v1/suggest", query_string={"q": "あ" * 201})
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert "200文字" in answer.get_data(as_text=True)
    assert search.typed == []


def test_a_catalogue_that_does_not_answer_is_said(client: FlaskClient, search: FakeSearch) -> None:
    search.unavailable = True
    assert client.get("/api/v1/suggest?q=改善").status_code == 503


@pytest.mark.parametrize("kind", OfferKind)
def test_every_kind_leads_to_a_page_or_to_a_search(client: FlaskClient, kind: OfferKind) -> None:
    without_page = address(Offer(kind, "", "企画課", "企画課", ""))
    assert without_page == "/search?q=%E4%BC%81%E7%94%BB%E8%AA%B2"
    rules = client.application.url_map.bind("localhost")
    endpoint, _ = rules.match(address(Offer(kind, "x-1", "題名", "題名", "")).partition("?")[0])
    assert (endpoint == "search.search") == (kind is OfferKind.WORD)


def test_every_page_has_one_box_that_suggests(client: FlaskClient) -> None:
    for path in ("/", "/search?q=改善", "/search?q=ドローン", "/themes", "/help"):
        page = client.get(path).get_data(as_text=True)
        assert page.count('data-suggests="/api/v1/suggest"') == 1, path
        assert page.count('id="q-offers"') == 1
