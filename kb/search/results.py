"""From what the engine found to what a reader sees: cases, documents, passages, marks.

This is where rights meet text: how much of a document an audience may be shown is asked
of :func:`kb.domain.rights.allowed` for every document of every answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.catalogue.page_tokens import PageTokens
from kb.catalogue.reading import CatalogueReader, QuotablePage
from kb.catalogue.views import CaseView, DocumentView, EventView, MunicipalityView
from kb.domain.classification import Holding
from kb.domain.rights import Audience, allowed
from kb.domain.settled import Field, Settled, quoted_length, shown
from kb.search.engine import EngineAnswer, PageHit, SearchEngine, SubjectHit
from kb.search.passages import (
    Sought,
    Span,
    marks_from_text,
    marks_from_tokens,
    merged,
    passage,
    without,
)
from kb.search.query import (
    CaseRef,
    Clause,
    DocumentHit,
    DocumentReading,
    EngineQuery,
    Entity,
    EventRef,
    Match,
    MunicipalityRef,
    Named,
    Passage,
    Scope,
    SearchHit,
)

MOST_DOCUMENTS = 6
"""Documents named in one result."""
MOST_PASSAGES = 2
"""Passages quoted in one result; the rest is a link."""
MOST_PAGES_COUNTED = 200
"""Pages of one document whose marks are counted for the page strip."""
EVENT_CARDS_FROM = 3
"""How many of the first results may lend their event a card."""

Page = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the catalogue holds of the pages to be quoted."""

    pages: Mapping[Page, QuotablePage]
    tokens: Mapping[Page, PageTokens]


