"""From what the engine found to what a reader sees: cases, documents, passages, marks.

This is where rights meet text: how much of a document an audience may be shown is asked
of :func:`kb.domain.rights.allowed` for every document of every answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.catalogue.pages.tokens import PageTokens
from kb.catalogue.reading import CatalogueReader, QuotablePage
from kb.catalogue.views import CaseView, DocumentView, EventView, MunicipalityView
from kb.domain.classification import Holding
from kb.domain.rights import Audience, allowed
from kb.domain.settled import Field, Settled, quoted_length, shown
from kb.search.covering import MOST_PASSAGES, Quotable, pages_to_quote, quotations
from kb.search.engine import EngineAnswer, PageHit, SearchEngine, SubjectHit
from kb.search.passages import (
    Mark,
    Sought,
    marks_from_text,
    marks_from_tokens,
    merged,
    missed,
    spans,
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
MOST_PAGES_READ = 4
"""Pages of one result that are read for its passages."""
MOST_PAGES_COUNTED = 200
"""Pages of one document whose marks are counted for the page strip."""
EVENT_CARDS_FROM = 3
"""How many of the first results may lend their event a card."""

Page = tuple[str, int]
PageOf = tuple[str, PageHit]
"""A page that answers, with its document."""


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

    def results(
        self, query: EngineQuery, answer: EngineAnswer, *, explain: bool = False
    ) -> tuple[SearchHit, ...]:
        """The results of one page, in the engine's order; with the reasons for it, to curators."""
        subjects = [hit.subject for hit in answer.hits]
        pages = self._engine.pages(query, subjects, 0)
        ids = {kind: _ids(subjects, kind) for kind in ("case", "document")}
        cases = self._catalogue.cases_in_brief(ids["case"], query.audience)
        alone = self._documents(ids["document"], query.audience)
        wanted = Wanted.by(query, answer)
        hits = [
            self._result(hit, pages.get(hit.subject, (0, ()))[1], cases, alone)
            for hit in answer.hits
        ]
        known = [hit for hit in hits if hit is not None]
        read = [draft.to_be_read(wanted) for draft in known]
        stored = self._stored((of, hit.page) for each in read for of, hit in each)
        made = [d.shown(each, wanted, stored) for d, each in zip(known, read, strict=True)]
        if not explain or query.audience is not Audience.CURATOR:
            return tuple(made)
        told = {each.subject: each for each in self._engine.explain(query, subjects)}
        return tuple(
            replace(hit, explanation=told.get(draft.subject))
            for draft, hit in zip(known, made, strict=True)
        )

    def _documents(self, ids: Sequence[str], audience: Audience) -> Mapping[str, DocumentView]:
        """Documents without a case; where there is none, the catalogue is not asked."""
        return self._catalogue.documents(ids, audience) if ids else {}

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
            marks=spans(marks[page]),
            hits_by_page={number: len(found) for number, found in marks.items() if found},
            marked=tuple(
                dict.fromkeys(texts[n][a:b] for n, found in marks.items() for a, b in spans(found))
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
        return _Draft(hit.subject, hit.score, case, tuple(documents[:MOST_DOCUMENTS]), best)

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

    subject: str
    score: float
    case: CaseView | None
    documents: tuple[DocumentView, ...]
    pages: Mapping[str, Sequence[PageHit]]

    def to_be_read(self, wanted: "Wanted") -> list[PageOf]:
        """The pages worth reading for passages, best first, of documents that may be quoted."""
        hits = [
            (document.id, hit)
            for document in self.documents
            for hit in self.pages.get(document.id, ())
            if (_room(document, wanted.audience) if hit.page else _note(document, wanted.sought))
        ]
        return pages_to_quote(hits, wanted.rarity, MOST_PAGES_READ)

    def shown(self, read: Sequence[PageOf], wanted: "Wanted", stored: _Stored) -> SearchHit:
        """The result with its passages cut and the rights applied."""
        passages = self._passages(read, wanted, stored)
        documents = tuple(
            _document_hit(
                document,
                self.pages.get(document.id, ()),
                tuple(quote for of, quote in passages if of == document.id),
                wanted.audience,
            )
            for document in self.documents
        )
        event = None if self.case else _event_of(self.documents)
        return SearchHit(self.score, _case_ref(self.case) if self.case else None, documents, event)

    def _passages(
        self, read: Sequence[PageOf], wanted: "Wanted", stored: _Stored
    ) -> list[tuple[str, Passage]]:
        """What may be quoted of each document: all its passages together keep its rights."""
        held = {document.id: document for document in self.documents}
        room = {document.id: _room(document, wanted.audience) for document in self.documents}
        found = [
            (document, source)
            for document, hit in read
            if (source := _quotable(held[document], hit, wanted.sought, stored)) is not None
        ]
        notes = {s.allowance: MOST_PASSAGES * len(s.text) for _, s in found if not s.page}
        quotes = []
        for quote in quotations([s for _, s in found], {**room, **notes}, wanted.rarity):
            document, source = found[quote.source]
            page = stored.pages.get((document, source.page))
            confidence = page.confidence if page else None
            quotes.append((document, replace(quote.passage, confidence=confidence)))
        return quotes


@dataclass(frozen=True, slots=True)
class Wanted:
    """What passages are to show, and to whom."""

    sought: Sought
    rarity: tuple[float, ...]
    """Of each clause that is not excluded: a greater number is a rarer one."""
    audience: Audience

    @classmethod
    def by(cls, query: EngineQuery, answer: EngineAnswer) -> "Wanted":
        """What a question asks for, with how many hold each clause."""
        counts = zip(query.clauses, answer.clause_counts, strict=True)
        rarity = tuple(1 / (1 + count) for clause, count in counts if not clause.excluded)
        return cls(Sought.by(query.clauses), rarity, query.audience)


def _room(document: DocumentView, audience: Audience) -> int:
    """How many characters of a document's pages one answer may show."""
    told = shown(document.settlement, document.rights, audience)
    room = allowed(document.rights, audience).snippet_characters - quoted_length(told)
    return max(room, 0)


def _quotable(
    document: DocumentView, hit: PageHit, sought: Sought, stored: _Stored
) -> Quotable | None:
    """A page without its headers and footers, or our note; None where there is nothing to quote."""
    page = (document.id, hit.page)
    if hit.page == 0:
        return _note(document, sought)
    if page not in stored.pages:
        return None
    found = stored.pages[page]
    text, marks = without(found.text, _marks(page, hit, sought, stored), found.running)
    return Quotable(document.id, hit.page, text, marks)


def _note(document: DocumentView, sought: Sought) -> Quotable | None:
    """Our own sentence about a document, which no rights restrict.

    Of a held document only where it answers: its pages say more.
    """
    note = document.note or ""
    marks = marks_from_text(note, sought)
    if not note or (document.holding is Holding.HELD and not marks):
        return None
    return Quotable(f"note:{document.id}", 0, note, marks)


def _text(page: Page, stored: _Stored) -> str:
    return stored.pages[page].text if page in stored.pages else ""


def _marks(page: Page, hit: PageHit, sought: Sought, stored: _Stored) -> list[Mark]:
    """By the stored tokens; as typed only for what the page holds and these do not show."""
    text = stored.pages[page].text
    tokens = stored.tokens.get(page)
    if tokens is None:
        return marks_from_text(text, sought)
    words = tokens.words
    found = marks_from_tokens(words.terms, words.starts, words.ends, sought)
    rest = missed(sought, found, hit.held)
    return merged([*found, *marks_from_text(text, rest)]) if rest.surfaces else found


def _all_marks(page: Page, sought: Sought, stored: _Stored) -> list[Mark]:
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
