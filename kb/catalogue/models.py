"""The tables of the catalogue; nothing here is particular to SQLite.

Rows are made and changed only in :mod:`kb.catalogue.writing` and its neighbours, and read
only in :mod:`kb.catalogue.reading`; everything else sees the frozen views.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.catalogue.accounts.tables import AccountRow as AccountRow
from kb.catalogue.bulk.tables import BulkRow as BulkRow
from kb.catalogue.editions.tables import EditionPageRow as EditionPageRow
from kb.catalogue.editions.tables import EditionRow as EditionRow
from kb.catalogue.editions.tables import ReplacementRow as ReplacementRow
from kb.catalogue.intake.tables import IntakeProposalRow as IntakeProposalRow
from kb.catalogue.intake.tables import IntakeSheetRow as IntakeSheetRow
from kb.catalogue.jobs.tables import JobRow as JobRow
from kb.catalogue.jobs.tables import UploadRow as UploadRow
from kb.catalogue.judgements import DecisionRow as DecisionRow
from kb.catalogue.judgements import IntakeLineRow as IntakeLineRow
from kb.catalogue.judgements import IntakeRow as IntakeRow
from kb.catalogue.judgements import PermissionRow as PermissionRow
from kb.catalogue.local_names.tables import LocalNameRow as LocalNameRow
from kb.catalogue.merging.tables import MergedCaseRow as MergedCaseRow
from kb.catalogue.pages.tables import PageLayoutRow as PageLayoutRow
from kb.catalogue.pages.tables import PageRow as PageRow
from kb.catalogue.pages.tables import PageTokensRow as PageTokensRow
from kb.catalogue.questions.tables import KnownQuestionRow as KnownQuestionRow
from kb.catalogue.relations import CaseExcerptRow as CaseExcerptRow
from kb.catalogue.relations import EventDocumentRow as EventDocumentRow
from kb.catalogue.retelling import ToldRow as ToldRow
from kb.catalogue.table_base import CODE, ID, now
from kb.catalogue.table_base import Base as Base
from kb.catalogue.vocabulary_tables import SynonymGroupRow as SynonymGroupRow


class MunicipalityRow(Base):
    """自治体: prefectures, municipalities and the wards of designated cities."""

    __tablename__ = "municipality"

    code: Mapped[str] = mapped_column(CODE, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), index=True)
    kana: Mapped[str] = mapped_column(String(80))
    romaji: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    prefecture: Mapped[str] = mapped_column(String(10))
    parent_code: Mapped[str | None] = mapped_column(CODE)
    specimen: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str | None] = mapped_column(String(20))
    """Slug of what the law calls a large city (CityStatus): 政令指定都市, 中核市, 施行時特例市."""
    abolished_on: Mapped[date | None]
    """Of a body of the past, which has a row once something is filed under it; null today."""


class FormerNameRow(Base):
    """旧自治体名: a body or a name that is no more, and what it became."""

    __tablename__ = "former_municipality"
    __table_args__ = (Unique("code", "name", "changed_on", "successor_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(CODE)
    name: Mapped[str] = mapped_column(String(40), index=True)
    kana: Mapped[str] = mapped_column(String(80))
    prefecture: Mapped[str] = mapped_column(String(10))
    changed_on: Mapped[date]
    change: Mapped[str] = mapped_column(String(20))
    successor_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"), index=True)


class ThemeRow(Base):
    """テーマ: the closed list, kept here so that other programs can join on it."""

    __tablename__ = "theme"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]


class ProgrammeRow(Base):
    """事業: a programme with its cohorts."""

    __tablename__ = "programme"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)
    cohorts: Mapped[list[int]] = mapped_column(JSON, default=list)


class EventRow(Base):
    """催し."""

    __tablename__ = "event"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    series: Mapped[str | None] = mapped_column(Text)
    edition: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))
    held_on: Mapped[date | None] = mapped_column(index=True)
    starts_at: Mapped[str | None] = mapped_column(String(5))
    ends_at: Mapped[str | None] = mapped_column(String(5))
    place: Mapped[str | None] = mapped_column(Text)
    mode: Mapped[str | None] = mapped_column(String(20))
    capacity: Mapped[int | None]
    attendance: Mapped[int | None]
    attendance_text: Mapped[str | None] = mapped_column(Text)
    fee: Mapped[str | None] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)
    keywords: Mapped[list[str]] = mapped_column(JSON, default=list)
    programme_id: Mapped[str | None] = mapped_column(ForeignKey("programme.id"))
    specimen: Mapped[bool] = mapped_column(default=False)

    programme: Mapped[ProgrammeRow | None] = relationship()
    sources: Mapped[list["SourceRow"]] = relationship(order_by="SourceRow.id")


class DepartmentRow(Base):
    """部署: a raw name in one municipality, with what it does where that is known."""

    __tablename__ = "department"
    __table_args__ = (Unique("municipality_code", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    name: Mapped[str] = mapped_column(String(80), index=True)
    function: Mapped[str | None] = mapped_column(String(40))
    """Slug of what its name says it does."""


class CaseRow(Base):
    """事例: the fields follow DS-451-3."""

    __tablename__ = "case_study"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    subtitle: Mapped[str | None] = mapped_column(Text)
    provisional_title: Mapped[str | None] = mapped_column(Text)
    implemented_in: Mapped[int | None] = mapped_column(index=True)
    presented_in: Mapped[int | None] = mapped_column(index=True)
    place: Mapped[str | None] = mapped_column(String(40))
    service_class: Mapped[str | None] = mapped_column(Text)
    keywords: Mapped[list[str]] = mapped_column(JSON, default=list)
    functions: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Slugs of department functions."""
    narrative: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    media: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """イメージ and ビデオ columns of DS-451-3, kept for the round trip."""
    related_url: Mapped[str | None] = mapped_column(Text)
    related_case: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(Text)
    published_on: Mapped[date | None]
    updated_on: Mapped[date | None]
    event_id: Mapped[str | None] = mapped_column(ForeignKey("event.id"), index=True)
    programme_id: Mapped[str | None] = mapped_column(ForeignKey("programme.id"))
    cohort: Mapped[int | None]
    continues_id: Mapped[str | None] = mapped_column(ForeignKey("case_study.id"), index=True)
    specimen: Mapped[bool] = mapped_column(default=False, index=True)
    published: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime] = mapped_column(default=now)

    event: Mapped[EventRow | None] = relationship()
    programme: Mapped[ProgrammeRow | None] = relationship()
    municipalities: Mapped[list[MunicipalityRow]] = relationship(
        secondary="case_municipality", order_by="CaseMunicipalityRow.position", viewonly=True
    )
    departments: Mapped[list[DepartmentRow]] = relationship(
        secondary="case_department", order_by="DepartmentRow.id"
    )
    themes: Mapped[list[ThemeRow]] = relationship(
        secondary="case_theme", order_by="ThemeRow.position"
    )
    documents: Mapped[list["DocumentRow"]] = relationship(
        back_populates="case", order_by="DocumentRow.id"
    )


