"""What a curator's word to an intake would record, worked out before anything is written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from indexer.exchange.lineage import returns_to_itself
from indexer.intake.draft import LineKind
from indexer.intake.entry_making import EntryMaker, Seen, with_event_year
from indexer.intake.fields import FIELDS, LABELS, BadValue, Field, plain
from indexer.intake.identifiers import Identifiers
from indexer.intake.line_values import is_plain, kept, label_of, named, unclear, values_of
from indexer.intake.matching import records_of
from indexer.intake.remedies import COMMAND, Remedies
from indexer.intake.review import LineState, Review, ReviewedLine
from kb.catalogue.entries import CaseEntry, EventEntry
from kb.catalogue.stored import Entry, Stored
from kb.domain.gazetteer import Gazetteer


class CannotSettle(ValueError):
    """A request that cannot be done as it is; its sentences say why and what to do."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(dict.fromkeys(sentences))
        super().__init__("\n".join(self.sentences))


class Action(StrEnum):
    """What accepting a line does to the catalogue."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"

    @property
    def label(self) -> str:
        """The Japanese name."""
        return {"new": "登録", "changed": "変更", "unchanged": "変更なし"}[self]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a curator says, by the keys of lines; fields are known and values typed."""

    accept: frozenset[str] = frozenset()
    reject: frozenset[str] = frozenset()
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Key -> field -> the value to record; None takes the value away."""
    keep: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Key -> fields to leave as they are held."""
    accept_sure: bool = False
    with_references: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """One accepted line and the entry that it becomes."""

    line: ReviewedLine
    record_id: str | None
    """None for a new role, which the catalogue numbers."""
    action: Action
    entry: Entry
    overrides: Mapping[str, Any]
    """Plain: fields settled otherwise than the page says."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a request would do, in the order of recording."""

    accepted: tuple[Planned, ...]
    rejected: tuple[str, ...]


