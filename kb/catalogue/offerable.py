"""Reads everything that may be offered while a question is typed, with who may know of it.

Columns, not rows: a hundred thousand titles are read in seconds, and nothing of them is kept
that is not offered. A document that has been taken down is left out for curators too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.document_rows import in_series
from kb.catalogue.permissions import known_to
from kb.catalogue.session import DAY, Database
from kb.catalogue.settlements import TO_SETTLE, settlement_of
from kb.domain.classification import DepartmentFunction, DocumentKind, Theme
from kb.domain.departments import functions_of
from kb.domain.fiscal_year import FiscalYear
from kb.domain.offerable import EVERYBODY, Offerable, OfferKind
from kb.domain.rights import Audience, Terms
from kb.domain.settled import Field

Audiences = frozenset[Audience]
Key = TypeVar("Key")

NOBODY: Audiences = frozenset()
CURATORS: Audiences = frozenset({Audience.CURATOR})
MOST_PLACES = 2
"""Municipalities of a case or a department that are named beside it."""


class OfferableReader:
    """Reads from one catalogue; holds nothing between calls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def things(self) -> tuple[Offerable, ...]:
        """Cases, documents that stand alone, events, people, departments, themes, keywords ...

        Places are read by :meth:`kb.catalogue.names.NameReader.places`.
        """
        with self._database.reading() as session:
            return tuple(_Reading(session).things())

    def places(self) -> tuple[Mapping[str, int], frozenset[str]]:
        """Municipality codes with the published cases filed under each; those that are invented."""
        filed = select(m.CaseMunicipalityRow.code).join(
            m.CaseRow, m.CaseRow.id == m.CaseMunicipalityRow.case_id
        )
        invented = select(m.MunicipalityRow.code).where(m.MunicipalityRow.specimen)
        with self._database.reading() as session:
            counts = _tally(session.scalars(filed.where(m.CaseRow.published)))
            return counts, frozenset(session.scalars(invented))


