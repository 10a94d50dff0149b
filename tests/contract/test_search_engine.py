"""What every search engine must do; each sentence of the agreement is a test here."""

import math
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from kb.domain.rights import Audience
from kb.search.condition import AllOf, AnyOf, Holds
from kb.search.engine import (
    BEST_PAGE_WEIGHT,
    MOST_RAISED,
    STREAM_WEIGHTS,
    IndexRecord,
    SearchEngine,
)
from kb.search.memory_engine import MemoryEngine
from kb.search.query import Facet, Match, Scope, Sort, Standing, Stream
from kb.search.whoosh_engine import WhooshEngine
from tests.contract.engine_records import ask, case, clause, page, probe, subjects, variant

Make = Callable[[Iterable[IndexRecord]], SearchEngine]


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    """An empty engine of each sort."""
    made: SearchEngine = (
        MemoryEngine("素性")
        if request.param == "memory"
        else WhooshEngine.create(tmp_path / "index", "素性", lock_seconds=5)
    )
    yield made
    made.close()


@pytest.fixture
def holding(engine: SearchEngine) -> Make:
    """The engine with records in it."""

    def fill(records: Iterable[IndexRecord]) -> SearchEngine:
        engine.apply(records, (), 1)
        return engine

    return fill


def bm25(
    frequency: int, length: int, average: float, holding: int, documents: int, tokens: int = 1
) -> float:
    """The formula as the agreement gives it, written out once more."""
    rarity = tokens * math.log(1 + (documents - holding + 0.5) / (holding + 0.5))
    return rarity * frequency / (frequency + 0.8 * (1 - 0.75 + 0.75 * length / average))


# --- what matches ------------------------------------------------------------------------


def test_an_empty_index_answers_nothing(engine: SearchEngine) -> None:
    answer = engine.search(ask("改善", facets=(Facet.THEME,)))
    assert (answer.total, answer.hits, answer.facets) == (0, (), {Facet.THEME: {}})
    assert answer.clause_counts == (0,)
    assert engine.pages(ask("改善"), ["case:a"], 3) == {"case:a": (0, ())}
    assert engine.holdings() == {}


def test_without_clauses_every_record_answers_with_no_score(holding: Make) -> None:
    answer = holding([case("b", "甲"), case("a")]).search(ask())
    assert subjects(answer) == ["a", "b"]
    assert [hit.score for hit in answer.hits] == [0, 0]


def test_a_probe_needs_all_its_tokens_in_its_own_stream(holding: Make) -> None:
    engine = holding([case("both", "甲 丙 乙"), case("one", "甲"), case("title", title="甲 乙")])
    assert subjects(engine.search(ask("甲 乙"))) == ["both"]


def test_a_phrase_needs_its_tokens_next_to_each_other_in_order(holding: Make) -> None:
    engine = holding([case("yes", "丙 甲 乙"), case("apart", "甲 丙 乙"), case("turned", "乙 甲")])
    together = clause(variant(probe("甲 乙", phrase=True)))
    assert subjects(engine.search(ask(together))) == ["yes"]


def test_a_phrase_may_repeat_a_token(holding: Make) -> None:
    engine = holding([case("twice", "甲 甲 乙"), case("apart", "甲 乙 甲")])
    assert subjects(engine.search(ask(clause(variant(probe("甲 甲", phrase=True)))))) == ["twice"]


def test_a_phrase_does_not_reach_into_the_next_record(holding: Make) -> None:
    engine = holding([case("a", "甲 乙"), case("b", "丙 甲 乙 丙"), case("c", "乙 甲")])
    assert engine.search(ask(clause(variant(probe("乙 乙", phrase=True))))).total == 0
    assert subjects(engine.search(ask(clause(variant(probe("乙 甲", phrase=True)))))) == ["c"]


def test_a_probe_without_tokens_matches_nothing(holding: Make) -> None:
    assert holding([case("a", "甲")]).search(ask(clause(variant(probe(""))))).total == 0


def test_a_variant_matches_by_any_probe_and_a_clause_by_any_variant(holding: Make) -> None:
    engine = holding([case("a", "甲"), case("b", title="乙"), case("c", "丙"), case("d", "丁")])
    either = clause(variant(probe("甲"), probe("乙", Stream.TITLE)), variant(probe("丙")))
    assert sorted(subjects(engine.search(ask(either)))) == ["a", "b", "c"]


def test_a_record_that_carries_the_facet_value_holds_the_variant(holding: Make) -> None:
    engine = holding([case("a", "中野"), case("b", municipality="131148"), case("c", "福津")])
    place = clause(variant(probe("中野"), facet=(Facet.MUNICIPALITY, "131148")))
    assert sorted(subjects(engine.search(ask(place)))) == ["a", "b"]


