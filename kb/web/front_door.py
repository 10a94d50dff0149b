"""What every request passes before its route, and what it hears when it may not pass.

In this order: whether another site had it sent, who asks and whether the route answers them, and
whether it carries the session's token. Somebody who has to sign in first loses nothing of a form.
"""

from urllib.parse import quote

from flask import Flask, Response, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from kb.catalogue.accounts.sign_ins import LockedOut
from kb.web import access, addresses, csrf, errors, kept, sessions, throttle
from kb.web.access import PasswordChangeNeeded, SignInNeeded
from kb.web.accounts import pages as account_pages
from kb.web.accounts import texts as account_texts
from kb.web.accounts import users
from kb.web.csrf import TokenMissing
from kb.web.services import services


def register(app: Flask) -> None:
    """Put the door before `app`, and the pages of the accounts behind it."""
    csrf.register(app)
    throttle.register(app)
    sessions.register(app, _holder)
    access.always_open(app.view_functions["static"])
    for check in (csrf.refuse_foreign, access.guard, csrf.refuse_unsigned):
        app.before_request(check)
    for room in (account_pages, users):
        app.register_blueprint(room.blueprint)
    app.register_error_handler(SignInNeeded, sign_in_needed)
    app.register_error_handler(PasswordChangeNeeded, password_change_needed)
    app.register_error_handler(TokenMissing, token_missing)
    app.register_error_handler(LockedOut, locked_out)
    app.jinja_env.globals.update(who=access.who, closed=access.closed)
    app.after_request(_keep_private)


def sign_in_needed(error: SignInNeeded) -> AnyResponse:
    """To the page to sign in and back; what a form has sent is kept until then."""
    if errors.for_programs():
        answer = errors.http_error(error)
        answer.headers["WWW-Authenticate"] = account_pages.CHALLENGE
        return answer
    if request.endpoint == "accounts.sign_out":
        return redirect(addresses.HOME, 303)
    if request.method in csrf.SAFE:
        here = request.full_path.removesuffix("?")
        going = redirect(f"/signin?next={quote(here, safe='/')}")
        going.headers["Cache-Control"] = "no-store"
        return going
    form = kept.from_request()
    return account_pages.show_sign_in(401, _why(form), form=form)


def _why(form: kept.KeptForm | None) -> str:
    if form is None:
        return account_texts.SIGN_IN_FIRST
    if form.too_large:
        return account_texts.TOO_LARGE_TO_KEEP
    return account_texts.SIGN_IN_FOR_FORM if form.fields else account_texts.FILES_NOT_KEPT


def password_change_needed(error: PasswordChangeNeeded) -> AnyResponse:
    """To one's account: a new password comes first."""
    if errors.for_programs():
        return errors.http_error(error)
    form = kept.from_request()
    if form is not None:
        return account_pages.show_account(403, account_texts.CHANGE_FIRST, form=form)
    return redirect("/account")


def token_missing(error: HTTPException) -> AnyResponse:
    """A form of a session that is over, or of no page of ours: to be looked at and sent again."""
    if errors.for_programs():
        return errors.problem(400, account_texts.NOT_TAKEN, account_texts.STALE_PAGE)
    if request.endpoint == "accounts.sign_in":
        return account_pages.show_sign_in(
            400,
            account_texts.SESSION_EXPIRED,
            account_pages.goal_of(request.form.get("next", "")),
            kept.unsealed(request.form.get(kept.FIELD, "")),
            request.form.get("login", ""),
        )
    form = kept.from_request()
    if form is None or not form.typed:
        error.description = account_texts.STALE_PAGE
        return errors.http_error(error)
    return account_pages.show_kept(form, 400, account_texts.STALE_FORM)


def locked_out(error: LockedOut) -> Response:
    """429: too many wrong passwords."""
    return account_pages.show_wait(error)


def _holder(account_id: int, generation: int, session_id: str) -> sessions.Holder | None:
    found = services().accounts
    account = found.holder(account_id, generation, session_id) if found else None
    return account_pages.holder_of(account) if account else None


def _keep_private(response: Response) -> Response:
    """What was made for somebody who has signed in is kept by no cache.

    Except what a route itself lets the browser keep and ask for again each time
    (`private, no-cache`): files and images that everybody may see.
    """
    cached = response.headers.get("Cache-Control", "")
    if access.asked_who() and "no-store" not in cached and cached != "private, no-cache":
        response.headers["Cache-Control"] = "private, no-store"
    return response