class ResultMaker:
    """Makes results for one catalogue, whichever engine found them."""

    def __init__(self, catalogue: CatalogueReader, engine: SearchEngine, fingerprint: str) -> None:
        self._catalogue = catalogue
        self._engine = engine
        self._fingerprint = fingerprint

    def results(self, query: EngineQuery, answer: EngineAnswer) -> tuple[SearchHit, ...]:
        """The results of one page, in the engine's order."""
        subjects = [hit.subject for hit in answer.hits]
        pages = self._engine.pages(query, subjects, 0)
        ids = {kind: _ids(subjects, kind) for kind in ("case", "document")}
        cases = self._catalogue.cases_in_brief(ids["case"], query.audience)
        alone = self._catalogue.documents(ids["document"], query.audience)
        sought = Sought.by(query.clauses)
        hits = [
            self._result(hit, pages.get(hit.subject, (0, ()))[1], cases, alone)
            for hit in answer.hits
        ]
        known = [hit for hit in hits if hit is not None]
        stored = self._stored(page for hit in known for page in hit.quoted())
        return tuple(hit.shown(sought, stored, query.audience) for hit in known)

    def entities(self, named: Sequence[Entity], results: Sequence[SearchHit]) -> tuple[Entity, ...]:
        """The things the question named, and the events whose own papers answer it best."""
        cards = list(named)
        for hit in results[:EVENT_CARDS_FROM]:
            if hit.case is None and hit.event is not None:
                why = "この催しの資料に書かれています"
                cards.append(Entity("event", hit.event.id, hit.event.title, why))
        first: dict[tuple[str, str], Entity] = {}
        for card in cards:
            first.setdefault((card.kind, card.id), card)
        return tuple(first.values())

    def reading(
        self, document: DocumentView, page: int, clauses: tuple[Clause, ...], audience: Audience
    ) -> DocumentReading:
        """One page of a document that may be read, with every hit in the document counted."""
        sought = Sought.by(clauses)
        numbers = self._answering_pages(document, clauses, audience) | {page}
        wanted = [(document.id, number) for number in sorted(numbers)]
        stored = self._stored(wanted)
        marks = {number: _all_marks((document.id, number), sought, stored) for _, number in wanted}
        texts = {number: _text((document.id, number), stored) for number in marks}
        return DocumentReading(
            text=texts[page],
            marks=tuple(marks[page]),
            hits_by_page={number: len(found) for number, found in marks.items() if found},
            marked=tuple(
                dict.fromkeys(texts[n][a:b] for n, found in marks.items() for a, b in found)
            ),
        )

    def _answering_pages(
        self, document: DocumentView, clauses: tuple[Clause, ...], audience: Audience
    ) -> set[int]:
        if not clauses:
            return set()
        query = EngineQuery(clauses, audience=audience, scope=Scope.CASE, match=Match.ANY)
        found = self._engine.pages(query, _subjects(document), 0)
        hits = [hit for _, of_subject in found.values() for hit in of_subject]
        ours = [hit.page for hit in hits if hit.document == document.id and hit.page]
        return set(ours[:MOST_PAGES_COUNTED])

    def _result(
        self,
        hit: SubjectHit,
        pages: Sequence[PageHit],
        cases: Mapping[str, CaseView],
        alone: Mapping[str, DocumentView],
    ) -> "_Draft | None":
        kind, _, identifier = hit.subject.partition(":")
        case = cases.get(identifier) if kind == "case" else None
        held = case.documents if case else tuple(filter(None, [alone.get(identifier)]))
        if case is None and not held:
            return None  # taken down since the index was made
        best: dict[str, list[PageHit]] = {}
        for page in pages:
            best.setdefault(page.document, []).append(page)
        order = {document: at for at, document in enumerate(best)}
        documents = sorted(held, key=lambda d: order.get(d.id, len(order)))
        return _Draft(hit.score, case, tuple(documents[:MOST_DOCUMENTS]), best)

    def _stored(self, pages: Iterable[Page]) -> _Stored:
        wanted = [page for page in pages if page[1]]
        if not wanted:
            return _Stored({}, {})
        return _Stored(
            self._catalogue.quotable_pages(wanted),
            self._catalogue.page_tokens(wanted, self._fingerprint),
        )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A result whose passages are not yet cut."""

    score: float
    case: CaseView | None
    documents: tuple[DocumentView, ...]
    pages: Mapping[str, Sequence[PageHit]]

    def quoted(self) -> list[Page]:
        """The pages to be quoted: the best of each document, as many as a result shows."""
        chosen = [
            (document.id, hit.page)
            for document in self.documents
            for hit in list(self.pages.get(document.id, ()))[:MOST_PASSAGES]
        ]
        return chosen[: MOST_PASSAGES * 2]

    def shown(self, sought: Sought, stored: _Stored, audience: Audience) -> SearchHit:
        """The result with its passages cut and the rights applied."""
        left = MOST_PASSAGES
        documents = []
        for document in self.documents:
            hits = self.pages.get(document.id, ())
            quotes = _passages(document, hits[:left], sought, stored, audience) if left else ()
            left -= len(quotes)
            documents.append(_document_hit(document, hits, quotes, audience))
        event = None if self.case else _event_of(self.documents)
        return SearchHit(
            self.score, _case_ref(self.case) if self.case else None, tuple(documents), event
        )


def _passages(
    document: DocumentView,
    hits: Sequence[PageHit],
    sought: Sought,
    stored: _Stored,
    audience: Audience,
) -> tuple[Passage, ...]:
    """What may be quoted of a document: all its passages together stay within its rights."""
    told = shown(document.settlement, document.rights, audience)
    left = allowed(document.rights, audience).snippet_characters - quoted_length(told)
    quotes = []
    for hit in hits:
        page = (document.id, hit.page)
        if hit.page == 0:
            quote = _from_note(document, sought)
        elif left > 0 and page in stored.pages:
            quote = _quote(page, sought, stored, left)
            left -= len(quote.text)
        else:
            continue
        if quote.text:
            quotes.append(quote)
    return tuple(quotes)


def _quote(page: Page, sought: Sought, stored: _Stored, most: int) -> Passage:
    """The best lines of a page, its headers and footers left out."""
    found = stored.pages[page]
    text, marks = without(found.text, _marks(page, sought, stored), found.running)
    return replace(passage(page[1], text, marks, most), confidence=found.confidence)


def _text(page: Page, stored: _Stored) -> str:
    return stored.pages[page].text if page in stored.pages else ""


def _from_note(document: DocumentView, sought: Sought) -> Passage:
    """A quotation from our own sentence about a document, which no rights restrict.

    Of a held document only where it answers: its pages say more.
    """
    note = document.note or ""
    marks = marks_from_text(note, sought)
    if document.holding is Holding.HELD and not marks:
        return Passage(0, "", ())
    return passage(0, note, marks, len(note))


def _marks(page: Page, sought: Sought, stored: _Stored) -> list[Span]:
    tokens = stored.tokens.get(page)
    if tokens is not None:
        words = tokens.words
        found = marks_from_tokens(words.terms, words.starts, words.ends, sought)
        if found:
            return found
    return marks_from_text(stored.pages[page].text, sought)


def _all_marks(page: Page, sought: Sought, stored: _Stored) -> list[Span]:
    """Every mark of a page that is read: by its tokens and as typed."""
    text = _text(page, stored)
    tokens = stored.tokens.get(page)
    found = marks_from_text(text, sought)
    if tokens is not None:
        words = tokens.words
        found += marks_from_tokens(words.terms, words.starts, words.ends, sought)
    return merged(found)


def _subjects(document: DocumentView) -> list[str]:
    """Under which subjects the pages of a document are found: its own, and its cases'."""
    own = f"case:{document.case_id}" if document.case_id else f"document:{document.id}"
    return [own, *(f"case:{contained.case_id}" for contained in document.contains)]


