"""Words for what everything here is: they rank, and need not be held."""

import pytest

from kb.search.query import Asked, ResultPage
from kb.search.readers.general import Stands, general_words
from kb.search.service import SearchService


def ask(service: SearchService, text: str) -> ResultPage:
    return service.search(Asked(text, page_size=100))


def cases(page: ResultPage) -> set[str]:
    return {hit.case.id for hit in page.results if hit.case}


def stands(typed: str, *words: str, excluded: tuple[str, ...] = ()) -> list[Stands]:
    found = ((word, typed.index(word)) for word in words)
    return [Stands(at, at + len(word), word in excluded) for word, at in found]


@pytest.mark.parametrize(
    "typed",
    ["移住 事例", "移住の事例", "移住 取組", "移住 先進事例", "他市 移住", "移住の例はありますか",
     "移住の取り組み事例"],
)  # fmt: skip
def test_what_is_about_it_answers_whether_it_calls_itself_a_case_or_not(
    service: SearchService, typed: str
) -> None:
    assert cases(ask(service, typed)) == cases(ask(service, "移住"))


def test_it_is_said_and_the_word_can_be_asked_for(service: SearchService) -> None:
    [chip] = [c for c in ask(service, "移住 事例").understood if c.kind == "general"]
    assert (chip.typed, chip.without) == ("事例", '移住 "事例"')
    narrowed = ask(service, chip.without)
    assert not [c for c in narrowed.understood if c.kind == "general"]
    assert cases(narrowed) < cases(ask(service, "移住"))


def test_what_is_left_out_stays_out(service: SearchService) -> None:
    page = ask(service, "移住の事例 -灯台町")
    assert "case-minamiise-2020" in cases(page)
    assert not any("todai" in case for case in cases(page))


def test_alone_it_is_asked_for(service: SearchService) -> None:
    assert {c.kind for c in ask(service, "事例").understood} == set()
    assert ask(service, "事例").total < ask(service, "").total


def test_only_what_ends_the_words_between_blanks_is_general() -> None:
    name = "改善事例発表会"
    assert not general_words(name, stands(name, "改善", "事例", "発表会"), in_sentence=False)
    two = "移住の取り組み事例"
    words = stands(two, "移住", "取り組み", "事例")
    assert general_words(two, words, in_sentence=False) == {1, 2}
    assert not general_words("事例", stands("事例", "事例"), in_sentence=False)
    left_out = stands("移住 事例", "移住", "事例", excluded=("移住",))
    assert not general_words("移住 事例", left_out, in_sentence=False)