def test_all_clauses_or_any(holding: Make) -> None:
    engine = holding([case("a", "甲"), case("b", "甲 乙"), case("c", "丙")])
    assert subjects(engine.search(ask("甲", "乙"))) == ["b"]
    assert subjects(engine.search(ask("甲", "乙", match=Match.ANY))) == ["b", "a"]


@pytest.mark.parametrize("match", Match)
def test_an_excluded_clause_removes_what_answers_it(holding: Make, match: Match) -> None:
    engine = holding([case("a", "甲"), case("b", "甲 乙"), case("c", municipality="1", words="甲")])
    without = clause("乙", variant(facet=(Facet.MUNICIPALITY, "1")), excluded=True)
    assert subjects(engine.search(ask("甲", without, match=match))) == ["a"]
    assert subjects(engine.search(ask(without, match=match))) == ["a"]


@pytest.mark.parametrize(
    "token", ["𠮷野家", "é", "e\u0301", "\ud83d", "\0", "a b", " ", "甲\n", "x" * 5000, "", "İ"]
)
def test_a_token_may_be_any_text(holding: Make, token: str) -> None:
    engine = holding([case("a", ("前", token, "後")), case("b", ("前", "後"))])
    only = variant(probe("前"))
    exact = variant(type(only.probes[0])(Stream.WORDS, (token,)))
    phrase = variant(type(only.probes[0])(Stream.WORDS, ("前", token, "後"), True))
    assert subjects(engine.search(ask(clause(exact)))) == ["a"]
    assert subjects(engine.search(ask(clause(phrase)))) == ["a"]


def test_long_tokens_that_begin_alike_stay_apart(holding: Make) -> None:
    engine = holding([case("a", ("x" * 999 + "a",)), case("b", ("x" * 999 + "b",))])
    assert subjects(engine.search(ask("x" * 999 + "b"))) == ["b"]


# --- how well ----------------------------------------------------------------------------


def test_the_score_is_bm25_over_records_of_the_kind(holding: Make) -> None:
    engine = holding(
        [case("a", "甲 甲 乙"), case("b", "甲"), case("c", "丙 丙"), page("z", "d", 1, "甲")]
    )
    expected = {"a": bm25(2, 3, 2, 2, 3), "b": bm25(1, 1, 2, 2, 3)}
    answer = engine.search(ask("甲"))
    scores = {hit.subject[5:]: hit.score for hit in answer.hits}
    assert scores == pytest.approx(expected, abs=1e-6)


def test_lengths_count_as_lucene_remembers_them(holding: Make) -> None:
    lengths = (41, 100)
    engine = holding([case(str(n), "甲" + " 乙" * (n - 1)) for n in lengths] + [case("x", "丙")])
    average = (41 + 100 + 1) / 3
    remembered = {"41": 40, "100": 96}  # SmallFloat.byte4ToInt(intToByte4(n))
    expected = {n: bm25(1, q, average, 2, 3) for n, q in remembered.items()}
    scores = {hit.subject[5:]: hit.score for hit in engine.search(ask("甲")).hits}
    assert scores == pytest.approx(expected, abs=1e-6)


def test_records_without_the_stream_are_not_counted(holding: Make) -> None:
    engine = holding([case("a", "甲"), case("b", "乙"), case("c", title="甲")])
    assert engine.search(ask("甲")).hits[0].score == pytest.approx(bm25(1, 1, 1, 1, 2), abs=1e-6)


def test_a_phrase_counts_its_occurrences_and_its_tokens_rarity(holding: Make) -> None:
    engine = holding([case("a", "甲 乙 丙 甲 乙"), case("b", "丙")])
    score = engine.search(ask(clause(variant(probe("甲 乙", phrase=True))))).hits[0].score
    assert score == pytest.approx(bm25(2, 5, 3, 1, 2, tokens=2), abs=1e-6)


def test_several_tokens_add_up(holding: Make) -> None:
    engine = holding([case("a", "甲 乙 甲"), case("b", "甲")])
    expected = bm25(2, 3, 2, 2, 2) + bm25(1, 3, 2, 1, 2)
    assert engine.search(ask("甲 乙")).hits[0].score == pytest.approx(expected, abs=1e-6)


