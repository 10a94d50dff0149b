"""Changing what may be done with documents: permissions, corrections, takedowns.

Part of :class:`kb.catalogue.writing.CatalogueWriter`, as its ``rights``. Every change leaves a
SourceEvent on its document, and that is the history `kb rights` shows.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import Changes, UnknownReference
from kb.catalogue.judgements import PermissionRow
from kb.catalogue.merging.follow import merged_into
from kb.catalogue.relations import EventDocumentRow
from kb.catalogue.review.second_person import is_two_person
from kb.catalogue.rights.permissions import begun, permission_of, run_out
from kb.catalogue.session import DAY
from kb.domain.classification import EventPart
from kb.domain.rights import Permission, Terms

PERMITTED, PERMISSION_BEGUN, PERMISSION_ENDED = "permitted", "permission_begun", "permission_ended"
CORRECTED, WITHDRAWN, RESTORED = "rights_corrected", "withdrawn", "restored"
"""What is done to rights, as a SourceEvent names it."""


class RightsWriter:
    """Changes rights in one transaction, in somebody's name."""

    def __init__(self, session: Session, changes: Changes) -> None:
        self._session = session
        self._changes = changes
        self._day: date = session.info[DAY]
        self._two_person = is_two_person(session)

    # -- permissions ---------------------------------------------------------------------

    def permit(self, document_id: str, permission: Permission, note: str | None = None) -> int:
        """Record a permission; its number.

        Raises:
            UnknownReference: there is no such document.
        """
        self.document(document_id)
        row = PermissionRow(
            document_id=document_id,
            terms=permission.terms.value,
            allowed_by=permission.allowed_by,
            allowed_on=permission.allowed_on,
            valid_until=permission.valid_until,
            noted=permission.allowed_on <= self._day,
            note=note,
        )
        self._changes.note(PERMITTED, "document", document_id, _told(permission))
        self._session.add(row)
        self._session.flush()
        return row.id

    def end_permission(self, document_id: str, number: int) -> bool:
        """Take a permission back, from today on; whether it had not ended before.

        Raises:
            UnknownReference: this document has no such permission.
        """
        row = self._session.get(PermissionRow, number)
        if row is None or row.document_id != document_id:
            raise UnknownReference(
                f"{document_id} に番号 {number} の許諾はありません。"
                f"kb rights {document_id} で番号を確かめてください。"
            )
        if row.ended_on is not None:
            return False
        self._end(row)
        return True

    def note_due(self) -> int:
        """Note the permissions that have begun or run out since somebody looked; how many."""
        ended = self._session.scalars(select(PermissionRow).where(run_out(self._day))).all()
        for row in ended:
            self._end(row)
        started = self._session.scalars(select(PermissionRow).where(begun(self._day))).all()
        for row in started:
            told = _told(permission_of(row))
            self._changes.note(PERMISSION_BEGUN, "document", row.document_id, told)
            row.noted = True
        return len(ended) + len(started)

    def _end(self, row: PermissionRow) -> None:
        change = {"permission": [row.id, None], "ended_on": [None, self._day]}
        self._changes.note(PERMISSION_ENDED, "document", row.document_id, change)
        row.ended_on = self._day

    # -- what is stated ------------------------------------------------------------------

    def correct(self, document_id: str, terms: Terms, statement: str | None) -> bool:
        """Put the stated rights right; whether anything changed.

        A record handed in again afterwards (:meth:`kept`) does not change them back.

        Raises:
            UnknownReference: there is no such document, or it has been taken down.
        """
        row = self.document(document_id)
        if row.rights_terms == Terms.WITHDRAWN.value:
            raise UnknownReference(
                f"{document_id} は取り下げ済みです。kb withdraw --undo {document_id} で戻してから"
                "直してください。"
            )
        if (row.rights_terms, row.rights_statement) == (terms.value, statement):
            return False
        change = {
            "rights_terms": [row.rights_terms, terms.value],
            "rights_statement": [row.rights_statement, statement],
        }
        self._changes.note(CORRECTED, "document", document_id, change)
        row.rights_terms, row.rights_statement = terms.value, statement
        return True

    def settle(self, document_id: str, terms: Terms, statement: str | None) -> bool:
        """Put down the stated rights, also as they are: somebody has looked. Whether it is new.

        Raises:
            UnknownReference: there is no such document, or it has been taken down.
        """
        if self.correct(document_id, terms, statement):
            return True
        if self._last(CORRECTED, "document", document_id) is not None:
            return False
        change = {"rights_terms": [terms.value, terms.value]}
        self._changes.note(CORRECTED, "document", document_id, change)
        return True

    def kept(self, row: m.DocumentRow, terms: Terms) -> bool:
        """Whether the rights of a document stay as they are when its record comes in again.

        A takedown stays until it is undone, and a correction until it is corrected; but a
        record that says 取り下げ takes down all the same.
        """
        if terms is Terms.WITHDRAWN:
            return False
        down = row.rights_terms == Terms.WITHDRAWN.value
        return self._last(WITHDRAWN if down else CORRECTED, "document", row.id) is not None

    # -- takedown ------------------------------------------------------------------------

    def withdraw(self, document_id: str) -> bool:
        """Take a document down; whether it was still up.

        It is out for readers at once, since they ask its rights; the caller brings the index
        up to date.
        """
        row = self._session.get(m.DocumentRow, document_id)
        if row is None or row.rights_terms == Terms.WITHDRAWN.value:
            return False
        change = {"rights_terms": [row.rights_terms, Terms.WITHDRAWN.value]}
        self._changes.note(WITHDRAWN, "document", document_id, change)
        row.rights_terms = Terms.WITHDRAWN.value
        return True

    def withdraw_case(self, case_id: str) -> tuple[str, ...]:
        """Take a case down with its documents; those that were still up.

        Raises:
            UnknownReference: there is no such case.
        """
        case = self.case(case_id)
        self._changes.note(WITHDRAWN, "case", case_id, {"published": [case.published, False]})
        case.published = False
        return self._withdrawn(document.id for document in case.documents)

    def withdraw_event(self, event_id: str) -> tuple[str, ...]:
        """Take down the documents of an event and of its cases; those that were still up.

        A form used there belongs to others too, and stays.

        Raises:
            UnknownReference: there is no such event.
        """
        documents = self._documents_of_event(event_id)
        self._changes.note(WITHDRAWN, "event", event_id, {"documents": [None, documents]})
        return self._withdrawn(documents)

    def _withdrawn(self, documents: Iterable[str]) -> tuple[str, ...]:
        return tuple(document for document in documents if self.withdraw(document))

    # -- and back ------------------------------------------------------------------------

    def restore(self, document_id: str) -> bool:
        """Undo a takedown; whether it was down. The rights are again what they were.

        Where nobody publishes alone it comes back as a draft, for another person to publish.

        Raises:
            UnknownReference: there is no such document, or it was recorded as withdrawn.
        """
        row = self.document(document_id)
        if row.rights_terms != Terms.WITHDRAWN.value:
            return False
        taken_down = self._last(WITHDRAWN, "document", document_id)
        if taken_down is None:
            raise UnknownReference(
                f"{document_id} は初めから取り下げ済みとして登録されていて、戻す先が"
                "分かりません。documents.csv を直して取り込み直してください。"
            )
        before = str(taken_down.change["rights_terms"][0])
        change: dict[str, object] = {"rights_terms": [Terms.WITHDRAWN.value, before]}
        waits = self._two_person and row.published
        if waits:
            change |= {"published": [True, False], "draft": [row.draft, True]}
        self._changes.note(RESTORED, "document", document_id, change)
        row.rights_terms = before
        if waits:
            row.published, row.draft = False, True
        return True

    def restore_case(self, case_id: str) -> tuple[str, ...]:
        """Undo a case's takedown; the documents that went down with it and are back.

        Where nobody publishes alone the case waits for a document of it to be published.
        """
        case = self.case(case_id)
        if case.published:
            return ()
        documents = self._down_since("case", case_id, [row.id for row in case.documents])
        waits = self._two_person and bool(case.documents)
        self._changes.note(RESTORED, "case", case_id, {"published": [False, not waits]})
        case.published = not waits
        return tuple(document for document in documents if self.restore(document))

    def restore_event(self, event_id: str) -> tuple[str, ...]:
        """Undo the takedown of an event's documents; those that are up again."""
        documents = self._down_since("event", event_id, self._documents_of_event(event_id))
        if documents:
            self._changes.note(RESTORED, "event", event_id, {"documents": [None, documents]})
        return tuple(document for document in documents if self.restore(document))

    def _down_since(self, kind: str, key: str, documents: Iterable[str]) -> list[str]:
        """Of these documents, those that went down with the thing they belong to."""
        together = self._last(WITHDRAWN, kind, key)
        if together is None:
            return []
        events = [(each, self._last(WITHDRAWN, "document", each)) for each in documents]
        return [each for each, event in events if event is not None and event.id > together.id]

    # -- looking up ----------------------------------------------------------------------

    def document(self, document_id: str) -> m.DocumentRow:
        """A document's row.

        Raises:
            UnknownReference: there is no such document.
        """
        row = self._session.get(m.DocumentRow, document_id)
        if row is None:
            raise UnknownReference(f"資料 {document_id} は登録されていません。")
        return row

    def case(self, case_id: str) -> m.CaseRow:
        """A case's row.

        Raises:
            UnknownReference: there is no such case.
        """
        row = self._session.get(m.CaseRow, case_id)
        if row is None and (kept := merged_into(self._session, case_id)):
            raise UnknownReference(
                f"事例 {case_id} は {kept} に統合されました。{kept} を指定してください。"
            )
        if row is None:
            raise UnknownReference(f"事例 {case_id} は登録されていません。")
        return row

    def _documents_of_event(self, event_id: str) -> list[str]:
        if self._session.get(m.EventRow, event_id) is None:
            raise UnknownReference(f"催し {event_id} は登録されていません。")
        cases = select(m.CaseRow.id).where(m.CaseRow.event_id == event_id)
        parts = select(EventDocumentRow.document_id).where(
            EventDocumentRow.event_id == event_id, EventDocumentRow.part != EventPart.USED.value
        )
        row = m.DocumentRow
        its = or_(row.event_id == event_id, row.case_id.in_(cases), row.id.in_(parts))
        return list(self._session.scalars(select(row.id).where(its).order_by(row.id)))

    def _last(self, action: str, kind: str, key: str) -> m.SourceEventRow | None:
        self._session.flush()
        row = m.SourceEventRow
        wanted = select(func.max(row.id)).where(
            row.subject_kind == kind, row.subject_id == key, row.action == action
        )
        number = self._session.scalar(wanted)
        return self._session.get(row, number) if number is not None else None


def _told(permission: Permission) -> dict[str, object]:
    """A permission as a SourceEvent tells of it."""
    return {name: [None, value] for name, value in permission.plain().items()}
