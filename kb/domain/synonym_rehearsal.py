"""What a draft of synonyms would change: which questions would gain or lose which answers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of one question."""

    question: str
    filters: str = ""
    """``municipality=中野区&theme=DX``, as in an address."""
    known: bool = False
    """Its answer is known; else it stands in the log of questions."""
    times: int = 0
    """How often the log has it."""
    gained: tuple[str, ...] = ()
    """Subjects (``case:ID``, ``document:ID``) that it would find as well, best first."""
    lost: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    """Of a known question: what it would no longer fulfil, in sentences."""
    mended: int = 0
    """Of a known question: how many expectations it would fulfil that it does not now."""
    refused: str | None = None
    """Why it cannot be asked, as it is or with the draft."""

    @property
    def changes(self) -> bool:
        """Whether anything would be other than it is."""
        return bool(self.gained or self.lost or self.failing or self.mended)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would become of a list of questions."""

    asked: int
    effects: tuple[Effect, ...]
    """Of those alone that would change."""

    def plain(self) -> dict[str, Any]:
        """As JSON can keep it."""
        return asdict(self)


def from_plain(kept: Mapping[str, Any]) -> Rehearsal:
    """The rehearsal that :meth:`Rehearsal.plain` has written."""
    lists = ("gained", "lost", "failing")
    return Rehearsal(
        kept["asked"],
        tuple(
            Effect(**{**each, **{name: tuple(each[name]) for name in lists}})
            for each in kept["effects"]
        ),
    )
