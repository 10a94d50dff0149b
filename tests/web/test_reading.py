"""Reading a page: the way from mark to mark, and what is said when there is none."""

import pytest
from flask.testing import FlaskClient

from kb.search.engine import BadQuery
from tests.web import html
from tests.web.fakes import FakeSearch

PAGE = "/documents/doc-slides/pages/5?q=改善"
Q = "q=%E6%94%B9%E5%96%84"


def hit_link(client: FlaskClient, address: str, way: str) -> str | None:
    links = html.Page(client.get(address).text).all("a")
    return next((a["href"] for a in links if a.get("data-hit") == way), None)


def test_marks_have_anchors_and_one_is_the_present(client: FlaskClient) -> None:
    page = html.Page(client.get(f"{PAGE}&hit=2").text)
    assert [m.get("id") for m in page.all("mark")] == ["hit-1", "hit-2", "hit-3", "hit-4"]
    assert [m.get("id") for m in page.all("mark") if m.get("class") == "now"] == ["hit-2"]


def test_the_title_is_a_heading_though_the_page_breaks_it(client: FlaskClient) -> None:
    text = client.get(PAGE).text
    assert '<h3>朝10分の<mark id="hit-1" class="now">改善</mark><br>\nミーティング</h3>' in text


def test_next_and_previous_go_over_pages(client: FlaskClient) -> None:
    slides = "/documents/doc-slides/pages"
    assert hit_link(client, f"{PAGE}&hit=1", "next") == f"{slides}/5?{Q}&hit=2#hit-2"
    assert hit_link(client, f"{PAGE}&hit=4", "next") == f"{slides}/9?{Q}&hit=1#hit-1"
    assert hit_link(client, f"{PAGE}&hit=1", "prev") == f"{slides}/3?{Q}&hit=1#hit-1"
    assert hit_link(client, f"{slides}/9?q=改善", "prev") == f"{slides}/5?{Q}&hit=4#hit-4"
    assert hit_link(client, f"{slides}/3?q=改善", "prev") is None
    assert hit_link(client, f"{slides}/12?q=改善", "next") is None
    assert hit_link(client, f"{slides}/10?q=改善", "next") == f"{slides}/12?{Q}&hit=1#hit-1"


def test_one_can_walk_through_every_mark(client: FlaskClient) -> None:
    address: str | None = "/documents/doc-slides/pages/1?q=改善"
    walked = []
    while address := hit_link(client, str(address), "next"):
        walked.append(address)
    assert len(walked) == 7
    assert len(set(walked)) == 7


@pytest.mark.parametrize(
    ("hit", "said"),
    [("1", "<b>2</b> / 7か所"), ("3", "<b>4</b> / 7か所"), ("99", "<b>5</b> / 7か所")],
)
def test_it_says_where_one_is(client: FlaskClient, hit: str, said: str) -> None:
    assert said in client.get(f"{PAGE}&hit={hit}").text


def test_the_strip_counts_marks_on_every_page(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    assert "14ページ・7か所" in page
    assert page.count('class="has"') == 4


@pytest.mark.parametrize("number", ["0", "15", "99999999999999999999", "abc"])
def test_a_page_that_is_not_there(client: FlaskClient, number: str) -> None:
    assert client.get(f"/documents/doc-slides/pages/{number}").status_code == 404


def test_a_bad_hit_is_told(client: FlaskClient) -> None:
    assert client.get(f"{PAGE}&hit=x").status_code == 400


@pytest.mark.parametrize(
    ("number", "said"),
    [(6, "文字を読み取れていません"), (7, "文字の並びが壊れています。"), (13, "文字はありません")],
)
def test_a_page_without_text_says_why(client: FlaskClient, number: int, said: str) -> None:
    assert said in client.get(f"/documents/doc-slides/pages/{number}").text


def test_a_page_is_readable_while_the_index_is_not(client: FlaskClient, search: FakeSearch) -> None:
    search.unavailable = True
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "印を付けずに表示しています" in page.text
    assert "始業前の10分に絞り" in page.text
    assert client.get("/documents/doc-slides?q=改善").status_code == 200


def test_a_question_that_cannot_be_understood_marks_nothing(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise BadQuery("そのような自治体はありません")

    monkeypatch.setattr(FakeSearch, "read", refuses)
    page = client.get("/documents/doc-slides/pages/5?q=自治体:ない町")
    assert page.status_code == 200
    assert "見つかりません" in page.text
    assert "始業前の10分に絞り" in page.text


def test_a_lost_page_is_not_taken_for_a_missing_index(client: FlaskClient) -> None:
    page = client.get("/documents/doc-slides/pages/13?q=改善").text
    assert "このページに「改善」は見つかりません。" in page
    assert "検索の準備" not in page
