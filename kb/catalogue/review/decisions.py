"""What curators settle of documents, field by field.

A decision lies over what is recorded and changes none of it: taken back, the record shows
again, as it is by then. So neither another recognition nor another recording can undo one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from kb.catalogue import models as m
from kb.catalogue.changes import Changes, UnknownReference
from kb.catalogue.review.settlements import TO_SETTLE, settlement_of
from kb.catalogue.rows import rights_of
from kb.catalogue.session import Database
from kb.catalogue.table_base import now
from kb.domain.fiscal_year import FiscalYear
from kb.domain.rights import Audience, allowed
from kb.domain.settled import LISTS, SEVERAL, YEARS, Decision, Field, Proposal, Settlement, Value

_BATCH = 200
"""Documents fetched at a time."""


class CannotDecide(ValueError):
    """A field cannot be settled so; the message is a sentence for the curator."""


@dataclass(frozen=True, slots=True)
class DocumentToSettle:
    """A document with all its fields, for a curator."""

    id: str
    title: str
    settlement: Settlement
    places: Mapping[str, str]
    """The names of the municipalities among its values, by code."""


# --- reading -----------------------------------------------------------------------------


class DecisionReader:
    """Reads what there is to settle, for curators: drafts and restricted documents too."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def document(self, document_id: str) -> DocumentToSettle:
        """One document.

        Raises:
            UnknownReference: there is none of that identifier, or it has been taken down.
        """
        with self._database.reading() as session:
            row = _document(session, document_id)
            if not _readable(row):
                raise UnknownReference(
                    f"資料 {document_id} は取り下げ済みです。"
                    f"先に kb withdraw --undo {document_id} で戻してください。"
                )
            return _to_settle(row)

    def unsettled(self) -> tuple[str, ...]:
        """The documents that have a sure proposal on which nobody has decided."""
        with self._database.reading() as session:
            return tuple(
                row.id for row in _all(session) if _readable(row) and settlement_of(row).sure()
            )


def _all(session: Session) -> Iterator[m.DocumentRow]:
    yield from session.scalars(
        select(m.DocumentRow)
        .order_by(m.DocumentRow.id)
        .options(*TO_SETTLE)
        .execution_options(yield_per=_BATCH)
    )


def _document(session: Session, document_id: str) -> m.DocumentRow:
    row = session.get(m.DocumentRow, document_id)
    if row is None:
        raise UnknownReference(f"資料 {document_id} は登録されていません。")
    return row


def _readable(row: m.DocumentRow) -> bool:
    """Whether curators may see its words at all: proposals come with some of them."""
    return allowed(rights_of(row), Audience.CURATOR).page_text


def _to_settle(row: m.DocumentRow) -> DocumentToSettle:
    settlement, session = settlement_of(row), object_session(row)
    proposed = [str(p.value) for p in settlement.proposals.get(Field.MUNICIPALITY, ())]
    codes = dict.fromkeys((*settlement.texts(Field.MUNICIPALITY), *proposed))
    named = [session.get(m.MunicipalityRow, code) if session else None for code in codes]
    return DocumentToSettle(
        id=row.id,
        title=settlement.text(Field.TITLE) or row.title,
        settlement=settlement,
        places={place.code: place.name for place in named if place is not None},
    )


# --- writing -----------------------------------------------------------------------------


