"""Several towns named one after another: 中野区と福津市, 中野区 福津市.

A case is one town's, so whoever names two asks for those of either, as with two towns ticked in
the facet. A prefecture beside a town, and a ward beside its city, say where it lies: both hold.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.domain.gazetteer import Gazetteer
from kb.domain.municipality import MunicipalityKind
from kb.search.query import Clause, Facet, Understood

_JOINT = re.compile(
    r"[\s\u3000]*(?:と|や|か|、|，|,|・|･|/|／"
    r"|または|又は|もしくは|および|及び|ならびに|並びに)?[\s\u3000]*"
)
_ALL_OF = " かつ "
_LABEL = "どれかの自治体のもの"


@dataclass(frozen=True, slots=True)
class Town:
    """A word that names a town, and where it stands in the question."""

    at: int
    """Its position among the words."""
    start: int
    end: int
    codes: frozenset[str]


def town(clause: Clause, at: int, start: int, end: int, gazetteer: Gazetteer) -> Town | None:
    """The word at a position as a town; None for other words and for what lies in or over one."""
    filed = [variant.facet for variant in clause.variants if variant.facet]
    codes = frozenset(code for facet, code in filed if facet is Facet.MUNICIPALITY)
    bodies = [gazetteer.get(code) for code in codes]
    ward = any(body and body.kind is MunicipalityKind.DESIGNATED_WARD for body in bodies)
    by_name = any(variant.probes for variant in clause.variants)
    single = len(codes) == len(filed) and by_name and not clause.excluded and not ward
    return Town(at, start, end, codes) if codes and single else None


def listed(typed: str, towns: Sequence[Town]) -> Iterator[tuple[Town, ...]]:
    """The runs of two or more different towns with nothing but a joint between them."""
    run: list[Town] = list(towns[:1])
    for before, after in pairwise(towns):
        if not (after.at == before.at + 1 and _JOINT.fullmatch(typed[before.end : after.start])):
            yield from _several(run)
            run = []
        run.append(after)
    yield from _several(run)


def _several(run: list[Town]) -> Iterator[tuple[Town, ...]]:
    codes = [code for each in run for code in each.codes]
    if len(run) > 1 and len(codes) == len(set(codes)):
        yield tuple(run)


def chip(typed: str, run: Sequence[Town]) -> Understood:
    """What tells that any of them is enough; without it all of them are asked for."""
    names = _ALL_OF.join(typed[each.start : each.end] for each in run)
    start, end = run[0].start, run[-1].end
    rest = " ".join(filter(None, (typed[:start].strip(), names, typed[end:].strip())))
    return Understood(typed[start:end], "operator", (), _LABEL, rest)
