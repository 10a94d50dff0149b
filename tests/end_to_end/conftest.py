"""The pages of tests/browser on the real application (`site_app` of tests/conftest.py).

A module that has an installation of its own (`held`) is served it with made accounts.
"""

from collections.abc import Iterator

import pytest
from flask import Flask

from indexer.installation import Installation
from tests.browser.conftest import page, served, site, window
from tests.web.real_site import opened_site

__all__ = ["page", "site", "window"]


@pytest.fixture(scope="module")
def app(held: Installation) -> Iterator[Flask]:
    """The application over the module's installation."""
    with opened_site(held) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """The address of `app`."""
    with served(app) as opened:
        yield opened
