"""The page on which administrators look after accounts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as AnyResponse

from kb.catalogue.accounts.rows import AccountView, BadAccount
from kb.catalogue.accounts.service import NewPassword
from kb.catalogue.entries import Authorship
from kb.domain.clock import JAPAN
from kb.domain.roles import Role
from kb.web import access
from kb.web.accounts import texts as account_texts
from kb.web.services import accounts

blueprint = Blueprint("users", __name__, url_prefix="/curation/users")
access.declare(blueprint, Role.ADMINISTRATOR)

PAGE = "/curation/users"


@dataclass(frozen=True, slots=True)
class Shown:
    """An account as a line of the page."""

    account: AccountView
    seen_on: date | None
    """The day, in Japan, on which somebody last signed in with it."""
    held_back: bool
    """There were too many wrong passwords just now."""


@blueprint.get("")
def users() -> Response:
    """Everybody who may sign in, and the form for one more."""
    return _page()


@blueprint.post("")
def add() -> Response:
    """Make an account; its password for once is shown this one time."""
    login = request.form.get("login", "")
    name = request.form.get("name", "").strip() or login
    role = _role()
    try:
        made = accounts().add(login, name, role, _authorship())
    except BadAccount as error:
        return _page(400, str(error), login=login, name=request.form.get("name", ""), role=role)
    return _page(made=made)


@blueprint.post("/<int:account_id>/role")
def role(account_id: int) -> AnyResponse:
    """Give another role."""
    chosen = _role()
    return _changed(
        account_id, lambda login, authorship: accounts().set_role(login, chosen, authorship)
    )


@blueprint.post("/<int:account_id>/lock")
def lock(account_id: int) -> AnyResponse:
    """Stop an account."""
    return _changed(
        account_id, lambda login, authorship: accounts().set_locked(login, True, authorship)
    )


@blueprint.post("/<int:account_id>/unlock")
def unlock(account_id: int) -> AnyResponse:
    """Let an account be used again, also after too many wrong passwords."""
    return _changed(
        account_id, lambda login, authorship: accounts().set_locked(login, False, authorship)
    )


@blueprint.post("/<int:account_id>/remove")
def remove(account_id: int) -> AnyResponse:
    """Take an account away for good."""
    return _changed(account_id, lambda login, authorship: accounts().remove(login, authorship))


@blueprint.post("/<int:account_id>/password")
def password(account_id: int) -> Response:
    """Give a password for once; it is shown this one time."""
    return _page(made=accounts().new_password(_known(account_id).login, _authorship()))


def _changed(account_id: int, change: Callable[[str, Authorship], bool]) -> AnyResponse:
    try:
        change(_known(account_id).login, _authorship())
    except BadAccount as error:
        return _page(400, str(error))
    return redirect(PAGE, 303)


def _known(account_id: int) -> AccountView:
    found = next((each for each in accounts().everyone() if each.id == account_id), None)
    if found is None or not found.active:
        raise NotFound(account_texts.NO_SUCH_ACCOUNT)
    return found


def _role() -> Role:
    chosen = request.form.get("role", "")
    if chosen not in [role.value for role in Role]:
        raise BadRequest(account_texts.NO_SUCH_ROLE)
    return Role(chosen)


def _authorship() -> Authorship:
    return Authorship(access.actor())


def _shown(account: AccountView) -> Shown:
    until = account.locked_until
    return Shown(
        account,
        account.seen_at.astimezone(JAPAN).date() if account.seen_at else None,
        until is not None and until > datetime.now(UTC),
    )


def _page(
    status: int = 200,
    message: str = "",
    *,
    made: NewPassword | None = None,
    login: str = "",
    name: str = "",
    role: Role = Role.CURATOR,
) -> Response:
    page = render_template(
        "accounts/users.html",
        people=tuple(_shown(each) for each in accounts().everyone()),
        roles=tuple(Role),
        message=message,
        made=made,
        login=login,
        name=name,
        chosen=role,
        own=access.someone(),
    )
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
