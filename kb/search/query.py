"""What is asked of the knowledge base, and what comes back.

Two halves: the question in an engine's words (:class:`EngineQuery` and its parts), and
the answer in a reader's words (:class:`ResultPage` and its parts, whose shape is that of
``GET /api/v1/search``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kb.domain.municipality import BodyName
from kb.domain.page_ranges import PageRanges
from kb.domain.rights import Audience, Rights
from kb.domain.settled import Field, Settled
from kb.search.condition import Condition
from kb.search.explanation import Explanation


class Facet(StrEnum):
    """The ways a result can be narrowed; the value is the parameter's name in addresses."""

    MUNICIPALITY = "municipality"
    PREFECTURE = "prefecture"
    IMPLEMENTED_IN = "implemented_in"
    PRESENTED_IN = "presented_in"
    THEME = "theme"
    DEPARTMENT = "department"
    KIND = "kind"
    RIGHTS = "rights"
    EVENT = "event"
    STANDING = "standing"
    """What a subject is: see :class:`Standing`."""


class Standing(StrEnum):
    """What a subject is, which decides how far its score counts."""

    CASE = "case"
    DOCUMENT = "document"
    """A document that belongs to no case."""
    SPECIMEN = "specimen"
    """Of an invented municipality (見本)."""


class Stream(StrEnum):
    """A sequence of tokens of one record, searched and weighted by itself."""

    TITLE = "title"
    """Dictionary words of titles, places, people, departments, themes; and each title as one token
    (:mod:`kb.search.whole_titles`)."""
    WORDS = "words"
    """Dictionary words of the text: longest units, normalised."""
    SHORT = "short"
    """The same text in the shortest units."""
    BIGRAMS = "bigrams"
    """Overlapping pairs of characters of titles and text: finds what the dictionary lacks."""


class Scope(StrEnum):
    """Where all the words asked for must stand together."""

    CASE = "case"
    PAGE = "page"


class Sort(StrEnum):
    """The order of results."""

    RELEVANCE = "relevance"
    IMPLEMENTED_IN = "implemented_in"
    PRESENTED_IN = "presented_in"
    MUNICIPALITY = "municipality"


class Match(StrEnum):
    """Whether every clause must hold, or any of them."""

    ALL = "all"
    ANY = "any"


Filters = Mapping[Facet, tuple[str, ...]]
"""Chosen values: OR within a facet, AND between facets."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Something an engine looks up in one stream: all tokens, next to each other if `phrase`."""

    stream: Stream
    tokens: tuple[str, ...]
    phrase: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of saying what was asked; a record holds it when any of its probes matches."""

    surface: str
    probes: tuple[Probe, ...]
    weight: float = 1.0
    facet: tuple[Facet, str] | None = None
    """A record that carries this facet value holds the variant as well (a place, a year)."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing asked for; a record answers it when it holds any variant."""

    typed: str
    variants: tuple[Variant, ...]
    excluded: bool = False
    """Records that answer it are left out instead (``-語``)."""


@dataclass(frozen=True, slots=True)
class EngineQuery:
    """A question in an engine's words.

    Without clauses every record answers, subject to the filters.
    """

    clauses: tuple[Clause, ...] = ()
    filters: Filters = field(default_factory=dict)
    audience: Audience = Audience.ANONYMOUS
    scope: Scope = Scope.CASE
    match: Match = Match.ALL
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20
    facets: tuple[Facet, ...] = ()
    """The facets to count."""
    hints: tuple[Variant, ...] = ()
    """What raises a record that answers, and finds none: words that stand together as typed."""
    condition: Condition | None = None
    """How the clauses stand to one another. None: all that are not excluded hold, and none that
    is. With a condition, `excluded` says only that a clause neither scores nor marks."""
    only_if_held: bool = False
    """Whether only the clauses are counted where one that is asked for stands nowhere: whoever asks
    will put another question then."""


