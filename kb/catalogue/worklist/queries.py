"""What waits, as queries: each list has one, by which it is counted, ordered and paged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import aliased

from kb.catalogue import models as m
from kb.catalogue.questions.tables import AskedRow
from kb.catalogue.rights.writing import CORRECTED, PERMITTED
from kb.catalogue.views import UNREAD
from kb.catalogue.worklist import second_person
from kb.catalogue.worklist.views import (
    ASKED_DAYS,
    FAILED_DAYS,
    UNSEEN_DAYS,
    UNTOUCHED_DAYS,
    Kind,
    Waiting,
)
from kb.domain.clock import JAPAN, day_of, in_words
from kb.domain.jobs import JobState
from kb.domain.rights import Terms

PARTLY = "indexed_partly"

DOUBTFUL = 0.75
"""Quality below which a page's text is told of; where reading tries other readers too."""

PUBLISHED = "published"
"""What a SourceEvent says when a curator, and no command, has let a document be seen."""

Wanted = Callable[[date], Select[*tuple[Any, ...]]]
"""A day -> what waits on it, in order."""


@dataclass(frozen=True, slots=True)
class List:
    """One kind of what waits."""

    wanted: Wanted
    told: Callable[[Any], Waiting]
    """A row of it, for curators."""
    of_catalogue: bool = True
    """It changes only with a SourceEvent, or with the day."""


# --- conditions -----------------------------------------------------------------------------

_DOCUMENT = m.DocumentRow
_UP = _DOCUMENT.rights_terms != Terms.WITHDRAWN.value


def _told(*actions: str) -> ColumnElement[bool]:
    """Somebody has done one of these to the document."""
    event = m.SourceEventRow
    return (
        select(event.id)
        .where(event.subject_kind == "document", event.subject_id == _DOCUMENT.id)
        .where(event.action.in_(actions))
        .exists()
    )


def _start(day: date) -> datetime:
    """When a day begins in Japan."""
    return datetime.combine(day, time(), JAPAN).astimezone(UTC)


def _within(moment: Any, day: date, days: int) -> ColumnElement[bool]:
    found: ColumnElement[bool] = moment >= _start(day - timedelta(days))
    return found


# --- files and documents --------------------------------------------------------------------


def _not_taken(day: date) -> Select[*tuple[Any, ...]]:
    job = m.JobRow
    return (
        select(job.upload_id, job.name, job.result)
        .where(job.state == JobState.FAILED.value, job.document_id.is_(None))
        .where(job.upload_id.is_not(None), _within(job.ended_at, day, FAILED_DAYS))
        .order_by(job.id.desc())
    )


def _tell_not_taken(row: Any) -> Waiting:
    notes = (row.result.get("detail"), row.result.get("advice"))
    return Waiting(Kind.NOT_TAKEN, row.upload_id, row.name, tuple(filter(None, notes)))


def _failed(_day: date) -> Select[*tuple[Any, ...]]:
    return (
        select(_DOCUMENT.id, _DOCUMENT.title, _DOCUMENT.outcome_detail)
        .where(_DOCUMENT.outcome.in_(UNREAD), _UP, ~_told(PUBLISHED))
        .order_by(_DOCUMENT.added_at.desc(), _DOCUMENT.id)
    )


def _tell_failed(row: Any) -> Waiting:
    notes = (row.outcome_detail or "本文がありません。",)
    return Waiting(Kind.FAILED, row.id, row.title, notes)


def _doubtful(_day: date) -> Select[*tuple[Any, ...]]:
    page = m.PageRow
    bad = page.quality < DOUBTFUL
    of_document = select(func.count()).where(bad, page.document_id == _DOCUMENT.id)
    pages = of_document.scalar_subquery()
    worst = of_document.with_only_columns(func.min(page.quality)).scalar_subquery()
    # Each side can use an index; one condition over a join of them would use neither.
    partly = select(_DOCUMENT.id).where(_DOCUMENT.outcome == PARTLY)
    which = select(page.document_id).where(bad).union(partly)
    return (
        select(
            _DOCUMENT.id, _DOCUMENT.title, _DOCUMENT.outcome_detail, _DOCUMENT.outcome,
            pages.label("pages"), worst.label("worst"),
        )
        .where(_DOCUMENT.id.in_(which), _UP, ~_told(PUBLISHED))
        .order_by(func.coalesce(worst, 1.0), _DOCUMENT.id)
    )  # fmt: skip


def _tell_doubtful(row: Any) -> Waiting:
    notes = []
    if row.pages:
        notes.append(f"{row.pages}ページの文字が疑わしく、最も低いページの確かさは{row.worst:.0%}")
    if row.outcome == PARTLY:
        notes.append(row.outcome_detail or "一部のページを読めませんでした")
    return Waiting(Kind.DOUBTFUL, row.id, row.title, tuple(notes))


def _rights(_day: date) -> Select[*tuple[Any, ...]]:
    return (
        select(_DOCUMENT.id, _DOCUMENT.title, _DOCUMENT.rights_statement)
        .where(_DOCUMENT.rights_terms == Terms.UNKNOWN.value, ~_told(CORRECTED, PERMITTED))
        .order_by(_DOCUMENT.added_at.desc(), _DOCUMENT.id)
    )


def _tell_rights(row: Any) -> Waiting:
    notes = (f"資料の原文「{row.rights_statement}」",) if row.rights_statement else ()
    return Waiting(Kind.RIGHTS, row.id, row.title, notes)


