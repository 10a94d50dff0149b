"""Putting a recorded change back: as a new change, by the same writers that make such changes.

Nothing is written unless the present values are still the ones that the change left, and unless
afterwards all of them are the former ones.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import event as listening
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.changes import UnknownReference, refuse_unrecorded
from kb.catalogue.entries import Authorship, DocumentEntry, EventPartEntry, ExcerptEntry
from kb.catalogue.exchange.exporting import case_entry
from kb.catalogue.history import undo_rules as rules
from kb.catalogue.history.views import CannotUndo, Verdict
from kb.catalogue.relations_writing import record_relations
from kb.catalogue.review.decisions import CannotDecide
from kb.catalogue.review.states import changes_since, taken_down
from kb.catalogue.rights.withdrawing import Forget, Named, take_down
from kb.catalogue.rights.writing import CORRECTED, RESTORED
from kb.catalogue.session import Database
from kb.catalogue.writing import CatalogueWriter
from kb.domain.classification import DocumentKind, EventPart, Theme
from kb.domain.rights import Rights, Terms
from kb.domain.settled import Field

_RELATIONS = frozenset({"municipalities", "excerpts", "event_parts"})
"""What a document keeps in tables of their own, of what is described."""

Former = Mapping[str, Any]
"""Field -> the value it is to have again, as SourceEvents write it."""

_DIFFERENT = "元の値に戻りませんでした。何も変えていません。編集の画面で直してください。"
_LOST = "元の値が指す「{key}」がもうないので、元に戻せません。編集の画面で直してください。"
_TAKEN_DOWN = "取り下げられています。先に取り下げを取り消してください。"


def undo(database: Database, number: int, actor: str, forget: Forget, *, two_person: bool) -> None:
    """Put one change back, in somebody's name.

    Args:
        database: the catalogue.
        number: of the SourceEvent.
        actor: who does it.
        forget: removes kept page images, where a document is taken down again.
        two_person: whoever settled last may not be the one who publishes.

    Raises:
        UnknownReference: there is no such change.
        CannotUndo: it cannot be put back; nothing has been written.
    """
    authorship = Authorship(actor, f"来歴{number}の変更を元に戻す")
    with database.writing() as session:
        # As `writing` does, for a writer that can also put single columns back.
        listening.listen(session, "before_flush", refuse_unrecorded)
        event = event_of(session, number)
        found = rules.verdict(session, event)
        if not found:
            raise CannotUndo(found)
        if event.action != RESTORED:
            _Undoer(session, authorship, two_person=two_person).put_back(event)
            return
    # A takedown is a transaction of its own, and empties the cache after it.
    take_down(database, _named(event), authorship, forget)


def event_of(session: Session, number: int) -> m.SourceEventRow:
    """A recorded change.

    Raises:
        UnknownReference: there is none of that number.
    """
    event = session.get(m.SourceEventRow, number)
    if event is None:
        raise UnknownReference(f"来歴{number}はありません。画面を開きなおしてください。")
    return event


def _named(event: m.SourceEventRow) -> Named:
    key = (event.subject_id,)
    return {
        "document": Named(documents=key), "case": Named(cases=key), "event": Named(events=key),
    }[event.subject_kind]  # fmt: skip


class _Undoer(CatalogueWriter):
    """Puts changes back in one transaction, through the catalogue's own writers."""

    def __init__(self, session: Session, authorship: Authorship, *, two_person: bool) -> None:
        super().__init__(session, authorship)
        self._two_person = two_person

    def put_back(self, event: m.SourceEventRow) -> None:
        """Put a change back that :func:`kb.catalogue.history.undo_rules.verdict` lets be.

        Raises:
            CannotUndo: the writers refuse it, or leave something else.
        """
        former = {name: before for name, (before, _) in rules.pairs_of(event).items()}
        sequence = self.session.scalar(select(func.max(m.SourceEventRow.id)))
        try:
            self._road(event)(event, former)
        except (CannotDecide, UnknownReference) as error:
            raise CannotUndo(Verdict(str(error))) from error
        self.session.flush()
        self.session.expire_all()
        told = changes_since(self.session, event.subject_kind, event.subject_id, str(sequence))
        if not told or not self._are_back(event, former):
            raise CannotUndo(Verdict(_DIFFERENT))

    def _road(self, event: m.SourceEventRow) -> Callable[[m.SourceEventRow, Former], None]:
        if event.action in rules.DECIDING:
            return self._decide
        if event.action in rules.TAKEDOWN:
            return self._restore
        return {"case": self._case, "document": self._document}.get(
            event.subject_kind, self._columns
        )

    def _are_back(self, event: m.SourceEventRow, former: Former) -> bool:
        """Whether all fields are as they were; decisions and takedowns have no more to show."""
        row = rules.thing(self.session, event)
        if row is None or event.action not in (*rules.FIELDS, CORRECTED):
            return row is not None
        return all(rules.stands_as(row, event, name, value) for name, value in former.items())

    # -- decisions and takedowns ---------------------------------------------------------

    def _decide(self, event: m.SourceEventRow, former: Former) -> None:
        """The decision before this one, or none where there was none."""
        field, document = rules.field_decided(event), event.subject_id
        before = event if event.action == "taken_back" else None
        before = before or rules.decision_before(self.session, event)
        if before is None:
            self.decisions.take_back(document, field)
            return
        at = 0 if before is event else 1
        value = before.change[field.value][at]
        values = value if isinstance(value, list) else [value] if value is not None else []
        self.decisions.decide(document, field, values)

    def _restore(self, event: m.SourceEventRow, _former: Former) -> None:
        restore = {
            "document": self.rights.restore,
            "case": self.rights.restore_case,
            "event": self.rights.restore_event,
        }[event.subject_kind]
        restore(event.subject_id)

    # -- fields --------------------------------------------------------------------------

    def _columns(self, event: m.SourceEventRow, former: Former) -> None:
        """Put columns of one row back, as they are named in its table."""
        kind, key = event.subject_kind, event.subject_id
        table = rules.table_of(kind)
        values = {name: rules.as_kept(table.columns[name], each) for name, each in former.items()}
        self._require_targets(kind, values)
        [by] = (column.name for column in table.primary_key.columns)
        self.changes.put(rules.TABLES[kind], kind, key, values, by)

    def _require_targets(self, kind: str, values: Former) -> None:
        """Be sure that what the former values point at is still there."""
        for name, value in values.items():
            for foreign in rules.table_of(kind).columns[name].foreign_keys:
                asked = select(foreign.column).where(foreign.column == value)
                if value is not None and self.session.scalar(asked) is None:
                    raise CannotUndo(Verdict(_LOST.format(key=value)))

    def _case(self, event: m.SourceEventRow, former: Former) -> None:
        row = self._rights_case(event, former)
        entry = case_entry(row)
        codes = former.get("municipalities", entry.municipality_codes)
        themes = map(Theme, former.get("themes", entry.themes))
        departments = former.get("departments", entry.departments)
        entry = replace(
            entry,
            municipality_codes=tuple(codes),
            departments=tuple(departments),
            themes=tuple(themes),
        )
        self._set_municipalities(entry)
        self._set_departments(row, entry)
        self._set_themes(row, entry)
        self._columns(event, _columns_of(event, former))

    def _rights_case(self, event: m.SourceEventRow, former: Former) -> m.CaseRow:
        """The case, where it may be seen again if that is what is to be put back."""
        row = self.rights.case(event.subject_id)
        if former.get("published") and taken_down(self.session, row):
            raise CannotUndo(Verdict(_TAKEN_DOWN))
        return row

    def _document(self, event: m.SourceEventRow, former: Former) -> None:
        key, rest = event.subject_id, dict(_columns_of(event, former))
        row = self.rights.document(key)
        self._relations(row, former)
        if "rights_terms" in rest or "rights_statement" in rest:
            terms = Terms(rest.pop("rights_terms", row.rights_terms))
            self._state(row, terms, rest.pop("rights_statement", row.rights_statement))
        if "case_id" in rest or "event_id" in rest:
            case_id = rest.pop("case_id", row.case_id)
            self.review.attach(key, case_id, rest.pop("event_id", row.event_id))
        published = rest.pop("published", row.published)
        self._columns(event, rest)
        if published != row.published:
            self._publish(key, published=published)

    def _state(self, row: m.DocumentRow, terms: Terms, statement: str | None) -> None:
        """Put stated rights back, unless a decision holds the statement."""
        held = [e for e in row.decisions if e.field == Field.RIGHTS_STATEMENT and e.decided_by]
        if held and statement != row.rights_statement:
            raise CannotUndo(
                Verdict(
                    "利用条件の記載が確定されています。「利用条件と取り下げ」の画面で直してください。"
                )
            )
        if Terms.WITHDRAWN in (terms, Terms(row.rights_terms)):
            raise CannotUndo(Verdict("取り下げは「利用条件と取り下げ」の画面で行ってください。"))
        self.rights.correct(row.id, terms, statement)

    def _publish(self, document_id: str, *, published: bool) -> None:
        if not published:
            self.review.retract(document_id)
            return
        missing = self.review.publish(document_id, two_person=self._two_person)
        if missing:
            raise CannotUndo(Verdict(" ".join(missing)))

    def _relations(self, row: m.DocumentRow, former: Former) -> None:
        """Put back what a document keeps in tables of their own."""
        if "filled" in former:
            self.decisions.fill(row.id, former["filled"] or ())
        if not former.keys() & _RELATIONS:
            return
        told = {name: rules.LISTED["document", name](row) for name in _RELATIONS}
        told |= {name: former[name] or [] for name in _RELATIONS if name in former}
        entry = DocumentEntry(
            row.id,
            row.title,
            DocumentKind(row.kind),
            Rights(),
            # Whether there may be excerpts is asked of the case that it will have.
            case_id=former.get("case_id", row.case_id),
            municipality_codes=tuple(told["municipalities"]),
            excerpts=tuple(map(_excerpt, told["excerpts"])),
            event_parts=tuple(map(_part, told["event_parts"])),
        )
        record_relations(self.session, self.changes, entry)
        self._set_document_places(entry)
        self.session.flush()
        self.session.refresh(row)


def _columns_of(event: m.SourceEventRow, former: Former) -> Former:
    """The former values that are columns of the thing itself."""
    kind = event.subject_kind
    return {name: each for name, each in former.items() if (kind, name) not in rules.LISTED}


def _excerpt(text: str) -> ExcerptEntry:
    """As :mod:`kb.catalogue.relations_writing` tells of one: case-1:3-5."""
    case_id, _, pages = text.rpartition(":")
    first, _, last = pages.partition("-")
    return ExcerptEntry(case_id, int(first), int(last))


def _part(text: str) -> EventPartEntry:
    event_id, _, part = text.rpartition(":")
    return EventPartEntry(event_id, EventPart(part))
