"""Reads everything that may be offered while a question is typed, with who may know of it.

Columns, not rows: a hundred thousand titles are read in seconds, and nothing of them is kept
that is not offered. A document that has been taken down is left out for curators too.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.document_rows import in_series
from kb.catalogue.names import NameReader
from kb.catalogue.offer_sources import (
    CURATORS,
    HIDDEN,
    PUBLIC,
    Source,
    documents_known,
    tally,
    together,
)
from kb.catalogue.review.settlements import TO_SETTLE, settlement_of
from kb.catalogue.session import Database
from kb.domain.classification import DepartmentFunction, DocumentKind, Theme
from kb.domain.departments import functions_of
from kb.domain.fiscal_year import FiscalYear
from kb.domain.offerable import EVERYBODY, Offerable, OfferKind
from kb.domain.settled import Field

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
            counts = tally(session.scalars(filed.where(m.CaseRow.published)))
            return counts, frozenset(session.scalars(invented))

    def titles(self) -> int:
        """Cases and documents there are: about how much :meth:`things` has to read."""
        count = func.count()
        with self._database.reading() as session:
            cases = session.scalar(select(count).select_from(m.CaseRow))
            return (cases or 0) + (session.scalar(select(count).select_from(m.DocumentRow)) or 0)

    def elsewhere(self) -> "Callable[[], tuple[OfferableReader, NameReader]]":
        """What opens the same catalogue, as of the same day, in another process; to be pickled.

        It holds the catalogue's address, which may hold a password.
        """
        return partial(_opened, self._database.url, self._database.today())


def _opened(url: str, day: date) -> "tuple[OfferableReader, NameReader]":
    database = Database(url, lambda: day)
    return OfferableReader(database), NameReader(database)


class _Reading:
    """One reading of the catalogue, at one moment."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._documents = documents_known(session)
        case = m.CaseRow
        self._cases = {
            id_: Source(EVERYBODY if published else CURATORS, specimen)
            for id_, published, specimen in self._rows(case.id, case.published, case.specimen)
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
                audiences=self._cases[id_].audiences, cases=1, specimen=specimen,
            )  # fmt: skip

    def _document_titles(self) -> Iterator[Offerable]:
        row, settled = m.DocumentRow, self._settled_titles()
        alone = select(row.id, row.title, row.kind, row.specimen).where(row.case_id.is_(None))
        for id_, recorded, kind, specimen in self._session.execute(alone):
            if known := self._documents.get(id_):
                title = settled.get(id_, recorded)
                yield Offerable(
                    OfferKind.DOCUMENT, id_, title, (title,), why=DocumentKind(kind).label,
                    audiences=known.audiences, cases=1, specimen=specimen,
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
        held = [
            (name, Source(EVERYBODY, specimen))
            for name, specimen in self._rows(event.series, event.specimen)
            if name
        ]
        for name, row in in_series(self._session):
            held.append((name, self._documents.get(row.id, HIDDEN)))
        for name, known, cases in together(held):
            yield Offerable(
                OfferKind.SERIES, name, name, (name,), audiences=known.audiences, cases=cases,
                specimen=known.specimen,
            )  # fmt: skip

    def _people(self) -> Iterator[Offerable]:
        told, posts = self._roles()
        row = m.PersonRow
        for id_, name, others, kana in self._rows(row.id, row.name, row.other_names, row.kana):
            known = told.get(id_, PUBLIC)  # whom nothing names is nobody's secret
            yield Offerable(
                OfferKind.PERSON, id_, name, (name, *others), (kana,) if kana else (),
                why=posts.get(id_, ""), audiences=known.audiences, cases=1,
                specimen=known.specimen,
            )  # fmt: skip

    def _roles(self) -> tuple[Mapping[str, Source], Mapping[str, str]]:
        """Where each person is named, and the last post that everybody may know of."""
        row, event = m.RoleRow, m.EventRow
        told, posts = list[tuple[str, Source]](), dict[str, str]()
        wanted = (
            select(row.person_id, row.title, row.document_id, row.case_id, event.specimen)
            .outerjoin(event, event.id == row.event_id)
            .order_by(row.on, row.id)
        )
        for person, title, document, case, invented in self._session.execute(wanted):
            known = Source(EVERYBODY, bool(invented))
            if document:
                known = self._documents.get(document, HIDDEN)
            elif case:
                known = self._cases[case]
            told.append((person, known))
            if known.audiences == EVERYBODY:
                posts[person] = title
        return {person: known for person, known, _ in together(told)}, posts

    # -- classes -------------------------------------------------------------------------

    def _themes(self) -> Iterator[Offerable]:
        filed = select(m.CaseThemeRow.theme).join(m.CaseRow, m.CaseRow.id == m.CaseThemeRow.case_id)
        counts = tally(self._session.scalars(filed.where(m.CaseRow.published)))
        for theme in Theme:
            yield _class(OfferKind.THEME, theme, counts)

    def _functions(self) -> Iterator[Offerable]:
        listed = self._session.scalars(select(m.CaseRow.functions).where(m.CaseRow.published))
        counts = tally(chain.from_iterable(listed))
        for function in DepartmentFunction:
            yield _class(OfferKind.DEPARTMENT, function, counts)

    def _departments(self) -> Iterator[Offerable]:
        held, places = self._departments_of_cases()
        held += self._listed(m.DocumentRow.departments)
        labels = {function.label for function in DepartmentFunction}
        for name, known, cases in together(held):
            if name not in labels:
                yield Offerable(
                    OfferKind.DEPARTMENT, "", name, (name,), why=_department(name, places[name]),
                    audiences=known.audiences, cases=cases, specimen=known.specimen,
                )  # fmt: skip

    def _departments_of_cases(self) -> tuple[list[tuple[str, Source]], dict[str, dict[str, None]]]:
        """Names with their cases, and the municipalities that everybody may know have them."""
        held, places = list[tuple[str, Source]](), defaultdict[str, dict[str, None]](dict)
        row, part = m.DepartmentRow, m.CaseDepartmentRow
        wanted = (
            select(row.name, part.case_id, m.MunicipalityRow.name)
            .join(part, part.department_id == row.id)
            .join(m.MunicipalityRow, m.MunicipalityRow.code == row.municipality_code)
        )
        for name, case, place in self._session.execute(wanted):
            held.append((name, self._cases[case]))
            if self._cases[case].audiences == EVERYBODY:
                places[name][place] = None
        return held, places

    def _keywords(self) -> Iterator[Offerable]:
        held = list(self._listed(m.DocumentRow.keywords))
        for id_, words in self._rows(m.CaseRow.id, m.CaseRow.keywords):
            held += [(word, self._cases[id_]) for word in words]
        for word, known, cases in together(held):
            yield Offerable(
                OfferKind.WORD, "", word, (word,), audiences=known.audiences, cases=cases,
                specimen=known.specimen,
            )  # fmt: skip

    # -- asking --------------------------------------------------------------------------

    def _rows(self, *columns: Any) -> Iterable[Sequence[Any]]:
        wanted: Select[Any] = select(*columns)
        return self._session.execute(wanted)

    def _listed(self, column: Any) -> Iterator[tuple[str, Source]]:
        """What stands in a list of a document, with the document."""
        for id_, listed in self._rows(m.DocumentRow.id, column):
            for each in listed:
                yield each, self._documents.get(id_, HIDDEN)

    def _published(self, column: Any) -> Mapping[str, int]:
        return tally(self._session.scalars(select(column).where(m.CaseRow.published)))


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
