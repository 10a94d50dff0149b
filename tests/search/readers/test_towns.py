"""Several towns named one after another: those of either are meant."""

import pytest

from kb.search.query import Asked, ResultPage
from kb.search.service import SearchService


def ask(service: SearchService, text: str) -> ResultPage:
    return service.search(Asked(text, page_size=100))


def found(service: SearchService, text: str) -> set[str]:
    results = ask(service, text).results
    return {hit.case.id if hit.case else hit.documents[0].id for hit in results}


@pytest.mark.parametrize(
    "typed",
    ["中野区と福津市", "中野区、福津市", "福津市・中野区", "中野区 福津市",
     "福津市または中野区", "福津市及び中野区",
     "福間町　中野区", "ふくつし nakano"],
)  # fmt: skip
def test_towns_that_are_listed_are_alternatives(service: SearchService, typed: str) -> None:
    assert found(service, typed) == found(service, "福津市") | found(service, "中野区")


def test_with_other_words_those_must_hold(service: SearchService) -> None:
    either = found(service, "中野区 OR 福津市") & found(service, "組織目標")
    assert found(service, "中野区・福津市の組織目標") == either
    assert "case-fukutsu-2021" in either


def test_it_is_said_and_both_can_be_asked_for(service: SearchService) -> None:
    [chip] = [c for c in ask(service, "中野区と福津市 対談").understood if c.kind == "operator"]
    assert (chip.typed, chip.without) == ("中野区と福津市", "中野区 かつ 福津市 対談")
    both = ask(service, chip.without)
    assert not [c for c in both.understood if c.kind == "operator"]
    assert found(service, "中野区 かつ 福津市") == found(service, "中野区") & found(
        service, "福津市"
    )


@pytest.mark.parametrize(
    "typed",
    ["滋賀県 高島市", "高島市 滋賀県", "福津市 福間町", "横浜市 鶴見区", "福津市 係長 中野区"],
)
def test_where_a_town_lies_and_what_is_no_list_must_hold(
    service: SearchService, typed: str
) -> None:
    understanding = service._understand(typed, service._vocabulary())
    assert understanding.condition is None
    assert [chip for _, chip in understanding.operators] == []
