"""Documents that nobody described: filtered, counted and named by what is settled of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from indexer import taking_in
from indexer.ingest import Intake
from indexer.installation import Installation
from kb.catalogue.entries import Authorship, CaseEntry, DocumentEntry, HeldFile, PageEntry
from kb.catalogue.views import TokenSpans
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind
from kb.domain.rights import SNIPPET_CHARACTERS, Audience, Rights
from kb.domain.settled import Basis, Field
from kb.search.query import Asked, Facet, ResultPage, SearchHit
from kb.search.service import SearchService, open_service
from tests.conftest import SHARED

CURATOR = Authorship("編集担当")
NO_TOKENS = TokenSpans((), (), ())
STATEMENT = "この資料の複写はお控えください。"
TEXT = "窓口の改善の記録。" * 40


def proposal(value: object, confidence: float = 0.97, rule: str = "head") -> dict[str, Any]:
    return {"value": value, "confidence": confidence, "rule": rule, "evidence": []}


PROPOSED: Mapping[str, Any] = {
    "title": proposal("読み取った題", 0.7),
    "municipality": proposal("402249"),
    "implemented_in": proposal(2021),
    "presented_in": proposal(2022),
    "kind": proposal("slides"),
    "themes": [proposal("counter", 0.92), proposal("digital", 0.6)],
    "functions": [proposal("tax", 0.95)],
    "rights_statement": proposal(STATEMENT, 0.95, "refusal"),
}


def entry(number: int) -> DocumentEntry:
    filled = (Field.TITLE.value, Field.KIND.value)
    return DocumentEntry(
        f"doc-{number}", f"file{number}", DocumentKind.OTHER, Rights(), filled=filled
    )


def attach(installation: Installation, number: int, recognised: Mapping[str, Any]) -> None:
    page = PageEntry(1, TEXT, None, 0, 0, False, None, NO_TOKENS, NO_TOKENS)
    held = HeldFile(
        f"{number}" * 64, 10, "application/pdf", "資料.pdf", "indexed", None, "pdf 1", 1, None,
        (page,), "none", recognised=recognised,
    )  # fmt: skip
    with writing(installation.database, CURATOR) as writer:
        writer.attach_file(f"doc-{number}", held)


@pytest.fixture
def filled(installation: Installation) -> Installation:
    """One document with sure proposals, one with unsure ones, one in a case of another town."""
    unsure = {**PROPOSED, **{name: proposal(PROPOSED[name]["value"], 0.89) for name in (
        "municipality", "implemented_in", "presented_in", "kind")}}  # fmt: skip
    with writing(installation.database, CURATOR) as writer:
        writer.record_case(CaseEntry("case-1", "中野区の事例", ("131148",), implemented_in=2019))
        for number in (1, 2):
            writer.record_document(entry(number))
        writer.record_document(replace(entry(3), case_id="case-1"))
    attach(installation, 1, PROPOSED)
    attach(installation, 2, unsure)
    attach(installation, 3, PROPOSED)
    installation.reindexer.sync()
    return installation


@pytest.fixture
def service(filled: Installation) -> SearchService:
    return open_service(filled.database, filled.search_url, data_dir=filled.data_dir)


def ask(service: SearchService, text: str = "", **filters: str) -> ResultPage:
    return service.search(Asked(text, {Facet(name): (value,) for name, value in filters.items()}))


def named(page: ResultPage) -> list[str]:
    return [hit.case.id if hit.case else hit.documents[0].id for hit in page.results]


@pytest.mark.parametrize(
    ("name", "value"),
    [("municipality", "ふくつし"), ("prefecture", "福岡県"), ("implemented_in", "R3"),
     ("presented_in", "令和4年度"), ("theme", "窓口・市民サービス"), ("department", "税務")],
)  # fmt: skip
def test_sure_proposals_are_filtered_by_and_unsure_ones_are_not(
    service: SearchService, name: str, value: str
) -> None:
    assert "doc-1" in named(ask(service, **{name: value}))
    if name not in ("theme", "department"):
        assert named(ask(service, **{name: value})) == ["doc-1"]


def test_the_kind_of_a_document_is_settled_also_in_a_case(service: SearchService) -> None:
    assert sorted(named(ask(service, kind="slides"))) == ["case-1", "doc-1"]


def test_facets_count_what_is_settled(service: SearchService) -> None:
    facets = ask(service).facets
    counts = {count.value: count.count for count in facets[Facet.MUNICIPALITY]}
    assert counts == {"402249": 1, "131148": 1}
    assert {c.value: c.count for c in facets[Facet.IMPLEMENTED_IN]} == {"2021": 1, "2019": 1}


def test_a_place_in_the_question_finds_it(service: SearchService) -> None:
    assert named(ask(service, "福津市 窓口"))[0] == "doc-1"


def first(page: ResultPage) -> SearchHit:
    return page.results[0]


def test_a_result_names_place_and_years_and_on_whose_word(service: SearchService) -> None:
    [document] = first(ask(service, municipality="福津市")).documents
    assert [body.name for body in document.municipalities] == ["福津市"]
    assert (document.year("implemented_in"), document.year("presented_in")) == (2021, 2022)
    assert document.title == "読み取った題"
    assert document.settled[Field.MUNICIPALITY].basis is Basis.PROPOSED
    assert all(each.evidence == () for each in document.settled.values())


def test_a_recognised_statement_counts_among_what_may_be_quoted(service: SearchService) -> None:
    [document] = first(ask(service, "窓口", municipality="福津市")).documents
    assert document.settled[Field.RIGHTS_STATEMENT].value == STATEMENT
    quoted = sum(len(passage.text) for passage in document.passages)
    assert 0 < quoted <= SNIPPET_CHARACTERS - len(STATEMENT)


def test_the_case_of_a_document_keeps_its_own_fields(service: SearchService) -> None:
    hit = first(ask(service, municipality="中野区"))
    assert hit.case is not None
    assert [body.name for body in hit.case.municipalities] == ["中野区"]
    assert "case-1" not in named(ask(service, implemented_in="2021"))


def test_a_decision_reaches_the_index_by_difference(
    filled: Installation, service: SearchService
) -> None:
    with writing(filled.database, CURATOR) as writer:
        writer.decisions.decide("doc-1", Field.MUNICIPALITY, ["244724"])
        writer.decisions.decide("doc-2", Field.MUNICIPALITY, ["402249"])
    report = filled.reindexer.sync()
    assert report.put > 0
    assert report.unchanged > 0
    assert named(ask(service, municipality="南伊勢町")) == ["doc-1"]
    assert named(ask(service, municipality="福津市")) == ["doc-2"]
    assert filled.reindexer.differences() == ((), ())
    with writing(filled.database, CURATOR) as writer:
        writer.decisions.take_back("doc-1", Field.MUNICIPALITY)
    filled.reindexer.sync()
    assert sorted(named(ask(service, municipality="福津市"))) == ["doc-1", "doc-2"]


def test_a_new_proposal_reaches_the_index_by_difference(
    filled: Installation, service: SearchService
) -> None:
    attach(filled, 2, {**PROPOSED, "municipality": proposal("131148")})
    report = filled.reindexer.sync()
    assert report.unchanged > 0
    assert named(ask(service, municipality="福津市")) == ["doc-1"]
    assert sorted(named(ask(service, municipality="中野区"))) == ["case-1", "doc-2"]


def test_a_decision_that_settles_none_takes_it_out(
    filled: Installation, service: SearchService
) -> None:
    with writing(filled.database, CURATOR) as writer:
        writer.decisions.decide("doc-1", Field.MUNICIPALITY, [])
    filled.reindexer.sync()
    assert named(ask(service, municipality="福津市")) == []
    assert filled.catalogue.document("doc-1", Audience.ANONYMOUS) is not None


@pytest.mark.shared
def test_real_papers_are_found_by_the_town_they_come_from(
    installation: Installation, shared: Any
) -> None:
    folder = SHARED / "data" / "pdf" / "nobeoka-shisei-portal"
    papers = sorted(folder.rglob("*.pdf"))[:6]
    list(taking_in.files(installation, papers, Intake(), workers=2).results)
    installation.reindexer.sync()
    service = open_service(
        installation.database, installation.search_url, data_dir=installation.data_dir
    )
    page = ask(service, municipality="延岡市")
    assert page.total == len(papers)
    for hit in page.results:
        assert [body.code for body in hit.documents[0].municipalities] == ["452033"]
        assert hit.documents[0].settled[Field.MUNICIPALITY].basis is Basis.PROPOSED