# --- the answer ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Understood:
    """How one typed word was read: a chip above the results, with a link that removes it."""

    typed: str
    kind: str
    """spelling, variant, synonym, place, year, department, person, general (it ranks, and need not
    be held), missing or dropped, and others of fields and operators."""
    searched: tuple[str, ...]
    label: str
    """What the chip says after the word: 「旧町名」, 「どの資料にもありません」."""
    without: str
    """The typed query with this reading (or this word) removed."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something with an identifier and a label: a theme, a department, an event."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class MunicipalityRef:
    """A municipality as a result names it."""

    code: str
    name: str
    prefecture: str
    specimen: bool = False
    """An invented municipality (見本)."""
    now: tuple[BodyName, ...] = ()
    """Of a body that is no more: the municipalities of today in its place."""


@dataclass(frozen=True, slots=True)
class EventRef:
    """An event as a result names it."""

    id: str
    title: str
    held_on: str | None
    """ISO date."""
    specimen: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A few lines of one page, with the words asked for marked."""

    page: int
    """From 1; 0 for the record's own metadata (title, keywords), which has no page."""
    text: str
    marks: tuple[tuple[int, int], ...]
    """Half-open character ranges into `text`."""
    confidence: float | None = None
    """0 to 1, where the text was read from a picture and may hold mistakes."""


@dataclass(frozen=True, slots=True)
class DocumentHit:
    """A document of a result, with its best passages."""

    id: str
    title: str
    kind: str
    """Slug of the :class:`~kb.domain.classification.DocumentKind`."""
    holding: str
    """held or located."""
    pages: int
    """How many pages it has; 0 when only its whereabouts are known."""
    pages_matched: int
    rights: Rights
    source_url: str | None
    passages: tuple[Passage, ...] = ()
    specimen: bool = False
    media_type: str | None = None
    excerpt: PageRanges | None = None
    """Those pages of a casebook that tell of the case, where the result is one of its cases."""
    municipalities: tuple[MunicipalityRef, ...] = ()
    settled: Mapping[Field, Settled] = field(default_factory=dict, hash=False)
    """On whose word its fields stand, as far as the audience may know; without evidence."""

    def year(self, name: str) -> int | None:
        """The fiscal year that stands for `implemented_in` or `presented_in`."""
        standing = self.settled.get(Field(name))
        return next((int(value) for value in standing.values), None) if standing else None


@dataclass(frozen=True, slots=True)
class CaseRef:
    """The case of a result."""

    id: str
    title: str
    provisional_title: str | None
    municipalities: tuple[MunicipalityRef, ...]
    implemented_in: int | None
    presented_in: int | None
    event: EventRef | None
    themes: tuple[Named, ...]
    departments: tuple[str, ...]
    """Names as the source gives them."""
    summary: str | None
    specimen: bool


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One result: a case with its documents, or a document that belongs to no case."""

    score: float
    case: CaseRef | None
    documents: tuple[DocumentHit, ...]
    event: EventRef | None = None
    """For a document without a case: the event it belongs to."""
    explanation: Explanation | None = None
    """Why it stands where it does, for a curator who asked."""


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value of a facet and how many results choosing it would give."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Entity:
    """A card above the results: the question named a thing we know."""

    kind: str
    """municipality, event, person, programme, theme, department, document, document_series or
    event_series."""
    id: str
    label: str
    why: str
    count: int | None = None
    """Published cases it has; None where they are not counted."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something the reader may want to do next."""

    kind: str
    """did_you_mean, drop_word, choose_place or choose_year."""
    text: str
    """The query it leads to."""
    label: str


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of answers."""

    query: str
    total: int
    page: int
    page_size: int
    took_ms: float
    results: tuple[SearchHit, ...]
    understood: tuple[Understood, ...] = ()
    facets: Mapping[Facet, tuple[FacetCount, ...]] = field(default_factory=dict)
    entities: tuple[Entity, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    notices: tuple[str, ...] = ()
    """Sentences for the reader: 「すべての語を含む事例がないため…」."""


# --- what a caller asks of the service ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was typed, before anything is understood."""

    text: str = ""
    filters: Filters = field(default_factory=dict)
    """Values as a person types them: 中野区, 131148, nakano; 2021, R3, 令和3年度."""
    scope: Scope = Scope.CASE
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    page_size: int = 20
    audience: Audience = Audience.ANONYMOUS
    explain: bool = False
    """Say of each result why it stands where it does; only curators are told."""


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """One page of a document, opened from a result: its text with every variant marked."""

    text: str
    """The page's text, unaltered; empty when the audience may not read it."""
    marks: tuple[tuple[int, int], ...]
    """Half-open character ranges into `text`, in order."""
    hits_by_page: Mapping[int, int]
    """Page number -> number of marks, for every page of the document that has any."""
    marked: tuple[str, ...]
    """The different words that were marked, as they stand in the document."""
