"""What is left out is left out: in every spelling, by what is filed, in both engines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.domain.rights import Audience
from kb.japanese.tokenise import Analyser
from kb.search.condition import AllOf, AnyOf, Condition, Holds, Lacks, unanswered
from kb.search.engine import IndexRecord, SearchEngine
from kb.search.memory_engine import MemoryEngine
from kb.search.query import Asked, EngineQuery, Facet, Understood
from kb.search.readers.vocabulary import Vocabulary
from kb.search.service import SearchService
from kb.search.understand import Understander
from kb.search.understanding import Understanding
from kb.search.whoosh_engine import WhooshEngine
from tests.contract.engine_records import case, subjects


def found(service: SearchService, text: str) -> set[str]:
    results = service.search(Asked(text, page_size=100)).results
    return {hit.case.id if hit.case else hit.documents[0].id for hit in results}


def chips(service: SearchService, text: str) -> list[Understood]:
    return list(service.search(Asked(text)).understood)


def read(service: SearchService, text: str) -> Understanding:
    return service._understand(text, service._vocabulary())


# --- by what is filed ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    ["2021年度", "令和3年度", "R3", "福津市", "ふくつし", "Fukutsu-shi", "402249", "福間町",
     "中野", "福岡県", "原﨑智仁", "原崎智仁", "2022年9月3日", "年度:2021", "発表年度:2022",
     "自治体:福津市", "部署:総務課", "種類:slides", "テーマ:働き方"],
)  # fmt: skip
def test_nothing_that_a_word_finds_is_left_when_it_is_left_out(
    service: SearchService, word: str
) -> None:
    everything, asked, left = found(service, ""), found(service, word), found(service, f"-{word}")
    assert asked
    assert left
    assert not asked & left
    assert left < everything


def test_a_year_is_left_out_on_both_axes_and_the_chip_says_so(service: SearchService) -> None:
    left = found(service, "改善 -R3")
    for axis in ("年度:2021", "発表年度:2021"):
        assert found(service, axis)
        assert not left & found(service, axis)
    [chip] = chips(service, "改善 -R3")
    assert chip.searched == ("2021年度(令和3年度)",)
    assert "実践年度か発表年度" in chip.label
    assert chip.without == "改善"


def test_a_rank_is_left_out_however_its_neighbours_make_the_analyser_cut_it(
    service: SearchService,
) -> None:
    written = found(service, '"係長"')
    assert written & found(service, "福津市")
    assert not written & found(service, "福津市 -係長")


def test_years_of_a_range_are_left_out_each(service: SearchService) -> None:
    left = found(service, "-2020-2022年度")
    for year in (2020, 2021, 2022):
        assert not left & (found(service, f"年度:{year}") | found(service, f"発表年度:{year}"))


def test_a_place_is_left_out_by_any_name_and_the_chip_says_which(service: SearchService) -> None:
    left = found(service, "改善 -福津市")
    for name in ("ふくつし", "福間町", "fukutsu", "402249"):
        [chip] = chips(service, f"改善 -{name}")
        assert chip.searched == ("福津市",)
        assert found(service, f"改善 -{name}") <= left
    [chip] = chips(service, "改善 福津市以外")
    assert (chip.typed, chip.searched, chip.without) == ("福津市", (), "改善")


def test_namesakes_are_left_out_with_it(service: SearchService) -> None:
    carried = {
        variant.facet
        for reading in read(service, "-府中市").readings
        for variant in reading.clause.variants
    }
    assert {(Facet.MUNICIPALITY, "132063"), (Facet.MUNICIPALITY, "342084")} <= carried
    [(_, chip)] = read(service, "-自治体:府中市").operators
    assert chip.searched == ("東京都府中市", "広島県府中市")


def test_a_towns_name_in_a_field_is_asked_about(service: SearchService) -> None:
    understanding = read(service, "自治体:府中市 改善")
    reading = understanding.readings[0]
    assert reading.chip is not None
    assert [(c.searched, c.without) for c in (reading.chip, *reading.more)] == [
        (("東京都府中市",), "自治体:広島県府中市 改善"),
        (("広島県府中市",), "自治体:東京都府中市 改善"),
    ]
    assert [s.text for s in understanding.suggestions] == [
        "自治体:東京都府中市 改善", "自治体:広島県府中市 改善",
    ]  # fmt: skip
    [other] = read(service, "自治体:中野").suggestions
    assert other.text == "自治体:長野県中野市"


def test_an_alternative_that_stands_nowhere_leaves_the_exclusion(service: SearchService) -> None:
    page = service.search(Asked("打破 OR -福津市", page_size=100))
    assert found(service, "打破 OR -福津市") == found(service, "-福津市")
    assert [c.typed for c in page.understood if c.kind == "missing"] == ["打破"]
    assert not found(service, "打破 -福津市")


def test_what_nothing_answers_decides_alternatives() -> None:
    a, b, c = map(Holds, range(3))
    cases: list[tuple[Condition, Condition | None]] = [
        (AnyOf((a, Lacks(b))), AnyOf((Lacks(b),))),
        (AllOf((a, Lacks(b))), None),
        (AnyOf((AllOf((a, c)), Lacks(b))), AnyOf((Lacks(b),))),
        (AllOf((AnyOf((a, c)), b)), AllOf((AnyOf((c,)), b))),
        (a, None),
    ]
    assert [unanswered(condition, [0]) for condition, _ in cases] == [left for _, left in cases]


# --- by words, in both engines --------------------------------------------------------------

TEXTS = (
    "多くの職員が参加した", "参加者が多く、席が足りない", "声の多い窓口", "取組を進める",
    "取組み一覧", "取り組みの成果", "とりくみを続ける", "改善の輪", "カイゼンの輪",
    "業務改善計画", "ＤＸの推進", "DX推進計画を作る", "dxとは", "京都の窓口",
    "東京都府中市の窓口", "市民課の窓口", "都市民課題", "福津市のまちづくり", "福津市長の話",
    "福津市役所", "ふくつしの広報", "町作りの会", "まちを歩く", "RPAの手順", "RPA9を試す",
    "原崎智仁の挨拶", "原﨑智仁が話す", "窓口の受付", "2021年度の計画", "令和3年度の計画",
    "令和３年度計画の窓口", "見直しをみなおす", "やさしく話す", "やさしさの窓口",
)  # fmt: skip
WORDS = (
    "多く", "多い", "取組み", "とりくみ", "改善", "カイゼン", "ＤＸ", "DX", "京都", "市民課",
    "福津市", "ふくつし", "まちづくり", "まち", "RPA", "原崎智仁", "窓口", "2021年度", "R3",
    "見直し", "やさしく", "計画",
)  # fmt: skip
PATTERNS = ("カイゼ*", "まちづ*", "RP*", "計*", "やさ*")


@dataclass(frozen=True)
class World:
    """The texts in both engines, and what questions are read against."""

    engines: tuple[SearchEngine, ...]
    analyser: Analyser
    vocabulary: Vocabulary


@pytest.fixture(scope="module")
def world(service: SearchService, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    analyser = service._analyser
    folder: Path = tmp_path_factory.mktemp("exclusions")
    engines = (MemoryEngine("f"), WhooshEngine.create(folder / "index", "f"))
    for engine in engines:
        engine.apply([_record(analyser, at, text) for at, text in enumerate(TEXTS)], (), 1)
    yield World(engines, analyser, service._vocabulary())
    engines[1].close()


def _record(analyser: Analyser, at: int, text: str) -> IndexRecord:
    analysis = analyser.analyse(text)
    return case(
        str(at),
        analysis.word_spans.terms,
        short=analysis.short_spans.terms,
        bigrams=analysis.bigrams,
    )


def _left(world: World, engine: SearchEngine, question: str) -> set[str]:
    understander = Understander(
        world.vocabulary,
        world.analyser,
        terms=lambda pattern: engine.terms(pattern, Audience.ANONYMOUS),
    )
    understanding = understander.understand(question)
    clauses = tuple(reading.clause for reading in understanding.readings)
    query = EngineQuery(clauses, limit=100, condition=understanding.condition)
    return {TEXTS[int(name)] for name in subjects(engine.search(query))}


def _holds(world: World, text: str, word: str) -> bool:
    """Whether a text holds a word in any spelling, worked out without an engine."""
    analysis = world.analyser.analyse(text)
    terms = {*analysis.word_spans.terms, *analysis.short_spans.terms}
    if word.endswith("*"):
        stem = word.rstrip("*").casefold()
        return stem in analysis.folded.casefold() or any(t.startswith(stem) for t in terms)
    asked = world.analyser.analyse(word).word_spans.terms
    in_hiragana = re.search("[ぁ-ゖ]", word) is not None and word in analysis.folded
    return in_hiragana or (len(asked) == 1 and asked[0] in terms)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    out=st.lists(st.sampled_from((*WORDS, *PATTERNS)), min_size=1, max_size=3, unique=True),
    form=st.sampled_from(["-{}", "{}を除く", "NOT {}", "-({} OR 存在)", "除く {}", "{} を除いて"]),
    asked=st.sampled_from(["", "窓口", "計画 OR 窓口", "改善 OR -京都"]),
)
def test_no_text_with_a_word_that_is_left_out_is_left_in(
    world: World, out: list[str], form: str, asked: str
) -> None:
    patterns = [word for word in out if word.endswith("*")]
    words = [form.format(w) for w in out if w not in patterns] + [f"-{p}" for p in patterns]
    question = " ".join([*words[:1], f"({asked})" if asked else "", *words[1:]])
    plain, whoosh = (_left(world, engine, question) for engine in world.engines)
    assert plain == whoosh
    assert not [(text, word) for text in plain for word in out if _holds(world, text, word)]


def test_letters_that_a_word_only_shares_are_left_in(world: World) -> None:
    for engine in world.engines:
        assert "東京都府中市の窓口" in _left(world, engine, "-京都")
        assert "都市民課題" in _left(world, engine, "-市民課")
        assert "都市民課題" in _left(world, engine, "-市民課*")
        assert not {t for t in _left(world, engine, "-福津市") if "福津市" in t}
        assert not {"多くの職員が参加した", "声の多い窓口"} & _left(world, engine, "-多く")
