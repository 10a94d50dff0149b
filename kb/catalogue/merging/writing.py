"""Putting one case into another, and taking them apart again, in one transaction.

Part of :class:`kb.catalogue.writing.CatalogueWriter`, as its ``merging``. The case that goes is
no case any more: nothing that lists cases can show it. What it was is kept beside its identifier.
Documents keep their own terms and stay published or not, so that nobody may see more than before.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.casebooks.page_lists import pages_of_cases
from kb.catalogue.changes import Changes, UnknownReference
from kb.catalogue.entries import CaseEntry, ExcerptEntry
from kb.catalogue.exchange.exporting import case_entry
from kb.catalogue.merging import state
from kb.catalogue.merging.fields import combined
from kb.catalogue.merging.follow import MERGED, SPLIT, forget_merges, merged_into
from kb.catalogue.merging.rules import why_not, why_not_split
from kb.catalogue.merging.views import CannotMerge, MergeOrder
from kb.catalogue.relations_writing import put_excerpts
from kb.catalogue.review import states
from kb.catalogue.review.second_person import allow
from kb.catalogue.review.views import ChangedMeanwhile
from kb.domain.page_ranges import PageRanges

QUESTION = "known_question"


class MergeWriter:
    """Merges and splits cases in somebody's name."""

    def __init__(self, session: Session, changes: Changes, actor: str) -> None:
        self._session = session
        self._changes = changes
        self._actor = actor

    # -- together ------------------------------------------------------------------------

    def require(self, order: MergeOrder) -> CaseEntry:
        """What the kept case will be; nothing is written.

        Raises:
            UnknownReference: one of the cases is not registered.
            ChangedMeanwhile: one of them is not as it was when the form was made.
            CannotMerge: they cannot be merged so.
        """
        kept, other = self._case(order.kept_id), self._case(order.other_id)
        for row, version in ((kept, order.version), (other, order.other_version)):
            now = state.version_of(self._session, state.told_of(self._session, row))
            if not states.same_version(now, version):
                raise ChangedMeanwhile(states.changes_since(self._session, "case", row.id, version))
        wanted = combined(case_entry(kept), case_entry(other), order.takes)
        refused = why_not(self._session, kept, other, wanted.continues_id)
        if refused:
            raise CannotMerge(refused)
        return wanted

    def join(self, order: MergeOrder) -> None:
        """Move all that is tied to one case to the other, and let the one go.

        The caller has asked :meth:`require`, and records the fields of the kept one after.
        """
        kept, other = self._case(order.kept_id), self._case(order.other_id)
        told = {side: state.told_of(self._session, row)
                for side, row in (("kept", kept), ("other", other))}  # fmt: skip
        self._changes.note(MERGED, "case", kept.id, {"merged": [None, other.id]})
        self._changes.note(MERGED, "case", other.id, {"merged_into": [None, kept.id]})
        self._move_documents(told["other"]["documents"], other.id, kept.id)
        self._join_excerpts(kept.id, other.id)
        moved = {
            "roles": self._move_roles(kept.id, other.id),
            "intake_lines": self._move_intake_lines(kept.id, other.id),
            "questions": self._rename_in_questions(kept.id, other.id),
        }
        self._move_continuing(told["other"]["continued_by"], kept.id)
        self._remove(other)
        self._session.add(
            m.MergedCaseRow(
                old_id=other.id, kept_id=kept.id, actor=self._actor, held={**told, **moved}
            )
        )
        self._session.flush()
        forget_merges(self._session)

    def seal(self, order: MergeOrder) -> None:
        """Remember what the kept case is by now: as long as it is that, the two can be split."""
        row = self._session.get_one(m.MergedCaseRow, order.other_id)
        self._session.expire(self._case(order.kept_id))
        told = state.told_of(self._session, self._case(order.kept_id))
        row.held = {**row.held, "after": state.digest(told)}

    def _move_documents(self, documents: Iterable[str], before: str, after: str) -> None:
        for document_id in documents:
            change = {"case_id": [before, after]}
            self._changes.note("changed", "document", document_id, change)
            self._session.get_one(m.DocumentRow, document_id).case_id = after
        self._session.flush()

    def _join_excerpts(self, kept_id: str, other_id: str) -> None:
        wanted = select(m.CaseExcerptRow.document_id).filter_by(case_id=other_id).distinct()
        for document_id in self._session.scalars(wanted).all():
            pages = self._pages_in(document_id)
            pages[kept_id] = pages.get(kept_id, PageRanges()) | pages.pop(other_id)
            put_excerpts(self._session, self._changes, document_id, pages)
        self._session.flush()

    def _part_excerpts(self, kept: state.Told, other: state.Told) -> None:
        """Give both cases the pages of casebooks that they had."""
        held: dict[str, list[ExcerptEntry]] = {}
        for told in (kept, other):
            for document_id, first, last in told["excerpts"]:
                range_ = ExcerptEntry(told["row"]["id"], first, last)
                held.setdefault(document_id, []).append(range_)
        for document_id, ranges in held.items():
            pages = self._pages_in(document_id)
            pages.pop(kept["row"]["id"], None)
            pages |= pages_of_cases(ranges)
            put_excerpts(self._session, self._changes, document_id, pages)
        self._session.flush()

    def _pages_in(self, document_id: str) -> dict[str, PageRanges]:
        rows = self._session.scalars(select(m.CaseExcerptRow).filter_by(document_id=document_id))
        return pages_of_cases(rows)

    def _move_roles(self, kept_id: str, other_id: str) -> dict[str, list[int]]:
        """The numbers of those that were moved, and of those that both had: one goes."""
        held = [state.role_values(role) for role in self._roles(kept_id)]
        found: dict[str, list[int]] = {"moved": [], "had": []}
        for role in self._roles(other_id):
            change = {"case_id": [other_id, kept_id]}
            self._changes.note("changed", "person", role.person_id, change)
            if state.role_values(role) in held:
                found["had"].append(role.id)
                self._session.delete(role)
            else:
                found["moved"].append(role.id)
                role.case_id = kept_id
        return found

    def _roles(self, case_id: str) -> list[m.RoleRow]:
        wanted = select(m.RoleRow).filter_by(case_id=case_id).order_by(m.RoleRow.id)
        return list(self._session.scalars(wanted))

    def _move_intake_lines(self, kept_id: str, other_id: str) -> list[int]:
        wanted = select(m.IntakeLineRow).filter_by(kind="case", record_id=other_id)
        lines = list(self._session.scalars(wanted))
        for line in lines:
            line.record_id = kept_id
        return [line.id for line in lines]

    def _rename_in_questions(self, kept_id: str, other_id: str) -> dict[str, list[Any]]:
        """Name -> what was expected before and is now."""
        changed = {}
        for row in list(self._session.scalars(select(m.KnownQuestionRow))):
            after = _renamed(row.expected, other_id, kept_id)
            if after != row.expected:
                changed[row.id] = [row.expected, after]
                values = {"expected": after}
                self._changes.put(m.KnownQuestionRow, QUESTION, row.id, values)
        return changed

    def _move_continuing(self, cases: Iterable[str], kept_id: str) -> None:
        for case_id in cases:
            if case_id != kept_id:
                self._continue(case_id, kept_id)

    def _continue(self, case_id: str, continued: str) -> None:
        self._changes.put(m.CaseRow, "case", case_id, {"continues_id": continued})
        self._session.flush()

    def _remove(self, row: m.CaseRow) -> None:
        # The kept one may still continue it; its fields are recorded after this.
        for each in self._session.scalars(select(m.CaseRow).filter_by(continues_id=row.id)):
            each.continues_id = None
        for place in self._session.scalars(select(m.CaseMunicipalityRow).filter_by(case_id=row.id)):
            self._session.delete(place)
        self._session.flush()
        # What was loaded before names documents that have moved: they would be untied.
        self._session.expire(row)
        self._session.delete(row)
        self._session.flush()

    # -- and apart -----------------------------------------------------------------------

    def split(self, old_id: str) -> str:
        """Put two cases back as they were; the one that had been kept.

        Raises:
            UnknownReference: no case of that identifier was merged.
            CannotMerge: the kept one has been changed since, so that no version needs be asked.
        """
        row = self._session.get(m.MergedCaseRow, old_id)
        if row is None:
            raise UnknownReference(f"事例 {old_id} は統合されていません。")
        refused = why_not_split(self._session, row)
        if refused:
            raise CannotMerge(refused)
        kept = self._case(row.kept_id)
        self._changes.note(SPLIT, "case", kept.id, {"merged": [old_id, None]})
        self._changes.note(SPLIT, "case", old_id, {"merged_into": [kept.id, None]})
        if row.held["other"]["row"]["published"]:
            # Readers have seen it: it was public, and nothing of it has changed since.
            allow(self._session, "case", old_id)
        self._put_back(row.kept_id, old_id, row.held)
        self._session.delete(row)
        self._session.flush()
        forget_merges(self._session)
        return kept.id

    def _put_back(self, kept_id: str, old_id: str, held: dict[str, Any]) -> None:
        other, kept = held["other"], held["kept"]
        state.put_back(self._session, {**other, "row": {**other["row"], "continues_id": None}})
        state.put_back(self._session, kept)
        # Only now: each of the two may have continued the other, and that one may have been
        # merged since.
        continued = other["row"]["continues_id"] or ""
        self._session.get_one(m.CaseRow, old_id).continues_id = (
            merged_into(self._session, continued) or continued or None
        )
        self._move_documents(other["documents"], kept_id, old_id)
        self._part_excerpts(kept, other)
        self._put_roles_back(kept_id, old_id, held)
        for number in held["intake_lines"]:
            self._session.get_one(m.IntakeLineRow, number).record_id = old_id
        for name, (before, after) in held["questions"].items():
            question = self._session.get(m.KnownQuestionRow, name)
            # What somebody has written anew since stays as they wrote it.
            if question is not None and question.expected == after:
                self._changes.put(m.KnownQuestionRow, QUESTION, name, {"expected": before})
        for case_id in other["continued_by"]:
            if case_id != kept_id:
                self._continue(case_id, old_id)

    def _put_roles_back(self, kept_id: str, old_id: str, held: dict[str, Any]) -> None:
        """Under their own numbers, which are their order; the other's are as many as its roles."""
        numbers = sorted((*held["roles"]["moved"], *held["roles"]["had"]))
        for number, values in zip(numbers, held["other"]["roles"], strict=True):
            change = {"case_id": [kept_id, old_id]}
            self._changes.note("changed", "person", values[0], change)
            role = self._session.get(m.RoleRow, number)
            if number in held["roles"]["moved"] and role is not None:
                role.case_id = old_id
            else:
                self._session.add(state.role_of(values, old_id, None if role else number))

    def _case(self, case_id: str) -> m.CaseRow:
        row = self._session.get(m.CaseRow, case_id)
        if row is None:
            raise UnknownReference(f"事例 {case_id} は登録されていません。")
        return row


def _renamed(expected: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """What a question expects, with one case in the place of another."""

    def each(ids: list[str]) -> list[str]:
        return list(dict.fromkeys(new if id_ == old else id_ for id_ in ids))

    found = [each(choice) for choice in expected.get("found", [])]
    return {**expected, "first": each(expected.get("first", [])), "found": found}