class CaseMunicipalityRow(Base):
    """対象組織: whose case it is; the first is the leading one."""

    __tablename__ = "case_municipality"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_study.id"), primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("municipality.code"), primary_key=True)
    position: Mapped[int]

    __table_args__ = (Index("ix_case_municipality_code", "code"),)


class CaseDepartmentRow(Base):
    """Which departments took part."""

    __tablename__ = "case_department"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_study.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)


class CaseThemeRow(Base):
    """What a case is about."""

    __tablename__ = "case_theme"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_study.id"), primary_key=True)
    theme: Mapped[str] = mapped_column(ForeignKey("theme.slug"), primary_key=True)


class DocumentRow(Base):
    """資料: held with its original, or located."""

    __tablename__ = "document"
    __table_args__ = (
        # What waits for curators is counted by it, without a look at the wide rows.
        Index("ix_document_waiting", "rights_terms", "published", "added_at", "id"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20))
    holding: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    size: Mapped[int | None]
    declared_size: Mapped[str | None] = mapped_column(String(20))
    media_type: Mapped[str | None] = mapped_column(String(120))
    file_name: Mapped[str | None] = mapped_column(Text)
    rights_terms: Mapped[str] = mapped_column(String(20))
    rights_statement: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(20), index=True)
    outcome_detail: Mapped[str | None] = mapped_column(Text)
    extractor: Mapped[str | None] = mapped_column(String(80))
    declared_pages: Mapped[int | None]
    file_title: Mapped[str | None] = mapped_column(Text)
    """From the file's own metadata."""
    series: Mapped[str | None] = mapped_column(Text)
    series_number: Mapped[str | None] = mapped_column(String(20))
    edition: Mapped[str | None] = mapped_column(String(40))
    keywords: Mapped[list[str]] = mapped_column(JSON, default=list)
    departments: Mapped[list[str]] = mapped_column(JSON, default=list)
    outline: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    """Bookmarks of the file: level, title, page or null."""
    attachments: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Names of the files embedded in it."""
    recognised: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the recognisers propose, each with confidence and evidence; a curator settles."""
    text_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    """Of the folded text: equal for the same text in another file."""
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What the text is compared by, under `signature_version`."""
    signature_version: Mapped[str | None] = mapped_column(String(40))
    note: Mapped[str | None] = mapped_column(Text)
    presented_in: Mapped[int | None]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case_study.id"), index=True)
    event_id: Mapped[str | None] = mapped_column(ForeignKey("event.id"), index=True)
    specimen: Mapped[bool] = mapped_column(default=False)
    published: Mapped[bool] = mapped_column(default=True)
    draft: Mapped[bool] = mapped_column(default=False)
    """Not to be published before a curator says so."""
    added_at: Mapped[datetime] = mapped_column(default=now)

    case: Mapped[CaseRow | None] = relationship(back_populates="documents")
    event: Mapped[EventRow | None] = relationship()
    municipalities: Mapped[list[MunicipalityRow]] = relationship(
        secondary="document_municipality", order_by=MunicipalityRow.code
    )
    sources: Mapped[list["SourceRow"]] = relationship(order_by="SourceRow.id")
    permissions: Mapped[list[PermissionRow]] = relationship(
        # Whoever reads a document asks its rights: fetched for all documents of a query at once.
        order_by=PermissionRow.id,
        lazy="selectin",
    )
    decisions: Mapped[list[DecisionRow]] = relationship(order_by=DecisionRow.field)
    excerpts: Mapped[list[CaseExcerptRow]] = relationship(order_by=CaseExcerptRow.first_page)
    """Which of its pages tell of which case, in a casebook."""
    event_parts: Mapped[list[EventDocumentRow]] = relationship(order_by=EventDocumentRow.event_id)
    """What it was to events other than the one it was shown at."""
    pages: Mapped[list["PageRow"]] = relationship(order_by="PageRow.number")


class DocumentMunicipalityRow(Base):
    """Which municipalities a document is about."""

    __tablename__ = "document_municipality"

    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("municipality.code"), primary_key=True)


class LikenessRow(Base):
    """Two documents that are alike: found by the machine, decided by a curator."""

    __tablename__ = "likeness"

    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    """The one that came later."""
    other_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    similarity: Mapped[float]
    """Share of what is written in either that is written in both, 0 to 1, estimated."""
    decision: Mapped[str | None] = mapped_column(String(20))
    found_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (Index("ix_likeness_other_id", "other_id"),)


class SourceRow(Base):
    """出典: where a document or an event was seen, and when; addresses are never overwritten."""

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("document.id"), index=True)
    event_id: Mapped[str | None] = mapped_column(ForeignKey("event.id"), index=True)
    url: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    seen_from: Mapped[date | None]
    seen_until: Mapped[date | None]


class PersonRow(Base):
    """A person, under the name they are best known by."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    other_names: Mapped[list[str]] = mapped_column(JSON, default=list)
    kana: Mapped[str | None] = mapped_column(String(80))


class RoleRow(Base):
    """What a person did, as what, at a date."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    part: Mapped[str] = mapped_column(Text)
    on: Mapped[date | None]
    event_id: Mapped[str | None] = mapped_column(ForeignKey("event.id"), index=True)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("document.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case_study.id"), index=True)

    person: Mapped[PersonRow] = relationship()


class SourceEventRow(Base):
    """来歴: one recorded change. Its number is the catalogue's sequence."""

    __tablename__ = "source_event"
    __table_args__ = (Index("ix_source_event_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(ID)
    why: Mapped[str | None] = mapped_column(Text)
    change: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
