"""A real browser on a site that runs in this process.

Another suite that wants the same checks on another application overrides `site_app`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.web.conftest import build
from tests.web.fake_accounts import PASSWORD
from tests.web.fakes import FakeSearch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Requests are no news in a test."""


@pytest.fixture(scope="session")
def site_app() -> Flask:
    """The application that is looked at."""
    return build(FakeSearch())


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of an application, served on this machine only; no slash at its end."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def profile(browser: "Browser") -> "Iterator[BrowserContext]":
    """A profile of its own: a cookie counts for every port, and others have not signed in."""
    context = browser.new_context(locale="ja-JP")
    context.set_default_timeout(30_000)
    yield context
    context.close()


def sign_in(page: "Page", site: str, login: str, then: str = "/") -> None:
    """Sign in, and be on the page at `then` when this returns.

    The address is waited for whole: as a pattern with wildcards it would fit the sign-in
    page as well, which carries it in its own address.
    """
    page.goto(f"{site}/signin" + (f"?next={then}" if then != "/" else ""))
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}{then}")


@pytest.fixture(scope="session")
def site(site_app: Flask) -> Iterator[str]:
    """The address of `site_app`."""
    with served(site_app) as address:
        yield address


@pytest.fixture(scope="session")
def window(browser: "Browser") -> "Iterator[BrowserContext]":
    """One profile for all tests: style sheet and script are fetched once, as by a reader."""
    with profile(browser) as context:
        yield context


@pytest.fixture
def page(window: "BrowserContext") -> "Iterator[Page]":
    """A page of 1280 by 800 pixels; fails when the page's own script or policy complains."""
    opened = window.new_page()
    opened.set_viewport_size({"width": 1280, "height": 800})
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type == "error" and "status of 4" not in message.text
            else None
        ),
    )
    yield opened
    opened.close()
    assert complaints == []
