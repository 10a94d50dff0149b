"""What the page of a batch asks: :class:`kb.catalogue.together.service.Together`."""

from typing import Protocol

from kb.catalogue.together.views import Batch, Chosen, Plan, TogetherWish


class Together(Protocol):
    """Settles what the documents of one batch share."""

    def batch(self, upload_id: str) -> Batch:
        """The documents of a batch that wait, and how their fields stand."""
        ...

    def first(self, upload_id: str) -> str | None:
        """The document of a batch that the queue has first; None where none waits."""
        ...

    def beside(self, document_id: str) -> tuple[str, int] | None:
        """The batch that a document came with, and how many others of it wait; None for none."""
        ...

    def plan(self, upload_id: str, wish: TogetherWish, actor: str) -> Plan:
        """What a wish would do; nothing is written.

        Raises:
            kb.catalogue.review.views.BadWishes: values that cannot be understood.
            kb.catalogue.changes.UnknownReference: the event or a municipality is not held.
        """
        ...

    def carry_out(self, upload_id: str, wish: TogetherWish, chosen: Chosen, actor: str) -> Plan:
        """Do to the chosen documents exactly what was shown of them, all or nothing.

        Raises:
            kb.catalogue.together.views.PlanMoved: something else would be written.
            kb.catalogue.review.views.BadWishes: values that cannot be understood.
            kb.catalogue.changes.UnknownReference: the event or a municipality is not held.
        """
        ...
