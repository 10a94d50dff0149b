"""What recognisers are given: a file's pages and whatever is known beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from indexer.extracted import ExtractedPage


@dataclass(frozen=True, slots=True)
class EventContext:
    """The event that the files were handed in with."""

    held_on: date | None
    municipality_codes: tuple[str, ...] = ()
    """Of those who presented there."""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One document as it was read."""

    file_name: str
    """Without folders."""
    pages: Sequence[ExtractedPage]
    metadata_title: str | None = None
    author: str | None = None
    created: str | None = None
    """ISO date from the file's metadata."""
    event: EventContext | None = None
