"""The worklist: what waits, kind by kind; pairs that are alike; addresses to be looked at again."""

from collections.abc import Callable, Mapping
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship
from kb.catalogue.review.views import ChangedMeanwhile
from kb.catalogue.worklist.views import PAGE_SIZE, Kind, Listed, Pair, PairSide
from kb.domain.classification import LikenessDecision
from kb.domain.roles import Role
from kb.web import access, addresses, parameters, reading
from kb.web.curation import change_words, worklist_texts
from kb.web.curation.reviewing import MEANWHILE, fresh
from kb.web.curation.worklist_protocol import Worklist
from kb.web.services import services

blueprint = Blueprint("worklist", __name__, url_prefix="/curation/worklist")
access.declare(blueprint, Role.CURATOR)

LAST_PAGE = 100_000
MOST_REASON = 1000
"""Characters of a reason."""


class _NotTaken(ValueError):
    """Something is missing; the message is for the curator."""


def worklist() -> Worklist:
    """What waits in this application; 404 where nothing is curated."""
    return services().worklist or abort(404)


@blueprint.add_app_template_global
def what_waits() -> Mapping[Kind, int]:
    """How much waits of each kind, for the curators' front page; empty without a worklist."""
    found = services().worklist
    return found.counts() if found else {}


# --- lists ----------------------------------------------------------------------------------


@blueprint.get("")
def overview() -> Response:
    """Every list with its first entries."""
    lists = worklist().overview()
    return fresh(
        render_template(
            "curation/worklist.html",
            lists=lists,
            total=sum(each.total for each in lists),
            most=PAGE_SIZE,
            words=worklist_texts,
            me=access.actor(),
        )
    )


@blueprint.get("/<kind>")
def listed(kind: str) -> Response:
    """One list, paged."""
    known = Kind.from_text(kind) or abort(404)
    page = parameters.number(request.args, "page", usual=1, most=LAST_PAGE)
    return _list_page(worklist().listed(known, page))


def _list_page(found: Listed, told: str = "", status: int = 200) -> Response:
    ways = {"前のページ": found.page - 1, "次のページ": found.page + 1}
    page = render_template(
        "curation/worklist_list.html",
        found=found,
        words=worklist_texts,
        me=access.actor(),
        told=told,
        pager={
            label: addresses.worklist(found.kind.value, number)
            for label, number in ways.items()
            if 1 <= number <= found.pages
        },
    )
    return fresh(page, status)


# --- addresses ------------------------------------------------------------------------------


@blueprint.post("/sources/<int:number>")
def mark_source(number: int) -> Response:
    """An address was found, or is gone."""
    do = request.form.get("do", "")
    if do not in ("found", "gone"):
        raise BadRequest("このボタンは、この画面にはありません。")
    page = parameters.number(request.form, "page", usual=1, most=LAST_PAGE)
    try:
        mark = worklist().mark_source(
            number, found=do == "found", before=_before(), authorship=Authorship(access.actor())
        )
    except UnknownReference as error:
        told = f"保存できませんでした。{error}"
        return _list_page(worklist().listed(Kind.SOURCES, page), told, 409)
    said = "見つかったと記録しました" if do == "found" else "なくなったと記録しました"
    flash(f"{said}: {mark.url}")
    return redirect(addresses.worklist(Kind.SOURCES.value, page), 303)


def _before() -> date | None:
    """The day the page said it was last seen."""
    text = request.form.get("before", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadRequest("前に確かめた日を読めません。一覧を開き直してください。") from error


# --- pairs ----------------------------------------------------------------------------------


@blueprint.get("/alike/<one>/<other>")
def alike(one: str, other: str) -> Response:
    """Two documents side by side, to be decided on."""
    return _pair_page(_known(one, other))


@blueprint.post("/alike/<one>/<other>")
def decide(one: str, other: str) -> Response:
    """Decide what two documents are to each other, or take that back."""
    do = _DOING.get(request.form.get("do", ""))
    if do is None:
        raise BadRequest("このボタンは、この画面にはありません。")
    pair = _known(one, other)
    try:
        told = do(pair)
    except ChangedMeanwhile as error:
        since = tuple(change_words.sentence(each, {}) for each in error.changes)
        return _pair_page(_known(one, other), MEANWHILE, since, 409)
    except (_NotTaken, UnknownReference) as error:
        return _pair_page(_known(one, other), f"保存できませんでした。{error}", (), 422)
    flash(told)
    return redirect(addresses.alike(one, other), 303)


def _decide(pair: Pair) -> str:
    decision = LikenessDecision.from_text(request.form.get("decision", ""))
    if decision is None:
        raise _NotTaken("3つのうちから選んでください。")
    keep = request.form.get("keep") if decision is LikenessDecision.SAME else None
    ids = _ids(pair)
    if decision is LikenessDecision.SAME and keep not in ids:
        raise _NotTaken("同じ資料のときは、残す資料を選んでください。")
    versions = {key: request.form.get(f"version-{key}", "") for key in ids}
    why = request.form.get("why", "").strip()[:MOST_REASON] or None
    author = Authorship(access.actor(), why)
    worklist().decide(ids, decision, keep, versions, author)
    if keep is None:
        return f"「{decision.label}」と決めました。もう一覧には出ません。"
    return (
        f"「{decision.label}」と決めました。{keep} を残し、もう一方は取り下げました。"
        "検索からは数秒で消えます。"
    )


def _undo(pair: Pair) -> str:
    new = worklist().undo(_ids(pair), Authorship(access.actor(), "似た資料の判断を取り消す"))
    return "判断を取り消し、前のとおりに戻しました。" if new else "まだ何も決まっていません。"


_DOING: Mapping[str, Callable[[Pair], str]] = {"decide": _decide, "undo": _undo}


def _ids(pair: Pair) -> tuple[str, str]:
    return pair.earlier.document.id, pair.later.document.id


def _known(one: str, other: str) -> Pair:
    return worklist().pair(one, other) or abort(404)


def _pair_page(
    pair: Pair, told: str = "", changes: tuple[str, ...] = (), status: int = 200
) -> Response:
    page = render_template(
        "curation/worklist_alike.html",
        pair=pair,
        views=[_view(side) for side in pair.sides],
        facts=worklist_texts.compared(pair),
        found_as=worklist_texts.FOUND_AS.get(pair.kind, pair.kind),
        decided=LikenessDecision(pair.decision).label if pair.decision else "",
        LikenessDecision=LikenessDecision,
        typed=request.form,
        told=told,
        changes=changes,
    )
    return fresh(page, status)


def _view(side: PairSide) -> reading.ReadingView | None:
    """The first page as it is drawn; None where a curator may not read it."""
    if side.page is None:
        return None
    return reading.view(side.document, 1, side.page, None, "", 0)
