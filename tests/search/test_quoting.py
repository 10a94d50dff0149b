"""What results quote, and why they stand in their order, over the sample corpus."""

import pytest

from kb.domain.rights import SNIPPET_CHARACTERS, Audience, Terms
from kb.search.covering import MOST_PASSAGES
from kb.search.query import Asked, SearchHit
from kb.search.service import SearchService

QUESTIONS = ("改善", "改善 係長", "組織目標 対話 管理職", "福津市 改善 市長", "会議 職員 目標 時間")


def marked(hit: SearchHit) -> str:
    """Everything that is marked in a result, with a blank after each."""
    passages = [passage for document in hit.documents for passage in document.passages]
    return " ".join(each.text[a:b] for each in passages for a, b in each.marks)


@pytest.mark.parametrize("typed", QUESTIONS)
def test_passages_are_few_and_keep_the_rights_of_their_documents(
    service: SearchService, typed: str
) -> None:
    page = service.search(Asked(typed))
    assert any(document.passages for hit in page.results for document in hit.documents)
    for hit in page.results:
        assert sum(len(document.passages) for document in hit.documents) <= MOST_PASSAGES
        for document in hit.documents:
            quoted = sum(len(passage.text) for passage in document.passages if passage.page)
            if document.rights.effective is not Terms.OPEN:
                assert quoted <= SNIPPET_CHARACTERS


def test_the_passages_of_a_result_show_all_the_words_together(service: SearchService) -> None:
    page = service.search(Asked("会議 職員 目標 時間"))
    (hit,) = [h for h in page.results if h.case and h.case.id == "case-mihon-tsukimihara-2018"]
    assert all(word in marked(hit) for word in ("会議", "職員", "目標", "時間"))
    assert sum(len(document.passages) for document in hit.documents) == MOST_PASSAGES


def test_a_word_of_a_title_takes_no_place_from_the_pages(service: SearchService) -> None:
    page = service.search(Asked("会議 職員 目標 時間"))
    (hit,) = [h for h in page.results if h.case and h.case.id == "case-mihon-yukino-2014"]
    assert all(word in marked(hit) for word in ("会議", "職員", "時間"))


def test_curators_are_told_why_and_the_parts_add_up(service: SearchService) -> None:
    for typed in QUESTIONS:
        page = service.search(Asked(typed, audience=Audience.CURATOR, explain=True))
        for hit in page.results:
            assert hit.explanation is not None
            assert hit.explanation.score == hit.score
            assert hit.explanation.total == pytest.approx(hit.score, abs=1e-6)
            best = hit.explanation.best_page
            assert best is None or best.clauses


@pytest.mark.parametrize("audience", [a for a in Audience if a is not Audience.CURATOR])
def test_nobody_else_is_told(service: SearchService, audience: Audience) -> None:
    page = service.search(Asked("改善", audience=audience, explain=True))
    assert page.results
    assert all(hit.explanation is None for hit in page.results)


def test_nobody_is_told_who_did_not_ask(service: SearchService) -> None:
    page = service.search(Asked("改善", audience=Audience.CURATOR))
    assert all(hit.explanation is None for hit in page.results)
