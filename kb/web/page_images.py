"""Pages as they look: for which documents there are images, and how one is handed out."""

from flask import Response, current_app, request
from werkzeug.exceptions import NotFound

from kb.catalogue.views import DocumentView
from kb.domain.rights import Terms
from kb.pdfium.page_images import WIDTHS, PageImageUnavailable
from kb.search.query import DocumentHit
from kb.web import display, texts
from kb.web.drawable import has_images
from kb.web.services import audience, services

OFFERED = THUMBNAIL, USUAL, LARGE = WIDTHS
"""Pixels: beside a passage, beside the text, by itself."""

MOST_THUMBNAILS = 40
"""A longer document shows its first page only: to draw one takes up to 0.2 s of a processor."""


def shown(document: DocumentView | DocumentHit) -> bool:
    """Its pages are drawn, and whoever is looking may see them."""
    return services().page_images is not None and has_images(document, audience())


def withheld(document: DocumentView | DocumentHit) -> bool:
    """It has pages, and whoever is looking may not see them as images, or it is not held."""
    return display.is_located(document) or not display.permissions(document.rights).page_image


def answer(document: DocumentView, number: int, width: int) -> Response:
    """The image of a page; the caller has asked the rights.

    An unchanged image is neither drawn nor sent again, but rights are asked each time.

    Raises:
        NotFound: there is no image of this page; the description is for readers.
    """
    if not shown(document):
        raise NotFound(texts.NO_PAGE_IMAGE)
    response = Response(mimetype="image/webp")
    if document.rights.terms is Terms.OPEN:
        tag = f"{document.sha256}-{number}-{width}"
        response.set_etag(tag)
        response.headers["Cache-Control"] = "private, no-cache"
        if request.if_none_match.contains_weak(tag):
            response.status_code = 304
            return response
    else:
        response.headers["Cache-Control"] = "no-store"
    response.data = _drawn(document, number, width)
    return response


def _drawn(document: DocumentView, number: int, width: int) -> bytes:
    images = services().page_images
    if images is None or document.sha256 is None:
        raise NotFound(texts.NO_PAGE_IMAGE)
    try:
        return images.image(document.sha256, number, width)
    except PageImageUnavailable as error:
        current_app.logger.info("page %d of %s not drawn: %s", number, document.id, error)
        raise NotFound(str(error)) from error
