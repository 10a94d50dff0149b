"""A line of a page, and where on the page it stands."""

from dataclasses import dataclass
from enum import IntEnum

from indexer.extracted import ExtractedPage
from indexer.recognise.evidence import Evidence, evidence_on


class Place(IntEnum):
    """Where on a page a line stands; the higher, the more it says about the whole."""

    BODY = 0
    HEADING = 1
    RUNNING = 2
    COVER = 3
    TITLE = 4


# By identity: a line is compared often, and equality would compare whole pages.
@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of a page, or two that are read as one."""

    page: ExtractedPage
    start: int
    """Its first character in the page's text."""
    text: str
    place: Place
    break_at: int | None = None
    """Of two lines read as one: where the second begins in `text`."""
    left_out: int = 0
    """Characters between the two in the page's text, which `text` lacks."""

    def evidence(self, start: int, end: int) -> Evidence:
        """The characters `start:end` of this line as evidence."""
        first, last = self._on_page(start), self._on_page(end - 1) + 1
        return evidence_on(self.page.number, self.page.text, first, max(first, last))

    def _on_page(self, at: int) -> int:
        later = self.break_at is not None and at >= self.break_at
        return self.start + at + (self.left_out if later else 0)

    @property
    def whole(self) -> Evidence:
        """The line as evidence."""
        return self.evidence(0, len(self.text))

    def joined_to(self, below: "Line") -> "Line":
        """This line and the one below it read as one, in this one's place."""
        first, second = self.text.rstrip(), below.text.lstrip()
        begins = below.start + len(below.text) - len(second)
        left_out = begins - (self.start + len(first))
        return Line(self.page, self.start, first + second, self.place, len(first), left_out)
