"""An official with two words and a keyboard: from the question to the page that answers."""

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import violations, width_needed

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/search?q=福津市",
    "/search?q=福間町 カイゼン 打破",
    "/search?q=福律市",
    "/search?q=窓口&theme=counter&implemented_in=2021",
    "/cases/case-fukutsu-2021",
    "/cases/case-mihon-yukino-2014",
    "/documents/doc-2022-09-03-record?q=縦割り",
    "/documents/doc-2022-09-03-record/pages/1?q=縦割り",
    "/documents/doc-mihon-tsukimihara-2021-slides/pages/2",
    "/municipalities/402249",
    "/events/ev-2022-09-03",
    "/years/2021",
    "/themes/culture",
    "/departments/policy",
    "/people/person-harazaki",
    "/programmes/prog-team-keiei",
    "/nowhere",
)


def test_a_town_is_searched_for_and_its_two_cases_are_shown(page: Page, site: str) -> None:
    page.goto(f"{site}/")
    page.get_by_label("さがすことば").fill("福津市")
    page.get_by_role("button", name="検索").click()
    page.wait_for_url("**/search?*")
    headings = page.locator(".result h3").all_inner_texts()
    assert headings[:2] == [
        "まちづくりの基本構想を実現する一体感のある市役所をめざして",
        "職場力を高める組織目標とは?",
    ]


def test_results_are_narrowed_and_the_choice_is_in_the_address(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=福津市")
    box = page.get_by_role("checkbox", name="2021年度(令和3年度)").first
    box.check()
    page.wait_for_url("**implemented_in=2021**")
    expect(page.locator(".result")).to_have_count(1)
    page.locator(".applied .chip").get_by_role("link").click()
    expect(page.locator(".result").nth(1)).to_be_visible()


def test_the_page_that_answers_is_opened_and_marked(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=縦割り")
    page.locator(".passage a").first.click()
    page.wait_for_url("**/pages/1*")
    marks = page.locator("mark").all_inner_texts()
    assert marks
    assert set(marks) == {"縦割り"}


def test_all_of_it_by_keyboard(page: Page, site: str) -> None:
    page.goto(f"{site}/")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "q":
            break
    page.keyboard.type("カイゼン運動 進め方")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=**")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('.result h3')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/case-takashima-2018**")
    expect(page.get_by_role("heading", level=1)).to_have_text("高島市の改善活動の取り組み事例")


def test_an_expansion_is_taken_back(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=福間町")
    assert page.locator(".result").count() >= 2
    page.locator(".chip").filter(has_text="福間町").get_by_role("link").click()
    expect(page.locator(".chip.missing")).to_contain_text("どの資料にもありません")


@pytest.mark.parametrize("address", PAGES)
def test_pages_of_the_real_corpus_have_no_violations_and_fit(
    page: Page, site: str, address: str
) -> None:
    page.goto(site + address)
    for scheme, width in (("light", 1280), ("dark", 320)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of the two above
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == []
        assert width_needed(page) <= width
