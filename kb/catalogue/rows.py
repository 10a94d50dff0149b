"""From rows to views: the only bridge between the tables and those who read."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import object_session

from kb.catalogue import models as m
from kb.catalogue.name_changes import names_now
from kb.catalogue.pages.layout import decode
from kb.catalogue.review.settlements import places_of, settlement_of
from kb.catalogue.rights.permissions import rights_on
from kb.catalogue.session import DAY
from kb.catalogue.views import (
    CaseLink,
    DocumentView,
    EventView,
    HistoryView,
    MunicipalityView,
    PageView,
    PersonView,
    ProgrammeView,
    RoleView,
    SourceView,
)
from kb.domain.classification import DocumentKind, EventState, Holding, Theme
from kb.domain.fiscal_year import FiscalYear
from kb.domain.municipality import CityStatus, MunicipalityKind
from kb.domain.rights import Audience, Rights, allowed
from kb.domain.settled import Field
from kb.domain.size_class import size_class_of


def may_know(row: m.DocumentRow, audience: Audience) -> bool:
    """Whether this audience may know that the document exists."""
    published = row.published or audience is Audience.CURATOR
    return published and allowed(rights_of(row), audience).metadata


def municipality_view(row: m.MunicipalityRow) -> MunicipalityView:
    """A municipality as readers see it."""
    return MunicipalityView(
        code=row.code,
        name=row.name,
        kana=row.kana,
        romaji=row.romaji,
        kind=row.kind,
        prefecture=row.prefecture,
        specimen=row.specimen,
        parent_code=row.parent_code,
        size_class=size_class_of(
            MunicipalityKind(row.kind), CityStatus(row.status) if row.status else None
        ),
        abolished_on=row.abolished_on,
        now=names_now(row.code) if row.abolished_on else (),
    )


def source_views(rows: Iterable[m.SourceRow]) -> tuple[SourceView, ...]:
    """Addresses, oldest first."""
    return tuple(SourceView(r.url, r.label, r.seen_from, r.seen_until) for r in rows)


def rights_of(row: m.DocumentRow) -> Rights:
    """The rights of a document, on the day its session reads."""
    session = object_session(row)
    if session is None:
        raise ValueError("a row that was read outside of a session has no day to be asked on")
    return rights_on(row, session.info[DAY])


def document_view(row: m.DocumentRow, pages: int) -> DocumentView:
    """A document as readers see it; `pages` is how many were read."""
    event = row.event or (row.case.event if row.case else None)
    settlement = settlement_of(row)
    return DocumentView(
        id=row.id,
        title=settlement.text(Field.TITLE) or row.title,
        kind=DocumentKind(settlement.text(Field.KIND) or DocumentKind.OTHER),
        holding=Holding(row.holding),
        rights=rights_of(row),
        pages=pages,
        media_type=row.media_type,
        sha256=row.sha256,
        size=row.size,
        declared_size=row.declared_size,
        file_name=row.file_name,
        outcome=row.outcome,
        outcome_detail=row.outcome_detail,
        extractor=row.extractor,
        series=settlement.text(Field.SERIES),
        series_number=settlement.text(Field.SERIES_NUMBER),
        edition=row.edition,
        case_id=row.case_id,
        case_title=row.case.title if row.case else None,
        event_id=event.id if event else None,
        event_title=event.title if event else None,
        event_held_on=event.held_on if event else None,
        municipalities=tuple(municipality_view(each) for each in places_of(row, settlement)),
        presented_in=settlement.year(Field.PRESENTED_IN),
        sources=source_views(row.sources),
        keywords=tuple(row.keywords),
        note=row.note,
        published=row.published,
        specimen=row.specimen,
        outline=tuple((level, title, page) for level, title, page in row.outline),
        attachments=tuple(row.attachments),
        settlement=settlement,
    )


def event_view(row: m.EventRow) -> EventView:
    """An event as readers see it."""
    return EventView(
        id=row.id,
        title=row.title,
        series=row.series,
        edition=row.edition,
        state=EventState(row.state),
        held_on=row.held_on,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        mode=row.mode,
        capacity=row.capacity,
        attendance=row.attendance,
        attendance_text=row.attendance_text,
        fee=row.fee,
        summary=row.summary,
        programme_id=row.programme_id,
        programme_title=row.programme.title if row.programme else None,
        sources=source_views(row.sources),
        presented_in=presented_in(row),
        specimen=row.specimen,
    )


def presented_in(row: m.EventRow) -> int | None:
    """The fiscal year (April to March) an event was held in."""
    if row.held_on is None:
        return None
    return FiscalYear.containing(row.held_on).year


def case_link(row: m.CaseRow, why: str | None = None) -> CaseLink:
    """A case as another page names it."""
    return CaseLink(
        id=row.id,
        title=row.title,
        municipalities=tuple(municipality_view(place) for place in row.municipalities),
        implemented_in=row.implemented_in,
        presented_in=row.presented_in,
        themes=tuple(Theme(theme.slug) for theme in row.themes),
        specimen=row.specimen,
        why=why,
    )


def role_view(row: m.RoleRow) -> RoleView:
    """A role as readers see it."""
    return RoleView(
        person_id=row.person_id,
        person_name=row.person.name,
        title=row.title,
        part=row.part,
        on=row.on,
        event_id=row.event_id,
        document_id=row.document_id,
        case_id=row.case_id,
    )


def person_view(row: m.PersonRow, roles: Sequence[m.RoleRow]) -> PersonView:
    """A person as readers see them."""
    return PersonView(
        row.id, row.name, tuple(row.other_names), row.kana, tuple(role_view(r) for r in roles)
    )


def programme_view(row: m.ProgrammeRow) -> ProgrammeView:
    """A programme as readers see it."""
    return ProgrammeView(row.id, row.title, row.summary, tuple(row.cohorts))


def page_view(row: m.PageRow, layout: bytes = b"") -> PageView:
    """A page as readers see it, subject to the rights of its document."""
    return PageView(
        document_id=row.document_id,
        number=row.number,
        text=row.text,
        title=row.title,
        needs_ocr=row.needs_ocr,
        fault=row.fault,
        width=row.width,
        height=row.height,
        reader=row.reader,
        confidence=row.confidence,
        layout=decode(layout),
    )


def history_view(row: m.SourceEventRow) -> HistoryView:
    """One recorded change."""
    return HistoryView(row.at, row.actor, row.action, row.why)
