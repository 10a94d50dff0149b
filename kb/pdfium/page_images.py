"""Images of pages, drawn when somebody wants to see them and kept for the next one."""

import logging
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

from kb.pdfium.failures import Failure, PdfiumFailed
from kb.pdfium.image_folder import ImageFolder

FOLDER = Path("cache", "pages")
"""Where images are kept in the data folder."""

WIDTHS = (240, 960, 1920)
"""Pixels: a thumbnail, beside the text, by itself."""

DRAWN_AT_ONCE = 2
"""A page takes about 60 ms of a processor; searches are answered beside it."""

PATIENCE_SECONDS = 20.0
"""How long a request waits for its turn, and for a page that is being drawn for another."""

FAILURE_SECONDS = 300.0
"""How long a page that failed is not drawn again."""

_MOST_FAILURES = 10_000
_SHA256 = re.compile("[0-9a-f]{64}")
_HEAD_BYTES = 1024

BUSY = "いまは混み合っていて、ページの画像を作れません。しばらくしてから開き直してください。"
NOT_HELD = "元のファイルがないため、ページの画像を作れません。"
NO_PDF = "PDFではないため、ページの画像はありません。"
_REASONS = {
    Failure.PASSWORD: "パスワードで保護されているため、ページの画像はありません。",
    Failure.NO_PAGE: "このページはファイルにありません。",
    Failure.TIMED_OUT: "時間内に描けないページのため、画像はありません。",
    Failure.TOO_LARGE: "大きすぎるページのため、画像はありません。",
    Failure.OUT_OF_MEMORY: "メモリーが足りないため、このページの画像は作れません。",
}
_BROKEN = "ファイルが壊れているため、このページの画像は作れません。"

_LOG = logging.getLogger(__name__)

_Page = tuple[str, int]
"""Original, page."""
_Key = tuple[str, int, int]
"""Original, page, width."""


class PageImageUnavailable(Exception):
    """There is no image of a page, or not now; the message, in Japanese, is for readers."""


class Draws(Protocol):
    """What draws pages: :class:`kb.pdfium.Pdfium`."""

    def draw(self, path: Path, page: int, width: int) -> bytes:
        """Return a page as WebP; raises OSError, PdfiumFailed."""
        ...


def forget_kept(data_dir: Path, sha256: str) -> None:
    """Remove the images that any process has kept of an original.

    Raises:
        OSError: an image cannot be removed.
        ValueError: no sha256.
    """
    _check(sha256, 1, WIDTHS[0])
    ImageFolder(data_dir / FOLDER, 0).remove(sha256)


class PageImages:
    """Draws pages of originals on demand; may be used from several threads at once.

    Each page is drawn by one request at a time, and at most two pages at once. The folder of
    kept images may be shared by several processes; where it cannot be written, every request
    draws.
    """

    def __init__(
        self, folder: Path, pdfium: Draws, original: Callable[[str], Path], most_bytes: int
    ) -> None:
        """Take where images are kept and how many bytes of them, and from a sha256 the path of
        the original, which may not exist."""
        self._kept = ImageFolder(folder, most_bytes)
        self._pdfium = pdfium
        self._original = original
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(DRAWN_AT_ONCE)
        self._drawing: dict[_Key, Future[bytes]] = {}
        self._failures: dict[_Page, tuple[float, str]] = {}

    def image(self, sha256: str, page: int, width: int) -> bytes:
        """Return a page, from 1, as a WebP image `width` pixels wide.

        Raises:
            PageImageUnavailable: it cannot be drawn, or not now.
            ValueError: no sha256, no page, or none of `WIDTHS`.
        """
        _check(sha256, page, width)
        key = (sha256, page, width)
        kept = self._kept.get(sha256, _name(page, width))
        if kept is not None:
            return kept
        self._refuse_what_failed((sha256, page))
        with self._lock:
            drawn = self._drawing.get(key)
            mine = drawn is None
            if drawn is None:
                drawn = self._drawing[key] = Future()
        if mine:
            self._draw_for_all(key, drawn)
        try:
            return drawn.result(PATIENCE_SECONDS)
        except TimeoutError as error:
            raise PageImageUnavailable(BUSY) from error

    def forget(self, sha256: str) -> None:
        """Remove all images of an original, those being drawn now included.

        Raises:
            OSError: an image cannot be removed.
            ValueError: no sha256.
        """
        _check(sha256, 1, WIDTHS[0])
        with self._lock:
            for key in [key for key in self._drawing if key[0] == sha256]:
                del self._drawing[key]
            for failed in [failed for failed in self._failures if failed[0] == sha256]:
                del self._failures[failed]
        self._kept.remove(sha256)

    def _draw_for_all(self, key: _Key, drawn: Future[bytes]) -> None:
        """Draw a page and settle its future, whatever happens."""
        try:
            # Another request may have drawn it since we looked.
            image = self._kept.get(key[0], _name(*key[1:]))
            if image is None:
                image = self._drawn(key)
                self._keep(key, drawn, image)
            drawn.set_result(image)
        except BaseException as error:
            drawn.set_exception(error)
        finally:
            with self._lock:
                if self._drawing.get(key) is drawn:
                    del self._drawing[key]

    def _drawn(self, key: _Key) -> bytes:
        sha256, page, width = key
        if not self._turns.acquire(timeout=PATIENCE_SECONDS):
            raise PageImageUnavailable(BUSY)
        try:
            path = self._original(sha256)
            _check_kind(path)
            return self._pdfium.draw(path, page, width)
        except OSError as error:
            raise PageImageUnavailable(NOT_HELD) from error
        except PdfiumFailed as error:
            reason = _REASONS.get(error.kind, _BROKEN)
            self._remember((sha256, page), reason)
            _LOG.warning("page %d of %s not drawn: %s", page, sha256, error)
            raise PageImageUnavailable(reason) from error
        finally:
            self._turns.release()

    def _keep(self, key: _Key, drawn: Future[bytes], image: bytes) -> None:
        """Keep an image, unless its original has been forgotten meanwhile."""
        sha256, page, width = key
        try:
            self._kept.keep(sha256, _name(page, width), image)
        except OSError as error:
            _LOG.warning("page image not kept: %s", error)
        with self._lock:
            forgotten = self._drawing.get(key) is not drawn
        if forgotten:
            self._kept.remove(sha256)

    def _refuse_what_failed(self, page: _Page) -> None:
        with self._lock:
            until, reason = self._failures.get(page, (0.0, ""))
        if time.monotonic() < until:
            raise PageImageUnavailable(reason)

    def _remember(self, page: _Page, reason: str) -> None:
        now = time.monotonic()
        with self._lock:
            if len(self._failures) >= _MOST_FAILURES:
                self._failures = {of: why for of, why in self._failures.items() if why[0] > now}
            if len(self._failures) < _MOST_FAILURES:
                self._failures[page] = (now + FAILURE_SECONDS, reason)


def _check(sha256: str, page: int, width: int) -> None:
    # They become a file's name.
    if not _SHA256.fullmatch(sha256):
        raise ValueError("not a sha256")
    if page < 1 or width not in WIDTHS:
        raise ValueError(f"page {page}, width {width}")


def _check_kind(path: Path) -> None:
    with path.open("rb") as file:
        if b"%PDF" not in file.read(_HEAD_BYTES):
            raise PageImageUnavailable(NO_PDF)


def _name(page: int, width: int) -> str:
    return f"{page}-{width}.webp"
