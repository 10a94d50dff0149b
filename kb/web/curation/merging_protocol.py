"""What the pages of double cases and of casebooks ask of the catalogue.

:class:`kb.catalogue.merging.service.Merging` and :class:`kb.catalogue.casebooks.service.Casebooks`.
"""

from collections.abc import Iterable
from typing import Protocol

from kb.catalogue.casebooks.views import CasebookForm, WishedPages
from kb.catalogue.entries import Authorship
from kb.catalogue.merging.views import MergeForm, MergeOrder, MergeStart


class Merging(Protocol):
    """Finds double cases, merges and splits them.

    Every writing raises kb.catalogue.changes.UnknownReference for what is not registered, and
    kb.catalogue.merging.views.CannotMerge for what is refused.
    """

    def merged_into(self, case_id: str) -> str | None:
        """The case that took one in; None where none did."""
        ...

    def start(self, case_id: str, typed: str = "") -> MergeStart | None:
        """The likely doubles of a case, or what `typed` finds: identifier, address or title."""
        ...

    def form(self, kept_id: str, other_id: str) -> MergeForm | None: ...  # noqa: D102
    def merge(self, order: MergeOrder, authorship: Authorship) -> None:
        """Put one case into the other.

        Raises:
            kb.catalogue.review.views.ChangedMeanwhile: one is not as it was.
        """
        ...

    def split(self, old_id: str, authorship: Authorship) -> str:
        """Put both back as they were; the identifier of the one that had been kept."""
        ...


class Casebooks(Protocol):
    """Says which pages of a document tell of which case.

    Every writing raises kb.catalogue.changes.UnknownReference for what is not registered or does
    not fit, kb.catalogue.review.views.ChangedMeanwhile when somebody has written since the
    version, and kb.catalogue.casebooks.views.BadRanges for what cannot be understood.
    """

    def form(self, document_id: str) -> CasebookForm | None: ...  # noqa: D102
    def record(
        self, document_id: str, wished: Iterable[WishedPages], version: str, authorship: Authorship
    ) -> bool:
        """Give these cases these pages and no others; whether that is new."""
        ...

    def move(
        self,
        document_id: str,
        cases: tuple[str, str],
        pages: str,
        version: str,
        authorship: Authorship,
    ) -> bool:
        """Give pages from the first of two cases to the second; whether anything has changed."""
        ...
