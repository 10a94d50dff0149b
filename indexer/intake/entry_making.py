"""From what a curator accepted of a line to the entry that is recorded.

A record that is held keeps every field that was not accepted.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date
from typing import Any

from indexer.extracted import ExtractedPage
from indexer.intake.draft import LineKind
from indexer.intake.fields import FIELDS, LABELS, BadValue
from indexer.intake.identifiers import presented_in
from indexer.intake.remedies import COMMAND, Remedies
from indexer.recognise.reading import Reading
from indexer.recognise.rights_statement import recognise_rights_statement
from indexer.recognise.source import Source
from kb.catalogue.entries import (
    CaseEntry,
    DocumentEntry,
    EventEntry,
    EventPartEntry,
    PersonEntry,
    ProgrammeEntry,
    RoleEntry,
    SourceEntry,
)
from kb.catalogue.stored import Entry
from kb.domain.classification import DocumentKind, EventPart, EventState
from kb.domain.gazetteer import Gazetteer
from kb.domain.rights import Rights, Terms

Values = Mapping[str, Any]
"""Field -> value of an entry, references as identifiers; None takes a value away."""

_ENTRIES: Mapping[LineKind, type[Any]] = {
    LineKind.PROGRAMME: ProgrammeEntry,
    LineKind.EVENT: EventEntry,
    LineKind.CASE: CaseEntry,
    LineKind.PERSON: PersonEntry,
    LineKind.DOCUMENT: DocumentEntry,
    LineKind.ROLE: RoleEntry,
}
_STRICTER = (Terms.INTERNAL, Terms.WITHDRAWN)
"""Terms that no sentence on a page changes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Where and when the page was read: what new addresses are recorded with."""

    label: str
    on: date


class EntryMaker:
    """Makes entries from accepted values."""

    def __init__(self, gazetteer: Gazetteer, seen: Seen, remedies: Remedies = COMMAND) -> None:
        self._gazetteer = gazetteer
        self._remedies = remedies
        self._seen = seen

    def changed(self, kind: LineKind, held: Entry, values: Values) -> Entry:
        """The held entry with the accepted values; those that grow are added to what is there.

        Raises:
            BadValue: a value is taken away that must be there.
        """
        grows = {field.name for field in FIELDS[kind] if field.grows and field.name != "sources"}
        # None takes all of a list away; anything else is added to it.
        grown = {
            name: tuple(dict.fromkeys((*getattr(held, name), *(values[name] or ()))))
            for name in grows & values.keys()
            if values[name] is not None
        }
        return replace(held, **self._taken(kind, {**values, **grown}, held))

    def new(self, kind: LineKind, record_id: str, values: Values) -> Entry:
        """An entry for a record that is not held.

        Raises:
            BadValue: a value is lacking that must be there.
        """
        entry = _ENTRIES[kind]
        taken = self._taken(kind, self._defaults(kind) | self._named(kind, values), None)
        if kind is not LineKind.ROLE:
            taken["id"] = record_id
        _refuse_lacking(kind, taken, self._remedies)
        made: Entry = entry(**taken)
        return made

    def _defaults(self, kind: LineKind) -> dict[str, Any]:
        """What stands where a page is silent on what a record must have."""
        silent: dict[LineKind, dict[str, Any]] = {
            LineKind.EVENT: {"state": EventState.CLOSED},
            LineKind.CASE: {"municipality_codes": ()},
            LineKind.DOCUMENT: {"kind": DocumentKind.OTHER},
            LineKind.ROLE: {"title": "", "part": ""},
        }
        return silent.get(kind, {})

    def _named(self, kind: LineKind, values: Values) -> dict[str, Any]:
        """A case known by its provisional title alone goes by that; an event to come is open."""
        named = dict(values)
        provisional, day = named.get("provisional_title"), named.get("held_on")
        if kind is LineKind.CASE and provisional and not named.get("title"):
            named["title"] = provisional
        if kind is LineKind.EVENT and day is not None and day > self._seen.on:
            named.setdefault("state", EventState.OPEN)
        return named

    def _taken(self, kind: LineKind, values: Values, held: Entry | None) -> dict[str, Any]:
        """The values under the names and in the types of the entry's fields."""
        taken = dict(values)
        if "sources" in taken:
            taken["sources"] = self._sources(taken["sources"] or (), held)
        if kind is LineKind.DOCUMENT:
            taken = self._document(taken, held if isinstance(held, DocumentEntry) else None)
        empty = _empty(_ENTRIES[kind])
        for name, value in taken.items():
            if value is None and empty[name] is MISSING:
                raise BadValue(f"{_label(kind, name)}は空にできません。値を書いてください。")
        return {n: empty[n] if v is None else v for n, v in taken.items() if n in empty}

    def _sources(self, addresses: tuple[str, ...], held: Entry | None) -> tuple[SourceEntry, ...]:
        known = held.sources if isinstance(held, DocumentEntry | EventEntry) else ()
        seen = {source.url for source in known}
        new = (SourceEntry(a, self._seen.label, self._seen.on) for a in addresses if a not in seen)
        return (*known, *new)

    def _document(self, values: dict[str, Any], held: DocumentEntry | None) -> dict[str, Any]:
        if "rights_statement" in values:
            statement = values.pop("rights_statement")
            values["rights"] = self._rights(statement, held.rights if held else Rights())
        elif held is None:
            values["rights"] = Rights()
        if "event_part" in values:
            values["event_parts"] = _parts(values.pop("event_part"), values, held)
        if held is not None:
            # What a page says is given by somebody, and no longer a stopgap.
            given = {*values, "municipality"} if "municipality_codes" in values else set(values)
            values["filled"] = tuple(name for name in held.filled if name not in given)
        return values

    def _rights(self, statement: str | None, held: Rights) -> Rights:
        if statement is None:
            raise BadValue(f"利用条件の文をここで消すことはできません。{self._remedies.rights}")
        if held.terms in _STRICTER or not self._asks_not_to_copy(statement):
            return replace(held, statement=statement)
        return replace(held, terms=Terms.NO_COPY, statement=statement)

    def _asks_not_to_copy(self, statement: str) -> bool:
        page = ExtractedPage(1, statement, 0, 0)
        found = recognise_rights_statement(Reading(Source("", (page,)), self._gazetteer))
        return any(one.rule == "refusal" for one in found)


