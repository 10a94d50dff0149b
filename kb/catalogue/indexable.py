"""What the index is made from: every subject with its texts, for all audiences at once.

A subject is a case with its documents, or a document that belongs to no case. The reader
streams, so that a large catalogue is never in memory at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kb.catalogue import models as m
from kb.catalogue.casebooks.ranges import Casebooks, Digests, casebooks, other_events, unclaimed
from kb.catalogue.name_changes import bodies_now, codes_now
from kb.catalogue.pages import layout as page_layout
from kb.catalogue.pages.tokens import PageTerms, decode_terms
from kb.catalogue.review.settlements import places_of, settlement_of
from kb.catalogue.rows import rights_of
from kb.catalogue.session import Database
from kb.domain.classification import DocumentKind
from kb.domain.page_ranges import PageRanges
from kb.domain.rights import Rights
from kb.domain.settled import Field, Settlement

_BATCH = 200
"""Subjects fetched at a time."""


@dataclass(frozen=True, slots=True)
class IndexableDocument:
    """A document's own words and where its pages are."""

    id: str
    rights: Rights
    kind: str
    presented_in: int | None
    titles: tuple[str, ...]
    """Title, series, keywords, places, departments, people: what the record is called."""
    note: str
    municipality_codes: tuple[str, ...]
    """As of a subject."""
    event_id: str | None
    pages: tuple[tuple[int, str], ...]
    """Number and digest of every page that has been read and belongs to the subject."""
    excerpt: PageRanges | None = None
    """Those pages of a casebook that tell of the case, where the subject is one of its cases."""
    event_parts: tuple[str, ...] = ()
    """Events that it announced, reported on or was used at."""
    prefectures: tuple[str, ...] = ()
    """As of a subject."""
    called: tuple[str, ...] = ()
    """Of the titles those that are its own; a casebook's is no title of its cases."""


@dataclass(frozen=True, slots=True)
class IndexableSubject:
    """Everything a record is made of, but the pages' texts."""

    subject: str
    """``case:ID`` or ``document:ID``."""
    titles: tuple[str, ...]
    texts: tuple[str, ...]
    """The narrative fields of a case."""
    municipality_codes: tuple[str, ...]
    """What is filed under a body of the past is found under its own code and today's."""
    prefectures: tuple[str, ...]
    """Two-digit codes, of today."""
    implemented_in: int | None
    presented_in: int | None
    themes: tuple[str, ...]
    functions: tuple[str, ...]
    event_id: str | None
    specimen: bool
    documents: tuple[IndexableDocument, ...]
    called: tuple[str, ...] = ()
    """As of a document."""


@dataclass(frozen=True, slots=True)
class IndexablePage:
    """One page, as it was read."""

    text: str
    tokens: PageTerms | None
    """None where another analyser made them, or none did."""
    running: tuple[tuple[int, int], ...] = ()
    """Character ranges of headers, footers and page numbers."""


