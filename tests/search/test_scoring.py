"""The arithmetic all engines share."""

import math

import pytest

from kb.search.scoring import idf, quantised_length, saturation, settled


def test_short_lengths_are_exact() -> None:
    assert [quantised_length(n) for n in range(40)] == list(range(40))


@pytest.mark.parametrize(
    ("tokens", "remembered"),
    [(40, 40), (41, 40), (42, 42), (100, 96), (103, 96), (104, 104), (1000, 984), (50_000, 49_176)],
)
def test_long_lengths_are_those_of_lucene(tokens: int, remembered: int) -> None:
    """Values of Lucene's byte4ToInt(intToByte4(n))."""
    assert quantised_length(tokens) == remembered


def test_a_length_never_grows_and_never_loses_more_than_an_eighth() -> None:
    kept = [quantised_length(n) for n in range(1, 100_000)]
    assert kept == sorted(kept)
    assert all(n >= q > n * 7 / 8 - 1 for n, q in enumerate(kept, start=1))


def test_rarity_and_saturation() -> None:
    assert idf(10, 2) == pytest.approx(math.log(1 + 8.5 / 2.5))
    assert idf(3, 3) > 0
    assert saturation(1, 10, 10) == pytest.approx(1 / 1.8)
    assert saturation(1, 5, 10) > saturation(1, 10, 10) > saturation(1, 20, 10)
    assert 1 > saturation(50, 10, 10) > saturation(2, 10, 10)


def test_scores_that_differ_by_rounding_only_are_equal() -> None:
    assert settled(0.1 + 0.2) == settled(0.3)
