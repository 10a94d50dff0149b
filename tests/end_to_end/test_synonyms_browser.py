"""Synonyms and local names in a real browser, by keyboard alone."""

from collections.abc import Callable, Iterator

import pytest

from indexer.installation import Installation
from kb.catalogue.entries import Authorship, PersonEntry
from kb.catalogue.writing import writing
from kb.domain.known_question import Expected, KnownQuestion
from kb.domain.rights import Rights, Terms
from kb.web import addresses
from kb.web.curation import synonym_service
from tests.catalogue.drafts import draft

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import profile, sign_in
from tests.browser.test_accessibility import COLOUR, EVERY_RULE, violations, width_needed

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def held(another: Callable[[], Installation]) -> Iterator[Installation]:
    """A document, a question that should find it, and two people."""
    opened = another()
    draft(opened, "doc-1", rights=Rights(Terms.OPEN), published=True, draft=False)
    with writing(opened.database, Authorship("test")) as writer:
        writer.questions.record(KnownQuestion("q-1", "ふくふく市", Expected(found=(("doc-1",),))))
        writer.record_person(PersonEntry("person-a", "見本太郎"))
        writer.record_person(PersonEntry("person-b", "見本花子", kana="みほん はなこ"))
    opened.up_to_date()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def window(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A profile in which a curator has signed in."""
    with profile(browser) as context:
        page = context.new_page()
        sign_in(page, address, "curator")
        page.close()
        yield context


def assert_accessible(page: Page) -> None:
    for scheme, width, rules in (
        *(("dark", 1280, COLOUR), ("light", 1280, EVERY_RULE), ("light", 320, EVERY_RULE)),
    ):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of its literals
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page, rules) == []
        assert width_needed(page) <= width


def press(page: Page, name: str) -> None:
    """A button, by keyboard."""
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def total(page: Page, site: str) -> int:
    answer = page.request.get(f"{site}/api/v1/search?q=ふくふく市")
    return int(answer.json()["total"])


def test_a_group_is_published_and_taken_back_by_keyboard(
    page: Page, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A machine at work may take longer than a page may.
    monkeypatch.setattr(synonym_service, "AT_ONCE_SECONDS", 60.0)
    page.set_default_timeout(60_000)
    list_, group = f"{address}/curation/synonyms", f"{address}/curation/synonyms/group"
    page.goto(f"{address}/curation/lists")
    assert_accessible(page)
    page.goto(list_)
    page.get_by_role("link", name="組を加える").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(group)
    page.get_by_label("語", exact=True).focus()
    page.keyboard.type("窓口、ふくふく市")
    press(page, "下書きに入れる")
    expect(page.get_by_role("alert")).to_contain_text("どちらかの組からこの語を消して")
    assert_accessible(page)
    page.get_by_label("語", exact=True).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("福津市、ふくふく市")
    press(page, "下書きに入れる")
    page.wait_for_url(list_)
    press(page, "予行する")
    expect(page.get_by_role("heading", name="予行の結果")).to_be_visible()
    expect(page.get_by_text("1件で結果が変わります")).to_be_visible()
    assert_accessible(page)
    assert total(page, address) == 0
    press(page, "1組の変更を公開する")
    expect(page.get_by_role("status").filter(has_text="公開しました")).to_be_visible()
    assert total(page, address) == 1
    assert_accessible(page)
    press(page, "この公開を取り消して一つ前に戻す")
    expect(page.get_by_role("status").filter(has_text="一つ前に戻しました")).to_be_visible()
    assert total(page, address) == 0


def test_a_local_name_is_added_and_removed_by_keyboard(page: Page, address: str) -> None:
    page.set_default_timeout(60_000)
    form = f"{address}{addresses.LOCAL_NAME}"
    page.goto(f"{address}{addresses.LOCAL_NAMES}")
    assert_accessible(page)
    page.get_by_role("link", name="呼び名を加える").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(form)
    page.get_by_label("自治体").focus()
    page.keyboard.type("福津市")
    page.keyboard.press("Tab")
    page.keyboard.type("窓口")
    press(page, "登録")
    expect(page.get_by_text("テーマのことばなので").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("呼び名").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("神興村")
    press(page, "登録")
    page.wait_for_url(f"{address}{addresses.local_names('神興村')}")
    assert_accessible(page)
    page.goto(f"{address}/municipalities/402249")
    expect(page.get_by_text("地元での呼び名")).to_be_visible()
    assert_accessible(page)
    page.goto(f"{address}/search?q=神興村")
    expect(page.get_by_text("地元での呼び名").first).to_be_visible()
    page.goto(f"{form}?key=402249:神興村")
    page.get_by_label("変更の理由").focus()
    page.keyboard.type("誤り")
    press(page, "この呼び名を消す")
    page.wait_for_url(f"{address}{addresses.local_names('402249')}")
    expect(page.get_by_role("status")).to_contain_text("呼び名から消しました")