def test_streams_weigh_and_probes_add_up(holding: Make) -> None:
    engine = holding(
        [case("a", "甲", title="甲", bigrams="甲乙"), case("b", "乙", title="乙", bigrams="丙")]
    )
    one = bm25(1, 1, 1, 1, 2)
    streams = (Stream.TITLE, Stream.WORDS, Stream.BIGRAMS)
    probes = [probe("甲", Stream.TITLE), probe("甲"), probe("甲乙", Stream.BIGRAMS)]
    score = engine.search(ask(clause(variant(*probes)))).hits[0].score
    assert score == pytest.approx(one * sum(STREAM_WEIGHTS[s] for s in streams), abs=1e-6)


def test_the_best_variant_counts_once_with_its_weight(holding: Make) -> None:
    engine = holding([case("a", "甲 乙"), case("b", "丙 丁")])
    pair = clause(variant(probe("甲"), weight=0.5), variant(probe("乙"), weight=0.8))
    expected = 0.8 * bm25(1, 2, 2, 1, 2)
    assert engine.search(ask(pair)).hits[0].score == pytest.approx(expected, abs=1e-6)


def test_a_facet_alone_counts_its_weight_and_never_less_with_a_word(holding: Make) -> None:
    engine = holding(
        [case("both", "甲", theme="t"), case("filed", "乙", theme="t"), case("word", "甲")]
    )
    either = clause(variant(probe("甲"), weight=0.5, facet=(Facet.THEME, "t")))
    scores = {hit.subject[5:]: hit.score for hit in engine.search(ask(either)).hits}
    weak = 0.5 * bm25(1, 1, 1, 2, 3)
    assert scores == pytest.approx({"both": 0.5, "filed": 0.5, "word": weak}, abs=1e-6)


def test_clauses_add_up_and_any_adds_those_that_match_by_how_much_they_cover(holding: Make) -> None:
    engine = holding([case("a", "甲 乙"), case("b", "甲 丙")])
    common, rare = bm25(1, 2, 2, 2, 2), bm25(1, 2, 2, 1, 2)
    answer = engine.search(ask("甲", "乙", match=Match.ANY))
    rarity = {word: math.log(1 + (2 - n + 0.5) / (n + 0.5)) for word, n in (("甲", 2), ("乙", 1))}
    covered = math.sqrt(rarity["甲"] / sum(rarity.values()))
    expected = [common + rare, common * covered]
    assert [hit.score for hit in answer.hits] == pytest.approx(expected, abs=1e-6)


def test_hints_raise_those_that_answer_and_find_nobody(holding: Make) -> None:
    engine = holding([case("a", "甲 乙"), case("b", "乙 甲"), case("c", "乙 丙")])
    together = variant(probe("甲 乙", phrase=True), weight=0.5)
    answer = engine.search(ask("甲", hints=(together,)))
    plain, hint = bm25(1, 2, 2, 2, 3), 0.5 * bm25(1, 2, 2, 2, 3) + 0.5 * bm25(1, 2, 2, 3, 3)
    assert subjects(answer) == ["a", "b"]
    assert [hit.score for hit in answer.hits] == pytest.approx([plain + hint, plain], abs=1e-6)
    assert subjects(engine.search(ask(hints=(together,)))) == ["a", "b", "c"]


def test_a_subject_gains_by_its_best_page(holding: Make) -> None:
    pages = [page("a", "d", 1, "甲 甲"), page("a", "d", 2, "甲 丙"), page("b", "e", 1, "乙 丙")]
    engine = holding([case("a", "甲"), case("b", "乙"), *pages])
    best = bm25(2, 2, 2, 2, 3)
    expected = bm25(1, 1, 1, 1, 2) + BEST_PAGE_WEIGHT * best
    assert engine.search(ask("甲")).hits[0].score == pytest.approx(expected, abs=1e-6)


def test_statistics_follow_what_is_removed(holding: Make) -> None:
    engine = holding([case("a", "甲"), case("b", "甲 乙 乙"), case("c", "乙")])
    engine.apply([case("c", "丙 丙 丙")], ["case:b"], 2)
    expected = bm25(1, 1, 2, 1, 2)
    assert engine.search(ask("甲")).hits[0].score == pytest.approx(expected, abs=1e-6)


# --- all words on one page ---------------------------------------------------------------


def test_on_one_page_all_clauses_must_stand_on_one_page(holding: Make) -> None:
    together = [page("a", "d", 1, "甲 乙"), page("a", "d", 2, "丙")]
    apart = [page("b", "e", 1, "甲"), page("b", "e", 2, "乙")]
    engine = holding([case("a", "甲 乙 丙"), case("b", "甲 乙"), *together, *apart])
    assert subjects(engine.search(ask("甲", "乙", scope=Scope.PAGE))) == ["a"]
    assert subjects(engine.search(ask("甲", "丁", scope=Scope.PAGE, match=Match.ANY))) != []
    assert engine.search(ask("甲", "丁", scope=Scope.PAGE)).total == 0


