"""Dividing the pages of one long file among those who read it at the same time.

One reader begins with everything. Another one that has time takes the second half of what will
keep its reader longest. So a file that one reads alone is opened once, and as many readers as
there are idle share the rest of a long one; opening a file again and loading its fonts again,
0.1 to 0.5 s on the real files, is what dividing costs.
"""

import threading
import time
from dataclasses import dataclass, field

from indexer.extracted import PageRange

LONG = 60
"""Files of up to so many pages are not divided."""

WORTH_SECONDS = 1.0
"""How long, at the pace so far, each half of a divided share has at least to be read."""

_LEAST = 5
"""Pages that each half has at least."""


@dataclass(slots=True, eq=False)
class Share:
    """The pages one reader has to read: the next one and the last, from 1."""

    next: int
    last: int
    open_ended: bool
    """The last page declared is in it; pages behind that are its too."""
    done: bool = False
    begun: float = field(default_factory=time.monotonic)
    read: int = 0

    @property
    def left(self) -> int:
        """Pages still to be read."""
        return 0 if self.done else self.last - self.next + 1

    @property
    def seconds_left(self) -> float:
        """How long they will take at the pace so far; a page that hangs slows it."""
        return self.left * (time.monotonic() - self.begun) / (self.read + 1)

    @property
    def divisible(self) -> bool:
        """Whether both halves would be worth their readers."""
        return self.left >= 2 * _LEAST and self.seconds_left >= 2 * WORTH_SECONDS


class Division:
    """The pages of a file, divided; may be used from several threads at once."""

    def __init__(self, last: int) -> None:
        self._lock = threading.Lock()
        self._shares = [Share(1, last, open_ended=True)]

    @property
    def first(self) -> Share:
        """The share that begins with page 1."""
        return self._shares[0]

    def shorten(self, last: int) -> None:
        """Say how many pages there are, before anything is divided."""
        with self._lock:
            self.first.last = last

    def worth_dividing(self) -> bool:
        """Tell whether another reader would find something to do."""
        with self._lock:
            return any(share.divisible for share in self._shares)

    def take(self) -> Share | None:
        """Take the second half of the share that will take longest; None: not worth it."""
        with self._lock:
            largest = max(self._shares, key=lambda share: share.seconds_left)
            if not largest.divisible:
                return None
            middle = largest.next + largest.left // 2
            taken = Share(middle, largest.last, largest.open_ended)
            largest.last, largest.open_ended = middle - 1, False
            self._shares.append(taken)
            return taken

    def wanted(self, share: Share) -> PageRange:
        """Return what is left of a share."""
        with self._lock:
            return PageRange(share.next, None if share.open_ended else share.last)

    def reach(self, share: Share, page: int) -> bool:
        """Tell whether a page that was read is the share's own, and count it as read."""
        with self._lock:
            if page > share.last and not share.open_ended:
                return False
            share.next = max(share.next, page + 1)
            if share.read == 0:
                share.begun = time.monotonic()  # what went before was opening the file
            share.read += 1
            return True

    def skip(self, share: Share) -> int:
        """Count the next page as read, and return its number."""
        with self._lock:
            share.next += 1
            return share.next - 1

    def finish(self, share: Share) -> None:
        """Say that nothing more comes of a share."""
        with self._lock:
            share.done = True
