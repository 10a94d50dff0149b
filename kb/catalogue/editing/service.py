"""Changing what is recorded, in forms: cases, documents, events, people and programmes.

Every saving is one transaction that begins by asking whether the form still fits what is
recorded; only boxes that somebody has touched are read and written.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from kb.catalogue.changes import UnknownReference
from kb.catalogue.editing.cases import MUNICIPALITIES, Cases
from kb.catalogue.editing.columns import Columns, read_all
from kb.catalogue.editing.documents import Documents
from kb.catalogue.editing.lists import records
from kb.catalogue.editing.parts import PartEdit, Parts
from kb.catalogue.editing.roles import OWNED_BY as WITH_ROLES
from kb.catalogue.editing.roles import RoleEdit, Roles
from kb.catalogue.editing.sources import OWNED_BY as WITH_SOURCES
from kb.catalogue.editing.sources import SourceEdit, Sources
from kb.catalogue.editing.things import (
    EVENTS,
    NAMED_BY,
    PEOPLE,
    PROGRAMMES,
    SAME_NAME,
    Desk,
    Editable,
)
from kb.catalogue.editing.views import NEW, BadEdit, EditForm, Kind, RecordLine, Section
from kb.catalogue.entries import Authorship
from kb.catalogue.history.names import names_of
from kb.catalogue.history.views import EventView, Names
from kb.catalogue.review.states import changes_since, same_version, version_of
from kb.catalogue.review.views import ChangedMeanwhile, ChangeView
from kb.catalogue.session import Database
from kb.catalogue.writing import CatalogueWriter, writing
from kb.domain.classification import EventState
from kb.domain.gazetteer import Gazetteer
from kb.domain.settled import Field

Read = TypeVar("Read")

_PLACES = {Kind.CASE: MUNICIPALITIES, Kind.DOCUMENT: Field.MUNICIPALITY.value}
"""The box that is told of a municipality which is not registered."""

_AT_FIRST = {Kind.EVENT: {"state": EventState.CLOSED.value}}
"""What stands in the boxes of a new thing."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A form, and what reads it."""

    form: EditForm
    columns: Columns
    roles: Roles | None = None
    sources: Sources | None = None
    parts: Parts | None = None


@dataclass(frozen=True, slots=True)
class _Edit:
    """What is to be written, understood."""

    values: Mapping[str, Any]
    roles: tuple[RoleEdit, ...] = ()
    sources: SourceEdit | None = None
    parts: PartEdit | None = None


class Editing:
    """What curators change after something has been recorded, over one catalogue."""

    def __init__(self, database: Database, places: Callable[[], Gazetteer]) -> None:
        """`places` is asked for only when a municipality is typed."""
        self._database = database
        kinds: tuple[Editable, ...] = (
            *(Cases(places), Documents(places)),
            *(EVENTS, PEOPLE, PROGRAMMES),
        )
        self._kinds = {each.kind: each for each in kinds}

    def form(self, kind: Kind, key: str) -> EditForm | None:
        """The form of what is recorded; None when there is none."""
        with self._database.reading() as session:
            sheet = _sheet(session, self._kinds[kind], key)
            return sheet.form if sheet else None

    def new_form(self, kind: Kind) -> EditForm:
        """The empty form of an event, a person or a programme."""
        with self._database.reading() as session:
            return _new_sheet(session, self._kinds[kind]).form

    def records(self, kind: Kind, named: str = "") -> tuple[RecordLine, ...]:
        """Events, people or programmes whose name has that text in it, and how they are told."""
        with self._database.reading() as session:
            return records(session, kind, named)

    def names(self, kind: Kind, key: str, changes: Iterable[ChangeView]) -> Names:
        """What people call the things that these changes of one thing name."""
        told = [EventView(0, c.at, c.actor, c.action, kind, key, c.why, c.change) for c in changes]
        with self._database.reading() as session:
            return names_of(session, told)

    def save(
        self,
        kind: Kind,
        key: str,
        typed: Mapping[str, str],
        version: str,
        authorship: Authorship,
    ) -> bool:
        """Change what the form says; whether anything is other than before.

        Raises:
            UnknownReference: there is no such thing.
            ChangedMeanwhile: somebody has changed it since the form was made.
            BadEdit: boxes that cannot be understood; each has its reason.
        """
        with writing(self._database, authorship) as writer:
            desk = _desk(writer)
            sheet = _sheet(desk.session, self._kinds[kind], key)
            if sheet is None:
                raise UnknownReference(f"{kind.label} {key} は登録されていません。")
            if not same_version(sheet.form.version, version):
                changes = changes_since(desk.session, kind.value, key, version)
                raise ChangedMeanwhile(changes)
            touched = _touched(sheet.form, typed)
            self._write(desk, kind, key, sheet, _read(sheet, touched))
            return bool(touched)

    def make(self, kind: Kind, typed: Mapping[str, str], authorship: Authorship) -> str:
        """Record an event, a person or a programme; its identifier.

        Raises:
            BadEdit: boxes that cannot be understood, or it is recorded already.
        """
        with writing(self._database, authorship) as writer:
            desk = _desk(writer)
            sheet = _new_sheet(desk.session, self._kinds[kind])
            given = {box.name: _plain(typed.get(box.name, "")) for box in sheet.form.boxes()}
            values = read_all(sheet.columns, given)
            key = NAMED_BY[kind](desk.session, values)
            values.pop(SAME_NAME, None)
            self._kinds[kind].write(desk, key, values)
            return key

    def _write(self, desk: Desk, kind: Kind, key: str, sheet: _Sheet, edit: _Edit) -> None:
        """What is told as one change first, decisions after it."""
        if sheet.parts and edit.parts:
            sheet.parts.write(desk.changes, edit.parts)
        if sheet.sources and edit.sources:
            sheet.sources.write(desk.changes, edit.sources)
        if sheet.roles and edit.roles:
            sheet.roles.write(desk.changes, edit.roles)
        try:
            self._kinds[kind].write(desk, key, edit.values)
        except UnknownReference as error:
            box = "case_id" if edit.values.get("case_id") else _PLACES.get(kind, "")
            raise BadEdit({box: str(error)}) from error


