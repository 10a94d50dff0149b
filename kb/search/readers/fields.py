"""Values that name something filed: in the address (filters) and in the question (field:value)."""

from collections.abc import Callable, Mapping

from kb.domain.classification import Classified, DepartmentFunction, DocumentKind, Theme
from kb.domain.departments import functions_of
from kb.domain.fiscal_year import parse_fiscal_year
from kb.domain.gazetteer import MatchReason
from kb.domain.municipality import MunicipalityKind
from kb.domain.rights import Terms
from kb.search.engine import BadQuery
from kb.search.query import Facet, Filters, Standing, Variant
from kb.search.readers.probing import Prober, facet_variant
from kb.search.readers.vocabulary import Vocabulary

LABELS: Mapping[Facet, str] = {
    Facet.MUNICIPALITY: "自治体",
    Facet.PREFECTURE: "都道府県",
    Facet.IMPLEMENTED_IN: "実践年度",
    Facet.PRESENTED_IN: "発表年度",
    Facet.THEME: "テーマ",
    Facet.DEPARTMENT: "部門",
    Facet.KIND: "資料の種類",
    Facet.RIGHTS: "利用条件",
    Facet.EVENT: "催し",
    Facet.STANDING: "事例の別",
}


def filters(typed: Filters, vocabulary: Vocabulary) -> Filters:
    """Filters as an engine knows them, from values as a person types them.

    Raises:
        BadQuery: a value names nothing; the message says which.
    """
    found = {}
    for facet, texts in typed.items():
        given = [text for text in texts if text.strip()]
        if given:
            values = [value for text in given for value in facet_values(facet, text, vocabulary)]
            found[facet] = tuple(dict.fromkeys(values))
    return found


def field_variants(
    facet: Facet, text: str, vocabulary: Vocabulary, prober: Prober
) -> tuple[Variant, ...]:
    """What a ``field:value`` of a question asks for.

    Raises:
        BadQuery: the value names nothing.
    """
    if facet is Facet.DEPARTMENT and vocabulary.key(text) in vocabulary.departments:
        return (prober.literal(text),)
    values = facet_values(facet, text, vocabulary)
    return tuple(facet_variant(text, facet, value) for value in values)


def facet_values(facet: Facet, text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The engine's values for one typed value.

    Raises:
        BadQuery: it names nothing.
    """
    values = _READERS[facet](text.strip(), vocabulary)
    if not values:
        raise BadQuery(
            f"{LABELS[facet]}「{text.strip()}」は登録がありません。ことばを確かめてください。"
        )
    return values


def _municipality(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    matches = [
        match
        for match in vocabulary.gazetteer.resolve(text, loose=True)
        if match.municipality.kind is not MunicipalityKind.PREFECTURE
    ]
    named = [match for match in matches if match.why in (MatchReason.NAME, MatchReason.CODE)]
    # 中央区 is a special ward, and ten wards of cities that are named with their city.
    bodies = [m for m in named if m.municipality.kind is not MunicipalityKind.DESIGNATED_WARD]
    found = bodies or named[:1] or matches[:1]
    return tuple(
        code
        for match in found
        for code in (
            match.municipality.code,
            *(name.code for name in vocabulary.gazetteer.predecessors(match.municipality.code)),
        )
    )


def _prefecture(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    if len(text) == 2 and text.isdecimal():
        return (text,) if text in vocabulary.prefectures else ()
    matches = vocabulary.gazetteer.resolve(text, loose=True)
    return tuple(
        match.municipality.code[:2]
        for match in matches
        if match.municipality.kind is MunicipalityKind.PREFECTURE
    )[:1]


def _year(text: str, _vocabulary: Vocabulary) -> tuple[str, ...]:
    year = parse_fiscal_year(text)
    return (str(year.year),) if year else ()


def _member(members: type[Classified]) -> "Reader":
    def read(text: str, _vocabulary: Vocabulary) -> tuple[str, ...]:
        member = members.from_text(text)
        return (member.value,) if member else ()

    return read


def _department(text: str, _vocabulary: Vocabulary) -> tuple[str, ...]:
    exact = DepartmentFunction.from_text(text)
    return (exact.value,) if exact else tuple(f.value for f in functions_of(text))


def _rights(text: str, _vocabulary: Vocabulary) -> tuple[str, ...]:
    return tuple(terms.value for terms in Terms if text in (terms.value, terms.label))


def _event(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    return tuple(event.id for event in vocabulary.events if text in (event.id, event.title))


def _standing(text: str, _vocabulary: Vocabulary) -> tuple[str, ...]:
    return (text,) if text in set(Standing) else ()


Reader = Callable[[str, Vocabulary], tuple[str, ...]]

_READERS: Mapping[Facet, Reader] = {
    Facet.MUNICIPALITY: _municipality,
    Facet.PREFECTURE: _prefecture,
    Facet.IMPLEMENTED_IN: _year,
    Facet.PRESENTED_IN: _year,
    Facet.THEME: _member(Theme),
    Facet.DEPARTMENT: _department,
    Facet.KIND: _member(DocumentKind),
    Facet.RIGHTS: _rights,
    Facet.EVENT: _event,
    Facet.STANDING: _standing,
}
