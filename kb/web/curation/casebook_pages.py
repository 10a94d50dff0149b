"""Which pages of a casebook tell of which case: pages to change, add, remove and move."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from kb.catalogue.casebooks.views import BadRanges, CasebookForm, WishedPages
from kb.catalogue.changes import UnknownReference
from kb.catalogue.editing.views import Kind
from kb.catalogue.entries import Authorship
from kb.catalogue.review.views import ChangedMeanwhile, ChangeView
from kb.domain.roles import Role
from kb.web import access, addresses, page_images
from kb.web.curation import change_words, untouched
from kb.web.curation.merging_protocol import Casebooks
from kb.web.curation.reviewing import MEANWHILE, fresh
from kb.web.services import editing, services

blueprint = Blueprint("casebook_pages", __name__, url_prefix="/curation/documents")
access.declare(blueprint, Role.CURATOR)

ADDED = "add"
"""The field of the case that is to come."""


@blueprint.get("/<document_id>/pages")
def casebook(document_id: str) -> Response:
    """The pages with their cases, and the lists of pages to change."""
    return _page(_known(document_id))


@blueprint.post("/<document_id>/pages")
def change_casebook(document_id: str) -> Response:
    """Save the lists, or move pages; what cannot be taken comes back as it was typed."""
    do, form = request.form.get("do", ""), request.form
    version, author = form.get("version", ""), Authorship(access.actor())
    try:
        if do == "move":
            cases = form.get("move-from", ""), form.get("move-to", "")
            new = _desk().move(document_id, cases, form.get("move-pages", ""), version, author)
        elif do == "save":
            new = _desk().record(document_id, _wished(_known(document_id)), version, author)
        else:
            raise BadRequest("このボタンは、この画面にはありません。")
    except BadRanges as error:
        told = "保存できませんでした。ページを直してください。"
        return _page(_known(document_id), told, error.errors, status=422)
    except UnknownReference as error:
        return _page(_known(document_id), f"保存できませんでした。{error}", status=422)
    except ChangedMeanwhile as error:
        return _meanwhile(document_id, error.changes)
    told = "ページの事例を保存しました。検索には数秒で表れます。"
    flash(told if new else "変わったところはありません。")
    return redirect(addresses.casebook(document_id), 303)


def _meanwhile(document_id: str, changes: tuple[ChangeView, ...]) -> Response:
    """What somebody else has saved, but for the lists that were changed here."""
    names = editing().names(Kind.DOCUMENT, document_id, changes)
    listed = [change_words.sentence(each, names) for each in changes]
    alone = untouched.left_alone(request.form, request.form.get(untouched.FIELD, ""))
    typed = {name: text for name, text in request.form.items() if name not in alone}
    return _page(_known(document_id), MEANWHILE, changes=listed, typed=typed, status=409)


def _wished(form: CasebookForm) -> tuple[WishedPages, ...]:
    """The pages as they were typed, without the cases that are to go."""
    typed = request.form
    held = tuple(
        WishedPages(case.id, case.id, typed.get(f"pages-{case.id}", str(case.pages)))
        for case in form.cases
        if typed.get(f"remove-{case.id}") != "1"
    )
    case, pages = typed.get(f"{ADDED}-case", ""), typed.get(f"{ADDED}-pages", "")
    return (*held, WishedPages(ADDED, case, pages)) if case.strip() or pages.strip() else held


def _desk() -> Casebooks:
    return services().casebooks or abort(404)


def _known(document_id: str) -> CasebookForm:
    return _desk().form(document_id) or abort(404)


def _page(
    form: CasebookForm,
    told: str = "",
    errors: Mapping[str, str] | None = None,
    changes: list[str] | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """`typed`: what stays of what was sent; all of it where that is not told."""
    lists = {f"pages-{case.id}": str(case.pages) for case in form.cases}
    page = render_template(
        "curation/casebook.html",
        form=form,
        document=form.document,
        pictures=page_images.shown(form.document),
        typed=request.form if typed is None else typed,
        was=untouched.mark(lists),
        told=told,
        errors=errors or {},
        changes=changes or [],
    )
    return fresh(page, status)