def _desk(writer: CatalogueWriter) -> Desk:
    return Desk(writer, writer.session, writer.changes)


# --- forms ----------------------------------------------------------------------------------


def _sheet(session: Session, editable: Editable, key: str) -> _Sheet | None:
    held = editable.held(session, key)
    if held is None:
        return None
    kind, columns = editable.kind, editable.columns(session, key)
    rows = (
        Roles(session, kind, key) if kind in WITH_ROLES else None,
        Sources(session, kind, key) if kind in WITH_SOURCES else None,
        Parts(session, key) if kind is Kind.DOCUMENT else None,
    )
    sections, values = _plainly(columns, held)
    for each in (rows[2], rows[0], rows[1]):
        if each is not None:
            section, told = each.section()
            sections, values = (*sections, section), values | told
    title = str(held["name" if kind is Kind.PERSON else "title"])
    form = EditForm(kind, key, title, version_of(session, values), sections, values)
    return _Sheet(form, columns, *rows)


def _new_sheet(session: Session, editable: Editable) -> _Sheet:
    columns = editable.columns(session, None)
    sections = tuple(Section(title, tuple(c.box for c in under)) for title, under in columns)
    values = {column.box.name: "" for _, under in columns for column in under}
    values |= _AT_FIRST.get(editable.kind, {})
    return _Sheet(EditForm(editable.kind, None, "", NEW, sections, values), columns)


def _plainly(
    columns: Columns, held: Mapping[str, Any]
) -> tuple[tuple[Section, ...], dict[str, str]]:
    sections = tuple(Section(title, tuple(c.box for c in under)) for title, under in columns)
    values = {c.box.name: c.show(held[c.box.name]) for _, under in columns for c in under}
    return sections, {name: _plain(value) for name, value in values.items()}


# --- what is typed --------------------------------------------------------------------------


def _touched(form: EditForm, typed: Mapping[str, str]) -> dict[str, str]:
    """The boxes in which something else stands than before."""
    plain = {name: _plain(text) for name, text in typed.items() if name in form.values}
    return {name: text for name, text in plain.items() if text != form.values[name]}


def _plain(text: str) -> str:
    """As a box gives it back: line ends alone, no blanks around it."""
    return text.replace("\r\n", "\n").strip()


def _read(sheet: _Sheet, touched: Mapping[str, str]) -> _Edit:
    """All of it is understood before anything is written.

    Raises:
        BadEdit: some is not; with what is wrong in every part of the form.
    """
    errors: dict[str, str] = {}
    edit = _Edit(
        _of(lambda: read_all(sheet.columns, touched), errors) or {},
        (_of(lambda: roles.read(touched), errors) if (roles := sheet.roles) else None) or (),
        _of(lambda: sources.read(touched), errors) if (sources := sheet.sources) else None,
        _of(lambda: parts.read(touched), errors) if (parts := sheet.parts) else None,
    )
    if errors:
        raise BadEdit(errors)
    return edit


def _of(read: Callable[[], Read], errors: dict[str, str]) -> Read | None:
    """What one part of a form says; None, with its errors noted, where it cannot be understood."""
    try:
        return read()
    except BadEdit as error:
        errors |= error.errors
        return None
