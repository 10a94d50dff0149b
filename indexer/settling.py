"""Settling what the machine proposes: from what a curator types to decisions, and what to tell.

Free of click: the command and the review page call the same functions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kb.catalogue.decisions import CannotDecide, DecisionReader, DocumentToSettle
from kb.catalogue.entries import Authorship
from kb.catalogue.session import Database
from kb.catalogue.writing import CatalogueWriter, writing
from kb.domain.fiscal_year import FiscalYear, parse_fiscal_year
from kb.domain.gazetteer import Gazetteer
from kb.domain.place_names import MatchReason, PlaceMatch
from kb.domain.settled import LISTS, SEVERAL, YEARS, Basis, Field, Ground, Settled, Value

WHO = "kb settle"
MOST_CHOICES = 8
"""Municipalities named when one name means several."""

_BETWEEN = "、;；,"


@dataclass(frozen=True, slots=True)
class Orders:
    """What is to be settled of each document, as it was typed."""

    given: tuple[tuple[str, str], ...] = ()
    """Field and value."""
    none: tuple[str, ...] = ()
    """Fields that have no value."""
    accepted: tuple[str, ...] = ()
    """Fields that are as they are proposed."""
    undone: tuple[str, ...] = ()
    """Fields whose decision is taken back."""
    accept_sure: bool = False

    def __bool__(self) -> bool:
        """Whether anything is to be done."""
        return bool(self.given or self.none or self.accepted or self.undone or self.accept_sure)


@dataclass(frozen=True, slots=True)
class _Order:
    """One thing to do to one field of every document."""

    field: Field
    do: Callable[[CatalogueWriter, str, Field], bool]


class Settler:
    """Settles fields of documents in somebody's name."""

    def __init__(self, database: Database, gazetteer: Callable[[], Gazetteer], who: str) -> None:
        """`gazetteer` is asked for only when a municipality is named."""
        self._database = database
        self._gazetteer = gazetteer
        self._who = who

    def settle(self, documents: Iterable[str], orders: Orders) -> int:
        """Do what is ordered to every document, all of it or nothing; how many fields changed.

        Raises:
            CannotDecide: a field, a value or an order makes no sense; the message says why.
            UnknownReference: no such document, or no such municipality.
        """
        each = self._read(orders)
        changed = 0
        with writing(self._database, Authorship(self._who)) as writer:
            for document_id in documents:
                changed += sum(order.do(writer, document_id, order.field) for order in each)
                if orders.accept_sure:
                    changed += len(writer.decisions.accept_sure(document_id))
        return changed

    def _read(self, orders: Orders) -> tuple[_Order, ...]:
        """Every order, its words understood: nothing is written before all of them are."""
        gathered: dict[Field, list[str]] = {}
        for name, text in orders.given:
            gathered.setdefault(field_of(name), []).append(text)
        return (
            *(_setting(name, self._values(name, texts)) for name, texts in gathered.items()),
            *(_setting(field_of(name), ()) for name in orders.none),
            *(_Order(field_of(name), _accept) for name in orders.accepted),
            *(_Order(field_of(name), _undo) for name in orders.undone),
        )

    def _values(self, name: Field, texts: list[str]) -> tuple[Value, ...]:
        places = self._gazetteer if name is Field.MUNICIPALITY else None
        return tuple(value for text in texts for value in read_values(name, text, places))


def _setting(name: Field, values: tuple[Value, ...]) -> _Order:
    return _Order(
        name, lambda writer, document_id, field: writer.decisions.decide(document_id, field, values)
    )


def _accept(writer: CatalogueWriter, document_id: str, field: Field) -> bool:
    return writer.decisions.accept(document_id, field)


def _undo(writer: CatalogueWriter, document_id: str, field: Field) -> bool:
    return writer.decisions.take_back(document_id, field)


# --- understanding what is typed -----------------------------------------------------------


def field_of(typed: str) -> Field:
    """The field of a name, English or Japanese.

    Raises:
        CannotDecide: there is none of that name.
    """
    found = Field.from_text(typed.replace("-", "_"))
    if found is None:
        names = "、".join(f"{field.value}({field.label})" for field in Field)
        raise CannotDecide(f"「{typed}」という項目はありません。項目は {names} です。")
    return found


def read_values(
    name: Field, text: str, gazetteer: Callable[[], Gazetteer] | None = None
) -> tuple[Value, ...]:
    """The values that a curator means; several are separated by 、 or a semicolon.

    Raises:
        CannotDecide: a value is unknown or means several things; the message names them.
    """
    if name not in SEVERAL:
        parts = [text]
    else:
        parts = text.translate(dict.fromkeys(map(ord, _BETWEEN), "\n")).splitlines()
    return tuple(_value(name, part.strip(), gazetteer) for part in parts if part.strip())


