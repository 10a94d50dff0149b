"""What a curator does to a document on its way to readers, in one transaction.

Part of :class:`kb.catalogue.writing.CatalogueWriter`, as its ``review``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import Changes, UnknownReference
from kb.catalogue.review import states
from kb.catalogue.review.decisions import CannotDecide, DecisionWriter
from kb.catalogue.review.second_person import allow
from kb.catalogue.review.views import BadWishes, ChangedMeanwhile, Do, RightsWish
from kb.catalogue.rights.writing import RightsWriter
from kb.domain.settled import Field, Value


@dataclass(frozen=True, slots=True)
class Order:
    """One field, and what is to be done to it: a wish that has been understood."""

    field: Field
    do: Do
    values: tuple[Value, ...] = ()


class ReviewWriter:
    """Settles, ties and publishes documents in somebody's name."""

    def __init__(
        self,
        session: Session,
        changes: Changes,
        actor: str,
        decisions: DecisionWriter,
        rights: RightsWriter,
    ) -> None:
        self._session = session
        self._changes = changes
        self._actor = actor
        self._decisions = decisions
        self._rights = rights

    # -- versions ------------------------------------------------------------------------

    def require_version(self, document_id: str, version: str) -> None:
        """Be sure that a document is as it was when a form was made.

        Raises:
            UnknownReference: there is no such document.
            ChangedMeanwhile: it is not.
        """
        now = states.document_version(self._session, self._rights.document(document_id))
        self._compare("document", document_id, now, version)

    def _compare(self, kind: str, key: str, now: str, version: str) -> None:
        if not states.same_version(now, version):
            changes = states.changes_since(self._session, kind, key, version)
            raise ChangedMeanwhile(changes)

    # -- settling ------------------------------------------------------------------------

    def carry_out(
        self,
        document_id: str,
        orders: Sequence[Order],
        rights: RightsWish | None,
        *,
        sure: bool,
    ) -> int:
        """Settle as ordered, state the rights, settle all else that is sure; how many changed.

        Raises:
            UnknownReference: no such document, or no such municipality.
            BadWishes: fields that cannot be settled so, with the reason of each.
        """
        changed, errors = 0, {}
        for order in orders:
            try:
                changed += self._carry_out(document_id, order)
            except CannotDecide as error:
                errors[order.field] = error
        if errors:
            raise BadWishes(errors)
        if rights is not None:
            changed += self.state_rights(document_id, rights)
        self._session.flush()
        return changed + (len(self._decisions.accept_sure(document_id)) if sure else 0)

    def _carry_out(self, document_id: str, order: Order) -> bool:
        if order.do is Do.UNDO:
            return self._decisions.take_back(document_id, order.field)
        return self._decisions.decide(document_id, order.field, order.values)

    def state_rights(self, document_id: str, wish: RightsWish) -> bool:
        """Put down the stated rights, also where they stay as they are; whether that is new.

        Raises:
            UnknownReference: there is no such document, or it has been taken down.
        """
        row = self._rights.document(document_id)
        decided = next(
            (e for e in row.decisions if e.field == Field.RIGHTS_STATEMENT and e.decided_by), None
        )
        words = (wish.statement,) if wish.statement else ()
        changed = False
        if wish.statement != row.rights_statement and decided is not None:
            # What a decision has put there is changed by another one, or it would come back.
            changed = self._decisions.decide(document_id, Field.RIGHTS_STATEMENT, words)
        changed |= self._rights.settle(document_id, wish.terms, wish.statement)
        proposed = Field.RIGHTS_STATEMENT.value in row.recognised
        if not words and proposed and decided is None:
            changed |= self._decisions.decide(document_id, Field.RIGHTS_STATEMENT, ())
        return changed

    # -- publication ---------------------------------------------------------------------

    def publish(self, document_id: str) -> tuple[str, ...]:
        """Let everybody see a document whose rights allow it; why not, where it is refused.

        A case that waited for it goes with it.

        Raises:
            UnknownReference: there is no such document.
        """
        row = self._rights.document(document_id)
        self._session.flush()
        reasons = states.missing(self._session, row, self._actor)
        if reasons or row.published:
            return reasons
        change = {"published": [False, True], "draft": [row.draft, False]}
        self._changes.note("published", "document", document_id, change)
        row.published, row.draft = True, False
        allow(self._session, "document", document_id)
        if self._publish_case(row) and row.case is not None:
            allow(self._session, "case", row.case.id)
        return ()

    def retract(self, document_id: str) -> bool:
        """Take a document out of readers' sight, to be looked at again; whether it was in it.

        Raises:
            UnknownReference: there is no such document.
        """
        row = self._rights.document(document_id)
        if not row.published:
            return False
        change = {"published": [True, False], "draft": [row.draft, True]}
        self._changes.note("changed", "document", document_id, change)
        row.published, row.draft = False, True
        return True

    # -- cases and events ----------------------------------------------------------------

    def attach(self, document_id: str, case_id: str | None, event_id: str | None) -> bool:
        """Say which case and event a document belongs to; whether that is new.

        Raises:
            UnknownReference: no such document, case or event, or it is a casebook.
        """
        row = self._rights.document(document_id)
        if case_id is not None:
            self._rights.case(case_id)
            if row.excerpts:
                raise UnknownReference(
                    "この資料はページごとに事例を分けた事例集です。一つの事例には付けられません。"
                )
        self.require_event(event_id)
        values = {"case_id": case_id, "event_id": event_id}
        changed = self._changes.put(m.DocumentRow, "document", document_id, values)
        if changed:
            self._session.flush()
            self._session.refresh(row, ["case", "event"])
            if row.published:
                self._publish_case(row)
        return changed

    def require_event(self, event_id: str | None) -> None:
        """Be sure that an event is held, where one is named.

        Raises:
            UnknownReference: it is not.
        """
        if event_id is not None and self._session.get(m.EventRow, event_id) is None:
            raise UnknownReference(f"催し {event_id} は登録されていません。")

    def hold_back(self, case_id: str) -> None:
        """Keep a case that has just been made from readers until a document of it is published."""
        case = self._rights.case(case_id)
        self._changes.note("changed", "case", case_id, {"published": [None, False]})
        case.published = False

    def _publish_case(self, row: m.DocumentRow) -> bool:
        """Let everybody see a document's case; whether it had waited for that."""
        if row.case is None or row.case.published:
            return False
        if states.taken_down(self._session, row.case):
            return False
        self._changes.note("published", "case", row.case.id, {"published": [False, True]})
        row.case.published = True
        return True
