"""From a review to the sheet that the page of an intake shows."""

from collections.abc import Iterable, Mapping
from typing import Any

from indexer.intake.draft import LineKind
from indexer.intake.fields import FIELDS, LABELS, Field
from indexer.intake.matching import records_of
from indexer.intake.planning import Planner
from indexer.intake.review import Review, ReviewedLine, title_of
from indexer.intake.values_shown import ShownValues, members_of
from indexer.intake.versions import version_of
from kb.catalogue.intake.sheets import Quote, Sheet, SheetContradiction, SheetField, SheetLine
from kb.catalogue.stored import Entry, Stored
from kb.domain.gazetteer import Gazetteer


def sheet_of(review: Review, stored: Stored, gazetteer: Gazetteer) -> Sheet:
    """Everything a curator needs to settle an intake on its page.

    Args:
        review: the intake beside the catalogue.
        stored: that catalogue.
        gazetteer: names municipalities.
    """
    shown = ShownValues(review, gazetteer.get)
    sure = Planner(review, stored, gazetteer).sure()
    return Sheet(
        lines=tuple(_line(shown, line, stored, sure) for line in review.lines),
        contradictions=_contradictions(review.contradictions),
        statements=_quotes(review.intake.statements),
        vanished=tuple(
            (gone.kind, LABELS[LineKind(gone.kind)], title_of(gone), gone.record_id)
            for gone in review.vanished
        ),
        choices=dict(_choices(review)),
    )


def _line(
    shown: ShownValues, line: ReviewedLine, stored: Stored, sure: frozenset[str]
) -> SheetLine:
    view = line.view
    return SheetLine(
        number=view.number,
        key=view.key,
        kind=line.kind.value,
        kind_label=LABELS[line.kind],
        title=title_of(view),
        state=line.state.value,
        state_label=line.state.label,
        open=line.is_open,
        sure=line.key in sure,
        version=version_of(line),
        record_id=line.match.record_id,
        candidates=tuple(
            (one, _called(records_of(stored, line.kind)[one], one)) for one in line.match.candidates
        ),
        fields=tuple(_field(shown, line, field) for field in FIELDS[line.kind]),
        contradictions=_contradictions(line.contradictions),
        unreadable=line.unreadable,
        rejected_in=line.rejected_in,
        decided_by=view.decided_by,
        decided_at=view.decided_at.isoformat() if view.decided_at else None,
    )


def _field(shown: ShownValues, line: ReviewedLine, field: Field) -> SheetField:
    value = line.settled.get(field.name, line.view.values.get(field.name))
    says = value not in (None, "", [])
    unlike = next((each for each in line.differences if each.field == field.name), None)
    readable = says and field.label not in line.unreadable
    text = shown.value(line, field.name, value) if readable else str(value or "")
    held = None if unlike is None else shown.value(line, field.name, unlike.held)
    evidence = line.view.evidence.get(field.name, ())
    return SheetField(
        name=field.name,
        label=field.label,
        text=text if unlike is None else shown.value(line, field.name, unlike.page),
        typed=shown.typed(field, value) if says else "",
        held=held,
        quotes=_quotes(evidence),
    )


def _called(entry: Entry, record_id: str) -> str:
    """What a person calls a record, with its day where it has one."""
    name = getattr(entry, "title", None) or getattr(entry, "name", None) or record_id
    day = getattr(entry, "held_on", None)
    return f"{name}({day.isoformat()})" if day else str(name)


def _contradictions(found: Iterable[Mapping[str, Any]]) -> tuple[SheetContradiction, ...]:
    return tuple(
        SheetContradiction(tuple(one["said"]), one["explanation"], _quotes(one["evidence"]))
        for one in found
    )


def _quotes(evidence: Iterable[Mapping[str, Any]]) -> tuple[Quote, ...]:
    return tuple(dict.fromkeys(Quote(each["line"], each["text"]) for each in evidence))


def _choices(review: Review) -> Iterable[tuple[str, tuple[tuple[str, str], ...]]]:
    """What can be chosen for the fields of the kinds that the page tells of."""
    for kind in dict.fromkeys(line.kind for line in review.lines):
        for field in FIELDS[kind]:
            if field.refers is not None:
                yield f"{kind.value}.{field.name}", _lines_of(review, field.refers)
            elif (members := members_of(field)) is not None:
                pairs = tuple((member.value, member.label) for member in members)
                yield f"{kind.value}.{field.name}", pairs


def _lines_of(review: Review, kind: LineKind) -> tuple[tuple[str, str], ...]:
    return tuple(
        (line.key, f"[{line.view.number}] {title_of(line.view)}")
        for line in review.lines
        if line.kind is kind
    )
