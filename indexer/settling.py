"""What is settled of documents, as `kb settle` tells it: for people, and for programs."""

from collections.abc import Iterable
from typing import Any

from kb.catalogue.review.decisions import DecisionReader, DocumentToSettle
from kb.catalogue.session import Database
from kb.domain.fiscal_year import FiscalYear
from kb.domain.settled import LISTS, YEARS, Basis, Field, Ground, Settled, Value

WHO = "kb settle"


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
