"""Refuses what another site has a reader's browser send; the one room of Flask-WTF.

Two independent checks of everything that changes something: where it comes from (the headers
Origin and Referer, which a browser sets and a page cannot), and a token of the session, in the
form's field `csrf_token` or the header `X-CSRFToken`.
"""

from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask_wtf.csrf import (  # type: ignore[import-untyped] # it ships no types
    CSRFError,
    CSRFProtect,
)
from werkzeug.exceptions import Forbidden

from kb.web.accounts import texts as account_texts

FIELD = "csrf_token"

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""

TokenMissing = CSRFError
"""The token is missing, or of a session that is over; an HTTPException with status 400."""


class ForeignOrigin(Forbidden):
    """Another site had this sent."""

    title = account_texts.NOT_TAKEN


def register(app: Flask) -> None:
    """Give the templates of `app` their `csrf_token()`; the checks are run by the front door."""
    app.config.update(
        WTF_CSRF_FIELD_NAME=FIELD,
        # The front door asks first who it is: see kb.web.front_door.
        WTF_CSRF_CHECK_DEFAULT=False,
        # A token lives as long as its session: a form may lie open over lunch.
        WTF_CSRF_TIME_LIMIT=None,
        # refuse_foreign does this, also where TLS ends before this program.
        WTF_CSRF_SSL_STRICT=False,
    )
    CSRFProtect(app)


def refuse_foreign() -> None:
    """Refuse what another site had sent.

    Raises:
        ForeignOrigin: the browser says so.
    """
    if request.method in SAFE:
        return
    said = request.headers.get("Origin") or request.headers.get("Referer")
    if said is not None and _origin(said) not in _own_origins():
        raise ForeignOrigin(account_texts.FOREIGN_ORIGIN)


def refuse_unsigned() -> None:
    """Refuse what carries no token of the session.

    Raises:
        TokenMissing: its handler keeps what was typed.
    """
    if request.endpoint is not None and request.method not in SAFE:
        current_app.extensions["csrf"].protect()


def _own_origins() -> set[str]:
    public = current_app.config["KB_PUBLIC_URL"]
    return {_origin(request.host_url), *([_origin(public)] if public else [])}


def _origin(address: str) -> str:
    """Scheme, host and port of an address; of what is none (`null`) something that fits none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()
