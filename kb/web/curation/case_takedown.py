"""Taking a case down with its documents: also one that has none, and so no page of rights."""

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from kb.catalogue.entries import Authorship
from kb.catalogue.rights.withdrawing import Named
from kb.catalogue.views import CaseView
from kb.domain.rights import Audience
from kb.domain.roles import Role
from kb.web import access, addresses
from kb.web.curation.reviewing import fresh
from kb.web.services import audience, curation, services

blueprint = Blueprint("case_takedown", __name__, url_prefix="/curation/cases")
access.declare(blueprint, Role.CURATOR)

_WHY = "取り下げませんでした。取り下げる理由を書いてください。記録に残ります。"
_ALREADY = "この事例は、いまは公開されていません。"
_IMAGES_LEFT = "ページの画像の一部を消しきれませんでした(だれにも表示されません)。"


@blueprint.get("/<case_id>/takedown")
def takedown(case_id: str) -> Response:
    """What goes down with a case, and the form that asks why."""
    return _page(_known(case_id))


@blueprint.post("/<case_id>/takedown")
def take_down(case_id: str) -> Response:
    """Take it down; its history is where that is undone."""
    case, why = _known(case_id), request.form.get("why", "").strip()
    if not why:
        return _page(case, _WHY, 422)
    if _is_public(case_id):
        done = curation().withdraw(Named(cases=(case_id,)), Authorship(access.actor(), why))
        beside = f"と、{len(done.documents)}点の資料" if done.documents else ""
        flash(
            f"事例「{case.title}」{beside}を取り下げました。画面からはすぐに、検索の索引からは"
            f"数秒で消えます。{_IMAGES_LEFT if done.images_left else ''}"
        )
    else:
        flash(_ALREADY)
    return redirect(addresses.history("case", case_id), 303)


def _known(case_id: str) -> CaseView:
    return services().catalogue.case(case_id, audience()) or abort(404)


def _is_public(case_id: str) -> bool:
    return services().catalogue.case(case_id, Audience.ANONYMOUS) is not None


def _page(case: CaseView, told: str = "", status: int = 200) -> Response:
    page = render_template(
        "curation/case_takedown.html",
        case=case,
        told=told,
        public=_is_public(case.id),
        already=_ALREADY,
    )
    return fresh(page, status)
