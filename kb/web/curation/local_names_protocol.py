"""What the pages on local names ask: :class:`kb.catalogue.local_names.service.LocalNames`."""

from typing import Protocol

from kb.catalogue.entries import Authorship
from kb.catalogue.local_names.views import (
    LocalNameFields,
    LocalNameForm,
    LocalNameView,
    SavedName,
)


class LocalNames(Protocol):
    """What municipalities are called besides."""

    def listed(self, text: str = "") -> tuple[LocalNameView, ...]:
        """Names that hold a text, or whose municipality does."""
        ...

    def form(self, key: str) -> LocalNameForm | None:
        """The form of a name; None when there is none."""
        ...

    def new_form(self, code: str = "") -> LocalNameForm:
        """The empty form, for the municipality of a code where one is given."""
        ...

    def add(self, fields: LocalNameFields, authorship: Authorship) -> SavedName:
        """Record a name; one that is there already is left as it is.

        Raises:
            kb.catalogue.editing.views.BadEdit: boxes that cannot be taken.
        """
        ...

    def change(
        self, key: str, fields: LocalNameFields, version: str, authorship: Authorship
    ) -> SavedName:
        """Change a name, its reading or where it comes from.

        Raises:
            kb.catalogue.editing.views.BadEdit: boxes that cannot be taken.
            kb.catalogue.local_names.views.UnknownLocalName: there is no such name any more.
            kb.catalogue.review.views.ChangedMeanwhile: somebody has changed it since.
        """
        ...

    def remove(self, key: str, version: str, authorship: Authorship) -> LocalNameView:
        """Forget a name; what it was.

        Raises:
            kb.catalogue.local_names.views.UnknownLocalName: there is no such name any more.
            kb.catalogue.review.views.ChangedMeanwhile: somebody has changed it since.
        """
        ...