def _alike(_day: date) -> Select[*tuple[Any, ...]]:
    later, earlier, pair = aliased(m.DocumentRow), aliased(m.DocumentRow), m.LikenessRow
    down = Terms.WITHDRAWN.value
    return (
        select(pair, later.title, earlier.title.label("other_title"))
        .join(later, later.id == pair.document_id)
        .join(earlier, earlier.id == pair.other_id)
        .where(pair.decision.is_(None))
        .where(later.rights_terms != down, earlier.rights_terms != down)
        .order_by(pair.similarity.desc(), pair.document_id, pair.other_id)
    )


def _tell_alike(row: Any) -> Waiting:
    pair = row.LikenessRow
    notes = (f"{pair.similarity:.0%}が同じ",)
    return Waiting(
        Kind.ALIKE, pair.document_id, row.title, notes,
        other_id=pair.other_id, other_title=row.other_title,
    )  # fmt: skip


def _stale(day: date) -> Select[*tuple[Any, ...]]:
    event = m.SourceEventRow
    touched = (
        select(event.id)
        .where(event.subject_kind == "document", event.subject_id == _DOCUMENT.id)
        .where(_within(event.at, day, UNTOUCHED_DAYS))
        .exists()
    )
    return (
        select(_DOCUMENT.id, _DOCUMENT.title, _DOCUMENT.added_at)
        .where(_DOCUMENT.published.is_(False), _UP)
        .where(~_within(_DOCUMENT.added_at, day, UNTOUCHED_DAYS), ~touched)
        .order_by(_DOCUMENT.added_at, _DOCUMENT.id)
    )


def _tell_stale(row: Any) -> Waiting:
    return Waiting(Kind.STALE, row.id, row.title, (f"{in_words(day_of(row.added_at))}登録",))


# --- cases, addresses, questions ------------------------------------------------------------


def _cases(_day: date) -> Select[*tuple[Any, ...]]:
    row, place = m.CaseRow, m.CaseMunicipalityRow
    placed = select(place.code).where(place.case_id == row.id).exists()
    placeless = select(row.id).except_(select(place.case_id))
    # What was taken down or merged into another has no document left that is up.
    waits = row.documents.any(_UP)
    return (
        select(row.id, row.title, row.implemented_in, placed.label("placed"))
        .where(or_(row.implemented_in.is_(None), row.id.in_(placeless)))
        .where(or_(row.published, waits))
        .order_by(row.added_at.desc(), row.id)
    )


def _tell_case(row: Any) -> Waiting:
    missing = (
        *(() if row.implemented_in else ("実践年度がない",)),
        *(() if row.placed else ("自治体がない",)),
    )
    return Waiting(Kind.CASES, row.id, row.title, missing)


def _sources(day: date) -> Select[*tuple[Any, ...]]:
    row, event = m.SourceRow, m.EventRow
    old = or_(row.seen_from.is_(None), row.seen_from < day - timedelta(UNSEEN_DAYS))
    return (
        select(
            row.id, row.url, row.label, row.seen_from, row.document_id, row.event_id,
            func.coalesce(_DOCUMENT.title, event.title).label("title"),
        )
        .outerjoin(_DOCUMENT, _DOCUMENT.id == row.document_id)
        .outerjoin(event, event.id == row.event_id)
        .where(old, row.seen_until.is_(None), row.url.startswith("http"))
        .where(or_(row.document_id.is_(None), _UP))
        .order_by(row.seen_from.is_(None), row.seen_from, row.id)
    )  # fmt: skip


def _tell_source(row: Any) -> Waiting:
    seen = f"{in_words(row.seen_from)}に確認" if row.seen_from else "確認した日の記録がない"
    return Waiting(
        Kind.SOURCES, row.document_id or row.event_id, row.title, (seen,),
        source=row.id, url=row.url, seen_on=row.seen_from, of_event=row.document_id is None,
    )  # fmt: skip


def _questions(day: date) -> Select[*tuple[Any, ...]]:
    row = AskedRow
    times, last = func.sum(row.times), func.max(row.day)
    found = func.max(case((row.last_total > 0, row.day)))
    return (
        select(row.question, row.filters, times.label("times"), last.label("last"))
        .where(row.day > day - timedelta(ASKED_DAYS), row.question != "")
        .group_by(row.question, row.filters)
        # Of the audiences of the last day none found anything.
        .having(or_(found.is_(None), found < last))
        .order_by(times.desc(), last.desc(), row.question, row.filters)
    )


def _tell_question(row: Any) -> Waiting:
    notes = (f"{row.times}回", f"最後は{in_words(row.last)}")
    return Waiting(Kind.QUESTIONS, "", row.question, notes)


LISTS: Mapping[Kind, List] = {
    Kind.SECOND_PERSON: List(second_person.waiting, second_person.told, of_catalogue=False),
    Kind.NOT_TAKEN: List(_not_taken, _tell_not_taken, of_catalogue=False),
    Kind.FAILED: List(_failed, _tell_failed),
    Kind.DOUBTFUL: List(_doubtful, _tell_doubtful),
    Kind.RIGHTS: List(_rights, _tell_rights),
    Kind.ALIKE: List(_alike, _tell_alike),
    Kind.STALE: List(_stale, _tell_stale),
    Kind.CASES: List(_cases, _tell_case),
    Kind.SOURCES: List(_sources, _tell_source),
    Kind.QUESTIONS: List(_questions, _tell_question, of_catalogue=False),
}
