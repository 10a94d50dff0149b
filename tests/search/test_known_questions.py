"""Judging an answer: each thing that may be expected, there and lacking."""

import pytest

from kb.domain.known_question import Expected
from kb.domain.rights import Rights
from kb.search.known_questions import Given, given, shortfalls
from kb.search.query import (
    CaseRef,
    DocumentHit,
    Entity,
    Passage,
    ResultPage,
    SearchHit,
    Suggestion,
    Understood,
)

GIVEN = Given(
    total=3,
    first=("case-a",),
    shown=frozenset({"case-a", "case-b", "doc-c", "ev-d"}),
    pages=frozenset({("doc-c", 5)}),
    suggested=("福津市",),
    understood=frozenset({"place"}),
    missing=("ドローン",),
)


@pytest.mark.parametrize(
    "expected",
    [
        Expected(first=("case-z", "case-a")),
        Expected(found=(("case-b",), ("doc-z", "ev-d"))),
        Expected(found=(("doc-c#5",),)),
        Expected(suggested=("福津市",)),
        Expected(missing=("ﾄﾞﾛｰﾝ",)),
        Expected(understood=("place",)),
    ],
)
def test_what_is_there_is_nothing_to_complain_of(expected: Expected) -> None:
    assert shortfalls(expected, GIVEN) == ()


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        (Expected(first=("case-b",)), ["最初の結果は case-a で、case-b ではありません。"]),
        (Expected(nothing=True), ["3件見つかりました(見つからないはずです)。"]),
        (Expected(found=(("case-b",), ("x", "y"))), ["x|y が、初めの10件にありません。"]),
        (Expected(found=(("doc-c#6",),)), ["doc-c#6 が、初めの10件にありません。"]),
        (Expected(suggested=("中野区",)), ["「中野区」を候補に挙げていません。"]),
        (Expected(missing=("打破",)), ["「打破」がどの資料にもないことを、伝えていません。"]),
        (Expected(understood=("year",)), ["year として読み取っていません。"]),
    ],
)
def test_what_is_lacking_is_told_in_a_sentence(expected: Expected, told: list[str]) -> None:
    assert [each.sentence for each in shortfalls(expected, GIVEN)] == told


def case(name: str) -> CaseRef:
    return CaseRef(name, "", None, (), None, None, None, (), (), None, False)


def document(name: str, *pages: int) -> DocumentHit:
    quotes = tuple(Passage(page, "", ()) for page in pages)
    return DocumentHit(name, "", "report", "held", 9, len(pages), Rights(), None, quotes)


def test_an_answer_gives_its_first_results_and_its_words() -> None:
    hits = (
        SearchHit(2.0, case("case-a"), (document("doc-b", 5, 6), document("doc-c"))),
        SearchHit(1.0, None, (document("doc-d", 1),)),
    )
    page = ResultPage(
        "", 2, 1, 20, 1.0, hits,
        understood=tuple(
            Understood(word, kind, (), "", "")
            for word, kind in (("打破", "missing"), ("中野", "place"))
        ),
        entities=(Entity("event", "ev-e", "", ""),),
        suggestions=(Suggestion("did_you_mean", "福津市", ""), Suggestion("drop_word", "x", "")),
    )  # fmt: skip
    found = given(page, 1)
    assert found.first == ("case-a",)
    assert found.shown == {"case-a", "doc-b", "doc-c", "ev-e"}
    assert found.pages == {("doc-b", 5), ("doc-b", 6)}
    assert given(page, 2).shown == found.shown | {"doc-d"}
    assert (found.suggested, found.missing) == (("福津市",), ("打破",))
    assert found.understood == {"missing", "place"}


def test_a_result_without_a_case_is_its_documents() -> None:
    page = ResultPage("", 1, 1, 20, 1.0, (SearchHit(1.0, None, (document("doc-d"),)),))
    assert shortfalls(Expected(first=("doc-d",)), given(page, 10)) == ()


def test_an_empty_answer_has_no_first_result() -> None:
    page = ResultPage("", 0, 1, 20, 1.0, ())
    told = shortfalls(Expected(first=("case-a",)), given(page, 10))
    assert [each.sentence for each in told] == ["最初の結果は なし で、case-a ではありません。"]
