"""Lists and counts for the browse pages and for `kb status`.

Invented municipalities (見本) are counted apart: no figure mixes them with real ones.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue import rows
from kb.catalogue.former_bodies import cases_by_code, lies_in, rows_of
from kb.catalogue.rights.permissions import known_to
from kb.catalogue.sequence import newest_change
from kb.catalogue.session import DAY, Database
from kb.catalogue.views import CaseLink, Count, EventView, Holdings, HomeView
from kb.domain.classification import DepartmentFunction, DocumentKind, Holding, Theme
from kb.domain.rights import Audience

NEWEST = 5
"""How many of the newest cases the front page names."""


class Browsing:
    """The lists; :class:`kb.catalogue.reading.CatalogueReader` adds the single things."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._themes: dict[Audience, tuple[int, tuple[Count, ...]]] = {}

    def close(self) -> None:
        """Let go of the database; nothing can be read afterwards."""
        self._database.close()

    def home(self, audience: Audience) -> HomeView:
        """What the front page counts."""
        with self._database.reading() as session:
            real = (*_case_seen(audience), m.CaseRow.specimen.is_(False))
            documents = (*_document_seen(session, audience), m.DocumentRow.specimen.is_(False))
            return HomeView(
                cases=_count(session, m.CaseRow.id, real),
                documents=_count(session, m.DocumentRow.id, documents),
                pages=session.scalar(
                    select(func.count())
                    .select_from(m.PageRow)
                    .join(m.DocumentRow, m.DocumentRow.id == m.PageRow.document_id)
                    .where(*documents)
                )
                or 0,
                specimen_cases=_count(
                    session, m.CaseRow.id, (*_case_seen(audience), m.CaseRow.specimen.is_(True))
                ),
                prefectures=_prefectures(session, real),
                years=_years(session, real),
                themes=_themes(session, real),
                kinds=_kinds(session, documents),
                newest=_newest(session, audience),
                events=_events(session, specimen=False),
            )

    def events(self, audience: Audience) -> tuple[EventView, ...]:
        """Every event, newest first, invented ones last."""
        with self._database.reading() as session:
            return (*_events(session, specimen=False), *_events(session, specimen=True))

    def municipalities(self, audience: Audience) -> tuple[Count, ...]:
        """Municipalities that have cases, in code order; those of today for those of the past."""
        with self._database.reading() as session:
            cases = cases_by_code(session, _case_seen(audience))
            return tuple(
                Count(row.code, f"{row.prefecture}{row.name}", len(cases[row.code]))
                for row in rows_of(session, cases)
            )

    def years(self, audience: Audience) -> tuple[Count, ...]:
        """Practice years that have cases, newest first; specimens too."""
        with self._database.reading() as session:
            return _years(session, _case_seen(audience))

    def themes(self, audience: Audience) -> tuple[Count, ...]:
        """Every theme with its number of cases; specimens too.

        Kept until anything is recorded: counting 100,000 cases takes 90 ms, and every search that
        finds nothing names the themes.
        """
        with self._database.reading() as session:
            sequence = newest_change(session)
            held = self._themes.get(audience)
            if held is None or held[0] != sequence:
                held = sequence, _themes(session, _case_seen(audience))
                self._themes[audience] = held
            return held[1]

    def departments(self, audience: Audience) -> tuple[Count, ...]:
        """Every department function with its number of cases; specimens too."""
        with self._database.reading() as session:
            tally: dict[str, int] = {}
            for functions in session.scalars(
                select(m.CaseRow.functions).where(*_case_seen(audience))
            ):
                for slug in functions:
                    tally[slug] = tally.get(slug, 0) + 1
        return tuple(Count(f.value, f.label, tally.get(f.value, 0)) for f in DepartmentFunction)

    def cases(
        self,
        audience: Audience,
        *,
        theme: Theme | None = None,
        department: DepartmentFunction | None = None,
        implemented_in: int | None = None,
        prefecture: str | None = None,
    ) -> tuple[CaseLink, ...]:
        """Cases that fit every condition given, newest practice year first."""
        wanted = [*_case_seen(audience)]
        if theme is not None:
            wanted.append(m.CaseRow.themes.any(m.ThemeRow.slug == theme.value))
        if implemented_in is not None:
            wanted.append(m.CaseRow.implemented_in == implemented_in)
        if prefecture is not None:
            wanted.append(m.CaseRow.municipalities.any(lies_in(prefecture)))
        with self._database.reading() as session:
            found = session.scalars(select(m.CaseRow).where(*wanted).order_by(*_NEWEST_FIRST)).all()
            # JSON lists are compared here: SQLite and PostgreSQL search them differently.
            return tuple(
                rows.case_link(row)
                for row in found
                if department is None or department.value in row.functions
            )

    def holdings(self) -> Holdings:
        """What is held, for the operator: drafts and restricted documents too."""
        with self._database.reading() as session:
            held = m.DocumentRow.holding == Holding.HELD.value
            outcomes = session.execute(
                select(m.DocumentRow.outcome, func.count())
                .where(held)
                .group_by(m.DocumentRow.outcome)
            )
            return Holdings(
                cases=_count(session, m.CaseRow.id, [m.CaseRow.specimen.is_(False)]),
                specimen_cases=_count(session, m.CaseRow.id, [m.CaseRow.specimen.is_(True)]),
                documents_held=_count(session, m.DocumentRow.id, [held]),
                documents_located=_count(session, m.DocumentRow.id, [~held]),
                pages=_count(session, m.PageRow.number, []),
                pages_awaiting_ocr=_count(
                    session, m.PageRow.number, [m.PageRow.needs_ocr.is_(True)]
                ),
                pages_recognised=_count(
                    session, m.PageRow.number, [m.PageRow.confidence.is_not(None)]
                ),
                alike_undecided=_count(
                    session, m.LikenessRow.other_id, [m.LikenessRow.decision.is_(None)]
                ),
                events=_count(session, m.EventRow.id, []),
                municipalities=_count(session, m.MunicipalityRow.code, _REAL_TODAY),
                outcomes={str(outcome): count for outcome, count in outcomes},
                sequence=newest_change(session),
            )

    def sequence(self) -> int:
        """The number of the last recorded change; the index says which it has seen."""
        with self._database.reading() as session:
            return newest_change(session)


