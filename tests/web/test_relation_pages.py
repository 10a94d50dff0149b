"""Casebooks, parts at events, people over time, programmes and series as they are drawn."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kb.catalogue.views import DocumentView
from kb.domain.page_ranges import PageRanges
from kb.domain.rights import Audience
from kb.search.query import Asked, DocumentHit
from kb.web import addresses, display
from kb.web.answer import Writer
from tests.web import html, sample, sample_people
from tests.web.conftest import build
from tests.web.fakes import FakeSearch


def in_order(text: str, *parts: str) -> bool:
    """Whether each part stands somewhere after the one before it."""
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
    return True


def test_a_casebook_has_a_table_of_its_cases(client: FlaskClient) -> None:
    answer = client.get("/documents/doc-casebook?q=改善").text
    links = html.Page(answer).links
    assert in_order(answer, "この資料にのっている事例", "海鳴町", "福津市")
    assert "2〜5ページ" in answer
    assert addresses.case("case-uminari", "改善") in links
    for page in (2, 5, 8):
        assert addresses.document_page("doc-casebook", page, "改善") in links


def test_the_table_of_a_restricted_casebook_leads_to_no_page(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: DocumentView = replace(sample.CASEBOOK, rights=sample.NO_COPY)
    monkeypatch.setitem(sample.DOCUMENTS, closed.id, closed)
    answer = client.get("/documents/doc-casebook").text
    assert "2〜5ページ" in answer
    assert not [link for link in html.Page(answer).links if "/doc-casebook/pages/" in link]
    assert sample.STATEMENT in answer


@pytest.mark.parametrize(
    ("page", "cases"),
    [
        (1, set()),
        (3, {"case-uminari"}),
        (5, {"case-uminari", "case-fukutsu"}),
        (7, set()),
        (8, {"case-uminari"}),
    ],
)
def test_a_page_names_the_cases_it_tells_of(
    client: FlaskClient, page: int, cases: set[str]
) -> None:
    answer = client.get(f"/documents/doc-casebook/pages/{page}").text
    assert answer.count("このページの事例") == len(cases)
    links = html.Page(answer).links
    assert {case for case in sample.CASES if addresses.case(case) in links} == cases


def test_a_case_opens_the_casebook_at_its_first_page(client: FlaskClient) -> None:
    answer = client.get("/cases/case-uminari").text
    assert "この事例は2〜5、8ページ目" in answer
    for page in (2, 8):
        assert addresses.document_page("doc-casebook", page) in html.Page(answer).links
    assert addresses.document_file("doc-casebook", page=2) in html.Page(answer).links


def test_an_event_groups_its_documents_by_their_part(client: FlaskClient) -> None:
    answer = client.get("/events/ev-2022").text
    assert in_order(
        answer, "発表された資料", "報告の資料", sample.CASEBOOK.title, "使われた様式",
        sample.LOCATED.title,
    )  # fmt: skip


def test_a_part_of_hidden_documents_is_not_drawn(client: FlaskClient) -> None:
    assert "案内の資料" not in client.get("/events/ev-2022").text
    inside = build(FakeSearch(), Audience.STAFF).test_client()
    assert "案内の資料" in inside.get("/events/ev-2022").text


def test_an_event_leads_to_its_series_and_shows_the_lineage_of_its_cases(
    client: FlaskClient,
) -> None:
    answer = client.get("/events/ev-2022").text
    assert addresses.series("改善発表会") in html.Page(answer).links
    assert in_order(answer, "取り組みのつながり", "2020年度", "この催しで発表")


def test_a_document_says_what_it_was_to_which_event_and_of_which_series(
    client: FlaskClient,
) -> None:
    answer = client.get("/documents/doc-casebook").text
    assert in_order(answer, "催しでの役割", "報告の資料", sample.EVENT.title)
    assert addresses.series("改善発表会 事例集") in html.Page(answer).links


def test_a_person_is_drawn_over_time_with_titles(client: FlaskClient) -> None:
    answer = client.get("/people/p-1").text
    assert in_order(
        answer, "はらさきともひと", "原崎智仁", "時期の記載なし", "福津市 総務課 係長",
        "2021〜2022年", "福津市長", "応援メッセージ", "対談",
    )  # fmt: skip
    assert in_order(answer, "開催記録", sample.EVENT.title)
    assert sample.LONE.title in answer
    assert sample.INTERNAL_TITLE not in answer


def test_a_programme_is_drawn_year_by_year(client: FlaskClient) -> None:
    answer = client.get("/programmes/prog").text
    assert in_order(
        answer, "2021年度(令和3年度)", "職場力を高める組織目標とは?", "2020年度(令和2年度)",
        "まだありません", "年度の記載なし", "取り組みのつながり", "この事業",
        "発表された開催記録",
    )  # fmt: skip


def test_a_series_of_events_shows_numbers_of_people_and_cases(client: FlaskClient) -> None:
    answer = client.get("/series/改善発表会").text
    assert in_order(
        answer, "改善発表会2022", "参加 40人、うち会場11人", "第5回", "定員 30名",
        "職場力を高める組織目標とは?", "改善発表会2019",
    )  # fmt: skip


def test_a_series_of_documents_shows_its_numbers(client: FlaskClient) -> None:
    answer = client.get("/series/改善発表会%20事例集").text
    assert in_order(answer, "資料", sample.CASEBOOK.title, "第5号")
    assert sample.INTERNAL_TITLE not in answer


def test_series_are_listed_and_unknown_ones_are_not_there(client: FlaskClient) -> None:
    links = html.Page(client.get("/series").text).links
    assert {addresses.series(name) for name in sample_people.SERIES} <= set(links)
    assert "/series" in html.Page(client.get("/events").text).links
    assert client.get("/series/どこにもない").status_code == 404


def test_the_address_of_a_series_is_quoted_and_given_to_its_card(client: FlaskClient) -> None:
    assert addresses.series("通信/春 号") == "/series/%E9%80%9A%E4%BF%A1%2F%E6%98%A5%20%E5%8F%B7"
    for kind in ("document_series", "event_series"):
        assert addresses.entity(kind, "改善発表会", "改善発表会") == addresses.series("改善発表会")
    told = client.get("/api/v1/search?q=福間町").get_json()["entities"]
    assert addresses.series("改善発表会 事例集") in [each["url"] for each in told]


def test_every_card_says_why(client: FlaskClient) -> None:
    answer = client.get("/search?q=福間町").text
    assert in_order(
        answer, "福間町は、2005年1月24日に", "改善発表会2022", "この催しの資料に書かれています"
    )


def test_an_excerpt_is_told_in_the_answer_and_other_documents_are_as_they_were() -> None:
    [first, *_] = FakeSearch().search(Asked("改善")).results
    document: DocumentHit = replace(first.documents[0], excerpt=sample.UMINARI_PAGES)
    hit = replace(first, documents=(document, *first.documents[1:]))
    page = replace(FakeSearch().search(Asked("改善")), results=(hit,))
    told = Writer(Asked("改善")).answer(page)["results"][0]["documents"]
    ranges = [{"first_page": 2, "last_page": 5}, {"first_page": 8, "last_page": 8}]
    assert told[0]["excerpt"] == {"first_page": 2, "last_page": 8, "ranges": ranges}
    assert "excerpt" not in told[1]


def test_ranges_and_periods_are_written_for_readers() -> None:
    day = sample.EVENT.held_on
    assert display.page_ranges(PageRanges(((3, 5), (8, 8)))) == "3〜5、8ページ"
    assert [display.span(pages) for pages in ((3, 5), (3, 3))] == ["3〜5ページ", "3ページ"]
    assert [display.period(day, day), display.period(None, None)] == ["2022年", ""]
