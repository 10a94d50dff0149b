"""Values that name something filed: in the address (filters) and in the question (field:value)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from kb.domain.classification import Classified, DepartmentFunction, DocumentKind, Theme
from kb.domain.departments import functions_of
from kb.domain.fiscal_year import parse_fiscal_years
from kb.domain.gazetteer import MatchReason, PlaceMatch
from kb.domain.municipality import MunicipalityKind
from kb.domain.place_names import changed
from kb.domain.rights import Terms
from kb.search.engine import BadQuery
from kb.search.query import Facet, Filters, Standing, Variant
from kb.search.readers.places import MOST_OFFERED, full_name, near_names
from kb.search.readers.probing import Prober, facet_variant
from kb.search.readers.vocabulary import Vocabulary
from kb.search.readers.words import KIND_OF

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


def filter_notices(typed: Filters, vocabulary: Vocabulary) -> tuple[str, ...]:
    """What to say of filters that can mean more, or less, than whoever typed them may think."""
    texts = [text.strip() for text in typed.get(Facet.MUNICIPALITY, ()) if text.strip()]
    said = (_told_of_place(text, vocabulary) for text in dict.fromkeys(texts))
    return tuple(notice for notice in said if notice)


def _told_of_place(text: str, vocabulary: Vocabulary) -> str:
    gazetteer = vocabulary.gazetteer
    former = gazetteer.former(text)
    if former is not None:
        heirs = gazetteer.successors(former.code)
        return (
            f"団体コード {former.code} は{former.name}({changed(former)}、"
            f"現 {'、'.join(heir.name for heir in heirs)})のものなので、"
            f"{former.name}として登録されたものだけを表示しています。"
            f"いまの自治体のものもさがすには {'、'.join(heir.code for heir in heirs)} "
            "を指定してください。"
        )
    taken = bodies(text, vocabulary)
    if len(taken) > 1:
        return (
            f"「{text}」にあたる自治体は{len(taken)}団体あり({_listed(taken)})、"
            f"そのすべてを表示しています。一つにするには「{full_name(taken[0].municipality)}」"
            "のように都道府県名から指定してください。"
        )
    others = namesakes(text, taken, vocabulary)
    if not others:
        return ""
    return (
        f"「{text}」を{full_name(taken[0].municipality)}として表示しています。"
        f"同じように呼ばれる自治体が、ほかにもあります({_listed(others)})。"
        f"「{full_name(others[0].municipality)}」のように都道府県名から指定してください。"
    )


def namesakes(
    text: str, taken: tuple[PlaceMatch, ...], vocabulary: Vocabulary
) -> tuple[PlaceMatch, ...]:
    """Municipalities that a value may mean as well as what was taken."""
    found = vocabulary.gazetteer.resolve(text, loose=True)
    return tuple(match for match in found if _is_as_good(match, taken))


def _is_as_good(match: PlaceMatch, taken: tuple[PlaceMatch, ...]) -> bool:
    """Meant in the same way as what was taken, and no ward of a city or prefecture beside it."""
    kinds = (MunicipalityKind.PREFECTURE, MunicipalityKind.DESIGNATED_WARD)
    aside = match in taken or match.municipality.kind in kinds
    return not aside and match.label in {each.label for each in taken}


def _listed(matches: Sequence[PlaceMatch]) -> str:
    rest = "など" if len(matches) > MOST_OFFERED else ""
    return "、".join(full_name(m.municipality) for m in matches[:MOST_OFFERED]) + rest


def field_variants(
    facet: Facet, text: str, vocabulary: Vocabulary, prober: Prober, on: date | None = None
) -> tuple[Variant, ...]:
    """What a ``field:value`` of a question asks for; 昨年度 counts from the day `on`.

    Raises:
        BadQuery: the value names nothing.
    """
    if facet is Facet.DEPARTMENT and vocabulary.key(text) in vocabulary.departments:
        return (prober.literal(text),)
    values = facet_values(facet, text, vocabulary, on)
    return tuple(facet_variant(text, facet, value) for value in values)


def labels_of(variants: Iterable[Variant]) -> tuple[str, ...]:
    """The whole names of the themes, functions and kinds that some variants go by."""
    filed = [variant.facet for variant in variants if variant.facet]
    return tuple(_CLOSED[facet](value).label for facet, value in filed if facet in _CLOSED)


def facet_values(
    facet: Facet, text: str, vocabulary: Vocabulary, on: date | None = None
) -> tuple[str, ...]:
    """The engine's values for one typed value.

    Relative years need the day `on`: in an address they would mean another year each year.

    Raises:
        BadQuery: it names nothing.
    """
    values = _years(text, on) if facet in _AXES else _READERS[facet](text.strip(), vocabulary)
    if not values:
        raise BadQuery(
            f"{LABELS[facet]}「{text.strip()}」は登録がありません。"
            f"{_what_to_type(facet, text.strip(), vocabulary)}"
        )
    return values


def _what_to_type(facet: Facet, text: str, vocabulary: Vocabulary) -> str:
    """How a value that names nothing may be mended."""
    if facet in _AXES:
        return "2021、令和3年度、R3 のように書いてください。"
    if facet in _CLOSED:
        labels = "、".join(member.label for member in _CLOSED[facet])
        return f"次の中から選んでください({labels})。"
    near = near_names(text, vocabulary) if facet is Facet.MUNICIPALITY else []
    return f"「{'」「'.join(near)}」ではありませんか。" if near else "ことばを確かめてください。"


def _municipality(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Codes of today; of a body of the past only when that is what is typed.

    What is filed under such a body is found under today's code too: its name, which may be all
    that somebody knows of a place, leads to everything, and its code to its own.
    """
    former = vocabulary.gazetteer.former(text)
    if former is not None:
        return (former.code,)
    return tuple(match.municipality.code for match in bodies(text, vocabulary))


