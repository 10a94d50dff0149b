"""The pages of tests/browser on the real application (`site_app` of tests/conftest.py)."""

from tests.browser.conftest import page, site, window

__all__ = ["page", "site", "window"]
