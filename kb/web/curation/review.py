"""The review pages: the queue, and one document whose fields a curator settles."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from kb.catalogue.changes import UnknownReference
from kb.catalogue.review.second_person import NeedsSecondPerson
from kb.catalogue.review.views import (
    BadWishes,
    ChangedMeanwhile,
    Queue,
    QueueAsked,
    Review,
    Saved,
    State,
    Wishes,
)
from kb.domain.roles import Role
from kb.domain.settled import Field
from kb.web import access, addresses, parameters
from kb.web.curation import change_words, rights_effect
from kb.web.curation.review_form import Form, field_views, wishes
from kb.web.curation.review_sheet import evidence_page
from kb.web.curation.reviewing import MEANWHILE, fresh, known
from kb.web.services import curation, services

blueprint = Blueprint("review", __name__, url_prefix="/curation/review")
access.declare(blueprint, Role.CURATOR)

LAST_PAGE = 100_000
_BUTTONS = ("save", "sure", "publish", "sure-publish", "retract")


# --- the queue ------------------------------------------------------------------------------


@blueprint.get("")
def queue() -> str:
    """What waits, the nearly done first; or the documents of another state."""
    state = State.from_text(request.args.get("state", ""))
    if state is None and request.args.get("state"):
        raise BadRequest(f"状態に指定できるのは {'、'.join(State)} です。")
    asked = QueueAsked(
        state,
        request.args.get("event", "").strip() or None,
        parameters.number(request.args, "page", usual=1, most=LAST_PAGE),
    )
    found = curation().queue(asked)
    return render_template(
        "curation/queue.html",
        queue=found,
        asked=asked,
        State=State,
        pager=_pager(found, asked),
        outcome_label=change_words.outcome_label,
    )


def _pager(found: Queue, asked: QueueAsked) -> Mapping[str, str]:
    """The way to the pages before and after, where there are any."""
    state, event = asked.state or "", asked.event_id or ""
    at = min(asked.page, found.pages)
    ways = {"前のページ": at - 1, "次のページ": at + 1}
    return {
        label: addresses.review_queue(state, event, page)
        for label, page in ways.items()
        if 1 <= page <= found.pages
    }


# --- one document ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows beside the record: where it is opened, what could not be taken."""

    number: int = 1
    at: int = 0
    """The field whose evidence is looked at."""
    typed: Form | None = None
    errors: Mapping[Field, ValueError] | None = None
    told: str = ""
    changes: tuple[str, ...] = ()
    status: int = 200


@blueprint.get("/<document_id>")
def document(document_id: str) -> Response:
    """A document: a page of it, and what is proposed."""
    review = known(document_id)
    number = parameters.number(request.args, "page", usual=1, most=LAST_PAGE)
    at = parameters.number(request.args, "at", usual=LAST_PAGE, most=LAST_PAGE)
    return _page(review, _Shown(number, at))


@blueprint.post("/<document_id>")
def save(document_id: str) -> Response:
    """Do what the form wants; what cannot be taken comes back as it was typed."""
    do, form = request.form.get("do", "save"), request.form
    if "look" in form:
        look = form.get("goto", "") if form["look"] == "goto" else form["look"]
        number, _, at = look.partition("-")
        where = _Shown(_whole(number), _whole(at, 0), typed=form)
        return _page(known(document_id), where)
    if do not in _BUTTONS:
        raise BadRequest("このボタンは、この画面にはありません。")
    try:
        if do == "retract":
            curation().retract(document_id, form.get("version", ""), access.actor())
            flash("公開をやめて、下書きに戻しました。検索からは数秒で消えます。")
            return redirect(addresses.review(document_id), 303)
        wanted = wishes(form, accept_sure="sure" in do, publish="publish" in do)
        # Asked before it leaves the queue, or what was passed over would come again each time.
        following = known(document_id).following if wanted.publish else None
        saved = curation().save(document_id, wanted, access.actor())
    except (BadWishes, ChangedMeanwhile, NeedsSecondPerson, UnknownReference) as error:
        return _not_taken(document_id, form, error)
    return _done(document_id, wanted, saved, following)


def _done(document_id: str, wanted: Wishes, saved: Saved, following: str | None) -> Response:
    """Where to go on: the next document after publication, else the same one."""
    if saved.published:
        review = known(document_id)
        flash(f"「{review.document.title}」を公開しました。検索で見つかるまで、数秒かかります。")
        return redirect(_next(review, following), 303)
    done = f"{saved.changed}項目を保存しました。" if saved.changed else "変わった項目はありません。"
    refused = " まだ公開していません。下の理由を確かめてください。" if saved.missing else ""
    flash(done + refused)
    return redirect(addresses.review(document_id) + ("#missing" if wanted.publish else ""), 303)


def _next(published: Review, following: str | None) -> str:
    """What came after it in the queue; behind the last one what was passed over."""
    wanted = following or published.following
    if wanted is None:
        return addresses.review_queue()
    return addresses.review(wanted, after=published.document.id)


def _not_taken(document_id: str, form: Form, error: Exception) -> Response:
    review = known(document_id)
    number = _whole(form.get("page", "1"))
    if isinstance(error, BadWishes):
        told = f"{len(error.errors)}項目を保存できませんでした。まだ何も保存していません。"
        return _page(review, _Shown(number, 0, form, error.errors, told, (), 422))
    if isinstance(error, ChangedMeanwhile):
        listed = tuple(change_words.sentences(error.changes, review.places))
        return _page(review, _Shown(number, 0, form, None, MEANWHILE, listed, 409))
    return _page(review, _Shown(number, 0, form, None, str(error), (), 422))


def _page(review: Review, shown: _Shown) -> Response:
    number = min(shown.number, max(review.document.pages, 1))
    stored = services().catalogue.document_page(review.document.id, number)
    readable = review.state is not State.WITHDRAWN
    return fresh(
        render_template(
            "curation/review.html",
            review=review,
            document=review.document,
            fields=field_views(review, shown.typed, shown.errors) if readable else (),
            page=evidence_page(review, stored, number, shown.at) if readable else None,
            beside=_beside(review),
            effect=rights_effect,
            shown=shown,
            State=State,
            outcome_label=change_words.outcome_label,
        ),
        shown.status,
    )


def _beside(review: Review) -> tuple[int, str] | None:
    """How many others of its batch wait, and the way to settle them with it."""
    together = services().together
    found = together.beside(review.document.id) if together else None
    if together is None or found is None or not found[1]:
        return None
    upload_id, others = found
    after = request.args.get("after", "")
    before = together.beside(after) if after else None
    # What was published before may have come from another seminar, under other terms.
    like = after if before is not None and before[0] == upload_id else review.document.id
    return others, addresses.together(upload_id, like)


def _whole(text: str, least: int = 1) -> int:
    """A number of the form; `least` where it is none, as no page of ours sends."""
    return max(int(text), least) if text.isdecimal() and len(text) < 7 else least