def _parts(
    part: EventPart | None, values: Values, held: DocumentEntry | None
) -> tuple[EventPartEntry, ...]:
    """Its parts at events, with one at the event it belongs to; None takes that one away."""
    event_id = values.get("event_id") or (held.event_id if held else None)
    parts = held.event_parts if held else ()
    if event_id is None:
        return parts
    if part is None:
        return tuple(each for each in parts if each.event_id != event_id)
    return tuple(dict.fromkeys((*parts, EventPartEntry(event_id, part))))


def _empty(entry: type[Any]) -> dict[str, Any]:
    """Field -> what it holds when it holds nothing; MISSING where it must hold something."""
    return {
        f.name: f.default if f.default_factory is MISSING else f.default_factory()
        for f in fields(entry)
    }


def _refuse_lacking(kind: LineKind, taken: Values, remedies: Remedies) -> None:
    empty = _empty(_ENTRIES[kind])
    lacking = [name for name, value in empty.items() if value is MISSING and name not in taken]
    if lacking:
        named = "、".join(_label(kind, name) for name in lacking)
        how = remedies.write.format(field=lacking[0], label=named)
        raise BadValue(f"{LABELS[kind]}の{named}がありません。{how}")


def _label(kind: LineKind, name: str) -> str:
    return next((field.label for field in FIELDS[kind] if field.name == name), name)


def with_event_year(values: Values, held_on: date | None) -> Values:
    """A case's or document's values with the presentation year that its event's day implies."""
    year = presented_in(held_on)
    return (
        values if year is None or values.get("presented_in") else {**values, "presented_in": year}
    )
