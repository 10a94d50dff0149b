"""The results page's own view: what is drawn for an answer, with every link worked out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kb.search.query import (
    Asked,
    DocumentHit,
    Facet,
    FacetCount,
    Filters,
    Passage,
    ResultPage,
    Scope,
    SearchHit,
)
from kb.web import addresses, display, texts

FACETS_DRAWN = (
    Facet.MUNICIPALITY,
    Facet.PREFECTURE,
    Facet.IMPLEMENTED_IN,
    Facet.PRESENTED_IN,
    Facet.THEME,
    Facet.DEPARTMENT,
    Facet.KIND,
    Facet.RIGHTS,
)
VALUES_DRAWN = 5
"""Values of a facet before 「ほかの…」."""

PAGER_REACH = 2
"""Pages before and after the present one that the pager links to."""

YEARS = (Facet.IMPLEMENTED_IN, Facet.PRESENTED_IN)


@dataclass(frozen=True, slots=True)
class Link:
    """A link or, when it is the current choice, a label."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet as it is drawn: the values shown, and those behind 「ほかの…」."""

    name: str
    label: str
    shown: tuple[FacetCount, ...]
    more: tuple[FacetCount, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A document of a result with the passages drawn of it."""

    document: DocumentHit
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class HitView:
    """A result with what is drawn of it."""

    hit: SearchHit
    quoted: tuple[Quoted, ...]
    remaining: int
    """Pages that answer and are not drawn."""
    remaining_url: str


@dataclass(frozen=True, slots=True)
class ResultsView:
    """Everything the results template draws beside the answer itself."""

    asked: Asked
    """The question with its filters as the service understood them."""
    hits: tuple[HitView, ...]
    facets: tuple[FacetView, ...]
    applied: tuple[Link, ...]
    clear_url: str
    scopes: tuple[Link, ...]
    sorts: tuple[Link, ...]
    pages: tuple[Link | None, ...]
    """Pager; None stands for a gap."""
    previous_url: str | None
    next_url: str | None
    first: int
    last: int
    explain_url: str
    """For curators: the same results with the reasons for their order, or without them."""


def view(asked: Asked, answer: ResultPage) -> ResultsView:
    """Work out every link of the results page."""
    asked = replace(asked, filters=_understood_filters(asked.filters, answer))
    last_page = -(-answer.total // answer.page_size)
    before = answer.page - 1 if 1 < answer.page <= last_page else 0
    after = answer.page + 1 if answer.page < last_page else 0
    return ResultsView(
        asked=asked,
        hits=tuple(_hit(hit, asked.text) for hit in answer.results),
        facets=tuple(_facets(answer)),
        applied=tuple(_applied(asked, answer)),
        clear_url=addresses.with_filters(asked, {}),
        scopes=_scopes(asked),
        sorts=_sorts(asked),
        pages=_pages(asked, answer.page, last_page),
        previous_url=_page_url(asked, before) if before else None,
        next_url=_page_url(asked, after) if after else None,
        first=(answer.page - 1) * answer.page_size + 1,
        last=(answer.page - 1) * answer.page_size + len(answer.results),
        explain_url=addresses.search(replace(asked, explain=not asked.explain)),
    )


def _understood_filters(filters: Filters, answer: ResultPage) -> Filters:
    """Values as the service names them (131148), where it has counted all that were typed.

    A value that no result carries may be missing from the counts; then the typed ones stay.
    """

    def understood(facet: Facet, typed: tuple[str, ...]) -> tuple[str, ...]:
        chosen = tuple(count.value for count in answer.facets.get(facet, ()) if count.selected)
        return chosen if len(chosen) >= len(typed) else typed

    return {facet: understood(facet, typed) for facet, typed in filters.items()}


def value_label(facet: Facet, value: str, label: str) -> str:
    """A facet value for readers: years in both calendars, specimens named as such."""
    if facet in YEARS and display.is_year(value):
        return display.years(value)
    if (
        facet in (Facet.MUNICIPALITY, Facet.PREFECTURE)
        and display.is_specimen_code(value)
        and "見本" not in label
    ):
        return f"{label}(見本)"
    return label


def _labelled(facet: Facet, count: FacetCount) -> FacetCount:
    label = value_label(facet, count.value, count.label)
    return count if label == count.label else replace(count, label=label)


def _facets(answer: ResultPage) -> Iterator[FacetView]:
    for facet in FACETS_DRAWN:
        counts = [_labelled(facet, count) for count in answer.facets.get(facet, ())]
        if counts:
            chosen = [count for count in counts if count.selected]
            others = [count for count in counts if not count.selected]
            room = max(VALUES_DRAWN - len(chosen), 0)
            yield FacetView(
                facet.value,
                texts.FACETS[facet],
                (*chosen, *others[:room]),
                tuple(others[room:]),
            )


def _applied(asked: Asked, answer: ResultPage) -> Iterator[Link]:
    for facet, values in asked.filters.items():
        labels = {count.value: count.label for count in answer.facets.get(facet, ())}
        for value in values:
            label = value_label(facet, value, labels.get(value, value))
            yield Link(
                f"{texts.CHIPS[facet]} {label}", addresses.without_value(asked, facet, value)
            )


def _scopes(asked: Asked) -> tuple[Link, ...]:
    labels = {Scope.CASE: "事例全体", Scope.PAGE: "同じページ"}
    return tuple(
        Link(label, addresses.search(replace(asked, scope=scope, page=1)), asked.scope is scope)
        for scope, label in labels.items()
    )


def _sorts(asked: Asked) -> tuple[Link, ...]:
    return tuple(
        Link(label, addresses.search(replace(asked, sort=sort, page=1)), asked.sort is sort)
        for sort, label in texts.SORTS.items()
    )


def _page_url(asked: Asked, page: int) -> str:
    return addresses.search(replace(asked, page=page))


def _pages(asked: Asked, page: int, last: int) -> tuple[Link | None, ...]:
    """The first, the last and the nearest pages; a gap between what is not consecutive."""
    near = range(max(page - PAGER_REACH, 1), min(page + PAGER_REACH, last) + 1)
    numbers = sorted({1, last, *near} - {0}) if last > 1 else []
    links: list[Link | None] = []
    for position, number in enumerate(numbers):
        if position and number - numbers[position - 1] > 1:
            links.append(None)
        links.append(Link(str(number), _page_url(asked, number), number == page))
    return tuple(links)


def _hit(hit: SearchHit, typed: str) -> HitView:
    quoted = _quoted(hit.documents)
    drawn = {
        each.document.id: len({passage.page for passage in each.passages} - {0}) for each in quoted
    }
    left = {
        document: document.pages_matched - drawn.get(document.id, 0)
        for document in hit.documents
        if document.pages_matched > drawn.get(document.id, 0)
    }
    if hit.case and len(left) != 1:
        url = addresses.case(hit.case.id, typed) + "#documents"
    else:
        only = next(iter(left), hit.documents[0] if hit.documents else None)
        url = addresses.document(only.id, typed) + "#pages" if only else ""
    return HitView(hit, quoted, sum(left.values()), url)


def _quoted(documents: tuple[DocumentHit, ...]) -> tuple[Quoted, ...]:
    """Every passage, by the documents they are of: few are chosen, so that together they tell."""
    return tuple(Quoted(document, document.passages) for document in documents if document.passages)
