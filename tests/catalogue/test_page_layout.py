"""The stored layout of a page: what goes in comes out, and damage is told."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.catalogue.pages.layout import decode, encode, running
from kb.catalogue.views import PageLayout, TextBlock

NUMBER = st.integers(-20_000, 40_000)
KINDS = st.sampled_from(["heading", "paragraph", "row", "running", "reading", "field"])


@st.composite
def layouts(draw: st.DrawFn) -> PageLayout:
    rows = draw(st.integers(0, 12))
    column = st.lists(NUMBER, min_size=rows, max_size=rows).map(tuple)
    edges = st.lists(st.integers(0, 9_999), min_size=2, max_size=6, unique=True).map(sorted)
    span = edges.map(lambda found: (found[0], found[1]))
    unequal = st.lists(st.integers(0, 1000), max_size=5).map(sorted).map(tuple)
    advances = draw(st.lists(unequal, min_size=rows, max_size=rows).map(tuple))
    blocks = st.builds(TextBlock, KINDS, st.lists(span, min_size=1, max_size=4).map(tuple))
    return PageLayout(
        *(draw(column) for _ in range(6)),
        directions=draw(st.lists(st.integers(0, 3), min_size=rows, max_size=rows).map(tuple)),
        advances=advances if any(advances) else (),
        blocks=draw(st.lists(blocks, max_size=5).map(tuple)),
    )


@given(layouts())
def test_what_goes_in_comes_out(layout: PageLayout) -> None:
    assert decode(encode(layout)) == layout


@given(layouts())
def test_running_lines_are_told_without_the_rest(layout: PageLayout) -> None:
    spans = [span for b in layout.blocks if b.kind == "running" for span in b.spans]
    assert running(encode(layout)) == tuple(sorted(spans))


def test_nothing_takes_no_room() -> None:
    assert encode(PageLayout()) == b""
    assert decode(b"") == PageLayout()


@pytest.mark.parametrize("stored", [b"x", zlib.compress(b"[1,2]"), zlib.compress(b"{}")])
def test_damage_is_told(stored: bytes) -> None:
    with pytest.raises(ValueError, match=r"damaged|JSON"):
        decode(stored)
    with pytest.raises(ValueError, match=r"damaged|JSON"):
        running(stored)
