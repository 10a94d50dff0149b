"""What the pages of history and the log ask of kb.catalogue.history.service.History."""

from collections.abc import Iterator
from typing import Protocol

from kb.catalogue.history.views import EventView, HistoryPage, LogAsked, LogPage, Names


class History(Protocol):
    """What was done to the things of the catalogue."""

    def page(self, kind: str, key: str, page: int = 1, at: int = 0) -> HistoryPage | None:
        """One page of what was done to a thing, newest first; None where nothing is recorded.

        `at` opens the page that tells of the change of that number.
        """
        ...

    def undo(self, kind: str, key: str, number: int, actor: str) -> None:
        """Put one change of a thing back, as a new change in somebody's name.

        Raises:
            kb.catalogue.changes.UnknownReference: there is no such change of that thing.
            kb.catalogue.history.views.CannotUndo: it cannot be put back; nothing was written.
        """
        ...

    def log(self, asked: LogAsked) -> LogPage:
        """One page of the log, newest first."""
        ...

    def log_batches(self, asked: LogAsked) -> Iterator[tuple[tuple[EventView, ...], Names]]:
        """The whole log as asked, some lines at a time with the names they need."""
        ...
