"""From the catalogue's subjects to the index's records.

A record's version is a digest of what it is made from, so that a sync can tell what has
changed without reading a page. Its tokens are made only when they are needed.

Who may find what is decided here, once: documents whose rights keep them from an audience
leave no word in the records that audience can find.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from kb.catalogue.indexable import IndexableDocument, IndexableReader, IndexableSubject
from kb.domain.rights import Audience, allowed
from kb.japanese.fold import fold_text
from kb.japanese.tokenise import Analyser, bigrams
from kb.search.engine import SCHEMA_VERSION, IndexRecord, RecordKind
from kb.search.query import Facet, Standing, Stream

Streams = dict[Stream, tuple[str, ...]]


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


class RecordMaker:
    """Makes records; keeps the tokens of the document it last read."""

    def __init__(self, reader: IndexableReader, analyser: Analyser) -> None:
        self._reader = reader
        self._analyser = analyser
        self._last: tuple[str, Mapping[int, Streams]] = ("", {})

    def drafts(self) -> Iterator[RecordDraft]:
        """A draft of every record the index should hold."""
        for subject in self._reader.subjects():
            yield from self._subject_drafts(subject)

    def _subject_drafts(self, subject: IndexableSubject) -> Iterator[RecordDraft]:
        for (known, searched), audiences in _circles(subject).items():
            key = f"{subject.subject}@{'+'.join(sorted(audiences))}"
            seen = tuple(d for d in subject.documents if d.id in known)
            made_from = (subject.titles, subject.texts, _facet_source(subject), seen, searched)
            version = _digest((SCHEMA_VERSION, made_from))
            make = partial(self._case_record, key, version, subject, known, searched, audiences)
            yield RecordDraft(key, version, make)
        for document in subject.documents:
            yield from self._page_drafts(subject, document)

    def _page_drafts(
        self, subject: IndexableSubject, document: IndexableDocument
    ) -> Iterator[RecordDraft]:
        audiences = frozenset(a for a in Audience if allowed(document.rights, a).metadata)
        searchers = frozenset(a for a in Audience if allowed(document.rights, a).index)
        facets = _facets(subject, (document,))
        common = (SCHEMA_VERSION, subject.subject, sorted(facets.items()), sorted(searchers))
        if audiences:
            key = f"page:{document.id}:0"
            version = _digest((common, sorted(audiences), document.titles, document.note))
            page = partial(self._title_record, key, version, subject, document, facets, audiences)
            yield RecordDraft(key, version, page)
        if not searchers:
            return
        for number, digest in document.pages:
            key = f"page:{document.id}:{number}"
            version = _digest((common, digest))
            yield RecordDraft(
                key,
                version,
                partial(
                    self._page_record, key, version, subject, document, number, facets, searchers
                ),
            )

    # -- making --------------------------------------------------------------------------

    def _case_record(
        self,
        key: str,
        version: str,
        subject: IndexableSubject,
        known: frozenset[str],
        searched: frozenset[str],
        audiences: frozenset[Audience],
    ) -> IndexRecord:
        gathered = _Gathered()
        gathered.add(self._title_streams(subject.titles))
        gathered.add(self._text_streams("\n\n".join(subject.texts)))
        documents = tuple(d for d in subject.documents if d.id in known)
        for document in documents:
            gathered.add(self._title_streams(document.titles))
            gathered.add(self._text_streams(document.note))
            if document.id in searched:
                for streams in self._pages(document).values():
                    gathered.add(streams)
        return IndexRecord(
            key=key,
            kind=RecordKind.CASE,
            subject=subject.subject,
            document="",
            page=0,
            streams=gathered.done(),
            facets=_facets(subject, documents),
            audiences=audiences,
            version=version,
        )

    def _title_record(
        self,
        key: str,
        version: str,
        subject: IndexableSubject,
        document: IndexableDocument,
        facets: Mapping[Facet, tuple[str, ...]],
        audiences: frozenset[Audience],
    ) -> IndexRecord:
        """What a document is called, as page 0: all there is to search of a located one."""
        gathered = _Gathered()
        gathered.add(self._title_streams(document.titles))
        gathered.add(self._text_streams(document.note))
        return IndexRecord(
            key=key,
            kind=RecordKind.PAGE,
            subject=subject.subject,
            document=document.id,
            page=0,
            streams=gathered.done(),
            facets=facets,
            audiences=audiences,
            version=version,
        )

    def _page_record(
        self,
        key: str,
        version: str,
        subject: IndexableSubject,
        document: IndexableDocument,
        number: int,
        facets: Mapping[Facet, tuple[str, ...]],
        audiences: frozenset[Audience],
    ) -> IndexRecord:
        return IndexRecord(
            key=key,
            kind=RecordKind.PAGE,
            subject=subject.subject,
            document=document.id,
            page=number,
            streams=self._pages(document)[number],
            facets=facets,
            audiences=audiences,
            version=version,
        )

    # -- tokens --------------------------------------------------------------------------

    def _pages(self, document: IndexableDocument) -> Mapping[int, Streams]:
        """The streams of every page of a document, from stored tokens where they fit."""
        if self._last[0] == document.id:
            return self._last[1]
        stored = self._reader.page_tokens(document.id, self._analyser.fingerprint)
        pages: dict[int, Streams] = {}
        for number, text in self._reader.page_texts(document.id).items():
            tokens = stored.get(number)
            if tokens is None:
                pages[number] = self._text_streams(text)
            else:
                pages[number] = {
                    Stream.WORDS: tokens.words.terms,
                    Stream.SHORT: tokens.short,
                    Stream.BIGRAMS: bigrams(fold_text(text)),
                }
        self._last = (document.id, pages)
        return pages

    def _title_streams(self, titles: tuple[str, ...]) -> Streams:
        analysis = self._analyser.analyse("\n\n".join(titles))
        words = tuple(token.term for token in analysis.words)
        units = tuple(t.term for t in analysis.short if t.term not in set(words))
        return {Stream.TITLE: words + units, Stream.BIGRAMS: analysis.bigrams}

    def _text_streams(self, text: str) -> Streams:
        analysis = self._analyser.analyse(text)
        return {
            Stream.WORDS: tuple(token.term for token in analysis.words),
            Stream.SHORT: tuple(token.term for token in analysis.short),
            Stream.BIGRAMS: analysis.bigrams,
        }


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
    events = [subject.event_id, *(document.event_id for document in documents)]
    facets: dict[Facet, tuple[str, ...]] = {
        Facet.MUNICIPALITY: subject.municipality_codes,
        Facet.PREFECTURE: subject.prefectures,
        Facet.THEME: subject.themes,
        Facet.DEPARTMENT: subject.functions,
        Facet.KIND: tuple(sorted({document.kind for document in documents})),
        Facet.RIGHTS: tuple(sorted({document.rights.terms.value for document in documents})),
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
