"""The audit log: every recorded change, and for administrators every step at the door."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from kb.catalogue import models as m
from kb.catalogue.accounts.rows import KIND as ACCOUNT
from kb.catalogue.accounts.rows import utc
from kb.catalogue.accounts.tables import SignInEventRow
from kb.catalogue.history.names import event_views, names_of
from kb.catalogue.history.views import PAGE_SIZE, SIGN_IN, EventView, LogAsked, LogPage, Names
from kb.domain.clock import JAPAN

_CHANGE, _STEP = 0, 1
"""Where a line of the log stands: among the SourceEvents, or in the record of signing in."""

_BATCH = 500
"""Lines fetched at a time for a file."""

NOBODY = "(登録のない名前)"
"""Who tried to sign in under a name that no account has; the name is not kept."""

if TYPE_CHECKING:
    Lines = Select[int, int, datetime]

_Place = tuple[int, int]
"""Which record a line stands in, and its number there."""


def log_page(session: Session, asked: LogAsked) -> LogPage:
    """One page of the log, newest first; the last one where there are not so many."""
    lines = _lines(asked)
    total = session.scalar(select(func.count()).select_from(lines.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(asked.page, pages)
    wanted = _newest_first(lines, asked).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    rows = _views(session, [(where, number) for where, number, _ in session.execute(wanted)])
    kinds, actions = _choices(session, asked)
    return LogPage(
        rows, total, page, pages, names_of(session, rows), _actors(session, asked), kinds, actions
    )


def log_batches(session: Session, asked: LogAsked) -> Iterator[tuple[tuple[EventView, ...], Names]]:
    """The whole log as asked, newest first, some lines at a time with the names they need."""
    wanted = _newest_first(_lines(asked), asked)
    places = [(where, number) for where, number, _ in session.execute(wanted)]
    for start in range(0, len(places), _BATCH):
        views = _views(session, places[start : start + _BATCH])
        yield views, names_of(session, views)
        # Rows of a batch are not needed for the next: a log may be long.
        session.expunge_all()


# --- which lines -----------------------------------------------------------------------------


def _lines(asked: LogAsked) -> "Lines":
    """Place, number and moment of every line that is asked for."""
    changes = select(
        literal(_CHANGE).label("place"), m.SourceEventRow.id, m.SourceEventRow.at
    ).where(*_of_changes(asked))
    if not asked.accounts or asked.kind not in (None, SIGN_IN):
        return changes
    steps = select(literal(_STEP).label("place"), SignInEventRow.id, SignInEventRow.at)
    steps = steps.where(*_of_steps(asked))
    if asked.kind == SIGN_IN:
        return steps
    both = union_all(changes, steps).subquery()
    return select(both.c.place, both.c.id, both.c.at)


def _newest_first(lines: "Lines", asked: LogAsked) -> "Lines":
    place, number, at = lines.selected_columns
    if asked.accounts and asked.kind is None:
        return lines.order_by(at.desc(), place, number.desc())
    return lines.order_by(number.desc())


def _of_changes(asked: LogAsked) -> Iterator[ColumnElement[bool]]:
    row = m.SourceEventRow
    if not asked.accounts:
        yield row.subject_kind != ACCOUNT
    if asked.actor:
        yield row.actor == asked.actor
    if asked.kind:
        yield row.subject_kind == asked.kind
    if asked.action:
        yield row.action == asked.action
    yield from _within(row.at, asked)


def _of_steps(asked: LogAsked) -> Iterator[ColumnElement[bool]]:
    row = SignInEventRow
    if asked.actor:
        yield row.account_id.in_(_accounts_called(asked.actor))
    if asked.action:
        yield row.what == asked.action
    yield from _within(row.at, asked)


def _within(at: InstrumentedAttribute[datetime], asked: LogAsked) -> Iterator[ColumnElement[bool]]:
    """The days that are asked for."""
    if asked.since:
        yield at >= _begins(asked.since)
    if asked.until:
        yield at < _begins(asked.until + timedelta(days=1))


def _accounts_called(actor: str) -> "Select[int]":
    """The account of an actor: SourceEvents say 編集担当 山田花子, the account 山田花子."""
    row = m.AccountRow
    return select(row.id).where((row.name == actor) | (row.name == actor.partition(" ")[2]))


def _begins(day: date) -> datetime:
    """When a day in Japan begins, in UTC as the catalogue keeps it."""
    return datetime.combine(day, time(), JAPAN).astimezone(UTC)


# --- what they tell --------------------------------------------------------------------------


def _views(session: Session, places: Sequence[_Place]) -> tuple[EventView, ...]:
    event = m.SourceEventRow
    numbers = [number for where, number in places if where == _CHANGE]
    rows = session.scalars(select(event).where(event.id.in_(numbers))) if numbers else ()
    found = {(_CHANGE, each.number): each for each in event_views(session, rows)}
    found |= _steps(session, [number for where, number in places if where == _STEP])
    return tuple(found[place] for place in places)


def _steps(session: Session, numbers: list[int]) -> dict[_Place, EventView]:
    step, account = SignInEventRow, m.AccountRow
    asked = select(step, account).outerjoin(account, account.id == step.account_id)
    return {
        (_STEP, row.id): EventView(
            row.id, utc(row.at), holder.name if holder else NOBODY, row.what, SIGN_IN,
            holder.login if holder else "", change={},
        )
        for row, holder in session.execute(asked.where(step.id.in_(numbers)))
    } if numbers else {}  # fmt: skip


# --- what can be asked for -------------------------------------------------------------------


def _actors(session: Session, asked: LogAsked) -> tuple[str, ...]:
    """Everybody who has changed something, and for administrators all who have an account."""
    row = m.SourceEventRow
    told = select(row.actor).distinct()
    if not asked.accounts:
        return tuple(sorted(session.scalars(told.where(row.subject_kind != ACCOUNT))))
    acting = set(session.scalars(told))
    known = {actor.partition(" ")[2] for actor in acting}
    holders = set(session.scalars(select(m.AccountRow.name)))
    return tuple(sorted(acting | (holders - known)))


def _choices(session: Session, asked: LogAsked) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Kinds of things and actions that the log tells of."""
    row = m.SourceEventRow
    pairs = session.execute(select(row.subject_kind, row.action).distinct()).all()
    shown = [(kind, action) for kind, action in pairs if asked.accounts or kind != ACCOUNT]
    if asked.accounts:
        steps = session.scalars(select(SignInEventRow.what).distinct())
        shown += [(SIGN_IN, step) for step in steps]
    kinds, actions = ({pair[at] for pair in shown} for at in (0, 1))
    return tuple(sorted(kinds)), tuple(sorted(actions))