def test_on_one_page_a_facet_of_the_page_counts(holding: Make) -> None:
    engine = holding([case("a", "甲", theme="t"), page("a", "d", 1, "甲", theme="t")])
    filed = clause(variant(probe("乙"), facet=(Facet.THEME, "t")))
    assert subjects(engine.search(ask("甲", filed, scope=Scope.PAGE))) == ["a"]


def test_on_one_page_the_case_need_not_match_itself(holding: Make) -> None:
    engine = holding(
        [case("a", "丙"), case("b", "甲"), page("a", "d", 1, "甲"), page("b", "e", 1, "丁")]
    )
    answer = engine.search(ask("甲", scope=Scope.PAGE))
    assert subjects(answer) == ["a"]
    expected = BEST_PAGE_WEIGHT * bm25(1, 1, 1, 1, 2)
    assert answer.hits[0].score == pytest.approx(expected, abs=1e-6)


def test_on_one_page_exclusion_looks_at_the_whole_case(holding: Make) -> None:
    engine = holding([case("a", "甲 乙"), page("a", "d", 1, "甲"), page("a", "d", 2, "乙")])
    assert engine.search(ask("甲", clause("乙", excluded=True), scope=Scope.PAGE)).total == 0


def test_on_one_page_without_clauses_every_record_answers(holding: Make) -> None:
    assert subjects(holding([case("a")]).search(ask(scope=Scope.PAGE))) == ["a"]


# --- who may find what -------------------------------------------------------------------


def test_a_record_exists_only_for_its_audiences(holding: Make) -> None:
    inside = [Audience.STAFF, Audience.CURATOR]
    engine = holding(
        [
            case("open", "甲", theme="t"),
            case("inside", "甲", theme="t", audiences=inside),
            page("open", "d", 1, "甲", audiences=inside),
        ]
    )
    seen = {a: engine.search(ask("甲", audience=a, facets=(Facet.THEME,))) for a in Audience}
    for audience, answer in seen.items():
        count = 2 if audience in inside else 1
        assert (answer.total, answer.clause_counts) == (count, (count,))
        assert answer.facets == {Facet.THEME: {"t": count}}
        pages = engine.pages(ask("甲", audience=audience), ["case:open"], 0)
        assert pages["case:open"][0] == (audience in inside)
    everything = engine.search(ask(audience=Audience.MEMBER))
    assert subjects(everything) == ["open"]


def test_a_page_of_another_audience_lifts_nothing(holding: Make) -> None:
    engine = holding([case("a", "甲"), page("a", "d", 1, "甲", audiences=[Audience.CURATOR])])
    anonymous = engine.search(ask("甲")).hits[0].score
    assert anonymous == pytest.approx(bm25(1, 1, 1, 1, 1), abs=1e-6)
    assert engine.search(ask("甲", audience=Audience.CURATOR)).hits[0].score > anonymous
    assert engine.search(ask("甲", scope=Scope.PAGE)).total == 0


def test_two_records_of_one_subject_for_different_audiences(holding: Make) -> None:
    anonymous = case("a", "甲", audiences=[Audience.ANONYMOUS])
    inside = IndexRecord(
        "case:a:inside", anonymous.kind, anonymous.subject, "", 0,
        {Stream.WORDS: ("甲", "乙")}, {}, frozenset([Audience.STAFF]), "v",
    )  # fmt: skip
    engine = holding([anonymous, inside])
    assert engine.search(ask("乙")).total == 0
    assert subjects(engine.search(ask("乙", audience=Audience.STAFF))) == ["a"]


# --- filters and counts ------------------------------------------------------------------

FILED = [
    case("a", "甲", theme=("x", "y"), implemented_in="2021"),
    case("b", "甲", theme="x", implemented_in="2022"),
    case("c", "甲", theme="z", implemented_in="2022"),
    case("d", "乙", theme="x", implemented_in="2021"),
]


def test_filters_are_or_within_and_and_between(holding: Make) -> None:
    engine = holding(FILED)
    either = {Facet.THEME: ("y", "z")}
    assert subjects(engine.search(ask("甲", filters=either))) == ["c", "a"]
    both = {Facet.THEME: ("x",), Facet.IMPLEMENTED_IN: ("2022",)}
    assert subjects(engine.search(ask(filters=both))) == ["b"]


