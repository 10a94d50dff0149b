"""Fills in explanations from what an engine knows of a record; the same for both engines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from kb.search.engine import STREAM_WEIGHTS
from kb.search.explanation import Part, RecordParts
from kb.search.query import Clause, Probe, Variant

_ROUNDING = 1e-9
"""What two ways of adding up the same numbers may differ by."""


@dataclass(frozen=True, slots=True)
class Met:
    """A probe that matches a record."""

    times: tuple[int, ...]
    """How often each token stands there; of a phrase how often all of it does."""
    rarity: float
    """The sum of the tokens' idf."""
    score: float
    """As the engine counts it, before any weight."""


class Scored(Protocol):
    """One record, with the numbers by which its engine ranks it."""

    def variant(self, variant: Variant) -> float | None:
        """What a variant scores there, weighted; None where the record does not hold it."""
        ...

    def met(self, probe: Probe) -> Met | None:
        """How a probe matches; None where it does not."""
        ...


def record_parts(
    record: Scored,
    clauses: Iterable[Clause],
    hints: Iterable[Variant],
    coverage: float,
    page: tuple[str, int] = ("", 0),
) -> RecordParts:
    """What a record that answers scores; `page`: the document and number of a page."""
    document, number = page
    return RecordParts(
        document=document,
        page=number,
        clauses=tuple(part for clause in clauses for part in _clause_parts(clause, record)),
        hints=tuple(part for hint in hints for part in _variant_parts("", hint, record)),
        coverage=coverage,
    )


def nothing_of(page: tuple[str, int] = ("", 0)) -> RecordParts:
    """Of a record that does not answer by itself."""
    return RecordParts(*page, clauses=(), hints=(), coverage=1.0)


def _clause_parts(clause: Clause, record: Scored) -> Sequence[Part]:
    """The parts of the variant that counts: the best; of equals the first."""
    scores = [(variant, record.variant(variant)) for variant in clause.variants]
    held = [(variant, score) for variant, score in scores if score is not None]
    if not held:
        return ()
    best = max(held, key=lambda each: each[1])[0]
    return list(_variant_parts(clause.typed, best, record))


def _variant_parts(typed: str, variant: Variant, record: Scored) -> Iterator[Part]:
    score = record.variant(variant)
    if score is None:
        return
    added = 0.0
    for probe in variant.probes:
        met = record.met(probe)
        if met is not None:
            part = _part(typed, variant, probe, met)
            added += part.amount
            yield part
    rest = score - added
    if variant.facet is not None and rest > _ROUNDING:
        yield Part(
            typed, variant.surface, None, (variant.facet[1],), False, (), variant.weight, 0.0, rest
        )


def _part(typed: str, variant: Variant, probe: Probe, met: Met) -> Part:
    weight = STREAM_WEIGHTS[probe.stream] * variant.weight
    return Part(
        typed=typed,
        surface=variant.surface,
        stream=probe.stream.value,
        tokens=probe.tokens,
        phrase=probe.phrase and len(probe.tokens) > 1,
        times=met.times,
        weight=weight,
        rarity=met.rarity,
        amount=weight * met.score,
    )
