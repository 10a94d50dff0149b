"""Changing what is recorded, whether or not it has been published: one form for each thing."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from kb.catalogue.changes import UnknownReference
from kb.catalogue.editing.lists import MOST_LISTED
from kb.catalogue.editing.views import BadEdit, Box, EditForm, Kind, Sort
from kb.catalogue.entries import Authorship
from kb.catalogue.review.second_person import NeedsSecondPerson
from kb.catalogue.review.views import ChangedMeanwhile, ChangeView, State
from kb.domain.roles import Role
from kb.web import access, addresses
from kb.web.curation import change_words, untouched
from kb.web.curation.reviewing import MEANWHILE, fresh, known
from kb.web.services import editing

blueprint = Blueprint("editing", __name__, url_prefix="/curation")
access.declare(blueprint, Role.CURATOR)

MADE_HERE = (Kind.EVENT, Kind.PERSON, Kind.PROGRAMME)
"""What can be recorded without a document."""

_NOT_SAVED = "保存できませんでした。入力した内容は残っています。直して、もう一度保存してください。"
_THEIRS_STAND = "入力していない欄には、ほかの人が保存した内容が入っています。"
_DOWN = "取り下げた資料です。直すときは、先に取り下げを取り消してください。"
_LOST = "消された行に入力してあった内容: {words}。必要なら、下の空いた行に入れ直してください。"
_IN_ROWS = ("role-", "source-", "part-")
"""How the names of boxes in rows begin, which somebody else may have removed."""

PUBLIC: Mapping[Kind, Callable[[str], str]] = MappingProxyType(
    {
        Kind.CASE: addresses.case,
        Kind.DOCUMENT: addresses.document,
        Kind.EVENT: addresses.event,
        Kind.PERSON: addresses.person,
        Kind.PROGRAMME: addresses.programme,
    }
)
"""Kind -> where readers see it."""


# --- what is recorded -----------------------------------------------------------------------


def _add_routes(kind: Kind) -> None:
    def show(**key: str) -> Response:
        return _show(kind, *key.values())

    def change(**key: str) -> Response:
        return _change(kind, *key.values())

    rule = f"/{addresses.FOLDERS[kind.value]}/<{kind.value}_id>"
    blueprint.add_url_rule(rule, f"show_{kind.value}", show)
    blueprint.add_url_rule(rule, f"change_{kind.value}", change, methods=["POST"])


for _kind in Kind:
    _add_routes(_kind)


def _show(kind: Kind, key: str) -> Response:
    """The form of a thing."""
    form = _form(kind, key)
    return _page(form) if isinstance(form, EditForm) else form


def _change(kind: Kind, key: str) -> Response:
    """Change it; who comes second is told what the first has changed, and loses nothing."""
    form, version = _form(kind, key), request.form.get("version", "")
    if not isinstance(form, EditForm):
        return form
    try:
        other = editing().save(kind, key, _typed(form), version, _authorship())
    except BadEdit as error:
        return _page(form.typed(_typed(form), version), error.errors, _NOT_SAVED, status=422)
    except NeedsSecondPerson as error:
        return _page(form.typed(_typed(form), version), {}, str(error), status=409)
    except UnknownReference:
        abort(404)
    except ChangedMeanwhile as error:
        return _meanwhile(kind, key, error.changes)
    flash(f"{kind.label}を保存しました。" if other else "変わった項目はありません。")
    document_id = request.args.get("document", "")
    return redirect(addresses.review(document_id) if document_id else _here(form), 303)


def _meanwhile(kind: Kind, key: str, changes: tuple[ChangeView, ...]) -> Response:
    """What is recorded now beside what was typed, and what was done in between."""
    now = _form(kind, key)
    if not isinstance(now, EditForm):
        return now
    names = editing().names(kind, key, changes)
    listed = [change_words.sentence(each, names) for each in changes] + _lost(now)
    typed = _typed(now)
    alone = untouched.left_alone(typed, request.form.get(untouched.FIELD, ""))
    mine = {name: text for name, text in typed.items() if name not in alone}
    return _page(now.typed(mine), {}, MEANWHILE + _THEIRS_STAND, listed, now.values, 409)


def _lost(form: EditForm) -> list[str]:
    """What was typed into rows that are there no more."""
    there = {box.name for box in form.boxes()}
    words = [
        text
        for name, text in request.form.items()
        if name.startswith(_IN_ROWS) and name not in there and text.strip()
    ]
    return [_LOST.format(words="、".join(words))] if words else []


def _form(kind: Kind, key: str) -> EditForm | Response:
    """The form, or where somebody is sent who wants to change what has been taken down."""
    found = editing().form(kind, key)
    if found is None and kind is Kind.DOCUMENT and known(key).state is State.WITHDRAWN:
        flash(_DOWN)
        return redirect(addresses.review_rights(key), 303)
    if found is None:
        abort(404)
    return found


# --- what is new ----------------------------------------------------------------------------


def _add_new(kind: Kind) -> None:
    def show() -> Response:
        return _page(editing().new_form(kind))

    def make() -> Response:
        return _make(kind)

    rule = f"/{addresses.FOLDERS[kind.value]}/new"
    blueprint.add_url_rule(rule, f"show_new_{kind.value}", show)
    blueprint.add_url_rule(rule, f"make_{kind.value}", make, methods=["POST"])


for _kind in MADE_HERE:
    _add_new(_kind)


def _make(kind: Kind) -> Response:
    """Record it, and go on with what is known of it besides."""
    form = editing().new_form(kind)
    try:
        key = editing().make(kind, _typed(form), _authorship())
    except BadEdit as error:
        return _page(form.typed(_typed(form)), error.errors, _NOT_SAVED, status=422)
    flash(f"{kind.label}を登録しました。下で、続けて書き足せます。")
    return redirect(addresses.edit(kind.value, key), 303)


@blueprint.get("/records")
def records() -> Response:
    """Events, people and programmes, to find the one that is to be changed."""
    kind = Kind.from_text(request.args.get("kind", "")) or Kind.EVENT
    if kind not in MADE_HERE:
        abort(404)
    named = request.args.get("q", "").strip()
    found = editing().records(kind, named)
    page = render_template(
        "curation/edit_records.html",
        kind=kind,
        kinds=MADE_HERE,
        named=named,
        found=found,
        most=MOST_LISTED,
    )
    return fresh(page)


# --- both -----------------------------------------------------------------------------------


def _page(
    form: EditForm,
    errors: Mapping[str, str] | None = None,
    told: str = "",
    changes: list[str] | None = None,
    recorded: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    page = render_template(
        "curation/edit_page.html",
        form=form,
        here=_here(form, request.args.get("document", "")),
        public=PUBLIC[form.kind](form.key) if form.key else "",
        errors=errors or {},
        told=told,
        changes=changes or [],
        recorded=recorded,
        was=_was(form, recorded),
        why=request.form.get("why", ""),
        document_id=request.args.get("document", ""),
    )
    return fresh(page, status)


def _was(form: EditForm, recorded: Mapping[str, str] | None) -> str:
    """What the values are that the form is made over: those of its version."""
    if recorded is None and untouched.FIELD in request.form:
        return request.form[untouched.FIELD]
    return untouched.mark(recorded or form.values) if form.key else ""


def _here(form: EditForm, document_id: str = "") -> str:
    if form.key is None:
        return addresses.new_record(form.kind.value)
    if form.kind is Kind.CASE:
        return addresses.case_form(form.key, document_id)
    return addresses.edit(form.kind.value, form.key)


def _authorship() -> Authorship:
    return Authorship(access.actor(), request.form.get("why", "").strip() or None)


def _typed(form: EditForm) -> dict[str, str]:
    """What was sent for the boxes of the form; boxes that were not sent are left out."""
    return {box.name: _sent(box) for box in form.boxes() if _was_sent(box)}


def _was_sent(box: Box) -> bool:
    """A browser sends nothing of a box that is not ticked, but the mark beside it."""
    ticked = box.sort in (Sort.TICK, Sort.TICKS)
    return f"has-{box.name}" in request.form if ticked else box.name in request.form


def _sent(box: Box) -> str:
    return "\n".join(request.form.getlist(box.name)).replace("\r\n", "\n").strip()
