"""A seminar's page in a real browser: pasted, a contradiction settled by keyboard, the rest
accepted, seen again in the catalogue."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from indexer.installation import Installation
from indexer.jobs import JobCrew
from kb.catalogue.stored import StoredReader
from kb.domain.roles import Role
from tests.browser.conftest import page, profile, served, sign_in
from tests.browser.test_accessibility import STATES, violations, width_needed
from tests.web.intake_site import ADDRESS, PAGE, intake_site

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser
__all__ = ["page"]

INTAKE = "/curation/intakes/intake-1"


@pytest.fixture(scope="module")
def place(another: Callable[[], Installation]) -> Iterator[Installation]:
    opened = another()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def site_app(place: Installation) -> Flask:
    return intake_site(place)


@pytest.fixture(scope="module")
def site(site_app: Flask) -> Iterator[str]:
    with served(site_app) as address:
        yield address


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[BrowserContext]:
    with profile(browser) as context:
        yield context


def assert_readable(page: Page, most: int = 1) -> None:
    """No violations, and nothing wider than a telephone; in so many states, narrow ones first."""
    found = {}
    for scheme, width, rules in sorted(STATES, key=lambda state: state[1])[:most]:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # a literal in STATES
        page.set_viewport_size({"width": width, "height": 800})
        found[scheme, width] = violations(page, rules)
        assert width_needed(page) <= width, (scheme, width)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert not any(found.values()), found


def focused_by_tab(page: Page, selector: str, most: int = 120) -> None:
    """Press Tab until the focus is on an element."""
    for _ in range(most):
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            break
        page.keyboard.press("Tab")
    assert page.evaluate("s => document.activeElement?.matches(s)", selector), selector


def test_a_page_is_pasted_and_settled_by_keyboard(
    page: Page, site: str, place: Installation
) -> None:
    sign_in(page, site, Role.CURATOR.value, "/curation/intake")
    assert_readable(page)
    focused_by_tab(page, "#address")
    page.keyboard.type(ADDRESS)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(PAGE)
    crew = JobCrew(place, 1)
    crew.start()
    try:
        focused_by_tab(page, "form.add-form button")
        page.keyboard.press("Enter")
        expect(page.locator("#g-against")).to_be_visible(timeout=60_000)
        assert_readable(page, len(STATES))
        against = page.locator(".intake-line").first
        expect(against).to_contain_text("「【定員】40名」")
        focused_by_tab(page, "input[name$='-capacity']")
        page.keyboard.press("Control+A")
        page.keyboard.type("60")
        focused_by_tab(page, "input[name^='do-']")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(page.locator(".told")).to_contain_text("1行を受け入れました", timeout=60_000)
        expect(page.locator("#g-against")).to_have_count(0)
        focused_by_tab(page, "button[value=sure]", most=200)
        page.keyboard.press("Enter")
        expect(page.locator("h1 + p")).to_contain_text("すべて決めました", timeout=60_000)
    finally:
        crew.stop(0)
    assert_readable(page)
    (event,) = StoredReader(place.database).stored().events.values()
    assert (event.capacity, event.attendance) == (60, 52)
    page.get_by_role("link", name=event.title, exact=True).click()
    page.wait_for_url(f"{site}/events/{event.id}")


def test_the_list_and_the_page_as_it_was_read(page: Page, site: str, place: Installation) -> None:
    for address in ("/curation/intakes", f"{INTAKE}/page"):
        page.goto(site + address)
        assert_readable(page)
    assert (Path(place.data_dir) / "incoming" / "intakes").exists()