def bodies(text: str, vocabulary: Vocabulary) -> tuple[PlaceMatch, ...]:
    """The municipalities that a value means; several where it is the whole name of each."""
    matches = vocabulary.gazetteer.resolve(text, loose=True)
    # A prefecture is meant where nothing else is: 福岡 is the city, 東京都 what it says.
    within = [m for m in matches if m.municipality.kind is not MunicipalityKind.PREFECTURE]
    matches = tuple(within) or matches
    named = [match for match in matches if match.why in (MatchReason.NAME, MatchReason.CODE)]
    # 中央区 is a special ward, and ten wards of cities that are named with their city.
    bodies = [m for m in named if m.municipality.kind is not MunicipalityKind.DESIGNATED_WARD]
    # Two towns that are no more had one name, or one was divided among several.
    formerly = [match for match in matches if match.why is MatchReason.FORMER_NAME and match.exact]
    # What people call a place means it where it is no short name of another.
    local = matches[:1] and matches[0].why is MatchReason.LOCAL_NAME
    called = [match for match in matches if match.why is MatchReason.LOCAL_NAME] if local else []
    return tuple(bodies or named[:1] or [*called, *formerly] or matches[:1])


def _prefecture(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    if len(text) == 2 and text.isdecimal():
        return (text,) if text in vocabulary.prefectures else ()
    matches = vocabulary.gazetteer.resolve(text, loose=True)
    return tuple(
        match.municipality.code[:2]
        for match in matches
        if match.municipality.kind is MunicipalityKind.PREFECTURE
    )[:1]


def _years(text: str, on: date | None) -> tuple[str, ...]:
    return tuple(str(year.year) for year in parse_fiscal_years(text, on=on))


def _theme(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The theme of that name, else those whose names hold the word: DX is in DX・ICT."""
    exact, part = Theme.from_text(text), vocabulary.key(text)
    if exact or len(part) < _LEAST_OF_THEME:
        return (exact.value,) if exact else ()
    return tuple(theme.value for theme in Theme if part in vocabulary.key(theme.label))


def _kind(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The kind of that name, or of what such papers are called: スライド are 発表スライド."""
    kind = DocumentKind.from_text(text) or KIND_OF.get(vocabulary.key(text))
    return (kind.value,) if kind else ()


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

_AXES = (Facet.IMPLEMENTED_IN, Facet.PRESENTED_IN)
_CLOSED: Mapping[Facet, type[Classified]] = {
    Facet.THEME: Theme,
    Facet.DEPARTMENT: DepartmentFunction,
    Facet.KIND: DocumentKind,
}
_LEAST_OF_THEME = 2
"""Characters of a part of a theme's name."""

_READERS: Mapping[Facet, Reader] = {
    Facet.MUNICIPALITY: _municipality,
    Facet.PREFECTURE: _prefecture,
    Facet.THEME: _theme,
    Facet.DEPARTMENT: _department,
    Facet.KIND: _kind,
    Facet.RIGHTS: _rights,
    Facet.EVENT: _event,
    Facet.STANDING: _standing,
}
