"""The page that takes a case down, on a made installation."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.installation import Installation
from kb.domain.rights import Rights, Terms
from tests.catalogue.drafts import case, draft
from tests.web.html import Page
from tests.web.real_site import app, curator
from tests.web.signing_in import post
from tests.web.test_review_pages import text_of

__all__ = ["app", "curator"]

HISTORY = "/curation/history/case/"


@pytest.fixture
def held(installation: Installation) -> Installation:
    """A case alone, and one with a document."""
    installation.prepare()
    case(installation, "alone", "資料のない事例")
    case(installation, "case-1", "資料のある事例")
    draft(installation, "doc-1", {}, rights=Rights(Terms.OPEN), published=True, draft=False,
          case_id="case-1", filled=())  # fmt: skip
    return installation


def statuses(app: Flask, *paths: str) -> list[int]:
    """What somebody who has not signed in gets."""
    return [app.test_client().get(path).status_code for path in paths]


def test_a_case_without_a_document_is_taken_down_and_put_back(
    app: Flask, curator: FlaskClient
) -> None:
    address = "/curation/cases/alone/takedown"
    assert f'href="{address}"' in text_of(curator.get("/curation/cases/alone"))
    asked = curator.get(address)
    assert not Page(text_of(asked)).unbalanced
    assert post(curator, address, why=" ").status_code == 422, "a takedown without a reason"
    assert statuses(app, "/cases/alone", address) == [200, 302]
    gone = post(curator, address, why="別の町の事例")
    assert gone.headers["Location"] == f"{HISTORY}alone"
    assert statuses(app, "/cases/alone") == [404]
    assert post(curator, address, why="もう一度").status_code == 303, "pressed twice"
    page = text_of(curator.get(f"{HISTORY}alone"))
    assert "事例「資料のない事例」を取り下げました" in page
    assert page.count("別の町の事例") == 1
    assert "もう一度" not in page
    number = page.partition('name="number" value="')[2].partition('"')[0]
    post(curator, f"{HISTORY}alone", number=number)
    assert statuses(app, "/cases/alone") == [200]


def test_its_documents_go_with_it(app: Flask, curator: FlaskClient) -> None:
    address = "/curation/cases/case-1/takedown"
    assert 'href="/curation/review/doc-1/rights"' in text_of(curator.get(address))
    assert post(curator, address, why="依頼").status_code == 303
    assert statuses(app, "/cases/case-1", "/documents/doc-1") == [404, 404]
    assert "1点の資料を取り下げました" in text_of(curator.get(f"{HISTORY}case-1"))
    assert "いまは公開されていません" in text_of(curator.get(address))
    assert curator.get("/curation/cases/none/takedown").status_code == 404
