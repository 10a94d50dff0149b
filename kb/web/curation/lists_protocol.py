"""What the page on lists asks of the catalogue: :class:`kb.catalogue.lists.Lists`."""

from collections.abc import Mapping
from typing import Protocol

from kb.catalogue.entries import Authorship
from kb.catalogue.lists import DepartmentUse, NameReading


class Lists(Protocol):
    """The lists that cases are filed under."""

    def departments(self) -> Mapping[str | None, tuple[DepartmentUse, ...]]:
        """Slug of a function -> the names of departments that have it; None: none is told."""
        ...

    def people(self, named: str = "") -> tuple[NameReading, ...]:
        """People whose name or reading has that text in it, those without a reading first."""
        ...

    def read_name(self, person_id: str, kana: str, before: str, authorship: Authorship) -> bool:
        """Record how a person's name is read; whether that is new.

        Raises:
            kb.catalogue.lists.BadReading: it is not in kana.
            kb.catalogue.changes.UnknownReference: there is no such person.
            kb.catalogue.review.views.ChangedMeanwhile: somebody has changed it since.
        """
        ...
