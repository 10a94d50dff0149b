"""Editions of a document: the ones before, under the same terms, and how a newer one comes."""

from dataclasses import replace

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from kb.catalogue.changes import UnknownReference
from kb.catalogue.editions.views import CannotReplace, EditionForm, EditionView
from kb.catalogue.entries import Authorship
from kb.catalogue.review.views import ChangedMeanwhile
from kb.catalogue.views import DocumentView
from kb.domain.roles import Role
from kb.web import access, addresses, display, originals, page_images, parameters, reading
from kb.web.curation import change_words
from kb.web.curation.edition_protocol import Editions
from kb.web.curation.reviewing import MEANWHILE, fresh
from kb.web.display import moment
from kb.web.documents import known, restricted
from kb.web.services import services

blueprint = Blueprint("editions", __name__)
access.declare(blueprint, None)

NOT_LISTED = "noindex"
"""Search engines are to name the newest edition, not the ones before."""


# --- the ones before ------------------------------------------------------------------------


@blueprint.get("/documents/<document_id>/editions/<int:number>")
def edition(document_id: str, number: int) -> Response:
    """What an earlier edition was, and the way to the newest."""
    newest, before = _edition(document_id, number)
    readable = display.permissions(newest.rights).page_text
    page = render_template(
        "documents/edition.html",
        document=newest,
        edition=before,
        shown=_as_document(newest, before),
        readable=readable,
        number=0,
        body="",
        page=None,
    )
    return _unlisted(make_response(page))


@blueprint.get("/documents/<document_id>/editions/<int:number>/pages/<int:page>")
def edition_page(document_id: str, number: int, page: int) -> Response:
    """A page of an earlier edition, as it was read."""
    newest, before = _edition(document_id, number, page)
    if not display.permissions(newest.rights).page_text:
        return _unlisted(restricted(newest, page))
    stored = _desk().page(document_id, number, page)
    shown = _as_document(newest, before)
    view = reading.view(replace(shown, media_type=None), page, stored, None, "", 1)
    rendered = render_template(
        "documents/edition.html",
        document=newest,
        edition=before,
        shown=shown,
        readable=True,
        number=page,
        body=view.body,
        page=stored,
    )
    return _unlisted(make_response(rendered))


@blueprint.get("/documents/<document_id>/editions/<int:number>/pages/<int:page>.webp")
def edition_image(document_id: str, number: int, page: int) -> Response:
    """A page of an earlier edition as it looks."""
    newest, before = _edition(document_id, number, page)
    if not display.permissions(newest.rights).page_image:
        return _unlisted(restricted(newest, page))
    width = parameters.number_among(
        request.args, "width", usual=page_images.USUAL, choices=page_images.OFFERED
    )
    return _unlisted(page_images.answer(_as_document(newest, before), page, width))


@blueprint.get("/documents/<document_id>/editions/<int:number>/file")
def edition_file(document_id: str, number: int) -> Response:
    """The original of an earlier edition, unchanged."""
    newest, before = _edition(document_id, number)
    may = display.permissions(newest.rights)
    download = request.args.get("download") == "1"
    if not (may.download if download else may.view):
        return _unlisted(restricted(newest))
    shown = _as_document(newest, before)
    return _unlisted(originals.answer(shown, download=download, may_download=may.download))


def _edition(document_id: str, number: int, page: int = 1) -> tuple[DocumentView, EditionView]:
    """The document, as far as it may be known, and one of its earlier editions.

    Raises:
        NotFound: there is no such document for whoever asks, edition or page.
    """
    newest = known(document_id)
    found = next((each for each in _desk().of(newest.id) if each.number == number), None)
    if found is None or not 1 <= page <= max(found.pages, 1):
        raise NotFound
    return newest, found


def _as_document(newest: DocumentView, before: EditionView) -> DocumentView:
    """The document as it was: with the file of then, under the terms of today."""
    return replace(
        newest,
        title=before.title,
        sha256=before.sha256,
        size=before.size,
        media_type=before.media_type,
        file_name=before.file_name,
        outcome=before.outcome,
        extractor=before.extractor,
        pages=before.pages,
        outline=(),
        attachments=(),
        contains=(),
    )


def _unlisted(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = NOT_LISTED
    return response


# --- a newer one ----------------------------------------------------------------------------


@blueprint.get("/curation/documents/<document_id>/edition")
@access.requires(Role.CURATOR)
def new_edition(document_id: str) -> Response:
    """The drafts whose original may take the document's place."""
    return _page(_form(document_id))


@blueprint.post("/curation/documents/<document_id>/edition")
@access.requires(Role.CURATOR)
def replace_original(document_id: str) -> Response:
    """Put one there."""
    name, _, chosen = request.form.get("do", "").partition(":")
    draft = request.form.get("draft", "").strip() if name == "named" else chosen
    if name not in ("replace", "named"):
        raise BadRequest("このボタンは、この画面にはありません。")
    try:
        author = Authorship(access.actor())
        _desk().replace(document_id, draft, request.form.get("version", ""), author)
    except (CannotReplace, UnknownReference) as error:
        return _page(_form(document_id), f"差し替えられませんでした。{error}", status=422)
    except ChangedMeanwhile as error:
        listed = change_words.sentences(error.changes, {})
        return _page(_form(document_id), MEANWHILE, listed, 409)
    flash("新しい原本に差し替えました。前の版は、そのアドレスで引き続き見られます。")
    return redirect(addresses.replace_original(document_id), 303)


def _desk() -> Editions:
    return services().editions or abort(404)


def _form(document_id: str) -> EditionForm:
    return _desk().form(document_id) or abort(404)


def _page(
    form: EditionForm, told: str = "", changes: list[str] | None = None, status: int = 200
) -> Response:
    page = render_template(
        "curation/edition.html",
        form=form,
        document=form.document,
        typed=request.form,
        told=told,
        changes=changes or [],
        moment=moment,
    )
    return fresh(page, status)
