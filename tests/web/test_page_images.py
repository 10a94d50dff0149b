"""Images of pages: how one is handed out, and how it stands beside the text."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.web.services import Services
from tests.web import html, sample
from tests.web.fakes import IMAGE, FakeCatalogue, FakeOriginals, FakePageImages, FakeSearch

IMAGE_ADDRESS = "/documents/doc-slides/pages/5.webp"
PAGE = "/documents/doc-slides/pages/5?q=改善"


def test_an_image_is_webp_of_the_usual_width(client: FlaskClient, images: FakePageImages) -> None:
    answer = client.get(IMAGE_ADDRESS)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/webp", IMAGE)
    assert images.drawn == [(sample.SLIDES.sha256, 5, 960)]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("width", [240, 960, 1920])
def test_widths_that_are_offered(client: FlaskClient, images: FakePageImages, width: int) -> None:
    assert client.get(f"{IMAGE_ADDRESS}?width={width}").status_code == 200
    assert images.drawn[-1][2] == width


@pytest.mark.parametrize("width", ["0", "500", "-240", "960.0", "９６０", "x", "1e3", "10" * 400])
def test_any_other_width_is_refused(
    client: FlaskClient, images: FakePageImages, width: str
) -> None:
    answer = client.get(IMAGE_ADDRESS, query_string={"width": width})
    assert answer.status_code == 400
    assert "画像の幅(width)に指定できるのは 240、960、1920 です。" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert images.drawn == []


def test_an_unchanged_image_is_neither_drawn_nor_sent(
    client: FlaskClient, images: FakePageImages
) -> None:
    tag = client.get(IMAGE_ADDRESS).headers["ETag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}'):
        again = client.get(IMAGE_ADDRESS, headers={"If-None-Match": sent})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
    assert len(images.drawn) == 1
    other = client.get(f"{IMAGE_ADDRESS}?width=240", headers={"If-None-Match": tag})
    assert other.status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/documents/doc-none/pages/1.webp",
        "/documents/doc-slides/pages/0.webp",
        "/documents/doc-slides/pages/15.webp",
        "/documents/doc-located/pages/1.webp",
        "/documents/doc-lone/pages/1.webp",
    ],
)
def test_what_has_no_image(client: FlaskClient, images: FakePageImages, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
    assert images.drawn == []


def test_a_page_that_cannot_be_drawn_says_so_and_is_not_kept(client: FlaskClient) -> None:
    answer = client.get("/documents/doc-slides/pages/13.webp")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
    assert "このページは画像にできませんでした。" in answer.text
    assert html.faults(answer.text) == []


def test_without_a_drawer_the_site_shows_text_alone(app: Flask) -> None:
    app.extensions["kb"] = Services(FakeSearch(), FakeCatalogue(), FakeOriginals())
    client = app.test_client()
    assert client.get(IMAGE_ADDRESS).status_code == 404
    for address in (PAGE, "/documents/doc-slides", "/search?q=改善"):
        page = client.get(address)
        assert page.status_code == 200
        assert html.Page(page.text).all("img") == []
    assert "viewer alone" in client.get(PAGE).text


def boxes(text: str) -> list[str]:
    return [str(a["class"]) for a in html.Page(text).all("rect") if a.get("class")]


def test_the_marks_are_framed_on_the_image(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}&hit=2").text
    assert boxes(page) == ["hit-box", "hit-box", "hit-box now"]
    assert 'alt="5ページ目の画像。該当する3か所を枠で囲んでいます"' in page
    assert 'viewBox="0 0 960 720"' in page
    assert "太い枠が、いま見ている該当箇所です。" in page
    assert "1か所は、画像の上の位置がわかりません。" in page
    assert 'width="960" height="720"' in page
    assert "/documents/doc-slides/pages/5.webp?width=1920" in page
    assert "元のファイルを5ページ目で開く(PDF" in page


def test_a_mark_that_stands_nowhere_is_not_said_to_be_framed(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}&hit=4").text
    assert boxes(page) == ["hit-box", "hit-box", "hit-box"]
    assert "太い枠" not in page
    lost = client.get("/documents/doc-slides/pages/9?q=改善").text
    assert boxes(lost) == []
    assert "該当箇所の、画像の上の位置はわかりません。" in lost
    assert 'alt="9ページ目の画像"' in lost


def test_the_present_frame_is_the_present_mark_in_the_order_of_reading(client: FlaskClient) -> None:
    """The right column is read before what follows the left one in the file."""
    page = client.get("/documents/doc-report/pages/1?q=改善&hit=2").text
    assert re.search(r'右の段。<mark id="hit-2" class="now">改善</mark>の続き', page)
    now = next(a for a in html.Page(page).all("rect") if a.get("class") == "hit-box now")
    row = [piece for _, piece in sample.REPORT_PIECES].index("右の段。改善の続き。")
    assert float(str(now["y"])) == pytest.approx(50 + 30 * row, abs=2)


def test_a_page_without_marks_has_no_empty_frame(client: FlaskClient) -> None:
    page = html.Page(client.get("/documents/doc-slides/pages/1").text)
    assert [a for a in page.all("svg") if a.get("role") == "img"] == []
    assert page.all("img")[0]["alt"] == "1ページ目の画像"


def test_a_recognised_page_says_how_sure_it_is(client: FlaskClient) -> None:
    page = client.get("/documents/doc-report/pages/2").text
    assert "文字認識による" in page
    assert "確からしさは92%で、読み誤りのあることがあります。" in page
    assert "文字認識による(tesseract 5.5)" in page
    read = client.get("/documents/doc-report/pages/3").text
    assert "このページの文字は、PDFium 141 で読み取りました。" in read
    assert "文字認識" not in read


def test_results_show_the_page_beside_the_passage(client: FlaskClient) -> None:
    page = client.get("/search?q=改善").text
    read = html.Page(page)
    thumbs = [a for a in read.all("a") if a.get("class") == "thumb"]
    assert [a["href"] for a in thumbs] == [
        "/documents/doc-slides/pages/5?q=%E6%94%B9%E5%96%84",
        "/documents/doc-slides/pages/8?q=%E6%94%B9%E5%96%84",
    ]
    assert all(a["aria-hidden"] == "true" and a["tabindex"] == "-1" for a in thumbs)
    assert page.count("画像なし") == 2
    assert page.count('<span class="quiet">文字認識による</span>') == 1
    assert {a["alt"] for a in read.all("img")} == {""}


def test_a_document_shows_its_pages_unless_there_are_too_many(client: FlaskClient) -> None:
    slides = html.Page(client.get("/documents/doc-slides").text).all("img")
    assert len(slides) == 14
    thick = html.Page(client.get("/documents/doc-thick").text).all("img")
    assert [a["src"] for a in thick] == ["/documents/doc-thick/pages/1.webp?width=240"]


def test_upright_pages_have_upright_pictures(client: FlaskClient) -> None:
    assert 'class="strip pictured upright"' in client.get("/documents/doc-report").text
    assert 'class="strip pictured"' in client.get("/documents/doc-slides").text


def test_bookmarks_lead_to_their_pages_and_attachments_are_named(client: FlaskClient) -> None:
    page = client.get("/documents/doc-report?q=改善").text
    assert html.faults(page) == []
    assert "調査の &lt;あらまし&gt;</a>" in page
    assert page.index("調査の &lt;あらまし&gt;") < page.index("結果の表") < page.index("聞き取り")
    assert "/documents/doc-report/pages/2?q=%E6%94%B9%E5%96%84" in page
    assert "<li>付録</li>" in page
    assert "<li>集計&lt;1&gt;.xlsx</li>" in page
    assert "しおり" not in client.get("/documents/doc-slides").text


def test_crawlers_are_asked_not_to_have_pages_drawn(client: FlaskClient) -> None:
    assert "Disallow: /documents/*/pages/*.webp" in client.get("/robots.txt").text
