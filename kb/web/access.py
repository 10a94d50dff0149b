"""Whom each route answers, and who is asking now.

Every route declares its audience: with :func:`requires`, :func:`open_to_all` or
:func:`always_open` on the view, or with :func:`declare` for all views of a blueprint. The
declaration is all a route does; :func:`guard` holds every request against it. A route without
one answers nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, Flask, current_app, g, request
from flask.blueprints import BlueprintSetupState
from flask.sansio.app import App
from werkzeug.exceptions import Forbidden, Unauthorized

from kb.domain.rights import Audience
from kb.domain.roles import Role
from kb.web import sessions
from kb.web.accounts import texts as account_texts
from kb.web.sessions import SignedIn as SignedIn

View = TypeVar("View", bound=Callable[..., Any])

_SEEING = (Audience.ANONYMOUS, Audience.MEMBER, Audience.STAFF, Audience.CURATOR)
"""From the one that is shown least to the one that is shown most (kb.domain.rights.allowed)."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Whom a route answers."""

    role: Role | None
    """The least role; None answers everybody, in a closed office everybody who has signed in."""
    always: bool = False
    """Also in a closed office, and to those who must choose a new password first."""


class SignInNeeded(Unauthorized):
    """Nobody has signed in, and this is not for everybody."""


class RoleNeeded(Forbidden):
    """Signed in, and the role does not suffice."""


class PasswordChangeNeeded(Forbidden):
    """Signed in with a password for once: a new one comes first."""


def requires(role: Role) -> Callable[[View], View]:
    """Declare that a view answers only who has at least this role."""
    return _declaring(Declared(role))


def open_to_all(view: View) -> View:
    """Declare that a view answers everybody, in a closed office everybody who has signed in."""
    return _declaring(Declared(None))(view)


def always_open(view: View) -> View:
    """Declare that a view answers everybody, in a closed office too; it shows no holding."""
    return _declaring(Declared(None, always=True))(view)


def before_change(view: View) -> View:
    """Declare that a view answers who has signed in, also before a first password is replaced."""
    return _declaring(Declared(Role.READER, always=True))(view)


def declare(blueprint: Blueprint, role: Role | None) -> None:
    """Declare for every view of a blueprint that declares nothing itself; None: open to all."""

    def note(state: BlueprintSetupState) -> None:
        _defaults(state.app)[state.name] = Declared(role)

    blueprint.record(note)


def declared(app: Flask, endpoint: str) -> Declared | None:
    """What the view of an endpoint declares, else its blueprint; None: nothing was declared."""
    own = getattr(app.view_functions[endpoint], "kb_declared", None)
    return own or _defaults(app).get(endpoint.rpartition(".")[0])


def guard() -> None:
    """Hold the request against what its route declares; run before every request.

    Raises:
        SignInNeeded: nobody has signed in, and this route (or this office) wants somebody.
        PasswordChangeNeeded: the password that was signed in with is for once.
        RoleNeeded: the role does not suffice.
        Forbidden: the route declares nothing.
    """
    wanted = _wanted()
    if wanted.always and wanted.role is None:
        return
    holder = _holder()
    if holder is None:
        if wanted.role is not None or closed():
            raise SignInNeeded
        return
    if holder.must_change and not wanted.always:
        raise PasswordChangeNeeded
    if wanted.role is not None and not holder.signed_in.role.at_least(wanted.role):
        raise RoleNeeded(account_texts.ROLE_NEEDED.format(role=wanted.role.label))


def _wanted() -> Declared:
    """What the route of this request declares; an address of no route is like an open one."""
    if request.endpoint is None:
        return Declared(None)
    found = declared(current_app, request.endpoint)
    if found is None:
        raise Forbidden
    return found


def who() -> SignedIn | None:
    """Who is asking, when they have signed in.

    Raises:
        CatalogueUnavailable: it cannot be asked, the first time; later None.
    """
    holder = _holder()
    return holder.signed_in if holder else None


def someone() -> SignedIn:
    """Who is asking, where the route has required that they have signed in.

    Raises:
        SignInNeeded: nobody has.
    """
    found = who()
    if found is None:
        raise SignInNeeded
    return found


def closed() -> bool:
    """Whether this is a closed office, which shows nothing to who has not signed in."""
    return not current_app.config["KB_ANONYMOUS"]


def must_change() -> bool:
    """Whether whoever is asking has to choose a new password first."""
    holder = _holder()
    return holder is not None and holder.must_change


def asked_who() -> bool:
    """Whether this answer was made for somebody who has signed in; asks nothing anew."""
    return g.get("kb_holder") is not None


def ask_again() -> None:
    """Forget who is asking: somebody has just signed in or out."""
    g.pop("kb_holder", None)


def actor() -> str:
    """The name that SourceEvents carry: 「編集担当 山田花子」.

    An administrator's is the same, so that a change of role makes nobody a second person.

    Raises:
        SignInNeeded: nobody has signed in.
    """
    found = someone()
    label = (Role.CURATOR if found.role.at_least(Role.CURATOR) else found.role).label
    return f"{label} {found.name}"


def audience() -> Audience:
    """As whom the asker looks: by their role, or as everybody here does if that shows more."""
    everybody = Audience(current_app.config["KB_AUDIENCE"])
    found = who()
    return max(everybody, found.role.audience, key=_SEEING.index) if found else everybody


def _holder() -> sessions.Holder | None:
    if "kb_holder" not in g:
        # What fails is not asked again by the page that tells of the failure.
        g.kb_holder = None
        g.kb_holder = sessions.current()
    found: sessions.Holder | None = g.kb_holder
    return found


def _declaring(wanted: Declared) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.kb_declared = wanted  # type: ignore[attr-defined] # functions take attributes
        return view

    return mark


def _defaults(app: App) -> dict[str, Declared]:
    found: dict[str, Declared] = app.extensions.setdefault("kb.declared", {})
    return found
