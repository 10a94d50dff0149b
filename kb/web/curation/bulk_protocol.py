"""What the pages of changes by a file ask of :class:`kb.catalogue.bulk.service.BulkDesk`."""

from typing import Protocol

from kb.catalogue.bulk.views import BulkPage, BulkView, Shown
from kb.catalogue.exchange.ds451 import Written


class BulkDesk(Protocol):
    """Where files of changes come in, are looked at, and are written."""

    def begin(self, name: str, content: bytes, *, clear_blanks: bool, actor: str) -> str:
        """Keep a file and have it looked at; its identifier."""
        ...

    def view(self, bulk_id: str) -> BulkView | None: ...  # noqa: D102 - the type says it
    def files(self, most: int = 20) -> tuple[BulkView, ...]:
        """The newest files first."""
        ...

    def lines(self, bulk_id: str, shown: Shown, page: int) -> BulkPage:
        """A page of the rows, from 1; the last one where there are not so many."""
        ...

    def check_again(self, bulk_id: str) -> None:
        """Have a file looked at once more.

        Raises:
            kb.catalogue.bulk.service.CannotApply: not as it stands; the message is for the curator.
        """
        ...

    def apply(self, bulk_id: str, turn: int, *, skip_refused: bool, actor: str) -> None:
        """Have exactly that written which a look showed.

        Raises:
            kb.catalogue.bulk.service.CannotApply: not as it stands; the message is for the curator.
        """
        ...

    def drop(self, bulk_id: str, turn: int, actor: str) -> None:
        """Have nobody write a file.

        Raises:
            kb.catalogue.bulk.service.CannotApply: not as it stands; the message is for the curator.
        """
        ...

    def needs_other(self, sender: str, actor: str) -> bool:
        """Whether what somebody has sent waits for another person than `actor`."""
        ...

    def waiting(self) -> int:
        """How many files wait for another person than their sender."""
        ...

    def sheet(self, code: str | None, year: int | None, encoding: str) -> Written:
        """The cases of a municipality and a practice year, or all, as a file to change."""
        ...
