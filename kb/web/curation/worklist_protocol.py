"""What the worklist's pages ask of :class:`kb.catalogue.worklist.service.Worklist`."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from kb.catalogue.entries import Authorship
from kb.catalogue.worklist.views import Kind, Listed, Pair, SourceMark
from kb.domain.classification import LikenessDecision


class Worklist(Protocol):
    """What waits for curators, and what is settled on its own pages.

    Every writing raises kb.catalogue.changes.UnknownReference, with a sentence for the curator,
    for what is not there (any more) or cannot be done.
    """

    def counts(self) -> Mapping[Kind, int]: ...  # noqa: D102 - the type says it
    def overview(self) -> tuple[Listed, ...]:
        """Every list with its first page."""
        ...

    def listed(self, kind: Kind, page: int = 1) -> Listed:
        """One page of one list; a page beyond the last one is the last."""
        ...

    def pair(self, one: str, other: str) -> Pair | None: ...  # noqa: D102
    def decide(
        self,
        pair: tuple[str, str],
        decision: LikenessDecision,
        keep: str | None,
        versions: Mapping[str, str],
        authorship: Authorship,
    ) -> bool:
        """Say what two documents are to each other; `versions` are what the form was made from.

        Raises:
            kb.catalogue.review.views.ChangedMeanwhile: somebody has written or decided since.
        """
        ...

    def undo(self, pair: tuple[str, str], authorship: Authorship) -> bool: ...  # noqa: D102
    def mark_source(
        self, number: int, *, found: bool, before: date | None, authorship: Authorship
    ) -> SourceMark:
        """Say of an address that what stood there was seen today, or is gone."""
        ...
