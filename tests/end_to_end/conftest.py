"""The pages of tests/browser on the real application (`site_app` of tests/conftest.py).

A module that has an installation of its own (`held`) is served it with made accounts.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from indexer.installation import Installation
from kb.settings import from_environment
from kb.web.app import close_app, open_app
from tests.browser.conftest import page, served, site, window
from tests.web.fake_accounts import FakeAccounts

__all__ = ["page", "site", "window"]


@pytest.fixture(scope="module")
def app(held: Installation) -> Iterator[Flask]:
    """The application over the module's installation."""
    opened = open_app(from_environment({"KB_DATA_DIR": str(held.data_dir)}))
    opened.extensions["kb"] = replace(opened.extensions["kb"], accounts=FakeAccounts())
    yield opened
    close_app(opened)


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """The address of `app`."""
    with served(app) as opened:
        yield opened
