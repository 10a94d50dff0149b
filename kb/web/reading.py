"""Reading a page: its text with marks, and the way from one mark to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kb.catalogue.views import DocumentView, PageView
from kb.search.query import DocumentReading
from kb.web import addresses, page_blocks, page_order, page_text
from kb.web.page_text import Hit
from kb.web.sheet import Sheet, sheet


@dataclass(frozen=True, slots=True)
class StripPage:
    """A page of the strip below the text, with its number of marks."""

    number: int
    hits: int
    url: str


@dataclass(frozen=True, slots=True)
class ReadingView:
    """Everything the page template draws."""

    document: DocumentView
    number: int
    typed: str
    body: Markup
    sheet: Sheet | None
    """The page's image, where there is one that may be shown."""
    hits: int
    """Marks on this page."""
    hits_in_all: int
    position: int
    """The present mark among all of the document's, from 1; 0 when this page has none."""
    marked: tuple[str, ...]
    previous_hit: str | None
    next_hit: str | None
    strip: tuple[StripPage, ...]


def view(
    document: DocumentView,
    number: int,
    page: PageView | None,
    reading: DocumentReading | None,
    typed: str,
    wanted: int,
) -> ReadingView:
    """Page `number` of `document`, opened at its mark `wanted` (from 1, or the last there is)."""
    found, now, body = _body(page, reading.marks if reading else (), wanted)
    here = len(found)
    per_page = {**(reading.hits_by_page if reading else {}), number: here}
    return ReadingView(
        document=document,
        number=number,
        typed=typed,
        body=body,
        sheet=sheet(document, page, number, found, now),
        hits=here,
        hits_in_all=sum(per_page.values()),
        position=sum(n for p, n in per_page.items() if p < number) + now if here else 0,
        marked=reading.marked if reading else (),
        previous_hit=_previous(document.id, number, now, per_page, typed),
        next_hit=_next(document.id, number, now, per_page, typed),
        strip=strip(document, per_page, typed),
    )


def _body(
    page: PageView | None, marks: Sequence[page_text.Span], wanted: int
) -> tuple[tuple[Hit, ...], int, Markup]:
    """The marks, numbered as one reads; the number of the present one; the page with them."""
    text, title = (page.text, page.title) if page else ("", None)
    blocks = page_order.arranged(text, page.layout.blocks) if page and page.layout.blocks else ()
    found = page_text.hits(marks, len(text))
    if not blocks:
        now = min(wanted, len(found))
        return found, now, page_text.page_html(text, found, title, now)
    found = page_order.in_order(found, blocks)
    now = min(wanted, len(found))
    return found, now, page_blocks.page_html(text, blocks, found, title, now)


def strip(
    document: DocumentView, hits_by_page: Mapping[int, int], typed: str
) -> tuple[StripPage, ...]:
    """Every page with its number of marks; one that has any opens at the first."""
    return tuple(
        StripPage(
            number,
            hits_by_page.get(number, 0),
            addresses.document_page(document.id, number, typed),
        )
        for number in range(1, document.pages + 1)
    )


def _previous(
    document_id: str, number: int, now: int, per_page: Mapping[int, int], typed: str
) -> str | None:
    if now > 1:
        return addresses.document_page(document_id, number, typed, now - 1)
    before = max((page for page, hits in per_page.items() if page < number and hits), default=0)
    if not before:
        return None
    return addresses.document_page(document_id, before, typed, per_page[before])


def _next(
    document_id: str, number: int, now: int, per_page: Mapping[int, int], typed: str
) -> str | None:
    if now < per_page.get(number, 0):
        return addresses.document_page(document_id, number, typed, now + 1)
    after = min((page for page, hits in per_page.items() if page > number and hits), default=0)
    return addresses.document_page(document_id, after, typed, 1) if after else None