@pytest.mark.parametrize("values", [("unheard of",), ()])
def test_a_choice_nothing_carries_finds_nothing(holding: Make, values: tuple[str, ...]) -> None:
    assert holding(FILED).search(ask("甲", filters={Facet.THEME: values})).total == 0


def test_facets_count_subjects_and_ignore_their_own_choice(holding: Make) -> None:
    chosen = {Facet.THEME: ("x",), Facet.IMPLEMENTED_IN: ("2022",)}
    wanted = (Facet.THEME, Facet.IMPLEMENTED_IN, Facet.KIND)
    answer = holding(FILED).search(ask("甲", filters=chosen, facets=wanted))
    assert answer.total == 1
    assert answer.facets == {
        Facet.THEME: {"x": 1, "z": 1},
        Facet.IMPLEMENTED_IN: {"2021": 1, "2022": 1},
        Facet.KIND: {},
    }


def test_facets_are_counted_only_when_asked_for(holding: Make) -> None:
    assert holding(FILED).search(ask("甲")).facets == {}


def test_a_value_given_twice_counts_once(holding: Make) -> None:
    answer = holding([case("a", theme=("x", "x"))]).search(ask(facets=(Facet.THEME,)))
    assert answer.facets == {Facet.THEME: {"x": 1}}


def test_clause_counts_ignore_filters_and_the_other_clauses(holding: Make) -> None:
    clauses = ("甲", "乙", clause("甲", excluded=True), "丙")
    answer = holding(FILED).search(ask(*clauses, filters={Facet.THEME: ("z",)}))
    assert answer.clause_counts == (3, 1, 3, 0)


def test_a_question_to_be_answered_if_all_is_held_is_only_counted_if_not(holding: Make) -> None:
    engine = holding(FILED)
    rest = {"facets": (Facet.THEME,), "match": Match.ANY, "only_if_held": True}
    counted = engine.search(ask("甲", "丙", **rest))
    assert (counted.total, counted.hits, counted.facets) == (0, (), {})
    assert counted.clause_counts == (3, 0)
    asked = ("甲", clause("丙", excluded=True))
    assert engine.search(ask(*asked, **rest)).total == 3
    assert engine.search(ask(*asked, **rest)) == engine.search(
        ask(*asked, **{**rest, "only_if_held": False})
    )


# --- order -------------------------------------------------------------------------------


def test_equal_scores_go_newest_first_then_by_subject(holding: Make) -> None:
    years = {"a": "2020", "b": ("2019", "2022"), "c": "2020"}
    records = [case(name, "甲", implemented_in=year) for name, year in years.items()]
    engine = holding([case("none", "甲"), *reversed(records)])
    assert subjects(engine.search(ask("甲"))) == ["b", "a", "c", "none"]


def test_a_better_score_goes_before_a_newer_year(holding: Make) -> None:
    engine = holding(
        [case("old", "甲 甲", implemented_in="2001"), case("new", "甲 乙", implemented_in="2023")]
    )
    assert subjects(engine.search(ask("甲"))) == ["old", "new"]


@pytest.mark.parametrize("sort", [Sort.IMPLEMENTED_IN, Sort.PRESENTED_IN])
def test_by_year_newest_first_then_by_score(holding: Make, sort: Sort) -> None:
    old: dict[str, Any] = {sort.value: "2020"}
    new: dict[str, Any] = {sort.value: ("2021", "2022")}
    engine = holding(
        [
            case("none", "甲 甲 甲"),
            case("weak", "甲 乙", **new),
            case("strong", "甲 甲", **new),
            case("old", "甲 甲 甲", **old),
        ]
    )
    assert subjects(engine.search(ask("甲", sort=sort))) == ["strong", "weak", "old", "none"]


def test_by_municipality_code_then_newest(holding: Make) -> None:
    engine = holding(
        [
            case("none", "甲"),
            case("later", "甲", municipality=("402249", "011002")),
            case("older", "甲", municipality="131148", implemented_in="2019"),
            case("newer", "甲", municipality="131148", implemented_in="2021"),
        ]
    )
    found = subjects(engine.search(ask("甲", sort=Sort.MUNICIPALITY)))
    assert found == ["newer", "older", "later", "none"]


@pytest.mark.parametrize("sort", Sort)
def test_offset_and_limit_cut_one_fixed_order(holding: Make, sort: Sort) -> None:
    engine = holding([case(f"{n:02}", "甲 " * (n % 4 + 1)) for n in range(30)])
    whole = subjects(engine.search(ask("甲", sort=sort, limit=100)))
    assert len(whole) == 30
    for offset in (0, 7, 29, 30):
        answer = engine.search(ask("甲", sort=sort, offset=offset, limit=7))
        assert subjects(answer) == whole[offset : offset + 7]
        assert answer.total == 30
    assert engine.search(ask("甲", sort=sort, limit=0)).hits == ()


