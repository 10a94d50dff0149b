"""Every name the catalogue knows, for questions to be read against."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.document_rows import in_series
from kb.catalogue.former_bodies import cases_by_code
from kb.catalogue.name_changes import codes_now
from kb.catalogue.review.settlements import settlement_of
from kb.catalogue.rights.permissions import known_to
from kb.catalogue.rows import may_know, presented_in
from kb.catalogue.session import DAY, Database
from kb.domain.municipality import FormerName, Municipality, MunicipalityCode, MunicipalityKind
from kb.domain.place_names import LocalName, Places
from kb.domain.rights import Audience
from kb.domain.settled import Field


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person under every name."""

    id: str
    name: str
    spellings: tuple[str, ...]
    """The name and its other spellings."""
    kana: str | None = None
    posts: tuple[tuple[str, date | None], ...] = ()
    """What they were, and the last day that is told of it; as everybody may know."""


@dataclass(frozen=True, slots=True)
class IssueName:
    """A document of a series, which everybody may know of."""

    id: str
    title: str
    series: str
    number: str | None


@dataclass(frozen=True, slots=True)
class EventName:
    """An event as a date or a title may mean it."""

    id: str
    title: str
    held_on: date | None
    fiscal_year: int | None
    series: str | None = None
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class KnownNames:
    """All names at one moment."""

    people: tuple[PersonName, ...]
    events: tuple[EventName, ...]
    programmes: tuple[tuple[str, str], ...]
    """(identifier, title)."""
    departments: tuple[str, ...]
    active_codes: frozenset[str]
    """Municipalities of today with published cases or documents."""
    issues: tuple[IssueName, ...] = ()
    case_counts: Mapping[tuple[str, str], int] = field(default_factory=dict, hash=False)
    """(municipality, theme, department, event or programme; its code, slug or identifier) ->
    its published cases. A prefecture has those of its municipalities."""


