"""What the worker writes down of a file of changes, in the transaction of its work."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from kb.catalogue.bulk.tables import BulkLineRow, BulkRow
from kb.catalogue.bulk.views import BulkState, Told
from kb.catalogue.entries import Authorship
from kb.catalogue.session import Database
from kb.catalogue.table_base import now
from kb.catalogue.writing import CatalogueWriter, writing


class BulkRecords:
    """The rows of files of changes, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def told(self, bulk_id: str, told: Told, moved: Collection[int] = ()) -> None:
        """Put what a look at a file found in the place of what an earlier look had.

        Args:
            bulk_id: which file.
            told: what was found.
            moved: lines whose effect is other than the look before had it.
        """
        row = self._session.get_one(BulkRow, bulk_id)
        row.state = (BulkState.REFUSED if told.why else BulkState.CHECKED).value
        row.applied_by = None
        row.told = {"encoding": told.encoding, "remarks": list(told.remarks), "why": told.why}
        self._session.execute(delete(BulkLineRow).where(BulkLineRow.bulk_id == bulk_id))
        rows = [
            {
                "bulk_id": bulk_id,
                "line": report.line,
                "outcome": report.outcome.value,
                "moved": report.line in moved,
                "report": asdict(report),
            }
            for report in told.rows
        ]
        if rows:
            self._session.execute(insert(BulkLineRow), rows)

    def applied(self, bulk_id: str, recorded: int) -> None:
        """Note that a file has been written, and how many cases are other than before."""
        row = self._session.get_one(BulkRow, bulk_id)
        row.state, row.recorded, row.applied_at = BulkState.APPLIED.value, recorded, now()


@contextmanager
def bulk_writing(
    database: Database, authorship: Authorship
) -> Iterator[tuple[CatalogueWriter, BulkRecords]]:
    """One transaction on the catalogue and the desk: the cases, the file and its job together."""
    with writing(database, authorship) as writer:
        yield writer, BulkRecords(writer.session)
