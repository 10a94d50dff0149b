"""Which pages of a casebook tell of which case, as a curator writes it.

Part of :class:`kb.catalogue.writing.CatalogueWriter`, as its ``casebooks``.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.casebooks.views import BadRanges, WishedRange
from kb.catalogue.changes import Changes, UnknownReference
from kb.catalogue.entries import DocumentEntry, EventPartEntry, ExcerptEntry
from kb.catalogue.relations_writing import record_relations
from kb.catalogue.review import states
from kb.catalogue.review.views import ChangedMeanwhile
from kb.domain.classification import DocumentKind, EventPart
from kb.domain.rights import Rights

_MOST_NAMED = 5
"""Cases listed where a title means several."""

Ranges = tuple[ExcerptEntry, ...]


class CasebookWriter:
    """Records the ranges of casebooks; see `CatalogueWriter.casebooks`."""

    def __init__(self, session: Session, changes: Changes) -> None:
        self._session = session
        self._changes = changes

    def require_version(self, document_id: str, version: str) -> Ranges:
        """Be sure that a document and its ranges are as they were; the ranges.

        Raises:
            UnknownReference: there is no such document.
            ChangedMeanwhile: they are not.
        """
        row = self._session.get(m.DocumentRow, document_id)
        if row is None:
            raise UnknownReference(f"資料 {document_id} は登録されていません。")
        if not states.same_version(version_of(self._session, row), version):
            changes = states.changes_since(self._session, "document", document_id, version)
            raise ChangedMeanwhile(changes)
        return ranges_of(row)

    def record(self, document_id: str, ranges: Iterable[ExcerptEntry]) -> bool:
        """Give a document these ranges and no others; whether that is new.

        Raises:
            UnknownReference: a case is not registered, a range is none, or the whole document
                belongs to a case.
        """
        row = self._session.get_one(m.DocumentRow, document_id)
        parts = (EventPartEntry(part.event_id, EventPart(part.part)) for part in row.event_parts)
        # Only what it is to cases and events is read of this entry.
        entry = DocumentEntry(
            row.id, row.title, DocumentKind.CASEBOOK, Rights(), case_id=row.case_id,
            excerpts=tuple(ranges), event_parts=tuple(parts),
        )  # fmt: skip
        return record_relations(self._session, self._changes, entry)

    def understood(self, wished: Iterable[WishedRange]) -> Ranges:
        """The ranges that are meant.

        Raises:
            BadRanges: some cannot be understood, each with its reason.
        """
        found, errors = [], {}
        for wish in wished:
            try:
                found.append(self._understood(wish))
            except ValueError as error:
                errors[wish.field] = str(error)
        if errors:
            raise BadRanges(errors)
        return tuple(found)

    def _understood(self, wish: WishedRange) -> ExcerptEntry:
        first, last = (page_number(text) for text in (wish.first, wish.last or wish.first))
        if first > last:
            raise ValueError(f"{first}-{last}ページは範囲になりません。小さい番号が先です。")
        return ExcerptEntry(self._case(wish.case), first, last)

    def _case(self, typed: str) -> str:
        """The one case that is meant by an identifier, an address or a title."""
        named = typed.strip().partition("?")[0].rstrip("/").rpartition("/")[2]
        if named and self._session.get(m.CaseRow, named) is not None:
            return named
        columns = select(m.CaseRow.id, m.CaseRow.title).order_by(m.CaseRow.id)
        plain = "".join(typed.split())
        titled = [(id_, title) for id_, title in self._session.execute(columns)
                  if plain and plain in "".join(title.split())]  # fmt: skip
        if len(titled) == 1:
            return titled[0][0]
        if not titled:
            raise ValueError(
                "この番号や題名の事例はありません。事例の番号かアドレスを書いてください。"
            )
        listed = "、".join(f"{id_}「{title}」" for id_, title in titled[:_MOST_NAMED])
        raise ValueError(f"あう事例が{len(titled)}件あります: {listed}。番号で書いてください。")


def page_number(text: str) -> int:
    """A page number as it was typed, full width too.

    Raises:
        ValueError: it is none; the message is for the curator.
    """
    plain = text.strip()
    if not plain.isdecimal() or len(plain) > 6 or int(plain) < 1:
        raise ValueError(f"「{plain}」はページの番号ではありません。1からの数字で書いてください。")
    return int(plain)


def ranges_of(row: m.DocumentRow) -> Ranges:
    """The ranges of a document, in the order of its pages."""
    found = (ExcerptEntry(e.case_id, e.first_page, e.last_page) for e in row.excerpts)
    return tuple(sorted(found, key=lambda e: (e.first_page, e.last_page, e.case_id)))


def version_of(session: Session, row: m.DocumentRow) -> str:
    """Of the document and its ranges."""
    told = hashlib.blake2b(repr(ranges_of(row)).encode(), digest_size=4).hexdigest()
    return f"{states.document_version(session, row)}-{told}"
