"""What speaks for one year, and how several grounds are weighed against each other."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.recognise.evidence import Evidence, Recognised, best_first, either
from indexer.recognise.reading import YearMention

LEAST = 0.5


@dataclass(frozen=True, slots=True)
class YearGround:
    """One ground for one fiscal year."""

    year: int
    weight: float
    """0 to 1: how sure this ground alone would be."""
    rule: str
    evidence: Evidence


def ground(mention: YearMention, weight: float, rule: str) -> YearGround:
    """The year that is named."""
    return YearGround(mention.span.year, weight, rule, mention.evidence)


def weighed(grounds: Iterable[YearGround]) -> tuple[Recognised[int], ...]:
    """One proposal per year; each rule counts once a year, and rival years lower each other."""
    by_year: dict[int, dict[str, YearGround]] = defaultdict(dict)
    for one in grounds:
        held = by_year[one.year].get(one.rule)
        if held is None or held.weight < one.weight:
            by_year[one.year][one.rule] = one
    strengths = {
        year: either((g.weight for g in rules.values()), 0.97) for year, rules in by_year.items()
    }
    found = []
    for year, rules in by_year.items():
        rival = max((s for other, s in strengths.items() if other != year), default=0.0)
        best = sorted(rules.values(), key=lambda one: -one.weight)
        confidence = strengths[year] * (
            1.0 - rival / 2 if rival >= strengths[year] else 1.0 - rival / 10
        )
        evidence = tuple(one.evidence for one in best[:3])
        found.append(Recognised(year, round(confidence, 3), evidence, best[0].rule))
    return best_first(found, LEAST)
