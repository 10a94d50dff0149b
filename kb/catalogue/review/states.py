"""How far documents have come, what they still lack, and the version a form was made from."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.review.second_person import is_two_person
from kb.catalogue.review.settlements import settlement_of
from kb.catalogue.review.views import ChangeView, State
from kb.catalogue.rights.writing import (
    CORRECTED,
    PERMISSION_ENDED,
    PERMITTED,
    RESTORED,
    WITHDRAWN,
)
from kb.domain.rights import Terms
from kb.domain.settled import SURE, Basis, Field, Settlement

SETTLING = ("decided", "taken_back", CORRECTED, PERMITTED, PERMISSION_ENDED, RESTORED)
"""What a curator does to a document before somebody publishes it."""

_NOT_OF_IT = frozenset(
    ("published", "draft", "likeness", "other", "kept", "addresses", "taken_down")
)
"""Fields of a change that say nothing of what readers will read."""

_NOBODY_YET = (
    "2人で公開する設定です。まだだれも項目を確定していません。1人が項目を確定し、"
    "別の人が公開してください。"
)
_SAME_PERSON = (
    "2人で公開する設定です。最後に項目を確定した人(項目や事例を変えた人)とは"
    "別の人が公開してください。"
)


def state_of(row: m.DocumentRow) -> State:
    """How far a document has come."""
    if row.rights_terms == Terms.WITHDRAWN.value:
        return State.WITHDRAWN
    if row.published:
        return State.PUBLISHED
    decided = any(each.decided_by is not None for each in row.decisions)
    return State.IN_REVIEW if decided or row.case_id is not None else State.DRAFT


def in_state(state: State) -> ColumnElement[bool]:
    """The documents of a state; the same as :func:`state_of`."""
    row = m.DocumentRow
    down = row.rights_terms == Terms.WITHDRAWN.value
    if state is State.WITHDRAWN:
        return down
    if state is State.PUBLISHED:
        return and_(~down, row.published.is_(True))
    begun = or_(row.case_id.is_not(None), row.decisions.any(m.DecisionRow.decided_by.is_not(None)))
    waits = and_(~down, row.published.is_(False))
    return and_(waits, begun) if state is State.IN_REVIEW else and_(waits, ~begun)


# --- what is lacking ------------------------------------------------------------------------


def open_fields(settlement: Settlement) -> tuple[Field, ...]:
    """The fields on which somebody has to decide: proposed, but not surely enough to stand."""
    waiting = settlement.open_proposals()
    fields = (name for name in Field if name is not Field.PEOPLE)
    return tuple(name for name in fields if _is_open(name, settlement, waiting))


def _is_open(name: Field, settlement: Settlement, waiting: Mapping[Field, Any]) -> bool:
    standing = settlement.standing.get(name)
    if standing is None:
        return name in waiting
    return standing.basis is Basis.PROPOSED and (standing.confidence or 0.0) < SURE


def rights_said(session: Session, documents: Iterable[str]) -> frozenset[str]:
    """Those of the documents whose rights a person has put down, if only as not known."""
    event = m.SourceEventRow
    wanted = select(event.subject_id).where(
        event.subject_kind == "document",
        event.subject_id.in_(list(documents)),
        event.action.in_((CORRECTED, PERMITTED)),
    )
    return frozenset(session.scalars(wanted))


def rights_are_open(session: Session, row: m.DocumentRow) -> bool:
    """Whether nobody has said under which terms a document stands."""
    return row.rights_terms == Terms.UNKNOWN.value and not rights_said(session, [row.id])


def missing(session: Session, row: m.DocumentRow, actor: str) -> tuple[str, ...]:
    """Why `actor` cannot publish a document now, in sentences that say what to do."""
    if row.rights_terms == Terms.WITHDRAWN.value:
        return ("取り下げた資料です。公開するときは、先に取り下げを取り消してください。",)
    found = []
    if Field.TITLE in open_fields(settlement_of(row)):
        found.append("題名が確かではありません。題名を確かめて「この値で確定」を選んでください。")
    if rights_are_open(session, row):
        found.append(
            "利用条件が決まっていません。条件を選んでください。分からないときは"
            "「確認できていない」を選べば公開できます。"
        )
    if row.case is not None and taken_down(session, row.case):
        found.append("事例が取り下げられています。先に事例の取り下げを取り消してください。")
    if is_two_person(session):
        found += _alone(session, row, actor)
    return tuple(found)


def taken_down(session: Session, case: m.CaseRow) -> bool:
    """Whether somebody has taken a case down, and nobody has undone it."""
    last = _last(session, "case", case.id, (WITHDRAWN, RESTORED))
    return not case.published and last is not None and last.action == WITHDRAWN


def _alone(session: Session, row: m.DocumentRow, actor: str) -> list[str]:
    if _last(session, "document", row.id, SETTLING) is None:
        return [_NOBODY_YET]
    last = _last_told(session, row)
    return [_SAME_PERSON] if last is not None and last.actor == actor else []


def _last_told(session: Session, row: m.DocumentRow) -> m.SourceEventRow | None:
    """The last change of what is to be published: the document, and a case that goes with it."""
    event = m.SourceEventRow
    about = and_(
        event.subject_kind == "document",
        event.subject_id == row.id,
        event.action.in_((*SETTLING, "changed")),
    )
    if row.case is not None and not row.case.published:
        case = and_(event.subject_kind == "case", event.subject_id == row.case.id)
        about = or_(about, and_(case, event.action != WITHDRAWN))
    newest = session.scalars(select(event).where(about).order_by(event.id.desc()))
    return next((each for each in newest if not _is_beside(each)), None)


def _is_beside(event: m.SourceEventRow) -> bool:
    """Whether a change of a document leaves what is read of it as it was."""
    if event.action != "changed" or event.subject_kind != "document":
        return False
    return event.change.keys() <= _NOT_OF_IT


def _last(
    session: Session, kind: str, key: str, actions: tuple[str, ...]
) -> m.SourceEventRow | None:
    event = m.SourceEventRow
    wanted = select(event).where(
        event.subject_kind == kind, event.subject_id == key, event.action.in_(actions)
    )
    return session.scalar(wanted.order_by(event.id.desc()).limit(1))


# --- versions -------------------------------------------------------------------------------


def document_version(session: Session, row: m.DocumentRow) -> str:
    """What a review form was made from: the catalogue's sequence, and a digest of the record."""
    told = [
        {each.field: [each.value, each.decided_by] for each in row.decisions},
        row.title, row.kind, row.series, row.series_number, row.presented_in,
        row.rights_terms, row.rights_statement, row.case_id, row.event_id, row.published,
        row.departments, sorted(place.code for place in row.municipalities), row.recognised,
        [[each.id, each.terms, str(each.ended_on)] for each in row.permissions],
    ]  # fmt: skip
    return version_of(session, told)


def version_of(session: Session, told: object) -> str:
    """The catalogue's sequence, and a digest of what a form shows."""
    written = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
    digest = hashlib.blake2b(written.encode(), digest_size=8).hexdigest()
    sequence = session.scalar(select(func.max(m.SourceEventRow.id))) or 0
    return f"{sequence}-{digest}"


def same_version(one: str, other: str) -> bool:
    """Whether two versions are of the same record, whatever else has been written between."""
    return one.partition("-")[2] == other.partition("-")[2]


def changes_since(session: Session, kind: str, key: str, version: str) -> tuple[ChangeView, ...]:
    """What has been done to a thing since a version of it, oldest first."""
    number = version.partition("-")[0]
    event = m.SourceEventRow
    found = session.scalars(
        select(event)
        .where(event.subject_kind == kind, event.subject_id == key)
        .where(event.id > (int(number) if number.isdecimal() and len(number) < 19 else 0))
        .order_by(event.id)
    )
    return tuple(ChangeView(e.at, e.actor, e.action, e.why, dict(e.change)) for e in found)
