"""The map of the 47 prefectures as tiles, shaded by how many cases each has."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.catalogue.views import Count

STEPS = (1, 3, 6, 10, 15)
"""The least count of each shade; the legend says the same."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A prefecture: its name in two parts, since the tile has room for the first only."""

    code: str
    name: str
    suffix: str
    count: int
    shade: int
    """0 (none) to 5 (15 and more)."""


def tiles(prefectures: Sequence[Count]) -> tuple[Tile, ...]:
    """One tile for each prefecture, in the order given."""
    return tuple(_tile(prefecture) for prefecture in prefectures)


def _tile(prefecture: Count) -> Tile:
    whole = prefecture.label == "北海道"
    return Tile(
        code=prefecture.value,
        name=prefecture.label if whole else prefecture.label[:-1],
        suffix="" if whole else prefecture.label[-1],
        count=prefecture.count,
        shade=sum(prefecture.count >= step for step in STEPS),
    )
