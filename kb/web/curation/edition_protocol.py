"""What the pages of editions ask of :class:`kb.catalogue.editions.service.Editions`."""

from typing import Protocol

from kb.catalogue.editions.views import EditionForm, EditionView
from kb.catalogue.entries import Authorship
from kb.catalogue.views import PageView


class Editions(Protocol):
    """Replaces originals and gives the old ones."""

    def of(self, document_id: str) -> tuple[EditionView, ...]:
        """The originals a document had, the newest first; the caller asks its rights."""
        ...

    def page(self, document_id: str, edition: int, number: int) -> PageView | None:
        """A page of an old original; the caller asks the rights of the document."""
        ...

    def form(self, document_id: str) -> EditionForm | None: ...  # noqa: D102
    def replace(self, document_id: str, draft_id: str, version: str, authorship: Authorship) -> int:
        """Give a document the original of a draft; the number of the one it had, 0 for none.

        Raises:
            kb.catalogue.changes.UnknownReference: one of them is not registered.
            kb.catalogue.review.views.ChangedMeanwhile: somebody has changed the document.
            kb.catalogue.editions.views.CannotReplace: the draft does not fit.
        """
        ...
