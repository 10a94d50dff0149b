"""People and what they did, row by row: in the form of a case, a document, an event or a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import Changes
from kb.catalogue.editing.columns import Column, chosen, day, events, text
from kb.catalogue.editing.references import (
    PERSON_HINT,
    case_column,
    find_person,
    names_held,
    show_person,
)
from kb.catalogue.editing.views import BadEdit, Box, EditRow, Kind, Section, Sort
from kb.catalogue.told_rows import role_words, telling_roles

OWNED_BY = {
    Kind.CASE: "case_id",
    Kind.DOCUMENT: "document_id",
    Kind.EVENT: "event_id",
    Kind.PERSON: "person_id",
}
"""Kind -> the column of a role that names what it is a role in."""

NEW_ROWS = ("new1", "new2")
"""Empty rows at the end; after saving there are two more."""

_GONE = "gone"
_ADDED = ("足す人", "足す役職")


@dataclass(frozen=True, slots=True)
class RoleEdit:
    """One row that has been touched: other values, a new one, or gone."""

    number: int | None
    """Of the row in the catalogue; None for a new one."""
    values: Mapping[str, Any] | None
    """None: it is to go."""


class Roles:
    """The roles in one thing, as its form shows them and takes them back."""

    def __init__(self, session: Session, kind: Kind, key: str) -> None:
        self._session = session
        self._kind = kind
        self._key = key
        self._names = names_held(session)
        self._columns = self._boxes()
        wanted = select(m.RoleRow).filter_by(**{OWNED_BY[kind]: key}).order_by(m.RoleRow.id)
        self._rows = session.scalars(wanted).all()

    def section(self) -> tuple[Section, dict[str, str]]:
        """The rows of the form, and what stands in them."""
        rows: list[EditRow] = []
        values: dict[str, str] = {}
        for row in self._rows:
            gone = Box(f"role-{row.id}-{_GONE}", "この行を消す", Sort.TICK)
            rows.append(EditRow(self._told(row), (*self._boxes_of(str(row.id)), gone)))
            values |= self._values(row) | {gone.name: ""}
        for number, mark in enumerate(NEW_ROWS, start=1):
            boxes = self._boxes_of(mark)
            rows.append(EditRow(f"{_ADDED[self._kind is Kind.PERSON]} {number}", boxes))
            values |= {box.name: "" for box in boxes}
        title = "役職と役割" if self._kind is Kind.PERSON else "関わった人"
        return Section(title, (), tuple(rows), "役職は、そのときのものを書きます。"), values

    def read(self, typed: Mapping[str, str]) -> tuple[RoleEdit, ...]:
        """What is to be done to the rows that somebody has touched.

        Raises:
            BadEdit: some boxes cannot be understood.
        """
        edits: list[RoleEdit] = []
        errors: dict[str, str] = {}
        for row in self._rows:
            mine = _of_row(typed, str(row.id))
            if _GONE in mine:
                edits.append(RoleEdit(row.id, None))
            elif mine:
                edits.append(RoleEdit(row.id, self._read(str(row.id), mine, errors)))
        for mark in NEW_ROWS:
            mine = _of_row(typed, mark)
            if mine:
                blank = {column.box.name: "" for column in self._columns}
                edits.append(RoleEdit(None, self._read(mark, blank | mine, errors)))
        if errors:
            raise BadEdit(errors)
        return tuple(edits)

    def write(self, changes: Changes, edits: Iterable[RoleEdit]) -> None:
        """Do it; told of the people, and of the thing that they had the roles in."""
        edits = tuple(edits)
        thing = None if self._kind is Kind.PERSON else (self._kind.value, self._key)
        with telling_roles(self._session, changes, self._touched(edits), thing):
            self._change(edits)

    # -- boxes ---------------------------------------------------------------------------

    def _boxes(self) -> tuple[Column, ...]:
        session = self._session
        who = text("person", "氏名", PERSON_HINT, needed=True)
        columns = {
            "person_id": Column(
                who.box,
                lambda typed: find_person(session, who.read(typed), self._names),
                lambda id_: show_person(session.get_one(m.PersonRow, id_), self._names),
            ),
            "title": text("title", "役職・所属", "福津市長、総務課長 など。", needed=True),
            "part": text("part", "役割", "発表、対談、進行、主催 など。", needed=True),
            "on": day("on", "その日"),
            "event_id": chosen("event", "催し", events(session)),
            "case_id": case_column(session, "case", "事例"),
        }
        left_out = {OWNED_BY[self._kind], *(("case_id",) if self._kind is Kind.DOCUMENT else ())}
        self._attributes = tuple(name for name in columns if name not in left_out)
        return tuple(columns[name] for name in self._attributes)

    def _boxes_of(self, mark: str) -> tuple[Box, ...]:
        return tuple(
            replace(column.box, name=f"role-{mark}-{column.box.name}") for column in self._columns
        )

    def _values(self, row: m.RoleRow) -> dict[str, str]:
        return {
            f"role-{row.id}-{column.box.name}": column.show(getattr(row, name))
            for name, column in zip(self._attributes, self._columns, strict=True)
        }

    def _read(self, mark: str, mine: Mapping[str, str], errors: dict[str, str]) -> dict[str, Any]:
        values = {}
        for name, column in zip(self._attributes, self._columns, strict=True):
            box = column.box.name
            if box not in mine:
                continue
            try:
                values[name] = column.read(mine[box])
            except ValueError as error:
                errors[f"role-{mark}-{box}"] = str(error)
        return values

    # -- rows ----------------------------------------------------------------------------

    def _change(self, edits: Iterable[RoleEdit]) -> None:
        held = {row.id: row for row in self._rows}
        for edit in edits:
            if edit.number is None:
                mine = {OWNED_BY[self._kind]: self._key}
                self._session.add(m.RoleRow(**{**mine, **(edit.values or {})}))
            elif edit.values is None:
                self._session.delete(held[edit.number])
            else:
                for name, value in edit.values.items():
                    setattr(held[edit.number], name, value)

    def _touched(self, edits: Iterable[RoleEdit]) -> Iterable[str]:
        """Whose roles change: those who had them, and those who get them."""
        held = {row.id: row.person_id for row in self._rows}
        for edit in edits:
            if edit.number is not None:
                yield held[edit.number]
            named = (edit.values or {}).get("person_id")
            if named is not None or edit.number is None:
                yield named or self._key

    def _told(self, row: m.RoleRow) -> str:
        if self._kind is Kind.PERSON:
            return role_words(row)
        return f"{self._session.get_one(m.PersonRow, row.person_id).name} {role_words(row)}"


def _of_row(typed: Mapping[str, str], mark: str) -> dict[str, str]:
    start = f"role-{mark}-"
    return {
        name.removeprefix(start): text for name, text in typed.items() if name.startswith(start)
    }
