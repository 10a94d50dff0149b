"""How fast a batch goes and how long it will still take, told by what is done so far."""

import time
from collections.abc import Callable


class Pace:
    """Counts files, bytes and pages; time left is told by bytes, which are known beforehand.

    Pages are not: a file says how many it has only when it is read.
    """

    def __init__(self, files: int, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`size` is that of all files together, in bytes."""
        self._files = files
        self._size = size
        self._clock = clock
        self._started = clock()
        self._files_done = self._size_done = self._pages_done = 0

    def add(self, size: int, pages: int) -> None:
        """Another file of `size` bytes has ended, with so many pages read."""
        self._files_done += 1
        self._size_done += size
        self._pages_done += pages

    def __str__(self) -> str:
        """One line in Japanese: files, pages, pages a second, time left."""
        elapsed = self._clock() - self._started
        parts = [f"{self._files_done:,}/{self._files:,}ファイル", f"{self._pages_done:,}ページ"]
        if elapsed > 0 and self._pages_done:
            parts.append(f"毎秒{self._pages_done / elapsed:.1f}ページ")
        if self._size_done and self._files_done < self._files:
            left = elapsed * (self._size - self._size_done) / self._size_done
            parts.append(f"残り約{_duration(left)}")
        return " ".join(parts)


def _duration(seconds: float) -> str:
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole}秒"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}分{rest:02}秒"
    return f"{minutes // 60}時間{minutes % 60:02}分"