class _Reading:
    """One reading of the catalogue, at one moment."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._documents = _documents_known(session)
        self._cases: dict[str, Audiences] = {
            id_: EVERYBODY if published else CURATORS
            for id_, published in session.execute(select(m.CaseRow.id, m.CaseRow.published))
        }

    def things(self) -> Iterator[Offerable]:
        yield from self._themes()
        yield from self._functions()
        yield from self._departments()
        yield from self._people()
        yield from self._programmes()
        yield from self._series()
        yield from self._keywords()
        yield from self._events()
        yield from self._case_titles()
        yield from self._document_titles()

    # -- titles --------------------------------------------------------------------------

    def _case_titles(self) -> Iterator[Offerable]:
        row, places = m.CaseRow, self._places_of_cases()
        columns = (row.id, row.title, row.provisional_title, row.implemented_in, row.presented_in)
        for id_, title, provisional, *years, specimen in self._rows(*columns, row.specimen):
            yield Offerable(
                OfferKind.CASE, id_, title, tuple(filter(None, (title, provisional))),
                why=_bits("、".join(places[id_][:MOST_PLACES]), _year(*years)),
                audiences=self._cases[id_], cases=1, specimen=specimen,
            )  # fmt: skip

    def _document_titles(self) -> Iterator[Offerable]:
        row, settled = m.DocumentRow, self._settled_titles()
        alone = select(row.id, row.title, row.kind, row.specimen).where(row.case_id.is_(None))
        for id_, recorded, kind, specimen in self._session.execute(alone):
            if known := self._documents.get(id_):
                title = settled.get(id_, recorded)
                yield Offerable(
                    OfferKind.DOCUMENT, id_, title, (title,), why=DocumentKind(kind).label,
                    audiences=known, cases=1, specimen=specimen,
                )  # fmt: skip

    def _settled_titles(self) -> dict[str, str]:
        """Titles that are not what was recorded: decided, or proposed for one filled in."""
        touched = m.DocumentRow.decisions.any(m.DecisionRow.field == Field.TITLE.value)
        wanted = select(m.DocumentRow).where(touched, m.DocumentRow.case_id.is_(None))
        found = self._session.scalars(wanted.options(*TO_SETTLE).execution_options(yield_per=500))
        return {row.id: settlement_of(row).text(Field.TITLE) or row.title for row in found}

    def _places_of_cases(self) -> Mapping[str, list[str]]:
        filed, names = m.CaseMunicipalityRow, defaultdict[str, list[str]](list)
        wanted = select(filed.case_id, m.MunicipalityRow.name).join(
            m.MunicipalityRow, m.MunicipalityRow.code == filed.code
        )
        for case_id, name in self._session.execute(wanted.order_by(filed.position)):
            names[case_id].append(name)
        return names

    # -- what stands around them ---------------------------------------------------------

    def _events(self) -> Iterator[Offerable]:
        row = m.EventRow
        for id_, title, day, specimen in self._rows(row.id, row.title, row.held_on, row.specimen):
            why = f"{day.year}年{day.month}月{day.day}日" if day else ""
            yield Offerable(
                OfferKind.EVENT, id_, title, (title,), why=why, cases=1, specimen=specimen
            )

    def _programmes(self) -> Iterator[Offerable]:
        counts = self._published(m.CaseRow.programme_id)
        for id_, title in self._rows(m.ProgrammeRow.id, m.ProgrammeRow.title):
            yield Offerable(OfferKind.PROGRAMME, id_, title, (title,), cases=counts.get(id_, 0))

    def _series(self) -> Iterator[Offerable]:
        event = m.EventRow
        members: list[tuple[str, Audiences, bool]] = [
            (name, EVERYBODY, specimen)
            for name, specimen in self._rows(event.series, event.specimen)
            if name
        ]
        members += [
            (name, self._documents.get(row.id, NOBODY), row.specimen)
            for name, row in in_series(self._session)
        ]
        known = _together((name, audiences) for name, audiences, _ in members)
        real = {name for name, _, specimen in members if not specimen}
        counts = _tally(name for name, _, _ in members)
        for name, audiences in known.items():
            yield Offerable(
                OfferKind.SERIES, name, name, (name,), audiences=audiences, cases=counts[name],
                specimen=name not in real,
            )  # fmt: skip

    def _people(self) -> Iterator[Offerable]:
        told, posts = self._roles()
        row = m.PersonRow
        for id_, name, others, kana in self._rows(row.id, row.name, row.other_names, row.kana):
            yield Offerable(
                OfferKind.PERSON, id_, name, (name, *others), (kana,) if kana else (),
                # Whom nothing names is nobody's secret.
                why=posts.get(id_, ""), audiences=told.get(id_, EVERYBODY), cases=1,
            )  # fmt: skip

    def _roles(self) -> tuple[Mapping[str, Audiences], Mapping[str, str]]:
        """Who may know of each person, and the last post that everybody may know of."""
        row, told, posts = m.RoleRow, list[tuple[str, Audiences]](), dict[str, str]()
        wanted = select(row.person_id, row.title, row.document_id, row.case_id)
        for person, title, document, case in self._session.execute(wanted.order_by(row.on, row.id)):
            known = EVERYBODY
            if document:
                known = self._documents.get(document, NOBODY)
            elif case:
                known = self._cases[case]
            told.append((person, known))
            if known == EVERYBODY:
                posts[person] = title
        return _together(told), posts

    # -- classes -------------------------------------------------------------------------

    def _themes(self) -> Iterator[Offerable]:
        filed = select(m.CaseThemeRow.theme).join(m.CaseRow, m.CaseRow.id == m.CaseThemeRow.case_id)
        counts = _tally(self._session.scalars(filed.where(m.CaseRow.published)))
        for theme in Theme:
            yield _class(OfferKind.THEME, theme, counts)

    def _functions(self) -> Iterator[Offerable]:
        listed = self._session.scalars(select(m.CaseRow.functions).where(m.CaseRow.published))
        counts = _tally(chain.from_iterable(listed))
        for function in DepartmentFunction:
            yield _class(OfferKind.DEPARTMENT, function, counts)

    def _departments(self) -> Iterator[Offerable]:
        named, places = list[tuple[str, Audiences]](), defaultdict[str, dict[str, None]](dict)
        row, part = m.DepartmentRow, m.CaseDepartmentRow
        wanted = (
            select(row.name, part.case_id, m.MunicipalityRow.name)
            .join(part, part.department_id == row.id)
            .join(m.MunicipalityRow, m.MunicipalityRow.code == row.municipality_code)
        )
        for name, case, place in self._session.execute(wanted):
            named.append((name, self._cases[case]))
            if self._cases[case] == EVERYBODY:
                places[name][place] = None
        for name, known in self._listed(m.DocumentRow.departments):
            named.append((name, known))
        counts = _tally(name for name, known in named if known == EVERYBODY)
        labels = {function.label for function in DepartmentFunction}
        for name, audiences in _together(named).items():
            if name not in labels:
                yield Offerable(
                    OfferKind.DEPARTMENT, "", name, (name,), why=_department(name, places[name]),
                    audiences=audiences, cases=counts.get(name, 0),
                )  # fmt: skip

    def _keywords(self) -> Iterator[Offerable]:
        named = list(self._listed(m.DocumentRow.keywords))
        for id_, words in self._rows(m.CaseRow.id, m.CaseRow.keywords):
            named += [(word, self._cases[id_]) for word in words]
        counts = _tally(name for name, known in named if known == EVERYBODY)
        for word, audiences in _together(named).items():
            yield Offerable(
                OfferKind.WORD, "", word, (word,), audiences=audiences, cases=counts.get(word, 0)
            )

    # -- asking --------------------------------------------------------------------------

    def _rows(self, *columns: Any) -> Iterable[Sequence[Any]]:
        wanted: Select[Any] = select(*columns)
        return self._session.execute(wanted)

    def _listed(self, column: Any) -> Iterator[tuple[str, Audiences]]:
        """What stands in a list of a document, with who may know of that document."""
        for id_, listed in self._rows(m.DocumentRow.id, column):
            for each in listed:
                yield each, self._documents.get(id_, NOBODY)

    def _published(self, column: Any) -> Mapping[str, int]:
        return _tally(self._session.scalars(select(column).where(m.CaseRow.published)))


def _documents_known(session: Session) -> dict[str, Audiences]:
    """Who may know of each document, as :func:`kb.catalogue.rows.may_know` says of one."""
    row, day = m.DocumentRow, session.info[DAY]
    found: dict[str, Audiences] = {}
    sets: dict[Audiences, Audiences] = {}
    for audience in Audience:
        for id_ in session.scalars(select(row.id).where(*_may_know(audience, day))):
            grown = found.get(id_, NOBODY) | {audience}
            # One set for all that have the same: a hundred thousand would be 20 MB.
            found[id_] = sets.setdefault(grown, grown)
    return found


def _may_know(audience: Audience, day: date) -> tuple[ColumnElement[bool], ...]:
    held = (known_to(audience, day), m.DocumentRow.rights_terms != Terms.WITHDRAWN.value)
    return held if audience is Audience.CURATOR else (*held, m.DocumentRow.published.is_(True))


def _together(told: Iterable[tuple[Key, Audiences]]) -> dict[Key, Audiences]:
    """Whoever may know of one that bears the name may know the name; what nobody may, is none."""
    found: dict[Key, list[Audiences]] = defaultdict(list)
    for name, audiences in told:
        found[name].append(audiences)
    return {name: reduce(frozenset.union, sets) for name, sets in found.items()}


def _tally(values: Iterable[str | None]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for value in values:
        if value:
            counts[value] += 1
    return counts


def _class(
    kind: OfferKind, member: Theme | DepartmentFunction, counts: Mapping[str, int]
) -> Offerable:
    number = counts.get(member.value, 0)
    why = f"事例{number}件" if number else ""
    parts = tuple(part for part in member.label.split("・") if part != member.label)
    return Offerable(
        kind, member.value, member.label, (member.label, *parts), why=why, cases=number
    )


def _department(name: str, places: Iterable[str]) -> str:
    named = list(places)[:MOST_PLACES]
    return "、".join(named) or "、".join(f.label for f in functions_of(name))


def _year(implemented_in: int | None, presented_in: int | None) -> str:
    if implemented_in is not None:
        return FiscalYear(implemented_in).label
    return f"{FiscalYear(presented_in).label}発表" if presented_in is not None else ""


def _bits(*parts: str) -> str:
    return " ".join(part for part in parts if part)
