"""The page beside the review form, with the evidence of the fields marked and numbered."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kb.catalogue.review.views import Review, Spot
from kb.catalogue.views import PageView
from kb.domain.settled import Field
from kb.search.query import DocumentReading
from kb.web import page_images, page_order, page_text, reading
from kb.web.curation.review_form import RIGHTS_NUMBER, SHOWN
from kb.web.page_text import Hit
from kb.web.sheet import Frame, Sheet

NUMBERS = {name: number for number, name in enumerate(SHOWN, start=1)} | {
    Field.RIGHTS_STATEMENT: RIGHTS_NUMBER
}
"""Field -> the number its evidence goes by."""

MOST_THUMBNAILS = 12


@dataclass(frozen=True, slots=True)
class Tag:
    """The number of a field beside the box around its evidence, in points of the page."""

    left: float
    top: float
    label: str


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """Everything the template draws of one page."""

    number: int
    pages: int
    body: Markup
    """Its text, with the evidence marked."""
    sheet: Sheet | None
    tags: tuple[Tag, ...]
    tag_size: float
    """Points."""
    told: tuple[str, ...]
    """What is marked: 1 題名, 4 種類."""
    fault: str
    """Why there is no text; empty where there is."""
    thumbnails: bool


def evidence_page(
    review: Review, page: PageView | None, number: int, field_number: int
) -> EvidencePage:
    """Page `number` (from 1), with the evidence of field `field_number` as the present one."""
    document, text = review.document, page.text if page else ""
    placed = _placed(review.spots, number, text)
    spans = _joined([span for span, _ in placed])
    found = _found(page, spans)
    labels = [_numbers(hit, placed) for hit in found]
    wanted = next((h.number for h, n in zip(found, labels, strict=True) if field_number in n), 0)
    marks = DocumentReading(text, tuple(spans), {}, ())
    view = reading.view(document, number, page, marks, "", wanted)
    told = {n: name for name, n in NUMBERS.items() if any(n in each for each in labels)}
    return EvidencePage(
        number=number,
        pages=document.pages,
        body=view.body,
        sheet=view.sheet,
        tags=_tags(view.sheet, labels),
        tag_size=round(view.sheet.points[0] / 32, 1) if view.sheet else 0.0,
        told=tuple(f"{n} {name.label}" for n, name in sorted(told.items())),
        fault=_fault(page),
        thumbnails=page_images.shown(document) and document.pages <= MOST_THUMBNAILS,
    )


_Placed = tuple[tuple[int, int], int]
"""Characters of the text, number of the field."""


def _placed(spots: Sequence[Spot], number: int, text: str) -> list[_Placed]:
    found = []
    for spot in spots:
        span = _span(spot, text) if spot.page == number and spot.field in NUMBERS else None
        if span is not None:
            found.append((span, NUMBERS[spot.field]))
    return sorted(set(found))


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that overlap made one: a title is not cut where a town's name stands in it."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def _span(spot: Spot, text: str) -> tuple[int, int] | None:
    """Where its words stand; looked for where their place was not kept."""
    if spot.start is not None and spot.end is not None and spot.start < spot.end <= len(text):
        return spot.start, spot.end
    at = text.find(spot.words) if spot.words else -1
    return (at, at + len(spot.words)) if at >= 0 else None


def _found(page: PageView | None, spans: Sequence[tuple[int, int]]) -> tuple[Hit, ...]:
    """The marks as :func:`kb.web.reading.view` numbers them."""
    if page is None:
        return ()
    found = page_text.hits(spans, len(page.text))
    if not page.layout.blocks:
        return found
    return page_order.in_order(found, page_order.arranged(page.text, page.layout.blocks))


def _numbers(hit: Hit, placed: Sequence[_Placed]) -> list[int]:
    """The fields whose evidence a mark holds."""
    inside = (n for (start, end), n in placed if start < hit.end and hit.start < end)
    return sorted(set(inside))


def _tags(sheet: Sheet | None, labels: Sequence[Sequence[int]]) -> tuple[Tag, ...]:
    """One number for each mark that has a box, at its first one."""
    first: dict[int, Frame] = {}
    for frame in sheet.frames if sheet else ():
        held = first.get(frame.mark)
        if held is None or (frame.top, frame.left) < (held.top, held.left):
            first[frame.mark] = frame
    return tuple(
        Tag(frame.left, frame.top, "・".join(map(str, labels[mark])))
        for mark, frame in sorted(first.items())
    )


def _fault(page: PageView | None) -> str:
    if page is None:
        return "このページの本文はありません。"
    if page.text.strip():
        return ""
    if page.fault:
        return f"このページは読み取れませんでした: {page.fault}"
    if page.needs_ocr:
        return "このページは画像でできているため、文字を読み取れていません。"
    return "このページに文字はありません。"
