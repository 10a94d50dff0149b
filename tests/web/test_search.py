"""The results page: what was understood, filters, order, pager, empty answers."""

from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from kb.search.query import Facet, Scope, Sort
from tests.web import html
from tests.web.fakes import FakeSearch


def hrefs(client: FlaskClient, address: str) -> list[dict[str, list[str]]]:
    links = html.Page(client.get(address).text).links
    return [parse_qs(urlsplit(link).query) for link in links if link.startswith("/search?")]


def test_parameters_become_a_question(client: FlaskClient, search: FakeSearch) -> None:
    client.get(
        "/search?q=+改善%00案+&municipality=131148&municipality=中野区&municipality=&theme=culture"
        "&implemented_in=R3&scope=page&sort=municipality&page=3"
    )
    asked = search.asked[-1]
    assert asked.text == "改善 案"
    assert asked.filters == {
        Facet.MUNICIPALITY: ("131148", "中野区"),
        Facet.THEME: ("culture",),
        Facet.IMPLEMENTED_IN: ("R3",),
    }
    assert (asked.scope, asked.sort, asked.page) == (Scope.PAGE, Sort.MUNICIPALITY, 3)


@pytest.mark.parametrize(
    "query",
    ["page=abc", "page=0", "page=-1", "page=1000000000", "page=1_0", "sort=best", "scope=all",
     "&".join(f"theme={n}" for n in range(99))],
)  # fmt: skip
def test_a_bad_parameter_is_told_not_guessed(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/search?{query}")
    assert answer.status_code == 400
    assert "検索" in answer.text


def test_a_question_that_is_too_long_says_how_long_it_may_be(client: FlaskClient) -> None:
    answer = client.get("/search", query_string={"q": "改" * 501})
    assert answer.status_code == 400
    assert "500文字まで" in answer.text
    assert "501文字" in answer.text
    assert client.get("/search", query_string={"q": "改" * 500}).status_code == 200


def test_every_reading_can_be_removed(client: FlaskClient) -> None:
    page = client.get("/search?q=福間町+カイゼン+打破&theme=culture").text
    assert "<b>福間町</b>" in page
    assert "どの資料にもありません" in page
    assert 'class="chip missing"' in page
    without = [
        h["q"][0] for h in hrefs(client, "/search?q=福間町+カイゼン+打破&theme=culture") if "q" in h
    ]
    assert "福間町 カイゼン" in without
    assert all(
        "theme" in h
        for h in hrefs(client, "/search?q=福間町+打破&theme=culture")
        if h.get("q", [""])[0] == "福間町"
    )


def test_did_you_mean_leads_to_the_better_question(client: FlaskClient) -> None:
    page = unescape(client.get("/search?q=福間町+打破").text)
    assert "もしかして" in page
    assert "福間町 打開" in [h.get("q", [""])[0] for h in hrefs(client, "/search?q=福間町+打破")]


def test_words_that_are_not_held_together_can_be_left_out(client: FlaskClient) -> None:
    page = client.get("/search?q=改善+一部&theme=culture").text
    assert "一部のことばを含むものを表示しています。" in page
    assert "「一部」を外す" in page
    assert {"q": ["改善"], "theme": ["culture"]} in hrefs(
        client, "/search?q=改善+一部&theme=culture"
    )


def test_a_name_of_two_places_offers_the_other(client: FlaskClient) -> None:
    assert "または" in client.get("/search?q=中野").text
    assert {"q": ["長野県中野市"]} in hrefs(client, "/search?q=中野")


def test_chosen_values_come_first_and_can_be_given_up(client: FlaskClient) -> None:
    address = "/search?q=改善&theme=workstyle&theme=culture&municipality=福津市"
    page = client.get(address).text
    theme = page[page.index("<legend>テーマ") :]
    assert theme.index("働き方") < theme.index("組織目標・目標管理")
    assert page.count(" checked>") == 3
    left = hrefs(client, address)
    assert {"q": ["改善"], "theme": ["workstyle"], "municipality": ["402249"]} in left
    assert {"q": ["改善"], "theme": ["culture", "workstyle"]} in left
    assert {"q": ["改善"]} in left


def test_long_facets_are_folded(client: FlaskClient) -> None:
    page = client.get("/search?q=改善").text
    assert "ほかのテーマ 7" in page
    assert "ほかの実践年度 3" in page


def test_specimens_are_named_in_the_facet(client: FlaskClient) -> None:
    assert "海鳴町(見本)" in client.get("/search?q=改善").text


def test_scope_and_order_keep_the_question(client: FlaskClient) -> None:
    left = hrefs(client, "/search?q=改善&theme=culture&page=2")
    assert {"q": ["改善"], "theme": ["culture"], "scope": ["page"]} in left
    assert {"q": ["改善"], "theme": ["culture"], "sort": ["implemented_in"]} in left


def test_the_pager_leads_everywhere_and_says_where_one_is(client: FlaskClient) -> None:
    pages = [h.get("page", ["1"])[0] for h in hrefs(client, "/search?q=改善&page=2")]
    assert "3" in pages
    page = html.Page(client.get("/search?q=改善&page=2").text)
    assert {"rel": "prev", "href": "/search?q=%E6%94%B9%E5%96%84"} in page.all("a")
    assert any(a.get("aria-current") == "page" for a in page.all("span"))


def test_a_page_beyond_the_last_leads_back(client: FlaskClient) -> None:
    assert "1ページ目を見る" in client.get("/search?q=改善&page=99").text


def test_passages_name_document_and_page_and_are_marked(client: FlaskClient) -> None:
    page = client.get("/search?q=改善").text
    assert "5ページ目" in page
    assert "<mark>改善</mark>ボード" in page
    assert "&lt;b&gt;係長&lt;/b&gt;" in page
    assert "/documents/doc-slides/pages/5?q=%E6%94%B9%E5%96%84" in page


def test_the_rest_of_a_case_is_one_link_away(client: FlaskClient) -> None:
    page = client.get("/search?q=改善").text
    assert "この事例のほかの4か所を見る" in page
    assert "/documents/doc-slides?q=%E6%94%B9%E5%96%84#pages" in page


def test_a_located_document_is_named_without_a_page(client: FlaskClient) -> None:
    page = client.get("/search?q=改善").text
    assert "所在のみ" in page
    assert "0ページ目" not in page


def test_the_rights_statement_stands_beside_every_hit(client: FlaskClient) -> None:
    page = client.get("/search?q=改善").text
    assert page.count("<q>(見本の原文:この資料の転載はご遠慮ください。)</q>") == 2
    assert "閲覧・引用・ダウンロードできます" in page


def test_an_empty_answer_says_why_and_leads_on(client: FlaskClient) -> None:
    page = client.get("/search?q=ドローン+避難所").text
    assert "「ドローン」は、収めている資料のどこにも出てきません" in page
    assert "「ドローン」を外す" in page
    assert "/themes/culture" in page
    questions = [h.get("q", [""])[0] for h in hrefs(client, "/search?q=ドローン+避難所")]
    assert "避難所" in questions
    assert "ドロー 避難所" in questions


def test_an_unknown_filter_finds_nothing_and_says_so(client: FlaskClient) -> None:
    page = client.get("/search?q=改善&municipality=どこにもない町").text
    assert "「どこにもない町」という自治体は登録されていません。" in page
    assert 'class="result"' not in page
    assert {"q": ["改善"]} in hrefs(client, "/search?q=改善&municipality=どこにもない町")


def test_a_typed_year_beyond_all_calendars_is_no_error_of_ours(client: FlaskClient) -> None:
    assert client.get("/search?q=改善&implemented_in=9999").status_code == 200