class NameReader:
    """Reads names from one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def day(self) -> date:
        """The day on which it is asked what may be named."""
        return self._database.today()

    def places(self) -> Places:
        """Every municipality of today, invented ones too, every former and every local name."""
        with self._database.reading() as session:
            return _places(*(_rows(session, asked) for asked in (_TODAY, _FORMER, _LOCAL)))

    def known(self) -> KnownNames:
        """Everything else that goes by a name."""
        with self._database.reading() as session:
            departments = set(session.scalars(select(m.DepartmentRow.name).distinct()))
            open_ = known_to(Audience.ANONYMOUS, session.info[DAY])
            for names in session.scalars(select(m.DocumentRow.departments).where(open_)):
                departments.update(names)
            named = set(session.scalars(select(m.RoleRow.person_id).distinct()))
            posts = _posts(session)
            filed = set(session.scalars(select(m.CaseMunicipalityRow.code).distinct()))
            filed.update(session.scalars(select(m.DocumentMunicipalityRow.code).distinct()))
            active = {today for code in filed for today in codes_now(code)}
            return KnownNames(
                people=tuple(
                    PersonName(
                        row.id,
                        row.name,
                        (row.name, *row.other_names),
                        row.kana,
                        posts.get(row.id, ()),
                    )
                    for row in session.scalars(select(m.PersonRow).order_by(m.PersonRow.id))
                    # Whom only hidden documents name is nobody's to be told of.
                    if row.id in posts or row.id not in named
                ),
                events=tuple(
                    EventName(
                        row.id, row.title, row.held_on, presented_in(row), row.series, row.edition
                    )
                    for row in session.scalars(
                        select(m.EventRow).order_by(m.EventRow.held_on.desc(), m.EventRow.id)
                    )
                ),
                programmes=tuple(
                    session.execute(select(m.ProgrammeRow.id, m.ProgrammeRow.title)).all()
                ),
                departments=tuple(sorted(departments)),
                active_codes=frozenset(active),
                issues=tuple(_issues(session)),
                case_counts=_case_counts(session),
            )


def _posts(session: Session) -> dict[str, tuple[tuple[str, date | None], ...]]:
    """The posts of people, each once with its last day; what a hidden document tells is none."""
    last: dict[str, dict[str, date | None]] = {}
    wanted = (
        select(m.RoleRow, m.DocumentRow, m.CaseRow)
        .outerjoin(m.DocumentRow, m.DocumentRow.id == m.RoleRow.document_id)
        .outerjoin(m.CaseRow, m.CaseRow.id == m.RoleRow.case_id)
        .order_by(m.RoleRow.on, m.RoleRow.id)
    )
    for role, document, case in session.execute(wanted):
        shown = may_know(document, Audience.ANONYMOUS) if document else not case or case.published
        if shown:
            posts = last.setdefault(role.person_id, {})
            posts[role.title] = role.on or posts.get(role.title)
    return {person: tuple(posts.items()) for person, posts in last.items()}


def _case_counts(session: Session) -> dict[tuple[str, str], int]:
    published = m.CaseRow.published.is_(True)
    places = cases_by_code(session, [published])
    counts = Counter({("municipality", code): len(cases) for code, cases in places.items()})
    body = m.MunicipalityRow
    kind = MunicipalityKind.PREFECTURE.value
    for code in session.scalars(select(body.code).where(body.kind == kind)):
        within = [cases for place, cases in places.items() if place[:2] == code[:2]]
        counts["municipality", code] = len(frozenset().union(*within))
    case, theme = m.CaseRow, m.CaseThemeRow
    for functions, event_id, programme_id in session.execute(
        select(case.functions, case.event_id, case.programme_id).where(published)
    ):
        counts.update(("department", function) for function in set(functions))
        counts.update([("event", event_id)] if event_id else [])
        counts.update([("programme", programme_id)] if programme_id else [])
    counts.update(
        ("theme", slug) for slug in session.scalars(select(theme.theme).join(case).where(published))
    )
    return dict(counts)


def _issues(session: Session) -> Iterator[IssueName]:
    for series, row in in_series(session):
        if may_know(row, Audience.ANONYMOUS):
            settled = settlement_of(row)
            title = settled.text(Field.TITLE) or row.title
            yield IssueName(row.id, title, series, settled.text(Field.SERIES_NUMBER))


_Rows = tuple[tuple[Any, ...], ...]

_TODAY = select(
    m.MunicipalityRow.code,
    m.MunicipalityRow.name,
    m.MunicipalityRow.kana,
    m.MunicipalityRow.romaji,
    m.MunicipalityRow.kind,
    m.MunicipalityRow.prefecture,
    m.MunicipalityRow.parent_code,
).where(m.MunicipalityRow.abolished_on.is_(None))
_FORMER = select(
    m.FormerNameRow.name,
    m.FormerNameRow.kana,
    m.FormerNameRow.code,
    m.FormerNameRow.prefecture,
    m.FormerNameRow.changed_on,
    m.FormerNameRow.change,
    m.FormerNameRow.successor_code,
).order_by(m.FormerNameRow.id)
_LOCAL = select(m.LocalNameRow.code, m.LocalNameRow.name, m.LocalNameRow.kana).order_by(
    m.LocalNameRow.code, m.LocalNameRow.folded
)


def _rows(session: Session, asked: Executable) -> _Rows:
    return tuple(tuple(row) for row in session.execute(asked))


@lru_cache(maxsize=1)
def _places(today: _Rows, past: _Rows, called: _Rows) -> Places:
    """The places of these rows; the same object as long as the rows are the same.

    They are asked for on most pages of the curators and hardly ever change. Rows alone take a
    tenth of the time of entities, and of checking 6,000 codes.
    """
    bodies = tuple(_municipality(*row) for row in today)
    names = {str(body.code): body.name for body in bodies}
    former = tuple(_former(names, *row) for row in past)
    return Places(bodies, former, tuple(_local_names(called, names)))


def _municipality(
    code: str, name: str, kana: str, romaji: str, kind: str, prefecture: str, parent: str | None
) -> Municipality:
    return Municipality(
        code=MunicipalityCode(code),
        name=name,
        kana=kana,
        romaji=romaji,
        kind=MunicipalityKind(kind),
        prefecture=prefecture,
        parent_code=MunicipalityCode(parent) if parent else None,
    )


def _local_names(called: _Rows, today: Mapping[str, str]) -> Iterator[LocalName]:
    """What a body is called, its successors are called too once it has gone up in them."""
    for filed, name, kana in called:
        for code in codes_now(filed):
            if code in today:
                yield LocalName(MunicipalityCode(code), name, kana)


def _former(
    names: Mapping[str, str],
    name: str,
    kana: str,
    code: str,
    prefecture: str,
    changed_on: date,
    change: str,
    successor: str,
) -> FormerName:
    return FormerName(
        name=name,
        kana=kana,
        code=MunicipalityCode(code),
        prefecture=prefecture,
        changed_on=changed_on,
        change=change,
        successor_code=MunicipalityCode(successor),
        successor_name=names[successor],
    )
