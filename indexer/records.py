"""From the catalogue's subjects to the index's records.

A record's version is a digest of what it is made from, so that a sync can tell what has
changed without reading a page. Its tokens are made only when they are needed.

Who may find what is decided here, once: documents whose rights keep them from an audience
leave no word in the records that audience can find.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from kb.catalogue.indexable import (
    IndexableDocument,
    IndexablePage,
    IndexableReader,
    IndexableSubject,
)
from kb.catalogue.pages.tokens import PageTerms
from kb.domain.rights import Audience, allowed
from kb.japanese.pairs import pairs_with_and_without
from kb.japanese.tokenise import Analyser
from kb.search.engine import SCHEMA_VERSION, IndexRecord, RecordKind
from kb.search.query import Facet, Standing, Stream
from kb.search.whole_titles import title_tokens

Streams = dict[Stream, tuple[str, ...]]
T = TypeVar("T")

_MOST_KEPT = 8
"""Documents whose tokens are kept: those of a case are read for the case and for its pages."""


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """A record that could be made: its key, its version, and how."""

    key: str
    version: str
    make: Callable[[], IndexRecord]


@dataclass(slots=True)
class _Gathered:
    """Tokens being put together, stream by stream."""

    streams: dict[Stream, list[str]] = field(
        default_factory=lambda: {stream: [] for stream in Stream}
    )

    def add(self, streams: Mapping[Stream, tuple[str, ...]]) -> None:
        for stream, tokens in streams.items():
            self.streams[stream].extend(tokens)

    def done(self) -> Streams:
        return {stream: tuple(tokens) for stream, tokens in self.streams.items() if tokens}


@dataclass(frozen=True, slots=True)
class _PageStreams:
    """The tokens of a page, twice."""

    whole: Streams
    """All of them: what a case is found by."""
    own: Streams
    """Without what the page repeats from others: what the page itself is found by."""


class RecordMaker:
    """Makes records; keeps the tokens of the documents it last read."""

    def __init__(self, reader: IndexableReader, analyser: Analyser) -> None:
        self._reader = reader
        self._analyser = analyser
        self._kept: dict[str, Mapping[int, _PageStreams]] = {}
        self._names: dict[str, Streams] = {}

    def drafts(self) -> Iterator[RecordDraft]:
        """A draft of every record the index should hold."""
        for subject in self._reader.subjects():
            yield from self._subject_drafts(subject)

    def _subject_drafts(self, subject: IndexableSubject) -> Iterator[RecordDraft]:
        for (known, searched), audiences in _circles(subject).items():
            seen = tuple(d for d in subject.documents if d.id in known)
            named = (subject.titles, subject.called)
            made_from = (named, subject.texts, _facet_source(subject), seen, searched)
            bare = IndexRecord(
                key=f"{subject.subject}@{'+'.join(sorted(audiences))}",
                kind=RecordKind.CASE,
                subject=subject.subject,
                document="",
                page=0,
                streams={},
                facets=_facets(subject, seen),
                audiences=audiences,
                version=_digest((SCHEMA_VERSION, made_from)),
            )
            yield _draft(bare, partial(self._case_streams, subject, seen, searched))
        for document in subject.documents:
            yield from self._page_drafts(subject, document)

    def _page_drafts(
        self, subject: IndexableSubject, document: IndexableDocument
    ) -> Iterator[RecordDraft]:
        audiences = frozenset(a for a in Audience if allowed(document.rights, a).metadata)
        searchers = frozenset(a for a in Audience if allowed(document.rights, a).index)
        facets = _facets(subject, (document,))
        common = (SCHEMA_VERSION, subject.subject, sorted(facets.items()), sorted(searchers))
        # A page of a casebook may belong to several cases, and its page 0 does.
        place = f"@{subject.subject}" if document.excerpt else ""
        bare = IndexRecord(
            key=f"page:{document.id}:0{place}",
            kind=RecordKind.PAGE,
            subject=subject.subject,
            document=document.id,
            page=0,
            streams={},
            facets=facets,
            audiences=audiences,
            version=_digest(
                (common, sorted(audiences), document.titles, document.called, document.note)
            ),
        )
        if audiences:
            # What a document is called, as page 0: all there is to search of a located one.
            yield _draft(bare, partial(self._name_streams, document))
        for number, digest in document.pages if searchers else ():
            page = replace(
                bare,
                key=f"page:{document.id}:{number}{place}",
                page=number,
                audiences=searchers,
                version=_digest((common, digest)),
            )
            yield _draft(page, partial(self._own_streams, document, number))

    # -- streams -------------------------------------------------------------------------

    def _case_streams(
        self,
        subject: IndexableSubject,
        documents: tuple[IndexableDocument, ...],
        searched: frozenset[str],
    ) -> Streams:
        gathered = _Gathered()
        gathered.add(self._title_streams(subject.titles, subject.called))
        gathered.add(self._text_streams("\n\n".join(subject.texts)))
        for document in documents:
            gathered.add(self._name_streams(document))
            if document.id in searched:
                pages = self._pages(document)
                for number, _ in document.pages:
                    gathered.add(pages[number].whole)
        return gathered.done()

    def _name_streams(self, document: IndexableDocument) -> Streams:
        key = _kept_under(document)
        kept = self._names.get(key)
        if kept is None:
            gathered = _Gathered()
            gathered.add(self._title_streams(document.titles, document.called))
            gathered.add(self._text_streams(document.note))
            kept = gathered.done()
            _keep(self._names, key, kept)
        return kept

    def _own_streams(self, document: IndexableDocument, number: int) -> Streams:
        return self._pages(document)[number].own

    def _pages(self, document: IndexableDocument) -> Mapping[int, _PageStreams]:
        """The streams of every page of a document, from stored tokens where they fit."""
        key = _kept_under(document)
        kept = self._kept.get(key)
        if kept is None:
            fingerprint = self._analyser.fingerprint
            stored = self._reader.pages(document.id, fingerprint, document.excerpt)
            kept = {number: self._page_streams(page) for number, page in stored.items()}
            _keep(self._kept, key, kept)
        return kept

    def _page_streams(self, page: IndexablePage) -> _PageStreams:
        tokens = page.tokens
        if tokens is None or (page.running and tokens.short and not tokens.short_starts):
            analysis = self._analyser.analyse(page.text)
            words, short = analysis.word_spans, analysis.short_spans
            tokens = PageTerms(words.terms, words.starts, short.terms, short.starts)
        whole, own = pairs_with_and_without(page.text, page.running)
        terms: Streams = {Stream.WORDS: tokens.words, Stream.SHORT: tokens.short}
        everything = terms | {Stream.BIGRAMS: whole}
        if not page.running:
            return _PageStreams(everything, everything)
        return _PageStreams(everything, _own(page, tokens) | {Stream.BIGRAMS: own})

    def _title_streams(self, titles: tuple[str, ...], called: tuple[str, ...]) -> Streams:
        analysis = self._analyser.analyse("\n\n".join(titles))
        words = analysis.word_spans.terms
        known = set(words)
        units = tuple(term for term in analysis.short_spans.terms if term not in known)
        whole = title_tokens(called, self._analyser)
        return {Stream.TITLE: words + units + whole, Stream.BIGRAMS: analysis.bigrams}

    def _text_streams(self, text: str) -> Streams:
        analysis = self._analyser.analyse(text)
        return {
            Stream.WORDS: analysis.word_spans.terms,
            Stream.SHORT: analysis.short_spans.terms,
            Stream.BIGRAMS: analysis.bigrams,
        }


def _kept_under(document: IndexableDocument) -> str:
    return f"{document.id}:{document.excerpt}"


def _keep(kept: dict[str, T], key: str, value: T) -> None:
    while len(kept) >= _MOST_KEPT:
        del kept[next(iter(kept))]
    kept[key] = value


def _draft(bare: IndexRecord, streams: Callable[[], Streams]) -> RecordDraft:
    """A record that has everything but its streams yet."""
    return RecordDraft(bare.key, bare.version, lambda: replace(bare, streams=streams()))


def _own(page: IndexablePage, tokens: PageTerms) -> Streams:
    """The words a page says itself: without those of headers, footers and page numbers."""
    return {
        Stream.WORDS: _outside(page.running, tokens.words, tokens.word_starts),
        Stream.SHORT: _outside(page.running, tokens.short, tokens.short_starts),
    }


def _outside(
    spans: tuple[tuple[int, int], ...], terms: tuple[str, ...], starts: Sequence[int]
) -> tuple[str, ...]:
    """Terms that begin in none of the spans; spans and starts ascend."""
    outside: list[str] = []
    done = 0
    for start, end in spans:
        outside.extend(terms[done : bisect_left(starts, start)])
        done = max(done, bisect_left(starts, end))
    return (*outside, *terms[done:])


def _circles(
    subject: IndexableSubject,
) -> Mapping[tuple[frozenset[str], frozenset[str]], frozenset[Audience]]:
    """Audiences that see the same of a subject: (documents known, documents searched)."""
    circles: dict[tuple[frozenset[str], frozenset[str]], set[Audience]] = {}
    for audience in Audience:
        may = {document.id: allowed(document.rights, audience) for document in subject.documents}
        known = frozenset(id_ for id_, permissions in may.items() if permissions.metadata)
        if not known and subject.subject.startswith("document:"):
            continue
        searched = frozenset(id_ for id_, permissions in may.items() if permissions.index)
        circles.setdefault((known, searched), set()).add(audience)
    return {seen: frozenset(audiences) for seen, audiences in circles.items()}


def _facet_source(subject: IndexableSubject) -> tuple[object, ...]:
    return (
        subject.municipality_codes,
        subject.prefectures,
        subject.implemented_in,
        subject.presented_in,
        subject.themes,
        subject.functions,
        subject.event_id,
        subject.specimen,
    )


def _standing(subject: IndexableSubject) -> str:
    if subject.specimen:
        return Standing.SPECIMEN
    return Standing.CASE if subject.subject.startswith("case:") else Standing.DOCUMENT


def _facets(
    subject: IndexableSubject, documents: tuple[IndexableDocument, ...]
) -> Mapping[Facet, tuple[str, ...]]:
    years = {Facet.IMPLEMENTED_IN: subject.implemented_in, Facet.PRESENTED_IN: subject.presented_in}
    events = [
        subject.event_id,
        *(document.event_id for document in documents),
        *(event_id for document in documents for event_id in document.event_parts),
    ]
    facets: dict[Facet, tuple[str, ...]] = {
        Facet.MUNICIPALITY: subject.municipality_codes,
        Facet.PREFECTURE: subject.prefectures,
        Facet.THEME: subject.themes,
        Facet.DEPARTMENT: subject.functions,
        Facet.KIND: tuple(sorted({document.kind for document in documents})),
        Facet.RIGHTS: tuple(sorted({document.rights.effective.value for document in documents})),
        Facet.STANDING: (_standing(subject),),
        Facet.EVENT: tuple(dict.fromkeys(event for event in events if event)),
        **{facet: (str(year),) for facet, year in years.items() if year is not None},
    }
    return {facet: values for facet, values in facets.items() if values}


def _digest(parts: object) -> str:
    """A digest of plain values, the same in every process: sets are sorted first."""
    return hashlib.blake2b(repr(_ordered(parts)).encode(), digest_size=12).hexdigest()


def _ordered(value: object) -> object:
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, tuple):
        return tuple(_ordered(part) for part in value)
    return value
