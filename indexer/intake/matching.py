"""Which record of the catalogue a line is.

Rules stand from the surest to the least sure; all lines of a kind are tried with one rule
before any is tried with the next, so that a record goes to the line that names it best.
What could be several records, or a record that two lines claim, is told and not guessed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.intake.draft import LineKind
from indexer.intake.likeness import ALIKE, key_of, likeness
from indexer.intake.matching_rules import DOUBTS, RULES, Values
from kb.catalogue.stored import Entry, Stored

_MARGIN = 0.2
"""By how much a title must be nearer than the next to be the one."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one line says, typed; a reference is another line's key or a record's identifier."""

    kind: LineKind
    key: str
    values: Values


@dataclass(frozen=True, slots=True)
class Match:
    """What a line was found to be."""

    record_id: str | None = None
    candidates: tuple[str, ...] = ()
    """Records it could be, where that is for a person to say."""


NEW = Match()


def records_of(stored: Stored, kind: LineKind) -> Mapping[str, Entry]:
    """The records that lines of one kind can be."""
    held: dict[LineKind, Mapping[str, Entry]] = {
        LineKind.PROGRAMME: stored.programmes,
        LineKind.EVENT: stored.events,
        LineKind.CASE: stored.cases,
        LineKind.PERSON: stored.people,
        LineKind.DOCUMENT: stored.documents,
        LineKind.ROLE: stored.roles,
    }
    return held[kind]


def match_all(
    lines: Sequence[Told], stored: Stored, chosen: Mapping[str, Match]
) -> dict[str, Match]:
    """What every line is, by key.

    Args:
        lines: of one draft.
        stored: the catalogue.
        chosen: what is settled already, by a person's word or an earlier acceptance.
    """
    found: dict[str, Match] = dict(chosen)
    for kind in LineKind:
        alike = [line for line in lines if line.kind is kind and line.key not in chosen]
        resolved = {line.key: _resolved(line.values, found) for line in alike}
        taken = {match.record_id for match in found.values() if match.record_id}
        free = {i: e for i, e in records_of(stored, kind).items() if i not in taken}
        found |= _matched(kind, resolved, free)
    return found


def _resolved(values: Values, found: Mapping[str, Match]) -> Values:
    """The values with identifiers for the keys of lines that are records already."""
    known = {k: m.record_id for k, m in found.items()}
    return {
        name: known[value] if isinstance(value, str) and value in known else value
        for name, value in values.items()
    }


def _matched(
    kind: LineKind, lines: Mapping[str, Values], records: Mapping[str, Entry]
) -> dict[str, Match]:
    found: dict[str, Match] = {}
    for rule in RULES[kind]:
        taken = {match.record_id for match in found.values()}
        free = {i: entry for i, entry in records.items() if i not in taken}
        open_lines = {key: values for key, values in lines.items() if key not in found}
        fitting = {
            key: _narrowed(values, {i: e for i, e in free.items() if rule(values, e)})
            for key, values in open_lines.items()
        }
        found |= _settled(fitting)
    doubt = DOUBTS.get(kind)
    for key, values in lines.items():
        if key not in found:
            maybe = tuple(i for i, e in records.items() if doubt and doubt(values, e))
            found[key] = Match(None, maybe)
    return found


def _settled(fitting: Mapping[str, Sequence[str]]) -> dict[str, Match]:
    claims = Counter(ids[0] for ids in fitting.values() if len(ids) == 1)
    return {
        key: Match(ids[0]) if len(ids) == 1 and claims[ids[0]] == 1 else Match(None, tuple(ids))
        for key, ids in fitting.items()
        if ids
    }


def _narrowed(values: Values, records: Mapping[str, Entry]) -> tuple[str, ...]:
    """Of several records that fit, the one that title or size tells, if they tell."""
    if len(records) < 2:
        return tuple(records)
    for name in ("title", "provisional_title", "declared_size"):
        wanted = key_of(_text(values.get(name)))
        same = [i for i, e in records.items() if wanted and wanted in _names(e, name)]
        if len(same) == 1:
            return (same[0],)
    title = _text(values.get("title"))
    near = sorted(
        ((likeness(title, getattr(e, "title", None)), i) for i, e in records.items()), reverse=True
    )
    (best, first), (second, _) = near[0], near[1]
    return (first,) if best >= ALIKE and best - second >= _MARGIN else tuple(records)


def _names(entry: Entry, name: str) -> set[str]:
    names: Iterable[str] = ("declared_size",)
    if name != "declared_size":
        names = ("title", "provisional_title")
    return {key_of(_text(getattr(entry, one, None))) for one in names}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
