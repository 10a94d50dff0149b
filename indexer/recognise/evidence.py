"""A proposal, how sure it is, and the words it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

T_co = TypeVar("T_co", covariant=True)

Where = Literal["page", "file", "metadata", "event"]

MOST_WORDS = 80
"""Characters of evidence shown to a curator."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that speak for a proposal."""

    page: int | None
    """From 1; None for the file's name, its metadata and the event."""
    source: Where
    text: str
    """As they stand, with what surrounds them; at most 80 characters."""
    start: int | None
    end: int | None
    """Half-open range of characters of the page's text, of the words themselves."""


@dataclass(frozen=True, slots=True)
class Recognised(Generic[T_co]):
    """One proposal for one field."""

    value: T_co
    confidence: float
    """0 to 1: of proposals at this height, the share that a curator would accept."""
    evidence: tuple[Evidence, ...]
    rule: str
    """The rule that weighed most, for figures per rule."""


def evidence_on(page: int, text: str, start: int, end: int) -> Evidence:
    """Evidence from a page's text: the characters `start:end` and a little around them."""
    end = min(end, len(text))
    start = min(start, end)
    spare = max(0, MOST_WORDS - (end - start)) // 4
    around = text[max(0, start - spare) : end + spare]
    return Evidence(page, "page", " ".join(around.split())[:MOST_WORDS], start, end)


def evidence_beside(source: Where, text: str) -> Evidence:
    """Evidence from beside the pages: the file's name, its metadata, the event."""
    return Evidence(None, source, " ".join(text.split())[:MOST_WORDS], None, None)


def either(weights: Iterable[float], most: float = 0.99) -> float:
    """How sure several independent grounds make us: what is left when none of them errs."""
    doubt = 1.0
    for weight in weights:
        doubt *= 1.0 - weight
    return min(most, 1.0 - doubt)


def best_first(found: Iterable[Recognised[T_co]], least: float) -> tuple[Recognised[T_co], ...]:
    """The proposals that deserve to be shown, surest first, in a stable order."""
    return tuple(sorted((r for r in found if r.confidence >= least), key=lambda r: -r.confidence))
