"""An intake beside the catalogue as it is now: what each line is, and what it would change."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from indexer.intake.comparison import OPEN_REFERENCE, Difference, differences, with_spellings
from indexer.intake.draft import LineKind
from indexer.intake.fields import FIELDS, told
from indexer.intake.matching import NEW, Match, Told, match_all, records_of
from indexer.intake.matching_rules import FILE_ADDRESSES
from kb.catalogue.intake.records import DECIDED, IntakeLineView, IntakeView
from kb.catalogue.stored import Stored


class LineState(StrEnum):
    """What a line is to the catalogue, or what a curator said to it."""

    NEW = "new"
    SAME = "same"
    DIFFERS = "differs"
    AMBIGUOUS = "ambiguous"
    ACCEPTED = "accepted"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        """The Japanese name."""
        return {
            "new": "新規", "same": "登録済み", "differs": "違いあり", "ambiguous": "要選択",
            "accepted": "受け入れ済み", "rejected": "却下済み",
        }[self]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReviewedLine:
    """One line with what it was compared to."""

    view: IntakeLineView
    told: Told
    state: LineState
    match: Match
    differences: tuple[Difference, ...] = ()
    settled: Mapping[str, Any] = field(default_factory=dict)
    """Fields that a curator settled before otherwise than the page says, and as what."""
    unreadable: tuple[str, ...] = ()
    """Labels of fields whose value the catalogue cannot hold."""
    contradictions: tuple[Mapping[str, Any], ...] = ()
    rejected_in: str | None = None
    """The earlier intake in which a curator rejected it."""
    accepted_before: bool = False
    """In an earlier reading of the page."""

    @property
    def kind(self) -> LineKind:
        """What it would become."""
        return self.told.kind

    @property
    def key(self) -> str:
        """Its key in the draft."""
        return self.view.key

    @property
    def state_to_keep(self) -> LineState:
        """As it is stored when nobody has said anything to this line yet."""
        if self.state is not LineState.REJECTED or self.view.state in DECIDED:
            return self.state
        return LineState.NEW if self.match.record_id is None else LineState.DIFFERS

    @property
    def is_settled(self) -> bool:
        """Whether somebody has had a word on it, and the page has said nothing new since."""
        known = self.accepted_before and self.state is LineState.SAME
        return known or self.state in (LineState.ACCEPTED, LineState.REJECTED)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to say something to it."""
        return self.state in (LineState.NEW, LineState.DIFFERS, LineState.AMBIGUOUS)


@dataclass(frozen=True, slots=True)
class Review:
    """An intake compared with the catalogue."""

    intake: IntakeView
    lines: tuple[ReviewedLine, ...]
    contradictions: tuple[Mapping[str, Any], ...]
    """Those about the page as a whole, or about a line that is not there."""
    vanished: tuple[IntakeLineView, ...]
    """Lines of the reading before that the page tells no more."""
    sequence: int
    """Of the catalogue it was compared with."""

    def line(self, key: str) -> ReviewedLine | None:
        """The line of a key or of a number."""
        return next((x for x in self.lines if key in (x.key, str(x.view.number))), None)


def review(
    intake: IntakeView,
    earlier: Sequence[IntakeView],
    stored: Stored,
    chosen: Mapping[str, Match] | None = None,
) -> Review:
    """Compare an intake with the catalogue.

    Args:
        intake: the one to compare.
        earlier: every intake taken before it, newest first.
        stored: the catalogue.
        chosen: what a curator says now that a line is.
    """
    lines = [_told(intake, line) for line in intake.lines]
    before = _Before(intake, earlier)
    matches = match_all(lines, stored, _known(intake, before, stored) | dict(chosen or {}))
    keys = {line.key for line in intake.lines}
    reviewed = tuple(
        _reviewed(view, line, matches, stored, before, _about(intake, view.key))
        for view, line in zip(intake.lines, lines, strict=True)
    )
    stray = tuple(c for c in intake.contradictions if c["subject"] not in keys)
    return Review(intake, reviewed, stray, before.vanished(matches), stored.sequence)


def _about(intake: IntakeView, key: str) -> tuple[Mapping[str, Any], ...]:
    return tuple(c for c in intake.contradictions if c["subject"] == key)


def is_address(source: str) -> bool:
    """Whether a source is an address, and not a file's name."""
    return source.startswith(("http://", "https://"))


def _told(intake: IntakeView, view: IntakeLineView) -> Told:
    kind = LineKind(view.kind)
    values, _ = told(kind, view.values)
    if kind in (LineKind.EVENT, LineKind.DOCUMENT):
        named = (a for a in values.get("sources", ()) if is_address(a))
        page = (intake.source,) if is_address(intake.source) else ()
        values["sources"] = tuple(dict.fromkeys((*named, *page)))
    if kind is LineKind.DOCUMENT:
        shared = _shared_addresses(intake)
        values[FILE_ADDRESSES] = tuple(a for a in values["sources"] if a not in shared)
    return Told(kind, view.key, {name: value for name, value in values.items() if value})


