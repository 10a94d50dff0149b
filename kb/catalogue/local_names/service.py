"""Local names as their pages change them: one form for each name."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.editing.views import BadEdit
from kb.catalogue.entries import Authorship
from kb.catalogue.local_names.reading import names_with, view
from kb.catalogue.local_names.records import KIND
from kb.catalogue.local_names.rules import NameWords, namesakes, require_usable
from kb.catalogue.local_names.views import (
    LocalNameFields,
    LocalNameForm,
    LocalNameView,
    SavedName,
    UnknownLocalName,
)
from kb.catalogue.review.decisions import CannotDecide
from kb.catalogue.review.settling import read_values
from kb.catalogue.review.states import changes_since, same_version, version_of
from kb.catalogue.review.views import ChangedMeanwhile
from kb.catalogue.session import Database
from kb.catalogue.writing import CatalogueWriter, writing
from kb.domain.gazetteer import Gazetteer
from kb.domain.municipality import Municipality
from kb.domain.settled import Field

_BLANKS = re.compile(r"\s+")
_GONE = "この呼び名は、もうありません。一覧から選び直してください。"
_HELD = (
    "「{name}」は、{place}の呼び名としてすでに登録されています。"
    "読みや由来を直すときは、一覧からその名前を開いてください。"
)
_NOT_TODAY = (
    "「{typed}」は、いまの自治体ではありません。いまの自治体の名前か団体コードで入れてください。"
)


class LocalNames:
    """What the municipalities of one catalogue are called besides."""

    def __init__(
        self, database: Database, places: Callable[[], Gazetteer], words: NameWords
    ) -> None:
        """Stand on these.

        Args:
            database: the catalogue.
            places: what names lead to now; asked for when a name is saved.
            words: the Japanese that names are judged by.
        """
        self._database = database
        self._places = places
        self._words = words

    def listed(self, text: str = "") -> tuple[LocalNameView, ...]:
        """Names that hold a text, or whose municipality does."""
        with self._database.reading() as session:
            return names_with(session, text.strip())

    def form(self, key: str) -> LocalNameForm | None:
        """The form of a name; None when there is none."""
        with self._database.reading() as session:
            return _form(session, key)

    def new_form(self, code: str = "") -> LocalNameForm:
        """The empty form, for the municipality of a code where one is given."""
        body = self._places().get(code) if code else None
        fields = LocalNameFields(body.full_name if body else "")
        return LocalNameForm(None, "", fields)

    def add(self, fields: LocalNameFields, authorship: Authorship) -> SavedName:
        """Record a name; one that is there already is left as it is.

        Raises:
            BadEdit: boxes that cannot be taken; each has its reason.
        """
        fields, places = _cleaned(fields), self._places()
        body = _body(fields.municipality, places)
        values = self._usable(fields, body, places)
        with writing(self._database, authorship) as writer:
            new = writer.local_names.record(str(body.code), values)
        return SavedName(fields.name, body.full_name, new, namesakes(fields.name, body, places))

    def change(
        self, key: str, fields: LocalNameFields, version: str, authorship: Authorship
    ) -> SavedName:
        """Change a name, its reading or where it comes from.

        Raises:
            BadEdit: boxes that cannot be taken; each has its reason.
            UnknownLocalName: there is no such name any more.
            ChangedMeanwhile: somebody has changed it since the form was made.
        """
        fields, places = _cleaned(fields), self._places()
        form = self.form(key)
        if form is None or form.held is None:
            raise UnknownLocalName(_GONE)
        body = _bearer(form.held, places)
        values = self._usable(fields, body, places)
        with writing(self._database, authorship) as writer:
            held = _as_seen(writer, key, version)
            other = writer.local_names.held(held.code, values["folded"])
            if other is not None and other.id != key:
                raise BadEdit({"name": _HELD.format(name=fields.name, place=held.place)})
            changed = writer.local_names.change(key, values)
        return SavedName(fields.name, held.place, changed, namesakes(fields.name, body, places))

    def remove(self, key: str, version: str, authorship: Authorship) -> LocalNameView:
        """Forget a name; what it was.

        Raises:
            UnknownLocalName: there is no such name any more.
            ChangedMeanwhile: somebody has changed it since the form was made.
        """
        with writing(self._database, authorship) as writer:
            held = _as_seen(writer, key, version)
            writer.local_names.remove(key)
        return held

    def _usable(
        self, fields: LocalNameFields, body: Municipality, places: Gazetteer
    ) -> dict[str, Any]:
        """The columns of a name, once it is sure that it can be used."""
        require_usable(fields, body, places, self._words, self._is_department)
        return {
            "name": fields.name,
            "folded": self._words.key(fields.name),
            "kana": fields.kana or None,
            "note": fields.note or None,
        }

    def _is_department(self, name: str) -> bool:
        """Whether a department is recorded under a name."""
        wanted = self._words.key(name)
        with self._database.reading() as session:
            held = session.scalars(select(m.DepartmentRow.name).distinct())
            return any(self._words.key(each) == wanted for each in held)


def _cleaned(fields: LocalNameFields) -> LocalNameFields:
    """One width for all characters, no blanks at the ends and one between."""
    plain = {
        name: _BLANKS.sub(" ", unicodedata.normalize("NFKC", text)).strip()
        for name, text in asdict(fields).items()
    }
    return LocalNameFields(**{**plain, "note": _BLANKS.sub(" ", fields.note).strip()})


def _body(typed: str, places: Gazetteer) -> Municipality:
    """The one municipality of today that is meant."""
    try:
        codes = read_values(Field.MUNICIPALITY, typed, lambda: places)
    except CannotDecide as error:
        raise BadEdit({"municipality": str(error)}) from error
    if len(codes) != 1:
        raise BadEdit({"municipality": "自治体を1つ、名前か団体コードで入れてください。"})
    body = places.get(str(codes[0]))
    if body is None:
        raise BadEdit({"municipality": _NOT_TODAY.format(typed=typed)})
    return body


def _bearer(held: LocalNameView, places: Gazetteer) -> Municipality:
    """Who is called so today, should the body have gone up in another since."""
    found = places.get(held.code) or next(iter(places.successors(held.code)), None)
    if found is None:
        raise BadEdit({"name": _NOT_TODAY.format(typed=held.place)})
    return found


def _form(session: Session, key: str) -> LocalNameForm | None:
    row = session.get(m.LocalNameRow, key)
    if row is None:
        return None
    held = view(row, session.get_one(m.MunicipalityRow, row.code))
    fields = LocalNameFields(held.place, held.name, held.kana, held.note)
    return LocalNameForm(held, version_of(session, asdict(fields)), fields)


def _as_seen(writer: CatalogueWriter, key: str, version: str) -> LocalNameView:
    """The name of a key, once it is sure that it is as its form says."""
    form = _form(writer.session, key)
    if form is None or form.held is None:
        raise UnknownLocalName(_GONE)
    if not same_version(form.version, version):
        raise ChangedMeanwhile(changes_since(writer.session, KIND, key, version))
    return form.held
