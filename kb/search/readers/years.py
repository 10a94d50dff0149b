"""Reading a year or a date in a question: practice year, presentation year, or an event's day."""

from dataclasses import dataclass
from datetime import date

from kb.domain.fiscal_year import FiscalYear, parse_date, parse_fiscal_year
from kb.search.query import Entity, Facet, Variant
from kb.search.readers.probing import Prober, facet_variant
from kb.search.readers.vocabulary import KnownEvent, Vocabulary


@dataclass(frozen=True, slots=True)
class YearReading:
    """How a year or a date was read."""

    variants: tuple[Variant, ...]
    label: str
    entities: tuple[Entity, ...] = ()


def read_year(text: str, vocabulary: Vocabulary, prober: Prober) -> YearReading:
    """Read what is known to be a year or a date.

    Raises:
        ValueError: it is neither.
    """
    day = parse_date(text)
    if day is not None:
        return _read_date(text, day, vocabulary, prober)
    year = parse_fiscal_year(text)
    if year is None:
        raise ValueError(f"neither a year nor a date: {text}")
    value = str(year.year)
    variants = (
        facet_variant(year.label, Facet.IMPLEMENTED_IN, value),
        facet_variant(year.label, Facet.PRESENTED_IN, value, 0.8),
        prober.exact(year.label),
        prober.exact(year.era_label),
    )
    return YearReading(variants, f"{year.both} 実践・発表のどちらも")


def _read_date(text: str, day: date, vocabulary: Vocabulary, prober: Prober) -> YearReading:
    events = vocabulary.events_on(day)
    variants = (
        *(facet_variant(event.title, Facet.EVENT, event.id) for event in events),
        prober.exact(f"{day.year}年{day.month}月{day.day}日"),
        prober.exact(text),
    )
    label = f"{day.year}年{day.month}月{day.day}日({FiscalYear.containing(day).era_label})"
    return YearReading(
        tuple(v for v in variants if v.probes or v.facet),
        label,
        tuple(_card(event, day) for event in events),
    )


def _card(event: KnownEvent, day: date) -> Entity:
    return Entity("event", event.id, event.title, f"{day.year}年{day.month}月{day.day}日の開催")
