"""What the index is made from: every subject with its texts, for all audiences at once.

A subject is a case with its documents, or a document that belongs to no case. The reader
streams, so that a large catalogue is never in memory at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kb.catalogue import models as m
from kb.catalogue import page_layout
from kb.catalogue.page_tokens import PageTerms, decode_terms
from kb.catalogue.rows import presented_in, rights_of
from kb.catalogue.session import Database
from kb.domain.rights import Rights

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
    event_id: str | None
    pages: tuple[tuple[int, str], ...]
    """Number and digest of every page that has been read."""


@dataclass(frozen=True, slots=True)
class IndexableSubject:
    """Everything a record is made of, but the pages' texts."""

    subject: str
    """``case:ID`` or ``document:ID``."""
    titles: tuple[str, ...]
    texts: tuple[str, ...]
    """The narrative fields of a case."""
    municipality_codes: tuple[str, ...]
    prefectures: tuple[str, ...]
    """Two-digit codes."""
    implemented_in: int | None
    presented_in: int | None
    themes: tuple[str, ...]
    functions: tuple[str, ...]
    event_id: str | None
    specimen: bool
    documents: tuple[IndexableDocument, ...]


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
            digests = _digests(session)
            people = _people(session)
            cases = session.scalars(
                select(m.CaseRow)
                .where(m.CaseRow.published)
                .order_by(m.CaseRow.id)
                .options(*_CASE_WHOLE)
                .execution_options(yield_per=_BATCH)
            )
            for case in cases:
                yield _case_subject(case, digests, people)
            alone = session.scalars(
                select(m.DocumentRow)
                .where(m.DocumentRow.published, m.DocumentRow.case_id.is_(None))
                .order_by(m.DocumentRow.id)
                .options(*_DOCUMENT_WHOLE)
                .execution_options(yield_per=_BATCH)
            )
            for document in alone:
                yield _document_subject(document, digests, people)

    def pages(self, document_id: str, fingerprint: str) -> Mapping[int, IndexablePage]:
        """Every page of one document; its tokens where the analyser of `fingerprint` made them."""
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
        with self._database.reading() as session:
            return {
                number: IndexablePage(
                    text,
                    decode_terms(stored) if stored else None,
                    page_layout.running(placed or b""),
                )
                for number, text, stored, placed in session.execute(wanted)
            }


_DOCUMENT_WHOLE = (
    selectinload(m.DocumentRow.municipalities),
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
)

Digests = Mapping[str, tuple[tuple[int, str], ...]]
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


def _people(session: Session) -> People:
    """What people and roles each case, document and event goes with."""
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
    return {owner: tuple(dict.fromkeys(names)) for owner, names in named.items()}


def _given(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _place_words(places: list[m.MunicipalityRow]) -> tuple[str, ...]:
    return tuple(word for place in places for word in (place.prefecture, place.name))


def _event_words(event: m.EventRow | None) -> tuple[str, ...]:
    if event is None:
        return ()
    return _given(event.title, event.series)


def _document(row: m.DocumentRow, digests: Digests, people: People) -> IndexableDocument:
    number = row.series_number and f"No.{row.series_number} {row.series_number}号"
    return IndexableDocument(
        id=row.id,
        rights=rights_of(row),
        kind=row.kind,
        presented_in=row.presented_in,
        titles=(
            *_given(row.title, row.series, number, row.edition, row.file_title),
            *row.keywords,
            *row.departments,
            *_place_words(row.municipalities),
            *people.get(row.id, ()),
        ),
        note=row.note or "",
        municipality_codes=tuple(place.code for place in row.municipalities),
        event_id=row.event_id,
        pages=digests.get(row.id, ()),
    )


def _case_subject(row: m.CaseRow, digests: Digests, people: People) -> IndexableSubject:
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
        ),
        texts=tuple(row.narrative.values()),
        municipality_codes=tuple(place.code for place in row.municipalities),
        prefectures=tuple(dict.fromkeys(place.code[:2] for place in row.municipalities)),
        implemented_in=row.implemented_in,
        presented_in=row.presented_in,
        themes=tuple(theme.slug for theme in row.themes),
        functions=tuple(row.functions),
        event_id=row.event_id,
        specimen=row.specimen,
        documents=tuple(
            _document(document, digests, people) for document in row.documents if document.published
        ),
    )


def _document_subject(row: m.DocumentRow, digests: Digests, people: People) -> IndexableSubject:
    document = _document(row, digests, people)
    event_people = people.get(row.event_id, ()) if row.event_id else ()
    return IndexableSubject(
        subject=f"document:{row.id}",
        titles=(*_event_words(row.event), *event_people),
        texts=(),
        municipality_codes=document.municipality_codes,
        prefectures=tuple(dict.fromkeys(code[:2] for code in document.municipality_codes)),
        implemented_in=None,
        presented_in=row.presented_in or (presented_in(row.event) if row.event else None),
        themes=(),
        functions=(),
        event_id=row.event_id,
        specimen=row.specimen,
        documents=(document,),
    )