class DecisionWriter:
    """Settles fields of documents in one transaction; see `CatalogueWriter.decisions`."""

    def __init__(self, session: Session, changes: Changes, actor: str) -> None:
        self._session = session
        self._changes = changes
        self._actor = actor

    def decide(self, document_id: str, name: Field, values: Sequence[Value]) -> bool:
        """Settle one field; no values settle that there is none. Whether that is new.

        Raises:
            UnknownReference: no such document, or no such municipality.
            CannotDecide: the field cannot have these values, or is settled elsewhere.
        """
        row = _document(self._session, document_id)
        settled = checked(name, values)
        if name is Field.MUNICIPALITY:
            self._changes.require_codes(str(code) for code in settled)
        before = settlement_of(row)
        known = before.decisions.get(name)
        if known is not None and known.values == settled:
            return False
        if name is Field.RIGHTS_STATEMENT:
            _set_statement(row, known, settled)
        proposed = [_told(proposal) for proposal in before.proposals.get(name, ())]
        change = {name.value: [_stored(name, before.values(name)), _stored(name, settled)]}
        self._changes.note("decided", "document", document_id, {**change, "proposed": proposed})
        decision = self._row(row, name)
        decision.value, decision.proposed = _stored(name, settled), proposed
        decision.decided_by, decision.decided_at = self._actor, now()
        return True

    def take_back(self, document_id: str, name: Field) -> bool:
        """Let the field stand as if nobody had decided; whether anybody had.

        Raises:
            UnknownReference: no such document.
        """
        row = _document(self._session, document_id)
        known = settlement_of(row).decisions.get(name)
        if known is None:
            return False
        change = {name.value: [_stored(name, known.values), None], "decided_by": [known.by, None]}
        self._changes.note("taken_back", "document", document_id, change)
        if name is Field.RIGHTS_STATEMENT and row.rights_statement in known.values:
            row.rights_statement = None
        decision = self._row(row, name)
        if not decision.filled:
            row.decisions.remove(decision)
            self._session.delete(decision)
            return True
        decision.value = decision.proposed = decision.decided_by = decision.decided_at = None
        return True

    def accept(self, document_id: str, name: Field) -> bool:
        """Settle a field as it is proposed, however sure that is; whether that is new.

        Raises:
            UnknownReference: no such document.
            CannotDecide: nothing is proposed, or the field is settled elsewhere.
        """
        row = _document(self._session, document_id)
        proposals = settlement_of(row).proposals.get(name, ())
        if not proposals:
            raise CannotDecide(f"「{name.label}」の自動判定はありません。値を指定してください。")
        values = [proposal.value for proposal in proposals]
        return self.decide(document_id, name, values if name in SEVERAL else values[:1])

    def accept_sure(self, document_id: str) -> tuple[Field, ...]:
        """Settle every field that stands on a sure proposal alone; which those were.

        Raises:
            UnknownReference: no such document.
        """
        settlement = settlement_of(_document(self._session, document_id))
        for name in settlement.sure():
            self.decide(document_id, name, settlement.values(name))
        return settlement.sure()

    def statement(self, document_id: str, given: str | None) -> str | None:
        """The rights statement to record: the one a curator settled, else the one given."""
        row = self._session.get(m.DocumentRow, document_id)
        decided = settlement_of(row).decisions.get(Field.RIGHTS_STATEMENT) if row else None
        return next((str(value) for value in decided.values), given) if decided else given

    def fill(self, document_id: str, fields: Iterable[str]) -> bool:
        """Remember which fields of a document nobody gave; whether that has changed."""
        self._session.flush()
        row = _document(self._session, document_id)
        before, wanted = {each.field for each in row.decisions if each.filled}, set(fields)
        if before == wanted:
            return False
        change = {"filled": [sorted(before), sorted(wanted)]}
        self._changes.note("changed", "document", document_id, change)
        for name in before ^ wanted:
            decision = self._row(row, Field(name))
            decision.filled = name in wanted
            if not decision.filled and decision.decided_by is None:
                row.decisions.remove(decision)
                self._session.delete(decision)
        return True

    def _row(self, row: m.DocumentRow, name: Field) -> m.DecisionRow:
        found = next((each for each in row.decisions if each.field == name.value), None)
        if found is None:
            found = m.DecisionRow(document_id=row.id, field=name.value, filled=False)
            row.decisions.append(found)
        return found


def _set_statement(row: m.DocumentRow, known: Decision | None, settled: tuple[Value, ...]) -> None:
    """Put a settled statement where rights are read from; the terms stay as they are.

    Raises:
        CannotDecide: a statement is recorded that no decision has put there.
    """
    ours = next(iter(known.values), None) if known else None
    if row.rights_statement not in (None, ours):
        raise CannotDecide("記録済みの利用条件は kb rights で直してください。")
    row.rights_statement = next((str(value) for value in settled), None)


def _stored(name: Field, values: Sequence[Value]) -> Any:
    if not values:
        return None
    return list(values) if name in SEVERAL else values[0]


def _told(proposal: Proposal) -> dict[str, Any]:
    return {
        "value": proposal.value,
        "confidence": proposal.confidence,
        "rule": proposal.rule,
    }


def checked(name: Field, values: Sequence[Value]) -> tuple[Value, ...]:
    """The values of a field as they are kept, each once; none for that there is none.

    Raises:
        CannotDecide: the field cannot have them.
    """
    if name is Field.PEOPLE:
        raise CannotDecide("人は、事例や催しの記録(people.csv と roles.csv)で登録してください。")
    if name is Field.TITLE and not values:
        raise CannotDecide("題名は「なし」にできません。題名を指定してください。")
    if len(values) > 1 and name not in SEVERAL:
        raise CannotDecide(f"「{name.label}」に指定できる値は1つです。")
    kept = (_checked_year(v) if name in YEARS else _checked_text(name, str(v)) for v in values)
    return tuple(dict.fromkeys(kept))


def _checked_year(value: Value) -> int:
    try:
        return FiscalYear(int(value)).year
    except ValueError as error:
        raise CannotDecide(f"年度ではありません: {value}") from error


def _checked_text(name: Field, text: str) -> str:
    if not text.strip():
        raise CannotDecide(
            f"「{name.label}」の値が空です。「なし」と決めるときは --none を使ってください。"
        )
    listed = LISTS.get(name)
    if listed is not None and text not in set(listed):
        raise CannotDecide(f"「{name.label}」の一覧にありません: {text}")
    return text.strip()
