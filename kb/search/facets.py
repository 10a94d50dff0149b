"""Facet counts as readers see them: labels, order, and what is chosen."""

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

_YEARS = (Facet.IMPLEMENTED_IN, Facet.PRESENTED_IN)


class FacetLabels:
    """What a facet's value is called."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def label(self, facet: Facet, value: str) -> str:
        """The Japanese name of a value; the value itself when it has none."""
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
        gazetteer = self._vocabulary.gazetteer
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
        return facet is not Facet.MUNICIPALITY or not self._vocabulary.gazetteer.former(value)

    def _prefecture(self, code: str) -> str:
        for match in self._vocabulary.gazetteer.resolve(self._prefecture_code(code)):
            return match.municipality.name
        return code

    @staticmethod
    def _prefecture_code(code: str) -> str:
        return f"{code}000"


def counted(
    facet: Facet, answer: EngineAnswer, query: EngineQuery, labels: FacetLabels
) -> tuple[FacetCount, ...]:
    """The counts of one facet: chosen values first, then the most frequent; years newest first."""
    chosen = query.filters.get(facet, ())
    counts = {**dict.fromkeys(chosen, 0), **answer.facets.get(facet, {})}
    found = [
        FacetCount(value, labels.label(facet, value), count, value in chosen)
        for value, count in counts.items()
        if value in chosen or labels.is_of_today(facet, value)
    ]
    if facet in _YEARS:
        return tuple(sorted(found, key=lambda c: (not c.selected, -int(c.value))))
    return tuple(sorted(found, key=lambda c: (not c.selected, -c.count, c.value)))
