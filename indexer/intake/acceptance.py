"""Accepting and rejecting lines of an intake: planned as a whole, recorded in one transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.exchange.importing import CatalogueMoved
from indexer.exchange.places import Places
from indexer.intake.desk import IntakeDesk
from indexer.intake.draft import LineKind
from indexer.intake.fields import LABELS, BadValue, field_of, written
from indexer.intake.matching import NEW, Match, records_of
from indexer.intake.planning import CannotSettle, Plan, Planned, Planner, Wanted
from indexer.intake.remedies import COMMAND, Remedies
from indexer.intake.review import LineState, Review
from indexer.intake.versions import changed_since
from kb.catalogue.entries import (
    Authorship,
    CaseEntry,
    DocumentEntry,
    EventEntry,
    PersonEntry,
    ProgrammeEntry,
    RoleEntry,
)
from kb.catalogue.intake.records import IntakeLineView, IntakeView, LineDecision
from kb.catalogue.reading import CatalogueReader
from kb.catalogue.stored import Stored, StoredReader
from kb.catalogue.writing import CatalogueWriter, writing

NEW_RECORD = "new"
"""What a person writes for a record when a line is none of those that are held."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a curator says to an intake, as written. Keys may be numbers of lines."""

    accept: Sequence[str] = ()
    reject: Sequence[str] = ()
    values: Sequence[tuple[str, str, str]] = ()
    """Key, field and value to record instead of what the page says; the line is accepted."""
    keep: Sequence[tuple[str, str]] = ()
    """Key and a field to leave as the catalogue has it; the line is accepted."""
    records: Sequence[tuple[str, str]] = ()
    """Key and the record that the line is, or ``new``; the line is accepted."""
    accept_sure: bool = False
    """Every new line without contradiction, ambiguity or reference to one that is not sure."""
    with_references: bool = False
    """Accept too what an accepted line refers to."""
    dry_run: bool = False
    versions: Mapping[str, str] = field(default_factory=dict)
    """Key -> the version of the line that the curator has seen."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a request."""

    intake_id: str
    accepted: tuple[Planned, ...]
    rejected: tuple[str, ...]
    """Keys."""
    open: tuple[str, ...]
    """Keys that still wait for a word."""
    recorded: bool
    """Not for a dry run."""


def _nothing_more(_writer: CatalogueWriter, _plan: Plan) -> None:
    """What the command adds to the transaction of a settlement."""


def settle(
    desk: IntakeDesk,
    intake_id: str,
    request: Request,
    authorship: Authorship,
    remedies: Remedies = COMMAND,
    then: Callable[[CatalogueWriter, Plan], None] = _nothing_more,
) -> Settlement:
    """Do what a curator says: all of it or nothing.

    Args:
        desk: of the catalogue.
        intake_id: which intake.
        request: what the curator says.
        authorship: who, and why.
        remedies: how refusals say what to do.
        then: is done in the transaction of the records.

    Raises:
        ChangedSince: a line is no longer what the curator has seen.
        CannotSettle: something in it cannot be done; every sentence says what to do.
        CatalogueMoved: another process wrote at the same time; nothing was recorded.
        UnknownReference: there is no such intake.
    """
    intake = desk.intake(intake_id)
    stored = StoredReader(desk.database).stored()
    if request.versions:
        changed_since(desk.reviewed(intake, stored), request.versions)
    asked = _Asked(intake, stored, Places(desk.gazetteer))
    wanted, chosen = asked.wanted(request), asked.chosen(request)
    asked.refuse_faults()
    seen = desk.reviewed(intake, stored, chosen)
    plan = Planner(seen, stored, desk.gazetteer, remedies).plan(wanted)
    if not request.dry_run and (plan.accepted or plan.rejected):
        _record(desk, seen, plan, authorship, then)
    said = {planned.line.key for planned in plan.accepted} | set(plan.rejected)
    still = tuple(line.key for line in seen.lines if line.is_open and line.key not in said)
    return Settlement(intake_id, plan.accepted, plan.rejected, still, not request.dry_run)


