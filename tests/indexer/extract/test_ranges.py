"""However a file is divided, every page has exactly one reader."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract import ranges
from indexer.extract.ranges import Division, Share
from indexer.extracted import PageRange


@pytest.fixture(autouse=True, scope="module")
def _always_worth_it() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges, "WORTH_SECONDS", 0.0)
        yield


def test_one_reader_begins_with_everything() -> None:
    division = Division(5000)
    assert division.wanted(division.first) == PageRange()
    division.shorten(100)
    assert division.wanted(division.first) == PageRange()
    assert [page for page in (1, 100, 101) if division.reach(division.first, page)] == [1, 100, 101]


def test_another_takes_the_second_half_of_the_largest_share() -> None:
    division = Division(100)
    division.reach(division.first, 20)
    second = division.take()
    assert second is not None
    assert division.wanted(second) == PageRange(61, None)
    assert division.wanted(division.first) == PageRange(21, 60)
    assert division.reach(division.first, 60)
    assert not division.reach(division.first, 61)
    division.finish(division.first)
    third = division.take()
    assert third is not None
    assert division.wanted(second) == PageRange(61, 80)
    assert division.wanted(third) == PageRange(81, None)


def test_what_is_small_or_finished_is_not_divided() -> None:
    division = Division(100)
    division.reach(division.first, 91)
    assert not division.worth_dividing()
    assert division.take() is None
    other = Division(100)
    other.finish(other.first)
    assert not other.worth_dividing()
    assert other.take() is None


def test_what_will_be_read_soon_is_not_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "WORTH_SECONDS", 1.0)
    division = Division(100)
    now = division.first.begun
    division.reach(division.first, 1)
    monkeypatch.setattr("time.monotonic", lambda: now + 0.02)  # 10 ms a page, 1 s to go
    assert not division.worth_dividing()
    assert division.take() is None
    monkeypatch.setattr("time.monotonic", lambda: now + 0.2)
    assert division.worth_dividing()
    assert division.take() is not None


@given(st.integers(1, 400), st.lists(st.integers(0, 9)))
def test_every_page_is_read_once(pages: int, steps: list[int]) -> None:
    division = Division(pages)
    shares: list[Share] = [division.first]
    read: list[int] = []

    def advance(share: Share) -> bool:
        page = share.next
        if page <= pages and division.reach(share, page):
            read.append(page)
            return True
        return False

    for step in steps:
        if step == 0:
            taken = division.take()
            shares += [] if taken is None else [taken]
        else:
            for _ in range(step):
                advance(shares[step % len(shares)])
    for share in shares:
        while advance(share):
            pass
    assert sorted(read) == [*range(1, pages + 1)]
