"""The cases of a casebook's pages, as their page asks for them."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from kb.catalogue import document_rows
from kb.catalogue import models as m
from kb.catalogue.casebooks.views import (
    BadRanges,
    BookCase,
    CasebookForm,
    WishedPages,
    moved,
    stretches,
)
from kb.catalogue.casebooks.writing import pages_in, version_of
from kb.catalogue.entries import Authorship
from kb.catalogue.session import Database
from kb.catalogue.writing import writing
from kb.domain.page_ranges import BadPages, PageRanges


class Casebooks:
    """What the page of a casebook's cases asks of one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def form(self, document_id: str) -> CasebookForm | None:
        """A document with the cases its pages tell of; None when there is no document."""
        with self._database.reading() as session:
            row = session.get(m.DocumentRow, document_id)
            if row is None:
                return None
            document = document_rows.document_views(session, [row])[0]
            cases = tuple(_book_case(session, *each) for each in pages_in(row).items())
            return CasebookForm(
                document, version_of(session, row), cases, stretches(document.pages, cases)
            )

    def record(
        self, document_id: str, wished: Iterable[WishedPages], version: str, authorship: Authorship
    ) -> bool:
        """Give these cases these pages of a document and no others; whether that is new.

        Raises:
            UnknownReference: no such document, or the pages do not fit it.
            ChangedMeanwhile: somebody has written since the form was made.
            BadRanges: what was typed cannot be understood.
        """
        with writing(self._database, authorship) as writer:
            writer.casebooks.require_version(document_id, version)
            return writer.casebooks.record(document_id, writer.casebooks.understood(wished))

    def move(
        self,
        document_id: str,
        cases: tuple[str, str],
        pages: str,
        version: str,
        authorship: Authorship,
    ) -> bool:
        """Give pages from the first of two cases to the second; whether anything has changed.

        Raises:
            UnknownReference: no such document.
            ChangedMeanwhile: somebody has written since the form was made.
            BadRanges: these pages cannot be moved so.
        """
        try:
            wanted = PageRanges.read(pages)
        except BadPages as error:
            raise BadRanges({"move": str(error)}) from error
        with writing(self._database, authorship) as writer:
            held = writer.casebooks.require_version(document_id, version)
            return writer.casebooks.record(document_id, moved(held, *cases, wanted))


def _book_case(session: Session, case_id: str, pages: PageRanges) -> BookCase:
    case = session.get_one(m.CaseRow, case_id)
    return BookCase(case.id, case.title, pages, case.published)