# --- pages -------------------------------------------------------------------------------


def test_pages_are_counted_and_the_best_come_first(holding: Make) -> None:
    engine = holding(
        [
            case("a", "甲"),
            page("a", "e", 2, "甲 乙 乙"), page("a", "d", 10, "甲 乙 乙"),
            page("a", "d", 9, "甲 乙 乙"),
            page("a", "d", 1, "甲 甲 甲"), page("a", "d", 2, "乙"), page("b", "f", 1, "甲"),
        ]
    )  # fmt: skip
    found = engine.pages(ask("甲"), ["case:a", "case:none"], 3)
    count, hits = found["case:a"]
    assert count == 4
    assert [(hit.document, hit.page) for hit in hits] == [("d", 1), ("d", 9), ("d", 10)]
    assert hits[0].score > hits[1].score == hits[2].score > 0
    assert found["case:none"] == (0, ())
    assert len(engine.pages(ask("甲"), ["case:a"], 0)["case:a"][1]) == 4


def test_a_page_answers_by_any_wanted_clause_or_by_all_on_one_page(holding: Make) -> None:
    pages = [page("a", "d", 1, "甲"), page("a", "d", 2, "甲 乙"), page("a", "d", 3, "丙")]
    engine = holding([case("a", "甲 乙 丙"), *pages])
    without = clause("丙", excluded=True)

    def numbers(**rest: object) -> list[int]:
        hits = engine.pages(ask("甲", "乙", without, **rest), ["case:a"], 0)["case:a"][1]
        return sorted(hit.page for hit in hits)

    assert numbers() == [1, 2]
    assert numbers(scope=Scope.PAGE) == [2]
    assert numbers(scope=Scope.PAGE, match=Match.ANY) == [1, 2]


def test_pages_do_not_apply_filters_again(holding: Make) -> None:
    engine = holding([case("a", "甲", theme="x"), page("a", "d", 1, "甲")])
    assert engine.pages(ask("甲", filters={Facet.THEME: ("y",)}), ["case:a"], 0)["case:a"][0] == 1


@pytest.mark.parametrize("scope", Scope)
def test_without_words_no_page_is_singled_out(holding: Make, scope: Scope) -> None:
    engine = holding([case("a", "甲"), page("a", "d", 1, "甲")])
    assert engine.pages(ask(scope=scope), ["case:a"], 0) == {"case:a": (0, ())}


# --- why ---------------------------------------------------------------------------------

