"""What is known of a document's rights, and what must not be found although the index holds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from kb.catalogue import models as m
from kb.catalogue.judgements import PermissionRow
from kb.catalogue.merging.follow import MERGED
from kb.catalogue.rights.permissions import begun, permission_of, rights_on, run_out
from kb.catalogue.rights.writing import (
    CORRECTED,
    PERMISSION_BEGUN,
    PERMISSION_ENDED,
    PERMITTED,
    RESTORED,
    WITHDRAWN,
)
from kb.catalogue.sequence import newest_change
from kb.catalogue.session import DAY, Database
from kb.catalogue.views import HistoryView
from kb.domain.rights import Audience, Permission, Rights, Terms, allowed

ACTIONS = {
    PERMITTED: "許諾の記録",
    PERMISSION_BEGUN: "許諾の始まり",
    PERMISSION_ENDED: "許諾の終わり",
    CORRECTED: "利用条件の訂正",
    WITHDRAWN: "取り下げ",
    RESTORED: "取り下げの取り消し",
}
"""What is done to rights, for readers."""

_NARROWING = (WITHDRAWN, PERMISSION_ENDED, CORRECTED, MERGED, "changed")
_NARROWED = frozenset({"rights_terms", "published", "case_id"})
"""Columns by which a change of a record can keep it from somebody."""


@dataclass(frozen=True, slots=True)
class HeldPermission:
    """A permission with its number and how it was given."""

    id: int
    permission: Permission
    note: str | None

    def state(self, stated: Terms, today: date) -> str:
        """Whether it holds under the stated terms on a day, for readers."""
        permission = self.permission
        if permission.ended_on is not None:
            return f"{permission.ended_on}に終了"
        if permission.holds(today):
            return "取り下げのため無効" if stated is Terms.WITHDRAWN else "有効"
        return "期限切れ" if permission.allowed_on <= today else "まだ始まっていない"


@dataclass(frozen=True, slots=True)
class RightsRecord:
    """Everything known of the rights of one document."""

    document_id: str
    title: str
    rights: Rights
    """In force today."""
    permissions: tuple[HeldPermission, ...]
    """Past and future ones too, in the order in which they were recorded."""
    history: tuple[HistoryView, ...]
    """Oldest first."""


class RightsReader:
    """Gives the rights of documents to those who look after them, whatever they allow."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, document_id: str) -> RightsRecord | None:
        """All of one document's rights; None when there is no such document."""
        with self._database.reading() as session:
            row = session.get(m.DocumentRow, document_id)
            return rights_record(session, row) if row else None

    def originals_of(self, documents: Iterable[str]) -> tuple[str, ...]:
        """The sha256 of those of the documents that are held, and of what they were before."""
        row, before, ids = m.DocumentRow, m.EditionRow, list(documents)
        wanted = select(row.sha256).where(row.id.in_(ids), row.sha256.is_not(None))
        once = select(before.sha256).where(before.document_id.in_(ids))
        with self._database.reading() as session:
            found = (*session.scalars(wanted), *session.scalars(once))
            return tuple(sha256 for sha256 in found if sha256)

    def permissions_due(self) -> bool:
        """Whether a permission has begun or run out that nobody has noted yet."""
        with self._database.reading() as session:
            day: date = session.info[DAY]
            wanted = select(PermissionRow.id).where(run_out(day) | begun(day)).limit(1)
            return session.scalar(wanted) is not None


def rights_record(session: Session, row: m.DocumentRow) -> RightsRecord:
    """All of the rights of a document's row."""
    event = m.SourceEventRow
    changes = session.scalars(
        select(event)
        .where(event.subject_kind == "document", event.subject_id == row.id)
        .where(event.action.in_(ACTIONS))
        .order_by(event.id)
    )
    return RightsRecord(
        document_id=row.id,
        title=row.title,
        rights=rights_on(row, session.info[DAY]),
        permissions=tuple(
            HeldPermission(each.id, permission_of(each), each.note) for each in row.permissions
        ),
        history=tuple(HistoryView(e.at, e.actor, e.action, e.why) for e in changes),
    )


def withheld(session: Session, sequence: int, audience: Audience) -> frozenset[str]:
    """Subjects that an index of `sequence` may hold for an audience that may search them no more.

    Between a takedown, or the midnight a permission runs out, and the next sync the index
    still answers with the old text. Everything those documents stand in is named, so that
    not even a count tells of them.
    """
    cases, documents, formerly = _narrowed(session, sequence)
    found = {f"case:{id_}" for id_ in cases if not _case_open(session, id_, audience)}
    if not documents:  # as nearly always, before each of the searches of a request
        return frozenset(found)
    wanted = select(m.DocumentRow).where(m.DocumentRow.id.in_(documents))
    for row in session.scalars(wanted.options(*_WHERE_IT_STANDS)):
        searched = row.published or audience is Audience.CURATOR
        if not (searched and allowed(rights_on(row, session.info[DAY]), audience).index):
            found |= _subjects(row) | formerly
    return frozenset(found)


_WHERE_IT_STANDS = (
    selectinload(m.DocumentRow.permissions),
    selectinload(m.DocumentRow.excerpts),
)


class Withheld:
    """What is withheld, remembered until the catalogue changes or the day ends.

    It is asked for before each search of a request; threads share it.
    """

    def __init__(self) -> None:
        self._told: dict[tuple[int, date, int, Audience], frozenset[str]] = {}

    def since(self, session: Session, sequence: int, audience: Audience) -> frozenset[str]:
        """What :func:`withheld` says."""
        asked = newest_change(session), session.info[DAY], sequence, audience
        found = self._told.get(asked)
        if found is None:
            found = withheld(session, sequence, audience)
            kept = {} if len(self._told) >= _MOST_TOLD else self._told
            self._told = {**kept, asked: found}
        return found


_MOST_TOLD = 16
"""Two indexes, one for each audience, are what is asked about between two changes."""


def _narrowed(session: Session, sequence: int) -> tuple[set[str], set[str], set[str]]:
    """Cases and documents that may have become narrower; cases documents were moved out of."""
    event = m.SourceEventRow
    columns = (event.action, event.subject_kind, event.subject_id, event.change)
    changes = session.execute(
        select(*columns).where(event.id > sequence, event.action.in_(_NARROWING))
    )
    due = session.scalars(select(PermissionRow.document_id).where(run_out(session.info[DAY])))
    cases: set[str] = set()
    documents, formerly = set(due), set()
    for each in changes:
        if each.action != "changed" or _NARROWED & each.change.keys():
            (cases if each.subject_kind == "case" else documents).add(each.subject_id)
            old = each.change.get("case_id", [None])[0]
            formerly |= {f"case:{old}"} if old else set()
    return cases, documents, formerly


def _case_open(session: Session, case_id: str, audience: Audience) -> bool:
    row = session.get(m.CaseRow, case_id)
    return row is not None and (row.published or audience is Audience.CURATOR)


def _subjects(row: m.DocumentRow) -> set[str]:
    """Every subject whose records a document's text goes into."""
    excerpts = {f"case:{excerpt.case_id}" for excerpt in row.excerpts}
    return {f"case:{row.case_id}" if row.case_id else f"document:{row.id}", *excerpts}
