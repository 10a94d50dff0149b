"""What was done to a thing, from what to what, and putting a change back."""

from collections.abc import Callable, Mapping
from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from kb.catalogue.accounts.rows import KIND as ACCOUNT
from kb.catalogue.changes import UnknownReference
from kb.catalogue.history.views import CannotUndo, HistoryPage, Verdict
from kb.domain.roles import Role
from kb.web import access, addresses, parameters
from kb.web.curation import change_words
from kb.web.curation.history_protocol import History
from kb.web.curation.reviewing import fresh
from kb.web.display import moment
from kb.web.services import services

blueprint = Blueprint("history", __name__, url_prefix="/curation/history")
access.declare(blueprint, Role.CURATOR)

_MOST = 999_999_999
"""More than any change's number, and what an address takes (:func:`parameters.number`)."""


@blueprint.get("/<kind>/<path:key>")
def history(kind: str, key: str) -> Response:
    """Everything that was done to a thing, newest first."""
    return _page(_known(kind, key))


@blueprint.post("/<kind>/<path:key>")
def undo(kind: str, key: str) -> Response:
    """Put one change back; who cannot is told what came after."""
    page = _known(kind, key)
    number = parameters.number(request.form, "number", usual=0, most=_MOST)
    try:
        desk().undo(kind, key, number, access.actor())
    except UnknownReference as error:
        abort(404, str(error))
    except CannotUndo as error:
        told = f"元に戻せませんでした。何も変えていません。{error}"
        listed = [change_words.sentence(each, page.names) for each in error.later]
        return _page(page, told, listed, 409)
    flash(f"来歴{number}の変更を元に戻しました。検索には数秒で反映されます。")
    return redirect(addresses.history(kind, key), 303)


def desk() -> History:
    """The history of this application; 404 where it keeps none."""
    return services().history or abort(404)


def sees_accounts() -> bool:
    """Whether whoever is asking may see what is done to accounts."""
    return access.someone().role.at_least(Role.ADMINISTRATOR)


def pager(page: int, pages: int, address: Callable[[int], str]) -> Mapping[str, str]:
    """The way to what is newer and what is older, where there is any."""
    ways = {"新しい記録": page - 1, "古い記録": page + 1}
    return {label: address(number) for label, number in ways.items() if 1 <= number <= pages}


def why_not(verdict: Verdict) -> str:
    """Why a change cannot be put back, naming the fields that stand in the way."""
    if not verdict.fields:
        return verdict.why_not
    named = "、".join(change_words.field_label(name) for name in verdict.fields)
    return f"「{named}」は元の形では残っていないので、元に戻せません。編集の画面で直してください。"


def _known(kind: str, key: str) -> HistoryPage:
    if kind == ACCOUNT and not sees_accounts():
        abort(404)
    number = parameters.number(request.args, "page", usual=1, most=parameters.LAST_PAGE)
    at = parameters.number(request.args, "at", usual=0, most=_MOST)
    return desk().page(kind, key, number, at) or abort(404, "この対象の来歴はありません。")


def _page(
    page: HistoryPage, told: str = "", changes: list[str] | None = None, status: int = 200
) -> Response:
    shown = render_template(
        "curation/history.html",
        history=page,
        words=change_words,
        moment=moment,
        why_not=why_not,
        place=_PLACES[page.kind](page.key) if page.kind in _PLACES else "",
        pager=pager(page.page, page.pages, partial(addresses.history, page.kind, page.key)),
        told=told,
        changes=changes or [],
    )
    return fresh(shown, status)


_PLACES: Mapping[str, Callable[[str], str]] = {
    "case": addresses.case_form,
    "document": addresses.review,
    "event": addresses.event,
    "person": addresses.person,
    "programme": addresses.programme,
    "municipality": addresses.municipality,
    # The list, since a name that was removed has no form.
    "local_name": lambda key: addresses.local_names(key.partition(":")[0]),
}
"""Kind of a thing -> where a curator sees it."""
