"""Beginnings of words: カイゼ*, kinto*, k?ntone, and a last word not typed to its end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.domain.rights import Audience
from kb.search.engine import BadQuery, SearchEngine
from kb.search.memory_engine import MemoryEngine
from kb.search.query import Asked, Stream, Understood
from kb.search.readers.beginnings import MOST_PATTERNS, unfinished
from kb.search.service import SearchService
from kb.search.term_patterns import MOST_TERMS, TermPattern, TermsFound
from kb.search.understand import Understander
from kb.search.whoosh_engine import WhooshEngine
from kb.search.withholding import WithholdingEngine
from tests.contract.engine_records import case, page

CURATORS = frozenset({Audience.CURATOR})


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    """An engine of each sort with a few words, some of them for curators alone."""
    made = (
        MemoryEngine("f")
        if request.param == "memory"
        else WhooshEngine.create(tmp_path / "index", "f")
    )
    records = [
        case("a", "改善 改革 改善", bigrams="kintone"),
        case("b", "改善 改善点", title="改修"),
        case("c", "改名", bigrams="kintore kintone", audiences=CURATORS),
        page("a", "doc-a", 1, "改善 改善"),
    ]
    made.apply(records, (), 1)
    made.apply([case("d", "改憲")], (), 2)
    made.apply([case("d", "海")], (), 3)
    yield made
    made.close()


def terms(engine: SearchEngine, text: str, *streams: Stream, curator: bool = False) -> TermsFound:
    audience = Audience.CURATOR if curator else Audience.ANONYMOUS
    return engine.terms(TermPattern(streams or (Stream.WORDS,), text), audience)


def test_terms_come_most_frequent_first(engine: SearchEngine) -> None:
    assert terms(engine, "改*") == TermsFound(("改善", "改善点", "改革"))
    assert terms(engine, "改*", Stream.WORDS, Stream.TITLE).terms[-1] == "改革"
    assert "改修" in terms(engine, "改*", Stream.WORDS, Stream.TITLE).terms
    assert terms(engine, "改善") == TermsFound(("改善",))
    assert terms(engine, "飛*") == TermsFound()


def test_letters_may_be_left_open(engine: SearchEngine) -> None:
    both = ("kintone", "kintore")
    assert terms(engine, "kinto?e", Stream.BIGRAMS, curator=True).terms == both
    assert terms(engine, "k*e", Stream.BIGRAMS).terms == ("kintone",)
    assert terms(engine, "k**n*?e", Stream.BIGRAMS).terms == ("kintone",)
    assert terms(engine, "kint?", Stream.BIGRAMS).terms == ()


def test_no_word_is_told_to_those_who_may_not_find_it(engine: SearchEngine) -> None:
    assert "改名" in terms(engine, "改*", curator=True).terms
    assert "改名" not in terms(engine, "改*").terms
    assert "kintore" not in terms(engine, "kin*", Stream.BIGRAMS).terms


def test_no_word_is_told_of_what_was_closed_since(engine: SearchEngine) -> None:
    closed = WithholdingEngine(engine, lambda _sequence, _audience: frozenset({"case:b"}))
    assert terms(closed, "改*").terms == ("改善", "改革")


def test_many_terms_are_cut_and_that_is_known(tmp_path: Path) -> None:
    words = [f"語{number:03}" for number in range(MOST_TERMS + 1)]
    engines = (MemoryEngine("f"), WhooshEngine.create(tmp_path / "index", "f"))
    for made in engines:
        made.apply([case("a", " ".join(words)), case("b", words[-1])], (), 1)
        expected = (words[-1], *words[: MOST_TERMS - 1])
        assert terms(made, "語*") == TermsFound(expected, cut=True)
        assert terms(made, "語01*").cut is False
        made.close()


@settings(max_examples=200)
@given(st.text("ab*?", min_size=1, max_size=8), st.text("ab", max_size=6))
def test_a_pattern_fits_what_its_signs_allow(signs: str, term: str) -> None:
    pattern = TermPattern((Stream.WORDS,), f"a{signs}")
    assert pattern.fits(f"a{term}") == _fits(signs, term)
    assert f"a{signs}".startswith(pattern.beginning)


def _fits(signs: str, term: str) -> bool:
    if not signs:
        return not term
    if signs[0] == "*":
        return any(_fits(signs[1:], term[at:]) for at in range(len(term) + 1))
    return bool(term) and signs[0] in ("?", term[0]) and _fits(signs[1:], term[1:])


# --- in questions ---------------------------------------------------------------------------


def found(service: SearchService, text: str) -> set[str]:
    results = service.search(Asked(text, page_size=100)).results
    return {hit.case.id if hit.case else hit.documents[0].id for hit in results}


def chip(service: SearchService, text: str) -> Understood:
    [found_] = [c for c in service.search(Asked(text)).understood if c.kind == "prefix"]
    return found_


@pytest.mark.parametrize(
    ("typed", "word"),
    [("カイゼ*", "カイゼン"), ("かいぜ*", "改善"), ("Kaiz*", "改善"), ("改善*", "改善策"),
     ("RP*", "RPA"), ("ｒｐ＊", "RPA"), ("R?A", "RPA"), ("まちづ*", "まちづくり推進課"),
     ("とりく*", "取り組み"),
     ("ハイブリ*", "ハイブリッド"), ("ステッ*", "ステップアップシート")],
)  # fmt: skip
def test_a_beginning_finds_what_its_words_find(
    service: SearchService, typed: str, word: str
) -> None:
    assert found(service, f'"{word}"')
    assert found(service, typed) >= found(service, f'"{word}"')
    told = chip(service, typed)
    assert told.searched
    assert told.without == ""
    assert "語" in told.label


def test_a_beginning_is_a_word_like_any_other(service: SearchService) -> None:
    assert found(service, "福津市 カイゼ*") == found(service, "福津市") & found(service, "カイゼ*")
    assert found(service, "高島市 OR RP*") == found(service, "高島市") | found(service, "RP*")
    assert not found(service, "改善 -RP*") & found(service, "RP*")
    page_ = service.search(Asked("打破*"))
    assert [c.kind for c in page_.understood] == ["missing"]
    assert chip(service, "改善 RP* -福津市").without == "改善 -福津市"


def test_what_a_beginning_stands_for_is_marked(service: SearchService) -> None:
    hits = service.search(Asked("RP*")).results
    passages = [p for hit in hits for document in hit.documents for p in document.passages]
    marked = {p.text[start:end].casefold() for p in passages for start, end in p.marks}
    assert any(word.startswith("rpa") for word in marked)


@pytest.mark.parametrize(
    ("typed", "what_to_do"),
    [("*改善", "のあとに付けて"), ("＊改善＊", "のあとに付けて"), ("-*改善", "のあとに付けて"),
     ("a*", "2文字以上"), ("か*", "2文字以上"), ("改善*計画", "空白で区切って"),
     ("ab* " * (MOST_PATTERNS + 1), "4語まで")],
)  # fmt: skip
def test_what_tells_too_little_is_refused_with_what_to_do(
    service: SearchService, typed: str, what_to_do: str
) -> None:
    with pytest.raises(BadQuery, match=what_to_do):
        service.search(Asked(typed))


@pytest.mark.parametrize("typed", ["改善 *", "*", "どこですか?", "AI?", '"改善*"', "*:*"])
def test_signs_that_stand_for_nothing_are_no_pattern(service: SearchService, typed: str) -> None:
    assert not [c for c in service.search(Asked(typed)).understood if c.kind == "prefix"]


def test_too_many_words_are_not_left_out(service: SearchService) -> None:
    many = TermsFound(("改善",), cut=True)
    understander = Understander(
        service._vocabulary(), service._analyser, terms=lambda _pattern: many
    )
    with pytest.raises(BadQuery, match="文字を足して"):
        understander.understand("-改*")
    [reading] = understander.understand("改*").readings
    assert reading.chip is not None
    assert f"{MOST_TERMS}語まで" in reading.chip.label


def test_a_last_word_may_be_unfinished(service: SearchService) -> None:
    page_ = service.search(Asked("福津市 かいぜ"))
    assert page_.query == "福津市 かいぜ*"
    assert chip(service, "福津市 かいぜ").searched == ("改善",)
    assert found(service, "福津市 かいぜ") == found(service, "福津市 かいぜ*")
    assert service.search(Asked("かいぜ 福津市")).query == "かいぜ 福津市"


def test_only_a_last_word_in_kana_that_stands_nowhere_is_unfinished() -> None:
    assert unfinished("改善 かいぜ ", [(3, 6)]) == "改善 かいぜ*"
    for typed in (
        "かいぜ 改善",
        "改善 -かいぜ",
        "「かいぜ」",
        "かい",
        "かいぜn",
        "",
        "テーマ:かいぜ",
    ):
        assert unfinished(typed, [(0, len(typed))]) is None
    assert unfinished("改善 かいぜ", []) is None
    assert unfinished("改善 かいぜ", [(0, 2)]) is None
