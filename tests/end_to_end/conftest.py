"""The browser of tests/browser on the real application (`site_app` of tests/conftest.py)."""

from tests.browser.conftest import browser, page, site, window

__all__ = ["browser", "page", "site", "window"]
