"""In what a line and the record it is differ. What the page does not tell is no difference."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from indexer.intake.draft import LineKind
from indexer.intake.fields import EVENT_PART, FIELDS, SOURCES, STATEMENT, Field, plain
from indexer.intake.likeness import key_of
from indexer.intake.matching import Told
from kb.catalogue.entries import CaseEntry, DocumentEntry, EventEntry, PersonEntry
from kb.catalogue.stored import Entry

OPEN_REFERENCE = object()
"""Stands for a reference to a line of which nobody has said yet what it is."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field whose value the page tells otherwise than the catalogue holds."""

    field: str
    label: str
    held: Any
    """Plain; None where nothing is held."""
    page: Any
    """Plain. Of a field that grows: what would be added."""


def differences(
    told: Told, held: Entry, resolve: Callable[[str], str | object]
) -> tuple[Difference, ...]:
    """Every field of a line that differs from the record it is.

    Args:
        told: what the line says.
        held: the record.
        resolve: a reference's record, the key itself where it is in no catalogue yet, or
            OPEN_REFERENCE.
    """
    return tuple(_differences(told, held, resolve))


def _differences(
    told: Told, held: Entry, resolve: Callable[[str], str | object]
) -> Iterator[Difference]:
    for field in FIELDS[told.kind]:
        if field.name not in told.values:
            continue
        page, before = told.values[field.name], held_value(held, field, told.values)
        if field.refers is not None:
            page = resolve(page)
            if page is OPEN_REFERENCE:
                continue
        lacking = missing(field, before, page, held)
        if lacking:
            yield Difference(field.name, field.label, plain(before) or None, plain(lacking))


def held_value(held: Entry, field: Field, values: Mapping[str, Any]) -> Any:
    """What a record holds for a field of the draft."""
    if isinstance(held, DocumentEntry) and field is STATEMENT:
        return held.rights.statement
    if isinstance(held, DocumentEntry) and field is EVENT_PART:
        parts = [part.part for part in held.event_parts]
        return values[field.name] if values[field.name] in parts else next(iter(parts), None)
    if isinstance(held, DocumentEntry | EventEntry) and field is SOURCES:
        return tuple(source.url for source in held.sources)
    return getattr(held, field.name)


def missing(field: Field, before: Any, page: Any, held: Entry) -> Any:
    """What of the page's value the record does not hold; empty where it holds all of it."""
    if isinstance(held, PersonEntry) and field.name in ("name", "other_names"):
        return _new_spellings(held, page) if field.name == "other_names" else None
    if field is SOURCES:
        return tuple(address for address in page if address not in before)
    if field.grows:
        known = {_comparable(one) for one in before}
        return tuple(one for one in page if _comparable(one) not in known)
    if isinstance(page, tuple):
        return () if set(map(_comparable, page)) == set(map(_comparable, before)) else page
    if _comparable(page) == _comparable(before) or _earlier_title(field, page, held):
        return None
    return page


def _new_spellings(held: PersonEntry, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in (held.name, *held.other_names))


def _earlier_title(field: Field, page: Any, held: Entry) -> bool:
    """An announcement that knows a case by its provisional title alone contradicts nothing."""
    if field.name != "title" or not isinstance(held, CaseEntry):
        return False
    return key_of(page) == key_of(held.provisional_title)


def _comparable(value: Any) -> Any:
    """Widths, variant kanji and blanks are no difference; identifiers are compared as they are."""
    return key_of(value) if type(value) is str else value


def spellings(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Every spelling of a person's name that a line tells."""
    names = (values.get("name"), *values.get("other_names", ()))
    return tuple(dict.fromkeys(name for name in names if name))


def with_spellings(kind: LineKind, values: Mapping[str, Any], held: Entry | None) -> dict[str, Any]:
    """A person's values with the name itself among the spellings to be compared."""
    if kind is not LineKind.PERSON or not isinstance(held, PersonEntry):
        return dict(values)
    return {**values, "other_names": spellings(values)}
