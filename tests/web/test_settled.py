"""Documents nobody has described: what the machine says is marked, and shown as far as it may."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from kb.catalogue.views import DocumentView
from kb.domain.rights import Audience, Rights, Terms
from kb.domain.settled import Decision, Field, Ground, Proposal, Value, settle, shown
from kb.search.query import Asked, DocumentHit, MunicipalityRef, ResultPage, SearchHit
from kb.web.app import create_app
from kb.web.services import Services
from tests.web import sample
from tests.web.fakes import FakeCatalogue, FakeOriginals, FakePageImages, FakeSearch

CANARY = sample.CANARY
STATEMENT = "この資料の複写はお控えください。"
TAG = "自動判定"


def proposal(value: Value, words: str, confidence: float = 0.97, rule: str = "head") -> Proposal:
    grounds = (
        Ground(1, "page", f"{CANARY}{words}{CANARY}", words),
        Ground(None, "file", f"{CANARY}.pdf"),
    )
    return Proposal(value, confidence, rule, grounds)


PROPOSALS = {
    Field.TITLE: (proposal("窓口改善の記録", "窓口改善の記録", 0.7),),
    Field.MUNICIPALITY: (proposal("402249", "福津市"),),
    Field.IMPLEMENTED_IN: (proposal(2021, "令和3年度"),),
    Field.THEMES: (proposal("counter", "窓口", 0.92), proposal("digital", CANARY, 0.5)),
    Field.RIGHTS_STATEMENT: (proposal(STATEMENT, STATEMENT, 0.95, "refusal"),),
}
DECISIONS = {Field.SERIES: Decision(("改善通信",), "編集担当", datetime(2026, 4, 1, tzinfo=UTC))}


def undescribed(terms: Terms = Terms.UNKNOWN) -> DocumentView:
    settlement = settle({Field.KIND: ("report",)}, PROPOSALS, DECISIONS, terms)
    return replace(
        sample.LONE, id="doc-new", title="窓口改善の記録", rights=Rights(terms),
        municipalities=(sample.FUKUTSU,), series="改善通信", settlement=settlement,
        event_id=None, event_title=None, event_held_on=None, presented_in=None,
    )  # fmt: skip


class Holding(FakeCatalogue):
    """Holds one such document."""

    def __init__(self, document: DocumentView) -> None:
        self._document = document

    def document(self, document_id: str, audience: Audience) -> DocumentView | None:
        return self._document


class Finding(FakeSearch):
    """Finds it and nothing else."""

    def __init__(self, document: DocumentView) -> None:
        super().__init__()
        self._document = document

    def search(self, asked: Asked) -> ResultPage:
        found, body = self._document, sample.FUKUTSU
        told = shown(found.settlement, found.rights, asked.audience)
        hit = DocumentHit(
            found.id, found.title, "report", "held", 2, 1, found.rights, None,
            municipalities=(MunicipalityRef(body.code, body.name, body.prefecture),),
            settled={name: replace(each, evidence=()) for name, each in told.items()},
        )  # fmt: skip
        return ResultPage(asked.text, 1, 1, 20, 1.0, (SearchHit(1.0, None, (hit,)),))


Open = Callable[[Audience, Terms], FlaskClient]


@pytest.fixture(scope="module")
def opened() -> Open:
    def client(audience: Audience, terms: Terms = Terms.UNKNOWN) -> FlaskClient:
        document = undescribed(terms)
        services = Services(Finding(document), Holding(document), FakeOriginals(), FakePageImages())
        app = create_app(services, public_url=None, secret_key="test", audience=audience)
        return app.test_client()

    return client


def plain(markup: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", markup).split())


def facts(client: FlaskClient) -> dict[str, str]:
    """What the document's page says of it, by label."""
    page = client.get("/documents/doc-new").text
    pairs = re.findall("<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", page, re.DOTALL)
    return {plain(label): plain(value) for label, value in pairs}


