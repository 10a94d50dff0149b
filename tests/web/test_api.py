"""The JSON answer, in the contract's shape."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.search.query import Asked
from kb.web.answer import Writer
from tests.web.fakes import FakeSearch

CONTRACT: dict[str, Any] = {
    "query": str, "total": int, "page": int, "page_size": int, "took_ms": float,
    "understood": [
        {"typed": str, "kind": str, "searched": [str], "label": str, "without_url": str}
    ],
    "results": [{
        "score": float,
        "case": {
            "id": str, "title": str,
            "municipalities": [{"code": str, "name": str, "prefecture": str}],
            "implemented_in": int, "presented_in": int,
            "event": {"id": str, "title": str, "held_on": str, "url": str},
            "themes": [str], "departments": [str], "url": str,
        },
        "documents": [{
            "id": str, "title": str, "kind": str, "pages_matched": int, "url": str,
            "rights": {"statement": str, "may": {"quote": bool, "view": bool, "download": bool}},
            "passages": [{"page": int, "text": str, "marks": [[int]], "url": str}],
        }],
    }],
    "facets": {
        name: [{"value": str, "label": str, "count": int, "selected": bool}]
        for name in ("municipality", "prefecture", "implemented_in", "presented_in", "theme",
                     "department", "kind", "rights")
    },
    "entities": [{"kind": str, "id": str, "label": str, "why": str, "url": str}],
    "suggestions": [{"kind": str, "text": str, "url": str}],
}  # fmt: skip


def got(client: FlaskClient, address: str) -> dict[str, Any]:
    return dict(json.loads(client.get(address).text))


def misfits(found: Any, wanted: Any, where: str = "$") -> list[str]:
    """Where `found` lacks a field of `wanted`, or has one of another type; None fits anywhere."""
    if isinstance(wanted, dict):
        missing = [f"{where}.{name} is missing" for name in wanted if name not in found]
        return missing + [
            fault
            for name in wanted
            if found.get(name) is not None
            for fault in misfits(found[name], wanted[name], f"{where}.{name}")
        ]
    if isinstance(wanted, list):
        return [fault for each in found for fault in misfits(each, wanted[0], f"{where}[]")]
    return [] if isinstance(found, wanted) else [f"{where} is {type(found).__name__}"]


def test_the_answer_has_the_contracts_shape(client: FlaskClient) -> None:
    answer = got(client, "/api/v1/search?q=福間町+カイゼン+打破&theme=culture")
    assert misfits(answer, CONTRACT) == []
    assert answer["total"] == 45
    assert answer["took_ms"] == 8.2
    assert all(answer[name] for name in ("understood", "results", "entities", "suggestions"))
    chosen = [count for count in answer["facets"]["theme"] if count["selected"]]
    assert [count["value"] for count in chosen] == ["culture"]


def test_a_document_without_a_case_carries_its_event(client: FlaskClient) -> None:
    lone = got(client, "/api/v1/search?q=改善")["results"][-1]
    assert lone["case"] is None
    assert lone["documents"][0]["event"] == {
        "id": "ev-2022",
        "title": "改善発表会2022",
        "held_on": "2022-09-03",
        "url": "/events/ev-2022",
    }


def test_marks_are_offsets_into_the_passage(client: FlaskClient) -> None:
    for result in got(client, "/api/v1/search?q=改善")["results"]:
        for document in result["documents"]:
            for passage in document["passages"]:
                assert {passage["text"][a:b] for a, b in passage["marks"]} <= {"改善"}


def test_rights_are_told_with_the_authors_words(client: FlaskClient) -> None:
    documents = got(client, "/api/v1/search?q=改善")["results"][0]["documents"]
    assert documents[0]["rights"] == {
        "terms": "no_copy",
        "statement": "(見本の原文:この資料の転載はご遠慮ください。)",
        "may": {"quote": True, "view": False, "download": False},
        "permission": None,
    }


def test_addresses_lead_to_pages(client: FlaskClient) -> None:
    answer = got(client, "/api/v1/search?q=福間町+カイゼン+打破")
    addresses = [
        answer["understood"][2]["without_url"],
        answer["suggestions"][0]["url"],
        answer["entities"][0]["url"],
        answer["results"][0]["case"]["url"],
        answer["results"][1]["documents"][0]["url"],
        answer["results"][1]["documents"][0]["passages"][0]["url"],
    ]
    assert [client.get(address).status_code for address in addresses] == [200] * 6


def test_addresses_are_absolute_where_the_site_has_a_name(app: Flask) -> None:
    app.config["KB_PUBLIC_URL"] = "https://kb.example.jp"
    answer = got(app.test_client(), "/api/v1/search?q=改善")
    assert answer["results"][0]["case"]["url"].startswith("https://kb.example.jp/cases/")


def test_a_command_writes_the_same_without_a_request(client: FlaskClient) -> None:
    asked = Asked(text="改善")
    written = Writer(asked).answer(FakeSearch().search(asked))
    assert written == got(client, "/api/v1/search?q=改善")


def test_an_unknown_filter_gives_nothing_and_the_reason(client: FlaskClient) -> None:
    answer = got(client, "/api/v1/search?municipality=どこにもない町")
    assert (answer["total"], answer["results"]) == (0, [])
    assert answer["notices"] == ["「どこにもない町」という自治体は登録されていません。"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/search?page=abc", 400),
        ("/api/v1/search?page_size=101", 400),
        ("/api/v1/nothing", 404),
        ("/api/", 404),
    ],
)
def test_errors_are_problem_details(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    problem = json.loads(answer.text)
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]


def test_other_methods_are_refused_in_json(client: FlaskClient) -> None:
    answer = client.post("/api/v1/search")
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")


def test_an_index_that_is_not_ready_is_a_problem_too(
    client: FlaskClient, search: FakeSearch
) -> None:
    search.unavailable = True
    answer = client.get("/api/v1/search?q=改善")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "60"
    assert "索引がありません" not in answer.text
