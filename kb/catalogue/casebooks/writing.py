"""Which pages of a casebook tell of which case, as a curator writes it.

Part of :class:`kb.catalogue.writing.CatalogueWriter`, as its ``casebooks``.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.casebooks.page_lists import CasePages, entries_of, pages_of_cases
from kb.catalogue.casebooks.views import BadRanges, WishedPages
from kb.catalogue.changes import Changes, UnknownReference
from kb.catalogue.entries import DocumentEntry, EventPartEntry
from kb.catalogue.relations_writing import record_relations
from kb.catalogue.review import states
from kb.catalogue.review.views import ChangedMeanwhile
from kb.domain.classification import DocumentKind, EventPart
from kb.domain.page_ranges import PageRanges
from kb.domain.rights import Rights

_MOST_NAMED = 5
"""Cases listed where a title means several."""


class CasebookWriter:
    """Records the cases of casebooks; see `CatalogueWriter.casebooks`."""

    def __init__(self, session: Session, changes: Changes) -> None:
        self._session = session
        self._changes = changes

    def require_version(self, document_id: str, version: str) -> CasePages:
        """Be sure that a document and its cases are as they were; the pages of each.

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
        return pages_in(row)

    def record(self, document_id: str, pages: CasePages) -> bool:
        """Give cases these pages of a document and no others; whether that is new.

        Raises:
            UnknownReference: a case is not registered, pages are beyond the document's, or the
                whole document belongs to a case.
        """
        row = self._session.get_one(m.DocumentRow, document_id)
        parts = (EventPartEntry(part.event_id, EventPart(part.part)) for part in row.event_parts)
        # Only what it is to cases and events is read of this entry.
        entry = DocumentEntry(
            row.id, row.title, DocumentKind.CASEBOOK, Rights(), case_id=row.case_id,
            excerpts=entries_of(pages), event_parts=tuple(parts),
        )  # fmt: skip
        return record_relations(self._session, self._changes, entry)

    def understood(self, wished: Iterable[WishedPages]) -> CasePages:
        """The pages that are meant; what is said of one case twice goes together.

        Raises:
            BadRanges: some cannot be understood, each with its reason.
        """
        found: dict[str, PageRanges] = {}
        errors = {}
        for wish in wished:
            try:
                case_id, pages = self._understood(wish)
                found[case_id] = found.get(case_id, PageRanges()) | pages
            except ValueError as error:
                errors[wish.field] = str(error)
        if errors:
            raise BadRanges(errors)
        return found

    def _understood(self, wish: WishedPages) -> tuple[str, PageRanges]:
        pages = PageRanges.read(wish.pages)
        if not pages:
            raise ValueError("ページを 5-8, 12 のように書いてください。")
        return self._case(wish.case), pages

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


def pages_in(row: m.DocumentRow) -> dict[str, PageRanges]:
    """The pages of each case in a document, in the order of their first pages."""
    found = pages_of_cases(row.excerpts)
    return dict(sorted(found.items(), key=lambda each: (each[1].spans, each[0])))


def version_of(session: Session, row: m.DocumentRow) -> str:
    """Of the document and its cases."""
    told = hashlib.blake2b(repr(pages_in(row)).encode(), digest_size=4).hexdigest()
    return f"{states.document_version(session, row)}-{told}"
