"""The curators' page on questions: by keyboard, and looked at by axe as every page is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import profile, served, sign_in
from tests.browser.test_accessibility import STATES, violations, width_needed
from tests.web.fake_questions import NOTHING_YET, FakeQuestions, site_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=[FakeQuestions(), NOTHING_YET], ids=["some", "none"])
def curators_site(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a site that has this to tell."""
    with served(site_of(request.param)) as address:
        yield address


@pytest.fixture(scope="module")
def window(browser: "Browser") -> "Iterator[BrowserContext]":
    with profile(browser) as context:
        yield context


def test_the_questions_are_read_by_keyboard_and_without_violations(
    page: "Page", curators_site: str
) -> None:
    sign_in(page, curators_site, "curator", "/curation/questions")
    found = {}
    for scheme, width, rules in STATES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # a literal in STATES
        page.set_viewport_size({"width": width, "height": 800})
        found[scheme, width] = violations(page, rules)
        assert width_needed(page) <= width
    assert not any(found.values()), found
    page.get_by_role("link", name="7日間").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{curators_site}/curation/questions?days=7")
    assert page.locator("nav [aria-current=true]", has_text="7日間").count() == 1
