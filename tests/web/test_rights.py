"""Nothing restricted gets out, on any route; and what is refused says why."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kb.domain.rights import Audience, Rights, Terms, allowed
from tests.web import html, sample
from tests.web.conftest import build
from tests.web.fakes import IMAGE, FakePageImages, FakeSearch
from tests.web.pages import PAGES, REFUSALS

RESTRICTED = ("doc-nocopy", "doc-unknown", "doc-internal", "doc-withdrawn")

EVERYWHERE = [
    *PAGES.values(),
    *(address for address, _ in REFUSALS.values()),
    *(f"/documents/{d}" for d in RESTRICTED),
    *(f"/documents/{d}?q=改善" for d in RESTRICTED),
    *(f"/documents/{d}/pages/{n}?q=改善" for d in RESTRICTED for n in (1, 2, 3)),
    *(f"/documents/{d}/pages/1" for d in RESTRICTED),
    *(f"/documents/{d}/pages/{n}.webp" for d in RESTRICTED for n in (1, 2, 3)),
    *(f"/documents/{d}/pages/1.webp?width={w}" for d in RESTRICTED for w in (240, 1920, 7)),
    *(f"/documents/{d}/file" for d in RESTRICTED),
    *(f"/documents/{d}/file?download=1" for d in RESTRICTED),
    "/api/v1/search?q=改善",
    "/api/v1/search?q=カナリア",
    "/opensearch.xml",
]


@pytest.mark.parametrize("address", EVERYWHERE)
def test_the_canary_sings_nowhere(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code < 500
    assert sample.CANARY.encode() not in answer.data
    if answer.mimetype == "image/webp":
        return
    assert sample.INTERNAL_TITLE not in answer.text
    assert "取り下げた資料" not in answer.text


def test_the_canary_is_there_for_those_who_may_hear_it(curator: FlaskClient) -> None:
    """Else the test above would prove nothing."""
    page = curator.get("/documents/doc-nocopy/pages/1?q=改善")
    assert page.status_code == 200
    assert sample.CANARY in page.text
    assert sample.STATEMENT in page.text


@pytest.mark.parametrize("end", ["pages/1", "file", "file?download=1"])
def test_a_refusal_shows_the_authors_words_and_the_source(client: FlaskClient, end: str) -> None:
    answer = client.get(f"/documents/doc-nocopy/{end}")
    assert answer.status_code == 403
    assert "福津市 発表スライド" in answer.text
    assert f"<q>{sample.STATEMENT}</q>" in answer.text
    assert 'href="https://example.jp/seminar"' in answer.text


@pytest.mark.parametrize("document", ["doc-internal", "doc-withdrawn"])
@pytest.mark.parametrize("end", ["", "/pages/1", "/file"])
def test_what_may_not_be_named_is_as_unknown(client: FlaskClient, document: str, end: str) -> None:
    hidden = client.get(f"/documents/{document}{end}")
    unknown = client.get(f"/documents/doc-none{end}")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.text == unknown.text


def test_staff_may_read_internal_documents_but_not_save_them() -> None:
    staff = build(FakeSearch(), Audience.STAFF).test_client()
    assert sample.CANARY in staff.get("/documents/doc-internal/pages/1").text
    assert staff.get("/documents/doc-internal/file").status_code == 200
    assert staff.get("/documents/doc-internal/file?download=1").status_code == 403
    assert staff.get("/documents/doc-internal/file").headers["Cache-Control"] == "no-store"


def test_an_open_file_is_handed_out_as_it_came(client: FlaskClient) -> None:
    answer = client.get("/documents/doc-slides/file")
    assert answer.data == sample.FILE_BYTES
    assert answer.mimetype == "application/pdf"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("inline")
    assert "filename*=UTF-8''%E7%99%BA%E8%A1%A8%20%E8%B3%87%E6%96%99.pdf" in disposition
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Length"] == str(len(sample.FILE_BYTES))
    saved = client.get("/documents/doc-slides/file?download=1")
    assert saved.headers["Content-Disposition"].startswith("attachment")


def test_a_file_is_handed_out_in_ranges(client: FlaskClient) -> None:
    answer = client.get("/documents/doc-slides/file", headers={"Range": "bytes=4-11"})
    assert answer.status_code == 206
    assert answer.data == sample.FILE_BYTES[4:12]
    assert answer.headers["Content-Range"] == f"bytes 4-11/{len(sample.FILE_BYTES)}"
    beyond = client.get("/documents/doc-slides/file", headers={"Range": "bytes=99999-"})
    assert beyond.status_code == 416


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/documents/doc-slides/file").headers["ETag"]
    again = client.get("/documents/doc-slides/file", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_lost_file_is_told_in_words(client: FlaskClient) -> None:
    answer = client.get("/documents/doc-lone/file")
    assert answer.status_code == 404
    assert "取り出せませんでした" in answer.text


def test_a_foreign_page_runs_nothing_in_our_name(curator: FlaskClient) -> None:
    policy = curator.get("/documents/doc-slides/file").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")


def test_what_a_browser_cannot_show_is_not_saved_either() -> None:
    """A file that may be viewed only must not come as a download by its format."""
    client = build(FakeSearch(), Audience.CURATOR).test_client()
    assert client.get("/documents/doc-nocopy/file").status_code == 200
    assert client.get("/documents/doc-nocopy/file?download=1").status_code == 403


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("terms", Terms)
def test_an_image_is_drawn_for_those_alone_who_may_see_it(
    terms: Terms, audience: Audience, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = FakePageImages()
    client = build(FakeSearch(), audience, images).test_client()
    document = replace(sample.RESTRICTED, rights=Rights(terms, sample.STATEMENT))
    monkeypatch.setitem(sample.DOCUMENTS, document.id, document)
    may = allowed(document.rights, audience)
    answer = client.get(f"/documents/{document.id}/pages/1.webp")
    again = client.get(
        f"/documents/{document.id}/pages/1.webp",
        headers={"If-None-Match": f'"{document.sha256}-1-960"'},
    )
    if may.page_image:
        assert answer.status_code == 200
        assert sample.CANARY.encode() in answer.data
        assert images.drawn[0] == (document.sha256, 1, 960)
        kept = "private, no-cache" if terms is Terms.OPEN else "no-store"
        assert answer.headers["Cache-Control"] == kept
        assert ("ETag" in answer.headers) == (terms is Terms.OPEN)
        assert again.status_code == (304 if terms is Terms.OPEN else 200)
        return
    assert answer.status_code == again.status_code == (403 if may.metadata else 404)
    assert images.drawn == []
    for refused in (answer, again):
        assert refused.headers["Cache-Control"] == "no-store"
        assert "ETag" not in refused.headers
        assert sample.CANARY.encode() not in refused.data


@pytest.mark.parametrize("audience", Audience)
def test_no_page_points_at_an_image_that_is_refused(audience: Audience) -> None:
    client = build(FakeSearch(), audience).test_client()
    addresses = [
        *PAGES.values(),
        "/search?q=改善",
        *(f"/documents/{d}{end}" for d in RESTRICTED for end in ("", "?q=改善", "/pages/1")),
    ]
    seen = 0
    for address in addresses:
        for image in html.Page(client.get(address).text).all("img"):
            if "doc-slides/pages/13" not in str(image["src"]):
                assert client.get(str(image["src"])).status_code == 200, (address, image)
                seen += 1
    assert seen > 40


def test_bookmarks_and_attachments_are_words_of_the_document_too(
    client: FlaskClient, curator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = replace(
        sample.RESTRICTED, outline=((1, sample.CANARY, 1),), attachments=(sample.CANARY,)
    )
    monkeypatch.setitem(sample.DOCUMENTS, secret.id, secret)
    assert sample.CANARY not in client.get(f"/documents/{secret.id}").text
    assert curator.get(f"/documents/{secret.id}").text.count(sample.CANARY) == 2


def test_the_interface_names_an_image_where_it_may_be_seen(client: FlaskClient) -> None:
    results = client.get("/api/v1/search?q=改善").get_json()["results"]
    told = {
        passage.get("image_url")
        for result in results
        for document in result["documents"]
        for passage in document["passages"]
    }
    assert told == {
        None,
        "/documents/doc-slides/pages/5.webp",
        "/documents/doc-slides/pages/8.webp",
    }
    assert client.get("/documents/doc-slides/pages/5.webp").data == IMAGE
