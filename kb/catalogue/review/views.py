"""What the review pages show and what they hand in: frozen, no database behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kb.catalogue.likeness import LikenessView
from kb.catalogue.review.decisions import CannotDecide
from kb.catalogue.rights.reading import RightsRecord
from kb.catalogue.views import UNREAD, CaseLink, DocumentView, EventView
from kb.domain.classification import Classified
from kb.domain.rights import Terms
from kb.domain.settled import Field, Settlement

PAGE_SIZE = 50
"""Documents on one page of the queue."""


class State(Classified):
    """How far a document has come, as its record tells."""

    DRAFT = "draft", "下書き"
    IN_REVIEW = "in_review", "確認中"
    PUBLISHED = "published", "公開"
    WITHDRAWN = "withdrawn", "取り下げ"


WAITING = (State.DRAFT, State.IN_REVIEW)
"""What the queue is for."""


# --- the queue ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QueueAsked:
    """Which documents of the queue are wanted."""

    state: State | None = None
    """None: everything that waits."""
    event_id: str | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A document of the queue, and how near it is to being done."""

    id: str
    title: str
    state: State
    file_name: str | None
    event_title: str | None
    places: tuple[str, ...]
    outcome: str | None
    added_at: datetime
    sure: int
    """Fields that one button settles."""
    open: tuple[Field, ...]
    """Fields that somebody has to look at."""
    confidence: float | None
    """Of the least sure value that nobody has settled; None where all are settled."""
    rights_open: bool
    """Nobody has said under which terms it stands, not even that this is not known."""
    alike: int
    """Documents that it is like, on which nobody has decided."""

    @property
    def unread(self) -> bool:
        """Whether there is nothing of its text."""
        return self.outcome in UNREAD


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue."""

    rows: tuple[QueueRow, ...]
    total: int
    counts: Mapping[State, int]
    """Of all documents, whatever was asked for."""
    events: tuple[EventView, ...]
    """Those that have documents, newest first."""
    pages: int


# --- one document ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spot:
    """Words on a page that a proposal rests on."""

    field: Field
    page: int
    words: str
    start: int | None = None
    end: int | None = None
    """Half-open range of characters of the page's text, where it was kept."""


@dataclass(frozen=True, slots=True)
class CaseSuggestion:
    """A case that a document may belong to, and what speaks for it."""

    case: CaseLink
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """One document with everything its review page shows."""

    document: DocumentView
    settlement: Settlement
    state: State
    version: str
    """Of what is recorded; a form hands it back."""
    places: Mapping[str, str]
    """The municipalities among its values: code -> 福岡県福津市."""
    spots: tuple[Spot, ...]
    rights: RightsRecord
    rights_open: bool
    alike: tuple[LikenessView, ...]
    """Those on which nobody has decided, the most alike first."""
    missing: tuple[str, ...]
    """Why it cannot be published by whoever asked; empty when it can."""
    previous: str | None
    following: str | None
    """Its neighbours in the queue."""
    position: int
    """In the queue, from 1; 0 when it does not wait."""
    waiting: int
    own_event_id: str | None = None
    """The event that the document itself names, whatever its case does."""


# --- what is handed in ----------------------------------------------------------------------


class Do(Classified):
    """What a curator wants done to one field."""

    KEEP = "keep", "そのまま"
    SET = "set", "この値で確定"
    NONE = "none", "なしと確定"
    UNDO = "undo", "確定を取り消す"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of one field, as it was typed."""

    field: Field
    do: Do
    texts: tuple[str, ...] = ()
    """What was typed or ticked."""


@dataclass(frozen=True, slots=True)
class RightsWish:
    """The stated rights, as they are wanted."""

    terms: Terms
    statement: str | None
    """Verbatim."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one sending of the review form wants."""

    version: str
    each: tuple[Wish, ...] = ()
    accept_sure: bool = False
    rights: RightsWish | None = None
    """None leaves them."""
    publish: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of it."""

    changed: int
    """Fields that are other than before."""
    published: bool = False
    missing: tuple[str, ...] = ()
    """Why it was not published, where that was wanted."""


class BadWishes(ValueError):
    """Some fields cannot be settled so; nothing has been written."""

    def __init__(self, errors: Mapping[Field, CannotDecide]) -> None:
        super().__init__("、".join(map(str, errors.values())))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change that somebody made."""

    at: datetime
    actor: str
    action: str
    why: str | None
    change: Mapping[str, Any]
    """Name -> from what, to what; and what was said beside it."""


class ChangedMeanwhile(Exception):
    """Somebody has written since the form was made; nothing of the form has been written."""

    def __init__(self, changes: tuple[ChangeView, ...]) -> None:
        super().__init__(f"{len(changes)} changes")
        self.changes = changes


# --- cases ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CaseFields:
    """The case form as it is typed."""

    title: str = ""
    municipalities: str = ""
    """Names or codes, several with 、 between."""
    implemented_in: str = ""
    presented_in: str = ""
    departments: str = ""
    themes: tuple[str, ...] = ()
    """Slugs."""
    event_id: str = ""


@dataclass(frozen=True, slots=True)
class CaseForm:
    """A case that is to be made of a document."""

    fields: CaseFields
    events: tuple[EventView, ...]


class BadCase(ValueError):
    """A case cannot be recorded so; nothing has been written."""

    def __init__(self, errors: Mapping[str, ValueError]) -> None:
        """`errors`: name of a field of :class:`CaseFields` -> what is wrong with it."""
        super().__init__("、".join(map(str, errors.values())))
        self.errors = errors
