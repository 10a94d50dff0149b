"""What pages show of an intake: its lines beside the catalogue, as the worker found them.

The worker makes a sheet and keeps it here; the web reads it and never compares anything itself.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from kb.catalogue.intake.tables import IntakeSheetRow
from kb.catalogue.session import Database


@dataclass(frozen=True, slots=True)
class Quote:
    """One line of the page, verbatim (at most 120 characters of it)."""

    line: int
    """From 1."""
    text: str


@dataclass(frozen=True, slots=True)
class SheetContradiction:
    """Two things the page says of one."""

    said: tuple[str, ...]
    explanation: str
    """What was taken as what: a sentence for the curator."""
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class SheetField:
    """One field of a line."""

    name: str
    label: str
    text: str
    """What the page says (or a curator said instead), for people; empty where it says nothing."""
    typed: str
    """The same as it stands in a box."""
    held: str | None
    """What the catalogue holds instead; None where the two do not differ."""
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line, what it is to the catalogue, and what is to be known to settle it."""

    number: int
    key: str
    kind: str
    kind_label: str
    title: str
    state: str
    state_label: str
    open: bool
    """Somebody still has to say something to it."""
    sure: bool
    """New, nothing about it is contradicted or lacking, and what it refers to is as sure."""
    version: str
    """Another as soon as anything that is shown here of the catalogue or of decisions changes."""
    record_id: str | None
    """What it is, or became."""
    candidates: tuple[tuple[str, str], ...]
    """Records it could be, each with its title."""
    fields: tuple[SheetField, ...]
    """Every field of its kind, also those of which the page says nothing."""
    contradictions: tuple[SheetContradiction, ...]
    unreadable: tuple[str, ...]
    """Labels of fields whose value the catalogue cannot hold."""
    rejected_in: str | None
    decided_by: str | None
    decided_at: str | None
    """ISO, UTC."""

    def field(self, name: str) -> SheetField | None:
        """The field of a name."""
        return next((each for each in self.fields if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """An intake as its page shows it."""

    lines: tuple[SheetLine, ...]
    contradictions: tuple[SheetContradiction, ...]
    """Those about the page as a whole."""
    statements: tuple[Quote, ...]
    """What the page says on the use of itself."""
    vanished: tuple[tuple[str, str, str, str | None], ...]
    """Kind, its label, title and record of each line that the page tells no more."""
    choices: Mapping[str, tuple[tuple[str, str], ...]]
    """``kind.field`` -> value and label of what can be chosen there."""

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class KeptSheet:
    """A sheet with what it was made from."""

    sheet: Sheet
    sequence: int
    """Of the catalogue it was compared with."""


def sheet_of(plain: Mapping[str, Any]) -> Sheet:
    """A sheet as :meth:`Sheet.plain` gave it."""
    return Sheet(
        lines=tuple(_line(each) for each in plain["lines"]),
        contradictions=_contradictions(plain["contradictions"]),
        statements=_quotes(plain["statements"]),
        vanished=tuple(tuple(each) for each in plain["vanished"]),
        choices={name: _pairs(pairs) for name, pairs in plain["choices"].items()},
    )


def _line(plain: Mapping[str, Any]) -> SheetLine:
    parts = {
        "candidates": _pairs(plain["candidates"]),
        "fields": tuple(
            SheetField(**{**each, "quotes": _quotes(each["quotes"])}) for each in plain["fields"]
        ),
        "contradictions": _contradictions(plain["contradictions"]),
        "unreadable": tuple(plain["unreadable"]),
    }
    return SheetLine(**{**plain, **parts})


def _contradictions(plain: list[Mapping[str, Any]]) -> tuple[SheetContradiction, ...]:
    return tuple(
        SheetContradiction(tuple(one["said"]), one["explanation"], _quotes(one["quotes"]))
        for one in plain
    )


def _quotes(plain: list[Mapping[str, Any]]) -> tuple[Quote, ...]:
    return tuple(Quote(**each) for each in plain)


def _pairs(plain: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((value, label) for value, label in plain)


class SheetStore:
    """Keeps the sheets of one catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sheet(self, intake_id: str) -> KeptSheet | None:
        """The sheet of an intake; None before it has been compared."""
        with self._database.reading() as session:
            row = session.get(IntakeSheetRow, intake_id)
            if row is None or row.sheet is None or row.sequence is None:
                return None
            return KeptSheet(sheet_of(row.sheet), row.sequence)

    def keep(self, intake_id: str, sheet: Sheet, sequence: int, seen_on: date) -> None:
        """Keep a sheet in the place of the one before, unless that is of a later catalogue.

        Args:
            intake_id: whose it is.
            sheet: what is to be shown.
            sequence: of the catalogue it was compared with.
            seen_on: kept with the first one of an intake that no page of ours has taken.
        """
        with self._database.writing() as session:
            row = session.get(IntakeSheetRow, intake_id, with_for_update=True)
            if row is None:
                row = IntakeSheetRow(intake_id=intake_id, seen_on=seen_on)
                session.add(row)
            if row.sequence is None or row.sequence <= sequence:
                row.sequence, row.sheet = sequence, sheet.plain()
