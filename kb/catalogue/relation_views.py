"""What a document is to cases and events, as readers see it; part of a DocumentView."""

from dataclasses import dataclass
from datetime import date

from kb.domain.classification import EventPart
from kb.domain.page_ranges import PageRanges


@dataclass(frozen=True, slots=True)
class ContainedCase:
    """A case that stands in a casebook, and where."""

    case_id: str
    title: str
    places: tuple[str, ...]
    """Names of its municipalities."""
    pages: PageRanges


@dataclass(frozen=True, slots=True)
class EventPartView:
    """What a document was to an event."""

    event_id: str
    event_title: str
    held_on: date | None
    part: EventPart
