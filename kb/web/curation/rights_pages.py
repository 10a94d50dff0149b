"""The rights of a document: what is stated, what it comes to, who allowed more, takedown."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship
from kb.catalogue.review.second_person import NeedsSecondPerson
from kb.catalogue.review.views import ChangedMeanwhile, Review, RightsWish, State
from kb.catalogue.rights.withdrawing import Named
from kb.domain.clock import today
from kb.domain.fiscal_year import parse_date
from kb.domain.rights import PERMITTED, BadPermission, Permission, Rights, Terms
from kb.domain.roles import Role
from kb.web import access, addresses
from kb.web.curation import change_words, rights_effect
from kb.web.curation.review_form import STATED
from kb.web.curation.reviewing import MEANWHILE, fresh, known
from kb.web.services import curation

blueprint = Blueprint("rights_pages", __name__, url_prefix="/curation/review")
access.declare(blueprint, Role.CURATOR)


_STILL_DRAFT = "下書きに戻っています。「確認と公開」で確かめて、公開してください。"


class _NotTaken(ValueError):
    """Something is missing or cannot be read; the message is for the curator."""


@blueprint.get("/<document_id>/rights")
def document_rights(document_id: str) -> Response:
    """Everything known of a document's rights, and what every audience may do."""
    return _page(known(document_id))


@blueprint.post("/<document_id>/rights")
def change_rights(document_id: str) -> Response:
    """Do what one of the forms says; what cannot be taken comes back as it was typed."""
    name, _, value = request.form.get("do", "").partition(":")
    do = _DOING.get(name)
    if do is None:
        raise BadRequest("このボタンは、この画面にはありません。")
    review = known(document_id)
    try:
        told = do(review, value)
    except ChangedMeanwhile as error:
        listed = change_words.sentences(error.changes, review.places)
        return _page(known(document_id), MEANWHILE, listed, 409)
    except (_NotTaken, BadPermission, NeedsSecondPerson, UnknownReference) as error:
        return _page(review, f"保存できませんでした。{error}", status=422)
    flash(told)
    return redirect(addresses.review_rights(document_id), 303)


# --- what the buttons do --------------------------------------------------------------------


def _correct(review: Review, _value: str) -> str:
    terms = request.form.get("terms", "")
    if terms not in set(STATED):
        raise _NotTaken("利用条件を選んでください。")
    statement = request.form.get("statement", "").replace("\r\n", "\n").strip() or None
    wish, why = RightsWish(Terms(terms), statement), _why("訂正する理由")
    new = curation().correct_rights(review.document.id, wish, _version(), why)
    return "利用条件を保存しました。" if new else "利用条件は、すでにそのとおりです。"


def _permit(review: Review, _value: str) -> str:
    form = request.form
    if form.get("permitted", "") not in set(PERMITTED):
        raise _NotTaken("許諾された条件を選んでください。")
    permission = Permission(
        Terms(form["permitted"]),
        form.get("allowed_by", "").strip(),
        _day("allowed_on", "許諾の日") or today(),
        _day("valid_until", "期限"),
    )
    note = form.get("note", "").strip() or None
    author = Authorship(access.actor(), note)
    curation().permit(review.document.id, permission, note, _version(), author)
    return "許諾を記録しました。"


def _end(review: Review, number: str) -> str:
    if not number.isdecimal() or len(number) > 9:
        raise _NotTaken("終わらせる許諾を選んでください。")
    why = _why("許諾を終わらせる理由")
    ended = curation().end_permission(review.document.id, int(number), why)
    return "許諾を終わらせました。" if ended else "この許諾は、すでに終わっています。"


def _withdraw(review: Review, _value: str) -> str:
    named = _named(review, request.form.get("scope", "document"))
    done = curation().withdraw(named, _why("取り下げる理由"))
    left = (
        " ページの画像の一部を消しきれませんでした(だれにも表示されません)。"
        "もう一度取り下げを押してください。"
        if done.images_left
        else ""
    )
    return (
        f"{len(done.documents)}点の資料を取り下げました。画面からはすぐに、検索の索引からは"
        f"数秒で消えます。{left}"
    )


def _restore(review: Review, _value: str) -> str:
    why = _why("取り下げを取り消す理由")
    done = curation().restore(_named(review, request.form.get("scope", "document")), why)
    told = f"{len(done)}点の資料を、取り下げる前の利用条件に戻しました。"
    after = known(review.document.id)
    waits = after.state is not State.PUBLISHED and review.document.id in done
    return told + (_STILL_DRAFT if waits else "")


_DOING = {
    "correct": _correct,
    "permit": _permit,
    "end": _end,
    "withdraw": _withdraw,
    "restore": _restore,
}


def _named(review: Review, scope: str) -> Named:
    document = review.document
    if scope == "case" and document.case_id:
        return Named(cases=(document.case_id,))
    if scope == "event" and document.event_id:
        return Named(events=(document.event_id,))
    if scope != "document":
        raise _NotTaken("何を取り下げるかを選んでください。")
    return Named(documents=(document.id,))


def _why(what: str) -> Authorship:
    why = request.form.get("why", "").strip()
    if not why:
        raise _NotTaken(f"{what}を書いてください。記録に残ります。")
    return Authorship(access.actor(), why)


def _day(name: str, label: str) -> date | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    day = parse_date(text)
    if day is None:
        raise _NotTaken(f"{label}「{text}」を日付として読めません(例: 2027-03-31、R9.3.31)。")
    return day


def _version() -> str:
    return request.form.get("version", "")


# --- showing --------------------------------------------------------------------------------


def _page(
    review: Review, told: str = "", changes: list[str] | None = None, status: int = 200
) -> Response:
    rights = review.rights.rights
    page = render_template(
        "curation/rights.html",
        review=review,
        document=review.document,
        record=review.rights,
        typed=request.form,
        told=told,
        changes=changes or [],
        stated=STATED,
        permitted=PERMITTED,
        previews=[(terms, rights_effect.effect(Rights(terms))) for terms in STATED],
        effect=rights_effect,
        now=rights_effect.effect(rights),
        today=today(),
        State=State,
    )
    return fresh(page, status)
