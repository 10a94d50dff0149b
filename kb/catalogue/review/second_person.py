"""Two-person mode: no transaction of one person alone shows readers what they did not see before.

What a transaction has touched, its SourceEvents tell. Before it is committed, what readers may see
of those things is compared with what they may see by what is committed; what is more must have
been allowed by a second person, or nothing is written. So a way to publish that nobody has thought
of is refused, not open.
"""

from collections.abc import Collection, Iterator
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from kb.catalogue import models as m
from kb.catalogue.history.append_only import told_in
from kb.catalogue.rights.permissions import permission_of
from kb.catalogue.session import TWO_PERSON, Database
from kb.domain.rights import Audience, Permissions, Rights, Terms, allowed

_ALLOWED = "second_person"
"""Where a session keeps what a second person has allowed in it."""

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
"""What readers may see: the thing, and of a document the audience and what it may do."""


class NeedsSecondPerson(ValueError):
    """One person alone would publish; nothing has been written. The message says what to do."""


def is_two_person(session: Session) -> bool:
    """Whether nobody publishes alone in the catalogue of a session."""
    return bool(session.info.get(TWO_PERSON))


def allow(session: Session, kind: str, key: str) -> None:
    """Note that a second person has allowed a document or a case to be seen."""
    session.info.setdefault(_ALLOWED, set()).add((kind, key))


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
        before = seen(former, documents, cases)
    more = {each[:2] for each in seen(session, documents, cases) - before} - given
    if more:
        raise NeedsSecondPerson(_WHY.format(what="、".join(key for _, key in sorted(more)[:5])))


def seen(session: Session, documents: Collection[str], cases: Collection[str]) -> Seen:
    """What readers may see of these documents and cases, as a session finds them.

    A permission that is recorded counts from then on, also where it begins later: nobody presses
    a button on that day.
    """
    document, case = m.DocumentRow, m.CaseRow
    found: set[tuple[Any, ...]] = set()
    for some in _among(document.id, documents):
        wanted = select(document).where(some, document.published.is_(True))
        wanted = wanted.options(selectinload(document.permissions))
        for row in session.scalars(wanted.execution_options(populate_existing=True)):
            found |= {("document", row.id, *each) for each in _may(row)}
    for some in _among(case.id, cases):
        asked = select(case.id).where(some, case.published.is_(True))
        found |= {("case", key) for key in session.scalars(asked)}
    return frozenset(found)


def _among(
    column: InstrumentedAttribute[str], keys: Collection[str]
) -> Iterator[ColumnElement[bool]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), _BATCH):
        yield column.in_(ordered[start : start + _BATCH])


def _may(row: m.DocumentRow) -> Iterator[tuple[Audience, str]]:
    """Who may do what with a published document."""
    stated = Rights(Terms(row.rights_terms), row.rights_statement)
    open_ended = [permission_of(each) for each in row.permissions if each.ended_on is None]
    for rights in (stated, *(replace(stated, permission=each) for each in open_ended)):
        for who, names in _COUNTED.items():
            may = allowed(rights, who)
            yield from ((who, name) for name in names if getattr(may, name))
