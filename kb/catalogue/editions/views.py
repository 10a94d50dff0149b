"""What the pages of editions show: frozen, no database behind them."""

from dataclasses import dataclass
from datetime import date, datetime

from kb.catalogue.views import DocumentView


class CannotReplace(ValueError):
    """A document cannot be given this original; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class EditionView:
    """An original that a document had."""

    document_id: str
    number: int
    """From 1, the oldest."""
    sha256: str
    size: int
    """Bytes."""
    media_type: str
    file_name: str
    title: str
    outcome: str
    extractor: str
    pages: int
    replaced_at: datetime
    replaced_on: date
    """The day of it, in Japan."""
    actor: str


@dataclass(frozen=True, slots=True)
class NewOriginal:
    """A draft whose original may take a document's place."""

    document: DocumentView
    alike: float | None
    """Share of what is written in either that is written in both, where that was found."""


@dataclass(frozen=True, slots=True)
class EditionForm:
    """A document that may be given a newer original."""

    document: DocumentView
    version: str
    editions: tuple[EditionView, ...]
    """The newest first."""
    drafts: tuple[NewOriginal, ...]
    """The likeliest first."""
