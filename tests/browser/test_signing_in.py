"""Signing in by keyboard, and every page and state of accounts, looked at by axe."""

from collections.abc import Iterator

import pytest
from flask import Flask

from kb.catalogue.accounts.sign_ins import MOST_WRONG
from tests.web.fake_accounts import FIRST_PASSWORD, PASSWORD

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Browser, Page, expect

from tests.browser.test_accessibility import STATES, violations, width_needed
from tests.browser.test_keyboard import focus_is_seen, tab_to

pytestmark = pytest.mark.browser

NEW = "asagohan ni nori to tamago"


@pytest.fixture
def visitor(browser: Browser, site_app: Flask) -> Iterator[Page]:
    """A page of a browser of its own, in which nobody has signed in."""
    site_app.extensions["kb.limiter"].reset()
    context = browser.new_context(locale="ja-JP")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()
    site_app.extensions["kb.limiter"].reset()


def enter(page: Page, site: str, login: str, password: str = PASSWORD) -> None:
    page.goto(f"{site}/signin")
    page.fill("#f-login", login)
    page.fill("#f-password", password)
    page.keyboard.press("Enter")


def assert_accessible(page: Page) -> None:
    """As every other page: light and dark, wide and narrow; the menu open as well."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for scheme, width, rules in STATES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # a literal in STATES
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page, rules) == [], (page.url, scheme, width)
        assert width_needed(page) <= width, page.url
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})


def test_in_and_back_and_out_by_keyboard(visitor: Page, site: str) -> None:
    visitor.set_viewport_size({"width": 1280, "height": 800})
    visitor.goto(f"{site}/cases/case-fukutsu")
    tab_to(visitor, ".own a", most=20)
    assert focus_is_seen(visitor)
    visitor.keyboard.press("Enter")
    visitor.wait_for_url(f"{site}/signin")
    tab_to(visitor, "#f-login", most=20)
    visitor.keyboard.type("curator")
    visitor.keyboard.press("Tab")
    visitor.keyboard.insert_text(PASSWORD)
    visitor.keyboard.press("Enter")
    visitor.wait_for_url(f"{site}/cases/case-fukutsu")
    expect(visitor.locator(".own .name")).to_contain_text("山田 花子")
    tab_to(visitor, ".own button", most=20)
    assert focus_is_seen(visitor)
    visitor.keyboard.press("Enter")
    visitor.wait_for_url(f"{site}/")
    expect(visitor.locator(".own")).to_have_text("サインイン")
    assert visitor.context.cookies() == []


def test_the_pages_of_signing_in_have_no_violations(visitor: Page, site: str) -> None:
    visitor.goto(f"{site}/signin")
    assert_accessible(visitor)
    enter(visitor, site, "curator", "wrong")
    expect(visitor.locator("#form-message")).to_be_visible()
    assert_accessible(visitor)
    assert visitor.locator("#f-login").input_value() == "curator"
    for _ in range(MOST_WRONG - 1):
        enter(visitor, site, "curator", "wrong")
        expect(visitor.locator("#form-message")).to_be_visible()
    enter(visitor, site, "curator")
    expect(visitor.locator("h1")).to_have_text("しばらくサインインできません")
    assert_accessible(visitor)


def test_somebody_is_added_and_chooses_a_password(
    visitor: Page, site: str, browser: Browser
) -> None:
    enter(visitor, site, "administrator")
    visitor.wait_for_url(f"{site}/")
    visitor.goto(f"{site}/curation/users")
    assert_accessible(visitor)
    visitor.fill("#f-login", "saburo")
    visitor.keyboard.press("Enter")
    expect(visitor.locator(".one-time")).to_have_text(FIRST_PASSWORD)
    assert_accessible(visitor)
    visitor.locator("#f-login").fill("saburo")
    visitor.keyboard.press("Enter")
    expect(visitor.locator("#form-message")).to_be_visible()
    assert_accessible(visitor)
    other = browser.new_context(locale="ja-JP").new_page()
    enter(other, site, "saburo", FIRST_PASSWORD)
    expect(other.locator("h1")).to_have_text("アカウント")
    assert_accessible(other)
    for field, typed in (("old", FIRST_PASSWORD), ("new", NEW)):
        other.fill(f"#f-{field}_password", typed)
    other.fill("#f-new_password_again", NEW + "x")
    other.keyboard.press("Enter")
    expect(other.locator("#form-message")).to_contain_text("1回目と2回目が違います")
    assert_accessible(other)
    other.fill("#f-old_password", FIRST_PASSWORD)
    other.fill("#f-new_password", NEW)
    other.fill("#f-new_password_again", NEW)
    other.keyboard.press("Enter")
    other.wait_for_url(f"{site}/")
    expect(other.locator(".own .name")).to_contain_text("saburo")
    other.context.close()


def test_a_form_is_sent_again_after_its_session_ended(visitor: Page, site: str) -> None:
    enter(visitor, site, "administrator")
    visitor.wait_for_url(f"{site}/")
    visitor.goto(f"{site}/curation/users")
    visitor.fill("#f-login", "shiro")
    visitor.fill("#f-name", "四谷 四郎")
    visitor.context.clear_cookies()
    visitor.keyboard.press("Enter")
    expect(visitor.locator("#form-message")).to_contain_text("もう一度送れます")
    assert_accessible(visitor)
    visitor.fill("#f-login", "administrator")
    visitor.fill("#f-password", PASSWORD)
    visitor.keyboard.press("Enter")
    expect(visitor.locator("h1")).to_have_text("書きかけの内容")
    expect(visitor.locator(".typed")).to_contain_text("四谷 四郎")
    assert_accessible(visitor)
    visitor.get_by_role("button", name="もう一度送る").click()
    expect(visitor.locator(".one-time")).to_have_text(FIRST_PASSWORD)


def test_the_frame_fits_with_somebody_signed_in(visitor: Page, site: str) -> None:
    enter(visitor, site, "curator")
    visitor.wait_for_url(f"{site}/")
    for width in (320, 768, 1024, 1280):
        visitor.set_viewport_size({"width": width, "height": 800})
        assert width_needed(visitor) <= width
        header = visitor.locator(".site-header").bounding_box()
        assert header is not None
        assert header["height"] < 80, width
