"""A page of the sample, drawn for a reader by the drawer the site uses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kb.confined import Limits
from kb.domain.rights import Audience
from kb.pdfium import Pdfium
from kb.pdfium.page_images import PageImages
from kb.web.app import create_app
from kb.web.services import Services
from tests.web import sample
from tests.web.fakes import FakeCatalogue, FakeOriginals, FakeSearch

ORIGINALS = Path(__file__).parents[2] / "corpus" / "originals"
FILES = {
    sample.SLIDES.sha256: ORIGINALS / "mihon-uminari-2018-slides.pdf",
    sample.REPORT.sha256: ORIGINALS / "mihon-kazemachi-2022-slides.pptx",
}


@pytest.fixture
def drawing(tmp_path: Path) -> Iterator[FlaskClient]:
    with Pdfium(Limits(30, 1024)) as pdfium:
        images = PageImages(tmp_path, pdfium, FILES.__getitem__, 10_000_000)
        services = Services(FakeSearch(), FakeCatalogue(), FakeOriginals(), images)
        app = create_app(services, public_url=None, secret_key="test", audience=Audience.ANONYMOUS)
        yield app.test_client()


def width_of(webp: bytes) -> int:
    """Pixels across a lossy WebP: 14 bits after the frame's start code (RFC 6386, 9.1)."""
    assert webp[:4] == b"RIFF"
    assert webp[8:16] == b"WEBPVP8 "
    assert webp[23:26] == b"\x9d\x01\x2a"
    return int.from_bytes(webp[26:28], "little") & 0x3FFF


@pytest.mark.parametrize("width", [240, 960])
def test_a_page_is_drawn_as_wide_as_asked(drawing: FlaskClient, width: int) -> None:
    answer = drawing.get(f"/documents/doc-slides/pages/3.webp?width={width}")
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert width_of(answer.data) == width


def test_a_page_the_file_has_not_is_told_in_words(drawing: FlaskClient) -> None:
    answer = drawing.get("/documents/doc-slides/pages/14.webp")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
    assert "このページはファイルにありません。" in answer.text


def test_a_file_that_is_no_pdf_is_told_in_words(drawing: FlaskClient) -> None:
    answer = drawing.get("/documents/doc-report/pages/1.webp")
    assert answer.status_code == 404
    assert "PDFではないため" in answer.text
