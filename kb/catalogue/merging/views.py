"""What the merge page shows and hands in: frozen, no database behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kb.catalogue.merging.fields import Take
from kb.catalogue.review.views import CaseSuggestion
from kb.catalogue.views import CaseLink, DocumentView


class CannotMerge(ValueError):
    """Two cases cannot be merged, or not be split; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """One field of both cases, as it reads."""

    name: str
    label: str
    kept: str
    other: str
    """Empty where a side says nothing."""
    same: bool
    usual: Take
    offered: tuple[Take, ...]


@dataclass(frozen=True, slots=True)
class CaseSide:
    """One of the two."""

    case: CaseLink
    version: str
    published: bool
    documents: tuple[DocumentView, ...]
    """With the casebooks that tell of it."""
    people: tuple[str, ...]
    continued_by: tuple[str, ...]
    """Titles of the cases that continue it."""


@dataclass(frozen=True, slots=True)
class MergedCase:
    """A case that went into another."""

    id: str
    title: str
    merged_at: datetime
    actor: str
    kept_back: str
    """Why the two cannot be split now; empty where they can."""


@dataclass(frozen=True, slots=True)
class MergeStart:
    """A case for which another is looked for."""

    case: CaseLink
    likely: tuple[CaseSuggestion, ...]
    """The likeliest doubles first; or what was searched for."""
    merged: tuple[MergedCase, ...]
    """Those that went into it, the latest first."""


@dataclass(frozen=True, slots=True)
class MergeForm:
    """Two cases side by side."""

    kept: CaseSide
    other: CaseSide
    fields: tuple[FieldChoice, ...]
    refused: str
    """Why they cannot be merged so; empty where they can."""


@dataclass(frozen=True, slots=True)
class MergeOrder:
    """Which case goes into which, and where the fields are taken from."""

    kept_id: str
    other_id: str
    version: str
    other_version: str
    takes: Mapping[str, Take] = field(default_factory=dict)
