"""Putting a recorded change back: as a new change, by the same writers that make such changes.

Nothing is written unless the present values are still the ones that the change left, and unless
afterwards all of them are the former ones.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.casebooks.page_lists import read_told
from kb.catalogue.changes import UnknownReference
from kb.catalogue.editions.views import CannotReplace
from kb.catalogue.editions.writing import EDITIONS, REPLACED
from kb.catalogue.entries import Authorship, DocumentEntry, EventPartEntry
from kb.catalogue.exchange.exporting import case_entry
from kb.catalogue.history import undo_rules as rules
from kb.catalogue.history.views import CannotUndo, Verdict
from kb.catalogue.local_names.records import KIND as LOCAL_NAME
from kb.catalogue.plain_rows import as_kept
from kb.catalogue.relations_writing import record_relations
from kb.catalogue.review.decisions import CannotDecide
from kb.catalogue.review.second_person import NeedsSecondPerson
from kb.catalogue.review.states import changes_since, document_version, taken_down
from kb.catalogue.rights.withdrawing import Forget, Named, take_down
from kb.catalogue.rights.writing import RESTORED
from kb.catalogue.session import Database
from kb.catalogue.told_rows import LOST, is_row
from kb.catalogue.told_rows import put_back as put_rows_back
from kb.catalogue.writing import CatalogueWriter, writing_with
from kb.domain.classification import DocumentKind, EventPart, Theme
from kb.domain.rights import Rights, Terms
from kb.domain.settled import Field

_RELATIONS = frozenset({"municipalities", "excerpts", "event_parts"})
"""What a document keeps in tables of their own, of what is described."""

Former = Mapping[str, Any]
"""Field -> the value it is to have again, as SourceEvents write it."""

_DIFFERENT = "元の値に戻りませんでした。何も変えていません。編集の画面で直してください。"
_NAMED_AGAIN = "「{name}」は、別に登録し直されています。その登録を先に消してください。"
_TAKEN_DOWN = "取り下げられています。先に取り下げを取り消してください。"


def undo(database: Database, number: int, actor: str, forget: Forget) -> None:
    """Put one change back, in somebody's name.

    Args:
        database: the catalogue.
        number: of the SourceEvent.
        actor: who does it.
        forget: removes kept page images, where a document is taken down again.

    Raises:
        UnknownReference: there is no such change.
        CannotUndo: it cannot be put back; nothing has been written.
    """
    authorship = Authorship(actor, f"来歴{number}の変更を元に戻す")
    try:
        with writing_with(database, lambda session: _Undoer(session, authorship)) as undoer:
            event = undoer.allowed(number)
            if event.action != RESTORED:
                undoer.put_back(event)
                return
    except NeedsSecondPerson as error:
        raise CannotUndo(Verdict(str(error))) from error
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

    def allowed(self, number: int) -> m.SourceEventRow:
        """A change that can be put back.

        Raises:
            UnknownReference: there is no such change.
            CannotUndo: it cannot.
        """
        event = event_of(self.session, number)
        found = rules.verdict(self.session, event)
        if not found:
            raise CannotUndo(found)
        return event

    def put_back(self, event: m.SourceEventRow) -> None:
        """Put a change back that :func:`kb.catalogue.history.undo_rules.verdict` lets be.

        Raises:
            CannotUndo: the writers refuse it, or leave something else.
        """
        former = {name: before for name, (before, _) in rules.pairs_of(event).items()}
        sequence = self.session.scalar(select(func.max(m.SourceEventRow.id)))
        try:
            self._put(event, former)
        except (CannotDecide, CannotReplace, UnknownReference) as error:
            raise CannotUndo(Verdict(str(error))) from error
        self.session.flush()
        self.session.expire_all()
        told = changes_since(self.session, event.subject_kind, event.subject_id, str(sequence))
        if not told or not self._are_back(event, former):
            raise CannotUndo(Verdict(_DIFFERENT))

    def _put(self, event: m.SourceEventRow, former: Former) -> None:
        rows = {name: told for name, told in former.items() if is_row(name)}
        rest = {name: each for name, each in former.items() if name not in rows}
        if rows:
            thing = (event.subject_kind, event.subject_id)
            put_rows_back(self.session, self.changes, thing, rows)
        if rest or not rows:
            self._road(event)(event, rest)

    def _road(self, event: m.SourceEventRow) -> Callable[[m.SourceEventRow, Former], None]:
        if event.action in rules.DECIDING:
            return self._decide
        if event.action in rules.TAKEDOWN:
            return self._restore
        if event.action in EDITIONS:
            return self._original
        roads = {"case": self._case, "document": self._document, LOCAL_NAME: self._local_name}
        return roads.get(event.subject_kind, self._columns)

    def _are_back(self, event: m.SourceEventRow, former: Former) -> bool:
        """Whether all fields are as they were; decisions and takedowns have no more to show."""
        row = rules.thing(self.session, event)
        if row is None or event.action in (*rules.DECIDING, *rules.TAKEDOWN):
            return row is not None
        if event.action in EDITIONS:
            former = {"sha256": former["sha256"]}
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

    def _original(self, event: m.SourceEventRow, _former: Former) -> None:
        """The original before a replacement, or the newer one again."""
        row = self.rights.document(event.subject_id)
        if event.action == REPLACED:
            self.editions.put_back(row.id)
            return
        version = document_version(self.session, row)
        self.editions.replace(row.id, event.change["newer"][1], version)

    # -- fields --------------------------------------------------------------------------

    def _columns(self, event: m.SourceEventRow, former: Former) -> None:
        """Put columns of one row back, as they are named in its table."""
        kind, key = event.subject_kind, event.subject_id
        table = rules.table_of(kind)
        values = {name: as_kept(table.columns[name], each) for name, each in former.items()}
        self._require_targets(kind, values)
        [by] = (column.name for column in table.primary_key.columns)
        self.changes.put(rules.TABLES[kind], kind, key, values, by)

    def _local_name(self, event: m.SourceEventRow, former: Former) -> None:
        """Columns, unless the municipality has got the former name again meanwhile."""
        row = self.session.get_one(m.LocalNameRow, event.subject_id)
        other = self.local_names.held(row.code, former.get("folded", row.folded))
        if other is not None and other is not row:
            raise CannotUndo(Verdict(_NAMED_AGAIN.format(name=other.name)))
        self._columns(event, former)

    def _require_targets(self, kind: str, values: Former) -> None:
        """Be sure that what the former values point at is still there."""
        for name, value in values.items():
            for foreign in rules.table_of(kind).columns[name].foreign_keys:
                asked = select(foreign.column).where(foreign.column == value)
                if value is not None and self.session.scalar(asked) is None:
                    raise CannotUndo(Verdict(LOST.format(key=value)))

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
        missing = self.review.publish(document_id)
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
            excerpts=tuple(range_ for each in told["excerpts"] for range_ in read_told(each)),
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


def _part(text: str) -> EventPartEntry:
    event_id, _, part = text.rpartition(":")
    return EventPartEntry(event_id, EventPart(part))
