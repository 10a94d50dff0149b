"""Deciding what two documents that are alike are to each other, and taking it back.

Of two that are the same one is kept: it gets the addresses of the other, and the other is taken
down, so that neither a page nor a search tells of it and taking its file in again does not bring
it back. All of that can be undone, but never so that something is seen that was taken down since.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import Changes, UnknownReference
from kb.catalogue.review.states import taken_down
from kb.catalogue.rights.writing import RightsWriter
from kb.domain.classification import LikenessDecision
from kb.domain.rights import Terms


class LikenessWriter:
    """Records what curators say of pairs; see `CatalogueWriter.likeness`."""

    def __init__(self, session: Session, changes: Changes, rights: RightsWriter) -> None:
        self._session = session
        self._changes = changes
        self._rights = rights

    def standing(self, one: str, other: str) -> str | None:
        """What was decided of two documents, in either order; None while nobody has.

        Raises:
            UnknownReference: the two were never found to be alike.
        """
        return self._row(one, other).decision

    def decide(self, one: str, other: str, decision: str, keep: str | None = None) -> bool:
        """Record what a curator says of two documents, in either order; whether it is new.

        With `keep`, of two that are the same, the other one's addresses become those of the
        kept one and the other is taken down. What an earlier decision has done is undone first.

        Raises:
            UnknownReference: the two were never found to be alike, `keep` is neither of them or
                was taken down, or what was decided before cannot be undone.
        """
        row = self._row(one, other)
        before = row.decision
        if before == decision and keep is None:
            return False
        self.undo(one, other)
        told = {"likeness": [before, decision], "other": [None, row.other_id]}
        if keep is not None and decision == LikenessDecision.SAME.value:
            self._keep_one(row, keep, told)
        else:
            self._changes.note(_DECIDED, "document", row.document_id, told)
        row.decision = decision
        return True

    def _keep_one(self, row: m.LikenessRow, keep: str, told: Mapping[str, Any]) -> None:
        gone = self._other_of(row, keep)
        moved = self._lacking(gone, keep)
        up = self._rights.document(gone).rights_terms != Terms.WITHDRAWN.value
        done = {
            "kept": [None, keep],
            "addresses": [None, [each.id for each in moved]],
            "taken_down": [None, up],
        }
        self._changes.note(_DECIDED, "document", row.document_id, {**told, **done})
        self._carry(moved, keep)
        self._rights.withdraw(gone)

    def undo(self, one: str, other: str) -> bool:
        """Take a decision back, with all it has done; whether there was one.

        Raises:
            UnknownReference: the two were never found to be alike, or undoing would show what
                has been taken down since.
        """
        row = self._row(one, other)
        if row.decision is None:
            return False
        before = decided(self._session, row)
        kept = _to(before, "kept")
        if kept is not None:
            self._put_back(row, str(kept), before)
        told = {"likeness": [row.decision, None], "other": [None, row.other_id]}
        self._changes.note(_DECIDED, "document", row.document_id, told)
        row.decision = None
        return True

    def _row(self, one: str, other: str) -> m.LikenessRow:
        row = pair_row(self._session, one, other)
        if row is None:
            raise UnknownReference(f"{one} と {other} は似た資料として見つかっていません。")
        return row

    def _other_of(self, row: m.LikenessRow, keep: str) -> str:
        pair = (row.document_id, row.other_id)
        if keep not in pair:
            raise UnknownReference("残す資料を、2つのうちから選んでください。")
        if self._rights.document(keep).rights_terms == Terms.WITHDRAWN.value:
            raise UnknownReference(f"{keep} は取り下げ済みです。残す資料に選べません。")
        return pair[1] if keep == pair[0] else pair[0]

    def _lacking(self, gone: str, keep: str) -> list[m.SourceRow]:
        """The addresses of one document that the other lacks."""
        known = {(source.url, source.label) for source in self._sources(keep)}
        return [each for each in self._sources(gone) if (each.url, each.label) not in known]

    def _put_back(self, row: m.LikenessRow, kept: str, before: Mapping[str, Any]) -> None:
        gone = row.other_id if kept == row.document_id else row.document_id
        if _to(before, "taken_down"):
            self._refuse_showing(kept, gone)
            self._rights.restore(gone)
        numbers = _to(before, "addresses") or []
        self._carry([each for each in self._sources(kept) if each.id in numbers], gone)

    def _refuse_showing(self, kept: str, gone: str) -> None:
        """A takedown of the kept one was meant for the other too, which was down already.

        Raises:
            UnknownReference: it, or the case of the other one, has been taken down since.
        """
        case = self._rights.document(gone).case
        if self._rights.document(kept).rights_terms == Terms.WITHDRAWN.value:
            raise UnknownReference(
                f"残した資料 {kept} が、そのあと取り下げられています。判断を取り消すには、"
                "先にその取り下げを取り消してください。"
            )
        if case is not None and taken_down(self._session, case):
            raise UnknownReference(
                f"資料 {gone} の事例が、そのあと取り下げられています。判断を取り消すには、"
                "先に事例の取り下げを取り消してください。"
            )

    def _sources(self, document_id: str) -> list[m.SourceRow]:
        found = select(m.SourceRow).filter_by(document_id=document_id).order_by(m.SourceRow.id)
        return list(self._session.scalars(found))

    def _carry(self, sources: list[m.SourceRow], to: str) -> None:
        if not sources:
            return
        urls = [each.url for each in sources]
        origin = sources[0].document_id
        self._changes.note("located", "document", to, {"url": [None, urls], "from": [None, origin]})
        for each in sources:
            each.document_id = to
        self._session.flush()


_DECIDED = "changed"
"""Not `decided`: that is of a document's own fields, and makes somebody its last settler."""


def pair_row(session: Session, one: str, other: str) -> m.LikenessRow | None:
    """The row of a pair, in either order."""
    keys = ((one, other), (other, one))
    return next(filter(None, (session.get(m.LikenessRow, key) for key in keys)), None)


def decided(session: Session, row: m.LikenessRow) -> Mapping[str, Any]:
    """What the last decision of a pair has done, as its SourceEvent tells; empty without one."""
    event = m.SourceEventRow
    wanted = (
        select(event.change)
        .where(event.subject_kind == "document", event.subject_id == row.document_id)
        .order_by(event.id.desc())
    )
    found = session.scalars(wanted)
    mine = (each for each in found if "likeness" in each and _to(each, "other") == row.other_id)
    return next(mine, {})


def kept_of(session: Session, row: m.LikenessRow) -> str | None:
    """Which of the two was kept, where they stand as the same."""
    kept = _to(decided(session, row), "kept") if row.decision else None
    return None if kept is None else str(kept)


def _to(change: Mapping[str, Any], name: str) -> Any:
    pair = change.get(name)
    return pair[1] if isinstance(pair, list) and len(pair) == 2 else None
