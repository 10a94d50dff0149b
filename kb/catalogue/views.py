"""What the catalogue gives to those who read it: frozen rows, no database behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from kb.catalogue.relation_views import ContainedCase, EventPartView
from kb.domain.classification import DocumentKind, EventPart, EventState, Holding, Theme
from kb.domain.municipality import BodyName
from kb.domain.page_ranges import PageRanges
from kb.domain.rights import Rights
from kb.domain.settled import UNSETTLED, Settlement
from kb.domain.size_class import SizeClass

NEEDS_OCR = "needs_ocr"
UNREAD = (
    *("needs_password", NEEDS_OCR, "empty", "damaged", "unsupported"),
    *("too_large", "timed_out", "out_of_memory", "refused"),
)
"""Outcomes of files that are held, and of whose text there is nothing."""


@dataclass(frozen=True, slots=True)
class MunicipalityView:
    """A municipality, present or past."""

    code: str
    """Six digits; past bodies keep the code they had."""
    name: str
    kana: str
    romaji: str
    kind: str
    """Slug of :class:`~kb.domain.municipality.MunicipalityKind`."""
    prefecture: str
    specimen: bool = False
    abolished_on: date | None = None
    successor_code: str | None = None
    parent_code: str | None = None
    """The designated city of a ward."""
    size_class: SizeClass | None = None
    now: tuple[BodyName, ...] = ()
    """Of a body that is no more: those of today that stand in its place, in code order."""


@dataclass(frozen=True, slots=True)
class SourceView:
    """An address something was taken from, and when."""

    url: str
    label: str
    seen_from: date | None
    seen_until: date | None


@dataclass(frozen=True, slots=True)
class RoleView:
    """What a person did, and as what, at a date."""

    person_id: str
    person_name: str
    title: str
    """福津市長."""
    part: str
    """対談, メッセージ, 進行."""
    on: date | None
    event_id: str | None
    document_id: str | None
    case_id: str | None
    event_title: str | None = None
    event_held_on: date | None = None
    document_title: str | None = None
    case_title: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document, held or located."""

    id: str
    title: str
    kind: DocumentKind
    holding: Holding
    rights: Rights
    pages: int
    media_type: str | None
    sha256: str | None
    size: int | None
    """Bytes measured; None when not held."""
    declared_size: str | None
    """As the source states it (2.8MB)."""
    file_name: str | None
    outcome: str | None
    """How reading it ended (an :class:`indexer.extracted.Outcome` value), None when located."""
    outcome_detail: str | None
    extractor: str | None
    series: str | None
    series_number: str | None
    edition: str | None
    case_id: str | None
    case_title: str | None
    event_id: str | None
    event_title: str | None
    municipalities: tuple[MunicipalityView, ...]
    presented_in: int | None
    sources: tuple[SourceView, ...]
    keywords: tuple[str, ...]
    note: str | None
    """A factual sentence about it, in our own words."""
    published: bool
    specimen: bool
    event_held_on: date | None = None
    outline: tuple[tuple[int, str, int | None], ...] = ()
    """Bookmarks of the file: level from 1, title, page where it is known."""
    attachments: tuple[str, ...] = ()
    """Names of the files embedded in it."""
    excerpt: PageRanges | None = None
    """The pages that tell of the case it is shown with; None: all do."""
    contains: tuple[ContainedCase, ...] = ()
    """The cases a casebook tells of, in the order of its pages."""
    event_parts: tuple[EventPartView, ...] = ()
    """What it was to events."""
    settlement: Settlement = UNSETTLED
    """On whose word its fields stand; :func:`kb.domain.settled.shown` says what may be shown."""

    @property
    def unread(self) -> bool:
        """Whether there is nothing of its text."""
        return self.outcome in UNREAD


@dataclass(frozen=True, slots=True)
class TokenSpans:
    """The tokens of a stored text and where each stands in it; three parallel tuples."""

    terms: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Characters of a page that belong together, in reading order."""

    kind: str
    """heading, paragraph, row (its spans are cells), running (header, footer or page number),
    reading (ruby), note, annotation or field."""
    spans: tuple[tuple[int, int], ...]
    """Half-open character ranges of the page's text."""


@dataclass(frozen=True, slots=True)
class PageLayout:
    """Where the text of a page stands, and in which order it is read.

    The first eight are columns of equal length, one row per stretch of text drawn along one
    line, in the order of the text. Positions are tenths of a point from the top left corner
    of the page as it is shown.
    """

    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    lefts: tuple[int, ...] = ()
    tops: tuple[int, ...] = ()
    rights: tuple[int, ...] = ()
    bottoms: tuple[int, ...] = ()
    directions: tuple[int, ...] = ()
    """0 to the right, 1 down, 2 to the left, 3 up."""
    advances: tuple[tuple[int, ...], ...] = ()
    """Where each character of the stretch ends along the line, in thousandths of its length;
    empty where all are equally wide."""
    blocks: tuple[TextBlock, ...] = ()
    """Empty where the order of the text is the order of reading."""


