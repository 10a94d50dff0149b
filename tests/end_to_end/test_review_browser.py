"""Review in a real browser: settled and published by keyboard alone, and looked at by axe."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.installation import Installation
from kb.domain.rights import Rights, Terms
from tests.catalogue.drafts import AUTHOR, SURE, UNSURE, batch, case, draft, event, proposal

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Browser, BrowserContext, Page, expect

from kb.catalogue.rights.withdrawing import Named, take_down
from kb.catalogue.writing import writing
from tests.browser.conftest import profile, sign_in
from tests.browser.test_accessibility import COLOUR, EVERY_RULE, violations, width_needed

pytestmark = pytest.mark.browser

TITLES = ("窓口の改善", "財政の改善", "広報の改善")


@pytest.fixture(scope="module")
def held(another: Callable[[], Installation]) -> Iterator[Installation]:
    """Three drafts to settle, and documents in every other state."""
    opened = another()
    event(opened)
    case(opened, "case-1", "福津市の改善", implemented_in=2021)
    for number, title in enumerate(TITLES):
        draft(opened, f"doc-{number}", {**UNSURE, "title": proposal(title, 0.7)})
    stated = proposal("複写はご遠慮ください", 0.95, "複写はご遠慮ください", "refusal")
    axes = {**SURE, "themes": [proposal("finance", 0.65)], "kind": proposal("slides", 0.6),
            "presented_in": proposal(2022, 0.6), "series": proposal("通信", 0.6),
            "rights_statement": stated, "functions": [proposal("finance", 0.6)]}  # fmt: skip
    draft(opened, "doc-axe", axes, case_id="case-1", event_id="ev-1")
    draft(opened, "doc-down", rights=Rights(Terms.OPEN), published=True, draft=False)
    batch(opened, "up-1", *(f"doc-{number}" for number in range(3)), "doc-axe")
    with writing(opened.database, AUTHOR) as writer:
        writer.record_likeness("doc-axe", "doc-down", "same_text", 0.97)
    take_down(opened.database, Named(documents=("doc-down",)), AUTHOR, lambda _sha256: None)
    opened.up_to_date()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def signed_in(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A browser in which a curator has signed in."""
    with profile(browser) as context:
        page = context.new_page()
        sign_in(page, address, "curator", "/curation/review")
        page.close()
        yield context


@pytest.fixture
def desk(signed_in: BrowserContext) -> Iterator[Page]:
    """A page of that browser; what its scripts complain of fails the test."""
    page = signed_in.new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert complaints == []


PAGES = {
    "queue": "/curation/review",
    "review": "/curation/review/doc-axe?page=1&at=2",
    "taken down": "/curation/review/doc-down",
    "case": "/curation/review/doc-axe/case",
    "case form": "/curation/cases/case-1",
    "rights": "/curation/review/doc-axe/rights",
    "batch": "/curation/uploads/up-1/together?like=doc-axe",
}


def assert_accessible(page: Page) -> None:
    for scheme, width, rules in (
        *(("dark", 1280, COLOUR), ("light", 1280, EVERY_RULE), ("light", 320, EVERY_RULE)),
    ):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of its literals
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page, rules) == []
        assert width_needed(page) <= width


def test_every_page_is_accessible_and_fits(desk: Page, address: str) -> None:
    for name, path in PAGES.items():
        desk.goto(address + path)
        desk.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        assert desk.locator("h1").count() == 1, name
        assert_accessible(desk)


def test_so_is_what_could_not_be_taken(desk: Page, address: str) -> None:
    desk.goto(f"{address}/curation/review/doc-axe")
    desk.fill("#v-municipality", "府中市")
    desk.fill("#v-implemented_in", "去年")
    desk.get_by_role("button", name="保存 Ctrl+Enter").click()
    expect(desk.get_by_role("alert")).to_contain_text("2項目を保存できませんでした")
    expect(desk.get_by_role("radio", name="広島県府中市")).to_be_visible()
    expect(desk.locator("#v-implemented_in")).to_have_value("去年")
    assert_accessible(desk)


