"""The worklist in a real browser: an address and a pair settled by keyboard; looked at by axe."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from indexer.installation import Installation
from kb.catalogue.entries import SourceEntry
from kb.catalogue.writing import writing
from kb.domain.clock import today
from kb.domain.rights import Rights, Terms
from kb.domain.roles import Role
from tests.browser.conftest import profile, served, sign_in
from tests.browser.test_accessibility import STATES, violations, width_needed
from tests.catalogue.drafts import AUTHOR, case, draft
from tests.web.fake_accounts import NAMES
from tests.web.real_site import opened_site
from tests.web.second_person_site import FILE, INTAKE, let_wait

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

LIST, PAIR = "/curation/worklist", "/curation/worklist/alike/doc-2/doc-1"
WAITING, OTHER = f"{LIST}/second_person", Role.ADMINISTRATOR


@pytest.fixture(scope="module")
def held(another: Callable[[], Installation]) -> Iterator[Installation]:
    """Two published documents that are alike, a draft, a case without a year."""
    opened = another()
    old = today() - timedelta(400)
    address = "https://example.jp/" + "long-address/" * 12
    for name in ("doc-1", "doc-2"):
        draft(opened, name, rights=Rights(Terms.OPEN), published=True, draft=False,
              sources=(SourceEntry(f"{address}{name}", "掲載", old),))  # fmt: skip
    draft(opened, "doc-3", rights=Rights(Terms.UNKNOWN, "複写はご遠慮ください"))
    case(opened, "case-1", "年度のない事例")
    with writing(opened.database, AUTHOR) as writer:
        writer.record_likeness("doc-2", "doc-1", "same_text", 0.97)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def window(browser: "Browser") -> "Iterator[BrowserContext]":
    with profile(browser) as context:
        yield context


def assert_sound(page: "Page") -> None:
    """No violation in light and dark, at every width, and nothing wider than the window."""
    for scheme, width, rules in STATES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # a literal in STATES
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page, rules) == [], (scheme, width)
        assert width_needed(page) <= width


def test_what_waits_is_settled_by_keyboard(page: "Page", address: str) -> None:
    sign_in(page, address, "curator", "/curation")
    page.get_by_role("link", name="やることの一覧").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}{LIST}")
    assert_sound(page)
    page.get_by_role("button", name="見つかった").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}{LIST}/sources")
    assert page.get_by_role("status").first.inner_text().startswith("見つかったと記録しました")
    assert page.get_by_role("button", name="見つかった").count() == 1
    page.goto(f"{address}{PAIR}")
    assert_sound(page)
    page.get_by_label("同じ資料", exact=False).first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_text("「同じ資料」と決まっています").wait_for()
    assert page.get_by_text("編集担当にも表示しません").count() == 1
    assert_sound(page)
    page.get_by_role("button", name="この判断を取り消す").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="決める").wait_for()


def test_what_waits_for_another_is_clear_to_the_sender_and_to_the_other(
    page: "Page", held: Installation
) -> None:
    with opened_site(held, KB_TWO_PERSON="on") as two, served(two) as site:
        file = let_wait(two, held, f"編集担当 {NAMES[Role.CURATOR]}")
        for who, told in ((Role.CURATOR, "別の人が確かめます"), (OTHER, "あなたが確かめられます")):
            page.context.clear_cookies()
            sign_in(page, site, who.value, WAITING)
            assert page.get_by_text(told).count() == 2
            assert_sound(page)
            page.get_by_role("link", name=FILE).press("Enter")
            page.wait_for_url(f"{site}{file}")
            assert page.get_by_role("button", name="件を書き込む").count() == (who is OTHER)
            assert_sound(page)
            page.goto(f"{site}{INTAKE}")
            assert page.get_by_role("button", name="この内容で記録").count() == (who is OTHER)
            assert_sound(page)
        page.get_by_role("button", name="差し戻す").press("Enter")
        page.get_by_text("確認待ちをやめました").wait_for()
        page.goto(f"{site}{file}")
        page.get_by_role("button", name="書き込まずに取りやめる").press("Enter")
        page.get_by_text("書き込まずに取りやめました").wait_for()
        page.goto(f"{site}{WAITING}")
        page.get_by_text("ありません。").wait_for()
