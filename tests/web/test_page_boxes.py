"""Marks become boxes that lie where their characters stand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.catalogue.views import PageLayout
from kb.web.page_boxes import Box, boxes

ROW = st.tuples(
    st.integers(0, 12),
    st.integers(1, 9),
    st.integers(-50, 9000),
    st.integers(-50, 9000),
    st.integers(1, 5000),
    st.integers(1, 5000),
    st.integers(0, 3),
    st.none() | st.lists(st.integers(-20, 1100), max_size=9),
)
SPANS = st.lists(st.tuples(st.integers(-5, 80), st.integers(-5, 80)), max_size=6)
COLUMN = st.lists(st.integers(-(2**40), 2**40), max_size=6).map(tuple)


def layout_of(rows: list[tuple[int, int, int, int, int, int, int, list[int] | None]]) -> PageLayout:
    """A sound layout: stretches that follow each other, advances as long as they should be."""
    starts, ends, at = [], [], 0
    for gap, length, *_ in rows:
        starts.append(at + gap)
        ends.append(at + gap + length)
        at += gap + length
    return PageLayout(
        starts=tuple(starts),
        ends=tuple(ends),
        lefts=tuple(row[2] for row in rows),
        tops=tuple(row[3] for row in rows),
        rights=tuple(row[2] + row[4] for row in rows),
        bottoms=tuple(row[3] + row[5] for row in rows),
        directions=tuple(row[6] for row in rows),
        advances=tuple(tuple(row[7] or ()) for row in rows),
    )


def stretches_under(layout: PageLayout, span: tuple[int, int]) -> list[int]:
    return [
        row
        for row, (start, end) in enumerate(zip(layout.starts, layout.ends, strict=True))
        if max(start, span[0]) < min(end, span[1])
    ]


@given(st.lists(ROW, max_size=8), SPANS)
def test_a_span_has_one_box_inside_each_stretch_it_runs_over(
    rows: list[tuple[int, int, int, int, int, int, int, list[int] | None]],
    spans: list[tuple[int, int]],
) -> None:
    layout = layout_of(rows)
    found = boxes(layout, spans)
    wanted = [(n, row) for n, span in enumerate(spans) for row in stretches_under(layout, span)]
    assert [box.mark for box in found] == [n for n, _ in wanted]
    for box, (_, row) in zip(found, wanted, strict=True):
        assert layout.lefts[row] / 10 <= box.left
        assert layout.tops[row] / 10 <= box.top
        assert round((box.left + box.width) * 10) <= layout.rights[row]
        assert round((box.top + box.height) * 10) <= layout.bottoms[row]
        assert min(box.width, box.height) >= 0


@given(ROW)
def test_boxes_of_following_characters_follow_each_other(
    row: tuple[int, int, int, int, int, int, int, list[int] | None],
) -> None:
    layout = layout_of([row])
    start, end = layout.starts[0], layout.ends[0]
    found = boxes(layout, [(at, at + 1) for at in range(start, end)])
    begins = [box.left if layout.directions[0] in (0, 2) else box.top for box in found]
    assert len(found) == end - start
    falling = layout.directions[0] in (2, 3)
    assert all((b <= a) if falling else (a <= b) for a, b in pairwise(begins))


@given(COLUMN, COLUMN, COLUMN, COLUMN, COLUMN, COLUMN, COLUMN, st.lists(COLUMN).map(tuple), SPANS)
def test_a_damaged_layout_breaks_nothing(
    starts: tuple[int, ...], ends: tuple[int, ...], lefts: tuple[int, ...], tops: tuple[int, ...],
    rights: tuple[int, ...], bottoms: tuple[int, ...], directions: tuple[int, ...],
    advances: tuple[tuple[int, ...], ...], spans: list[tuple[int, int]],
) -> None:  # fmt: skip
    layout = PageLayout(starts, ends, lefts, tops, rights, bottoms, directions, advances)
    found = boxes(layout, spans)
    assert len(found) <= len(spans) * len(starts)
    assert all(0 <= box.mark < len(spans) for box in found)
    assert all(min(box.width, box.height) >= 0 for box in found)


@pytest.mark.parametrize(
    ("direction", "box"),
    [
        (0, Box(0, 12.0, 20.0, 4.0, 5.0)),
        (1, Box(0, 10.0, 21.0, 10.0, 2.0)),
        (2, Box(0, 14.0, 20.0, 4.0, 5.0)),
        (3, Box(0, 10.0, 22.0, 10.0, 2.0)),
    ],
)
def test_each_direction_is_measured_along_itself(direction: int, box: Box) -> None:
    """Five characters on a stretch of 10 by 5 points; the second and third are marked."""
    layout = PageLayout((0,), (5,), (100,), (200,), (200,), (250,), (direction,))
    assert boxes(layout, [(1, 3)]) == (box,)


def test_unequal_characters_are_measured_by_their_advances() -> None:
    layout = PageLayout((0,), (3,), (0,), (0,), (1000,), (100,), (0,), ((100, 900, 1000),))
    assert boxes(layout, [(1, 2)]) == (Box(0, 10.0, 0.0, 80.0, 10.0),)


def test_many_marks_on_a_crowded_page_cost_little() -> None:
    """2,000 marks on 20,000 stretches: each looks at its own stretches only."""
    count = 20_000
    layout = PageLayout(
        tuple(range(0, 5 * count, 5)), tuple(range(5, 5 * count + 1, 5)),
        (0,) * count, tuple(range(count)), (500,) * count, tuple(range(10, count + 10)),
        (0,) * count,
    )  # fmt: skip
    assert len(boxes(layout, [(at, at + 10) for at in range(0, 5 * count, 50)])) == 4000
