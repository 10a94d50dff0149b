"""How the plain engine filters, orders and counts what answers."""

from collections import Counter
from collections.abc import Iterable, Mapping

from kb.search.engine import IndexRecord
from kb.search.query import Facet, Filters, Sort


def passes(record: IndexRecord, filters: Filters, ignoring: Facet | None = None) -> bool:
    """Whether a record fulfils the filters, of which one facet may be left out."""
    return all(
        facet is ignoring or set(values) & set(record.facets.get(facet, ()))
        for facet, values in filters.items()
    )


def _newest(record: IndexRecord, facet: Facet) -> tuple[bool, tuple[int, ...]]:
    """A sort key: greatest value first, records without a value last."""
    values = record.facets.get(facet, ())
    if not values:
        return (True, ())
    after_any_letter = 1
    return (False, (*(-ord(letter) for letter in max(values)), after_any_letter))


def sort_key(
    record: IndexRecord, score: float, sort: Sort
) -> tuple[bool | str | float | tuple[int, ...], ...]:
    """What records are sorted by: the smallest first."""
    implemented = _newest(record, Facet.IMPLEMENTED_IN)
    match sort:
        case Sort.RELEVANCE:
            return (-score, *implemented, record.subject)
        case Sort.IMPLEMENTED_IN:
            return (*implemented, -score, record.subject)
        case Sort.PRESENTED_IN:
            return (*_newest(record, Facet.PRESENTED_IN), -score, record.subject)
        case Sort.MUNICIPALITY:
            codes = record.facets.get(Facet.MUNICIPALITY, ())
            first = codes[0] if codes else ""
            return (not codes, first, *implemented, -score, record.subject)


def keyed(records: Iterable[IndexRecord]) -> dict[str, IndexRecord]:
    """Records by key.

    Raises:
        ValueError: two of them have the same key.
    """
    found: dict[str, IndexRecord] = {}
    for record in records:
        if record.key in found:
            raise ValueError(f"two records with the key {record.key!r}")
        found[record.key] = record
    return found


def count(
    matches: Mapping[str, tuple[IndexRecord, float]], filters: Filters, facet: Facet
) -> Mapping[str, int]:
    """How many of what answers carry each value of a facet, its own selection ignored."""
    counted: Counter[str] = Counter()
    for record, _ in matches.values():
        if passes(record, filters, ignoring=facet):
            counted.update(set(record.facets.get(facet, ())))
    return dict(counted)