@dataclass(frozen=True, slots=True)
class PageView:
    """One page's text as it was read, unaltered."""

    document_id: str
    number: int
    text: str
    title: str | None
    needs_ocr: bool
    fault: str | None
    width: float = 0.0
    """Points as shown; 0 where the format knows no size."""
    height: float = 0.0
    reader: str | None = None
    """What read this page, where it was not the document's extractor."""
    confidence: float | None = None
    """0 to 1, of the character recognition; None where the text was not recognised."""
    layout: PageLayout = PageLayout()


@dataclass(frozen=True, slots=True)
class EventView:
    """An event: a seminar and what is known of it."""

    id: str
    title: str
    series: str | None
    edition: str | None
    state: EventState
    held_on: date | None
    starts_at: str | None
    """HH:MM."""
    ends_at: str | None
    place: str | None
    mode: str | None
    """会場, オンライン or 会場とオンライン."""
    capacity: int | None
    """定員, as announced."""
    attendance: int | None
    """Actual, when a number is given."""
    attendance_text: str | None
    """The words of the source: 約20人, 40名近く."""
    fee: str | None
    summary: str | None
    programme_id: str | None
    programme_title: str | None
    sources: tuple[SourceView, ...] = ()
    presented_in: int | None = None
    specimen: bool = False


@dataclass(frozen=True, slots=True)
class CaseLink:
    """A case as another page names it."""

    id: str
    title: str
    municipalities: tuple[MunicipalityView, ...]
    implemented_in: int | None
    presented_in: int | None
    themes: tuple[Theme, ...]
    specimen: bool
    why: str | None = None
    """Why it is named here: テーマが2つ同じ, 前年度の取組."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with everything its page shows."""

    id: str
    title: str
    subtitle: str | None
    provisional_title: str | None
    implemented_in: int | None
    presented_in: int | None
    municipalities: tuple[MunicipalityView, ...]
    departments: tuple[str, ...]
    """Names as the source gives them."""
    department_functions: tuple[str, ...]
    """Slugs of :class:`~kb.domain.classification.DepartmentFunction`."""
    themes: tuple[Theme, ...]
    keywords: tuple[str, ...]
    narrative: Mapping[str, str]
    """Attribute (see kb.domain.case_study.NARRATIVE) -> text; only those that exist."""
    related_url: str | None
    contact: str | None
    published_on: date | None
    updated_on: date | None
    specimen: bool
    event: EventView | None
    programme_id: str | None
    programme_title: str | None
    cohort: int | None
    documents: tuple[DocumentView, ...]
    roles: tuple[RoleView, ...]
    earlier: tuple[CaseLink, ...]
    """The cases it continues, oldest first."""
    later: tuple[CaseLink, ...]
    history: tuple["HistoryView", ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One recorded change (来歴)."""

    at: datetime
    actor: str
    action: str
    why: str | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person and the roles they had."""

    id: str
    name: str
    other_names: tuple[str, ...]
    kana: str | None
    roles: tuple[RoleView, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """A programme (事業) and its cohorts."""

    id: str
    title: str
    summary: str | None
    cohorts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """A value with how many cases it has."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class HomeView:
    """What the front page counts; specimens are counted apart, never mixed in."""

    cases: int
    documents: int
    pages: int
    specimen_cases: int
    prefectures: tuple[Count, ...]
    """All 47 in code order, value = two-digit code; specimen prefectures left out."""
    years: tuple[Count, ...]
    """Practice years, newest first; specimens left out."""
    themes: tuple[Count, ...]
    kinds: tuple[Count, ...]
    newest: tuple[CaseLink, ...] = ()
    events: tuple[EventView, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class EventPage:
    """What an event's page shows."""

    event: EventView
    cases: tuple[CaseLink, ...]
    documents: tuple[DocumentView, ...]
    """Shown there or kept of it; those that had a part to play are in `parts`."""
    roles: tuple[RoleView, ...]
    previous: EventView | None
    following: EventView | None
    parts: tuple[tuple[EventPart, tuple[DocumentView, ...]], ...] = ()
    """What announced it, reported on it, or was used there."""
    lineages: tuple[tuple[CaseLink, ...], ...] = ()
    """Of its cases that continue others or are continued: whole chains, oldest first."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is held, for `kb status`."""

    cases: int
    specimen_cases: int
    documents_held: int
    documents_located: int
    pages: int
    pages_awaiting_ocr: int
    """Pictures of text that nobody has read."""
    pages_recognised: int
    """Pages read by character recognition."""
    alike_undecided: int
    """Pairs of documents that wait for a curator."""
    events: int
    municipalities: int
    outcomes: Mapping[str, int]
    sequence: int
