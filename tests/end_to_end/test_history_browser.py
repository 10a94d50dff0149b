"""History in a real browser: a case is edited, its change seen and put back by keyboard alone."""

from collections.abc import Callable, Iterator

import pytest

from indexer.installation import Installation
from kb.domain.rights import Rights, Terms
from tests.catalogue.drafts import AUTHOR, SURE, case, draft, event

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Browser, Page, expect

from kb.catalogue.rights.withdrawing import Named, take_down
from tests.browser.conftest import profile, sign_in
from tests.browser.test_accessibility import STATES, violations, width_needed

pytestmark = pytest.mark.browser

LONG = "https://example.lg.jp/とても長くて途中で折れない住所" + "0123456789" * 9


@pytest.fixture(scope="module")
def held(another: Callable[[], Installation]) -> Iterator[Installation]:
    """A case with a past, a document that was taken down, and one that says something long."""
    opened = another()
    event(opened)
    for year in (2019, 2020):
        case(opened, "case-1", "窓口の改善", implemented_in=year, related_url=f"{LONG}{year}")
    draft(opened, "doc-1", SURE, rights=Rights(Terms.OPEN), case_id="case-1")
    take_down(opened.database, Named(documents=("doc-1",)), AUTHOR, lambda _sha256: None)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def desk(browser: Browser, address: str) -> Iterator[Page]:
    with profile(browser) as context:
        page = context.new_page()
        page.set_viewport_size({"width": 1280, "height": 800})
        sign_in(page, address, "administrator", "/curation/cases/case-1")
        yield page


def test_a_case_is_edited_and_the_change_put_back_by_keyboard(desk: Page, address: str) -> None:
    desk.get_by_label("実践年度").fill("R3")
    desk.get_by_label("実践年度").press("Enter")
    expect(desk.get_by_role("status")).to_be_visible()
    desk.get_by_role("link", name="来歴").focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"{address}/curation/history/case/case-1")
    first = desk.locator(".changes > li").first
    expect(first).to_contain_text("編集担当 管野 五月")
    expect(first.locator("del")).to_have_text("2020年度(令和2年度)")
    expect(first.locator("ins")).to_have_text("2021年度(令和3年度)")
    first.get_by_role("button", name="この変更を元に戻す").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("を元に戻しました")
    first = desk.locator(".changes > li").first
    expect(first.locator("ins")).to_have_text("2020年度(令和2年度)")
    desk.goto(f"{address}/curation/cases/case-1")
    expect(desk.get_by_label("実践年度")).to_have_value("2020年度(令和2年度)")


def test_the_pages_are_accessible_and_fit(desk: Page, address: str) -> None:
    for path in ("/curation/history/case/case-1", "/curation/history/document/doc-1",
                 "/curation/log?kind=case"):  # fmt: skip
        desk.goto(address + path)
        desk.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        assert desk.locator("h1").count() == 1
        for scheme, width, rules in STATES:
            desk.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of its literals
            desk.set_viewport_size({"width": width, "height": 800})
            assert violations(desk, rules) == [], (path, scheme, width)
            assert width_needed(desk) <= width, path
