"""What the review pages ask of the catalogue: :class:`kb.catalogue.review.service.Curation`."""

from typing import Protocol

from kb.catalogue.entries import Authorship
from kb.catalogue.review.views import (
    CaseFields,
    CaseForm,
    CaseSuggestion,
    ChangeView,
    Queue,
    QueueAsked,
    Review,
    RightsWish,
    Saved,
    Wishes,
)
from kb.catalogue.rights.withdrawing import Named, TakenDown
from kb.domain.rights import Permission


class Curation(Protocol):
    """What curators do. `version` is what a form was made from.

    Every writing raises kb.catalogue.changes.UnknownReference for what is not registered, and
    kb.catalogue.review.views.ChangedMeanwhile when somebody has written since that version.
    """

    def queue(self, asked: QueueAsked) -> Queue:
        """One page of the documents that wait, the nearly done first."""
        ...

    def waiting(self) -> int:
        """How many documents wait."""
        ...

    def review(self, document_id: str, actor: str) -> Review | None: ...  # noqa: D102
    def suggestions(self, document_id: str) -> tuple[CaseSuggestion, ...]:
        """The cases that a document may belong to, likeliest first."""
        ...

    def new_case_form(self, document_id: str) -> CaseForm | None: ...  # noqa: D102
    def changes(self, kind: str, key: str, version: str) -> tuple[ChangeView, ...]:
        """What has been done to a thing since a version of it, oldest first."""
        ...

    def save(self, document_id: str, wishes: Wishes, actor: str) -> Saved:
        """Settle, state the rights and publish; publication refused leaves the rest done.

        Raises:
            kb.catalogue.review.views.BadWishes: fields that cannot be settled so.
        """
        ...

    def retract(self, document_id: str, version: str, actor: str) -> bool: ...  # noqa: D102
    def attach(  # noqa: D102
        self, document_id: str, case_id: str | None, event_id: str | None, version: str, actor: str
    ) -> bool: ...
    def make_case(self, document_id: str, fields: CaseFields, version: str, actor: str) -> str:
        """Make a case and give it the document; its identifier.

        Raises:
            kb.catalogue.review.views.BadCase: fields that cannot be understood.
        """
        ...

    def correct_rights(  # noqa: D102
        self, document_id: str, wish: RightsWish, version: str, authorship: Authorship
    ) -> bool: ...
    def permit(
        self,
        document_id: str,
        permission: Permission,
        note: str | None,
        version: str,
        authorship: Authorship,
    ) -> int:
        """Record what somebody has allowed; the number of the permission."""
        ...

    def end_permission(  # noqa: D102
        self, document_id: str, number: int, authorship: Authorship
    ) -> bool: ...
    def withdraw(self, named: Named, authorship: Authorship) -> TakenDown:
        """Take documents down at once, whatever else has changed meanwhile."""
        ...

    def restore(self, named: Named, authorship: Authorship) -> tuple[str, ...]: ...  # noqa: D102
