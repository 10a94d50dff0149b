"""Which cases an export holds: all, or those that answer a question; always in the same order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kb.catalogue.exchange.exporting import ExportReader, StoredCase
from kb.catalogue.session import Database
from kb.search.query import Asked, ResultPage
from kb.search.service import SearchService

_NOT_AS_TYPED = ("missing", "dropped")


@dataclass(frozen=True, slots=True)
class Selection:
    """The cases to write, and what the reader of the file should know of their choice."""

    cases: tuple[StoredCase, ...]
    """In the order of identifiers, so that two exports can be compared."""
    notices: tuple[str, ...] = ()


def select(
    database: Database, service: SearchService | None, asked: Asked, *, specimens: bool
) -> Selection:
    """The cases that answer `asked`, or all that its audience may see.

    Args:
        database: of the catalogue.
        service: what finds them; None takes all.
        asked: the question, its filters, and for whom.
        specimens: whether to take invented cases (見本) too.

    Raises:
        BadQuery: the question cannot be understood, or more is found than can be paged to.
        SearchUnavailable: the index cannot be read.
    """
    cases = ExportReader(database).cases(asked.audience)
    notices: list[str] = []
    if service is not None:
        pages = list(_pages(service, asked))
        found = {hit.case.id for page in pages for hit in page.results if hit.case}
        cases = tuple(case for case in cases if case.entry.id in found)
        notices += _notices(pages)
    wanted = tuple(case for case in cases if specimens or not case.entry.specimen)
    if len(wanted) < len(cases):
        notices.append(
            f"見本の事例{len(cases) - len(wanted)}件を除きました(--specimens で含められます)。"
        )
    return Selection(wanted, tuple(notices))


def _pages(service: SearchService, asked: Asked) -> Iterator[ResultPage]:
    page = service.search(asked)
    yield page
    while page.page * page.page_size < page.total:
        page = service.search(replace(asked, page=page.page + 1))
        yield page


def _notices(pages: list[ResultPage]) -> Iterator[str]:
    first = pages[0]
    for read in first.understood:
        if read.kind in _NOT_AS_TYPED:
            yield f"「{read.typed}」{read.label}"
    yield from first.notices
    alone = sum(hit.case is None for page in pages for hit in page.results)
    if alone:
        yield f"事例に属さない資料{alone}件は出しません。"
