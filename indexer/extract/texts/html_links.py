"""The links of an HTML page: their words, where they lead, what stands before them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from indexer.extracted import Link

MOST = 2000

LONGEST_ADDRESS = 2000
"""Characters; an address that is longer carries its content with it."""

LONGEST_WORDS = 500

WORDS_BEFORE = 30
"""Characters before a link by which its place is found again."""


@dataclass(slots=True)
class _Open:
    """A link being read."""

    address: str
    before: str
    pictures: int
    """How many pictures stood before it."""
    words: list[str] = field(default_factory=list)


class Links:
    """Collects links while a page is walked through."""

    def __init__(self, base: str) -> None:
        """Take the address that the page names for its relative links, or ``""``."""
        self.found: list[Link] = []
        self._base = base
        self._open: _Open | None = None

    def begin(self, address: str, said: Sequence[str], pictures: int) -> None:
        """Begin a link; `said` are the pieces of its block so far."""
        address = _followable(self._base, address)
        self._open = None
        if address and len(self.found) < MOST:
            # The last pieces are enough: joining a long block for each link is quadratic.
            before = "".join(said[-WORDS_BEFORE:]).rpartition("\n")[2]
            before = " ".join(before.split())[-WORDS_BEFORE:]
            self._open = _Open(address, before, pictures)

    def say(self, text: str) -> None:
        """Take words that may belong to the open link."""
        if self._open is not None:
            self._open.words.append(text)

    def end(self, pictures: Sequence[str]) -> None:
        """End the open link; without words it takes those of its pictures."""
        link, self._open = self._open, None
        if link is None:
            return
        words = " ".join("".join(link.words).split())
        words = words or " ".join(pictures[link.pictures :])
        self.found.append(Link(words[:LONGEST_WORDS], link.address, link.before))


def _followable(base: str, address: str) -> str:
    """Return the address of a link to another file; empty for anything else."""
    if len(address) > LONGEST_ADDRESS or address.strip().startswith("#"):
        return ""
    try:
        joined = urljoin(base, address.strip())
        scheme = urlsplit(joined).scheme
    except ValueError:  # a bracket that closes no IPv6 address
        return ""
    return joined[:LONGEST_ADDRESS] if scheme in ("", "http", "https") else ""