_NEWEST_FIRST = (
    m.CaseRow.specimen,
    func.coalesce(m.CaseRow.implemented_in, m.CaseRow.presented_in, 0).desc(),
    m.CaseRow.id,
)

_REAL_TODAY = (m.MunicipalityRow.specimen.is_(False), m.MunicipalityRow.abolished_on.is_(None))

Conditions = Iterable[ColumnElement[bool]]


def _case_seen(audience: Audience) -> tuple[ColumnElement[bool], ...]:
    return () if audience is Audience.CURATOR else (m.CaseRow.published.is_(True),)


def _document_seen(session: Session, audience: Audience) -> tuple[ColumnElement[bool], ...]:
    known = known_to(audience, session.info[DAY])
    if audience is Audience.CURATOR:
        return (known,)
    return (known, m.DocumentRow.published.is_(True))


def _count(session: Session, column: object, wanted: Conditions) -> int:
    return session.scalar(select(func.count(column)).where(*wanted)) or 0  # type: ignore[arg-type] # any column


def _prefectures(session: Session, wanted: Conditions) -> tuple[Count, ...]:
    cases: dict[str, set[str]] = {}
    for code, ids in cases_by_code(session, wanted).items():
        cases.setdefault(code[:2], set()).update(ids)
    prefectures = session.scalars(
        select(m.MunicipalityRow)
        .where(m.MunicipalityRow.kind == "prefecture", m.MunicipalityRow.specimen.is_(False))
        .order_by(m.MunicipalityRow.code)
    )
    return tuple(Count(p.code[:2], p.name, len(cases.get(p.code[:2], ()))) for p in prefectures)


def _years(session: Session, wanted: Conditions) -> tuple[Count, ...]:
    found = session.execute(
        select(m.CaseRow.implemented_in, func.count())
        .where(m.CaseRow.implemented_in.is_not(None), *wanted)
        .group_by(m.CaseRow.implemented_in)
        .order_by(m.CaseRow.implemented_in.desc())
    )
    return tuple(Count(str(year), f"{year}年度", count) for year, count in found)


def _themes(session: Session, wanted: Conditions) -> tuple[Count, ...]:
    tally: dict[str, int] = dict(
        session.execute(
            select(m.CaseThemeRow.theme, func.count())
            .join(m.CaseRow, m.CaseRow.id == m.CaseThemeRow.case_id)
            .where(*wanted)
            .group_by(m.CaseThemeRow.theme)
        ).all()
    )
    return tuple(Count(theme.value, theme.label, tally.get(theme.value, 0)) for theme in Theme)


def _kinds(session: Session, wanted: Conditions) -> tuple[Count, ...]:
    tally: dict[str, int] = dict(
        session.execute(
            select(m.DocumentRow.kind, func.count()).where(*wanted).group_by(m.DocumentRow.kind)
        ).all()
    )
    return tuple(Count(k.value, k.label, tally[k.value]) for k in DocumentKind if k.value in tally)


def _newest(session: Session, audience: Audience) -> tuple[CaseLink, ...]:
    found = session.scalars(
        select(m.CaseRow).where(*_case_seen(audience)).order_by(*_NEWEST_FIRST).limit(NEWEST)
    )
    return tuple(rows.case_link(row) for row in found)


def _events(session: Session, *, specimen: bool) -> tuple[EventView, ...]:
    found = session.scalars(
        select(m.EventRow)
        .where(m.EventRow.specimen.is_(specimen))
        .order_by(m.EventRow.held_on.desc(), m.EventRow.id)
    )
    return tuple(rows.event_view(row) for row in found)
