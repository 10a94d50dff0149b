"""The forms in which curators change what is recorded: frozen, no database behind them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from kb.domain.classification import Classified

NEW = "new"
"""The version of what is not recorded yet."""


class Kind(Classified):
    """What can be changed; the values are the subjects of SourceEvents."""

    CASE = "case", "事例"
    DOCUMENT = "document", "資料"
    EVENT = "event", "催し"
    PERSON = "person", "人"
    PROGRAMME = "programme", "事業"


class Sort(StrEnum):
    """How a box is filled in."""

    LINE = "line"
    LONG = "long"
    CHOICE = "choice"
    TICKS = "ticks"
    """Any of a list; what is ticked is typed with line ends between."""
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a form."""

    name: str
    label: str
    sort: Sort = Sort.LINE
    hint: str = ""
    choices: tuple[Choice, ...] = ()

    def told(self, typed: str) -> str:
        """What stands in it, in words: labels for what is chosen; empty for nothing."""
        if self.sort is Sort.TICK:
            return "はい" if typed else ""
        labels = {choice.value: choice.label for choice in self.choices}
        if self.sort is Sort.TICKS:
            return "、".join(labels.get(value, value) for value in typed.splitlines())
        return labels.get(typed, typed)


@dataclass(frozen=True, slots=True)
class EditRow:
    """Boxes that belong together, such as one person and what they did."""

    legend: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a form under a heading."""

    title: str
    boxes: tuple[Box, ...] = ()
    rows: tuple[EditRow, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class EditForm:
    """Everything that can be changed of one thing, as it is typed."""

    kind: Kind
    key: str | None
    """None: it is not recorded yet."""
    title: str
    version: str
    """Of what is recorded; the form hands it back."""
    sections: tuple[Section, ...]
    values: Mapping[str, str]
    """Name of a box -> what stands in it."""

    def boxes(self) -> Iterator[Box]:
        """Every box, from top to bottom."""
        for section in self.sections:
            yield from section.boxes
            for row in section.rows:
                yield from row.boxes

    def typed(self, values: Mapping[str, str], version: str = "") -> "EditForm":
        """The same form with what was typed in it; of the version it was typed over, or of its."""
        return replace(self, values={**self.values, **values}, version=version or self.version)


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One thing in a list of what can be changed."""

    kind: Kind
    key: str
    title: str
    note: str
    """What tells it from others of its name: a date, a reading, years."""


class BadEdit(ValueError):
    """Some boxes cannot be understood; nothing has been written."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        """`errors`: name of a box -> what is wrong with it and what to do."""
        super().__init__("、".join(errors.values()))
        self.errors = errors
