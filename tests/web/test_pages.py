"""What holds of every page."""

from pathlib import Path
from urllib.parse import urldefrag

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.web import html
from tests.web.pages import PAGES, REFUSALS


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole(client: FlaskClient, name: str) -> None:
    answer = client.get(PAGES[name])
    assert answer.status_code == 200
    assert html.faults(answer.text) == []


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_a_whole_page_with_a_way_on(client: FlaskClient, name: str) -> None:
    address, status = REFUSALS[name]
    answer = client.get(address)
    assert answer.status_code == status
    assert html.faults(answer.text) == []
    page = html.Page(answer.text)
    assert any(a.get("role") == "search" for a in page.all("form"))
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", [*PAGES.values(), *(a for a, _ in REFUSALS.values())])
def test_every_link_of_a_page_leads_to_a_route(
    app: Flask, client: FlaskClient, address: str
) -> None:
    routes = app.url_map.bind("localhost")
    astray = []
    for link in html.Page(client.get(address).text).links:
        path = urldefrag(link.removeprefix("http://localhost")).url.partition("?")[0]
        if not link.startswith(("/", "http://localhost/")):
            assert link.startswith(("#", "https://example.jp/")), link
            continue
        try:
            routes.match(path)
        except (HTTPException, RequestRedirect):
            astray.append(link)
    assert astray == []


def test_links_of_the_sample_answer_too(client: FlaskClient) -> None:
    """Not only do routes exist: what the pages of one document and case lead to is there."""
    for address in ("/cases/case-fukutsu?q=改善", PAGES["page with hits"], "/events/ev-2022"):
        for link in html.Page(client.get(address).text).links:
            if link.startswith(("/cases", "/documents", "/events", "/people", "/programmes")):
                with client.get(link) as answer:
                    lost = link.startswith("/documents/doc-lone/file")
                    assert answer.status_code in ((404,) if lost else (200, 403)), link


@pytest.mark.parametrize("name", PAGES)
def test_every_image_of_a_page_is_there_and_takes_its_room_beforehand(
    client: FlaskClient, name: str
) -> None:
    for image in html.Page(client.get(PAGES[name]).text).all("img"):
        source = str(image["src"])
        undrawn = "doc-slides/pages/13.webp" in source
        assert client.get(source).status_code == (404 if undrawn else 200), image
        assert image["loading"] == "lazy"
        assert image["alt"] is not None
        assert str(image["width"]).isdecimal()
        of_unknown_size = source.endswith(("doc-slides/pages/7.webp", "doc-slides/pages/13.webp"))
        assert of_unknown_size or str(image["height"]).isdecimal()


