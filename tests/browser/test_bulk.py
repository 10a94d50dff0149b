"""Changing cases by a file in a real browser: sent, watched, looked at, written."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from indexer.installation import Installation
from indexer.jobs import JobCrew
from kb.catalogue.bulk.service import BulkDesk
from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.writing import writing
from kb.domain.roles import Role
from tests.browser.conftest import profile, sign_in, site
from tests.browser.test_accessibility import STATES, violations, width_needed
from tests.indexer.exchange.grids import csv_of, entries
from tests.web.upload_site import site_of

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
__all__ = ["site"]

LONG = "窓口の手順を係の全員で書き出し、要らないものをやめた。" * 12
CASE = CaseEntry("case-1", "窓口の改善", ("402249",), narrative={"outcome": LONG})
ROWS = (
    {"ID": "case-1", "タイトル": "窓口の改善", "団体コード": "402249", "連絡先情報": "総務課",
     "成果": LONG.replace("全員", "みんな", 1)},
    {"ID": "", "タイトル": "朝礼の改善", "団体コード": "402249", "成果": LONG},
    {"ID": "", "タイトル": "年の誤り", "団体コード": "402249", "事例実施年": "去年"},
)  # fmt: skip


@pytest.fixture(scope="module")
def place(another: Callable[[], Installation]) -> Iterator[Installation]:
    opened = another()
    with writing(opened.database, Authorship("ほかの人")) as writer:
        writer.record_case(CASE)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def site_app() -> Flask:
    """Made once; the module hands it its own desk."""
    return site_of(None)


@pytest.fixture
def page(browser: Browser, site: str, site_app: Flask, place: Installation) -> Iterator[Page]:
    services = site_app.extensions["kb"]
    site_app.extensions["kb"] = replace(services, bulk=BulkDesk(place.database))
    with profile(browser) as context:
        opened = context.new_page()
        opened.set_viewport_size({"width": 1280, "height": 800})
        complaints: list[str] = []
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        sign_in(opened, site, Role.CURATOR.value, "/curation/bulk")
        yield opened
        assert complaints == []


def assert_usable(page: Page) -> None:
    """No violation in light and dark, and nothing wider than a narrow window."""
    found = {}
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for scheme, width, rules in STATES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # a literal in STATES
        page.set_viewport_size({"width": width, "height": 800})
        found[scheme, width] = violations(page, rules)
        assert width_needed(page) <= width
    assert not any(found.values()), found


def test_a_file_is_sent_watched_and_written(
    page: Page, site: str, place: Installation, tmp_path: Path
) -> None:
    assert_usable(page)
    file = tmp_path / "事例.csv"
    file.write_bytes(csv_of(*ROWS).encode("utf-8-sig"))
    page.set_input_files("#file", file)
    page.get_by_role("button", name="確かめる").press("Enter")
    page.wait_for_url(re.compile(f"^{re.escape(site)}/curation/bulk/bk-[0-9a-f]+$"))
    address = page.url
    expect(page.get_by_text("各行がどうなるかを確かめています")).to_be_visible()
    crew = JobCrew(place, 1)
    crew.start()
    try:
        write = page.get_by_role("button", name="2件を書き込む")
        expect(write).to_be_visible()
        expect(page.get_by_text("年度として読めません")).to_be_visible()
        page.get_by_role("link", name="すべての行(3)").press("Enter")
        page.wait_for_url(f"{address}?show=all")
        expect(page.locator("ins")).to_have_text("みんな")
        assert_usable(page)
        page.get_by_label("不可の1行をとばして").press("Space")
        write.press("Enter")
        page.wait_for_url(address)
        expect(page.get_by_text("2件の事例を書き込みました")).to_be_visible()
    finally:
        crew.stop(0)
    assert entries(place.database)["case-1"].contact == "総務課"
