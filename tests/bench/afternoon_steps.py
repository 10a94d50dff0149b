"""The steps of a curator's afternoon, each as somebody without IT training goes about it.

What is looked for on a page is looked for by its words, as a reader does.
"""

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import expect

from tests.bench.afternoon_files import LOCKED, PASSWORD, Folder
from tests.bench.afternoon_hand import Hand

OWN_PASSWORD = "kaizen no tane wo maku 2026"
CURATOR = "hanako"
SETUP, SENDING, TROUBLE = "accounts", "sending", "files with trouble"
TOGETHER, FINDING = "settled together", "searching"
ALONE = "file "
"""What the task of one document's review begins with."""
BY_KEYBOARD = 3
"""Documents that are settled one by one before the rest is settled together."""
READING_SECONDS = 900.0
_UNKNOWN = "4"
"""The key of the terms 確認できていない."""
_MOST_FIELDS = 12


@dataclass
class Progress:
    """What the page of a batch told while it was read."""

    told: list[str] = field(default_factory=list)
    seconds: float = 0.0


def sign_in(hand: Hand, site: str, login: str, once: str) -> None:
    """By the link of the front page, with the password for once, which is then replaced."""
    page = hand.page
    page.goto(f"{site}/")
    hand.click(page.get_by_role("link", name="サインイン"))
    hand.fill(page.get_by_label("サインインの名前"), login)
    hand.fill(page.get_by_label("パスワード", exact=True), once)
    hand.look(f"01-sign-in-{login}")
    hand.press("Enter")
    hand.fill(page.get_by_label("いまのパスワード"), once)
    hand.fill(page.get_by_label("新しいパスワード", exact=True), OWN_PASSWORD)
    hand.fill(page.get_by_label("新しいパスワード(もう一度)"), OWN_PASSWORD)
    hand.look(f"02-own-password-{login}")
    hand.press("Enter")
    page.wait_for_url(f"{site}/")


def make_curator(hand: Hand, site: str) -> str:
    """The administrator makes one; the password for once of the new account."""
    page = hand.page
    hand.click(page.get_by_role("link", name="編集", exact=True))
    hand.click(page.locator("main").get_by_role("link", name="利用者"))
    page.wait_for_url(f"{site}/curation/users")
    hand.fill(page.get_by_label("サインインの名前"), CURATOR)
    hand.fill(page.get_by_label("表示する名前"), "山田 花子")
    hand.choose(page.locator("#f-role"), "curator")
    hand.click(page.get_by_role("button", name="加える"))
    once = page.locator(".one-time code")
    expect(once).to_be_visible()
    hand.look("03-users")
    return str(once.inner_text())


def send(hand: Hand, site: str, folder: Folder) -> str:
    """The folder's files are dropped on the page; the identifier of the batch."""
    page = hand.page
    hand.click(page.get_by_role("link", name="編集", exact=True))
    page.wait_for_url(f"{site}/curation")
    hand.look("04-start")
    hand.click(page.get_by_role("link", name="資料を取り込む"))
    page.wait_for_url(f"{site}/curation/add")
    hand.look("05-add")
    hand.drop("#drop", folder.all)
    page.wait_for_url(re.compile(f"^{site}/curation/uploads/up-"), timeout=120_000)
    return page.url.rpartition("/")[2]


def watch(hand: Hand, files: int) -> Progress:
    """Until every file has come to an end; what the page said meanwhile, by itself."""
    page, progress, began = hand.page, Progress(), time.monotonic()
    hand.look("06-reading")
    done = f"{files}点中{files}点が終了"
    while time.monotonic() - began < READING_SECONDS:
        told = page.locator(".overall .num").first.inner_text()
        if told not in progress.told[-1:]:
            progress.told.append(told)
        if told.startswith(done):
            break
        page.wait_for_timeout(500)
    progress.seconds = time.monotonic() - began
    hand.look("07-read")
    return progress


