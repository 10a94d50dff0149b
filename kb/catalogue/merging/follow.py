"""Where a case has gone that was merged into another, and records that still name it.

A list that came in before a merge may come in again: what it says of the case that is gone is
left alone, and what it ties to that case is tied to the one that was kept.
"""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue.entries import CaseEntry, DocumentEntry, RoleEntry
from kb.catalogue.merging.tables import MergedCaseRow

MERGED = "merged"
"""What a SourceEvent calls it, of either case."""
SPLIT = "split"

_KNOWN = "merged cases"


def merged_into(session: Session, case_id: str) -> str | None:
    """The case that took one in, whatever became of that in turn; None where none did."""
    merges = _merges(session)
    kept = merges.get(case_id)
    while kept is not None and kept in merges:
        kept = merges[kept]
    return kept


def forget_merges(session: Session) -> None:
    """Ask anew from now on: a case has just been merged or split."""
    session.info.pop(_KNOWN, None)


def follow_case(session: Session, entry: CaseEntry) -> CaseEntry:
    """The entry, continuing the case that was kept where it names one that is gone."""
    continued = _followed(session, entry.continues_id)
    return replace(entry, continues_id=continued if continued != entry.id else None)


def follow_document(session: Session, entry: DocumentEntry) -> DocumentEntry:
    """The entry, tied to the cases that were kept."""
    moved = tuple(
        replace(each, case_id=_followed(session, each.case_id) or each.case_id)
        for each in entry.excerpts
    )
    return replace(entry, case_id=_followed(session, entry.case_id), excerpts=moved)


def follow_role(session: Session, entry: RoleEntry) -> RoleEntry:
    """The entry, in the case that was kept."""
    return replace(entry, case_id=_followed(session, entry.case_id))


def _followed(session: Session, case_id: str | None) -> str | None:
    return (merged_into(session, case_id) or case_id) if case_id else case_id


def _merges(session: Session) -> Mapping[str, str]:
    """Every merge, read once for a transaction: a list of 1,000 cases asks 1,000 times."""
    known: dict[str, str] | None = session.info.get(_KNOWN)
    if known is None:
        row = MergedCaseRow
        known = dict(session.execute(select(row.old_id, row.kept_id)).all())
        session.info[_KNOWN] = known
    return known