@pytest.mark.parametrize("address", [*PAGES.values(), "/nowhere", "/api/v1/search", "/robots.txt"])
def test_security_headers_stand_on_every_answer(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


def test_pages_are_private_and_static_files_last(client: FlaskClient) -> None:
    home = client.get("/")
    assert home.headers["Cache-Control"] == "private, no-cache"
    style = next(a["href"] for a in html.Page(home.text).all("link") if a["rel"] == "stylesheet")
    with client.get(str(style)) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
    with client.get("/static/style.css") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


def test_text_of_others_is_never_markup(client: FlaskClient) -> None:
    page = client.get("/documents/doc-slides/pages/5?q=<script>alert(1)</script>").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "海鳴町 発表資料 &lt;朝の会&gt; &amp; 窓口" in page


def test_no_template_calls_a_text_safe(app: Flask) -> None:
    """Markup is made in two modules alone, out of escaped pieces."""
    templates = [p for p in Path(str(app.template_folder)).rglob("*") if p.is_file()]
    assert templates
    for path in templates:
        text = path.read_text(encoding="utf-8")
        assert "safe" not in text, path
        assert "autoescape" not in text, path
    rooms = Path(str(app.root_path)).glob("*.py")
    makers = sorted(p.name for p in rooms if "Markup(" in p.read_text(encoding="utf-8"))
    assert makers == ["page_blocks.py", "page_text.py"]


def test_nothing_is_fetched_from_outside(app: Flask) -> None:
    for path in Path(str(app.static_folder)).iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text, path
        assert "@import" not in text, path


@pytest.mark.parametrize("address", ["/cases/case-fukutsu", "/events/ev-2022"])
def test_addresses_that_run_code_are_not_linked(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    assert "javascript:" not in page
    assert "あやしい出典" in page


def test_invented_municipalities_carry_their_tag(client: FlaskClient) -> None:
    for address in ("/", "/search?q=改善", "/cases/case-uminari", "/municipalities/990019"):
        page = client.get(address).text
        assert '<span class="tag">見本</span>' in page, address


def test_years_are_shown_in_both_calendars(client: FlaskClient) -> None:
    assert "2021年度(令和3年度)" in client.get("/years/2021").text
    assert "2019年度(令和元年度)" in client.get("/search?implemented_in=2019").text


def test_announced_and_actual_numbers_are_kept_apart(client: FlaskClient) -> None:
    page = client.get("/events/ev-2022").text
    assert "定員30名(案内) / 参加 40人、うち会場11人(報告)" in page


def test_a_past_municipality_leads_to_the_present_one(client: FlaskClient) -> None:
    page = client.get("/municipalities/403628").text
    assert "福間町は、2005年1月24日に" in page
    assert '<a href="/municipalities/402249">福津市</a>になりました(新設合併)。' in page
    assert '<a href="/municipalities/403636">津屋崎町</a>' in page


def test_a_municipality_shows_its_names_over_time_and_its_cases_by_year(
    client: FlaskClient,
) -> None:
    page = client.get("/municipalities/402249").text
    assert "福間町、津屋崎町が合併して福津市になりました" in page
    assert '<b>2021</b>年度</a> <span class="era">令和3年度</span>' in page
    assert "発表 2022年度(令和4年度)" in page
    assert "実践年度の記載なし" in page
    assert "福津市の区分は「一般市」です。" in page
    assert page.index("久留米市") < page.index("佐賀市") < page.index("高島市")
    assert "事例に属さない資料 2件" in page


def test_cities_wards_and_prefectures_lead_to_each_other(client: FlaskClient) -> None:
    city = client.get("/municipalities/401005").text
    assert "区の事例 2件" in city
    assert '<a href="/municipalities/401064">小倉北区</a> <span class="n">2件</span>' in city
    assert (
        '<a href="/municipalities/401005">北九州市</a>の区です。'
        in client.get("/municipalities/401064").text
    )
    prefecture = client.get("/municipalities/400009").text
    assert '<a href="/municipalities/402249">福津市</a> <span class="n">3件</span>' in prefecture


@pytest.mark.parametrize("typed", ["40224", "４０２２４９", "40362"])
def test_a_code_typed_otherwise_leads_to_its_page(client: FlaskClient, typed: str) -> None:
    answer = client.get(f"/municipalities/{typed}")
    assert answer.status_code == 302
    assert answer.headers["Location"] in ("/municipalities/402249", "/municipalities/403628")


@pytest.mark.parametrize("typed", ["402248", "999999", "福津市", "13114x"])
def test_what_is_no_code_has_no_page(client: FlaskClient, typed: str) -> None:
    assert client.get(f"/municipalities/{typed}").status_code == 404


def test_a_case_shows_its_lineage_and_leaves_out_empty_fields(client: FlaskClient) -> None:
    page = client.get("/cases/case-fukutsu").text
    assert "取り組みのつながり" in page
    assert "取り組みの概要" in page
    assert "制約条件" not in page
    assert "取り組みのつながり" not in client.get("/cases/case-nakano").text


def test_history_is_told_in_japanese(client: FlaskClient) -> None:
    page = client.get("/cases/case-fukutsu").text
    assert '2024年2月1日 登録 <span class="quiet">原文と照合</span>' in page
    assert "recorded" not in page


def test_citations_carry_the_address_readers_know(client: FlaskClient, app: Flask) -> None:
    app.config["KB_PUBLIC_URL"] = "https://kb.example.jp"
    assert "https://kb.example.jp/cases/case-fukutsu" in client.get("/cases/case-fukutsu").text
    assert 'template="https://kb.example.jp/search?q={searchTerms}"' in (
        client.get("/opensearch.xml").text
    )


def test_what_watches_the_site_is_answered(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ready"}
    assert "Disallow: /search" in client.get("/robots.txt").text
