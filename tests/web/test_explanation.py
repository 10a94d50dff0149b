"""Why results stand in their order: for curators who ask, and for nobody else."""

import json
from html import unescape

import pytest
from flask.testing import FlaskClient

from kb.domain.rights import Audience
from tests.web import html
from tests.web.conftest import build
from tests.web.fakes import FakeSearch

WHY = "この順になった理由"


def explained(audience: Audience, address: str) -> tuple[str, FakeSearch]:
    search = FakeSearch()
    return build(search, audience).test_client().get(address).text, search


def put_away(page: str) -> str:
    before, _, _ = page.partition("この順になった理由をしまう")
    return unescape(before.rpartition('href="')[2].partition('"')[0])


def test_a_curator_sees_the_parts_of_each_score(curator: FlaskClient) -> None:
    page = curator.get("/search?q=改善&explain=1").text
    assert page.count('<details class="fold why-order"') == 4
    assert page.count(f"<summary>{WHY}") == 4
    assert "<td>並んで1回</td>" not in page
    for told in (
        *("もっともよく当てはまるページ(", "5ページ目)", "8.100", "改善</span>"),
        "ことばの並び(改善運動、改善運動、改善運動など、4組)",
        *("<td>登録あり</td>", "<td>題名</td>", "組織 1回、目標 2回"),
    ):
        assert told in page, told
    assert "同じ点の結果がほかに2件あります" in page
    assert "同じ点の結果はほかにありません" in page


def test_a_curator_may_ask_for_it_and_put_it_away(curator: FlaskClient) -> None:
    links = html.Page(curator.get("/search?q=改善&theme=culture").text).links
    (ask,) = [link for link in links if "explain=1" in link]
    assert ask == "/search?q=%E6%94%B9%E5%96%84&theme=culture&explain=1"
    assert curator.get("/search").text.count("/search?explain=1") == 1
    open_page = curator.get(ask).text
    assert "この順になった理由をしまう" in open_page
    assert put_away(open_page) == "/search?q=%E6%94%B9%E5%96%84&theme=culture"


def test_it_stays_while_one_filters_and_turns_pages(curator: FlaskClient) -> None:
    page = curator.get("/search?q=改善&explain=1&page=2").text
    ways = [link for link in html.Page(page).links if link.startswith("/search?q=")]
    (away,) = [link for link in ways if "explain=1" not in link]
    assert away == put_away(page)
    assert any("page=3" in link or "page=1" in link or "sort=" in link for link in ways)
    assert '<input type="hidden" name="explain" value="1">' in page


@pytest.mark.parametrize("audience", [a for a in Audience if a is not Audience.CURATOR])
def test_others_get_the_ordinary_page(audience: Audience) -> None:
    page, search = explained(audience, "/search?q=改善&explain=1")
    plain, _ = explained(audience, "/search?q=改善")
    assert page == plain
    assert WHY not in page
    assert not search.asked[-1].explain
    told = json.loads(explained(audience, "/api/v1/search?q=改善&explain=1")[0])
    assert not any("explanation" in result for result in told["results"])


@pytest.mark.parametrize("value", ["0", "", "yes"])
def test_only_one_asks_for_it(value: str) -> None:
    page, search = explained(Audience.CURATOR, f"/search?q=改善&explain={value}")
    assert "why-order" not in page
    assert not search.asked[-1].explain


def test_the_interface_for_programs_tells_the_parts_too() -> None:
    told = json.loads(explained(Audience.CURATOR, "/api/v1/search?q=改善&explain=1")[0])
    for result in told["results"]:
        explanation = result["explanation"]
        total = (explanation["case"]["score"] + explanation["lift"]) * explanation["standing"]
        assert total == pytest.approx(explanation["score"], abs=1e-5)
        assert explanation["score"] == pytest.approx(result["score"], abs=1e-3)
    first = told["results"][0]["explanation"]
    assert first["best_page"]["page"] == 5
    assert first["case"]["clauses"][0] == {
        "typed": "カイゼン", "surface": "改善", "stream": "words", "tokens": ["改善"],
        "phrase": False, "times": [3], "weight": 1.0, "rarity": 1.2, "amount": 3.55,
    }  # fmt: skip
    assert first["case"]["clauses"][1]["stream"] is None
    assert told["results"][3]["explanation"]["best_page"] is None
