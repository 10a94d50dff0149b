"""Facet counts as readers see them: labels, order, and what is chosen."""

from itertools import islice

from kb.domain.classification import DepartmentFunction, DocumentKind, Theme
from kb.domain.fiscal_year import FiscalYear
from kb.domain.municipality import SPECIMEN_PREFECTURES
from kb.domain.rights import Terms
from kb.search.engine import EngineAnswer
from kb.search.query import EngineQuery, Facet, FacetCount
from kb.search.readers.vocabulary import Vocabulary

FACETS = (
    Facet.MUNICIPALITY,
    Facet.PREFECTURE,
    Facet.IMPLEMENTED_IN,
    Facet.PRESENTED_IN,
    Facet.THEME,
    Facet.DEPARTMENT,
    Facet.KIND,
    Facet.RIGHTS,
)
"""The facets that are counted for every question."""

MOST_VALUES = 50
"""Values of a facet that are offered beside the chosen ones. Only municipalities have more: with
all of them a page takes twice as long to draw, and nobody reads down to the eight hundredth."""
MOST_LABELS = 10_000
"""Labels kept: of every municipality, and of some thousand values that were only typed."""

_YEARS = (Facet.IMPLEMENTED_IN, Facet.PRESENTED_IN)


class FacetLabels:
    """What a facet's value is called; kept, since every answer names hundreds of municipalities."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._known: dict[tuple[Facet, str], str] = {}
        self._of_today: dict[str, bool] = {}

    def label(self, facet: Facet, value: str) -> str:
        """The Japanese name of a value; the value itself when it has none."""
        label = self._known.get((facet, value))
        if label is None:
            label = self._label(facet, value)
            if len(self._known) < MOST_LABELS:
                self._known[facet, value] = label
        return label

    def _label(self, facet: Facet, value: str) -> str:
        match facet:
            case Facet.MUNICIPALITY:
                return self._municipality(value)
            case Facet.PREFECTURE:
                return self._prefecture(value)
            case Facet.IMPLEMENTED_IN | Facet.PRESENTED_IN:
                return FiscalYear(int(value)).both
            case Facet.THEME:
                return Theme(value).label
            case Facet.DEPARTMENT:
                return DepartmentFunction(value).label
            case Facet.KIND:
                return DocumentKind(value).label
            case Facet.RIGHTS:
                return Terms(value).label
            case _:
                return value

    def _municipality(self, code: str) -> str:
        gazetteer = self.vocabulary.gazetteer
        body, former = gazetteer.get(code), gazetteer.former(code)
        if former is not None:
            heirs = "、".join(heir.name for heir in gazetteer.successors(code))
            return f"{former.name}(現 {heirs})"
        if body is None:
            return code
        if code[:2] in SPECIMEN_PREFECTURES:
            return f"{body.name}(見本)"
        bearers = [m for m in gazetteer.resolve(body.name) if m.municipality.name == body.name]
        return f"{body.name}({body.prefecture})" if len(bearers) > 1 else body.name

    def is_of_today(self, facet: Facet, value: str) -> bool:
        """Whether a value is offered: no body of the past is, being counted under today's."""
        if facet is not Facet.MUNICIPALITY:
            return True
        known = self._of_today.get(value)
        if known is None:
            known = self._of_today[value] = not self.vocabulary.gazetteer.former(value)
        return known

    def _prefecture(self, code: str) -> str:
        for match in self.vocabulary.gazetteer.resolve(self._prefecture_code(code)):
            return match.municipality.name
        return code

    @staticmethod
    def _prefecture_code(code: str) -> str:
        return f"{code}000"


def counted(
    facet: Facet, answer: EngineAnswer, query: EngineQuery, labels: FacetLabels
) -> tuple[FacetCount, ...]:
    """The counts of one facet: chosen values first, then the most frequent; years newest first.

    Of the values that are not chosen the :data:`MOST_VALUES` most frequent are given.
    """
    chosen = query.filters.get(facet, ())
    counts = {**dict.fromkeys(chosen, 0), **answer.facets.get(facet, {})}
    # Pairs, which compare by themselves: there are 1,700 municipalities in every answer.
    others = sorted((-count, v) for v, count in counts.items() if v not in chosen)
    offered = islice((v for _, v in others if labels.is_of_today(facet, v)), MOST_VALUES)
    found = [
        FacetCount(value, labels.label(facet, value), counts[value], value in chosen)
        for value in (*sorted(set(chosen), key=lambda v: (-counts[v], v)), *offered)
    ]
    if facet in _YEARS:
        return tuple(sorted(found, key=lambda c: (not c.selected, -int(c.value))))
    return tuple(found)
