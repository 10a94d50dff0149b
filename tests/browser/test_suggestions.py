"""Suggestions while typing: by keyboard, by pointer, with an input method, and without a script."""

import re
from collections.abc import Iterator

import pytest

from tests.browser.test_accessibility import EVERY_RULE, STATES, violations, width_needed
from tests.browser.test_keyboard import focused

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Browser, Page, Request, expect

pytestmark = pytest.mark.browser

PAGES_WITH_A_BOX = ["/", "/search?q=改善", "/themes", "/cases/case-a"]


@pytest.fixture
def asked(page: Page) -> Iterator[list[str]]:
    """What the page asked the server for, as it was asked."""
    addresses: list[str] = []

    def note(request: Request) -> None:
        if "/api/v1/suggest" in request.url:
            addresses.append(request.url)

    page.on("request", note)
    yield addresses
    page.remove_listener("request", note)


def opened(page: Page, site: str, address: str = "/", typed: str = "改善") -> None:
    page.goto(site + address)
    page.locator("#q").fill("")
    page.locator("#q").press_sequentially(typed)
    expect(page.locator("#q-offers")).to_be_visible()


def active(page: Page) -> str | None:
    """The text of the option that the box says is active."""
    return page.evaluate(
        """() => {
          const id = document.querySelector('#q').getAttribute('aria-activedescendant');
          const option = id && document.getElementById(id);
          return option && option.getAttribute('aria-selected') === 'true'
            ? option.querySelector('.name').textContent : null;
        }"""
    )


@pytest.mark.parametrize("address", PAGES_WITH_A_BOX)
def test_every_search_box_suggests(page: Page, site: str, address: str) -> None:
    opened(page, site, address)
    box = page.get_by_role("combobox", name="さがすことば")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_have_attribute("aria-controls", "q-offers")
    expect(page.get_by_role("option")).to_have_count(3)
    expect(page.get_by_role("option").first).to_contain_text("テーマ")
    expect(page.get_by_role("status")).to_have_text("候補3件")


def test_the_list_is_walked_by_keyboard(page: Page, site: str) -> None:
    opened(page, site)
    page.keyboard.press("ArrowDown")
    assert active(page) == "業務改善・効率化"
    page.keyboard.press("End")
    assert active(page) == "業務改善と<組織>の対話"
    page.keyboard.press("ArrowDown")
    assert active(page) is None
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    assert active(page) == "改善運動"
    assert focused(page, "#q")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert page.locator("#q").input_value() == "改善運動"


def test_enter_without_a_choice_asks_what_was_typed(page: Page, site: str) -> None:
    opened(page, site)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert page.locator("#q").input_value() == "改善"


def test_escape_closes_the_list_and_keeps_the_words(page: Page, site: str) -> None:
    opened(page, site)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("#q-offers")).to_be_hidden()
    expect(page.locator("#q")).to_have_attribute("aria-expanded", "false")
    assert page.locator("#q").get_attribute("aria-activedescendant") is None
    assert page.locator("#q").input_value() == "改善"
    page.keyboard.press("ArrowDown")
    expect(page.locator("#q-offers")).to_be_visible()


def test_a_click_leads_to_the_page_and_leaving_closes_the_list(page: Page, site: str) -> None:
    opened(page, site, typed="福津市")
    page.get_by_role("option").first.click()
    page.wait_for_url("**/municipalities/402249")
    opened(page, site)
    page.keyboard.press("Tab")
    expect(page.locator("#q-offers")).to_be_hidden()


def test_letters_typed_quickly_are_asked_once(page: Page, site: str, asked: list[str]) -> None:
    opened(page, site)
    assert len(asked) == 1
    page.locator("#q").fill("どこにもない")
    expect(page.get_by_role("status")).to_have_text("候補はありません")
    expect(page.locator("#q-offers")).to_be_hidden()
    page.locator("#q").fill("あ" * 201)
    page.wait_for_timeout(300)
    assert len(asked) == 2


def test_an_overtaken_answer_is_not_shown(page: Page, site: str) -> None:
    """The first answer comes when a second question has been asked long ago."""
    page.goto(site)
    held = []
    first = re.compile("suggest.*q=%E7%A6%8F$")
    page.route(first, lambda route: held.append(route))
    with page.expect_request(first):
        page.locator("#q").fill("福")
    page.locator("#q").fill("改善運動")
    expect(page.get_by_role("option")).to_have_count(1)
    assert page.get_by_role("option").locator(".name").text_content() == "改善運動"
    assert len(held) == 1


def test_nothing_is_asked_or_sent_while_an_input_method_composes(
    page: Page, site: str, asked: list[str]
) -> None:
    page.goto(site)
    page.locator("#q").focus()
    session = page.context.new_cdp_session(page)
    compose = {"text": "かいぜん", "selectionStart": 4, "selectionEnd": 4}
    session.send("Input.imeSetComposition", compose)
    page.wait_for_timeout(300)
    assert asked == []
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    page.wait_for_timeout(200)
    assert "/search" not in page.url
    session.send("Input.insertText", {"text": "改善"})
    expect(page.locator("#q-offers")).to_be_visible()
    assert len(asked) == 1


def test_the_box_is_a_plain_form_without_a_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(site)
    expect(plain.get_by_role("searchbox", name="さがすことば")).to_be_visible()
    expect(plain.locator("#q-offers")).to_be_hidden()
    plain.locator("#q").fill("改善")
    plain.keyboard.press("Enter")
    plain.wait_for_url("**/search?q=*")
    assert plain.locator("#q").input_value() == "改善"
    context.close()


@pytest.mark.parametrize("address", ["/", "/search?q=改善"])
def test_the_open_list_has_no_violations_and_fits(page: Page, site: str, address: str) -> None:
    found = {}
    for scheme, width, _ in STATES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # a literal in STATES
        page.set_viewport_size({"width": width, "height": 800})
        opened(page, site, address)
        page.keyboard.press("ArrowDown")
        found[scheme, width] = violations(page, EVERY_RULE)
        assert width_needed(page) <= width
        heights = page.evaluate(
            """[...document.querySelectorAll('#q-offers > li')]
              .map(line => line.getBoundingClientRect().height)"""
        )
        assert min(heights) >= 24
        outline = "getComputedStyle(document.querySelector('[aria-selected=true]')).outlineWidth"
        assert page.evaluate(f"parseFloat({outline})") >= 2
    assert not any(found.values()), found
