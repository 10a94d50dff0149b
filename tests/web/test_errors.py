"""Every bad end is a page in the reader's language, and nothing inside is shown."""

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient

from kb.catalogue.session import CatalogueUnavailable
from kb.web import access
from tests.web import html
from tests.web.conftest import build
from tests.web.fakes import FakeCatalogue, FakeSearch


@pytest.fixture
def broken(search: FakeSearch) -> FlaskClient:
    """The site with routes that go wrong on purpose."""
    app = build(search)

    def fails() -> str:
        raise RuntimeError("秘密の内部事情")

    app.add_url_rule("/fails", view_func=fails)
    app.add_url_rule("/api/fails", "api_fails", view_func=fails)
    app.add_url_rule("/takes", "takes", lambda: str(request.form), methods=["POST"])
    app.add_url_rule("/forbids", "forbids", lambda: abort(403))
    app.add_url_rule("/teapot", "teapot", lambda: abort(418))
    for name in ("fails", "api_fails", "takes", "forbids", "teapot"):
        access.open_to_all(app.view_functions[name])
    return app.test_client()


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/nowhere", 404, "ページが見つかりません"),
        ("/cases/none", 404, "題名や自治体名で検索してください"),
        ("/events/none", 404, "ページが見つかりません"),
        ("/municipalities/000000", 404, "ページが見つかりません"),
        ("/themes/none", 404, "ページが見つかりません"),
        ("/departments/none", 404, "ページが見つかりません"),
        ("/years/1492", 404, "ページが見つかりません"),
        ("/years/99999999999", 404, "ページが見つかりません"),
        ("/people/none", 404, "ページが見つかりません"),
        ("/programmes/none", 404, "ページが見つかりません"),
        ("/forbids", 403, "このページは公開されていません"),
        ("/teapot", 418, "この指定では検索できません"),
        ("/fails", 500, "画面を表示できませんでした"),
    ],
)
def test_an_error_is_a_page_that_leads_on(
    broken: FlaskClient, address: str, status: int, said: str
) -> None:
    answer = broken.get(address)
    assert answer.status_code == status
    assert said in answer.text
    assert html.faults(answer.text) == []
    assert "秘密の内部事情" not in answer.text


def test_another_method_is_told_which_ones_there_are(client: FlaskClient) -> None:
    answer = client.post("/search")
    assert answer.status_code == 405
    assert "この操作は受け付けていません" in answer.text
    assert "GET" in answer.headers["Allow"]


def test_too_much_is_refused(broken: FlaskClient) -> None:
    answer = broken.post("/takes", data={"text": "あ" * 1_000_000})
    assert answer.status_code == 413
    assert "大きすぎます" in answer.text


def test_a_failure_under_api_is_json(broken: FlaskClient) -> None:
    answer = broken.get("/api/fails")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert "秘密の内部事情" not in answer.text


def test_an_index_that_is_not_ready(client: FlaskClient, search: FakeSearch) -> None:
    search.unavailable = True
    answer = client.get("/search?q=改善")
    assert answer.status_code == 503
    assert "検索の準備ができていません" in answer.text
    assert "数分後にもう一度" in answer.text
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").json == {
        "status": "unavailable",
        "reason": "索引を作り直しています",
    }
    assert client.get("/healthz").status_code == 200
    assert client.get("/themes").status_code == 200


def test_a_catalogue_that_cannot_be_opened(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object) -> None:
        raise CatalogueUnavailable("鍵がかかっています")

    monkeypatch.setattr(FakeCatalogue, "home", closed)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "台帳を開けません" in answer.text
    assert answer.headers["Retry-After"] == "60"


def test_an_application_without_services_says_so(app: Flask) -> None:
    app.extensions["kb"] = None
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = True
    assert app.test_client().get("/").status_code == 500
