"""The pages of seminar intakes: sending a page, the list, and settling its lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from kb.catalogue.intake.jobs import IntakeJob, PageSent, Words
from kb.catalogue.intake.proposals import CannotPropose
from kb.domain.clock import today
from kb.domain.fiscal_year import parse_date
from kb.domain.jobs import JobState
from kb.domain.roles import Role
from kb.web import access, addresses, parameters
from kb.web.curation.intake_desk import MOST_BYTES, Opened, PageTooLarge, SeminarDesk, pasted
from kb.web.curation.intake_form import (
    current,
    editing_of,
    form_shown,
    lines_chosen,
    record_address,
    words_of,
)
from kb.web.curation.reviewing import fresh
from kb.web.curation.upload_desk import split
from kb.web.display import moment
from kb.web.services import services

blueprint = Blueprint("intake_pages", __name__, url_prefix="/curation")
access.declare(blueprint, Role.CURATOR)

FORM_BYTES = 2 * MOST_BYTES
"""A page beside the other fields of its form."""

SETTLE_BYTES = 4 * 1024 * 1024
"""A hundred lines with all their boxes open, in the characters of an address."""

LAST_PAGE = 100_000

CHANGED = (
    "画面を開いたあとで、次の行が変わりました。まだ何も記録していません。入力した内容は残っています。"
    "いまの内容を確かめて、もう一度押してください。"
)
NOT_DONE = "記録できませんでした。まだ何も記録していません。入力した内容は残っています。"
NOTHING_SAID = "受け入れる行か却下する行を選んでから、押してください。"


def allow_large() -> None:
    """Let the routes that take a page or a long form take more; run before any check."""
    if request.endpoint == "intake_pages.take":
        request.max_content_length = FORM_BYTES
        request.max_form_memory_size = MOST_BYTES
    elif request.endpoint == "intake_pages.settle":
        request.max_content_length = request.max_form_memory_size = SETTLE_BYTES


def desk() -> SeminarDesk:
    """Where seminar pages come in; 404 where none do."""
    return services().intakes or abort(404)


# --- sending a page -------------------------------------------------------------------------


class _NotTaken(ValueError):
    """What was sent cannot be taken; the message is for the curator."""


@blueprint.get("/intake")
def new() -> Response:
    """The form that takes a page in."""
    return _new(day=today().isoformat())


def _new(
    told: str = "", status: int = 200, *, address: str = "", text: str = "", day: str = ""
) -> Response:
    page = render_template(
        "curation/intake_new.html",
        told=told,
        address=address,
        text=text,
        day=day,
        most_mb=MOST_BYTES // 1048576,
    )
    return fresh(page, status)


@blueprint.post("/intake")
def take() -> Response:
    """Have a page taken in; what cannot be comes back as it was typed."""
    form = request.form
    try:
        key = _take()
    except (_NotTaken, PageTooLarge) as error:
        typed = {name: form.get(name, "") for name in ("address", "text", "day")}
        return _new(str(error), 422, **typed)
    return redirect(addresses.intake_job(key), 303)


def _take() -> str:
    form, file = request.form, request.files.get("file")
    address, text = form.get("address", "").strip(), form.get("text", "")
    named = file is not None and bool(file.filename)
    if named and text.strip():
        raise _NotTaken("ファイルと貼り付けた文の、どちらか一方だけを送ってください。")
    if not named and not text.strip():
        raise _NotTaken("ページの文を貼り付けるか、ファイルを選んでください。")
    if not named and not address:
        raise _NotTaken(
            "ページのアドレスを書いてください。次に同じページを読むとき、変わった所が分かります。"
        )
    if address and not _is_whole(address):
        raise _NotTaken("アドレスは http:// か https:// から書いてください。")
    source = address or split(str(file.filename if file else ""))[1]
    page = PageSent(source, address, _day(form.get("day", "")), pasted=not named)
    content = file.stream if named and file else pasted(text)
    return desk().take(access.actor(), page, content)  # type: ignore[arg-type] # binary


def _is_whole(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and len(address) < 1000
    except ValueError:  # a bracket that closes no IPv6 address
        return False


def _day(text: str) -> date:
    day = parse_date(text.strip()) if text.strip() else today()
    if day is None:
        raise _NotTaken(f"見た日「{text}」を日付として読めません(例: 2026-11-22、R8.11.22)。")
    if day > today():
        raise _NotTaken("見た日には、今日までの日付を書いてください。")
    return day


@blueprint.get("/intakes/jobs/<key>")
def job(key: str) -> Response:
    """How the reading of a page comes along; leads to the intake once it is done."""
    found = desk().job(key)
    if found is None or "source" not in found.work:
        abort(404)
    if not found.state.ended:
        return _wait("ページを読んでいます", found.name)
    intake_id = desk().newest(found.name)
    if found.state is JobState.PUBLISHED and intake_id is not None:
        return redirect(addresses.intake(intake_id, key), 303)
    page, text = desk().typed(found)
    told = found.detail or "ページを読めませんでした。もう一度送ってください。"
    return _new(told, address=page.address, text=text, day=page.seen_on.isoformat())


def _wait(doing: str, name: str, uncompared: str = "") -> Response:
    """A page that waits for the worker; or for `uncompared`, an intake that nobody has asked it
    to compare: one that the command has taken."""
    page = render_template(
        "curation/intake_wait.html", doing=doing, name=name, uncompared=uncompared
    )
    return fresh(page)


# --- the list -------------------------------------------------------------------------------


@blueprint.get("/intakes")
def intakes() -> str:
    """Every intake, newest first."""
    listed = tuple(desk().intakes())
    return render_template("curation/intakes.html", listed=listed, moment=moment)


# --- one intake -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows beside the lines."""

    typed: Words | None = None
    editing: frozenset[int] = frozenset()
    told: str = ""
    why: tuple[str, ...] = ()
    """What could not be done, line by line."""
    done: str = ""
    status: int = 200


