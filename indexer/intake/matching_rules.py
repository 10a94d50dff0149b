"""What identifies a record of each kind: rules from the surest down, as pure functions.

A rule takes a line's values (references are identifiers, None where the other line is not in
the catalogue) and a held entry. Doubts are what makes a line unclear where no rule fits.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from indexer.intake.draft import LineKind
from indexer.intake.likeness import ALIKE, key_of, likeness
from kb.catalogue.entries import (
    CaseEntry,
    DocumentEntry,
    EventEntry,
    PersonEntry,
    ProgrammeEntry,
    RoleEntry,
)
from kb.domain.classification import DocumentKind

Values = Mapping[str, Any]
Rule = Callable[[Values, Any], bool]

FILE_ADDRESSES = "file_addresses"
"""Addresses of a line that are its own: not the page's, and not another line's."""

_ONE_OF_A_KIND = (DocumentKind.FLYER, DocumentKind.SURVEY)
"""An event has one of them, whatever it is called."""


def _same(one: Any, other: Any) -> bool:
    """Both told, and equal."""
    return one is not None and one == other


def _disagree(one: Any, other: Any) -> bool:
    """Both told, and not equal."""
    return one is not None and other is not None and one != other


def _same_name(one: str | None, other: str | None) -> bool:
    return bool(one) and key_of(one) == key_of(other)


# -- programmes and people ---------------------------------------------------------------


def _programme_by_title(values: Values, held: ProgrammeEntry) -> bool:
    return _same_name(values.get("title"), held.title)


def _person_by_name(values: Values, held: PersonEntry) -> bool:
    told = {key_of(name) for name in (values.get("name"), *values.get("other_names", ())) if name}
    return bool(told & {key_of(name) for name in (held.name, *held.other_names)})


# -- events ------------------------------------------------------------------------------


def _event_by_date(values: Values, held: EventEntry) -> bool:
    if not _same(values.get("held_on"), held.held_on):
        return False
    same_series = _same_name(values.get("series"), held.series)
    return same_series or likeness(values.get("title"), held.title) >= ALIKE


def _event_by_edition(values: Values, held: EventEntry) -> bool:
    if _disagree(values.get("held_on"), held.held_on):
        return False
    same_series = _same_name(values.get("series"), held.series)
    return same_series and _same_name(values.get("edition"), held.edition)


def _event_by_title(values: Values, held: EventEntry) -> bool:
    known = _disagree(values.get("held_on"), held.held_on)
    return not known and _same_name(values.get("title"), held.title)


def _event_moved(values: Values, held: EventEntry) -> bool:
    """第5回 of the same series on another day: put off, or miscounted."""
    edition = values.get("edition") or ""
    numbered = edition.startswith("第")
    same_series = _same_name(values.get("series"), held.series)
    return numbered and same_series and _same_name(edition, held.edition)


# -- cases -------------------------------------------------------------------------------


def _same_places(values: Values, held: CaseEntry | DocumentEntry) -> bool:
    return bool(set(values.get("municipality_codes", ())) & set(held.municipality_codes))


def _same_case_title(values: Values, held: CaseEntry) -> bool:
    names = ("title", "provisional_title")
    told = {key_of(values[name]) for name in names if values.get(name)}
    return bool(told & {key_of(t) for t in (held.title, held.provisional_title) if t})


def _other_time(values: Values, held: CaseEntry) -> bool:
    if _disagree(values.get("implemented_in"), held.implemented_in):
        return True
    return _disagree(values.get("event_id"), held.event_id)


def _case_by_title_and_place(values: Values, held: CaseEntry) -> bool:
    here = _same_places(values, held) and not _other_time(values, held)
    return here and _same_case_title(values, held)


def _case_by_event(values: Values, held: CaseEntry) -> bool:
    there = _same(values.get("event_id"), held.event_id) and not _other_time(values, held)
    return there and _same_places(values, held)


def _case_by_practice_year(values: Values, held: CaseEntry) -> bool:
    then = _same(values.get("implemented_in"), held.implemented_in)
    return then and not _other_time(values, held) and _same_places(values, held)


def _case_by_title(values: Values, held: CaseEntry) -> bool:
    elsewhere = values.get("municipality_codes") and held.municipality_codes
    return not elsewhere and not _other_time(values, held) and _same_case_title(values, held)


def _maybe_case(values: Values, held: CaseEntry) -> bool:
    then = _same(values.get("implemented_in"), held.implemented_in)
    return _same_places(values, held) and (then or _same_case_title(values, held))


# -- documents ---------------------------------------------------------------------------


def _same_kind_and_event(values: Values, held: DocumentEntry) -> bool:
    there = _same(values.get("event_id"), held.event_id)
    return there and values.get("kind") == held.kind


def _same_number(values: Values, held: DocumentEntry) -> bool:
    return key_of(values.get("series_number")) == key_of(held.series_number)


def _document_by_address(values: Values, held: DocumentEntry) -> bool:
    own: Sequence[str] = values.get(FILE_ADDRESSES, ())
    return bool(set(own) & {source.url for source in held.sources})


def _document_by_title(values: Values, held: DocumentEntry) -> bool:
    if not _same_name(values.get("title"), held.title) or values.get("kind") != held.kind:
        return False
    places = set(values.get("municipality_codes", ()))
    elsewhere = places and held.municipality_codes and not _same_places(values, held)
    return not elsewhere and not _disagree(values.get("event_id"), held.event_id)


def _document_by_number(values: Values, held: DocumentEntry) -> bool:
    if not held.series_number or values.get("kind") != held.kind:
        return False
    unlike = _disagree(values.get("event_id"), held.event_id)
    return not unlike and _same_number(values, held) and _same_series(values, held)


def _same_series(values: Values, held: DocumentEntry) -> bool:
    told = values.get("series")
    return not told or not held.series or likeness(told, held.series) >= ALIKE


def _document_by_place(values: Values, held: DocumentEntry) -> bool:
    here = _same_kind_and_event(values, held) and _same_places(values, held)
    return here and _same_number(values, held)


def _document_of_event(values: Values, held: DocumentEntry) -> bool:
    if not _same_kind_and_event(values, held) or values.get("municipality_codes"):
        return False
    if held.municipality_codes or not _same_number(values, held):
        return False
    told = key_of(values.get("declared_size"))
    if held.kind in _ONE_OF_A_KIND or (told and told == key_of(held.declared_size)):
        return True
    return likeness(values.get("title"), held.title) >= ALIKE


def _maybe_document(values: Values, held: DocumentEntry) -> bool:
    places = values.get("municipality_codes")
    here = _same_places(values, held) or not (places and held.municipality_codes)
    return _same_kind_and_event(values, held) and here and _same_number(values, held)


# -- roles -------------------------------------------------------------------------------


def _same_part(values: Values, held: RoleEntry) -> bool:
    if not _same(values.get("person_id"), held.person_id):
        return False
    told = values.get("part")
    return not told or not held.part or likeness(told, held.part) == 1.0


def _role_by_document(values: Values, held: RoleEntry) -> bool:
    return _same(values.get("document_id"), held.document_id) and _same_part(values, held)


def _role_by_event(values: Values, held: RoleEntry) -> bool:
    if _disagree(values.get("document_id"), held.document_id):
        return False
    return _same(values.get("event_id"), held.event_id) and _same_part(values, held)


def _role_by_case_or_day(values: Values, held: RoleEntry) -> bool:
    if values.get("event_id") or values.get("document_id"):
        return False
    there = any(_same(values.get(name), getattr(held, name)) for name in ("case_id", "on"))
    return there and _same_part(values, held)


def _role_at_large(values: Values, held: RoleEntry) -> bool:
    """Told of no event, document, case or day: what somebody is, not what they did once."""
    where = ("event_id", "document_id", "case_id", "on")
    anywhere = any(values.get(name) or getattr(held, name) for name in where)
    return not anywhere and _same_part(values, held)


RULES: Mapping[LineKind, Sequence[Rule]] = {
    LineKind.PROGRAMME: (_programme_by_title,),
    LineKind.EVENT: (_event_by_date, _event_by_edition, _event_by_title),
    LineKind.CASE: (
        _case_by_title_and_place, _case_by_event, _case_by_practice_year, _case_by_title,
    ),
    LineKind.PERSON: (_person_by_name,),
    LineKind.DOCUMENT: (
        _document_by_address, _document_by_title, _document_by_number, _document_by_place,
        _document_of_event,
    ),
    LineKind.ROLE: (_role_by_document, _role_by_event, _role_by_case_or_day, _role_at_large),
}  # fmt: skip

DOUBTS: Mapping[LineKind, Rule] = {
    LineKind.EVENT: _event_moved,
    LineKind.CASE: _maybe_case,
    LineKind.DOCUMENT: _maybe_document,
}
