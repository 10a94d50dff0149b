"""The cache of decoded postings stays within its budget."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from kb.search.whoosh_engine import WhooshEngine
from kb.search.whoosh_engine.cache import ByteCache
from kb.search.whoosh_engine.postings import Posting
from tests.contract.engine_records import ask, case


def posting(size: int) -> Posting:
    return Posting(np.zeros(size, dtype=np.int32), np.zeros(size, dtype=np.float64))


def test_what_was_not_asked_for_longest_goes_first() -> None:
    cache: ByteCache[Posting] = ByteCache(40_000)
    made: list[str] = []

    def make(key: str) -> Posting:
        made.append(key)
        return posting(1000)

    for key in ("a", "b", "c", "a", "d", "a", "b"):
        cache.get(key, partial(make, key))
        assert cache.used <= 40_000
    assert made == ["a", "b", "c", "d", "b"]


def test_what_is_larger_than_the_budget_is_answered_but_not_kept() -> None:
    cache: ByteCache[Posting] = ByteCache(1_000)
    assert len(cache.get("a", lambda: posting(10_000)).rows) == 10_000
    assert cache.used == 0


def test_empty_answers_cost_something_too() -> None:
    cache: ByteCache[Posting] = ByteCache(10_000)
    for n in range(1000):
        cache.get(n, lambda: posting(0))
    assert 0 < cache.used <= 10_000


@pytest.mark.parametrize("budget", [0, 2_000])
def test_a_small_cache_changes_no_answer(tmp_path: Path, budget: int) -> None:
    small = WhooshEngine.create(tmp_path / "index", "f", cache_bytes=budget)
    small.apply([case(str(n), f"甲 w{n % 7} 乙") for n in range(200)], (), 1)
    large = WhooshEngine(tmp_path / "index", "f")
    for n in range(7):
        query = ask("甲", f"w{n}", limit=100)
        assert small.search(query) == large.search(query)
