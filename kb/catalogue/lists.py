"""The lists that cases are filed under, for curators: which departments do what, how people's
names are read."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from kb.catalogue import models as m
from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship, PersonEntry
from kb.catalogue.review.views import ChangedMeanwhile
from kb.catalogue.session import Database
from kb.catalogue.writing import writing

MOST_LISTED = 100
"""People of one list; who looks for more types a part of the name."""
LONGEST_KANA = 80
"""Characters."""
_KANA = re.compile(r"[ぁ-ゖァ-ヺー・]+( [ぁ-ゖァ-ヺー・]+)*")
_BLANKS = re.compile(r"\s+")


class BadReading(ValueError):
    """What was typed is no reading of a name; the message says what to do."""


@dataclass(frozen=True, slots=True)
class DepartmentUse:
    """A department's name and how often cases name it."""

    name: str
    cases: int


@dataclass(frozen=True, slots=True)
class NameReading:
    """A person and the reading of their name."""

    id: str
    name: str
    kana: str


class Lists:
    """Reads the lists of one catalogue, and records readings of names."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def departments(self) -> Mapping[str | None, tuple[DepartmentUse, ...]]:
        """Slug of a function -> the names of departments that have it; None: the name does not
        say."""
        row, used = m.DepartmentRow, m.CaseDepartmentRow
        cases = func.count(used.case_id.distinct())
        wanted = (
            select(row.name, row.function, cases)
            .outerjoin(used, used.department_id == row.id)
            .group_by(row.name, row.function)
            .order_by(cases.desc(), row.name)
        )
        found: dict[str | None, list[DepartmentUse]] = defaultdict(list)
        with self._database.reading() as session:
            for name, function, count in session.execute(wanted):
                found[function].append(DepartmentUse(name, count))
        return {function: tuple(names) for function, names in found.items()}

    def people(self, named: str = "") -> tuple[NameReading, ...]:
        """People whose name or reading has that text in it, those without a reading first."""
        row = m.PersonRow
        wanted = (
            select(row.id, row.name, row.kana)
            .where(
                row.name.contains(named, autoescape=True)
                | row.kana.contains(named, autoescape=True)
            )
            .order_by(func.coalesce(row.kana, "") != "", row.name, row.id)
        )
        with self._database.reading() as session:
            found = session.execute(wanted.limit(MOST_LISTED)).all()
            return tuple(NameReading(id_, name, kana or "") for id_, name, kana in found)

    def read_name(self, person_id: str, kana: str, before: str, authorship: Authorship) -> bool:
        """Record how a person's name is read, or that nobody knows; whether that is new.

        Args:
            person_id: whose name.
            kana: in hiragana or katakana, a blank between family and given name; blank for none.
            before: the reading that the form was made from.
            authorship: who says so.

        Raises:
            BadReading: it is not in kana.
            UnknownReference: there is no such person.
            ChangedMeanwhile: somebody has changed the reading since.
        """
        reading = _BLANKS.sub(" ", kana).strip()
        if reading and (len(reading) > LONGEST_KANA or not _KANA.fullmatch(reading)):
            raise BadReading(
                f"「{reading}」を読みとして使えません。ひらがなかカタカナで、姓と名のあいだに"
                f"空白を入れて、{LONGEST_KANA}文字までで書いてください。"
            )
        with writing(self._database, authorship) as writer:
            held = self._entry(person_id)
            if (held.kana or "") != before:
                raise ChangedMeanwhile(())
            return writer.record_person(replace(held, kana=reading or None))

    def _entry(self, person_id: str) -> PersonEntry:
        with self._database.reading() as session:
            row = session.get(m.PersonRow, person_id)
            if row is None:
                raise UnknownReference("この人は登録されていません。一覧から選び直してください。")
            return PersonEntry(row.id, row.name, tuple(row.other_names), row.kana)