def test_so_is_what_a_batch_would_become(desk: Page, address: str) -> None:
    desk.goto(f"{address}/curation/uploads/up-1/together")
    desk.get_by_role("checkbox", name="要確認の項目を、資料ごとの自動判定で確定する").check()
    desk.get_by_role("radio", name="確認できていない").check()
    desk.get_by_role("button", name="どうなるかを確かめる").click()
    expect(desk.get_by_role("heading", name="資料ごとの変更")).to_be_visible()
    expect(desk.get_by_role("checkbox", name="窓口の改善")).to_be_checked()
    assert_accessible(desk)


def test_three_documents_by_keyboard_alone(
    desk: Page, address: str, held: Installation, tmp_path: Path
) -> None:
    """Accept the title, say that the terms are not known, publish; the next one opens."""
    desk.goto(f"{address}/curation/review/doc-0")
    keys = desk.keyboard
    for number in range(3):
        desk.wait_for_url(re.compile(rf"^{address}/curation/review/doc-{number}(\?|$)"))
        expect(desk.locator(".prop.now")).to_contain_text("題名")
        expect(desk.locator(".prop.now")).to_be_focused()
        keys.press("a")
        expect(desk.locator("[name=do-title][value=set]")).to_be_checked()
        expect(desk.locator(".prop.now")).to_contain_text("テーマ")
        keys.press("4")
        expect(desk.locator("[name=terms][value=unknown]")).to_be_checked()
        keys.press("Control+Shift+Enter")
        told = f"「{TITLES[number]}」を公開しました"
        expect(desk.get_by_role("status").first).to_contain_text(told)
    held.up_to_date()
    for title in TITLES:
        desk.goto(f"{address}/search?q={title}")
        expect(desk.locator(".result h3").first).to_contain_text(title)


def test_keys_walk_change_and_save_but_not_while_typing(desk: Page, address: str) -> None:
    desk.goto(f"{address}/curation/review/doc-axe")
    keys = desk.keyboard
    expect(desk.locator("[data-field].now")).to_be_focused()
    for _ in range(20):
        keys.press("k")
    expect(desk.locator("#f-1")).to_be_focused()
    keys.press("j")
    expect(desk.locator("#f-2")).to_be_focused()
    keys.press("c")
    expect(desk.locator("#v-implemented_in")).to_be_focused()
    keys.press("Control+a")
    keys.type("R2jkax")
    expect(desk.locator("#v-implemented_in")).to_have_value("R2jkax")
    expect(desk.locator("[name=do-implemented_in][value=set]")).to_be_checked()
    keys.press("Control+a")
    keys.type("R2")
    keys.press("Escape")
    expect(desk.locator("#f-2")).to_be_focused()
    keys.press("Control+Enter")
    expect(desk.get_by_role("status").first).to_contain_text("1項目を保存しました")
    expect(desk.locator("#v-implemented_in")).to_have_value("2020年度(令和2年度)")
    desk.locator("#f-2").focus()
    keys.press("u")
    expect(desk.locator("[name=do-implemented_in][value=undo]")).to_be_checked()
    keys.press("Control+Enter")
    expect(desk.locator("#v-implemented_in")).to_have_value("2021年度(令和3年度)")
    desk.get_by_role("checkbox", name="文字のキーを使う").uncheck()
    desk.locator("#f-2").focus()
    keys.press("x")
    expect(desk.locator("[name=do-implemented_in][value=keep]")).to_be_checked()


def test_evidence_is_shown_beside_without_losing_what_is_typed(desk: Page, address: str) -> None:
    desk.goto(f"{address}/curation/review/doc-axe")
    desk.fill("#v-series", "書きかけ")
    desk.locator("#f-2 .evn-link").first.click()
    expect(desk.locator("#h-sheet")).to_be_focused()
    desk.locator("#sheet-side summary").click()
    expect(desk.locator("mark.now")).to_have_text("令和3年度")
    expect(desk.locator("#v-series")).to_have_value("書きかけ")
