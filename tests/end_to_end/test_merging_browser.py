"""Merging double cases in a real browser: by keyboard, and looked at by axe."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.installation import Installation
from kb.catalogue.editions.service import Editions
from kb.catalogue.entries import DocumentEntry, ExcerptEntry
from kb.catalogue.writing import writing
from kb.domain.classification import DocumentKind, Theme
from kb.domain.rights import Rights, Terms
from tests.catalogue.drafts import AUTHOR, case, draft
from tests.web.real_site import opened_site

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import profile, served, sign_in
from tests.browser.test_accessibility import COLOUR, EVERY_RULE, violations, width_needed

pytestmark = pytest.mark.browser

START = "/curation/cases/case-a/merge"
PAIR = f"{START}?other=case-b"
OTHERS = (
    "/curation/documents/book/pages", "/curation/documents/doc-a/edition",
    "/documents/doc-a/editions/1", "/documents/doc-a/editions/1/pages/1",
)  # fmt: skip
LOOKS = (("dark", 1280, COLOUR), ("light", 1280, EVERY_RULE), ("light", 320, EVERY_RULE))


@pytest.fixture(scope="module")
def address(another: Callable[[], Installation]) -> Iterator[str]:
    """A site with two cases that are one, and a casebook."""
    held = another()
    case(held, "case-a", "窓口の改善", implemented_in=2021, keywords=("窓口",))
    case(held, "case-b", "窓口改善の取組", implemented_in=2021, keywords=("市民課",),
         themes=(Theme.CULTURE,), narrative={"summary": "窓口を一つにしました。" * 10})  # fmt: skip
    for name in ("a", "b"):
        draft(held, f"doc-{name}", case_id=f"case-{name}", published=True, draft=False)
    draft(held, "book", pages=9)
    draft(held, "new", pages=9)
    ranges = (ExcerptEntry("case-a", 2, 4), ExcerptEntry("case-b", 4, 6),
              ExcerptEntry("case-a", 8, 8))  # fmt: skip
    with writing(held.database, AUTHOR) as writer:
        writer.record_document(
            DocumentEntry("book", "事例集", DocumentKind.CASEBOOK, Rights(Terms.OPEN),
                          excerpts=ranges)
        )  # fmt: skip
    editions = Editions(held.database)
    form = editions.form("doc-a")
    assert form is not None
    draft(held, "newer", rights=Rights(Terms.UNKNOWN))
    editions.replace("doc-a", "newer", form.version, AUTHOR)
    with opened_site(held) as app, served(app) as opened:
        yield opened
    held.close()


@pytest.fixture
def desk(browser: Browser, address: str) -> Iterator[Page]:
    """A page in which a curator has signed in; what its scripts complain of fails the test."""
    with profile(browser) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        sign_in(page, address, "curator", START)
        yield page
        assert complaints == []


def assert_accessible(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
    for scheme, width, rules in LOOKS:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of its literals
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page, rules) == []
        assert width_needed(page) <= width


def test_two_cases_become_one_by_keyboard_on_pages_that_fit(
    desk: Page, address: str, tmp_path: Path
) -> None:
    for path in (*OTHERS, START, PAIR):
        desk.goto(address + path)
        assert desk.locator("h1").count() == 1, path
        assert_accessible(desk)
        desk.screenshot(path=tmp_path / f"{len(path)}-320.png", full_page=True)
        desk.set_viewport_size({"width": 1280, "height": 800})
        desk.screenshot(path=tmp_path / f"{len(path)}-1280.png", full_page=True)
    desk.get_by_role("radio", name="統合する事例 窓口改善の取組").focus()
    desk.keyboard.press("Space")
    desk.get_by_role("button", name="一つにする").focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url(address + START)
    expect(desk.get_by_role("status").first).to_contain_text("一つにしました")
    expect(desk.locator("h1 + p")).to_contain_text("窓口改善の取組")
    assert_accessible(desk)
    desk.goto(f"{address}/cases/case-b")
    desk.wait_for_url(f"{address}/cases/case-a")
    desk.goto(address + START)
    desk.get_by_role("button", name="2つに分ける").press("Enter")
    expect(desk.get_by_role("status").first).to_contain_text("2つの事例に分けました")
