"""The documents of one batch settled together: chosen, shown, then written as shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from kb.catalogue.changes import UnknownReference
from kb.catalogue.jobs.views import UploadView
from kb.catalogue.review.views import BadWishes
from kb.catalogue.together.views import How, Plan, PlanMoved, TogetherWish
from kb.domain.rights import Rights
from kb.domain.roles import Role
from kb.domain.settled import Field
from kb.web import access, addresses
from kb.web.curation import change_words, rights_effect, together_form
from kb.web.curation.reviewing import fresh, known
from kb.web.curation.together_protocol import Together
from kb.web.curation.uploading import desk as uploads
from kb.web.display import moment
from kb.web.services import audience, services

blueprint = Blueprint("together", __name__, url_prefix="/curation/uploads")
access.declare(blueprint, Role.CURATOR)

_NOTHING_WANTED = "何をするかが選ばれていません。項目、利用条件、公開のどれかを選んでください。"
_NOTHING_CHOSEN = "資料が1点も選ばれていません。確定する資料に印を付けてください。"
_NOT_TAKEN = "確かめられませんでした。まだ何も保存していません。入力した内容は残っています。"
_MOVED = (
    "画面を開いたあとで、{count}点の内容が変わりました。まだ何も保存していません。"
    "いまの内容を確かめて、もう一度押してください。"
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows beside the batch as it stands."""

    wish: TogetherWish
    plan: Plan | None = None
    told: str = ""
    errors: Mapping[Field, ValueError] | None = None
    left_out: frozenset[str] = frozenset()
    """Documents that are not ticked."""
    moved: frozenset[str] = frozenset()
    model: str = ""
    """The title of the document that the form was filled in from."""
    status: int = 200


@blueprint.get("/<upload_id>/together")
def together(upload_id: str) -> Response:
    """How the documents that wait stand, and the form; `like` fills it in from one of them."""
    upload = _known(upload_id)
    if not (model_id := request.args.get("like", "")):
        return _page(upload, _Shown(TogetherWish()))
    model = known(model_id)
    wish = together_form.like(model)
    return _page(upload, _Shown(wish, model=model.document.title if wish else ""))


@blueprint.post("/<upload_id>/together")
def settle(upload_id: str) -> Response:
    """Show what a wish does (`do=show`), go back to the form (`edit`), or do it (`settle`)."""
    do, form, upload = request.form.get("do", "show"), request.form, _known(upload_id)
    if do not in ("show", "edit", "settle"):
        raise BadRequest("このボタンは、この画面にはありません。")
    wish = together_form.wish_of(form)
    if do == "edit":
        return _page(upload, _Shown(wish))
    if not wish:
        return _page(upload, _Shown(wish, told=_NOTHING_WANTED, status=422))
    try:
        if do == "settle":
            return _settle(upload, wish)
        return _page(upload, _Shown(wish, desk().plan(upload.id, wish, access.actor())))
    except BadWishes as error:
        return _page(upload, _Shown(wish, told=_NOT_TAKEN, errors=error.errors, status=422))
    except UnknownReference as error:
        return _page(upload, _Shown(wish, told=f"{_NOT_TAKEN}{error}", status=422))


def desk() -> Together:
    """Where batches are settled; 404 where none are."""
    return services().together or abort(404)


def _known(upload_id: str) -> UploadView:
    return uploads().jobs.upload(upload_id) or abort(404)


def _settle(upload: UploadView, wish: TogetherWish) -> Response:
    chosen = together_form.chosen_of(request.form)
    if not chosen:
        return _shown_again(upload, wish, told=_NOTHING_CHOSEN, status=422)
    try:
        plan = desk().carry_out(upload.id, wish, chosen, access.actor())
    except PlanMoved as error:
        told = _MOVED.format(count=len(error.documents))
        return _shown_again(upload, wish, told=told, moved=error.documents, status=409)
    flash(_done(plan))
    return redirect(addresses.together(upload.id), 303)


def _shown_again(
    upload: UploadView,
    wish: TogetherWish,
    *,
    told: str,
    status: int,
    moved: frozenset[str] = frozenset(),
) -> Response:
    plan = desk().plan(upload.id, wish, access.actor())
    ticked = together_form.chosen_of(request.form)
    left_out = frozenset(line.document_id for line in plan.lines) - ticked.keys()
    shown = _Shown(wish, plan, told, left_out=left_out, moved=moved, status=status)
    return _page(upload, shown)


def _done(plan: Plan) -> str:
    told = f"{plan.changed}点の資料に保存しました。"
    if plan.published:
        told += f"そのうち{plan.published}点を公開しました。検索で見つかるまで、数秒かかります。"
    if left := sum(bool(line.missing) for line in plan.lines):
        told += f"公開しなかった{left}点は、題名から開いて確かめてください。"
    return told


def _page(upload: UploadView, shown: _Shown) -> Response:
    batch = desk().batch(upload.id)
    rights = shown.wish.rights
    page = render_template(
        "curation/together.html",
        upload=upload,
        batch=batch,
        shown=shown,
        wish=shown.wish,
        plan=shown.plan,
        fields=together_form.choices(batch, shown.wish, shown.errors or {}),
        events=services().catalogue.events(audience()),
        effect=rights_effect,
        rows=rights_effect.effect(Rights(rights.terms, rights.statement)) if rights else (),
        words=change_words,
        moment=moment,
        How=How,
    )
    return fresh(page, shown.status)
