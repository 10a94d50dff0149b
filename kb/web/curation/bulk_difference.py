"""Two texts of one field, cut down to where they differ."""

from dataclasses import dataclass

_AROUND = 24
"""Characters that are shown on either side of what differs."""
_LONG = 160
"""A longer text is folded away behind its beginning."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What stood and what is to stand, between what stays."""

    head: str
    was: str
    becomes: str
    tail: str

    @property
    def folded(self) -> bool:
        """Whether it is too long to be shown at once."""
        return max(len(self.was), len(self.becomes)) > _LONG


def difference(before: str, after: str) -> Difference:
    """Where two texts differ, with a little of what stays around it.

    Args:
        before: empty where nothing stood: the whole of `after` is the difference then.
        after: empty where nothing is to stand.
    """
    if not before or not after or len(before) + len(after) <= _LONG:
        return Difference("", before, after, "")
    head = _same(before, after)
    tail = _same(before[head:][::-1], after[head:][::-1])
    was, becomes = before[head : len(before) - tail], after[head : len(after) - tail]
    return Difference(_end(before[:head]), was, becomes, _beginning(before[len(before) - tail :]))


def _same(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = zip(one, other, strict=False)
    shorter = min(len(one), len(other))
    return next((at for at, (a, b) in enumerate(pairs) if a != b), shorter)


def _end(text: str) -> str:
    return text if len(text) <= _AROUND else f"…{text[-_AROUND:]}"


def _beginning(text: str) -> str:
    return text if len(text) <= _AROUND else f"{text[:_AROUND]}…"
