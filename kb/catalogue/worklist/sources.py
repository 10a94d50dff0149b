"""Marking an address as seen again, or as gone; part of CatalogueWriter, as its ``sources``."""

from datetime import date

from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import Changes, UnknownReference
from kb.catalogue.plain_rows import plain, plain_of
from kb.catalogue.session import DAY
from kb.catalogue.worklist.views import SourceMark


class SourceMarker:
    """Says of addresses whether what stood there still does.

    `seen_from` is the last day on which somebody has seen it there (what was before stands in
    the SourceEvent), `seen_until` the same day once it is gone.
    """

    def __init__(self, session: Session, changes: Changes) -> None:
        self._session = session
        self._changes = changes
        self._day: date = session.info[DAY]

    def found(self, number: int, before: date | None) -> SourceMark:
        """It was seen today.

        Args:
            number: of the address.
            before: the day it was last seen, as whoever looked was told.

        Raises:
            UnknownReference: there is no such address, or somebody has marked it meanwhile.
        """
        return self._mark(number, before, self._day, None)

    def gone(self, number: int, before: date | None) -> SourceMark:
        """It is no more: up to the last day it was seen it was there, as far as is known.

        Raises:
            UnknownReference: there is no such address, or somebody has marked it meanwhile.
        """
        return self._mark(number, before, before, before or self._day)

    def _mark(
        self, number: int, before: date | None, seen: date | None, until: date | None
    ) -> SourceMark:
        row = self._session.get(m.SourceRow, number)
        if row is None:
            raise UnknownReference("この出典はもうありません。一覧を開き直してください。")
        if row.seen_from != before or row.seen_until is not None:
            raise UnknownReference(
                "この出典は、ほかの人が先に確かめました。一覧を開き直してください。"
            )
        kind, before_told = "document" if row.document_id else "event", plain_of(row)
        told = {**before_told, "seen_from": plain(seen), "seen_until": plain(until)}
        change = {
            "url": [row.url, row.url],
            "seen_from": [row.seen_from, seen],
            "seen_until": [row.seen_until, until],
            f"source:{row.id}": [before_told, told],
        }
        self._changes.note("located", kind, row.document_id or row.event_id or "", change)
        row.seen_from, row.seen_until = seen, until
        return SourceMark(row.url, seen, until)
