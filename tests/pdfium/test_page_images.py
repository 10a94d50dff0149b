"""Page images are drawn once, kept within bounds, and gone when their original is."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kb.pdfium import page_images
from kb.pdfium.failures import Failure, PdfiumFailed
from kb.pdfium.image_folder import ImageFolder
from kb.pdfium.page_images import PageImages, PageImageUnavailable

ONE, TWO = "1" * 64, "2" * 64


class FakePdfium:
    """Draws a page as its number and width; may be slow, may fail."""

    def __init__(self) -> None:
        self.drawn: list[tuple[int, int]] = []
        self.fails: Exception | None = None
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()

    def draw(self, path: Path, page: int, width: int) -> bytes:
        with self._lock:
            self.drawn.append((page, width))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        self.may_go_on.wait(10)
        with self._lock:
            self.at_once -= 1
        if self.fails is not None:
            raise self.fails
        return b"image %d %d" % (page, width)


@pytest.fixture
def pdfium() -> FakePdfium:
    return FakePdfium()


@pytest.fixture
def original(tmp_path: Path) -> Callable[[str], Path]:
    for sha256 in (ONE, TWO):
        (tmp_path / sha256).write_bytes(b"%PDF-1.7 and so on")
    return lambda sha256: tmp_path / sha256


@pytest.fixture
def images(pdfium: FakePdfium, original: Callable[[str], Path], tmp_path: Path) -> PageImages:
    return PageImages(tmp_path / "cache", pdfium, original, 10**6)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def kept(tmp_path: Path) -> list[str]:
    return sorted(
        path.relative_to(tmp_path / "cache").as_posix() for path in tmp_path.glob("cache/*/*")
    )


def test_an_image_is_drawn_once_and_kept(
    images: PageImages, pdfium: FakePdfium, tmp_path: Path
) -> None:
    assert [images.image(ONE, 3, 960) for _ in range(3)] == [b"image 3 960"] * 3
    assert pdfium.drawn == [(3, 960)]
    assert kept(tmp_path) == [f"11/{ONE}-3-960.webp"]


@pytest.mark.parametrize(
    ("sha256", "page", "width"),
    [("../../etc/passwd", 1, 240), ("1" * 63, 1, 240), (ONE, 0, 240), (ONE, 1, 241)],
)
def test_what_is_not_offered_is_refused(
    images: PageImages, sha256: str, page: int, width: int
) -> None:
    with pytest.raises(ValueError, match=r"sha256|page"):
        images.image(sha256, page, width)


def test_requests_for_one_page_at_once_draw_it_once(images: PageImages, pdfium: FakePdfium) -> None:
    pdfium.may_go_on.clear()
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(images.image, ONE, 1, 240) for _ in range(6)]
        until(lambda: pdfium.at_once == 1)
        time.sleep(0.05)
        pdfium.may_go_on.set()
        assert {one.result() for one in asked} == {b"image 1 240"}
    assert pdfium.drawn == [(1, 240)]


def test_at_most_two_pages_are_drawn_at_once(images: PageImages, pdfium: FakePdfium) -> None:
    pdfium.may_go_on.clear()
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(images.image, ONE, page, 240) for page in range(1, 7)]
        until(lambda: pdfium.at_once == 2)
        time.sleep(0.05)
        pdfium.may_go_on.set()
        assert len({one.result() for one in asked}) == 6
    assert pdfium.most_at_once == 2


def test_a_waiting_request_gives_up(
    images: PageImages, pdfium: FakePdfium, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_images, "PATIENCE_SECONDS", 0.1)
    pdfium.may_go_on.clear()
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(images.image, ONE, page, 240) for page in (1, 2)]
        until(lambda: pdfium.at_once == 2)
        with pytest.raises(PageImageUnavailable, match="混み合って"):
            images.image(ONE, 3, 240)
        with pytest.raises(PageImageUnavailable, match="混み合って"):
            images.image(ONE, 1, 240)
        pdfium.may_go_on.set()
        for one in running:
            one.exception()
    # Being busy is no failure of the page.
    assert images.image(ONE, 3, 240) == b"image 3 240"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Failure.PASSWORD, "パスワード"),
        (Failure.CRASHED, "壊れている"),
        (Failure.NO_PAGE, "ありません"),
        (Failure.TIMED_OUT, "時間内"),
    ],
)
def test_a_page_that_fails_is_not_drawn_again_for_a_while(
    images: PageImages,
    pdfium: FakePdfium,
    monkeypatch: pytest.MonkeyPatch,
    kind: Failure,
    said: str,
) -> None:
    pdfium.fails = PdfiumFailed(kind)
    for width in (240, 960, 240):
        with pytest.raises(PageImageUnavailable, match=said):
            images.image(ONE, 1, width)
    assert pdfium.drawn == [(1, 240)]
    pdfium.fails = None
    assert images.image(ONE, 2, 240) == b"image 2 240"
    later = time.monotonic() + page_images.FAILURE_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert images.image(ONE, 1, 240) == b"image 1 240"


def test_other_files_and_missing_ones_have_no_image(
    images: PageImages, pdfium: FakePdfium, tmp_path: Path
) -> None:
    (tmp_path / ONE).write_bytes(b"PK\x03\x04 a workbook")
    with pytest.raises(PageImageUnavailable, match="PDFではない"):
        images.image(ONE, 1, 240)
    with pytest.raises(PageImageUnavailable, match="元のファイル"):
        images.image("3" * 64, 1, 240)
    assert pdfium.drawn == []


def test_a_folder_that_cannot_be_written_still_draws(
    pdfium: FakePdfium, original: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    images = PageImages(tmp_path / "file", pdfium, original, 10**6)
    assert [images.image(ONE, 1, 240) for _ in range(2)] == [b"image 1 240"] * 2
    assert len(pdfium.drawn) == 2


def test_forgetting_removes_all_images_of_one_original(images: PageImages, tmp_path: Path) -> None:
    for sha256 in (ONE, TWO):
        for width in page_images.WIDTHS:
            images.image(sha256, 1, width)
    images.forget(ONE)
    assert kept(tmp_path) == [f"22/{TWO}-1-{width}.webp" for width in (1920, 240, 960)]


def test_what_is_being_drawn_while_it_is_forgotten_is_not_kept(
    images: PageImages, pdfium: FakePdfium, tmp_path: Path
) -> None:
    pdfium.may_go_on.clear()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(images.image, ONE, 1, 240)
        until(lambda: pdfium.at_once == 1)
        images.forget(ONE)
        pdfium.may_go_on.set()
        running.result()
    assert kept(tmp_path) == []


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    folder = ImageFolder(tmp_path / "cache", 1000)
    for n in range(10):
        folder.keep(ONE, str(n), bytes(100))
        age(tmp_path, n, 1000 - n)
    assert folder.get(ONE, "0") is not None  # used now, so the youngest
    folder.keep(ONE, "10", bytes(100))
    left = {name.rpartition("-")[2] for name in kept(tmp_path)}
    assert left == {"0", "3", "4", "5", "6", "7", "8", "9", "10"}


def age(tmp_path: Path, n: int, seconds: float) -> None:
    at = time.time() - seconds
    os.utime(tmp_path / "cache" / ONE[:2] / f"{ONE}-{n}", (at, at))


def test_what_others_keep_counts_too(tmp_path: Path) -> None:
    first, second = (ImageFolder(tmp_path / "cache", 10_000) for _ in range(2))
    for n in range(100):
        (first, second)[n % 2].keep(ONE, str(n), bytes(150))
    total = sum(path.stat().st_size for path in tmp_path.glob("cache/*/*"))
    assert 8_000 <= total <= 10_500


def test_threads_and_folders_at_once_do_no_harm(tmp_path: Path) -> None:
    folders = [ImageFolder(tmp_path / "cache", 5_000) for _ in range(2)]

    def use(n: int) -> bool:
        folder = folders[n % 2]
        folder.keep(ONE, str(n % 40), b"%d" % (n % 40) * 100)
        found = folder.get(ONE, str(n % 40))
        return found is None or found == b"%d" % (n % 40) * 100

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(800)))
    assert not list(tmp_path.glob("cache/*/*.aside"))


def test_what_a_killed_process_left_behind_is_swept(tmp_path: Path) -> None:
    folder = ImageFolder(tmp_path / "cache", 100)
    left = tmp_path / "cache" / "11" / "tmp.aside"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    age_of = time.time() - 3600
    os.utime(left, (age_of, age_of))
    folder.keep(ONE, "1", bytes(50))
    assert not left.exists()