class Planner:
    """Plans for one reviewed intake."""

    def __init__(
        self, seen: Review, stored: Stored, gazetteer: Gazetteer, remedies: Remedies = COMMAND
    ) -> None:
        self._seen = seen
        self._remedies = remedies
        self._stored = stored
        self._lines = {line.key: line for line in seen.lines}
        taken = {i for kind in LineKind for i in records_of(stored, kind)}
        self._identifiers = Identifiers(gazetteer, taken)
        where = Seen(label_of(seen), seen.intake.seen_on)
        self._maker = EntryMaker(gazetteer, where, remedies)
        self._entries: dict[str, Planned] = {}
        self._faults: list[str] = []
        self._wanted = Wanted()
        self._accepted: frozenset[str] = frozenset()

    def plan(self, wanted: Wanted) -> Plan:
        """What a request would do.

        Raises:
            CannotSettle: a line lacks something, or what it refers to is not recorded.
        """
        self._wanted, accept = wanted, set(wanted.accept)
        if wanted.accept_sure:
            accept |= self._sure(accept) - wanted.reject
        if wanted.with_references:
            accept |= self._referred(accept) - wanted.reject
        self._accepted = frozenset(accept)
        for line in self._in_order(accept):
            self._plan_line(line)
        self._refuse_circles()
        if self._faults:
            raise CannotSettle(self._faults)
        rejected = tuple(key for key in self._lines if key in wanted.reject)
        return Plan(tuple(self._entries.values()), rejected)

    # -- which lines ---------------------------------------------------------------------

    def sure(self) -> frozenset[str]:
        """The keys of new lines that nothing speaks against, and whose references are as sure."""
        return frozenset(self._sure(set()))

    def references(self, line: ReviewedLine) -> Iterator[tuple[Field, ReviewedLine]]:
        """The lines that a line refers to, each with the field that does."""
        values = {**line.told.values, **self._wanted.values.get(line.key, {})}
        for each in FIELDS[line.kind]:
            target = self._lines.get(str(values.get(each.name)))
            if each.refers is not None and target is not None:
                yield each, target

    def _sure(self, accepted: set[str]) -> set[str]:
        """New lines that nothing speaks against, and whose references are as sure or recorded."""
        sure = {line.key for line in self._seen.lines if is_plain(line)}
        while True:
            good = sure | accepted
            doubtful = {
                key
                for key in sure
                for _, target in self.references(self._lines[key])
                if target.match.record_id is None and target.key not in good
            }
            if not doubtful:
                return sure
            sure -= doubtful

    def _referred(self, keys: set[str]) -> set[str]:
        """What lines refer to, and what that refers to, as far as it waits to be recorded."""
        found: set[str] = set()
        waiting = list(keys)
        while waiting:
            for _, target in self.references(self._lines[waiting.pop()]):
                unsaid = target.match.record_id is None and target.state is not LineState.REJECTED
                if unsaid and target.key not in found | keys:
                    found.add(target.key)
                    waiting.append(target.key)
        return found

    def _in_order(self, keys: set[str]) -> Iterator[ReviewedLine]:
        """By kind, and a continued case before those that continue it."""
        done: set[str] = set()

        def visit(line: ReviewedLine) -> Iterator[ReviewedLine]:
            if line.key in done or line.key not in keys:
                return
            done.add(line.key)
            for each, target in self.references(line):
                if each.refers is line.kind:
                    yield from visit(target)
            yield line

        for kind in LineKind:
            for line in self._seen.lines:
                if line.kind is kind:
                    yield from visit(line)

    # -- one line ------------------------------------------------------------------------

    def _plan_line(self, line: ReviewedLine) -> None:
        said = self._wanted.values.get(line.key, {})
        keep = self._wanted.keep.get(line.key, frozenset())
        if fault := unclear(line, said, self._remedies):
            self._faults.append(f"{named(line)}: {fault}")
            return
        held = records_of(self._stored, line.kind).get(line.match.record_id or "")
        page = values_of(line, held)
        values = {name: value for name, value in page.items() if name not in keep} | dict(said)
        try:
            self._entries[line.key] = self._planned(line, held, self._resolved(line, values), {
                **line.settled,
                **{name: kept(line, held, name) for name in keep},
                **{name: plain(value) for name, value in said.items()},
            })  # fmt: skip
        except BadValue as bad:
            self._faults.append(f"{named(line)}: {bad}")

    def _planned(
        self,
        line: ReviewedLine,
        held: Entry | None,
        values: Mapping[str, Any],
        overrides: Mapping[str, Any],
    ) -> Planned:
        if held is not None:
            entry = self._maker.changed(line.kind, held, values)
            action = Action.UNCHANGED if entry == held else Action.CHANGED
            return Planned(line, line.match.record_id, action, entry, overrides)
        if line.kind in (LineKind.CASE, LineKind.DOCUMENT):
            values = with_event_year(values, self._day_of(values.get("event_id")))
        # Made once without a name, so that a line that lacks something takes none.
        self._maker.new(line.kind, "", values)
        record_id = None
        if line.kind is not LineKind.ROLE:
            record_id = self._identifiers.make(line.kind, values)
        entry = self._maker.new(line.kind, record_id or "", values)
        return Planned(line, record_id, Action.NEW, entry, overrides)

    def _day_of(self, event_id: str | None) -> Any:
        planned = (p.entry for p in self._entries.values() if p.record_id == event_id)
        event = next(planned, None) or self._stored.events.get(event_id or "")
        return event.held_on if isinstance(event, EventEntry) else None

    def _resolved(self, line: ReviewedLine, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values with identifiers of records instead of keys of lines.

        Raises:
            BadValue: a record is not there yet, or not at all.
        """
        resolved = dict(values)
        for each in FIELDS[line.kind]:
            if each.refers is not None and resolved.get(each.name) is not None:
                resolved[each.name] = self._record(each, resolved[each.name])
                if resolved[each.name] is None:
                    del resolved[each.name]
        return resolved

    def _record(self, each: Field, value: str) -> str | None:
        target, planned = self._lines.get(value), self._entries.get(value)
        if planned is not None:
            return planned.record_id
        if target is None:
            kind = each.refers or LineKind.EVENT
            if value in records_of(self._stored, kind):
                return value
            raise BadValue(
                f"{each.label}「{value}」は目録にもこのページにもありません。"
                f"登録済みの{LABELS[kind]}のIDか、行のキーを書いてください。"
            )
        if target.match.record_id is not None:
            return target.match.record_id
        if target.key in self._wanted.reject or target.state is LineState.REJECTED:
            return None
        if target.key in self._accepted:
            raise BadValue(
                f"{each.label}({named(target)})を受け入れられないか、たどると自分に戻ります。"
                "先にその行を直してください。"
            )
        raise BadValue(
            f"{each.label}({named(target)})がまだ登録されていません。"
            f"{self._remedies.accept.format(number=target.view.number)}"
        )

    def _refuse_circles(self) -> None:
        continues = {i: case.continues_id for i, case in self._stored.cases.items()}
        cases = [p for p in self._entries.values() if isinstance(p.entry, CaseEntry)]
        continues |= {p.entry.id: p.entry.continues_id for p in cases}  # type: ignore[union-attr]
        for planned in cases:
            if returns_to_itself(planned.record_id or "", continues):
                self._faults.append(
                    f"{named(planned.line)}: 前の事例をたどると自分に戻ります。"
                    f"{self._remedies.unchain}"
                )
