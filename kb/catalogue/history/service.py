"""History as its pages ask for it: what was done to a thing, the log of all, and undoing."""

from collections.abc import Iterator

from sqlalchemy import func, select

from kb.catalogue import models as m
from kb.catalogue.changes import UnknownReference
from kb.catalogue.history.audit_log import log_batches, log_page
from kb.catalogue.history.names import event_views, names_of
from kb.catalogue.history.undo_rules import verdict
from kb.catalogue.history.undoing import event_of, undo
from kb.catalogue.history.views import (
    PAGE_SIZE,
    EventView,
    HistoryPage,
    HistoryRow,
    LogAsked,
    LogPage,
    Names,
)
from kb.catalogue.rights.withdrawing import Forget
from kb.catalogue.session import Database


class History:
    """What was done to the things of one catalogue."""

    def __init__(self, database: Database, forget: Forget) -> None:
        """Stand on these.

        Args:
            database: the catalogue.
            forget: removes the kept page images of an original that is taken down again.
        """
        self._database = database
        self._forget = forget

    def page(self, kind: str, key: str, page: int = 1, at: int = 0) -> HistoryPage | None:
        """One page of what was done to a thing; the last one where there are not so many.

        None where nothing is recorded of such a thing. `at` opens the page that tells of the
        change of that number.
        """
        row = m.SourceEventRow
        about = (row.subject_kind == kind, row.subject_id == key)
        with self._database.reading() as session:
            total = session.scalar(select(func.count(row.id)).where(*about)) or 0
            if not total:
                return None
            pages = -(-total // PAGE_SIZE)
            if at:
                newer = select(func.count(row.id)).where(*about, row.id > at)
                page = (session.scalar(newer) or 0) // PAGE_SIZE + 1
            page = min(page, pages)
            newest = select(row).where(*about).order_by(row.id.desc())
            found = session.scalars(newest.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
            views = event_views(session, found)
            names = names_of(session, views)
            rows = tuple(
                HistoryRow(view, verdict(session, each))
                for view, each in zip(views, found, strict=True)
            )
        return HistoryPage(kind, key, names.get((kind, key), key), rows, total, page, pages, names)

    def undo(self, kind: str, key: str, number: int, actor: str) -> None:
        """Put one change of a thing back, as a new change in somebody's name.

        Raises:
            UnknownReference: there is no such change of that thing.
            CannotUndo: it cannot be put back; nothing has been written.
        """
        with self._database.reading() as session:
            event = event_of(session, number)
            if (event.subject_kind, event.subject_id) != (kind, key):
                raise UnknownReference(f"来歴{number}は、別のものの来歴です。")
        undo(self._database, number, actor, self._forget)

    def log(self, asked: LogAsked) -> LogPage:
        """One page of the log, newest first."""
        with self._database.reading() as session:
            return log_page(session, asked)

    def log_batches(self, asked: LogAsked) -> Iterator[tuple[tuple[EventView, ...], Names]]:
        """The whole log as asked, some lines at a time; it reads as long as it is asked."""
        with self._database.reading() as session:
            yield from log_batches(session, asked)
