"""Signing in and out, one's own account, and what becomes of a form meanwhile."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from kb.catalogue.accounts.passwords import BadPassword
from kb.catalogue.accounts.rows import AccountView
from kb.catalogue.accounts.service import Stopped, WrongPassword
from kb.catalogue.accounts.sign_ins import LockedOut
from kb.catalogue.entries import Authorship
from kb.domain.clock import JAPAN
from kb.web import access, addresses, kept, sessions, throttle
from kb.web.accounts import texts as account_texts
from kb.web.services import accounts

blueprint = Blueprint("accounts", __name__)

CHALLENGE = 'Session realm="jichitai-kb"'
"""What a 401 has to carry (RFC 9110); no browser asks for a password by itself because of it."""


@blueprint.get("/signin")
@access.always_open
def sign_in_page() -> AnyResponse:
    """The form to sign in; who has signed in goes where they wanted."""
    goal = goal_of(request.args.get("next") or _came_from())
    if access.who() is not None:
        return redirect(goal)
    return show_sign_in(goal=goal)


@blueprint.post("/signin")
@access.always_open
def sign_in() -> AnyResponse:
    """Begin a session, and go on where one was."""
    login, password = request.form.get("login", ""), request.form.get("password", "")
    goal = goal_of(request.form.get("next", ""))
    form = kept.unsealed(request.form.get(kept.FIELD, ""))
    session_id = sessions.new_id()
    try:
        throttle.refuse_many(login)
        account = accounts().sign_in(login, password, session_id)
    except WrongPassword:
        throttle.count_wrong(login)
        return show_sign_in(401, account_texts.WRONG_PASSWORD, goal, form, login)
    except Stopped:
        return show_sign_in(403, account_texts.STOPPED, goal, form)
    throttle.forget(login)
    return _go_on(account, session_id, goal, form)


@blueprint.post("/signout")
@access.before_change
def sign_out() -> AnyResponse:
    """End the session here, and wherever else its cookie may be."""
    found = access.who()
    if found is not None:
        accounts().sign_out(found.id, sessions.session_id())
    sessions.end()
    access.ask_again()
    return redirect("/signin" if access.closed() else addresses.HOME, 303)


@blueprint.get("/account")
@access.before_change
def account() -> AnyResponse:
    """One's own account, and the form for another password."""
    return show_account(changed=request.args.get("changed") == "1")


@blueprint.post("/account/password")
@access.before_change
def change_password() -> AnyResponse:
    """Replace one's password; other sessions end."""
    goal = goal_of(request.form.get("next", ""), "/account?changed=1")
    form = kept.unsealed(request.form.get(kept.FIELD, ""))
    old, new = request.form.get("old_password", ""), request.form.get("new_password", "")
    if new != request.form.get("new_password_again", ""):
        return show_account(400, account_texts.NOT_REPEATED, goal, form)
    session_id, authorship = sessions.new_id(), Authorship(access.actor())
    try:
        own = access.someone()
        changed = accounts().change_password(own.id, old, new, session_id, authorship)
    except WrongPassword:
        return show_account(400, account_texts.OLD_PASSWORD_WRONG, goal, form)
    except BadPassword as error:
        return show_account(400, str(error), goal, form)
    return _go_on(changed, session_id, goal, form)


def _go_on(
    account: AccountView, session_id: str, goal: str, form: kept.KeptForm | None
) -> AnyResponse:
    """Begin the session; then a new password, the form that was being filled, or the goal."""
    sessions.begin(holder_of(account), session_id)
    access.ask_again()
    if account.must_change:
        return show_account(goal=goal, form=form)
    if form is not None:
        return show_kept(form)
    return redirect(goal, 303)


def holder_of(account: AccountView) -> sessions.Holder:
    """An account as a session knows it."""
    signed_in = sessions.SignedIn(account.id, account.name, account.role)
    return sessions.Holder(signed_in, account.generation, account.must_change)


def goal_of(typed: str, usual: str = addresses.HOME) -> str:
    """Where to go afterwards: an address of this site, else the usual one."""
    inside = typed.startswith("/") and not typed.startswith(("//", "/\\")) and typed.isprintable()
    if not inside or "\\" in typed or urlsplit(typed).netloc:
        return usual
    return typed


def _came_from() -> str:
    """The page of this site that led here.

    So that the link to this page is the same on every page: one that names what may not be known
    must not differ from one that does not exist.
    """
    start, address = request.host_url, request.headers.get("Referer", "")
    inside = address.removeprefix(start.rstrip("/")) if address.startswith(start) else ""
    return "" if inside.startswith("/signin") else inside


def show_sign_in(
    status: int = 200,
    message: str = "",
    goal: str = addresses.HOME,
    form: kept.KeptForm | None = None,
    login: str = "",
) -> Response:
    """The page that asks for name and password; what was being filled in travels along."""
    page = render_template(
        "accounts/sign_in.html",
        message=message,
        goal=goal,
        login=login,
        kept=kept.sealed(form),
        # What asked for signing in was refused nothing: only a mistake is told as one.
        wrong=status == 403 or bool(login),
    )
    answer = _fresh(page, status)
    if status == 401:
        answer.headers["WWW-Authenticate"] = CHALLENGE
    return answer


def show_account(
    status: int = 200,
    message: str = "",
    goal: str = "",
    form: kept.KeptForm | None = None,
    changed: bool = False,
) -> Response:
    """One's own account; a mistake in the form for the password stands at the form."""
    page = render_template(
        "accounts/account.html",
        message=message,
        goal=goal,
        kept=kept.sealed(form),
        changed=changed,
        must_change=access.must_change(),
    )
    return _fresh(page, status)


def show_kept(form: kept.KeptForm, status: int = 200, message: str = "") -> Response:
    """The page 「書きかけの内容」, from which a form is sent again."""
    page = render_template(
        "accounts/kept.html", form=form, message=message, sealed=kept.sealed(form)
    )
    return _fresh(page, status)


def show_wait(error: LockedOut) -> Response:
    """429: when to try again."""
    local = error.until.astimezone(JAPAN)
    # Rounded up: at the minute that is told it is over.
    time = f"{local:%H時%M分}" if local.second == 0 else _next_minute(local)
    page = render_template(
        "accounts/wait.html",
        title=account_texts.TOO_MANY_TITLE,
        detail=account_texts.TOO_MANY.format(time=time),
    )
    answer = _fresh(page, 429)
    seconds = (error.until - datetime.now(JAPAN)).total_seconds()
    answer.headers["Retry-After"] = str(max(1, int(seconds) + 1))
    return answer


def _next_minute(moment: datetime) -> str:
    minute = (moment.hour * 60 + moment.minute + 1) % (24 * 60)
    return f"{minute // 60:02d}時{minute % 60:02d}分"


def _fresh(page: str, status: int) -> Response:
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
