"""How near two names are to each other, whatever their spelling."""

from indexer.intake import wording

ALIKE = 0.6
"""Share of the shorter name's pairs of characters that stand in the other too."""


def key_of(text: str | None) -> str:
    """A name in one spelling, as the lines of a page are compared; empty for no name."""
    return wording.key_of(text or "")


def likeness(one: str | None, other: str | None) -> float:
    """0 for nothing in common to 1 where the shorter name stands in the longer one."""
    a, b = key_of(one), key_of(other)
    if not a or not b:
        return 0.0
    if a in b or b in a:
        return 1.0
    pairs_of_a, pairs_of_b = _pairs(a), _pairs(b)
    least = min(len(pairs_of_a), len(pairs_of_b))
    return len(pairs_of_a & pairs_of_b) / least if least else 0.0


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
