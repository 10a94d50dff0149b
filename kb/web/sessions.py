"""Who is signed in with the browser that asks; the one room of Flask-Login.

A session is a signed cookie. It names the account, the account's generation (which a new
password, a lock or a change of role raises, so that older sessions end) and an id of its own
(which signing out ends, so that a cookie somebody has copied ends too).
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, session
from flask_login import (  # type: ignore[import-untyped] # it ships no types
    LoginManager,
    current_user,
    login_user,
    logout_user,
)

from kb.domain.roles import Role

IDLE = timedelta(hours=8)
"""A session that nothing is asked with for so long is over: a working day."""

SEEN_EVERY = 60
"""Seconds between two notes in the cookie that it is used."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The holder of an account, as routes know them."""

    id: int
    name: str
    """As colleagues call them; no two accounts have the same."""
    role: Role


@dataclass(frozen=True, slots=True)
class Holder:
    """What Flask-Login keeps of a session."""

    signed_in: SignedIn
    generation: int
    must_change: bool
    """The password is for once: nothing but a new one may be chosen."""
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What the cookie names them by."""
        return f"{self.signed_in.id}:{self.generation}"


Load = Callable[[int, int, str], Holder | None]
"""Account, generation and session -> its holder; None when that session is over."""


def register(app: Flask, load: Load) -> None:
    """Let `app` have sessions; `load` asks the catalogue whether one still holds."""
    app.config.update(
        PERMANENT_SESSION_LIFETIME=IDLE,
        SESSION_COOKIE_NAME="kb_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=(app.config["KB_PUBLIC_URL"] or "").startswith("https:"),
    )
    manager = LoginManager()
    manager.session_protection = "strong"
    # Not init_app: its cookie for being remembered, which nobody is offered, would be looked for
    # after every request, style sheets included, and have them vary by cookie.
    app.login_manager = manager  # type: ignore[attr-defined] # where Flask-Login looks for it

    def loaded(named: str) -> Holder | None:
        account, _, generation = named.partition(":")
        if not _in_time() or not generation.isdecimal():
            return None
        return load(int(account), int(generation), session_id())

    manager.user_loader(loaded)


def begin(holder: Holder, own_id: str) -> None:
    """Start a session of that id; whatever the browser carried before is forgotten."""
    session.clear()
    session.update(kb_id=own_id, kb_seen=int(time.time()))
    login_user(holder)


def end() -> None:
    """End the session in this browser; the catalogue is told by the caller."""
    logout_user()
    session.clear()


def new_id() -> str:
    """An id for a session that begins."""
    return secrets.token_urlsafe(24)


def session_id() -> str:
    """The id of the session of this request; empty when there is none."""
    return str(session.get("kb_id", ""))


def current() -> Holder | None:
    """Who has signed in with this browser.

    Raises:
        CatalogueUnavailable: it cannot be asked whether the session still holds.
    """
    return current_user._get_current_object() if current_user.is_authenticated else None


def _in_time() -> bool:
    """Whether the session was used in time; notes now and then that it is used."""
    now, seen = int(time.time()), int(session.get("kb_seen", 0))
    if now - seen > IDLE.total_seconds():
        return False
    if now - seen > SEEN_EVERY:
        session["kb_seen"] = now
    return True