TOLD = [
    case("both", "甲 乙 丙 甲", title="甲", implemented_in=("2019", "2021")),
    case("some", "甲 丁", standing=Standing.SPECIMEN, theme="t"),
    case("twin", "甲 丁", standing=Standing.SPECIMEN, theme="t"),
    case("filed", "丁 丁", theme="t", standing=Standing.DOCUMENT),
    page("both", "d", 1, "甲 丙"), page("both", "d", 2, "甲 乙 甲"), page("some", "e", 1, "甲"),
    page("filed", "f", 1, "甲", audiences=[Audience.CURATOR]),
]  # fmt: skip
WEAK = variant(probe("戊"), probe("甲", Stream.TITLE), weight=0.5)
GROUP = clause(variant(probe("甲"), probe("甲", Stream.TITLE)), WEAK)
FILED_UNDER = clause(variant(probe("乙"), weight=0.8, facet=(Facet.THEME, "t")))
NEXT = variant(probe("甲 乙", phrase=True), weight=0.4)
TOLD_QUESTIONS = {
    "one word": ask("甲"),
    "all": ask(GROUP, "乙", hints=(NEXT,)),
    "any": ask(GROUP, FILED_UNDER, match=Match.ANY, hints=(NEXT,)),
    "one page": ask("甲", "乙", scope=Scope.PAGE, hints=(NEXT,)),
    "a phrase": ask(clause(variant(probe("乙 丙", phrase=True)))),
    "several tokens": ask("丙 甲", clause("丁", excluded=True)),
    "without": ask(clause("丁", excluded=True)),
    "nothing asked": ask(filters={Facet.THEME: ("t",)}),
    "a condition": ask(
        GROUP, "乙", clause("丁", excluded=True), "丁",
        condition=AllOf((Holds(0), AnyOf((Holds(1), Holds(3))))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD_QUESTIONS)
def test_the_parts_of_a_score_add_up_to_it(holding: Make, name: str) -> None:
    engine = holding(TOLD)
    query = TOLD_QUESTIONS[name]
    hits = engine.search(query).hits
    told = engine.explain(query, [hit.subject for hit in hits])
    assert [each.subject for each in told] == [hit.subject for hit in hits]
    assert [each.score for each in told] == [hit.score for hit in hits]
    assert [each.total for each in told] == pytest.approx([hit.score for hit in hits], abs=1e-6)
    assert told


def test_both_engines_tell_the_same(tmp_path: Path) -> None:
    plain = MemoryEngine("素性")
    whoosh = WhooshEngine.create(tmp_path / "index", "素性", lock_seconds=5)
    for each in (plain, whoosh):
        each.apply(TOLD, (), 1)
    names = [f"case:{name}" for name in ("some", "both", "filed", "none", "twin")]
    for query in TOLD_QUESTIONS.values():
        for audience in (Audience.ANONYMOUS, Audience.CURATOR):
            asked = replace(query, audience=audience)
            ours, theirs = (engine.explain(asked, names) for engine in (whoosh, plain))
            assert [_rounded(asdict(each)) for each in ours] == [
                _rounded(asdict(each)) for each in theirs
            ]
    whoosh.close()


def _rounded(value: Any) -> Any:
    """Numbers to 9 places, wherever they stand."""
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return round(value, 9) if isinstance(value, float) else value


def test_hints_are_told_only_of_those_they_raise(holding: Make) -> None:
    many = [case(f"{n:03}", "甲 乙" + " 丙" * (n % 7)) for n in range(MOST_RAISED + 20)]
    pages = [page(f"{n:03}", "d", n + 1, "甲 乙") for n in (0, MOST_RAISED + 19)]
    engine = holding([*many, *pages])
    query = ask("甲", hints=(NEXT,), limit=len(many))
    hits = engine.search(query).hits
    told = engine.explain(query, [hit.subject for hit in hits])
    assert sum(bool(each.case.hints) for each in told) == MOST_RAISED
    assert [each.total for each in told] == pytest.approx([hit.score for hit in hits], abs=1e-6)


def test_a_score_tells_what_was_met_where_and_how_often(holding: Make) -> None:
    engine = holding(TOLD)
    query = TOLD_QUESTIONS["all"]
    (told,) = engine.explain(query, ["case:both", "case:some", "case:none"])
    parts = [(p.typed, p.stream, p.tokens, p.times) for p in told.case.clauses]
    assert parts == [
        ("語", "words", ("甲",), (2,)),
        ("語", "title", ("甲",), (1,)),
        ("語", "words", ("乙",), (1,)),
    ]
    assert [p.weight for p in told.case.clauses] == [
        STREAM_WEIGHTS[s] for s in (Stream.WORDS, Stream.TITLE, Stream.WORDS)
    ]
    rare = math.log(1 + (4 - 1 + 0.5) / (1 + 0.5))
    assert told.case.clauses[2].rarity == pytest.approx(rare)
    assert [(p.tokens, p.phrase, p.times) for p in told.case.hints] == [(("甲", "乙"), True, (1,))]
    assert (told.year, told.equals, told.standing) == ("2021", 0, 1.0)
    assert told.best_page is not None
    assert (told.best_page.document, told.best_page.page) == ("d", 2)
    assert told.page_weight == BEST_PAGE_WEIGHT
    assert told.lift == pytest.approx(BEST_PAGE_WEIGHT * told.best_page.score)


def test_a_value_a_record_is_filed_under_tells_what_it_adds(holding: Make) -> None:
    engine = holding(TOLD)
    (told,) = engine.explain(ask(FILED_UNDER), ["case:filed"])
    (part,) = told.case.clauses
    assert (part.stream, part.tokens, part.times, part.amount) == (None, ("t",), (), 0.8)
    assert told.standing < 1
    assert told.best_page is None


def test_equal_scores_are_told_and_filters_kept(holding: Make) -> None:
    engine = holding(TOLD)
    both = ["case:some", "case:twin"]
    assert [each.equals for each in engine.explain(ask("丁"), both)] == [1, 1]
    assert [each.equals for each in engine.explain(ask("甲"), both)] == [0, 0]
    assert engine.explain(ask("丁", filters={Facet.THEME: ("x",)}), both) == ()


# --- bringing up to date -----------------------------------------------------------------


def test_put_replaces_remove_removes_and_the_state_says_so(engine: SearchEngine) -> None:
    first = engine.state()
    assert (first.records, first.sequence, first.fingerprint) == (0, 0, "素性")
    engine.apply([case("a", "甲"), case("b", "甲")], (), 4)
    engine.apply([case("a", "乙"), case("c", "甲")], ["case:b", "case:never"], 9)
    assert subjects(engine.search(ask("甲"))) == ["c"]
    assert subjects(engine.search(ask("乙"))) == ["a"]
    state = engine.state()
    assert (state.records, state.sequence) == (2, 9)
    assert state.generation != first.generation
    assert engine.holdings() == {r.key: r.version for r in (case("a", "乙"), case("c", "甲"))}
    assert list(engine.verify()) == []


def test_nothing_to_do_still_moves_the_sequence(holding: Make) -> None:
    engine = holding([case("a", "甲")])
    engine.apply((), (), 12)
    assert (engine.state().records, engine.state().sequence) == (1, 12)
    assert subjects(engine.search(ask("甲"))) == ["a"]


def test_everything_may_be_removed(holding: Make) -> None:
    engine = holding([case("a", "甲"), page("a", "d", 1, "甲")])
    engine.apply((), list(engine.holdings()), 2)
    assert engine.search(ask("甲", facets=(Facet.THEME,))).total == 0
    assert (engine.state().records, engine.holdings()) == (0, {})
    engine.apply([case("b", "甲")], (), 3)
    assert subjects(engine.search(ask("甲"))) == ["b"]


def test_a_key_both_put_and_removed_is_put(holding: Make) -> None:
    engine = holding([case("a", "甲")])
    engine.apply([case("a", "乙")], ["case:a"], 2)
    assert engine.holdings() == {"case:a": case("a", "乙").version}


def test_rebuild_replaces_everything(holding: Make) -> None:
    engine = holding([case("a", "甲"), case("b", "甲")])
    engine.rebuild(iter([case("c", "甲")]), 7)
    assert subjects(engine.search(ask("甲"))) == ["c"]
    assert (engine.state().records, engine.state().sequence) == (1, 7)
    engine.apply([case("d", "甲")], (), 8)
    assert subjects(engine.search(ask("甲"))) == ["c", "d"]


@pytest.mark.parametrize("how", ["apply", "rebuild"])
def test_a_failure_half_way_changes_nothing(holding: Make, how: str) -> None:
    engine = holding([case("a", "甲")])

    def broken() -> Iterator[IndexRecord]:
        yield case("b", "甲")
        raise RuntimeError("the catalogue went away")

    with pytest.raises(RuntimeError, match="catalogue"):
        engine.apply(broken(), ["case:a"], 2) if how == "apply" else engine.rebuild(broken(), 2)
    assert subjects(engine.search(ask("甲"))) == ["a"]
    assert engine.state().sequence == 1
    engine.apply([case("b", "甲")], (), 3)
    assert subjects(engine.search(ask("甲"))) == ["a", "b"]


@pytest.mark.parametrize("how", ["apply", "rebuild"])
def test_two_records_with_one_key_are_refused(holding: Make, how: str) -> None:
    engine = holding([case("a", "甲")])
    twice = [case("b", "乙"), case("b", "丙")]
    with pytest.raises(ValueError, match="case:b"):
        engine.apply(twice, (), 2) if how == "apply" else engine.rebuild(twice, 2)
    assert list(engine.holdings()) == ["case:a"]


def test_many_threads_search_while_one_writes(holding: Make) -> None:
    """Each commit puts or removes a pair; no search may ever see one without the other."""
    engine = holding([case("x", "甲"), case("y", "甲"), page("x", "d", 1, "甲 乙")])
    stop, wrong = threading.Event(), list[object]()

    def search() -> None:
        together = clause(variant(probe("甲 乙", phrase=True)))
        while not stop.is_set():
            try:
                answer = engine.search(ask("甲", limit=100))
                pages = engine.pages(ask(together), ["case:x"], 0)["case:x"][0]
                if answer.total % 2 or len(answer.hits) != answer.total or pages != 1:
                    wrong.append((answer, pages))
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=search) for _ in range(6)]
    for thread in threads:
        thread.start()
    for n in range(12):
        pair = [case(f"{n}{half}", "甲") for half in "ab"]
        engine.apply(pair, [f"case:{n - 3}{half}" for half in "ab"], n)
    engine.rebuild([case("x", "甲"), case("y", "甲"), page("x", "d", 1, "甲 乙")], 99)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert engine.search(ask("甲")).total == 2


def test_after_close_the_engine_may_be_used_again(holding: Make) -> None:
    engine = holding([case("a", "甲")])
    engine.close()
    assert subjects(engine.search(ask("甲"))) == ["a"]
