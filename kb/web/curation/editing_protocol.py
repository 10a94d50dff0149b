"""What the pages that change records ask for: :class:`kb.catalogue.editing.service.Editing`."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from kb.catalogue.editing.views import EditForm, Kind, RecordLine
from kb.catalogue.entries import Authorship
from kb.catalogue.history.views import Names
from kb.catalogue.review.views import ChangeView


class Editing(Protocol):
    """What curators change after something has been recorded."""

    def form(self, kind: Kind, key: str) -> EditForm | None:
        """The form of what is recorded; None when there is none, or it has been taken down."""
        ...

    def new_form(self, kind: Kind) -> EditForm:
        """The empty form of an event, a person or a programme."""
        ...

    def records(self, kind: Kind, named: str = "") -> tuple[RecordLine, ...]:
        """Events, people or programmes whose name has that text in it."""
        ...

    def names(self, kind: Kind, key: str, changes: Iterable[ChangeView]) -> Names:
        """What people call the things that these changes of one thing name."""
        ...

    def save(
        self,
        kind: Kind,
        key: str,
        typed: Mapping[str, str],
        version: str,
        authorship: Authorship,
    ) -> bool:
        """Change what the form says; whether anything is other than before.

        Raises:
            kb.catalogue.changes.UnknownReference: there is no such thing.
            kb.catalogue.review.views.ChangedMeanwhile: somebody has changed it meanwhile.
            kb.catalogue.editing.views.BadEdit: boxes that cannot be understood.
        """
        ...

    def make(self, kind: Kind, typed: Mapping[str, str], authorship: Authorship) -> str:
        """Record an event, a person or a programme; its identifier.

        Raises:
            kb.catalogue.editing.views.BadEdit: boxes that cannot be understood, or it is
                recorded already.
        """
        ...