class IndexableReader:
    """Streams subjects and fetches their pages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def subjects(self) -> Iterator[IndexableSubject]:
        """Every published subject."""
        with self._database.reading() as session:
            every_page = _digests(session)
            people, speakers = _people(session), _speakers(session)
            books = casebooks(session)
            digests = unclaimed(every_page, books)
            excerpts = _excerpts(books, every_page)
            cases = session.scalars(
                select(m.CaseRow)
                .where(m.CaseRow.published)
                .order_by(m.CaseRow.id)
                .options(*_CASE_WHOLE)
                .execution_options(yield_per=_BATCH)
            )
            for case in cases:
                subject = _case_subject(case, digests, people, speakers)
                told = (*subject.documents, *excerpts.get(case.id, ()))
                yield replace(subject, documents=told)
            alone = session.scalars(
                select(m.DocumentRow)
                .where(m.DocumentRow.published, m.DocumentRow.case_id.is_(None))
                .order_by(m.DocumentRow.id)
                .options(*_DOCUMENT_WHOLE)
                .execution_options(yield_per=_BATCH)
            )
            for document in alone:
                yield _document_subject(document, digests, people)

    def pages(
        self, document_id: str, fingerprint: str, only: PageRanges | None = None
    ) -> Mapping[int, IndexablePage]:
        """Every page of one document, or `only` some of them.

        Tokens come where the analyser of `fingerprint` made them.
        """
        page, tokens, layout = m.PageRow, m.PageTokensRow, m.PageLayoutRow
        wanted = (
            select(page.number, page.text, tokens.tokens, layout.layout)
            .outerjoin(
                tokens,
                and_(
                    tokens.document_id == page.document_id,
                    tokens.number == page.number,
                    tokens.fingerprint == fingerprint,
                ),
            )
            .outerjoin(
                layout,
                and_(layout.document_id == page.document_id, layout.number == page.number),
            )
            .where(page.document_id == document_id)
            .order_by(page.number)
        )
        if only is not None:
            # One condition, since SQLite takes no 1,000 of them: every other page of a long book.
            wanted = wanted.where(page.number.between(only.first, only.last))
        with self._database.reading() as session:
            return {
                number: IndexablePage(
                    text,
                    decode_terms(stored) if stored else None,
                    page_layout.running(placed or b""),
                )
                for number, text, stored, placed in session.execute(wanted)
                if only is None or number in only
            }


_DOCUMENT_WHOLE = (
    selectinload(m.DocumentRow.municipalities),
    selectinload(m.DocumentRow.event_parts),
    selectinload(m.DocumentRow.decisions),
    joinedload(m.DocumentRow.event),
)
_CASE_WHOLE = (
    selectinload(m.CaseRow.municipalities),
    selectinload(m.CaseRow.departments),
    selectinload(m.CaseRow.themes),
    joinedload(m.CaseRow.event),
    joinedload(m.CaseRow.programme),
    selectinload(m.CaseRow.documents).selectinload(m.DocumentRow.municipalities),
    selectinload(m.CaseRow.documents).joinedload(m.DocumentRow.event),
    selectinload(m.CaseRow.documents).selectinload(m.DocumentRow.event_parts),
    selectinload(m.CaseRow.documents).selectinload(m.DocumentRow.decisions),
)

People = Mapping[str, tuple[str, ...]]


def _digests(session: Session) -> Digests:
    pages: dict[str, list[tuple[int, str]]] = {}
    found = session.execute(
        select(m.PageRow.document_id, m.PageRow.number, m.PageRow.digest).order_by(
            m.PageRow.document_id, m.PageRow.number
        )
    )
    for document_id, number, digest in found:
        pages.setdefault(document_id, []).append((number, digest))
    return {document_id: tuple(numbered) for document_id, numbered in pages.items()}


def _speakers(session: Session) -> People:
    """The names of those who had a part at each event.

    Not their posts: 福津市長 would name 福津市 in the cases of every town that spoke there.
    """
    named: dict[str, list[str]] = {}
    found = session.scalars(
        select(m.RoleRow)
        .where(m.RoleRow.event_id.is_not(None), m.RoleRow.document_id.is_(None))
        .options(joinedload(m.RoleRow.person))
        .order_by(m.RoleRow.id)
    )
    for role in found:
        names = [role.person.name, *role.person.other_names, role.person.kana or ""]
        named.setdefault(role.event_id or "", []).extend(name for name in names if name)
    return {event: tuple(dict.fromkeys(names)) for event, names in named.items()}


def _people(session: Session) -> People:
    """What people, roles and further events each case, document and event goes with."""
    named: dict[str, list[str]] = {}
    found = session.scalars(
        select(m.RoleRow).options(joinedload(m.RoleRow.person)).order_by(m.RoleRow.id)
    )
    for role in found:
        person = role.person
        names = [person.name, *person.other_names, person.kana or "", role.title, role.part]
        for owner in (role.case_id, role.document_id, role.event_id):
            if owner:
                named.setdefault(owner, []).extend(name for name in names if name)
    for document_id, event in other_events(session):
        named.setdefault(document_id, []).extend(_event_words(event))
    return {owner: tuple(dict.fromkeys(names)) for owner, names in named.items()}


def _excerpts(books: Casebooks, digests: Digests) -> Mapping[str, tuple[IndexableDocument, ...]]:
    """What stands in casebooks of each case, as documents of that case.

    They carry the casebook's title and not its places, people or keywords: those are of all
    the cases in it.
    """
    found: dict[str, tuple[IndexableDocument, ...]] = {}
    for case_id, excerpt, book in books:
        pages = digests.get(book.id, ())
        settlement = settlement_of(book)
        document = IndexableDocument(
            id=book.id,
            rights=rights_of(book),
            kind=_kind(settlement),
            presented_in=book.presented_in,
            titles=_named(book, settlement),
            note="",
            municipality_codes=(),
            event_id=book.event_id,
            pages=tuple(page for page in pages if page[0] in excerpt),
            excerpt=excerpt,
        )
        found[case_id] = (*found.get(case_id, ()), document)
    return found


def _given(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _place_words(places: list[m.MunicipalityRow]) -> tuple[str, ...]:
    """The names of places, and after those of the past what they are today."""
    words: list[str] = []
    for place in places:
        words += (place.prefecture, place.name)
        words += (word for now in bodies_now(place.code) for word in (now.prefecture, now.name))
    return tuple(words)


def _codes(places: list[m.MunicipalityRow]) -> tuple[str, ...]:
    """Codes of today, and after them the one of a body of the past."""
    codes = (code for place in places for code in (*codes_now(place.code), place.code))
    return tuple(dict.fromkeys(codes))


def _prefectures(places: list[m.MunicipalityRow]) -> tuple[str, ...]:
    """In which prefectures places are today."""
    codes = (code for place in places for code in codes_now(place.code))
    return tuple(dict.fromkeys(code[:2] for code in codes))


def _event_words(event: m.EventRow | None) -> tuple[str, ...]:
    if event is None:
        return ()
    return _given(event.title, event.series)


def _named(row: m.DocumentRow, settlement: Settlement) -> tuple[str, ...]:
    number = settlement.text(Field.SERIES_NUMBER)
    numbered = number and f"No.{number} {number}号"
    title = settlement.text(Field.TITLE) or row.title
    return _given(title, settlement.text(Field.SERIES), numbered, row.edition)


def _kind(settlement: Settlement) -> str:
    return settlement.text(Field.KIND) or DocumentKind.OTHER.value


def _document(row: m.DocumentRow, digests: Digests, people: People) -> IndexableDocument:
    settlement = settlement_of(row)
    # Of a document in a case only what was recorded with it: the case has places of its own.
    places = row.municipalities if row.case_id else places_of(row, settlement)
    return IndexableDocument(
        id=row.id,
        rights=rights_of(row),
        kind=_kind(settlement),
        presented_in=row.presented_in,
        titles=(
            *_named(row, settlement),
            *_given(row.file_title),
            *row.keywords,
            *settlement.texts(Field.DEPARTMENTS),
            *_place_words(places),
            *people.get(row.id, ()),
        ),
        note=row.note or "",
        municipality_codes=_codes(places),
        prefectures=_prefectures(places),
        event_id=row.event_id,
        pages=digests.get(row.id, ()),
        event_parts=tuple(part.event_id for part in row.event_parts),
        called=_given(settlement.text(Field.TITLE) or row.title),
    )


def _case_subject(
    row: m.CaseRow, digests: Digests, people: People, speakers: People
) -> IndexableSubject:
    return IndexableSubject(
        subject=f"case:{row.id}",
        titles=(
            *_given(row.title, row.subtitle, row.provisional_title),
            *row.keywords,
            *_place_words(row.municipalities),
            *(department.name for department in row.departments),
            *(theme.label for theme in row.themes),
            *_event_words(row.event),
            *_given(row.programme.title if row.programme else None),
            *people.get(row.id, ()),
            *speakers.get(row.event_id or "", ()),
        ),
        texts=tuple(row.narrative.values()),
        municipality_codes=_codes(row.municipalities),
        prefectures=_prefectures(row.municipalities),
        implemented_in=row.implemented_in,
        presented_in=row.presented_in,
        themes=tuple(theme.slug for theme in row.themes),
        functions=tuple(row.functions),
        event_id=row.event_id,
        specimen=row.specimen,
        documents=tuple(
            _document(document, digests, people) for document in row.documents if document.published
        ),
        called=_given(row.title, row.provisional_title),
    )


def _document_subject(row: m.DocumentRow, digests: Digests, people: People) -> IndexableSubject:
    document, settlement = _document(row, digests, people), settlement_of(row)
    event_people = people.get(row.event_id, ()) if row.event_id else ()
    return IndexableSubject(
        subject=f"document:{row.id}",
        titles=(*_event_words(row.event), *event_people),
        texts=(),
        municipality_codes=document.municipality_codes,
        prefectures=document.prefectures,
        implemented_in=settlement.year(Field.IMPLEMENTED_IN),
        presented_in=settlement.year(Field.PRESENTED_IN),
        themes=settlement.texts(Field.THEMES),
        functions=settlement.texts(Field.FUNCTIONS),
        event_id=row.event_id,
        specimen=row.specimen,
        documents=(document,),
    )
