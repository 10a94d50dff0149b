"""What stands for a field of a document, and on whose word.

A curator's decision stands before what was recorded with the file, and that before what the
machine proposes; a proposal stands only when it is sure. Whoever shows a value asks
:func:`shown`, which leaves out what an audience may not read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from kb.domain.classification import Classified, DepartmentFunction, DocumentKind, Theme
from kb.domain.rights import Audience, Rights, Terms, allowed

SURE = 0.9
"""From this confidence on a proposal stands until a curator says otherwise: of 253 proposals
at 0.9 or more, over labelled PDFs and our own sample, 251 were right."""

LIKELY = 0.6
"""From here on a proposal is likely: several such departments or themes are offered together."""

TIGHTENING = frozenset({"refusal", "confidential", "reserved"})
"""Rules whose statements ask for care; any other, such as an open licence, would loosen."""

Value = str | int
"""A code, a slug, a name or a text; a fiscal year is a number."""


class Field(Classified):
    """A field that the machine proposes and a curator settles."""

    MUNICIPALITY = "municipality", "自治体"
    IMPLEMENTED_IN = "implemented_in", "実践年度"
    PRESENTED_IN = "presented_in", "発表年度"
    KIND = "kind", "種類"
    TITLE = "title", "題名"
    THEMES = "themes", "テーマ"
    FUNCTIONS = "functions", "部門"
    DEPARTMENTS = "departments", "部署"
    SERIES = "series", "シリーズ"
    SERIES_NUMBER = "series_number", "号数"
    RIGHTS_STATEMENT = "rights_statement", "利用条件の記載"
    PEOPLE = "people", "人"
    """Shown only: people have records of their own."""


SEVERAL = frozenset(
    {Field.MUNICIPALITY, Field.THEMES, Field.FUNCTIONS, Field.DEPARTMENTS, Field.PEOPLE}
)
"""Fields of several values; every other has one."""

YEARS = frozenset({Field.IMPLEMENTED_IN, Field.PRESENTED_IN})

LISTS: Mapping[Field, type[Classified]] = MappingProxyType(
    {Field.KIND: DocumentKind, Field.THEMES: Theme, Field.FUNCTIONS: DepartmentFunction}
)
"""Fields whose values are members of closed lists, by their slugs."""

OF_A_CASE = frozenset({Field.THEMES, Field.FUNCTIONS})
"""What a case says for its documents: nothing is proposed of them one by one."""


class Basis(Classified):
    """On whose word a value stands."""

    DECIDED = "decided", "確定"
    RECORDED = "recorded", "記録"
    PROPOSED = "proposed", "自動判定"


@dataclass(frozen=True, slots=True)
class Ground:
    """Words that a proposal rests on."""

    page: int | None
    """From 1; None for the file's name, its metadata and the event."""
    source: str
    """page, file, metadata or event."""
    text: str
    """With what surrounds them."""
    words: str = ""
    """Alone; empty where they were not kept."""

    @property
    def where(self) -> str:
        """Where they stand, for readers."""
        if self.page is not None:
            return f"{self.page}ページ目"
        names = {"file": "ファイル名", "metadata": "ファイルの情報", "event": "開催記録"}
        return names.get(self.source, "")

    @property
    def quoted(self) -> "Ground":
        """The words without what surrounds them, where they are known."""
        return replace(self, text=self.words or self.text)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One value that the machine proposes."""

    value: Value
    confidence: float
    """0 to 1."""
    rule: str
    evidence: tuple[Ground, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a curator settled; no values: that there is none."""

    values: tuple[Value, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """What stands for one field."""

    field: Field
    values: tuple[Value, ...]
    """Empty where a curator settled that there is none."""
    basis: Basis
    confidence: float | None = None
    """Of the least sure value that the machine proposed too; None where it proposed none."""
    evidence: tuple[Ground, ...] = ()

    @property
    def value(self) -> Value | tuple[Value, ...] | None:
        """The values of a field that has several, else the one, else None."""
        if self.field in SEVERAL:
            return self.values
        return self.values[0] if self.values else None


@dataclass(frozen=True, slots=True)
class Settlement:
    """All fields of one document: what stands, what was proposed, what was decided."""

    standing: Mapping[Field, Settled] = field(default_factory=dict, hash=False)
    """In the order of :class:`Field`; fields of which nothing is known are left out."""
    proposals: Mapping[Field, tuple[Proposal, ...]] = field(default_factory=dict, hash=False)
    """All of them, surest first."""
    decisions: Mapping[Field, Decision] = field(default_factory=dict, hash=False)

    def values(self, field: Field) -> tuple[Value, ...]:
        """What stands for a field; empty for none and for nothing known."""
        standing = self.standing.get(field)
        return standing.values if standing else ()

    def text(self, field: Field) -> str | None:
        """The one text that stands for a field."""
        return next((str(value) for value in self.values(field)), None)

    def texts(self, field: Field) -> tuple[str, ...]:
        """The texts that stand for a field."""
        return tuple(str(value) for value in self.values(field))

    def year(self, field: Field) -> int | None:
        """The fiscal year that stands for a field."""
        return next((int(value) for value in self.values(field)), None)

    def sure(self) -> tuple[Field, ...]:
        """The fields that stand on a sure proposal alone, and that a curator can settle."""
        return tuple(
            name
            for name, standing in self.standing.items()
            if standing.basis is Basis.PROPOSED
            and name is not Field.PEOPLE
            and (standing.confidence or 0.0) >= SURE
        )

    def open_proposals(self) -> Mapping[Field, tuple[Proposal, ...]]:
        """What is proposed, does not stand and has not been decided on."""
        found = {
            name: tuple(p for p in proposals if p.value not in self.values(name))
            for name, proposals in self.proposals.items()
            if name not in self.decisions
        }
        return {name: proposals for name, proposals in found.items() if proposals}

    def offered(self, name: Field) -> tuple[Proposal, ...]:
        """What a curator is offered for a field for which nothing stands, surest first.

        The best proposal; of a field with several values all likely ones together.
        """
        proposals = self.open_proposals().get(name, ())
        together = name in SEVERAL and name is not Field.MUNICIPALITY
        likely = tuple(p for p in proposals if together and p.confidence >= LIKELY)
        return likely or proposals[:1]


UNSETTLED = Settlement()
"""Of a document of which nothing is known."""


def settle(
    recorded: Mapping[Field, Sequence[Value]],
    proposals: Mapping[Field, tuple[Proposal, ...]],
    decisions: Mapping[Field, Decision],
    terms: Terms = Terms.UNKNOWN,
) -> Settlement:
    """What stands for every field of one document.

    Args:
        recorded: what was given with the file; without values that were only filled in.
        proposals: as the recognisers made them.
        decisions: as curators made them.
        terms: of the document; they say whether a recognised statement on rights may stand.
    """
    standing = {}
    for name in Field:
        proposed = proposals.get(name, ())
        if name in decisions:
            found = _with_grounds(name, decisions[name].values, Basis.DECIDED, proposed)
        elif recorded.get(name):
            found = _with_grounds(name, tuple(recorded[name]), Basis.RECORDED, proposed)
        else:
            values = tuple(p.value for p in proposed if _stands(name, p, terms))
            if not values:
                continue
            values = values if name in SEVERAL else values[:1]
            found = _with_grounds(name, values, Basis.PROPOSED, proposed)
        standing[name] = found
    return Settlement(standing, proposals, decisions)


def _stands(name: Field, proposal: Proposal, terms: Terms) -> bool:
    if name is Field.TITLE:  # a document has to be called something
        return True
    if name is Field.RIGHTS_STATEMENT and (
        proposal.rule not in TIGHTENING or terms in (Terms.OPEN, Terms.WITHDRAWN)
    ):
        return False
    return proposal.confidence >= SURE


def _with_grounds(
    name: Field, values: tuple[Value, ...], basis: Basis, proposed: Iterable[Proposal]
) -> Settled:
    agreeing = [proposal for proposal in proposed if proposal.value in values]
    return Settled(
        name,
        values,
        basis,
        min((proposal.confidence for proposal in agreeing), default=None),
        tuple(dict.fromkeys(ground for p in agreeing for ground in p.evidence)),
    )


def proposals_from(recognised: Mapping[str, Any]) -> Mapping[Field, tuple[Proposal, ...]]:
    """The proposals in what the recognisers wrote; fields that are not settled are left out.

    Departments go by their names here, people by their roles and names.
    """
    found: dict[Field, tuple[Proposal, ...]] = {}
    for name in Field:
        written = recognised.get(name.value)
        listed = written if isinstance(written, list) else [written] if written else []
        each = [_proposal(one, value) for one in listed for value in _values(one)]
        distinct: dict[Value, Proposal] = {}
        for proposal in sorted(each, key=lambda p: -p.confidence):
            distinct.setdefault(proposal.value, proposal)
        if distinct:
            found[name] = tuple(distinct.values())
    return found


def _values(written: Mapping[str, Any]) -> tuple[Value, ...]:
    """The value of one proposal, and what belongs together with it."""
    return tuple(_plain(value) for value in (written["value"], *written.get("also", ())))


def _plain(value: Any) -> Value:
    if isinstance(value, Mapping):
        return " ".join(str(value[key]) for key in ("role", "name") if value.get(key))
    return value if isinstance(value, int) else str(value)


def _proposal(written: Mapping[str, Any], value: Value) -> Proposal:
    grounds = tuple(
        Ground(
            each.get("page"),
            str(each.get("source", "")),
            str(each.get("text", "")),
            str(each.get("words", "")),
        )
        for each in written.get("evidence", ())
    )
    return Proposal(value, float(written["confidence"]), str(written.get("rule", "")), grounds)


# --- showing -----------------------------------------------------------------------------


def shown(settlement: Settlement, rights: Rights, audience: Audience) -> Mapping[Field, Settled]:
    """What stands, as far as this audience may read it.

    Evidence and a recognised statement are words of the document: where its text may not be
    read they are shown as long as all of them together stay within the snippet. What the
    file is called and says of itself is shown where the file is.
    """
    may = allowed(rights, audience)
    if not may.metadata:
        return {}
    standings = dict(settlement.standing)
    left = None if may.page_text else may.snippet_characters
    if left is not None:
        length = quoted_length(standings)
        if length > left:
            del standings[Field.RIGHTS_STATEMENT]
        else:
            left -= length
    found: dict[Field, Settled] = {}
    for name, standing in standings.items():
        if standing.basis is not Basis.PROPOSED:
            found[name] = replace(standing, confidence=None, evidence=())
            continue
        grounds, left = _within(standing.evidence, left)
        found[name] = replace(standing, evidence=grounds)
    return found


def _within(grounds: tuple[Ground, ...], left: int | None) -> tuple[tuple[Ground, ...], int | None]:
    """The grounds that may be shown, and how many characters may follow; None is no limit."""
    quoted = tuple(dict.fromkeys(ground.quoted for ground in grounds))
    if left is None:
        return quoted, None
    kept = []
    for ground in quoted:
        if ground.source == "page" and len(ground.text) <= left:
            kept.append(ground)
            left -= len(ground.text)
    return tuple(kept), left


def quoted_length(told: Mapping[Field, Settled]) -> int:
    """The characters of the document's own text among values that are shown.

    A recognised statement stands in the text, and takes from what else may be quoted of it.
    """
    standing = told.get(Field.RIGHTS_STATEMENT)
    if standing is None or standing.basis is not Basis.PROPOSED:
        return 0
    return sum(len(str(value)) for value in standing.values)


def to_settle(
    settlement: Settlement, rights: Rights, audience: Audience
) -> Mapping[Field, tuple[Proposal, ...]]:
    """The proposals that wait for a curator; nobody else sees them."""
    if audience is not Audience.CURATOR or not allowed(rights, audience).page_text:
        return {}
    return settlement.open_proposals()
