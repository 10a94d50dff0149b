"""What the pages of people, programmes and series show: frozen, like :mod:`kb.catalogue.views`."""

from dataclasses import dataclass
from datetime import date

from kb.catalogue.views import (
    CaseLink,
    DocumentView,
    EventView,
    PersonView,
    ProgrammeView,
    RoleView,
)

Lineages = tuple[tuple[CaseLink, ...], ...]
"""Chains of cases, each continuing the one before it; oldest first."""


@dataclass(frozen=True, slots=True)
class CareerStep:
    """One post of a person, with what they did in it."""

    title: str
    """中野区長."""
    first: date | None
    """The first day it is told of; None when no day is."""
    last: date | None
    roles: tuple[RoleView, ...]
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What a person's page shows."""

    person: PersonView
    career: tuple[CareerStep, ...]
    """Oldest first; posts without a day before those with one."""
    documents: tuple[DocumentView, ...]
    cases: tuple[CaseLink, ...]
    events: tuple[EventView, ...]
    """Newest first."""
    lineages: Lineages = ()
    """Of its cases that continue others or are continued: whole chains, oldest first."""


@dataclass(frozen=True, slots=True)
class CohortView:
    """The cases of a programme in one year."""

    year: int | None
    """None where a case names no cohort."""
    cases: tuple[CaseLink, ...]


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """What a programme's page shows."""

    programme: ProgrammeView
    cohorts: tuple[CohortView, ...]
    """Newest first; years without a recorded case too."""
    events: tuple[EventView, ...]
    """Where its cases were presented, newest first."""
    lineages: Lineages = ()


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series of events, of documents, or of both, as a list names it."""

    name: str
    events: int
    documents: int
    specimen: bool


@dataclass(frozen=True, slots=True)
class EditionView:
    """An event of a series with the cases presented there."""

    event: EventView
    cases: tuple[CaseLink, ...]


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """What the page of a series shows."""

    series: SeriesView
    editions: tuple[EditionView, ...]
    """Newest first."""
    documents: tuple[DocumentView, ...]
    """By number, newest first."""
