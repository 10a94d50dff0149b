"""Every page and state, looked at by axe in light and dark, wide and narrow."""

import pytest
from flask import Flask

from kb.domain.rights import Audience
from tests.web.pages import PAGES, REFUSALS

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

from playwright.sync_api import Page  # noqa: E402 - only where it is installed

pytestmark = pytest.mark.browser

EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""All that another colour scheme can change."""

STATES = [
    ("light", 1280, EVERY_RULE),
    ("dark", 1280, COLOUR),
    ("dark", 320, COLOUR),
    ("light", 320, EVERY_RULE),
]
EVERY_PAGE = {**PAGES, **{name: address for name, (address, _) in REFUSALS.items()}}

RUN = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"], selectors: false})
  .then(found => found.violations.map(v => v.id + ": " + v.nodes[0].html))"""


def violations(page: Page, rules: object = EVERY_RULE) -> list[str]:
    """What axe finds, each with the first element it finds it on."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.Axe().axe_script)
    return [str(found) for found in page.evaluate(RUN, rules)]


def width_needed(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def test_axe_is_listening(page: Page) -> None:
    """A page with three faults, so that silence elsewhere means something."""
    page.set_content(
        "<html><body><p style='color:#ccc'>うすい字</p><img src='x.png'></body></html>"
    )
    found = {fault.partition(":")[0] for fault in violations(page)}
    assert {"color-contrast", "image-alt", "html-has-lang"} <= found
    assert [fault[:14] for fault in violations(page, COLOUR)] == ["color-contrast"]


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_a_page_has_no_violations_and_fits(page: Page, site: str, name: str) -> None:
    page.goto(site + EVERY_PAGE[name])
    found = {}
    for scheme, width, rules in STATES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # a literal in STATES
        page.set_viewport_size({"width": width, "height": 800})
        found[scheme, width] = violations(page, rules)
        assert width_needed(page) <= width
    assert not any(found.values()), found


@pytest.mark.parametrize("width", [320, 1280])
def test_what_unfolds_has_no_violations_either(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site + PAGES["results"])
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert violations(page) == []
    assert width_needed(page) <= width


def test_the_reasons_for_the_order_unfold_without_violations(
    page: Page, site: str, site_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(site_app.config, "KB_AUDIENCE", Audience.CURATOR.value)
    page.goto(f"{site}/search?q=改善&explain=1")
    page.locator(".why-order > summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".why-table").first.is_visible()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = {}
    for scheme, width, rules in STATES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # a literal in STATES
        page.set_viewport_size({"width": width, "height": 800})
        found[scheme, width] = violations(page, rules)
        assert width_needed(page) <= width
    assert not any(found.values()), found


@pytest.mark.parametrize("name", ["home", "results", "case", "page with hits"])
def test_four_hundred_per_cent_still_fits(page: Page, site: str, name: str) -> None:
    """1280 pixels at 400 % are 320 by 200: also what is sticky must leave room to read."""
    page.set_viewport_size({"width": 320, "height": 200})
    page.goto(site + PAGES[name])
    assert width_needed(page) <= 320
    stuck = (
        "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).position === 'sticky')"
    )
    assert page.evaluate(f"{stuck}.length") == 0


def test_the_first_result_is_near_on_a_narrow_page(page: Page, site: str) -> None:
    """The plain question: search box, count and the first result within two screens."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{site}/search?q=改善")
    top = page.locator(".result h3").first.bounding_box()
    assert top is not None
    assert top["y"] < 640
    page.goto(site + PAGES["results"])
    chips = page.locator(".result h3").first.bounding_box()
    assert chips is not None
    assert chips["y"] < 2 * 640
