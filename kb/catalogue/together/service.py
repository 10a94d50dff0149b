"""The documents of a batch settled together: how they stand, what would be done, doing it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.entries import Authorship
from kb.catalogue.history.append_only import told_in
from kb.catalogue.history.names import event_views, names_of
from kb.catalogue.history.views import EventView
from kb.catalogue.review.decisions import CannotDecide, checked
from kb.catalogue.review.queue import alike_counts, nearness, queue_rows
from kb.catalogue.review.settlements import TO_SETTLE, settlement_of
from kb.catalogue.review.settling import read_values
from kb.catalogue.review.states import in_state, open_fields
from kb.catalogue.review.views import WAITING, BadWishes
from kb.catalogue.session import Database
from kb.catalogue.together.views import (
    Batch,
    Chosen,
    How,
    Line,
    Plan,
    PlanMoved,
    Tally,
    TogetherWish,
)
from kb.catalogue.together.writing import Order, carry_out
from kb.catalogue.writing import CatalogueWriter, writing
from kb.domain.gazetteer import Gazetteer
from kb.domain.jobs import JobState
from kb.domain.settled import Basis, Field, Settlement

WHY = "同じ取り込みの資料をまとめて確定"
"""What the history of every document tells."""


MOST = 200
"""Documents at once: what is shown is tried in a transaction that keeps other writers waiting."""


class _Rehearsed(Exception):
    """Everything has been tried, and nothing of it is to stay."""


class Together:
    """Settles what the documents of one batch share, over one catalogue."""

    def __init__(self, database: Database, places: Callable[[], Gazetteer]) -> None:
        """`places` is asked for only when a municipality is typed."""
        self._database = database
        self._places = places

    # -- reading -------------------------------------------------------------------------

    def batch(self, upload_id: str) -> Batch:
        """The documents of a batch that wait, and how their fields stand."""
        with self._database.reading() as session:
            ids = _waiting(session, upload_id)
            settlements = [settlement_of(row) for row in _rows(session, ids).values()]
            tallies = tuple(_tally(name, settlements) for name in Field)
            total = _counted(session, _of_batch(upload_id))
            return Batch(queue_rows(session, ids), tallies, total)

    def first(self, upload_id: str) -> str | None:
        """The document of a batch that the queue has first; None where none waits."""
        with self._database.reading() as session:
            rows = _rows(session, _waiting(session, upload_id)).values()
            return min(rows, key=nearness).id if rows else None

    def beside(self, document_id: str) -> tuple[str, int] | None:
        """The batch that a document came with, and how many others of it wait; None for none."""
        job = m.JobRow
        came = select(job.upload_id).where(
            job.document_id == document_id, job.upload_id.is_not(None), _became()
        )
        with self._database.reading() as session:
            upload_id = session.scalar(came.order_by(job.id).limit(1))
            if upload_id is None:
                return None
            others = _of_batch(upload_id).where(m.DocumentRow.id != document_id)
            return upload_id, _counted(session, others)

    # -- what would be done, and doing it ------------------------------------------------

    def plan(self, upload_id: str, wish: TogetherWish, actor: str) -> Plan:
        """What a wish would do: all of it is tried in a transaction that is taken back.

        Raises:
            BadWishes: values that cannot be understood, each with its reason.
            UnknownReference: the event or a municipality is not held.
        """
        orders = self._orders(wish)
        found: list[Plan] = []
        with suppress(_Rehearsed), writing(self._database, Authorship(actor, WHY)) as writer:
            ids = _waiting(writer.session, upload_id)
            found.append(self._tried(writer, ids, wish, orders))
            raise _Rehearsed
        return found[0]

    def carry_out(self, upload_id: str, wish: TogetherWish, chosen: Chosen, actor: str) -> Plan:
        """Do to the chosen documents exactly what was shown of them, all or nothing.

        Raises:
            PlanMoved: something else would be written to some of them.
            BadWishes: values that cannot be understood, each with its reason.
            UnknownReference: the event or a municipality is not held.
        """
        orders = self._orders(wish)
        with writing(self._database, Authorship(actor, WHY)) as writer:
            ids = [each for each in _waiting(writer.session, upload_id) if each in chosen]
            plan = self._tried(writer, ids, wish, orders)
            now = {line.document_id: line.version for line in plan.lines}
            moved = [each for each, version in chosen.items() if now.get(each) != version]
            if moved:
                raise PlanMoved(moved)
            return plan

    def _orders(self, wish: TogetherWish) -> tuple[Order, ...]:
        """The wishes, understood: nothing is written before all of them are."""
        orders, errors = [], {}
        for each in wish.each:
            texts = each.texts if each.how is How.SAME else ()
            try:
                values = tuple(v for t in texts for v in read_values(each.field, t, self._places))
                values = checked(each.field, values) if values else ()
            except CannotDecide as error:
                errors[each.field] = error
                continue
            if each.how is How.SAME and not values:
                errors[each.field] = CannotDecide(
                    f"「{each.field.label}」の値を入れるか、「{How.KEEP.label}」を選んでください。"
                )
            orders.append(Order(each.field, each.how, values))
        if errors:
            raise BadWishes(errors)
        return tuple(orders)

    def _tried(
        self,
        writer: CatalogueWriter,
        ids: Sequence[str],
        wish: TogetherWish,
        orders: Sequence[Order],
    ) -> Plan:
        """Everything wanted is done to these documents; what that came to."""
        session = writer.session
        alike, held = alike_counts(session, ids), _rows(session, ids)
        outcomes = {
            id_: carry_out(writer, held[id_], wish, orders, alike=id_ in alike) for id_ in ids
        }
        session.flush()
        events = event_views(session, sorted(told_in(session), key=lambda row: row.id))
        lines = []
        for id_, outcome in outcomes.items():
            its_case = held[id_].case_id if outcome.published else None
            told = tuple(each for each in events if each.key == id_ or _opens(each, its_case))
            title = settlement_of(held[id_]).text(Field.TITLE) or held[id_].title
            name = held[id_].file_name
            lines.append(
                Line(id_, title, name, told, outcome.kept, outcome.published, outcome.missing)
            )
        return Plan(tuple(lines), names_of(session, events))


def _opens(event: EventView, case_id: str | None) -> bool:
    """Whether a case that waited for one of its documents becomes public."""
    return (event.action, event.kind, event.key) == ("published", "case", case_id)


# --- which documents ------------------------------------------------------------------------


def _became() -> ColumnElement[bool]:
    """Jobs whose file became a document; of a double the document is somebody else's."""
    return m.JobRow.state.in_((JobState.WAITING.value, JobState.PUBLISHED.value))


