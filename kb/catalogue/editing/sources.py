"""Where a document or an event was seen, row by row; an address is closed, never overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import Changes
from kb.catalogue.editing.columns import Column, read_all, text
from kb.catalogue.editing.columns import day as day_column
from kb.catalogue.editing.views import BadEdit, EditRow, Kind, Section
from kb.catalogue.told_rows import source_words, telling_sources

OWNED_BY = {Kind.DOCUMENT: "document_id", Kind.EVENT: "event_id"}

_NEW = "source-new"
_CLOSED_HINT = "この日まで見られた、という日。アドレスは消えずに残ります。"


@dataclass(frozen=True, slots=True)
class SourceEdit:
    """What is to be done: addresses that are closed or opened again, and a new one."""

    until: Mapping[int, date | None]
    """Row -> the last day it was seen; None: it is seen still."""
    added: m.SourceRow | None


class Sources:
    """The addresses of one thing, as its form shows them and takes them back."""

    def __init__(self, session: Session, kind: Kind, key: str) -> None:
        self._session = session
        self._kind = kind
        self._key = key
        wanted = select(m.SourceRow).filter_by(**{OWNED_BY[kind]: key}).order_by(m.SourceRow.id)
        self._rows = session.scalars(wanted).all()
        self._closing = {row.id: _closing(row.id) for row in self._rows}
        self._adding = (
            text(f"{_NEW}-url", "アドレス", "https:// から始まるもの。"),
            text(f"{_NEW}-label", "ページの名前"),
            day_column(f"{_NEW}-from", "見た日"),
        )

    def section(self) -> tuple[Section, dict[str, str]]:
        """The rows of the form, and what stands in them."""
        rows = [EditRow(source_words(row), (self._closing[row.id].box,)) for row in self._rows]
        rows.append(EditRow("足す出典", tuple(column.box for column in self._adding)))
        values = {
            self._closing[row.id].box.name: self._closing[row.id].show(row.seen_until)
            for row in self._rows
        }
        return Section("出典", (), tuple(rows)), values | {c.box.name: "" for c in self._adding}

    def read(self, typed: Mapping[str, str]) -> SourceEdit | None:
        """What is to be done to the rows that somebody has touched; None for nothing.

        Raises:
            BadEdit: some boxes cannot be understood.
        """
        columns = (("", (*self._closing.values(), *self._adding)),)
        values = read_all(columns, typed)
        closed = {
            number: values[column.box.name]
            for number, column in self._closing.items()
            if column.box.name in values
        }
        self._require_order(closed)
        added = self._added(values)
        return SourceEdit(closed, added) if closed or added else None

    def write(self, changes: Changes, edit: SourceEdit) -> None:
        """Do it, and tell of it."""
        with telling_sources(self._session, changes, (self._kind.value, self._key)):
            for row in self._rows:
                row.seen_until = edit.until.get(row.id, row.seen_until)
            if edit.added:
                self._session.add(edit.added)

    def _require_order(self, closed: Mapping[int, date | None]) -> None:
        errors = {
            self._closing[row.id].box.name: f"見た日({row.seen_from})より前です。"
            "そのあとの日を書いてください。"
            for row in self._rows
            if (until := closed.get(row.id)) and row.seen_from and until < row.seen_from
        }
        if errors:
            raise BadEdit(errors)

    def _added(self, values: Mapping[str, object]) -> m.SourceRow | None:
        url, label, seen = (values.get(f"{_NEW}-{name}") for name in ("url", "label", "from"))
        if not (url or label or seen):
            return None
        if urlsplit(str(url or "")).scheme not in ("http", "https"):
            wrong = "https:// か http:// から始まるアドレスを書いてください。"
            raise BadEdit({f"{_NEW}-url": wrong})
        if any((row.url, row.label) == (url, label or url) for row in self._rows):
            raise BadEdit({f"{_NEW}-url": "この出典は、すでにあります。"})
        return m.SourceRow(
            **{OWNED_BY[self._kind]: self._key}, url=url, label=label or url, seen_from=seen
        )


def _closing(number: int) -> Column:
    return day_column(f"source-{number}-until", "見られた最後の日", _CLOSED_HINT)
