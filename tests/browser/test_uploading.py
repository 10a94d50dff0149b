"""Adding files in a real browser: dropped, sent in pieces, broken off, watched to their end."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from indexer.installation import Installation
from indexer.jobs import JobCrew
from kb.domain.jobs import JobState
from kb.domain.rights import Terms
from kb.domain.roles import Role
from kb.web.curation.upload_desk import Batch, UploadDesk
from tests.browser.conftest import profile, sign_in, site
from tests.browser.test_accessibility import STATES, violations, width_needed
from tests.conftest import ROOT
from tests.web.upload_site import LOCKED, READ, put, site_of, taken

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

pytestmark = pytest.mark.browser
__all__ = ["site"]

FILES = sorted((ROOT / "corpus" / "originals").glob("2*.pdf"))[:5]
MOST_BYTES = 50 * 1024 * 1024


@pytest.fixture(scope="module")
def place(another: Callable[[], Installation]) -> Iterator[Installation]:
    opened = another()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def desk(place: Installation) -> UploadDesk:
    return UploadDesk(place.jobs, place.incoming, MOST_BYTES)


@pytest.fixture(scope="session")
def site_app() -> Flask:
    """Made once; each module hands it its own desk."""
    return site_of(None)


@pytest.fixture(autouse=True)
def _with_desk(site_app: Flask, desk: UploadDesk) -> None:
    site_app.extensions["kb"] = replace(site_app.extensions["kb"], uploads=desk)


@pytest.fixture(scope="module")
def curator(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """A browser in which a curator has signed in."""
    with profile(browser) as context:
        page = context.new_page()
        sign_in(page, site, Role.CURATOR.value)
        page.close()
        yield context


@pytest.fixture
def page(curator: BrowserContext) -> Iterator[Page]:
    opened = curator.new_page()
    opened.set_viewport_size({"width": 1280, "height": 800})
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    opened.close()
    assert complaints == []


def test_five_files_are_dropped_and_watched_to_their_end(
    page: Page,
    site: str,
    place: Installation,
) -> None:
    crew = JobCrew(place, 2)
    page.goto(f"{site}/curation/add")
    page.set_input_files("#files", FILES)
    data = page.evaluate_handle(
        "() => { const data = new DataTransfer();"
        " for (const file of document.getElementById('files').files) data.items.add(file);"
        " document.getElementById('files').value = ''; return data; }"
    )
    page.get_by_label("この取り込みの名前").fill("2021年セミナー資料")
    page.dispatch_event("#drop", "drop", {"dataTransfer": data})
    page.wait_for_url("**/curation/uploads/up-*")
    expect(page.locator(".overall .num", has_text="5点中0点が終了")).to_be_visible()
    crew.start()
    try:
        expect(page.locator("#h-done")).to_be_visible(timeout=60_000)
        expect(page.locator(".overall .num", has_text="5点中5点が終了")).to_be_visible(
            timeout=60_000
        )
    finally:
        crew.stop(0)
    expect(page.locator("#upload-told")).to_have_text("5点中5点が終了")
    expect(page.locator("h1")).to_contain_text("2021年セミナー資料")
    for file in FILES:
        expect(page.get_by_role("link", name=file.name)).to_be_visible()


def test_a_broken_line_costs_one_piece(
    page: Page,
    site: str,
    desk: UploadDesk,
    tmp_path: Path,
) -> None:
    large = tmp_path / "大きい.pdf"
    content = b"%PDF-1.7 " + bytes(9 * 1024 * 1024)
    large.write_bytes(content)
    offsets: list[str] = []

    def line(route: Route) -> None:
        if route.request.method != "PUT":
            route.continue_()
            return
        offsets.append(route.request.url.rpartition("=")[2])
        if len(offsets) == 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/files/*", line)
    page.goto(f"{site}/curation/add")
    page.set_input_files("#files", large)
    page.get_by_role("button", name="取り込む").click()
    page.wait_for_url("**/curation/uploads/up-*", timeout=40_000)
    piece = 4 * 1024 * 1024
    assert offsets == ["0", str(piece), str(piece), str(2 * piece)]
    (job,) = desk.jobs.jobs_of(page.url.rpartition("/")[2])
    assert job.size == len(content)


def test_what_cannot_be_sent_is_told_with_the_reason(
    page: Page,
    site: str,
    desk: UploadDesk,
    tmp_path: Path,
) -> None:
    large, small = tmp_path / "大きすぎる.pdf", tmp_path / "小さい.pdf"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    shutil.copy(FILES[0], small)
    page.goto(f"{site}/curation/add")
    page.set_input_files("#files", [large, small])
    page.get_by_role("button", name="取り込む").click()
    expect(page.locator("#sending-told")).to_have_text("1点を送れませんでした。")
    expect(page.locator("#sending-bad")).to_contain_text("上限を超えています")
    assert violations(page) == []
    page.get_by_role("link", name="送れたファイルの様子を見る").click()
    page.wait_for_url("**/curation/uploads/up-*")
    jobs = desk.jobs.jobs_of(page.url.rpartition("/")[2])
    assert [job.name for job in jobs] == ["小さい.pdf"]
    page.get_by_role("button", name="これで全部です").click()
    expect(page.get_by_role("button", name="これで全部です")).to_have_count(0)


def test_a_session_that_ends_while_files_are_sent_costs_nothing_that_arrived(
    browser: Browser,
    curator: BrowserContext,
    site: str,
    desk: UploadDesk,
    tmp_path: Path,
) -> None:
    large = tmp_path / "続き.pdf"
    large.write_bytes(b"%PDF-1.7 " + bytes(5 * 1024 * 1024))
    # A profile of its own, which loses its session: the others go on.
    context = browser.new_context(storage_state=curator.storage_state())
    page, offsets = context.new_page(), list[str]()

    def line(route: Route) -> None:
        if route.request.method == "PUT":
            offsets.append(route.request.url.rpartition("=")[2])
            if len(offsets) == 2:
                context.clear_cookies()
        route.continue_()

    page.route("**/files/*", line)
    page.goto(f"{site}/curation/add")
    page.set_input_files("#files", large)
    page.get_by_role("button", name="取り込む").click()
    link = page.get_by_role("link", name="サインインして、続きを送る")
    expect(link).to_be_visible()
    expect(page.locator("#sending-bad")).to_contain_text("サインインの期限が切れました")
    for gone in ("取り込む", "続きから送る"):
        expect(page.get_by_role("button", name=gone)).to_have_count(0)
    address = str(link.get_attribute("href"))
    assert address.startswith("/curation/add?upload=up-")
    sign_in(page, site, Role.CURATOR.value, address)
    page.set_input_files("#files", large)
    page.get_by_role("button", name="取り込む").click()
    page.wait_for_url(f"{site}/curation/uploads/{address.partition('=')[2]}")
    assert offsets == ["0", "4194304", "4194304"]
    [job] = desk.jobs.jobs_of(address.partition("=")[2])
    assert job.size == large.stat().st_size
    context.close()


def test_without_a_script_a_plain_form_does(
    browser: Browser,
    curator: BrowserContext,
    site: str,
    desk: UploadDesk,
) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=curator.storage_state())
    page = context.new_page()
    page.goto(f"{site}/curation/add")
    page.set_input_files("#files", FILES[:2])
    page.get_by_role("button", name="取り込む").click()
    page.wait_for_url("**/curation/uploads/up-*")
    expect(page.locator(".overall .num", has_text="2点中0点が終了")).to_be_visible()
    upload = page.url.rpartition("/")[2]
    page.locator(".file", has_text=FILES[1].name).get_by_role("button").click()
    expect(page.locator(".overall .num", has_text="2点中1点が終了")).to_be_visible()
    states = {job.name: job.state for job in desk.jobs.jobs_of(upload)}
    assert states == {FILES[0].name: JobState.QUEUED, FILES[1].name: JobState.CANCELLED}
    context.close()


@pytest.fixture
def batch(desk: UploadDesk) -> str:
    """A batch with a file in every state."""
    while (job := desk.jobs.take("worker")) is not None:  # what other tests have left
        desk.jobs.end(job, READ)
    upload = desk.begin(Batch("編集担当 山田 花子", Terms.UNKNOWN, True, None, "いろいろな資料"))
    long = "とても長い名前の資料" * 8 + ".pdf"
    put(desk, upload, long, "鍵.pdf", "途中.pdf", "待つ.pdf", "やめた.pdf")
    desk.jobs.end(taken(desk), READ)
    desk.jobs.end(taken(desk), LOCKED)
    job = taken(desk)
    desk.jobs.renew("worker", {job.id: (19, 31)})
    desk.jobs.cancel(upload, desk.jobs.jobs_of(upload)[4].id)
    return upload


@pytest.mark.parametrize(
    "address", ["/curation", "/curation/add", "/curation/uploads", "/curation/uploads/{}"]
)
def test_the_pages_have_no_violations_and_fit(
    page: Page,
    site: str,
    batch: str,
    address: str,
) -> None:
    page.goto(site + address.format(batch))
    found = {}
    for scheme, width, rules in STATES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # a literal in STATES
        page.set_viewport_size({"width": width, "height": 800})
        found[scheme, width] = violations(page, rules)
        assert width_needed(page) <= width, (scheme, width)
    assert not any(found.values()), found


def test_what_is_typed_stays_while_the_page_renews_itself(
    page: Page,
    site: str,
    desk: UploadDesk,
    batch: str,
) -> None:
    page.goto(f"{site}/curation/uploads/{batch}")
    field = page.get_by_label("パスワード(鍵.pdf)")
    field.fill("ひみ")
    [reading] = [job for job in desk.jobs.jobs_of(batch) if job.state is JobState.READING]
    desk.jobs.renew("worker", {reading.id: (20, 31)})
    expect(page.locator("label", has_text="31ページ中20ページ")).to_be_visible()
    expect(field).to_have_value("ひみ")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/curation/uploads/{batch}")
    expect(page.locator(".overall .num", has_text="5点中2点が終了")).to_be_visible()