def _shared_addresses(intake: IntakeView) -> set[str]:
    """Addresses that stand for no one document: the page's own, and those of several lines."""
    named = Counter(a for line in intake.lines for a in set(line.values.get("sources") or ()))
    return {intake.source, *(address for address, lines in named.items() if lines > 1)}


class _Before:
    """What earlier intakes say to the lines of one."""

    def __init__(self, intake: IntakeView, earlier: Sequence[IntakeView]) -> None:
        self._intake = intake
        self._readings = [one for one in earlier if one.source == intake.source]
        self._said: dict[str, IntakeLineView] = {}
        self._rejected: dict[str, list[tuple[str, IntakeLineView]]] = {}
        for one in reversed(earlier):
            for line in one.lines:
                if line.state == LineState.REJECTED:
                    self._rejected.setdefault(line.key, []).append((one.id, line))
        for one in reversed(self._readings):
            self._said.update({x.key: x for x in one.lines if x.state in DECIDED})

    def accepted(self, key: str) -> IntakeLineView | None:
        """The line of that key, where its last word in a reading of this page was yes."""
        line = self._said.get(key)
        return line if line is not None and line.state == LineState.ACCEPTED else None

    def rejected_in(self, view: IntakeLineView) -> str | None:
        """The intake in which just this was rejected, unless it has been accepted since."""
        if self.accepted(view.key):
            return None
        same = [i for i, line in self._rejected.get(view.key, ()) if _says_the_same(line, view)]
        return same[-1] if same else None

    def settled(self, view: IntakeLineView) -> dict[str, Any]:
        """Fields in which a curator preferred another value to what the page still says."""
        line = self.accepted(view.key)
        if line is None:
            return {}
        unchanged = (n for n in line.overrides if line.values.get(n) == view.values.get(n))
        return {name: line.overrides[name] for name in unchanged}

    def vanished(self, matches: Mapping[str, Match]) -> tuple[IntakeLineView, ...]:
        """Lines of the last reading that this one lacks, and that no line of it has become."""
        if not self._readings:
            return ()
        here = {match.record_id for match in matches.values()} - {None}
        return tuple(
            line
            for line in self._readings[0].lines
            if line.key not in matches
            and line.state != LineState.REJECTED
            and line.record_id not in here
        )


def _says_the_same(one: IntakeLineView, other: IntakeLineView) -> bool:
    names = (one.values.keys() | other.values.keys()) - {"sources"}
    return all(one.values.get(name) == other.values.get(name) for name in names)


def _known(intake: IntakeView, before: _Before, stored: Stored) -> dict[str, Match]:
    """Lines of which an acceptance, here or in an earlier reading, says what they are."""
    known: dict[str, Match] = {}
    for view in intake.lines:
        line = view if view.state == LineState.ACCEPTED else before.accepted(view.key)
        held = records_of(stored, LineKind(view.kind))
        if line is not None and line.record_id in held:
            known[view.key] = Match(line.record_id)
    return known


def _reviewed(
    view: IntakeLineView,
    line: Told,
    matches: Mapping[str, Match],
    stored: Stored,
    before: _Before,
    contradictions: tuple[Mapping[str, Any], ...],
) -> ReviewedLine:
    match = matches[line.key]
    settled = dict(view.overrides) or before.settled(view)
    held = records_of(stored, line.kind).get(match.record_id or "")
    unlike: Iterable[Difference] = ()
    if held is not None:
        values = with_spellings(line.kind, line.values, held)
        unlike = differences(Told(line.kind, line.key, values), held, _resolver(matches))
    left = tuple(each for each in unlike if each.field not in settled)
    rejected_in = before.rejected_in(view) if view.state not in DECIDED else None
    _, unreadable = told(line.kind, view.values)
    return ReviewedLine(
        view=view,
        told=line,
        state=_state(view, match, left, rejected_in),
        match=match,
        differences=left,
        settled=settled,
        unreadable=unreadable,
        contradictions=contradictions,
        rejected_in=rejected_in,
        accepted_before=before.accepted(view.key) is not None,
    )


def _resolver(matches: Mapping[str, Match]) -> Any:
    def resolve(value: str) -> str | object:
        match = matches.get(value, NEW)
        return OPEN_REFERENCE if match.candidates else match.record_id or value

    return resolve


def _state(
    view: IntakeLineView,
    match: Match,
    unlike: Sequence[Difference],
    rejected_in: str | None,
) -> LineState:
    if view.state in DECIDED:
        return LineState(view.state)
    if match.record_id is not None and not unlike:
        return LineState.SAME
    if rejected_in is not None:
        return LineState.REJECTED
    if match.candidates:
        return LineState.AMBIGUOUS
    return LineState.NEW if match.record_id is None else LineState.DIFFERS


def title_of(view: IntakeLineView) -> str:
    """What a person calls a line."""
    values = view.values
    name = values.get("title") or values.get("name") or values.get("provisional_title")
    said = " ".join(str(word) for word in (name, values.get("part")) if word)
    return said or view.key


def labels(kind: LineKind) -> dict[str, str]:
    """The Japanese names of the fields of a kind."""
    return {field.name: field.label for field in FIELDS[kind]}
