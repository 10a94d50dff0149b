"""Canaries: words that stand only in restricted originals of the sample, on no route."""

import csv
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.installation import Installation
from kb.domain.rights import Audience, allowed
from kb.settings import from_environment
from kb.web.app import close_app, open_app
from tests.conftest import ROOT

NO_COPY = {
    "doc-mihon-tsukimihara-2021-slides": "あまのじゃく指標ベータ七",
    "doc-mihon-todai-2019-slides": "むくどり係数ガンマ三",
}
INTERNAL = {"doc-mihon-asanagi-2020-report": "ほしくず連絡法イ号"}


@pytest.fixture(scope="module")
def client(site_app: Flask) -> FlaskClient:
    return site_app.test_client()


def addresses(app: Flask, sample: Installation) -> Iterator[str]:
    """Every route with every identifier the corpus has."""
    with (ROOT / "corpus" / "documents.csv").open(encoding="utf-8-sig", newline="") as file:
        documents = [row["id"] for row in csv.DictReader(file)]
    with (ROOT / "corpus" / "cases.csv").open(encoding="utf-8-sig", newline="") as file:
        cases = [row["ID"] for row in csv.DictReader(file)]
    for rule in app.url_map.iter_rules():
        if not rule.arguments and "GET" in (rule.methods or ()):
            yield rule.rule
    yield from (f"/cases/{case}" for case in cases)
    for document in documents:
        yield f"/documents/{document}"
        # The canaries stand in restricted ones: of the others the first two pages are enough.
        restricted = document in NO_COPY or document in INTERNAL
        for page in range(1, 10 if restricted else 3):
            yield f"/documents/{document}/pages/{page}"
            yield f"/documents/{document}/pages/{page}?q=課長"


def test_the_canaries_are_alive(sample: Installation) -> None:
    """They do stand in the catalogue, so that finding them nowhere means something."""
    for document, word in {**NO_COPY, **INTERNAL}.items():
        pages = sample.catalogue.document_pages(document)
        text = "".join("".join(page.text.split()) for page in pages)
        assert word in text, document


def test_no_route_shows_a_restricted_page(
    site_app: Flask, client: FlaskClient, sample: Installation
) -> None:
    words = [*NO_COPY.values(), *INTERNAL.values()]
    seen = 0
    for address in addresses(site_app, sample):
        body = "".join(client.get(address).get_data(as_text=True).split())
        seen += 1
        assert not [word for word in words if word in body], address
    assert seen > 300


@pytest.mark.parametrize("document", [*NO_COPY, *INTERNAL])
def test_restricted_files_are_refused(client: FlaskClient, document: str) -> None:
    for address in (
        f"/documents/{document}/file",
        f"/documents/{document}/file?download=1",
        f"/documents/{document}/pages/1.webp",
        f"/documents/{document}/pages/1.webp?width=240",
    ):
        assert client.get(address).status_code in (403, 404)


def test_a_page_of_an_open_document_is_drawn_and_asked_for_only_once(
    client: FlaskClient, sample: Installation
) -> None:
    service = client.get("/api/v1/search?q=改善&rights=open").get_json()
    urls = [
        passage["image_url"]
        for result in service["results"]
        for document in result["documents"]
        for passage in document["passages"]
        if passage.get("image_url")
    ]
    assert urls
    image = client.get(urls[0])
    assert (image.status_code, image.mimetype) == (200, "image/webp")
    again = client.get(urls[0], headers={"If-None-Match": image.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("word", INTERNAL.values())
@pytest.mark.parametrize("route", ["/search?q={}", "/api/v1/search?q={}", '/search?q="{}"'])
def test_an_internal_word_is_not_found_by_asking_for_it(
    client: FlaskClient, word: str, route: str
) -> None:
    body = client.get(route.format(quote(word))).get_data(as_text=True)
    assert "doc-mihon-asanagi-2020-report" not in body


@pytest.mark.parametrize("word", NO_COPY.values())
def test_a_word_of_a_document_not_to_be_copied_is_quoted_within_bounds(
    client: FlaskClient, word: str
) -> None:
    answer = client.get(f"/api/v1/search?q={quote(word)}").get_json()
    quoted = 0
    for result in answer["results"]:
        for document in result["documents"]:
            if document["rights"]["terms"] == "no_copy":
                assert document["rights"]["statement"]
                shown = sum(len(p["text"]) for p in document["passages"] if p["page"])
                assert shown <= 120
                quoted += 1
    assert quoted


def test_inside_the_office_internal_pages_are_read_and_not_downloaded(
    sample: Installation,
) -> None:
    app = open_app(from_environment({"KB_DATA_DIR": str(sample.data_dir), "KB_AUDIENCE": "staff"}))
    [document] = INTERNAL
    staff = app.test_client()
    assert staff.get(f"/documents/{document}/pages/1").status_code == 200
    view = sample.catalogue.document(document, Audience.STAFF)
    assert view is not None
    assert not allowed(view.rights, Audience.STAFF).download
    assert staff.get(f"/documents/{document}/file?download=1").status_code == 403
    close_app(app)