def open_locked(hand: Hand, files: int) -> None:
    """The password of the one file that wants one; what the others want is nothing."""
    page = hand.page
    expect(page.get_by_label(f"パスワード({LOCKED})")).to_be_visible()
    hand.fill(page.get_by_label(f"パスワード({LOCKED})"), PASSWORD)
    hand.press("Enter")
    expect(page.get_by_role("link", name=LOCKED)).to_be_visible(timeout=120_000)
    expect(page.locator(".overall .num").first).to_contain_text(f"{files}点中{files}点が終了")
    hand.look("08-opened")


def first_ones(hand: Hand, site: str) -> list[str]:
    """Some are settled and published by keyboard alone, from the first on; which."""
    page = hand.page
    with hand.at(TROUBLE):
        hand.click(page.get_by_role("link", name="1点目から確認する"))
    done = []
    for _ in range(BY_KEYBOARD):
        done.append(publish_by_keyboard(hand, site, first=not done))
    return done


def publish_by_keyboard(hand: Hand, site: str, *, first: bool = False) -> str:
    """The open document: what is proposed is accepted, its terms are chosen; it is published."""
    page = hand.page
    page.wait_for_url(re.compile(f"^{site}/curation/review/doc-"))
    document = page.url.rpartition("/")[2].partition("?")[0]
    with hand.at(ALONE + document):
        if first:
            hand.look("09-review")
        for _ in range(_MOST_FIELDS):
            now = page.locator("[data-field].now")
            if now.get_attribute("data-rights") is not None or not now.locator(".tag.warn").count():
                break
            hand.press("a")
        if page.locator("[data-rights] .tag.warn").count():
            hand.press(_UNKNOWN)
        if first:
            hand.look("10-review-filled")
        before = page.url
        hand.press("Control+Shift+Enter")
    page.wait_for_url(lambda url: url != before)
    expect(page.get_by_role("status").first).to_contain_text("公開しました")
    if first:
        hand.look("11-next")
    return document


def the_rest(hand: Hand, site: str, upload: str) -> str:
    """All that wait are settled together; what the page said of it."""
    page = hand.page
    hand.click(page.get_by_role("link", name=re.compile("まとめて確定")))
    page.wait_for_url(re.compile(f"^{site}/curation/uploads/{upload}/together"))
    hand.look("12-together")
    hand.click(page.get_by_label(re.compile("要確認の項目を、資料ごとの自動判定で確定する")))
    terms = page.get_by_role("radio", name=re.compile("^確認できていない"))
    if not terms.is_checked():
        hand.click(terms)
    hand.click(page.get_by_label("確かなものを確定して、公開できる資料を公開する"))
    hand.click(page.get_by_role("button", name="どうなるかを確かめる"))
    expect(page.get_by_role("heading", name="資料ごとの変更")).to_be_visible(timeout=60_000)
    hand.look("13-shown")
    hand.click(page.get_by_role("button", name="このとおり確定して公開"))
    told = page.get_by_role("status").first
    expect(told).to_contain_text("保存しました", timeout=60_000)
    hand.look("14-settled")
    return str(told.inner_text())


def left_over(hand: Hand, site: str) -> list[str]:
    """What could not be settled together is opened and settled one by one; which."""
    page, done = hand.page, list[str]()
    links = page.locator("ol.queue h3 a")
    left = links.count()
    for number in range(left):
        if number == 0:
            with hand.at(TOGETHER):
                hand.click(links.first)
            page.wait_for_url(re.compile(f"^{site}/curation/review/doc-"))
            hand.look("15-left")
        done.append(publish_by_keyboard(hand, site))
    return done


def find(hand: Hand, site: str, words: str) -> list[str]:
    """What a search for some words shows first."""
    page = hand.page
    page.goto(f"{site}/")
    hand.fill(page.locator("#q"), words)
    hand.press("Enter")
    page.wait_for_url(re.compile(f"^{site}/search\\?q="))
    hand.look("16-found")
    return [str(each) for each in page.locator(".result h3").all_inner_texts()]


def until(there: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Whether something has come about within that time."""
    began = time.monotonic()
    while not (found := there()) and time.monotonic() - began < seconds:
        time.sleep(0.5)
    return found


def actions_of(counted: Counter[str], documents: set[str]) -> int:
    """The actions that the review of these documents took, one by one."""
    return sum(count for task, count in counted.items() if task.removeprefix(ALONE) in documents)