def _of_batch(upload_id: str) -> "Select[str, int]":
    """The documents of a batch that wait, in the order in which they came."""
    row = m.DocumentRow
    came = (
        select(m.JobRow.document_id, func.min(m.JobRow.id).label("number"))
        .where(m.JobRow.upload_id == upload_id, _became())
        .group_by(m.JobRow.document_id)
        .subquery()
    )
    return (
        select(row.id, came.c.number)
        .join(came, came.c.document_id == row.id)
        .where(or_(*map(in_state, WAITING)))
        .order_by(came.c.number)
    )


def _waiting(session: Session, upload_id: str) -> list[str]:
    return [id_ for id_, _ in session.execute(_of_batch(upload_id).limit(MOST))]


def _counted(session: Session, wanted: "Select[str, int]") -> int:
    return session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


def _rows(session: Session, ids: Sequence[str]) -> Mapping[str, m.DocumentRow]:
    wanted = select(m.DocumentRow).where(m.DocumentRow.id.in_(ids)).options(*TO_SETTLE)
    return {row.id: row for row in session.scalars(wanted)}


def _tally(name: Field, settlements: Sequence[Settlement]) -> Tally:
    """How one field stands over these documents."""
    opened = sum(name in open_fields(each) for each in settlements)
    standing = [each.standing[name] for each in settlements if name in each.standing]
    settled = sum(each.basis is not Basis.PROPOSED for each in standing)
    sure = sum(name in each.sure() for each in settlements)
    return Tally(name, settled, sure, opened, len(settlements) - settled - sure - opened)
