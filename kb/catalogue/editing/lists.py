"""Lists of events, people and programmes, for who wants to change one."""

from collections.abc import Callable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.editing.columns import show_year
from kb.catalogue.editing.views import Kind, RecordLine

MOST_LISTED = 100
"""Lines of one list; who looks for more types a part of the name."""


def records(session: Session, kind: Kind, named: str) -> tuple[RecordLine, ...]:
    """Those whose name has `named` in it, the newest events first, the others by name."""
    return _LISTS[kind](session, named.strip())


def _events(session: Session, named: str) -> tuple[RecordLine, ...]:
    row = m.EventRow
    wanted = select(row.id, row.title, row.held_on).where(
        row.title.contains(named, autoescape=True)
    )
    found = session.execute(wanted.order_by(row.held_on.desc(), row.id).limit(MOST_LISTED))
    return tuple(
        RecordLine(Kind.EVENT, id_, title, str(held_on or "日付なし"))
        for id_, title, held_on in found
    )


def _people(session: Session, named: str) -> tuple[RecordLine, ...]:
    row = m.PersonRow
    # JSON keeps what is not ASCII escaped, so that other names are looked through afterwards.
    wanted = select(row.id, row.name, row.kana, row.other_names).order_by(row.name, row.id)
    lines = []
    for id_, name, kana, others in session.execute(wanted):
        if any(named in each for each in (name, kana or "", *others)):
            lines.append(RecordLine(Kind.PERSON, id_, name, kana or "読みなし"))
        if len(lines) == MOST_LISTED:
            break
    return tuple(lines)


def _programmes(session: Session, named: str) -> tuple[RecordLine, ...]:
    row = m.ProgrammeRow
    wanted = select(row.id, row.title, row.cohorts).where(
        row.title.contains(named, autoescape=True)
    )
    return tuple(
        RecordLine(Kind.PROGRAMME, id_, title, "、".join(map(show_year, cohorts)) or "年度なし")
        for id_, title, cohorts in session.execute(wanted.order_by(row.title).limit(MOST_LISTED))
    )


_LISTS: Mapping[Kind, Callable[[Session, str], tuple[RecordLine, ...]]] = {
    Kind.EVENT: _events,
    Kind.PERSON: _people,
    Kind.PROGRAMME: _programmes,
}
