"""The site is used without a mouse, and without its script."""

import re
from collections.abc import Iterator

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A browser with JavaScript switched off."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def focused(page: Page, wanted: str) -> bool:
    return bool(page.evaluate("s => document.activeElement.matches(s)", wanted))


def tab_to(page: Page, wanted: str, most: int = 120) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page, wanted):
            return
    raise AssertionError(f"{wanted} is not reached within {most} tabs")


def focus_is_seen(page: Page) -> bool:
    """The focused element has an outline and stands inside the window."""
    return bool(
        page.evaluate(
            """() => {
              const e = document.activeElement, box = e.getBoundingClientRect();
              return parseFloat(getComputedStyle(e).outlineWidth) >= 2
                && box.bottom > 0 && box.top < innerHeight;
            }"""
        )
    )


def test_from_the_question_to_the_page_by_keyboard(page: Page, site: str) -> None:
    page.goto(site)
    tab_to(page, "#q", most=15)
    assert focus_is_seen(page)
    page.keyboard.type("改善")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    tab_to(page, ".result h3 a")
    assert focus_is_seen(page)
    tab_to(page, ".passage a[href*='doc-slides/pages/5']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/doc-slides/pages/5*")
    expect(page.locator("mark#hit-1")).to_be_visible()


def test_the_skip_link_comes_first_and_leads_to_the_text(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=改善")
    page.keyboard.press("Tab")
    assert focused(page, ".skip")
    assert focus_is_seen(page)
    page.keyboard.press("Enter")
    assert focused(page, "#main")


def test_n_and_p_walk_from_mark_to_mark(page: Page, site: str) -> None:
    page.goto(f"{site}/documents/doc-slides/pages/5?q=改善&hit=4")
    page.keyboard.press("n")
    page.wait_for_url("**/pages/9*#hit-1")
    page.keyboard.press("p")
    page.wait_for_url("**/pages/5*#hit-4")
    expect(page.locator("mark#hit-4")).to_be_in_viewport()


def test_letters_that_are_typed_do_not_walk(page: Page, site: str) -> None:
    page.goto(f"{site}/documents/doc-slides/pages/5?q=改善")
    page.locator("#q").fill("")
    page.locator("#q").press_sequentially("npn")
    assert page.locator("#q").input_value() == "npn"
    assert "/pages/5" in page.url


def test_a_ticked_facet_is_applied_and_keeps_its_place(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=改善")
    expect(page.get_by_text("選ぶと、すぐに結果が変わります。")).to_be_visible()
    page.locator("#f-theme-culture").check()
    page.wait_for_url(re.compile("theme=culture"))
    assert focused(page, "#f-theme-culture")
    expect(page.locator(".applied")).to_contain_text("職場風土・対話")


def test_facets_work_without_a_script(plain_page: Page, site: str) -> None:
    plain_page.goto(f"{site}/search?q=改善")
    plain_page.locator("#f-theme-culture").check()
    plain_page.locator("#f-municipality").fill("福津市")
    assert "theme" not in plain_page.url
    plain_page.get_by_role("button", name="この条件で絞り込む").click()
    plain_page.wait_for_url(re.compile("theme=culture"))
    expect(plain_page.locator(".applied")).to_contain_text("福津市")
    plain_page.get_by_role("link", name=re.compile("職場風土・対話を ?外す")).click()
    plain_page.wait_for_url(lambda url: "theme" not in url)
    expect(plain_page.locator(".applied")).not_to_contain_text("職場風土・対話")


def test_menus_unfold_without_a_script_on_a_narrow_page(plain_page: Page, site: str) -> None:
    plain_page.set_viewport_size({"width": 320, "height": 640})
    plain_page.goto(f"{site}/search?q=改善")
    expect(plain_page.locator("#f-theme-culture")).to_be_hidden()
    plain_page.get_by_text("条件で絞り込む", exact=True).first.click()
    plain_page.locator("#f-theme-culture").check()
    plain_page.get_by_text("メニュー").click()
    expect(plain_page.get_by_role("link", name="開催記録").first).to_be_visible()


def test_marks_are_walked_without_a_script(plain_page: Page, site: str) -> None:
    plain_page.goto(f"{site}/documents/doc-slides/pages/5?q=改善&hit=4")
    plain_page.get_by_role("link", name="次の該当").click()
    plain_page.wait_for_url("**/pages/9*#hit-1")
    assert plain_page.locator("mark#hit-1").count() == 1


def test_targets_are_large_enough(page: Page, site: str) -> None:
    """Controls of 24 by 24 CSS pixels; links inside sentences are exempt (WCAG 2.5.8)."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{site}/search?q=福間町+カイゼン+打破")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, summary, .chip > a, .pager a, .switch a')]
          .filter(e => e.checkVisibility())
          .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
          .filter(([, box]) => box.width < 24 || box.height < 24)
          .map(([text]) => text)"""
    )
    assert small == []
