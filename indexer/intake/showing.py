"""An intake for people and for programs: its lines by event, differences, contradictions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from indexer.intake.acceptance import Settlement
from indexer.intake.draft import LineKind
from indexer.intake.fields import FIELDS, LABELS
from indexer.intake.planning import Planned
from indexer.intake.review import LineState, Review, ReviewedLine, title_of
from indexer.intake.values_shown import Places, ShownValues
from indexer.lines import printable, short
from kb.catalogue.intake.records import DECIDED, IntakeLineView, IntakeView

_MARKED = (LineState.DIFFERS, LineState.AMBIGUOUS, LineState.NEW)

Contradiction = Mapping[str, Any]


# -- for people --------------------------------------------------------------------------


def lines(review: Review, places: Places) -> Iterator[str]:
    """Everything a curator needs to settle an intake; `places` names municipalities."""
    yield from map(printable, _lines(ShownValues(review, places, short)))


def _lines(shown: ShownValues) -> Iterator[str]:
    review = shown.review
    intake = review.intake
    yield f"受け入れ {intake.id}: {intake.source}({intake.taken_at:%Y-%m-%d})"
    yield f"{len(review.lines)}行: {tally(review)}"
    if intake.superseded_by:
        yield f"このページには新しい読み取り {intake.superseded_by} があります。"
    for heading, group in _groups(review):
        yield ""
        yield f"■ {heading}"
        for line in group:
            yield from _line(shown, line)
    if review.contradictions or intake.statements:
        yield ""
        yield "■ ページ全体"
        for contradiction in review.contradictions:
            yield from _contradiction(contradiction)
        for statement in intake.statements:
            yield f"    ページ自身の権利表示({statement['line']}行目): {short(statement['text'])}"
    if review.vanished:
        yield ""
        yield "■ 前回はあった行がありません(目録からは何も消しません)"
        for gone in review.vanished:
            yield f"    {LABELS[LineKind(gone.kind)]}「{title_of(gone)}」 {gone.record_id or ''}"


def tally(review: Review) -> str:
    """How many lines are in which state."""
    counts = Counter(line.state for line in review.lines)
    return "、".join(f"{state.label} {counts[state]}" for state in LineState if counts[state])


def _groups(review: Review) -> Iterator[tuple[str, list[ReviewedLine]]]:
    """The lines by the event they belong to, those of none at the end."""
    by_key = {line.key: line for line in review.lines}
    groups: dict[str, list[ReviewedLine]] = {}
    for line in review.lines:
        if line.kind is LineKind.EVENT:
            groups[line.key] = []
    for line in review.lines:
        event = line.key if line.kind is LineKind.EVENT else _event_of(line, by_key)
        groups.setdefault(event if event in groups else "", []).append(line)
    for key, group in sorted(groups.items(), key=lambda each: each[0] == ""):
        yield _heading(by_key[key]) if key else "催しのほかに", group


def _heading(event: ReviewedLine) -> str:
    day = event.told.values.get("held_on")
    return f"{day or '日付なし'} {title_of(event.view)}"


def _event_of(line: ReviewedLine, by_key: Mapping[str, ReviewedLine]) -> str:
    values = line.told.values
    if event := values.get("event_id"):
        return str(event)
    through = (by_key.get(str(values.get(name))) for name in ("document_id", "case_id"))
    return next((_event_of(other, by_key) for other in through if other is not None), "")


def _line(shown: ShownValues, line: ReviewedLine) -> Iterator[str]:
    # A role has no name of its own: its number would say nothing.
    named = line.match.record_id and line.kind is not LineKind.ROLE
    record = f" → {line.match.record_id}" if named else ""
    yield (
        f"[{line.view.number}] {LABELS[line.kind]} {line.state.label}{record}"
        f"「{short(title_of(line.view))}」 {line.key}"
    )
    if line.match.candidates:
        yield f"    どの記録か決められません。候補: {'、'.join(line.match.candidates)}"
    if line.rejected_in:
        yield f"    {line.rejected_in} で却下されています。"
    if line.view.state in DECIDED:
        yield f"    {line.view.decided_by} {line.view.decided_at:%Y-%m-%d %H:%M}"
    if line.state in _MARKED:
        yield from _values(shown, line)
    if not line.is_settled:
        for contradiction in line.contradictions:
            yield from _contradiction(contradiction)


def _values(shown: ShownValues, line: ReviewedLine) -> Iterator[str]:
    if line.state is LineState.DIFFERS:
        for each in line.differences:
            held, page = (shown.value(line, each.field, v) for v in (each.held, each.page))
            yield f"    {each.label}: 目録「{held}」→ ページ「{page}」{_where(line, each.field)}"
        return
    for field in FIELDS[line.kind]:
        value = line.view.values.get(field.name)
        if value not in (None, "", []):
            said = shown.value(line, field.name, value)
            yield f"    {field.label}: {said}{_where(line, field.name)}"
    for label in line.unreadable:
        yield f"    {label}の値は使えません。--set で書き直してください。"


def _where(line: ReviewedLine, name: str) -> str:
    numbers = _numbers(line.view.evidence.get(name, ()))
    return f"({'、'.join(map(str, numbers))}行目)" if numbers else ""


def _numbers(evidence: Iterable[Mapping[str, Any]]) -> list[int]:
    return list(dict.fromkeys(each["line"] for each in evidence))


def _contradiction(one: Contradiction) -> Iterator[str]:
    yield f"    ！ {' / '.join(short(said) for said in one['said'])}: {one['explanation']}"
    for each in one["evidence"]:
        yield f"       {each['line']}行目「{short(each['text'])}」"


def listed(intakes: Iterable[IntakeView]) -> Iterator[str]:
    """One line for every intake."""
    for intake in intakes:
        said = sum(line.state in DECIDED for line in intake.lines)
        newer = f"、新しい読み取り {intake.superseded_by}" if intake.superseded_by else ""
        yield printable(
            f"{intake.id} {intake.taken_at:%Y-%m-%d} {intake.source}"
            f" ({len(intake.lines)}行、判断済み {said}行{newer})"
        )


def settled(done: Settlement) -> Iterator[str]:
    """What a settlement came to, line by line."""
    for planned in done.accepted:
        yield printable(_accepted(planned))
    for key in done.rejected:
        yield printable(f"却下 {key}")


def _accepted(planned: Planned) -> str:
    view = planned.line.view
    named = planned.record_id and planned.line.kind is not LineKind.ROLE
    record = f" {planned.record_id}" if named else ""
    kind = LABELS[planned.line.kind]
    return f"{planned.action.label} [{view.number}] {kind}「{short(title_of(view))}」{record}"


# -- for programs ------------------------------------------------------------------------


def as_json(review: Review) -> dict[str, Any]:
    """An intake as one object: what was found and where, without the text of the page."""
    intake = review.intake
    return {
        "intake": intake.id,
        "source": intake.source,
        "taken_at": intake.taken_at.isoformat(),
        "superseded_by": intake.superseded_by,
        "counts": _counts(review),
        **{name: _records(review, kind) for name, kind in _GROUPS.items()},
        "rights": _rights(review),
        "lines": [_line_json(line) for line in review.lines],
        "contradictions": [_contradiction_json(review, c) for c in intake.contradictions],
        "statements": list(intake.statements),
        "vanished": [_gone_json(line) for line in review.vanished],
    }


_GROUPS = {
    "programmes": LineKind.PROGRAMME,
    "events": LineKind.EVENT,
    "cases": LineKind.CASE,
    "documents": LineKind.DOCUMENT,
    "people": LineKind.PERSON,
    "roles": LineKind.ROLE,
}
"""The records that would be made, by kind; `lines` tells of each where it stands."""


def _records(review: Review, kind: LineKind) -> list[dict[str, Any]]:
    found = (line for line in review.lines if line.kind is kind)
    return [{"key": one.key, "state": one.state.value, **one.view.values} for one in found]


def _rights(review: Review) -> list[dict[str, Any]]:
    """Every wish about documents, verbatim, with the documents it is about."""
    documents: dict[str, list[str]] = {}
    for line in review.lines:
        if statement := line.view.values.get("rights_statement"):
            documents.setdefault(str(statement), []).append(line.key)
    return [{"statement": wish, "documents": keys} for wish, keys in documents.items()]


def _counts(review: Review) -> dict[str, int]:
    counts = Counter(line.state for line in review.lines)
    return {state.value: counts[state] for state in LineState}


def _line_json(line: ReviewedLine) -> dict[str, Any]:
    view = line.view
    return {
        "number": view.number,
        "key": line.key,
        "kind": line.kind.value,
        "state": line.state.value,
        "record": line.match.record_id,
        "candidates": list(line.match.candidates),
        "values": dict(view.values),
        "differences": [
            {"field": each.field, "held": each.held, "page": each.page} for each in line.differences
        ],
        "settled": dict(line.settled),
        "unreadable": list(line.unreadable),
        "rejected_in": line.rejected_in,
        "evidence": {name: _numbers(rests) for name, rests in view.evidence.items()},
        "contradictions": [c["kind"] for c in line.contradictions],
        "decided_by": view.decided_by,
        "decided_at": view.decided_at.isoformat() if view.decided_at else None,
    }


def _contradiction_json(review: Review, one: Contradiction) -> dict[str, Any]:
    told = {name: one[name] for name in ("kind", "subject", "said", "explanation")}
    line = review.line(one["subject"])
    settled = line is not None and line.is_settled
    return {**told, "lines": _numbers(one["evidence"]), "settled": settled}


def _gone_json(line: IntakeLineView) -> dict[str, Any]:
    return {
        "key": line.key, "kind": line.kind, "record": line.record_id, "title": title_of(line),
    }  # fmt: skip


def listed_json(intake: IntakeView) -> dict[str, Any]:
    """One intake of a list."""
    return {
        "intake": intake.id,
        "source": intake.source,
        "taken_at": intake.taken_at.isoformat(),
        "lines": len(intake.lines),
        "decided": sum(line.state in DECIDED for line in intake.lines),
        "superseded_by": intake.superseded_by,
    }


def settled_json(done: Settlement) -> dict[str, Any]:
    """What a settlement came to, as one object."""
    return {
        "intake": done.intake_id,
        "recorded": done.recorded,
        "accepted": [
            {"key": planned.line.key, "kind": planned.line.kind.value,
             "record": planned.record_id, "action": planned.action.value}
            for planned in done.accepted
        ],
        "rejected": list(done.rejected),
        "open": list(done.open),
    }  # fmt: skip
