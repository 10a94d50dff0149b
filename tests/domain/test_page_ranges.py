"""Lists of pages: as people write them, and what can be done with them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.domain.page_ranges import BadPages, PageRanges

SPANS = st.tuples(st.integers(1, 60), st.integers(0, 9)).map(lambda pair: (pair[0], sum(pair)))
PAGES = st.lists(SPANS, max_size=6).map(PageRanges.of)


def pages_in(ranges: PageRanges) -> set[int]:
    return {page for page in range(1, 80) if page in ranges}


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("5-8, 12", ((5, 8), (12, 12))),
        ("５〜８、１２", ((5, 8), (12, 12))),
        ("12ページ、5－8ページ", ((5, 8), (12, 12))),
        ("p.5 – 8 12", ((5, 8), (12, 12))),
        ("5～6，7・9", ((5, 7), (9, 9))),
        ("3ページ目から5ページ目", ((3, 5),)),
        ("1-4, 3-6", ((1, 6),)),
        (" 、 ", ()),
    ],
)
def test_lists_are_read_as_people_write_them(typed: str, spans: tuple[object, ...]) -> None:
    assert PageRanges.read(typed).spans == spans


@pytest.mark.parametrize("typed", ["五", "8-5", "0", "5-", "-5", "1-2-3", "5x", "123456", "5/8"])
def test_what_is_no_list_is_refused_with_what_to_do(typed: str) -> None:
    with pytest.raises(BadPages, match="書いてください"):
        PageRanges.read(typed)


def test_blanks_without_end_cost_no_time() -> None:
    """20,000 of them took four seconds."""
    started = time.process_time()
    assert PageRanges.read("1" + " " * 20_000 + "- 3").spans == ((1, 3),)
    assert time.process_time() - started < 1


@given(PAGES)
def test_a_list_that_is_written_is_read_as_it_was(pages: PageRanges) -> None:
    assert PageRanges.read(str(pages)) == pages
    full_width = str.maketrans("0123456789-,", "０１２３４５６７８９〜、")
    assert PageRanges.read(str(pages).translate(full_width)) == pages


@given(PAGES, PAGES)
def test_pages_are_put_together_and_taken_away_as_sets_are(a: PageRanges, b: PageRanges) -> None:
    assert pages_in(a | b) == pages_in(a) | pages_in(b)
    assert pages_in(a - b) == pages_in(a) - pages_in(b)
    for ranges in (a | b, a - b):
        assert PageRanges.of(ranges.spans) == ranges
