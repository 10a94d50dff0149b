"""How often a wrong password is looked at; the one room of Flask-Limiter.

Counted in this process, by name (also one that no account has, so that nobody learns which do)
and by address. The catalogue counts by account as well, for all processes together.
"""

from datetime import UTC, datetime

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItemPerMinute

from kb.catalogue.accounts.rows import folded_login
from kb.catalogue.accounts.sign_ins import MOST_WRONG, WINDOW, LockedOut

LIMIT = RateLimitItemPerMinute(MOST_WRONG, int(WINDOW.total_seconds()) // 60)


def register(app: Flask) -> None:
    """Let `app` count, beginning with nothing."""
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", strategy="fixed-window")
    app.extensions["kb.limiter"] = limiter


def refuse_many(login: str) -> None:
    """Look at nothing after too many wrong passwords for this name or from this address.

    Raises:
        LockedOut: with when to try again.
    """
    for key in _keys(login):
        if not _limiter().limiter.test(LIMIT, *key):
            ends = _limiter().limiter.get_window_stats(LIMIT, *key).reset_time
            raise LockedOut(datetime.fromtimestamp(ends, UTC))


def count_wrong(login: str) -> None:
    """Count a wrong password."""
    for key in _keys(login):
        _limiter().limiter.hit(LIMIT, *key)


def forget(login: str) -> None:
    """Forget the wrong passwords for a name, its holder having come in."""
    _limiter().limiter.clear(LIMIT, *_keys(login)[0])


def _keys(login: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("name", folded_login(login)), ("address", request.remote_addr or "")


def _limiter() -> Limiter:
    found: Limiter = current_app.extensions["kb.limiter"]
    return found
