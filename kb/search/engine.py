"""What a search engine must be able to do; every engine passes the same contract suite.

An engine knows records, streams of tokens and facet values. It knows no catalogue, no
rights beyond the audience a record is meant for, and no Japanese: tokens arrive ready.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from kb.domain.rights import Audience
from kb.search.explanation import Explanation
from kb.search.query import EngineQuery, Facet, Standing, Stream
from kb.search.term_patterns import TermPattern, TermsFound


class SearchUnavailable(Exception):
    """The index cannot be read or written now; the message says why and what to do."""


class IndexOutOfDate(SearchUnavailable):
    """The index was made by another version of the schema, tokeniser or dictionary."""


class IndexDamaged(SearchUnavailable):
    """The files of the index differ from its manifest; a rebuild mends it."""


class IndexLocked(SearchUnavailable):
    """Another process is writing; the message says which."""


class BadQuery(ValueError):
    """The question cannot be put to an engine."""


class RecordKind(StrEnum):
    """Which of the two questions a record answers."""

    CASE = "case"
    """Which cases? One record per case, or per document that belongs to no case."""
    PAGE = "page"
    """Where in them? One record per page."""


SCHEMA_VERSION = 5
"""Raise it when records are made or kept differently from the same catalogue."""


def index_fingerprint(analyser: str) -> str:
    """What an index must have been made with to be read: our schema and the analyser."""
    return f"schema{SCHEMA_VERSION}+{analyser}"


STREAM_WEIGHTS: Mapping[Stream, float] = {
    Stream.TITLE: 2.0,
    Stream.WORDS: 1.0,
    Stream.SHORT: 0.5,
    Stream.BIGRAMS: 0.3,
}
"""What a match in each stream counts; C + 0.3 x bigrams measured best on JSQuAD (.916 MRR@10)."""

STANDING_WEIGHTS: Mapping[str, float] = {
    Standing.CASE: 1.0,
    Standing.DOCUMENT: 0.7,
    Standing.SPECIMEN: 0.6,
}
"""What a subject's score is multiplied by: a real case answers "has another town solved this?",
a paper without a case answers it less, and an invented one must not stand before either."""

BEST_PAGE_WEIGHT = 0.25
"""How much of its best page's score a case gains."""

MOST_RAISED = 300
"""How many subjects the hints of a query may raise: the best of those that pass its filters, in
the order they have without hints (fifteen pages of results)."""


@dataclass(frozen=True, slots=True)
class IndexRecord:
    """What an engine keeps of a case or a page."""

    key: str
    """Unique among all records, for example ``case:case-a`` or ``page:doc-b:5``."""
    kind: RecordKind
    subject: str
    """What the record is about: ``case:ID`` or ``document:ID``. A page's subject is its case,
    or its document when that belongs to no case. Several case records may share a subject,
    each for other audiences; no audience sees two of them."""
    document: str
    """The page's document identifier; empty on case records."""
    page: int
    """The page's number, from 1; 0 on case records."""
    streams: Mapping[Stream, tuple[str, ...]]
    facets: Mapping[Facet, tuple[str, ...]]
    audiences: frozenset[Audience]
    """Who may find it."""
    version: str
    """A digest of everything above; two records with the same key and version are equal."""


@dataclass(frozen=True, slots=True)
class SubjectHit:
    """A case (or a document without one) that answers, with its score."""

    subject: str
    score: float


@dataclass(frozen=True, slots=True)
class PageHit:
    """A page of a subject that answers at least one clause."""

    document: str
    page: int
    score: float
    held: tuple[bool, ...] = ()
    """For each clause that is not excluded, whether the page holds it."""


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """What an engine found."""

    total: int
    """0 too where the question was not answered: see :attr:`EngineQuery.only_if_held`."""
    hits: tuple[SubjectHit, ...]
    facets: Mapping[Facet, Mapping[str, int]] = field(default_factory=dict)
    """Facet -> value -> count of subjects; each facet ignores its own selection."""
    clause_counts: tuple[int, ...] = ()
    """For each clause, how many subjects of the whole index (this audience, no filters) hold it."""
    complete: bool = True
    """False when time ran out: some clauses were left aside, whose counts are the most there
    can be."""


def answerable(query: EngineQuery, clause_counts: Sequence[int]) -> bool:
    """Whether a question is answered, by how many subjects hold each of its clauses."""
    held = (count or c.excluded for c, count in zip(query.clauses, clause_counts, strict=True))
    return not query.only_if_held or all(held)


@dataclass(frozen=True, slots=True)
class EngineState:
    """What an index holds and where it came from."""

    fingerprint: str
    records: int
    generation: str
    sequence: int
    """The catalogue's sequence number (its last SourceEvent) the index was brought up to."""


class SearchEngine(Protocol):
    """An index that can be asked, brought up to date, and made anew."""

    def search(self, query: EngineQuery) -> EngineAnswer:
        """Subjects that answer `query`, best first, with facet counts.

        Raises:
            SearchUnavailable: the index cannot be read.
        """
        ...

    def pages(
        self, query: EngineQuery, subjects: Sequence[str], per_subject: int
    ) -> Mapping[str, tuple[int, tuple[PageHit, ...]]]:
        """For each subject: how many of its pages answer, and the best `per_subject` of them.

        A page answers when it holds any clause that is not excluded (under Scope.PAGE: all of
        them). `per_subject` 0 means every page. Filters are not applied again.
        """
        ...

    def explain(self, query: EngineQuery, subjects: Sequence[str]) -> tuple[Explanation, ...]:
        """Why each of `subjects` that answers has its score, in the order given.

        The parts are those the engine ranked by, and add up to the score but for rounding.

        Raises:
            SearchUnavailable: the index cannot be read.
        """
        ...

    def terms(self, pattern: TermPattern, audience: Audience) -> TermsFound:
        """The terms that fit `pattern` and stand in a case that `audience` may find.

        Raises:
            SearchUnavailable: the index cannot be read.
        """
        ...

    def holdings(self) -> Mapping[str, str]:
        """Key -> version of every record, to work out what a sync must change."""
        ...

    def apply(self, put: Iterable[IndexRecord], remove: Iterable[str], sequence: int) -> None:
        """Put and remove records in one commit; all of it is durable on return, or none.

        Raises:
            IndexLocked: another process writes.
        """
        ...

    def rebuild(self, records: Iterable[IndexRecord], sequence: int) -> None:
        """Make a new index beside the live one and switch to it in one step."""
        ...

    def state(self) -> EngineState:
        """What is held, by which fingerprint."""
        ...

    def verify(self) -> Sequence[str]:
        """What is wrong with the stored index, in sentences; empty when it is whole."""
        ...

    def close(self) -> None:
        """Let go of files and locks."""
        ...