def test_what_the_machine_says_is_marked_with_its_words(opened: Open) -> None:
    told = facts(opened(Audience.ANONYMOUS))
    assert told["自治体"] == (
        "福岡県 福津市 自治体は 自動判定 確からしさ: 高い。根拠: 1ページ目 「福津市」"
    )
    assert "2021年度(令和3年度)" in told["実践年度"]
    assert "1ページ目 「令和3年度」" in told["実践年度"]
    assert "窓口・市民サービス" in told["テーマ"]
    assert "DX・ICT" not in told["テーマ"]


def test_what_is_recorded_is_bare_and_what_is_decided_is_for_curators(opened: Open) -> None:
    told, curated = facts(opened(Audience.ANONYMOUS)), facts(opened(Audience.CURATOR))
    assert told["シリーズ"] == "改善通信"
    assert curated["シリーズ"] == "改善通信 シリーズは 確定"
    assert TAG not in told["種類"]
    assert TAG not in curated["種類"]


def test_the_words_lead_to_their_page_where_it_may_be_read(opened: Open) -> None:
    link = 'href="/documents/doc-new/pages/1?q=%E7%A6%8F%E6%B4%A5%E5%B8%82"'
    assert link in opened(Audience.ANONYMOUS, Terms.OPEN).get("/documents/doc-new").text
    assert link in opened(Audience.CURATOR).get("/documents/doc-new").text
    assert link not in opened(Audience.ANONYMOUS).get("/documents/doc-new").text


@pytest.mark.parametrize(
    "address", ["/documents/doc-new", "/search?q=窓口", "/api/v1/search?q=窓口"]
)
@pytest.mark.parametrize("audience", [Audience.ANONYMOUS, Audience.STAFF, Audience.MEMBER])
def test_what_surrounds_the_words_is_shown_to_nobody_else(
    opened: Open, audience: Audience, address: str
) -> None:
    answer = opened(audience).get(address)
    told = str(answer.get_json()) if answer.is_json else answer.text
    assert "402249" in told
    assert CANARY not in told


def test_unsure_proposals_are_for_curators(opened: Open) -> None:
    curated = opened(Audience.CURATOR).get("/documents/doc-new").text
    assert "確かめてほしい自動判定" in curated
    assert "DX・ICT" in curated
    assert "低い" in curated
    for terms in (Terms.UNKNOWN, Terms.OPEN):
        told = opened(Audience.ANONYMOUS, terms).get("/documents/doc-new").text
        assert "確かめてほしい自動判定" not in told
        assert "DX・ICT" not in told


def test_a_recognised_refusal_stands_beside_the_rights(opened: Open) -> None:
    for address in ("/documents/doc-new", "/search?q=窓口"):
        page = opened(Audience.ANONYMOUS).get(address).text
        assert f"<q>{STATEMENT}</q>" in page
        assert "利用条件は確認できていません" in page
    opened_page = opened(Audience.ANONYMOUS, Terms.OPEN).get("/documents/doc-new").text
    assert STATEMENT not in opened_page


def test_a_result_names_place_and_years_like_that_of_a_case(opened: Open) -> None:
    page = opened(Audience.ANONYMOUS).get("/search?q=窓口").text
    head = plain(page[page.index('<li class="result">') :])
    assert head.startswith("実践 2021 年度 令和3年度 福岡県 福津市 自治体は 自動判定")
    assert "窓口改善の記録 題名は 自動判定" in head
    assert "実践 2021年度(令和3年度) 実践年度は 自動判定" in head


def test_programs_are_told_on_whose_word(opened: Open) -> None:
    answer = opened(Audience.ANONYMOUS).get("/api/v1/search?q=窓口").get_json()
    settled = answer["results"][0]["documents"][0]["settled"]
    assert settled["municipality"] == {
        "value": ["402249"], "basis": "proposed", "confidence": 0.97
    }  # fmt: skip
    assert settled["implemented_in"]["value"] == 2021
    assert settled["kind"] == {"value": "report", "basis": "recorded"}
    assert settled["series"] == {"value": "改善通信", "basis": "decided"}
