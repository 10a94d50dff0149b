"""Curation as its pages ask for it: the queue, one document, its case, its rights.

Reading is on one moment of the catalogue; every writing is one transaction that begins by
asking whether the form still fits what is recorded.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.models import DocumentRow
from kb.catalogue.review import case_forms
from kb.catalogue.review import queue as review_queue
from kb.catalogue.review import reading as review_reading
from kb.catalogue.review.decisions import CannotDecide
from kb.catalogue.review.settlements import settlement_of
from kb.catalogue.review.settling import read_values
from kb.catalogue.review.states import changes_since
from kb.catalogue.review.views import (
    BadCase,
    BadWishes,
    CaseFields,
    CaseForm,
    CaseSuggestion,
    ChangeView,
    Do,
    Queue,
    QueueAsked,
    Review,
    RightsWish,
    Saved,
    Wish,
    Wishes,
)
from kb.catalogue.review.writing import Order
from kb.catalogue.rights.withdrawing import Forget, Named, TakenDown, put_back, take_down
from kb.catalogue.session import Database
from kb.catalogue.writing import CatalogueWriter, writing
from kb.domain.gazetteer import Gazetteer
from kb.domain.rights import Permission
from kb.domain.settled import Field, Settlement, Value

Places = Callable[[], Gazetteer]


class Curation:
    """What curators do, over one catalogue."""

    def __init__(self, database: Database, places: Places, forget: Forget) -> None:
        """Stand on these.

        Args:
            database: the catalogue.
            places: asked for only when a municipality is typed.
            forget: removes the kept page images of an original that is taken down.
        """
        self._database = database
        self._places = places
        self._forget = forget

    # -- reading -------------------------------------------------------------------------

    def queue(self, asked: QueueAsked) -> Queue:
        """One page of the documents that wait."""
        with self._database.reading() as session:
            return review_queue.queue(session, asked)

    def waiting(self) -> int:
        """How many documents wait for a curator."""
        with self._database.reading() as session:
            return review_queue.waiting(session)

    def review(self, document_id: str, actor: str) -> Review | None:
        """One document, as `actor` finds it; None when there is none."""
        with self._database.reading() as session:
            return review_reading.review(session, document_id, actor)

    def suggestions(self, document_id: str) -> tuple[CaseSuggestion, ...]:
        """The cases that a document may belong to, likeliest first."""
        with self._database.reading() as session:
            return review_reading.suggestions(session, document_id)

    def new_case_form(self, document_id: str) -> CaseForm | None:
        """The form of a case that is to be made of a document."""
        with self._database.reading() as session:
            return case_forms.form_of_document(session, document_id)

    def changes(self, kind: str, key: str, version: str) -> tuple[ChangeView, ...]:
        """What has been done to a thing since a form was made of it, oldest first."""
        with self._database.reading() as session:
            return changes_since(session, kind, key, version)

    # -- settling and publishing ---------------------------------------------------------

    def save(self, document_id: str, wishes: Wishes, actor: str) -> Saved:
        """Do what a review form wants: settle, state the rights, publish; all or nothing.

        Publication that is refused leaves the rest done.

        Raises:
            UnknownReference: no such document, or it has been taken down.
            ChangedMeanwhile: somebody has written since the form was made.
            BadWishes: fields that cannot be settled so.
        """
        with writing(self._database, Authorship(actor)) as writer:
            writer.review.require_version(document_id, wishes.version)
            orders = self._orders(document_id, wishes)
            changed = writer.review.carry_out(
                document_id, orders, wishes.rights, sure=wishes.accept_sure
            )
            if not wishes.publish:
                return Saved(changed)
            missing = writer.review.publish(document_id)
            return Saved(changed, not missing, missing)

    def _orders(self, document_id: str, wishes: Wishes) -> list[Order]:
        """The wishes, understood; nothing is written before all of them are."""
        with self._database.reading() as session:
            row = session.get(DocumentRow, document_id)
            settlement = settlement_of(row) if row else Settlement()
            names = review_reading.place_names(session, settlement)
        orders, errors = [], {}
        for wish in wishes.each:
            try:
                values = self._values(wish, settlement, names) if wish.do is Do.SET else ()
                orders.append(Order(wish.field, wish.do, values))
            except CannotDecide as error:
                errors[wish.field] = error
        if errors:
            raise BadWishes(errors)
        return orders

    def _values(
        self, wish: Wish, settlement: Settlement, names: Mapping[str, str]
    ) -> tuple[Value, ...]:
        """What is meant; a name that the page itself has written means its own code."""
        codes = {name: code for code, name in names.items()}
        found: list[Value] = []
        for text in wish.texts:
            parts = text.split("、") if wish.field is Field.MUNICIPALITY else [text]
            for part in (part.strip() for part in parts):
                known = codes.get(part) if wish.field is Field.MUNICIPALITY else None
                found += (known,) if known else read_values(wish.field, part, self._places)
        if not found:
            raise CannotDecide(
                f"「{wish.field.label}」の値を入れてください。値がないときは"
                f"「{Do.NONE.label}」を選んでください。"
            )
        return tuple(found)

    def retract(self, document_id: str, version: str, actor: str) -> bool:
        """Take a published document back into review; whether it was published.

        Raises:
            UnknownReference: no such document.
            ChangedMeanwhile: somebody has written since the form was made.
        """
        with writing(self._database, Authorship(actor)) as writer:
            writer.review.require_version(document_id, version)
            return writer.review.retract(document_id)

    # -- cases and events ----------------------------------------------------------------

    def attach(
        self, document_id: str, case_id: str | None, event_id: str | None, version: str, actor: str
    ) -> bool:
        """Say which case and event a document belongs to; whether that is new.

        Raises:
            UnknownReference: no such document, case or event.
            ChangedMeanwhile: somebody has written since the form was made.
        """
        with writing(self._database, Authorship(actor)) as writer:
            writer.review.require_version(document_id, version)
            return writer.review.attach(document_id, case_id, event_id)

    def make_case(self, document_id: str, fields: CaseFields, version: str, actor: str) -> str:
        """Make a case and give it the document; its identifier.

        Readers see it when a document of it is published.

        Raises:
            UnknownReference: no such document, municipality or event.
            ChangedMeanwhile: somebody has changed the document since the form was made.
            BadCase: fields that cannot be understood.
        """
        entry = case_forms.read(fields, self._places)
        with writing(self._database, Authorship(actor)) as writer:
            writer.review.require_version(document_id, version)
            with self._database.reading() as session:
                entry = replace(entry, id=case_forms.new_id(session, entry))
                row = session.get(DocumentRow, document_id)
                event_id = row.event_id if row else None
            _record(writer, entry)
            writer.review.hold_back(entry.id)
            writer.review.attach(document_id, entry.id, event_id)
            return entry.id

    # -- rights --------------------------------------------------------------------------

    def correct_rights(
        self, document_id: str, wish: RightsWish, version: str, authorship: Authorship
    ) -> bool:
        """Put the stated rights right, with the reason; whether that is new.

        Raises:
            UnknownReference: no such document, or it has been taken down.
            ChangedMeanwhile: somebody has written since the form was made.
        """
        with writing(self._database, authorship) as writer:
            writer.review.require_version(document_id, version)
            return writer.review.state_rights(document_id, wish)

    def permit(
        self,
        document_id: str,
        permission: Permission,
        note: str | None,
        version: str,
        authorship: Authorship,
    ) -> int:
        """Record what somebody has allowed; the number of the permission.

        Raises:
            UnknownReference: no such document.
            ChangedMeanwhile: somebody has written since the form was made.
        """
        with writing(self._database, authorship) as writer:
            writer.review.require_version(document_id, version)
            return writer.rights.permit(document_id, permission, note)

    def end_permission(self, document_id: str, number: int, authorship: Authorship) -> bool:
        """Take a permission back, from today on; whether it had not ended before.

        Raises:
            UnknownReference: this document has no such permission.
        """
        with writing(self._database, authorship) as writer:
            return writer.rights.end_permission(document_id, number)

    def withdraw(self, named: Named, authorship: Authorship) -> TakenDown:
        """Take documents down, at once and whatever else has changed meanwhile.

        Raises:
            UnknownReference: one does not exist.
        """
        return take_down(self._database, named, authorship, self._forget)

    def restore(self, named: Named, authorship: Authorship) -> tuple[str, ...]:
        """Undo a takedown; the documents that are up again.

        Raises:
            UnknownReference: one does not exist, or was recorded as withdrawn.
        """
        return put_back(self._database, named, authorship)


def _record(writer: CatalogueWriter, entry: CaseEntry) -> bool:
    """Record a case; what it names that is not held is told of the field that names it.

    Raises:
        BadCase: a municipality or the event is not registered.
    """
    try:
        writer.review.require_event(entry.event_id)
    except UnknownReference as error:
        raise BadCase({"event_id": error}) from error
    try:
        return writer.record_case(entry)
    except UnknownReference as error:
        raise BadCase({"municipalities": error}) from error
