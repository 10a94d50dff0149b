"""What a wish for a whole batch does to one document, in somebody's transaction.

What a person has settled or recorded stays, and so does a sure proposal that says otherwise: the
document itself speaks against the rest. A document that states its own terms is left out of the
batch's, which somebody chose without that sentence before their eyes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.catalogue import models as m
from kb.catalogue.review.settlements import settlement_of
from kb.catalogue.review.states import rights_are_open
from kb.catalogue.together.views import How, Kept, TogetherWish
from kb.catalogue.writing import CatalogueWriter
from kb.domain.settled import LIKELY, SURE, Basis, Field, Settlement, Value

ALIKE = "似た資料があります。同じ資料でないか、この資料の画面で確かめてください。"
READ_IN_PART = "読み取れていないページがあります。この資料の画面で確かめてください。"

_WHOLE = "indexed"
"""The outcome of a file that was read from its first page to its last."""


@dataclass(frozen=True, slots=True)
class Order:
    """A wish for one field that has been understood."""

    field: Field
    how: How
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was not done to a document though it was wanted."""

    kept: tuple[tuple[str, Kept], ...]
    published: bool = False
    missing: tuple[str, ...] = ()


def carry_out(
    writer: CatalogueWriter,
    row: m.DocumentRow,
    wish: TogetherWish,
    orders: Sequence[Order],
    *,
    alike: bool,
) -> Outcome:
    """Do to one document what is wanted of all.

    Raises:
        UnknownReference: the event or a municipality is not held.
        CannotDecide: a field cannot have such a value.
    """
    kept = [*_event(writer, row, wish), *_fields(writer, row, orders), *_rights(writer, row, wish)]
    writer.session.flush()
    if not wish.publish:
        return Outcome(tuple(kept))
    writer.decisions.accept_sure(row.id)
    doubts = ((alike, ALIKE), (row.outcome != _WHOLE, READ_IN_PART))
    if told := tuple(doubt for there, doubt in doubts if there):
        return Outcome(tuple(kept), missing=told)
    missing = writer.review.publish(row.id)
    return Outcome(tuple(kept), not missing, missing)


def _event(
    writer: CatalogueWriter, row: m.DocumentRow, wish: TogetherWish
) -> Iterator[tuple[str, Kept]]:
    if wish.event_id is None or row.event_id == wish.event_id:
        return
    if row.event_id is not None:
        yield "event_id", Kept.EVENT
        return
    writer.review.attach(row.id, row.case_id, wish.event_id)


def _fields(
    writer: CatalogueWriter, row: m.DocumentRow, orders: Sequence[Order]
) -> Iterator[tuple[str, Kept]]:
    for order in orders:
        settlement = settlement_of(row)
        kept = _stays(settlement, order)
        if kept is not None:
            if order.how is How.SAME or kept is Kept.UNSURE:
                yield order.field.value, kept
            continue
        values = order.values if order.how is How.SAME else proposed(settlement, order.field)
        writer.decisions.decide(row.id, order.field, values)
        writer.session.flush()


def _stays(settlement: Settlement, order: Order) -> Kept | None:
    """Why a field is not touched; None where it is."""
    standing = settlement.standing.get(order.field)
    if standing is not None and standing.basis is not Basis.PROPOSED:
        return Kept.DECIDED if standing.basis is Basis.DECIDED else Kept.RECORDED
    if order.how is How.SAME:
        other = standing is not None and set(standing.values) != set(order.values)
        sure = standing is not None and (standing.confidence or 0.0) >= SURE
        return Kept.SURE if other and sure else None
    if not proposed(settlement, order.field):
        return Kept.EMPTY
    return None if _confidence(settlement, order.field) >= LIKELY else Kept.UNSURE


def proposed(settlement: Settlement, name: Field) -> tuple[Value, ...]:
    """What the machine proposes for a field: what stands on its word, else what it offers."""
    standing = settlement.standing.get(name)
    return standing.values if standing else tuple(p.value for p in settlement.offered(name))


def _confidence(settlement: Settlement, name: Field) -> float:
    standing = settlement.standing.get(name)
    if standing is not None:
        return standing.confidence or 0.0
    return min((p.confidence for p in settlement.offered(name)), default=0.0)


def _rights(
    writer: CatalogueWriter, row: m.DocumentRow, wish: TogetherWish
) -> Iterator[tuple[str, Kept]]:
    if wish.rights is None:
        return
    if not rights_are_open(writer.session, row):
        yield "rights_terms", Kept.RIGHTS
    elif row.rights_statement or Field.RIGHTS_STATEMENT in settlement_of(row).proposals:
        yield "rights_terms", Kept.STATED
    else:
        writer.review.state_rights(row.id, wish.rights)
