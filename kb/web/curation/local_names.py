"""What municipalities are called besides: recorded, changed and removed by curators."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from kb.catalogue.editing.views import BadEdit
from kb.catalogue.entries import Authorship
from kb.catalogue.local_names.views import (
    PAGE_SIZE,
    LocalNameFields,
    LocalNameForm,
    SavedName,
    UnknownLocalName,
)
from kb.catalogue.review.views import ChangedMeanwhile
from kb.domain.roles import Role
from kb.web import access, addresses, parameters
from kb.web.curation import change_words
from kb.web.curation.local_names_protocol import LocalNames
from kb.web.curation.reviewing import MEANWHILE, fresh
from kb.web.services import services

blueprint = Blueprint("local_names", __name__, url_prefix=addresses.LOCAL_NAMES)
access.declare(blueprint, Role.CURATOR)

CODE_DIGITS = 6
_NOT_SAVED = "保存できませんでした。入力した内容は残っています。直して、もう一度保存してください。"
_GONE = "この呼び名は、ほかの人が消しました。一覧から選び直してください。"
_WHY = "消すときは、理由を書いてください。来歴に残ります。"


def kept() -> LocalNames:
    """The local names of this application; 404 where it has none."""
    return services().local_names or abort(404)


@blueprint.get("", strict_slashes=False)
def names() -> Response:
    """The names there are, or those that hold a text."""
    text = parameters.query_text(request.args)
    page = render_template(
        "curation/local_names.html",
        named=text,
        names=kept().listed(text),
        most=PAGE_SIZE,
        # From the page of a municipality one goes on to name that one.
        code=text if len(text) == CODE_DIGITS and text.isdecimal() else "",
    )
    return fresh(page)


@blueprint.get("/name")
def name() -> Response:
    """The form of one name, or of a new one."""
    return _page(_form(request.args.get("key", "")))


@blueprint.post("/name")
def change() -> Response:
    """Record, change or remove a name; what cannot be taken comes back as it was typed."""
    key = request.form.get("key", "")
    try:
        code, told = _do(request.form.get("do", ""), key)
    except BadEdit as error:
        return _page(_form(key), error.errors, _NOT_SAVED, status=422)
    except UnknownLocalName:
        abort(404, _GONE)
    except ChangedMeanwhile as error:
        listed = change_words.sentences(error.changes, {})
        return _page(_form(key), {}, MEANWHILE, listed, 409)
    flash(told)
    return redirect(addresses.local_names(code), 303)


def _do(do: str, key: str) -> tuple[str, str]:
    """Do what a button of the form says; what to list then, and what to tell."""
    form = request.form
    why, version = form.get("why", "").strip(), form.get("version", "")
    authorship = Authorship(access.actor(), why or None)
    if do == "remove" and key:
        if not why:
            raise BadEdit({"why": _WHY})
        gone = kept().remove(key, version, authorship)
        return gone.code, f"「{gone.name}」を{gone.place}の呼び名から消しました。"
    if do != "save":
        raise BadRequest("このボタンは、この画面にはありません。")
    saved = (
        kept().change(key, _typed(), version, authorship)
        if key
        else kept().add(_typed(), authorship)
    )
    return saved.name, _told(saved, new=not key)


def _told(saved: SavedName, *, new: bool) -> str:
    if not saved.changed:
        return (
            f"「{saved.name}」は、{saved.place}の呼び名としてすでに登録されています。"
            "読みや由来は、下の一覧で開いて直せます。"
            if new
            else "変わった項目はありません。"
        )
    told = f"「{saved.name}」を{saved.place}の呼び名として保存しました。次の検索から使われます。"
    if not saved.namesakes:
        return told
    others = "、".join(saved.namesakes)
    return (
        f"{told}同じように呼ばれる自治体がほかにもあります({others})。検索では、どれかを選べます。"
    )


def _typed() -> LocalNameFields:
    boxes = ("municipality", "name", "kana", "note")
    return LocalNameFields(*(request.form.get(box, "").strip() for box in boxes))


def _form(key: str) -> LocalNameForm:
    if not key:
        return kept().new_form(request.args.get("municipality", ""))
    return kept().form(key) or abort(404, _GONE)


def _page(
    form: LocalNameForm,
    errors: Mapping[str, str] | None = None,
    told: str = "",
    changes: list[str] | None = None,
    status: int = 200,
) -> Response:
    sent = request.method == "POST"
    page = render_template(
        "curation/local_name.html",
        form=form,
        fields=_typed() if sent else form.fields,
        recorded=form.fields if status == 409 else None,
        # Who has not been told of the others' change sends the version they have seen.
        version=form.version if status != 422 else request.form.get("version", ""),
        why=request.form.get("why", ""),
        errors=errors or {},
        told=told,
        changes=changes or [],
    )
    return fresh(page, status)
