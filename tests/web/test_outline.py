"""Bookmarks become lists of lists, whatever their levels."""

from hypothesis import given
from hypothesis import strategies as st

from kb.web.outline import DEEPEST, MOST, Bookmark, tree

ENTRIES = st.lists(
    st.tuples(st.integers(-3, 12), st.text("あい <&", max_size=4), st.none() | st.integers(-2, 9)),
    max_size=30,
)


def walked(marks: tuple[Bookmark, ...], depth: int = 1) -> list[tuple[int, Bookmark]]:
    return [pair for mark in marks for pair in [(depth, mark), *walked(mark.below, depth + 1)]]


@given(ENTRIES)
def test_every_bookmark_stands_once_in_its_order(
    outline: list[tuple[int, str, int | None]],
) -> None:
    found = walked(tree(outline, 5))
    assert [m.title for _, m in found] == [t.strip() for _, t, _ in outline if t.strip()]
    assert all(depth <= DEEPEST for depth, _ in found)
    assert all(mark.page is None or 1 <= mark.page <= 5 for _, mark in found)


def test_levels_make_the_lists() -> None:
    marks = tree([(1, "一", 1), (2, "二", 2), (5, "三", 3), (2, "四", 4), (1, "五", None)], 4)
    assert [(depth, mark.title) for depth, mark in walked(marks)] == [
        (1, "一"), (2, "二"), (3, "三"), (2, "四"), (1, "五"),
    ]  # fmt: skip


def test_a_flood_of_bookmarks_is_cut() -> None:
    deep = tree([(level, "章", 1) for level in range(1, 20_000)], 1)
    assert len(walked(deep)) == MOST
