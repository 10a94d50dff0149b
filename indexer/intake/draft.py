"""The currency of intake: what a page proposes, thing by thing, with the lines it rests on.

Values are plain (str, int, bool, None, list of these), named as the fields of
:mod:`kb.catalogue.entries`; dates are ISO. A reference to another line of the same draft is
that line's key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class LineKind(StrEnum):
    """What a draft line would become, in the order in which they are recorded."""

    PROGRAMME = "programme"
    EVENT = "event"
    CASE = "case"
    PERSON = "person"
    DOCUMENT = "document"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line of the page as it was read, verbatim."""

    number: int
    """From 1."""
    text: str
    links: tuple[tuple[str, str], ...] = ()
    """Words and address of every link in it, where the page is HTML."""
    heading: bool = False
    """The page itself marks it as a heading (HTML)."""
    footer: bool = False
    """It belongs to the page's footer (HTML)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words of the page that a value rests on."""

    line: int
    """Number of the line, from 1."""
    text: str
    """Verbatim, at most 120 characters."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One thing that the page tells of."""

    kind: LineKind
    key: str
    """The same for the same thing when the page is read again: ``event:2022-09-03``,
    ``case:131148:2021``, ``document:2021-08-07:message:福津市`` ..."""
    values: Mapping[str, Any]
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    """Field -> where it stands."""


class ContradictionKind(StrEnum):
    """In what a page says two things of one."""

    CAPACITY = "capacity"
    """定員 against those who came."""
    TITLE = "title"
    """A provisional title and a final one."""
    NAME = "name"
    """Two spellings of one name."""
    YEARS = "years"
    """The year something was done against the year it was told."""
    RELATIVE_YEAR = "relative_year"
    """昨年度 in blocks of different dates."""
    ATTENDANCE = "attendance"
    """Two numbers of people: on site, and in all."""
    STATE = "state"
    """Announced and reported, or announced and cancelled."""
    RIGHTS = "rights"
    """A wish that stands under some documents of the page and not under others."""
    DEPARTMENT = "department"
    """One department's name in two municipalities; a rank that is none."""
    SPELLING = "spelling"
    """取組, 取組み, 取り組み: kept as they stand."""
    TIME = "time"
    """Two times, fees or places for one event."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two things the page says of one, both kept, for a curator to see."""

    kind: ContradictionKind
    subject: str
    """Key of the draft line it is about; "" where it is about the page."""
    said: tuple[str, ...]
    """What it says, each as it stands: 定員30名, 40人."""
    explanation: str
    """One Japanese sentence for the curator: what was taken as what."""
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything one page proposes."""

    source: str
    """The page's address, or the file's name."""
    lines: tuple[DraftLine, ...]
    contradictions: tuple[Contradiction, ...]
    page: tuple[PageLine, ...]
    statements: tuple[Evidence, ...] = ()
    """What the page says on the use of itself (All Rights Reserved), of no document."""
    unread: int = 0
    """Lines at the end of a very long page that were not read."""
