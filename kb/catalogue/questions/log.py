"""Where the web writes the log of questions: beside the requests, and never waiting for others."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from kb.catalogue.entries import Authorship
from kb.catalogue.questions.asked import AskedTally
from kb.catalogue.session import CatalogueUnavailable, Database
from kb.catalogue.writing import writing


class CatalogueBusy(Exception):
    """Somebody else is writing; what was to be written is to be tried again."""


class AskedLog:
    """Writes tallies of questions through connections of its own."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        with self._database.writing() as session:
            # Nothing is connected to yet: the listener meets every connection there will be.
            event.listen(session.get_bind(), "connect", _without_waiting)

    def keep(self, tallies: Sequence[AskedTally]) -> None:
        """Add `tallies` to the log, all of them or none; at once, or not at all.

        Raises:
            CatalogueBusy: another transaction is writing.
            CatalogueUnavailable: the catalogue cannot be written.
        """
        try:
            with writing(self._database, Authorship("検索の記録")) as writer:
                # In the order of their text: the table must not tell which came after which.
                writer.asked.keep(sorted(tallies, key=lambda t: (t.last.text, t.last.filters)))
        except OperationalError as error:
            if "locked" in str(error.orig):
                raise CatalogueBusy(str(error.orig)) from error
            raise CatalogueUnavailable(str(error.orig)) from error
        except SQLAlchemyError as error:
            raise CatalogueUnavailable(type(error).__name__) from error

    def close(self) -> None:
        """Let go of the connections."""
        self._database.close()


def _without_waiting(connection: Any, _record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("PRAGMA busy_timeout=0")