def _ids(subjects: Iterable[str], kind: str) -> list[str]:
    return [s.partition(":")[2] for s in subjects if s.startswith(f"{kind}:")]


def _document_hit(
    document: DocumentView,
    hits: Sequence[PageHit],
    passages: tuple[Passage, ...],
    audience: Audience,
) -> DocumentHit:
    return DocumentHit(
        id=document.id,
        title=document.title,
        kind=document.kind.value,
        holding=document.holding.value,
        pages=document.pages,
        pages_matched=sum(hit.page > 0 for hit in hits),
        rights=document.rights,
        source_url=document.sources[0].url if document.sources else None,
        passages=passages,
        specimen=document.specimen,
        media_type=document.media_type,
        excerpt=document.excerpt,
        municipalities=tuple(_municipality_ref(place) for place in document.municipalities),
        settled=_settled(document, audience),
    )


def _settled(document: DocumentView, audience: Audience) -> Mapping[Field, Settled]:
    told = shown(document.settlement, document.rights, audience)
    return {name: replace(each, evidence=()) for name, each in told.items()}


def _case_ref(case: CaseView) -> CaseRef:
    return CaseRef(
        id=case.id,
        title=case.title,
        provisional_title=case.provisional_title,
        municipalities=tuple(_municipality_ref(place) for place in case.municipalities),
        implemented_in=case.implemented_in,
        presented_in=case.presented_in,
        event=_event_ref(case.event) if case.event else None,
        themes=tuple(Named(theme.value, theme.label) for theme in case.themes),
        departments=case.departments,
        summary=case.narrative.get("summary"),
        specimen=case.specimen,
    )


def _municipality_ref(place: MunicipalityView) -> MunicipalityRef:
    return MunicipalityRef(place.code, place.name, place.prefecture, place.specimen, place.now)


def _event_ref(event: EventView) -> EventRef:
    held_on = event.held_on.isoformat() if event.held_on else None
    return EventRef(event.id, event.title, held_on, event.specimen)


def _event_of(documents: Sequence[DocumentView]) -> EventRef | None:
    for document in documents:
        if document.event_id and document.event_title:
            held_on = document.event_held_on
            day = held_on.isoformat() if held_on else None
            return EventRef(document.event_id, document.event_title, day, document.specimen)
    return None
