"""What is handed to the catalogue to be recorded: frozen, checked by its maker."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kb.catalogue.views import PageLayout, TokenSpans
from kb.domain.classification import (
    DepartmentFunction,
    DocumentKind,
    EventPart,
    EventState,
    Theme,
)
from kb.domain.rights import Rights


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who writes, and why; part of every SourceEvent."""

    actor: str
    """An account's name, or the command: ``kb ingest``."""
    why: str | None = None


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """An address something was seen at."""

    url: str
    label: str
    seen_on: date | None = None


@dataclass(frozen=True, slots=True)
class MunicipalityEntry:
    """A municipality that the shipped table does not hold (an invented one)."""

    code: str
    name: str
    kana: str
    romaji: str
    kind: str
    prefecture: str


@dataclass(frozen=True, slots=True)
class ProgrammeEntry:
    """A programme."""

    id: str
    title: str
    summary: str | None = None
    cohorts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EventEntry:
    """An event."""

    id: str
    title: str
    state: EventState
    series: str | None = None
    edition: str | None = None
    held_on: date | None = None
    starts_at: str | None = None
    ends_at: str | None = None
    place: str | None = None
    mode: str | None = None
    capacity: int | None = None
    attendance: int | None = None
    attendance_text: str | None = None
    fee: str | None = None
    summary: str | None = None
    keywords: tuple[str, ...] = ()
    programme_id: str | None = None
    sources: tuple[SourceEntry, ...] = ()
    specimen: bool = False


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A case on the fields of DS-451-3."""

    id: str
    title: str
    municipality_codes: tuple[str, ...]
    subtitle: str | None = None
    provisional_title: str | None = None
    implemented_in: int | None = None
    presented_in: int | None = None
    place: str | None = None
    service_class: str | None = None
    departments: tuple[str, ...] = ()
    functions: tuple[DepartmentFunction, ...] = ()
    themes: tuple[Theme, ...] = ()
    keywords: tuple[str, ...] = ()
    narrative: Mapping[str, str] = field(default_factory=dict)
    media: Mapping[str, str] = field(default_factory=dict)
    related_url: str | None = None
    related_case: str | None = None
    contact: str | None = None
    published_on: date | None = None
    updated_on: date | None = None
    event_id: str | None = None
    programme_id: str | None = None
    cohort: int | None = None
    continues_id: str | None = None
    specimen: bool = False


@dataclass(frozen=True, slots=True)
class ExcerptEntry:
    """Pages of a casebook that tell of one case; of several ranges each has its own."""

    case_id: str
    first_page: int
    last_page: int
    """Inclusive."""


@dataclass(frozen=True, slots=True)
class EventPartEntry:
    """What a document was to an event."""

    event_id: str
    part: EventPart


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document's description, whether or not we hold it."""

    id: str
    title: str
    kind: DocumentKind
    rights: Rights
    declared_size: str | None = None
    series: str | None = None
    series_number: str | None = None
    edition: str | None = None
    keywords: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    note: str | None = None
    presented_in: int | None = None
    case_id: str | None = None
    event_id: str | None = None
    municipality_codes: tuple[str, ...] = ()
    sources: tuple[SourceEntry, ...] = ()
    specimen: bool = False
    published: bool = True
    draft: bool = False
    """Not to be published before a curator says so."""
    excerpts: tuple[ExcerptEntry, ...] = ()
    """Of a casebook, which belongs to no case as a whole."""
    event_parts: tuple[EventPartEntry, ...] = ()
    filled: tuple[str, ...] = ()
    """Fields that nobody gave, filled in so that it can be listed: a proposal is better."""


NO_LAYOUT = PageLayout()


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page as it was read, with its tokens."""

    number: int
    text: str
    title: str | None
    width: float
    height: float
    needs_ocr: bool
    fault: str | None
    words: TokenSpans
    short: TokenSpans
    layout: PageLayout = NO_LAYOUT
    reader: str | None = None
    confidence: float | None = None
    quality: float | None = None
    quality_reason: str | None = None


@dataclass(frozen=True, slots=True)
class TextSignature:
    """What the text of a document is compared by."""

    digest: str | None
    signature: bytes | None
    version: str


@dataclass(frozen=True, slots=True)
class HeldFile:
    """An original that is kept, and how reading it ended."""

    sha256: str
    size: int
    """Bytes."""
    media_type: str
    file_name: str
    outcome: str
    outcome_detail: str | None
    extractor: str
    declared_pages: int
    file_title: str | None
    pages: tuple[PageEntry, ...]
    fingerprint: str
    """Of the analyser that made the tokens."""
    outline: tuple[tuple[int, str, int | None], ...] = ()
    """Bookmarks: level, title, page."""
    attachments: tuple[str, ...] = ()
    signature: TextSignature | None = None
    recognised: Mapping[str, Any] = field(default_factory=dict)
    """What the recognisers propose, field by field, as plain JSON."""


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person."""

    id: str
    name: str
    other_names: tuple[str, ...] = ()
    kana: str | None = None


@dataclass(frozen=True, slots=True)
class RoleEntry:
    """What a person did."""

    person_id: str
    title: str
    part: str
    on: date | None = None
    event_id: str | None = None
    document_id: str | None = None
    case_id: str | None = None
