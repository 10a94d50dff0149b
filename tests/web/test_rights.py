"""Nothing restricted gets out, on any route; and what is refused says why."""

import pytest
from flask.testing import FlaskClient

from kb.domain.rights import Audience
from tests.web import sample
from tests.web.conftest import build
from tests.web.fakes import FakeSearch
from tests.web.pages import PAGES, REFUSALS

RESTRICTED = ("doc-nocopy", "doc-unknown", "doc-internal", "doc-withdrawn")

EVERYWHERE = [
    *PAGES.values(),
    *(address for address, _ in REFUSALS.values()),
    *(f"/documents/{d}" for d in RESTRICTED),
    *(f"/documents/{d}?q=改善" for d in RESTRICTED),
    *(f"/documents/{d}/pages/{n}?q=改善" for d in RESTRICTED for n in (1, 2, 3)),
    *(f"/documents/{d}/pages/1" for d in RESTRICTED),
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
    assert sample.CANARY not in answer.text
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