@blueprint.get("/intakes/<intake_id>")
def intake(intake_id: str) -> Response:
    """An intake beside the catalogue: contradictions first, then its lines by kind."""
    opened = _opened(intake_id)
    key = request.args.get("job", "")
    asked = desk().job(key) if key else None
    if opened.kept is None and not opened.waiting:
        return _wait("まだ目録と比べていません", opened.intake.source, intake_id)
    if opened.kept is None or opened.waiting or (asked and not asked.state.ended):
        return _wait("目録と比べています", opened.intake.source)
    return _page(opened, _come_to(asked, opened) if asked else _Shown())


def _come_to(asked: IntakeJob, opened: Opened) -> _Shown:
    """What a job came to, as the page tells of it."""
    if asked.state is JobState.PUBLISHED:
        return _Shown(done=asked.detail)
    if asked.name != opened.intake.id or opened.kept is None:
        return _Shown()
    words = current(asked.words, opened.kept.sheet)
    told = CHANGED if asked.outcome == "changed" else NOT_DONE
    return _Shown(typed=words, told=told, why=tuple(asked.detail.split("\n")))


@blueprint.post("/intakes/<intake_id>")
def settle(intake_id: str) -> Response:
    """Have done what the form says, or show it again with the boxes of a line open."""
    opened, form = _opened(intake_id), request.form
    if form.get("do") == "compare":
        desk().compare(intake_id)
        return redirect(addresses.intake(intake_id), 303)
    if form.get("do") in ("release", "decline"):
        return _second(opened)
    if opened.kept is None or form.get("do", "settle") not in ("settle", "sure"):
        raise BadRequest("このボタンは、この画面にはありません。")
    words = words_of(form, opened.kept.sheet, sure=form.get("do") == "sure")
    if "edit" in form:
        return _page(opened, _Shown(words, editing_of(form)))
    if words.empty:
        return _page(opened, _Shown(words, editing_of(form), NOTHING_SAID, status=422))
    try:
        key = desk().settle(access.actor(), intake_id, words)
    except CannotPropose as error:
        return _page(opened, _Shown(words, editing_of(form), str(error), status=409))
    if not key:
        flash("選んだ行を、別の人の確認待ちにしました。まだ何も記録していません。")
    return redirect(addresses.intake(intake_id, key), 303)


def _second(opened: Opened) -> Response:
    """Record what another person has chosen, or send it back."""
    intake_id, proposal = opened.intake.id, request.form.get("proposal", "")
    try:
        if request.form["do"] == "release":
            key = desk().release(access.actor(), intake_id, proposal)
            return redirect(addresses.intake(intake_id, key), 303)
        desk().decline(intake_id, proposal)
    except CannotPropose as error:
        return _page(_opened(intake_id), _Shown(told=str(error), status=409))
    flash("確認待ちをやめました。何も記録していません。行は選び直せます。")
    return redirect(addresses.intake(intake_id), 303)


def _opened(intake_id: str) -> Opened:
    return desk().opened(intake_id) or abort(404)


def _page(opened: Opened, shown: _Shown) -> Response:
    if opened.kept is None:
        abort(404)
    sheet = opened.kept.sheet
    number = parameters.number(request.args, "page", usual=1, most=LAST_PAGE)
    form = form_shown(sheet, number, shown.typed, shown.editing)
    proposal = opened.proposal
    page = render_template(
        "curation/intake.html",
        opened=opened,
        intake=opened.intake,
        sheet=sheet,
        form=form,
        shown=shown,
        proposal=proposal,
        chosen=lines_chosen(sheet, proposal.words) if proposal else (),
        mine=proposal is not None and desk().needs_other(proposal, access.actor()),
        second=desk().two_person,
        record=record_address,
        pager=_pager(opened.intake.id, form.page, form.pages),
        moment=moment,
    )
    return fresh(page, shown.status)


def _pager(intake_id: str, at: int, pages: int) -> Mapping[str, str]:
    ways = {"前の行": at - 1, "次の行": at + 1}
    return {
        label: addresses.intake(intake_id, page=page)
        for label, page in ways.items()
        if 1 <= page <= pages
    }


@blueprint.get("/intakes/<intake_id>/page")
def read_page(intake_id: str) -> Response:
    """The page of an intake as it was read, line by line."""
    opened = _opened(intake_id)
    lines = tuple(enumerate(opened.intake.text.split("\n"), start=1))
    page = render_template(
        "curation/intake_read.html", intake=opened.intake, lines=lines, moment=moment
    )
    return fresh(page)
