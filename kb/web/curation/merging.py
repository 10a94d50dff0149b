"""Double cases: two side by side, one of them put into the other, and apart again."""

from urllib.parse import urlencode

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship
from kb.catalogue.merging.fields import LABELS, Take
from kb.catalogue.merging.views import CannotMerge, MergeOrder
from kb.catalogue.review.views import ChangedMeanwhile
from kb.domain.roles import Role
from kb.web import access, addresses
from kb.web.curation import change_words
from kb.web.curation.merging_protocol import Merging
from kb.web.curation.reviewing import MEANWHILE, fresh
from kb.web.display import moment
from kb.web.services import audience, services

blueprint = Blueprint("merging", __name__, url_prefix="/curation/cases")
access.declare(blueprint, Role.CURATOR)


@blueprint.get("/<case_id>/merge")
def merge(case_id: str) -> AnyResponse:
    """The likely doubles of a case and what went into it; or two cases side by side."""
    other = request.args.get("other", "").strip()
    return _pair(case_id, other) if other else _start(case_id)


@blueprint.post("/<case_id>/merge")
def do_merge(case_id: str) -> AnyResponse:
    """Put the other case into this one, or take one out again."""
    name, _, old_id = request.form.get("do", "").partition(":")
    if name == "split" and old_id:
        return _split(case_id, old_id)
    if name != "merge":
        raise BadRequest("このボタンは、この画面にはありません。")
    order = _order(case_id)
    try:
        _desk().merge(order, Authorship(access.actor()))
    except (CannotMerge, UnknownReference) as error:
        return _pair(case_id, order.other_id, f"統合できませんでした。{error}", status=422)
    except ChangedMeanwhile as error:
        listed = change_words.sentences(error.changes, {})
        return _pair(case_id, order.other_id, MEANWHILE, listed, 409)
    flash(
        "2つの事例を一つにしました。前の番号の画面は、この事例に移ります。検索には数秒で表れます。"
    )
    return redirect(addresses.merge(case_id), 303)


def lead_on(response: Response) -> Response:
    """Turn "not found" into the way to the case that was kept, for every address of a case.

    Only for whoever may see that case: to others it is as unknown as the one that is gone.
    """
    asked = request.view_args or {}
    if response.status_code != 404 or "case_id" not in asked or request.method not in _READING:
        return response
    desk = services().merging
    kept = desk.merged_into(asked["case_id"]) if desk else None
    if kept is None or services().catalogue.case(kept, audience()) is None:
        return response
    address = url_for(request.endpoint or "", **{**asked, "case_id": kept})
    query = urlencode(list(request.args.items(multi=True)))
    going = Response(status=301, headers={"Location": f"{address}?{query}" if query else address})
    # A split takes it back: a browser asks each time.
    going.headers["Cache-Control"] = "no-cache"
    return going


_READING = ("GET", "HEAD")


# --- what is asked --------------------------------------------------------------------------


def _desk() -> Merging:
    return services().merging or abort(404)


def _order(case_id: str) -> MergeOrder:
    form = request.form
    wanted = {name: Take.from_text(form.get(f"take-{name}", "")) for name in LABELS}
    return MergeOrder(
        case_id,
        form.get("other", ""),
        form.get("version", ""),
        form.get("other_version", ""),
        {name: take for name, take in wanted.items() if take is not None},
    )


def _split(case_id: str, old_id: str) -> AnyResponse:
    try:
        _desk().split(old_id, Authorship(access.actor()))
    except (CannotMerge, UnknownReference) as error:
        return _start(case_id, str(error), 422)
    flash("統合を取り消して、2つの事例に分けました。どちらも統合する前のとおりです。")
    return redirect(addresses.merge(case_id), 303)


# --- showing --------------------------------------------------------------------------------


def _start(case_id: str, told: str = "", status: int = 200) -> AnyResponse:
    typed = request.args.get("q", "").strip()
    found = _desk().start(case_id, typed) or abort(404)
    page = render_template(
        "curation/merge_start.html", start=found, typed=typed, told=told, moment=moment
    )
    return fresh(page, status)


def _pair(
    case_id: str, other: str, told: str = "", changes: list[str] | None = None, status: int = 200
) -> AnyResponse:
    form = _desk().form(case_id, other)
    if form is None:
        _desk().start(case_id) or abort(404)
        return _start(case_id, f"事例 {other} は登録されていません。選び直してください。", 422)
    page = render_template(
        "curation/merge.html",
        form=form,
        told=told,
        changes=changes or [],
        typed=request.form,
        Take=Take,
    )
    return fresh(page, status)