def _value(name: Field, text: str, gazetteer: Callable[[], Gazetteer] | None) -> Value:
    if name in YEARS:
        return _year(text)
    if name is Field.MUNICIPALITY and gazetteer is not None:
        return _code(text, gazetteer())
    listed = LISTS.get(name)
    if listed is None:
        return text
    member = listed.from_text(text)
    if member is None:
        choices = "、".join(each.label for each in listed)
        raise CannotDecide(
            f"「{text}」は{name.label}の一覧にありません。次から選んでください: {choices}"
        )
    return member.value


def _year(text: str) -> int:
    year = parse_fiscal_year(text)
    if year is None:
        raise CannotDecide(
            f"「{text}」は年度として読めません。2021、R3、令和3年度 のように指定してください。"
        )
    return year.year


def _code(text: str, gazetteer: Gazetteer) -> str:
    """The code of the one municipality that is meant.

    Raises:
        CannotDecide: nothing goes by that name, or several do equally.
    """
    former = gazetteer.former(text)
    if former is not None:
        return former.code
    matches = gazetteer.resolve(text, loose=True)
    if not matches:
        raise CannotDecide(
            f"「{text}」という自治体はありません。名前か団体コードを確かめてください。"
        )
    today = [match for match in matches if match.why is not MatchReason.FORMER_NAME] or matches
    meant = [match for match in today if match.exact] or today
    if len(meant) > 1:
        choices = "、".join(_choice(match) for match in meant[:MOST_CHOICES])
        raise CannotDecide(
            f"「{text}」にあたる自治体が{len(meant)}あります: {choices}。"
            "団体コードで指定してください。"
        )
    return str(meant[0].municipality.code)


def _choice(match: PlaceMatch) -> str:
    body = match.municipality
    name = body.name if body.name == body.prefecture else f"{body.prefecture}{body.name}"
    return f"{body.code} {name}"


# --- telling ------------------------------------------------------------------------------


def as_json(document: DocumentToSettle) -> dict[str, Any]:
    """All fields of a document for a program."""
    settlement = document.settlement
    return {
        "document": document.id,
        "title": document.title,
        "settled": {
            name.value: {
                "value": each.value,
                "basis": each.basis.value,
                "confidence": each.confidence,
                "evidence": [_ground_json(ground) for ground in each.evidence],
            }
            for name, each in settlement.standing.items()
        },
        "proposals": {
            name.value: [
                {
                    "value": each.value,
                    "confidence": each.confidence,
                    "rule": each.rule,
                    "evidence": [_ground_json(ground) for ground in each.evidence],
                }
                for each in proposals
            ]
            for name, proposals in settlement.open_proposals().items()
        },
        "decisions": {
            name.value: {"by": decision.by, "at": decision.at.isoformat()}
            for name, decision in settlement.decisions.items()
        },
    }


def _ground_json(ground: Ground) -> dict[str, Any]:
    return {"page": ground.page, "source": ground.source, "text": ground.text}


def lines(document: DocumentToSettle) -> Iterable[str]:
    """All fields of a document for a person: what stands, on whose word, and why."""
    settlement = document.settlement
    yield f"{document.id} {document.title}"
    for name in Field:
        standing = settlement.standing.get(name)
        if standing is not None:
            yield f"  {name.label}: {_standing(document, standing)}"
        for proposal in settlement.open_proposals().get(name, ()):
            value = _label(document, name, proposal.value)
            why = _why(proposal.confidence, proposal.evidence)
            yield f"  {name.label}: (未確定の自動判定) {value}{why}"


def _standing(document: DocumentToSettle, standing: Settled) -> str:
    values = "、".join(_label(document, standing.field, value) for value in standing.values)
    said = f"{values or 'なし'} [{standing.basis.label}]"
    if standing.basis is Basis.DECIDED:
        decision = document.settlement.decisions[standing.field]
        return f"{said} {decision.by} {decision.at:%Y-%m-%d}"
    if standing.basis is Basis.PROPOSED:
        return said + _why(standing.confidence, standing.evidence)
    return said


def _label(document: DocumentToSettle, name: Field, value: Value) -> str:
    if name is Field.MUNICIPALITY:
        return f"{document.places.get(str(value), '')}({value})"
    if name in YEARS:
        return FiscalYear(int(value)).both
    listed = LISTS.get(name)
    return listed(str(value)).label if listed else str(value)


def _why(confidence: float | None, evidence: tuple[Ground, ...]) -> str:
    sure = "" if confidence is None else f" 確からしさ{confidence:.0%}"
    if not evidence:
        return sure
    ground = evidence[0].quoted
    return f"{sure} 根拠: {ground.where}「{ground.text}」"


def to_settle(
    database: Database, documents: Iterable[str], *, unsettled: bool
) -> tuple[DocumentToSettle, ...]:
    """The documents that were named, and with `unsettled` all that have a sure proposal.

    Raises:
        UnknownReference: one is not registered.
    """
    reader = DecisionReader(database)
    ids = dict.fromkeys((*documents, *(reader.unsettled() if unsettled else ())))
    return tuple(reader.document(document_id) for document_id in ids)
