"""Which case and event a document belongs to: attach it, or make a case of it.

A case by itself is changed in :mod:`kb.web.curation.editing`.
"""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from kb.catalogue.changes import UnknownReference
from kb.catalogue.review.second_person import NeedsSecondPerson
from kb.catalogue.review.views import BadCase, CaseFields, CaseForm, ChangedMeanwhile, Review
from kb.domain.classification import Theme
from kb.domain.roles import Role
from kb.web import access, addresses
from kb.web.curation import change_words
from kb.web.curation.reviewing import MEANWHILE, fresh, known
from kb.web.services import curation

blueprint = Blueprint("case_pages", __name__, url_prefix="/curation")
access.declare(blueprint, Role.CURATOR)


@blueprint.get("/review/<document_id>/case")
def document_case(document_id: str) -> Response:
    """The likely cases, and the form of a new one filled in from what is proposed."""
    return _document_page(known(document_id), _new_form(document_id))


@blueprint.post("/review/<document_id>/case")
def choose_case(document_id: str) -> Response:
    """Attach the document to a case, detach it, set its event, or make a case of it."""
    review, fields, do = known(document_id), _fields(), request.form.get("do", "")
    try:
        told = _choose(review, fields, do)
    except BadCase as error:
        form = _typed(_new_form(document_id), fields)
        return _document_page(review, form, error.errors, "登録できませんでした。", status=422)
    except (NeedsSecondPerson, UnknownReference) as error:
        form = _typed(_new_form(document_id), fields)
        return _document_page(review, form, {}, str(error), status=422)
    except ChangedMeanwhile as error:
        listed = change_words.sentences(error.changes, review.places)
        form = _typed(_new_form(document_id), fields)
        return _document_page(known(document_id), form, {}, MEANWHILE, listed, 409)
    flash(told)
    return redirect(addresses.review(document_id), 303)


def _choose(review: Review, fields: CaseFields, do: str) -> str:
    """Do what a button says; what to tell of it."""
    document, version, actor = review.document, request.form.get("version", ""), access.actor()
    event = request.form.get("document_event", document_event(review)) or None
    name, _, value = do.partition(":")
    if name == "attach" and value:
        curation().attach(document.id, value, event, version, actor)
        return "資料を事例に付けました。"
    if do == "detach":
        curation().attach(document.id, None, event, version, actor)
        return "資料を事例から外しました。"
    if do == "event":
        curation().attach(document.id, document.case_id, event, version, actor)
        return "資料の催しを保存しました。"
    if do == "make":
        curation().make_case(document.id, fields, version, actor)
        return "事例を作り、資料を付けました。事例は、資料を公開するといっしょに公開されます。"
    raise BadRequest("このボタンは、この画面にはありません。")


def document_event(review: Review) -> str:
    """The event that the document itself names; empty where it has that of its case, or none."""
    return review.own_event_id or ""


def _document_page(
    review: Review,
    form: CaseForm,
    errors: Mapping[str, ValueError] | None = None,
    told: str = "",
    changes: list[str] | None = None,
    status: int = 200,
) -> Response:
    page = render_template(
        "curation/review_case.html",
        review=review,
        document=review.document,
        form=form,
        suggestions=curation().suggestions(review.document.id),
        errors=errors or {},
        told=told,
        changes=changes or [],
        themes=tuple(Theme),
        event_id=request.form.get("document_event", document_event(review)),
    )
    return fresh(page, status)


def _fields() -> CaseFields:
    form = request.form
    names = ("title", "municipalities", "implemented_in", "presented_in", "departments")
    return CaseFields(
        **{name: form.get(name, "").strip() for name in (*names, "event_id")},
        themes=tuple(form.getlist("themes")),
    )


def _typed(form: CaseForm, fields: CaseFields) -> CaseForm:
    """The form with what was typed in it."""
    return CaseForm(fields, form.events)


def _new_form(document_id: str) -> CaseForm:
    found = curation().new_case_form(document_id)
    if found is None:
        abort(404)
    return found
