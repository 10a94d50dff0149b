"""Roles and sources, told whole: beside the words for people, every row from what to what.

Words alone do not put a row back. A SourceEvent of a change of such rows has a field for each,
``role:12`` or ``source:7``, from all its values to all its values; None where there is no row.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import Changes, UnknownReference
from kb.catalogue.plain_rows import plain_of, table_of, values_read

Told = Mapping[str, Any] | None
"""All values of a row; None where there is none."""

Thing = tuple[str, str]
"""Kind and key of what a SourceEvent is of."""

WORDS = frozenset({"roles", "people", "sources", "url", "seen_from", "seen_until"})
"""Fields that tell of the same rows in words."""

ROLE_OF = {"case": "case_id", "document": "document_id", "event": "event_id"}
"""Kind of a thing -> the column of a role that names it."""

SOURCE_OF = {"document": "document_id", "event": "event_id"}

_TABLES: Mapping[str, type[m.RoleRow] | type[m.SourceRow]] = {
    "role": m.RoleRow,
    "source": m.SourceRow,
}
LOST = "元の値が指す「{key}」がもうないので、元に戻せません。編集の画面で直してください。"


def is_row(name: str) -> bool:
    """Whether a field of a change tells of a whole row."""
    return name.partition(":")[0] in _TABLES and ":" in name


def stands(session: Session, name: str, told: Told) -> bool:
    """Whether a row is as a change tells it."""
    return _now(session, name) == (dict(told) if told else None)


# --- telling ---------------------------------------------------------------------------------


@contextmanager
def telling_roles(
    session: Session, changes: Changes, people: Iterable[str], thing: Thing | None
) -> Iterator[None]:
    """Tell of the roles that are changed in the ``with`` block, of the people and the thing.

    Args:
        session: in which they are changed; it is flushed at the end, and not before.
        changes: where it is told.
        people: whose roles change: those who had them, and those who get them.
        thing: of the page on which they are changed; None where that is a person's.
    """
    people = sorted(set(people))
    rows = list(session.scalars(_roles(people, thing)))
    before = {row.id: plain_of(row) for row in rows}
    words = _role_words(session, rows, people, thing)
    # Nothing may reach the database before it has been told.
    with session.no_autoflush:
        yield
        rows = [row for row in rows if row not in session.deleted]
        rows += [row for row in session.new if isinstance(row, m.RoleRow)]
        for about, name, lines in _role_words(session, rows, people, thing):
            was = next(each for of, _, each in words if of == about)
            changes.note("changed", *about, {name: [was, lines]})
    session.flush()
    after = {row.id: plain_of(row) for row in rows}
    for number in sorted(before | after):
        pair = [before.get(number), after.get(number)]
        if pair[0] != pair[1]:
            theirs = {("person", told["person_id"]) for told in pair if told}
            _note(changes, f"role:{number}", pair, theirs | ({thing} if thing else set()))


@contextmanager
def telling_sources(session: Session, changes: Changes, thing: Thing) -> Iterator[None]:
    """Tell of the sources of a document or an event that are changed in the ``with`` block."""
    wanted = select(m.SourceRow).filter_by(**{SOURCE_OF[thing[0]]: thing[1]})
    rows = list(session.scalars(wanted.order_by(m.SourceRow.id)))
    before, words = {row.id: plain_of(row) for row in rows}, list(map(source_words, rows))
    with session.no_autoflush:
        yield
        rows = [row for row in rows if row not in session.deleted]
        rows += [row for row in session.new if isinstance(row, m.SourceRow)]
        changes.note("changed", *thing, {"sources": [words, list(map(source_words, rows))]})
    session.flush()
    after = {row.id: plain_of(row) for row in rows}
    for number in sorted(before | after):
        pair = [before.get(number), after.get(number)]
        if pair[0] != pair[1]:
            _note(changes, f"source:{number}", pair, {thing})


def source_words(row: m.SourceRow) -> str:
    """A source in words."""
    days = f"{row.seen_from or ''}〜{row.seen_until or ''}"
    return " ".join((row.label, row.url, *((days,) if days != "〜" else ())))


def role_words(row: m.RoleRow) -> str:
    """A role in words, without who had it."""
    return " ".join((row.title, row.part, *((row.on.isoformat(),) if row.on else ())))


def _note(changes: Changes, name: str, pair: Sequence[Told], things: Iterable[Thing]) -> None:
    for kind, key in sorted(things):
        changes.note("changed", kind, key, {name: pair})


def _roles(people: list[str], thing: Thing | None) -> Any:
    row = m.RoleRow
    theirs: ColumnElement[bool] = row.person_id.in_(people)
    if thing is not None:
        theirs = or_(theirs, getattr(row, ROLE_OF[thing[0]]) == thing[1])
    return select(row).where(theirs).order_by(row.id)


def _role_words(
    session: Session, rows: list[m.RoleRow], people: list[str], thing: Thing | None
) -> list[tuple[Thing, str, list[str]]]:
    """What it is told of, the field, and a line for each role."""
    told = [
        (("person", person), "roles", [role_words(row) for row in rows if row.person_id == person])
        for person in people
    ]
    if thing is not None:
        its = [row for row in rows if getattr(row, ROLE_OF[thing[0]]) == thing[1]]
        named = [f"{session.get_one(m.PersonRow, r.person_id).name} {role_words(r)}" for r in its]
        told.append((thing, "people", named))
    return told


# --- and back --------------------------------------------------------------------------------


def put_back(session: Session, changes: Changes, thing: Thing, former: Mapping[str, Told]) -> None:
    """Give rows the values they had, make those that went and let go of those that came.

    Args:
        session: in which.
        changes: where it is told.
        thing: of whose history.
        former: ``role:12`` or ``source:7`` -> its values.

    Raises:
        UnknownReference: a row would name what is not there any more.
    """
    for name, told in former.items():
        _require_targets(session, name, told or {})
    roles = {name: told for name, told in former.items() if name.startswith("role:")}
    sources = {name: told for name, told in former.items() if name not in roles}
    if roles:
        states = (*roles.values(), *(_now(session, name) for name in roles))
        people = [told["person_id"] for told in states if told]
        with telling_roles(session, changes, people, thing if thing[0] in ROLE_OF else None):
            _set(session, roles)
    if sources:
        with telling_sources(session, changes, thing):
            _set(session, sources)


def _set(session: Session, former: Mapping[str, Told]) -> None:
    for name, told in former.items():
        kind, number = _TABLES[name.partition(":")[0]], int(name.partition(":")[2])
        row = session.get(kind, number)
        if told is None:
            session.delete(row)
        elif row is None:
            session.add(kind(**values_read(kind, told)))
        else:
            for column, value in values_read(kind, told).items():
                setattr(row, column, value)


def _require_targets(session: Session, name: str, told: Mapping[str, Any]) -> None:
    for column in table_of(_TABLES[name.partition(":")[0]]).columns:
        value = told.get(column.name)
        for foreign in column.foreign_keys if value is not None else ():
            if session.scalar(select(foreign.column).where(foreign.column == value)) is None:
                raise UnknownReference(LOST.format(key=value))


def _now(session: Session, name: str) -> Told:
    kind, _, number = name.partition(":")
    row = session.get(_TABLES[kind], int(number))
    return plain_of(row) if row is not None else None
