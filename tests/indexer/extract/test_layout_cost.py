"""What the layout of a page costs, counted in lines of Python executed, not in time."""

import random
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from indexer.extract.layout.blocks import page_blocks
from indexer.extracted import Places

Box = tuple[int, int, int, int]
SMALL, LARGE = 500, 4000
MOST_PER_STRETCH = 2000, 400
"""Lines executed for one stretch of a small and a large page: 1,564 and 333 were measured. A
large page's are bounded further, since each of its columns may be cut again less often."""


def scattered(count: int, size: int = 100) -> list[Box]:
    chance = random.Random(7)
    places = [(chance.randrange(5900), chance.randrange(8400)) for _ in range(count)]
    return [(x, y, x + size, y + size) for x, y in places]


def grid(count: int, across: int, wide: int, high: int) -> list[Box]:
    return [
        (
            wide * (n % across),
            high * (n // across),
            wide * (n % across) + 10,
            high * (n // across) + 10,
        )
        for n in range(count)
    ]


WORST: dict[str, Callable[[int], list[Box]]] = {
    "scattered": scattered,
    "specks": lambda count: scattered(count, 2),
    "one line": lambda count: [(20 * n, 100, 20 * n + 2, 110) for n in range(count)],
    "one column": lambda count: [(100, 20 * n, 200, 20 * n + 10) for n in range(count)],
    "stairs down": lambda count: [(20 * n, 20 * n, 20 * n + 10, 20 * n + 10) for n in range(count)],
    "stairs up": lambda count: [(20 * n, -20 * n, 20 * n + 10, 10 - 20 * n) for n in range(count)],
    "leaders": lambda count: grid(count, 80, 60, 140),
    "wide table": lambda count: grid(count, 60, 300, 20),
    "comb": lambda count: [
        *((40 * n, 0, 40 * n + 10, 10) for n in range(count // 2)),
        *((0, 20 * n, 10, 20 * n + 10) for n in range(count // 2)),
    ],
    "one place": lambda count: [(0, 0, 100, 100)] * count,
}


def steps(boxes: list[Box], readings: int = 0) -> int:
    """Lines of our own code that the layout of a page executes."""
    sides = [tuple(side) for side in zip(*boxes, strict=True)]
    starts = tuple(range(0, 2 * len(boxes), 2))
    ends = tuple(start + 1 for start in starts)
    places = Places(starts, ends, *sides, (0,) * len(boxes))
    ruby = list(zip(starts, ends, strict=True))[:readings]
    counted = 0

    def count(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal counted
        counted += event == "line"
        return count if "layout" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(count)
    try:
        page_blocks("字\n" * len(boxes), places, ruby, 595, 842)
    finally:
        sys.settrace(before)
    return counted


@pytest.mark.parametrize("name", WORST)
def test_the_cost_per_stretch_is_bounded_and_hardly_grows(name: str) -> None:
    few, many = steps(WORST[name](SMALL)), steps(WORST[name](LARGE))
    assert few / SMALL < MOST_PER_STRETCH[0]
    assert many / LARGE < MOST_PER_STRETCH[1]
    assert many < 1.6 * few * LARGE / SMALL


def test_readings_over_scattered_glyphs_are_bounded_too() -> None:
    few = steps(scattered(SMALL), SMALL // 2)
    many = steps(scattered(LARGE), LARGE // 2)
    assert many < 2 * few * LARGE / SMALL