class _Asked:
    """Reads a request against one intake, and gathers what cannot be read."""

    def __init__(self, intake: IntakeView, stored: Stored, places: Places) -> None:
        self._stored = stored
        self._places = places
        self._intake = intake
        self._lines = {line.key: line for line in intake.lines}
        self._numbers = {str(line.number): line for line in intake.lines}
        self._faults: list[str] = []

    def wanted(self, request: Request) -> Wanted:
        """The request by key, with known fields and typed values."""
        reject = self._keys(request.reject)
        implied = (key for key, *_ in (*request.values, *request.keep, *request.records))
        accept = self._keys((*request.accept, *implied))
        for key in sorted(accept & reject):
            self._faults.append(f"「{key}」は受け入れと却下の両方に書かれています。")
        return Wanted(
            accept=accept,
            reject=reject,
            values=self._values(request.values),
            keep=self._kept(request.keep),
            accept_sure=request.accept_sure,
            with_references=request.with_references,
        )

    def chosen(self, request: Request) -> dict[str, Match]:
        """What the curator says that lines are."""
        found: dict[str, Match] = {}
        for key, record_id in request.records:
            line = self._line(key)
            if line is None:
                continue
            kind = LineKind(line.kind)
            if record_id == NEW_RECORD:
                found[line.key] = NEW
            elif record_id in records_of(self._stored, kind):
                found[line.key] = Match(record_id)
            else:
                self._faults.append(
                    f"{LABELS[kind]} {record_id} は目録にありません。IDを確かめるか、"
                    f"新しいものなら {NEW_RECORD} と書いてください。"
                )
        return found

    def refuse_faults(self) -> None:
        """Raise CannotSettle where something could not be read."""
        if self._faults:
            raise CannotSettle(self._faults)

    def _line(self, key: str) -> IntakeLineView | None:
        line = self._lines.get(key) or self._numbers.get(key)
        if line is None:
            show = f"kb intake --show {self._intake.id}"
            self._faults.append(
                f"「{key}」という行はありません。{show} で番号かキーを確かめてください。"
            )
        return line

    def _keys(self, keys: Iterable[str]) -> frozenset[str]:
        return frozenset(line.key for key in keys if (line := self._line(key)) is not None)

    def _values(self, said: Sequence[tuple[str, str, str]]) -> Mapping[str, dict[str, object]]:
        values: dict[str, dict[str, object]] = {}
        for key, name, text in said:
            line = self._line(key)
            if line is None:
                continue
            try:
                field = field_of(LineKind(line.kind), name)
                plain = written(field, text, self._places)
                typed = None if plain is None else field.typed(plain)
            except BadValue as bad:
                self._faults.append(f"{line.number} {line.key}: {bad}")
                continue
            values.setdefault(line.key, {})[field.name] = typed
        return values

    def _kept(self, said: Sequence[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
        kept: dict[str, frozenset[str]] = {}
        for key, name in said:
            line = self._line(key)
            if line is None:
                continue
            try:
                field = field_of(LineKind(line.kind), name)
            except BadValue as bad:
                self._faults.append(f"{line.number} {line.key}: {bad}")
                continue
            kept[line.key] = kept.get(line.key, frozenset()) | {field.name}
        return kept


def _record(
    desk: IntakeDesk,
    seen: Review,
    plan: Plan,
    authorship: Authorship,
    then: Callable[[CatalogueWriter, Plan], None],
) -> None:
    with writing(desk.database, authorship) as writer:
        for planned in plan.accepted:
            _write(writer, planned)
        writer.intakes.decide(seen.intake.id, _decisions(seen, plan))
        then(writer, plan)
        # What has been written here is not yet seen by others, nor counted here.
        if CatalogueReader(desk.database).sequence() != seen.sequence:
            raise CatalogueMoved(
                "受け入れのあいだに、ほかの処理が目録を書き換えました。もう一度実行してください。"
            )


def _decisions(seen: Review, plan: Plan) -> list[LineDecision]:
    lines = {line.key: line for line in seen.lines}
    accepted = [
        LineDecision(p.line.key, LineState.ACCEPTED.value, p.record_id, p.overrides)
        for p in plan.accepted
    ]
    rejected = [
        LineDecision(key, LineState.REJECTED.value, lines[key].match.record_id)
        for key in plan.rejected
    ]
    return accepted + rejected


def _write(writer: CatalogueWriter, planned: Planned) -> None:
    match planned.entry:
        case ProgrammeEntry():
            writer.record_programme(planned.entry)
        case EventEntry():
            writer.record_event(planned.entry)
        case CaseEntry():
            writer.record_case(planned.entry)
        case PersonEntry():
            writer.record_person(planned.entry)
        case DocumentEntry():
            writer.record_document(planned.entry)
        case RoleEntry() if planned.record_id is None:
            writer.record_role(planned.entry)
        case RoleEntry():
            writer.change_role(int(planned.record_id), planned.entry)
