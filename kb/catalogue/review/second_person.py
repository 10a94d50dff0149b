"""Two-person mode: no transaction of one person alone shows readers what they did not see before.

What a transaction has touched, its SourceEvents tell. Before it is committed, what readers may see
of those things is compared with what they may see by what is committed; what is more must have
been allowed by a second person, or nothing is written. So a way to publish that nobody has thought
of is refused, not open.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from kb.catalogue import models as m
from kb.catalogue.history.append_only import told_in
from kb.catalogue.judgements import PermissionRow
from kb.catalogue.rights.permissions import rights_on
from kb.catalogue.session import DAY, TWO_PERSON, Database
from kb.domain.rights import Audience, Permissions, allowed

_ALLOWED = "second_person"
"""Where a session keeps what a second person has allowed in it."""

_TOLD = 3
"""Titles that a refusal names."""

_BATCH = 500
"""Things looked at in one query; SQLite takes 32,766 values."""

_COUNTED = {
    Audience.ANONYMOUS: tuple(field.name for field in fields(Permissions)),
    Audience.MEMBER: tuple(field.name for field in fields(Permissions)),
    # Who takes a document from the public into the office may do so alone.
    Audience.STAFF: ("metadata",),
}
"""Reader -> what counts as seeing more."""

_WHY = (
    "2人で公開する設定です。この操作は、1人だけで{what}を読者に見せることになるので、"
    "行いませんでした。先に資料の公開をやめて下書きに戻し、直してから、別の人が公開して"
    "ください。資料のない事例は、管理者に頼んでください。"
)

Seen = frozenset[tuple[Any, ...]]
"""What readers may see: the thing, and of a document the audience, what it may do and the day."""

Days = Mapping[str, frozenset[date]]
"""Document -> today, and the days on which a permission begins or is over."""


class NeedsSecondPerson(ValueError):
    """One person alone would publish; nothing has been written. The message says what to do."""


def is_two_person(session: Session) -> bool:
    """Whether nobody publishes alone in the catalogue of a session."""
    return bool(session.info.get(TWO_PERSON))


def allow(session: Session, kind: str, key: str) -> None:
    """Note that a second person has allowed a document or a case to be seen."""
    given = session.info.setdefault(_ALLOWED, set())
    if given is not None:
        given.add((kind, key))


def allow_all(session: Session) -> None:
    """Note that a second person has looked at all that a transaction writes."""
    session.info[_ALLOWED] = None


def refuse_publishing_alone(database: Database, session: Session) -> None:
    """Hold a transaction that is about to be committed against the rule.

    Raises:
        NeedsSecondPerson: it shows readers more, and no second person has allowed it.
    """
    session.flush()
    given = session.info.get(_ALLOWED, frozenset())
    if not is_two_person(session) or given is None:
        return
    touched = {(row.subject_kind, row.subject_id) for row in told_in(session)}
    documents = {key for kind, key in touched if kind == "document"}
    cases = {key for kind, key in touched if kind == "case"}
    with database.reading() as former:
        days = _days((former, session), documents)
        before = seen(former, days, cases)
    more = {each[:2] for each in seen(session, days, cases) - before} - given
    if more:
        raise NeedsSecondPerson(_WHY.format(what=_called(session, sorted(more))))


def _called(session: Session, things: Sequence[tuple[str, str]]) -> str:
    """Documents and cases by their titles, the first of many."""
    titles = [_title(session, kind, key) for kind, key in things[:_TOLD]]
    named = "".join(f"「{title}」" for title in titles)
    return f"{named}など{len(things)}点" if len(things) > _TOLD else named


def _title(session: Session, kind: str, key: str) -> str:
    if kind == "document":
        return session.get_one(m.DocumentRow, key).title
    return session.get_one(m.CaseRow, key).title


def seen(session: Session, days: Days, cases: Collection[str]) -> Seen:
    """What readers may see of the documents of `days` and of cases, as a session finds them.

    A permission that begins later counts on its day, though nobody presses a button then, and not
    before it; one that has run out does not count, though nobody may have noted its end.
    """
    document, case = m.DocumentRow, m.CaseRow
    found: set[tuple[Any, ...]] = set()
    for some in _among(document.id, days):
        wanted = select(document).where(some, document.published.is_(True))
        wanted = wanted.options(selectinload(document.permissions))
        for row in session.scalars(wanted.execution_options(populate_existing=True)):
            found |= {("document", row.id, *each) for each in _may(row, days[row.id])}
    for some in _among(case.id, cases):
        asked = select(case.id).where(some, case.published.is_(True))
        found |= {("case", key) for key in session.scalars(asked)}
    return frozenset(found)


def _days(sessions: Iterable[Session], documents: Collection[str]) -> Days:
    """The days on which what may be done with documents can change, by what any session finds."""
    row, found = PermissionRow, dict[str, set[date]]()
    for session in sessions:
        today: date = session.info[DAY]
        for key in documents:
            found.setdefault(key, set()).add(today)
        for some in _among(row.document_id, documents):
            for each in session.scalars(select(row).where(some)):
                last = each.valid_until or date.max
                over = last + timedelta(days=1) if last < date.max else None
                turns = (each.allowed_on, over, each.ended_on)
                found[each.document_id] |= {day for day in turns if day and day > today}
    return {key: frozenset(days) for key, days in found.items()}


def _among(
    column: InstrumentedAttribute[str], keys: Collection[str]
) -> Iterator[ColumnElement[bool]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), _BATCH):
        yield column.in_(ordered[start : start + _BATCH])


def _may(row: m.DocumentRow, days: Iterable[date]) -> Iterator[tuple[Audience, str, date]]:
    """Who may do what with a published document, and on which of some days."""
    for day in days:
        rights = rights_on(row, day)
        for who, names in _COUNTED.items():
            may = allowed(rights, who)
            yield from ((who, name, day) for name in names if getattr(may, name))
