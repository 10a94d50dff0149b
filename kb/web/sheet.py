"""The image of a page with the marks as boxes over it, as the page view draws it."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.catalogue.views import DocumentView, PageView
from kb.web import addresses, page_images
from kb.web.page_boxes import Box, boxes
from kb.web.page_text import Hit

TALL = 0.9
"""From this height to width on, an image is longer than a window and does not stay in it."""


MARGIN = 1 / 320
"""Of the page's width, between the characters and their frame: its line must not cover them."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A box over the image with a margin around it, in points of the page."""

    mark: int
    left: float
    top: float
    width: float
    height: float
    now: bool
    """It is part of the mark that is being looked at."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the template draws of a page's image."""

    address: str
    large: str
    width: int
    """Pixels."""
    height: int | None
    """Pixels; None where the page's size is not known."""
    points: tuple[float, float]
    """Width and height of the page, the frames' measure; (0, 0) where not known."""
    tall: bool
    frames: tuple[Frame, ...]
    """The present mark's last, so that no other lies over them."""
    framed: int
    """Marks that have a frame."""


def sheet(
    document: DocumentView, page: PageView | None, number: int, found: Sequence[Hit], now: int
) -> Sheet | None:
    """The image of page `number` with the marks found on it, `now` the present one.

    None when there is no image, or none that may be shown.
    """
    if not page_images.shown(document):
        return None
    known = page is not None and page.width > 0 and page.height > 0
    points = (page.width, page.height) if page and known else (0.0, 0.0)
    placed = boxes(page.layout, [(hit.start, hit.end) for hit in found]) if page and known else ()
    frames = (
        _frame(box, found[box.mark].number == now, points[0] * MARGIN)
        for box in placed
        if _within(box, points)
    )
    drawn = tuple(sorted(frames, key=lambda frame: frame.now))
    return Sheet(
        address=addresses.page_image(document.id, number),
        large=addresses.page_image(document.id, number, page_images.LARGE),
        width=page_images.USUAL,
        height=max(round(page_images.USUAL * points[1] / points[0]), 1) if known else None,
        points=points,
        tall=points[1] > TALL * points[0],
        frames=drawn,
        framed=len({frame.mark for frame in drawn}),
    )


def _frame(box: Box, now: bool, margin: float) -> Frame:
    left, top = round(box.left - margin, 1), round(box.top - margin, 1)
    width, height = round(box.width + 2 * margin, 1), round(box.height + 2 * margin, 1)
    return Frame(box.mark, left, top, width, height, now)


def _within(box: Box, points: tuple[float, float]) -> bool:
    """Some of the box is on the page; what lies beyond its edge is not seen."""
    across = box.left < points[0] and box.left + box.width > 0
    return across and box.top < points[1] and box.top + box.height > 0
