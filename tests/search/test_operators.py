"""And, or, not and brackets: over the sample corpus, and in both engines alike."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.domain.classification import DocumentKind
from kb.domain.rights import Audience
from kb.japanese.tokenise import Analyser
from kb.search.condition import AllOf, AnyOf, Condition, Holds, Lacks, pruned, relaxed
from kb.search.engine import BadQuery, IndexRecord
from kb.search.memory_engine import MemoryEngine
from kb.search.query import Asked, EngineQuery, Match, ResultPage, Scope
from kb.search.readers.probing import Prober
from kb.search.service import SearchService
from kb.search.whoosh_engine import WhooshEngine
from tests.contract.engine_records import ask as put
from tests.contract.engine_records import case, clause, page, subjects
from tests.search.hostile_queries import QUERIES
from tests.search.test_whoosh_parity import BATCHES, fill
from tests.search.test_whoosh_parity import QUERIES as PLAIN

LONGEST_SECONDS = 10.0
"""CPU time; a guard against what never ends. 0.1 to 0.4 is usual, twice that under coverage."""


def ask(service: SearchService, text: str, audience: Audience = Audience.ANONYMOUS) -> ResultPage:
    return service.search(Asked(text, page_size=100, audience=audience))


def found(service: SearchService, text: str, audience: Audience = Audience.ANONYMOUS) -> set[str]:
    """What a question finds: identifiers of cases, and of documents without one."""
    results = ask(service, text, audience).results
    return {hit.case.id if hit.case else hit.documents[0].id for hit in results}


# --- over the sample ----------------------------------------------------------------------


def test_or_finds_what_either_finds(service: SearchService) -> None:
    fukutsu, nakano = found(service, "福津市"), found(service, "中野区")
    assert fukutsu - nakano
    assert nakano - fukutsu
    for typed in (
        "福津市 または 中野区",
        "福津市 OR 中野区",
        "福津市|中野区",
        "（福津市　｜　中野区）",
    ):
        assert found(service, typed) == fukutsu | nakano
    assert not ask(service, "福津市 または 中野区").notices


def test_or_binds_before_a_blank(service: SearchService) -> None:
    either = found(service, "福津市 OR 中野区")
    assert found(service, "福津市 OR 中野区 組織目標") == either & found(service, "組織目標")
    assert found(service, "組織目標 (福津市 OR 中野区)") == either & found(service, "組織目標")


def test_and_within_or(service: SearchService) -> None:
    both = found(service, "福津市 組織目標")
    assert both
    expected = both | found(service, "高島市")
    assert found(service, "(福津市 組織目標) OR 高島市") == expected
    assert found(service, "(福津市 かつ 組織目標) または 高島市") == expected


@pytest.mark.parametrize(
    "typed",
    ["改善 -福津市", "改善 －福津市", "改善 ー福津市", "改善 NOT 福津市", "改善 除く 福津市",
     "福津市を除く 改善", "改善 福津市 を除く", "改善 -「福津市」", "改善 -(福津市)"],
)  # fmt: skip
def test_every_exclusion_leaves_out_the_same(service: SearchService, typed: str) -> None:
    everything = found(service, "改善")
    left = found(service, typed)
    assert set() < left < everything
    assert left == found(service, "改善 -福津市")
    assert not {name for name in left if name.startswith("case-fukutsu")}


def test_not_within_brackets(service: SearchService) -> None:
    everything, fukutsu, nakano = (
        found(service, text) for text in ("改善", "改善 -福津市", "改善 -中野区")
    )
    assert found(service, "改善 -(福津市 OR 中野区)") == fukutsu & nakano
    assert found(service, "改善 -(福津市 中野区)") == fukutsu | nakano
    assert found(service, "改善 (-福津市 OR 福津市)") == everything


def test_fields_in_alternatives(service: SearchService) -> None:
    either = found(service, "自治体:(福津市 OR 中野区)")
    assert either == found(service, "自治体:福津市") | found(service, "自治体:中野区")
    assert found(service, "自治体:福津市 -年度:2021") == found(service, "自治体:福津市") - found(
        service, "年度:2021"
    )


def test_a_missing_word_is_said_inside_alternatives(service: SearchService) -> None:
    page_ = ask(service, "(福津市 打破) OR 中野区")
    assert [c.typed for c in page_.understood if c.kind == "missing"] == ["打破"]
    assert found(service, "(福津市 打破) OR 中野区") == found(service, "福津市 OR 中野区")


def test_operators_are_chips_that_can_be_taken_back(service: SearchService) -> None:
    chips = {c.kind: c for c in ask(service, "(福津市 または 中野区) 改善 -DX").understood}
    assert chips["operator"].typed == "福津市 または 中野区"
    assert chips["operator"].without == "(福津市 中野区) 改善 -DX"
    assert chips["excluded"].typed == "DX"
    assert chips["excluded"].without == "(福津市 または 中野区) 改善"
    nested = ask(service, "(若者 定住) OR 窓口").understood
    assert [c.typed for c in nested if c.kind == "operator"] == ["(若者 定住) または 窓口"]
    inside = ask(service, "(福間町 OR 中野区) 改善").understood
    [place] = [c for c in inside if c.kind == "place"]
    assert place.without == '("福間町" OR 中野区) 改善'


def test_operators_that_join_nothing_are_said(service: SearchService) -> None:
    page_ = ask(service, "改善 OR")
    assert [(c.typed, c.without) for c in page_.understood if c.kind == "dropped"] == [
        ("OR", "改善")
    ]
    assert found(service, "改善 OR") == found(service, "改善")


def test_stepping_down_keeps_exclusions(service: SearchService) -> None:
    page_ = ask(service, "若者 監査 総合計画 防災 保育所 -福津市")
    assert page_.total
    assert page_.notices
    assert not {hit.case.id for hit in page_.results if hit.case and "fukutsu" in hit.case.id}
    nested = ask(service, "(若者 監査 保育所) (防災 OR 選挙) -福津市")
    assert nested.notices
    assert not {hit.case.id for hit in nested.results if hit.case and "fukutsu" in hit.case.id}


def test_brackets_too_deep_are_refused_with_what_to_do(service: SearchService) -> None:
    with pytest.raises(BadQuery, match="8段まで"):
        ask(service, "(" * 9 + "改善" + ")" * 9)
    assert ask(service, "(" * 8 + "改善" + ")" * 8).total


def test_words_beyond_the_limit_are_said(service: SearchService) -> None:
    page_ = ask(service, " OR ".join(["改善"] * 40))
    assert len([c for c in page_.understood if "32語" in c.label]) == 8
    assert page_.total


# --- nothing leaks through an exclusion ---------------------------------------------------


def test_synonyms_of_what_is_left_out_stay(service: SearchService) -> None:
    assert found(service, "-町長") >= found(service, "首長") - found(service, '"町長"')
    everything = found(service, "")
    assert everything - found(service, "-行政改革") <= found(service, '"行政改革"')


@pytest.mark.parametrize(("one", "other"), [("カイゼン", "改善"), ("取組み", "取り組み"),
                                            ("ＤＸ", "DX"), ("原﨑", "原崎")])  # fmt: skip
def test_every_spelling_is_left_out(service: SearchService, one: str, other: str) -> None:
    assert found(service, f"-{one}") == found(service, f"-{other}")
    assert not found(service, f"-{one}") & found(service, one)


def test_what_shares_only_letters_with_it_stays() -> None:
    """On records as they are made: 京都 is in 東京都 by letters and not by words."""
    analyser = Analyser()
    texts = {"tokyo": "東京都府中市の取組", "kyoto": "京都府の取組", "plan": "都市民課題の整理",
             "desk": "市民課の窓口", "citizens": "住民との対話"}  # fmt: skip
    engine = MemoryEngine("f")
    engine.apply([record_of(analyser, name, text) for name, text in texts.items()], (), 1)
    prober = Prober(analyser)

    def left(word: str) -> set[str]:
        out = replace(clause(prober.literal(word)), excluded=True)
        return set(subjects(engine.search(put(out))))

    assert left("京都") == set(texts) - {"kyoto"}
    assert left("京都府") == set(texts) - {"kyoto"}
    assert left("市民課") == set(texts) - {"desk"}
    assert left("市民") == set(texts) - {"desk"}


def test_no_document_with_the_word_is_left_in(
    service: SearchService, texts: dict[str, str]
) -> None:
    """Words of the corpus, cut out as the analyser cuts them, each left out in turn."""
    analyser = Analyser()
    words = {
        token.term: text[token.start : token.end]
        for text in texts.values()
        for token in analyser.words(text)[:60]
        if len(text[token.start : token.end]) > 1
        and not {"\n", '"'} & set(text[token.start : token.end])
    }
    leaks, kept = [], 0
    for term, word in sorted(words.items())[::25]:
        left = found(service, f'-"{word}"', Audience.CURATOR)
        holding = {
            name
            for name, text in texts.items()
            if term in {token.term for token in analyser.words(text)}
        }
        leaks += [(word, name) for name in left & holding]
        kept += len(left)
    assert not leaks
    assert kept


@pytest.fixture(scope="module")
def texts(service: SearchService) -> dict[str, str]:
    """What stands on the pages of every document that a question can find by itself."""
    catalogue = service._catalogue
    everything = service.search(Asked("", page_size=100, audience=Audience.CURATOR))
    found_: dict[str, str] = {}
    for hit in everything.results:
        name = hit.case.id if hit.case else hit.documents[0].id
        for document in hit.documents:
            if document.kind == DocumentKind.CASEBOOK:
                continue  # only some of its pages are of this case
            pages = [(document.id, number) for number in range(1, document.pages + 1)]
            quoted = catalogue.quotable_pages(pages)
            found_[name] = found_.get(name, "") + "\n\n".join(p.text for p in quoted.values())
    return found_


def record_of(analyser: Analyser, name: str, text: str) -> IndexRecord:
    analysis = analyser.analyse(text)
    return case(
        name,
        analysis.word_spans.terms,
        short=analysis.short_spans.terms,
        bigrams=analysis.bigrams,
    )


# --- hostile ------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [query for query in QUERIES if not query.isascii()][::9])
def test_chips_of_hostile_questions_lead_on(service: SearchService, typed: str) -> None:
    """Through the web all of them are asked: tests/end_to_end/test_hostile.py."""
    started = time.process_time()
    try:
        page_ = service.search(Asked(typed))
    except BadQuery as refused:
        said = [str(refused)]
    else:
        said = [chip.label for chip in page_.understood]
        assert all(len(chip.without) <= 2 * len(typed) + 8 for chip in page_.understood)
    assert all(said)
    assert time.process_time() - started < LONGEST_SECONDS


# --- both engines -------------------------------------------------------------------------


def conditions(clauses: int) -> st.SearchStrategy[Condition]:
    leaves = st.builds(Holds, st.integers(0, clauses - 1))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Lacks, inner),
            st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
            st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        ),
        max_leaves=6,
    )


@st.composite
def conditioned(draw: st.DrawFn) -> EngineQuery:
    query: EngineQuery = draw(PLAIN.filter(lambda query: query.clauses))
    return replace(query, condition=draw(conditions(len(query.clauses))))


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(batches=BATCHES, queries=st.lists(conditioned(), min_size=6, max_size=12))
def test_both_engines_take_conditions_alike(
    batches: list[tuple[list[IndexRecord], list[str], bool]], queries: list[EngineQuery]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain, ours = MemoryEngine("f"), WhooshEngine.create(Path(folder) / "index", "f")
        fill(plain, batches)
        fill(ours, batches)
        names = [f"case:{name}" for name in "abcdefg"]
        for query in queries:
            assert ours.search(query) == plain.search(query)
            assert ours.pages(query, names, 0) == plain.pages(query, names, 0)
        ours.close()


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MemoryEngine | WhooshEngine]:
    """An engine of each sort with four cases and a page of each."""
    made = (
        MemoryEngine("f")
        if request.param == "memory"
        else WhooshEngine.create(tmp_path / "index", "f")
    )
    words = {"a": "甲 乙", "b": "甲", "c": "乙 丙", "d": "丁"}
    cases = [case(name, text) for name, text in words.items()]
    pages = [page(name, f"doc-{name}", 1, text) for name, text in words.items()]
    split = [page("a", "doc-a", 2, "丙"), case("e", "甲 丙"), page("e", "doc-e", 1, "甲")]
    made.apply([*cases, *pages, *split, page("e", "doc-e", 2, "丙")], (), 1)
    yield made
    made.close()


def names(engine: MemoryEngine | WhooshEngine, condition: Condition, **rest: object) -> set[str]:
    clauses = (clause("甲"), clause("乙"), replace(clause("丙"), excluded=False))
    return set(subjects(engine.search(put(*clauses, condition=condition, **rest))))


def test_conditions_decide_who_answers(engine: MemoryEngine | WhooshEngine) -> None:
    one, two, three = map(Holds, range(3))
    assert names(engine, AnyOf((one, two))) == {"a", "b", "c", "e"}
    assert names(engine, AnyOf((AllOf((one, two)), three))) == {"a", "c", "e"}
    assert names(engine, AllOf((one, Lacks(AnyOf((two, three)))))) == {"b"}
    assert names(engine, Lacks(one)) == {"c", "d"}


def test_on_one_page_conditions_look_at_the_page(engine: MemoryEngine | WhooshEngine) -> None:
    one, _, three = map(Holds, range(3))
    both = AllOf((one, three))
    assert names(engine, both) == {"e"}
    assert names(engine, both, scope=Scope.PAGE) == set()
    assert names(engine, both, match=Match.ANY) == {"a", "b", "c", "e"}


def test_who_answers_more_of_the_alternatives_stands_first(
    engine: MemoryEngine | WhooshEngine,
) -> None:
    query = put("甲", "乙", condition=AnyOf((Holds(0), Holds(1))))
    assert subjects(engine.search(query))[0] == "a"


def test_relaxing_keeps_exclusions() -> None:
    condition = AllOf(
        (Holds(0), AnyOf((Holds(1), AllOf((Holds(2), Lacks(Holds(3)))))), Lacks(Holds(4)))
    )
    assert relaxed(condition) == AllOf(
        (
            AnyOf((Holds(0), AnyOf((Holds(1), AllOf((AnyOf((Holds(2),)), Lacks(Holds(3)))))))),
            Lacks(Holds(4)),
        )
    )


def test_pruning_numbers_what_is_left_anew() -> None:
    condition = AnyOf((AllOf((Holds(0), Holds(1))), Lacks(Holds(2)), Holds(3)))
    assert pruned(condition, [1, 3]) == AnyOf((AllOf((Holds(0),)), Holds(1)))
    assert pruned(condition, []) is None
