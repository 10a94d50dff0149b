"""The image of a page in a real browser: where it stands, and its frames over it."""

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

SLIDE = "/documents/doc-slides/pages/5?q=改善&hit=2"
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}


def box(found: Locator) -> dict[str, float]:
    measured = found.bounding_box()
    assert measured is not None
    return dict(measured)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_frames_lie_over_the_image_exactly(page: Page, site: str, size: dict[str, int]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type] # both keys are there
    page.goto(site + SLIDE)
    image, over = box(page.locator(".sheet > img")), box(page.locator(".sheet > svg"))
    assert over == pytest.approx(image, abs=1)
    assert image["height"] / image["width"] == pytest.approx(720 / 960, abs=0.01)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_a_frame_stands_where_the_layout_says(page: Page, site: str, size: dict[str, int]) -> None:
    """The first mark: characters 6 and 7 of a stretch from 40 to 103 of 960 points."""
    page.set_viewport_size(size)  # type: ignore[arg-type] # both keys are there
    page.goto(site + SLIDE)
    image = box(page.locator(".sheet > img"))
    frame = page.evaluate(
        "(() => { const b = document.querySelector('.hit-box').getBBox();"
        " return [b.x, b.y, b.x + b.width, b.y + b.height]; })()"
    )
    assert frame == pytest.approx([40 + 63 * 0.55, 22, 103, 31], abs=3.1)
    drawn = box(page.locator(".hit-box").first)
    scale = image["width"] / 960
    assert drawn["x"] - image["x"] == pytest.approx(frame[0] * scale, abs=3)
    assert drawn["y"] - image["y"] == pytest.approx(frame[1] * scale, abs=3)


def test_the_image_stands_beside_the_text_or_below_it(page: Page, site: str) -> None:
    page.goto(site + SLIDE)
    text, image = box(page.locator(".page-text")), box(page.locator(".sheet"))
    assert image["x"] > text["x"] + text["width"]
    page.set_viewport_size(NARROW)  # type: ignore[arg-type] # both keys are there
    text, image = box(page.locator(".page-text")), box(page.locator(".sheet"))
    assert image["y"] > text["y"] + text["height"]


def test_the_image_takes_its_room_before_it_comes(page: Page, site: str) -> None:
    page.route("**/*.webp*", lambda _: None)
    page.goto(site + SLIDE, wait_until="domcontentloaded")
    waiting = box(page.locator(".sheet > img"))
    assert waiting["height"] / waiting["width"] == pytest.approx(720 / 960, abs=0.01)


def test_paper_stays_white_in_the_dark(page: Page, site: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(site + SLIDE)
    ground = page.locator(".sheet").evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground == "rgb(255, 255, 255)"


def test_a_mark_in_a_folded_header_can_be_walked_to(page: Page, site: str) -> None:
    page.goto(f"{site}/documents/doc-report/pages/1?q=調査報告&hit=1#hit-1")
    assert page.locator("mark#hit-1").is_visible()


def test_a_wide_table_scrolls_by_itself(page: Page, site: str) -> None:
    page.set_viewport_size(NARROW)  # type: ignore[arg-type] # both keys are there
    page.goto(f"{site}/documents/doc-report/pages/1?q=改善")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    scroller = page.locator(".page-text .scroller")
    scroller.focus()
    assert scroller.evaluate("e => document.activeElement === e")
