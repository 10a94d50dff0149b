"""Recorded changes as they are shown: with the names of what they name, and without what a
document keeps from curators."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from kb.catalogue import models as m
from kb.catalogue.history.views import EventView, Names
from kb.catalogue.review.reading import full_name
from kb.catalogue.review.settlements import TO_SETTLE, settlement_of
from kb.catalogue.rows import rights_of
from kb.domain.rights import Audience, allowed
from kb.domain.settled import Field

REFERENCES = {
    "case_id": "case",
    "continues_id": "case",
    "event_id": "event",
    "programme_id": "programme",
    "person_id": "person",
    "document_id": "document",
    "newer": "document",
    "edition_of": "document",
    "alike": "document",
    "other": "document",
    "kept": "document",
    "from": "document",
    "documents": "document",
    "merged": "case",
    "merged_into": "case",
    "municipality": "municipality",
    "municipalities": "municipality",
    "excerpts": "case",
    "event_parts": "event",
}
"""Field of a change -> the kind of thing that it names by its key."""

_TAILED = frozenset({"excerpts", "event_parts"})
"""Fields whose keys carry more behind a colon: case-1:3-5."""

_TITLES: dict[str, tuple[InstrumentedAttribute[str], InstrumentedAttribute[str]]] = {
    "case": (m.CaseRow.id, m.CaseRow.title),
    "event": (m.EventRow.id, m.EventRow.title),
    "programme": (m.ProgrammeRow.id, m.ProgrammeRow.title),
    "person": (m.PersonRow.id, m.PersonRow.name),
    "known_question": (m.KnownQuestionRow.id, m.KnownQuestionRow.question),
    "account": (m.AccountRow.login, m.AccountRow.name),
    "local_name": (m.LocalNameRow.id, m.LocalNameRow.name),
}
"""Kind -> its key and what people call it, where that is a column."""


def event_views(session: Session, rows: Iterable[m.SourceEventRow]) -> tuple[EventView, ...]:
    """Recorded changes, without the words of documents that curators may not read."""
    rows = tuple(rows)
    about = {row.subject_id for row in rows if row.subject_kind == "document"}
    hidden = _hidden(session, about)
    return tuple(
        EventView(
            row.id, row.at, row.actor, row.action, row.subject_kind, row.subject_id, row.why,
            None if row.subject_kind == "document" and row.subject_id in hidden else row.change,
        )
        for row in rows
    )  # fmt: skip


def names_of(session: Session, events: Iterable[EventView]) -> Names:
    """What people call the things that these changes are of, and those that they name."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for each in events:
        wanted[each.kind].add(each.key)
        for name, value in (each.change or {}).items():
            if name in REFERENCES:
                wanted[REFERENCES[name]].update(key_of(name, key) for key in _texts(value))
    found: dict[tuple[str, str], str] = {}
    for kind, keys in wanted.items():
        found |= {(kind, key): name for key, name in _named(session, kind, keys)}
    return found


def key_of(field: str, value: str) -> str:
    """The key of the thing that a value of a field names."""
    return value.rpartition(":")[0] if field in _TAILED and ":" in value else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value


def _named(session: Session, kind: str, keys: set[str]) -> Iterator[tuple[str, str]]:
    if kind == "municipality":
        places = select(m.MunicipalityRow).where(m.MunicipalityRow.code.in_(keys))
        yield from ((row.code, full_name(row)) for row in session.scalars(places))
    elif kind == "document":
        for row in _documents(session, keys):
            yield row.id, settlement_of(row).text(Field.TITLE) or row.title
    elif kind in _TITLES:
        key, name = _TITLES[kind]
        asked = select(key, name).where(key.in_(keys))
        yield from ((found, called) for found, called in session.execute(asked))


def _hidden(session: Session, documents: set[str]) -> set[str]:
    """Those of the documents whose words curators may not read: they were taken down."""
    return {
        row.id
        for row in _documents(session, documents)
        if not allowed(rights_of(row), Audience.CURATOR).page_text
    }


def _documents(session: Session, keys: set[str]) -> Iterable[m.DocumentRow]:
    wanted = select(m.DocumentRow).where(m.DocumentRow.id.in_(keys)).options(*TO_SETTLE)
    return session.scalars(wanted).all() if keys else ()
