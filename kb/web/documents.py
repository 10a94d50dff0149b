"""Documents: what is known of one, its pages as text, and the original."""

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from werkzeug.exceptions import NotFound

from kb.catalogue.views import DocumentView
from kb.search.engine import BadQuery, SearchUnavailable
from kb.search.query import DocumentReading
from kb.web import access, display, originals, page_images, parameters, reading
from kb.web.services import audience, services

blueprint = Blueprint("documents", __name__, url_prefix="/documents")
access.declare(blueprint, None)

MOST_HITS = 100_000

NO_MARKS = DocumentReading("", (), {}, ())


@blueprint.get("/<document_id>")
def document(document_id: str) -> str:
    """What is known of a document, its pages and whose it is."""
    found = known(document_id)
    typed = parameters.query_text(request.args)
    readable = display.permissions(found.rights).page_text and found.pages > 0
    read = _read(found, 1, typed) if readable and typed else None
    strip = reading.strip(found, read.hits_by_page if read else {}, typed) if readable else ()
    upright = bool(strip) and page_images.shown(found) and _upright(found)
    desk = services().editions
    return render_template(
        "documents/document.html",
        document=found,
        strip=strip,
        typed=typed,
        upright=upright,
        editions=desk.of(found.id) if desk else (),
    )


@blueprint.get("/<document_id>/pages/<int:number>")
def page(document_id: str, number: int) -> str | Response:
    """A page's text with what was asked for marked; says why when it may not be shown."""
    found = known(document_id)
    if not 1 <= number <= found.pages:
        raise NotFound
    if not display.permissions(found.rights).page_text:
        return restricted(found, number)
    typed = parameters.query_text(request.args)
    wanted = parameters.number(request.args, "hit", usual=1, most=MOST_HITS)
    stored = services().catalogue.document_page(found.id, number)
    read = _read(found, number, typed) if typed else None
    view = reading.view(found, number, stored, read, typed, wanted)
    return render_template(
        "documents/page.html", view=view, document=found, page=stored, unmarked=typed and not read
    )


@blueprint.get("/<document_id>/pages/<int:number>.webp")
def page_image(document_id: str, number: int) -> Response:
    """A page as it looks, where its rights allow; only the widths the site itself uses."""
    found = known(document_id)
    if not 1 <= number <= found.pages:
        raise NotFound
    if not display.permissions(found.rights).page_image:
        return restricted(found, number)
    width = parameters.number_among(
        request.args, "width", usual=page_images.USUAL, choices=page_images.OFFERED
    )
    return page_images.answer(found, number, width)


@blueprint.get("/<document_id>/file")
def file(document_id: str) -> Response:
    """The original, unchanged."""
    found = known(document_id)
    may = display.permissions(found.rights)
    download = request.args.get("download") == "1"
    if not (may.download if download else may.view):
        return restricted(found)
    return originals.answer(found, download=download, may_download=may.download)


def known(document_id: str) -> DocumentView:
    """The document; one that may not even be named is as unknown as one that does not exist."""
    found = services().catalogue.document(document_id, audience())
    if found is None or not display.permissions(found.rights).metadata:
        abort(404)
    return found


def _upright(document: DocumentView) -> bool:
    """Its first page is higher than wide, as far as that is known."""
    first = services().catalogue.document_page(document.id, 1)
    return first is not None and first.height > first.width


def restricted(document: DocumentView, number: int = 0) -> Response:
    """403: why it may not be shown, what may, and where its owner shows it."""
    page = render_template("documents/restricted.html", document=document, number=number)
    answer = make_response(page, 403)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _read(document: DocumentView, number: int, typed: str) -> DocumentReading | None:
    """Marks and where they are; None when the index is not ready: the text is shown without.

    A question that cannot be understood marks nothing: the page is still there to be read.
    """
    try:
        return services().search.read(document.id, number, typed, audience()) or NO_MARKS
    except BadQuery:
        return NO_MARKS
    except SearchUnavailable as error:
        current_app.logger.warning("page shown without marks: %s", error)
        return None
