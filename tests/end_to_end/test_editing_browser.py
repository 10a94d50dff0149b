"""The forms that change what is recorded in a real browser: by keyboard, and looked at by axe."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from indexer.installation import Installation
from kb.catalogue.editing.service import Editing
from kb.catalogue.editing.views import Kind
from kb.catalogue.entries import PersonEntry, ProgrammeEntry, RoleEntry, SourceEntry
from kb.catalogue.writing import writing
from kb.domain.rights import Rights, Terms
from tests.catalogue.drafts import AUTHOR, case, draft, event

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import profile, sign_in
from tests.browser.test_accessibility import COLOUR, EVERY_RULE, violations, width_needed

pytestmark = pytest.mark.browser

CASE = "/curation/cases/case-1"
PAGES = (
    *(CASE, "/curation/documents/doc-1", "/curation/events/ev-1", "/curation/people/p-1"),
    *("/curation/programmes/prog", "/curation/people/new", "/curation/records", "/cases/case-1"),
)


@pytest.fixture(scope="module")
def held(another: Callable[[], Installation]) -> Iterator[Installation]:
    """One thing of each kind, tied together."""
    opened = another()
    event(opened)
    case(opened, "case-1", "福津市の改善", event_id="ev-1")
    draft(opened, "doc-1", rights=Rights(Terms.OPEN), published=True, draft=False,
          sources=(SourceEntry("https://example.jp/1", "案内"),))  # fmt: skip
    with writing(opened.database, AUTHOR) as writer:
        writer.record_programme(ProgrammeEntry("prog", "研究会"))
        writer.record_person(PersonEntry("p-1", "試験太郎"))
        writer.record_role(RoleEntry("p-1", "課長", "発表", case_id="case-1", event_id="ev-1"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def desk(browser: Browser, address: str) -> Iterator[Page]:
    """A page of a browser in which a curator has signed in."""
    with profile(browser) as context:
        page = context.new_page()
        page.set_viewport_size({"width": 1280, "height": 800})
        sign_in(page, address, "curator", "/curation/records")
        yield page


def assert_accessible(page: Page, where: str) -> None:
    for scheme, width, rules in (
        *(("dark", 1280, COLOUR), ("light", 1280, EVERY_RULE), ("light", 320, EVERY_RULE)),
    ):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of its literals
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page, rules) == [], where
        assert width_needed(page) <= width, where


def test_every_form_is_accessible_and_fits(desk: Page, address: str) -> None:
    for path in PAGES:
        desk.goto(address + path)
        assert desk.locator("h1").count() == 1, path
        assert_accessible(desk, path)


def test_the_second_editor_is_told_and_saves_by_keyboard(
    desk: Page, address: str, held: Installation, app: Flask
) -> None:
    desk.goto(f"{address}/cases/case-1")
    desk.get_by_role("link", name="編集", exact=True).last.focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"{address}{CASE}")
    editing: Editing = app.extensions["kb"].editing
    form = editing.form(Kind.CASE, "case-1")
    assert form is not None
    theirs = {**form.values, "subtitle": "先の副題", "themes": "finance"}
    assert editing.save(Kind.CASE, "case-1", theirs, form.version, AUTHOR)
    desk.get_by_label("サブタイトル").fill("あとの副題")
    desk.get_by_label("成果").fill("残業が三割減った")
    desk.get_by_label("部署").fill("去年の部署")
    desk.get_by_label("実践年度").fill("去年")
    desk.get_by_label("変更の理由").fill("報告書で確かめた")
    desk.keyboard.press("Enter")
    alert = desk.get_by_role("alert")
    expect(alert).to_contain_text("サブタイトル「先の副題」")
    expect(desk.get_by_label("サブタイトル")).to_have_value("あとの副題")
    expect(desk.get_by_text("いまの記録: 先の副題")).to_be_visible()
    assert_accessible(desk, "changed meanwhile")
    desk.get_by_label("変更の理由").focus()
    with desk.expect_navigation():  # to an address that is the present one
        desk.keyboard.press("Enter")
    expect(desk.get_by_label("実践年度")).to_have_attribute("aria-invalid", "true")
    expect(desk.get_by_label("成果")).to_have_value("残業が三割減った")
    assert_accessible(desk, "not understood")
    desk.get_by_label("実践年度").fill("R3")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status")).to_have_text("事例を保存しました。")
    held.up_to_date()
    desk.goto(f"{address}/search?q=残業")
    expect(desk.locator(".result h3").first).to_contain_text("福津市の改善")
