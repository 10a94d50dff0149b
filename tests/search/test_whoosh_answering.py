"""The quick way to an answer gives what the plain way gives, and what it leaves out is said."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.domain.rights import Audience
from kb.search import memory_engine
from kb.search.engine import BadQuery, IndexRecord, RecordKind
from kb.search.memory_engine import MemoryEngine
from kb.search.query import Clause, EngineQuery, Facet, Match, Probe, Sort, Stream, Variant
from kb.search.whoosh_engine import WhooshEngine, answering, ordering
from kb.search.whoosh_engine.columns import Pairs
from kb.search.whoosh_engine.facet_counts import FacetCounts
from kb.search.whoosh_engine.postings import Rows
from tests.contract.engine_records import ask, case, clause

RANDOM = random.Random(20261122)
WORDS = [f"w{n}" for n in range(12)]


def made(number: int) -> IndexRecord:
    """A case of a few common words, filed under a year and a theme or two."""
    return IndexRecord(
        key=f"case:{number}",
        kind=RecordKind.CASE,
        subject=f"case:{number}",
        document="",
        page=0,
        streams={Stream.WORDS: tuple(RANDOM.choices(WORDS, k=RANDOM.randint(1, 8)))},
        facets={
            Facet.IMPLEMENTED_IN: (str(RANDOM.randint(2001, 2004)),),
            Facet.THEME: tuple(RANDOM.sample(["a", "b", "c"], RANDOM.randint(0, 2))),
        },
        audiences=frozenset(Audience),
        version="1",
    )


def hinted(**options: object) -> EngineQuery:
    """Any of two words, raised by two others."""
    hints = [Variant(word, (Probe(Stream.WORDS, (word,)),)) for word in ("w7", "w8")]
    clauses = (clause("w1"), clause("w2"))
    query = EngineQuery(clauses, match=Match.ANY, hints=tuple(hints), facets=(Facet.THEME,))
    return EngineQuery(**{**_fields(query), **options})  # type: ignore[arg-type]


def _fields(query: EngineQuery) -> dict[str, object]:
    return {name: getattr(query, name) for name in EngineQuery.__slots__}


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> tuple[MemoryEngine, WhooshEngine]:
    records = [made(number) for number in range(400)]
    plain = MemoryEngine("f")
    ours = WhooshEngine.create(tmp_path_factory.mktemp("answering") / "index", "f")
    for engine in (plain, ours):
        engine.rebuild(records, 1)
    return plain, ours


@pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.IMPLEMENTED_IN])
@pytest.mark.parametrize("filters", [{}, {Facet.THEME: ("a",)}])
@pytest.mark.parametrize(("offset", "limit"), [(0, 5), (3, 40), (0, 400)])
def test_both_engines_raise_the_same_few_by_hints(
    engines: tuple[MemoryEngine, WhooshEngine],
    monkeypatch: pytest.MonkeyPatch,
    sort: Sort,
    filters: dict[Facet, tuple[str, ...]],
    offset: int,
    limit: int,
) -> None:
    for module in (memory_engine, answering):
        monkeypatch.setattr(module, "MOST_RAISED", 7)
    plain, ours = engines
    query = hinted(sort=sort, filters=filters, offset=offset, limit=limit)
    answer = ours.search(query)
    assert answer == plain.search(query)
    bare = ours.search(hinted(sort=sort, filters=filters, limit=400, hints=()))
    before = {hit.subject: hit.score for hit in bare.hits}
    assert sum(hit.score > before[hit.subject] for hit in answer.hits) <= 7


@given(
    scores=st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.25, 3.0]), min_size=1, max_size=60),
    count=st.integers(0, 70),
    chance=st.randoms(use_true_random=False),
)
def test_the_best_rows_are_those_a_whole_sort_gives(
    scores: list[float], count: int, chance: random.Random
) -> None:
    newest = list(range(len(scores)))
    chance.shuffle(newest)
    passing = [chance.random() < 0.8 for _ in scores]
    values, order = np.array(scores), np.array(newest, dtype=np.int32)
    allowed = np.array(passing)
    most = np.where(allowed, values * 2, 0.0)
    rows, found = ordering.likely(allowed, most, lambda rows: values[rows], count, 0.0)
    at = ordering.best(rows, found, order, count)
    whole = sorted(np.flatnonzero(allowed), key=lambda row: (-scores[row], newest[row]))
    assert rows[at].tolist() == whole[:count]


def test_few_of_many_rows_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "_SLICES", 16)
    chance = np.random.default_rng(1)
    values = chance.random(5_000)
    looked: list[int] = []

    def exact(rows: Rows) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        looked.append(len(rows))
        return values[rows] * 0.99

    rows, _ = ordering.likely(np.ones(5_000, dtype=np.bool_), values, exact, 5, 0.0)
    assert set(np.argsort(values)[-5:].tolist()) <= set(rows.tolist())
    assert max(looked) < 250


@given(
    carried=st.lists(st.lists(st.integers(0, 5), unique=True, max_size=3), min_size=1, max_size=30),
    chosen=st.integers(0, 2**30),
)
def test_facets_are_counted_as_one_by_one(carried: list[list[int]], chosen: int) -> None:
    pairs = [(row, code) for row, codes in enumerate(carried) for code in codes]
    facets = {
        facet: Pairs(*(np.array([p[at] for p in pairs], dtype=np.int32) for at in (0, 1)))
        for facet in (Facet.THEME, Facet.KIND)
    }
    mask = np.array([bool(chosen >> row & 1) for row in range(len(carried))])
    counts = FacetCounts(facets, len(carried)).of(mask)
    for facet in facets:
        found = counts.each(facet).tolist()
        expected = [sum(mask[row] and code == value for row, code in pairs) for value in range(6)]
        assert found == expected[: len(found)]
        assert sum(expected) == sum(found)


class _Over:
    """A budget that allows as many questions whether it is spent as given."""

    def __init__(self, steps: int) -> None:
        self._steps = steps

    @property
    def spent(self) -> bool:
        self._steps -= 1
        return self._steps < 0


def over_after(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    monkeypatch.setattr("kb.search.whoosh_engine.engine.Budget", lambda: _Over(steps))


def test_what_time_allowed_is_answered_and_said(
    engines: tuple[MemoryEngine, WhooshEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ours = engines
    whole = ours.search(ask("w1", "w2", "w3", limit=5))
    two = ours.search(ask("w1", "w2", limit=5))
    over_after(monkeypatch, 1)
    cut = ours.search(ask("w1", "w2", "w3", limit=5))
    assert whole.complete
    assert not cut.complete
    assert (cut.total, cut.hits) == (two.total, two.hits)
    assert cut.clause_counts[:2] == two.clause_counts
    assert cut.clause_counts[2] >= whole.clause_counts[2]


def test_what_is_to_be_left_out_is_looked_up_or_nothing_is_answered(
    engines: tuple[MemoryEngine, WhooshEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ours = engines
    unwanted = [Clause(word, clause(word).variants, excluded=True) for word in ("w2", "w3")]
    query = EngineQuery((clause("w1"), *unwanted), limit=5)
    over_after(monkeypatch, 1)
    answer = ours.search(EngineQuery((clause("w1"), unwanted[0]), limit=400))
    holding = {hit.subject for hit in ours.search(ask("w2", limit=400)).hits}
    assert not holding & {hit.subject for hit in answer.hits}
    over_after(monkeypatch, 0)
    with pytest.raises(BadQuery, match="除くことばを減らして"):
        ours.search(query)


def two_engines(
    tmp_path: Path, records: Sequence[IndexRecord]
) -> tuple[WhooshEngine, WhooshEngine]:
    """One that writes, and one that has searched and takes every index for a large one."""
    writer = WhooshEngine.create(tmp_path / "index", "f")
    writer.apply(records, (), 1)
    reader = WhooshEngine(tmp_path / "index", "f", wait_below=0)
    assert reader.search(ask("甲")).total == len(records)
    return writer, reader


def test_the_old_commit_answers_while_a_large_one_is_opened(tmp_path: Path) -> None:
    writer, reader = two_engines(tmp_path, [case("a", "甲"), case("b", "甲")])
    with reader._opening:
        writer.apply([case("c", "甲")], ["case:a"], 2)
        assert reader.search(ask("甲")).total == 2
        assert reader.state().sequence == 1
        assert {hit.subject for hit in reader.search(ask("甲")).hits} == {"case:a", "case:b"}
    reader._opener.join()  # type: ignore[union-attr]
    assert {hit.subject for hit in reader.search(ask("甲")).hits} == {"case:b", "case:c"}
    assert reader.state().sequence == 2
    assert writer.search(ask("甲")).total == 2
    for engine in (writer, reader):
        engine.close()


def test_who_writes_and_who_compares_waits_for_the_newest(tmp_path: Path) -> None:
    writer, reader = two_engines(tmp_path, [case("a", "甲")])
    writer.apply([case("b", "甲")], (), 2)
    assert set(reader.holdings()) == {"case:a", "case:b"}
    reader.apply([case("c", "甲")], (), 3)
    assert reader.search(ask("甲")).total == 3
    assert reader.state().sequence == 3
    reader.close()


def test_a_commit_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    _, reader = two_engines(tmp_path, [case("a", "甲")])
    WhooshEngine(tmp_path / "index", "other").rebuild([case("a", "甲")], 2)
    reader.search(ask("甲"))
    reader._opener.join()  # type: ignore[union-attr]
    with pytest.raises(Exception, match="kb rebuild"):
        reader.search(ask("甲"))
    reader.close()
