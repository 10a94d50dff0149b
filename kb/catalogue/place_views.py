"""What the page of a municipality shows: frozen, like :mod:`kb.catalogue.views`."""

from dataclasses import dataclass
from datetime import date

from kb.catalogue.local_names.views import LocalNameView
from kb.catalogue.views import CaseLink, EventView, MunicipalityView, RoleView


@dataclass(frozen=True, slots=True)
class FormerNameView:
    """A name that nobody bears today, or a code."""

    name: str
    kana: str
    code: str
    """Six digits."""
    has_page: bool
    """The page under its code is its own, and not that of the code's bearer of today."""


@dataclass(frozen=True, slots=True)
class NameChange:
    """What happened to names on one day."""

    on: date
    kind: str
    """新設合併, 編入合併, 名称変更, 市制施行 ..."""
    before: tuple[FormerNameView, ...]
    """The names (or codes) that ended."""
    after: FormerNameView
    """What they became: the name of today, or one that has gone since."""


@dataclass(frozen=True, slots=True)
class CaseYear:
    """The cases practised in one fiscal year."""

    year: int | None
    """None where no practice year is recorded."""
    cases: tuple[CaseLink, ...]


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """A municipality and how many cases are filed under it."""

    municipality: MunicipalityView
    cases: int


@dataclass(frozen=True, slots=True)
class MunicipalityPage:
    """What a municipality's page shows; invented ones meet only invented ones on it."""

    municipality: MunicipalityView
    timeline: tuple[NameChange, ...] = ()
    """Oldest first."""
    local_names: tuple[LocalNameView, ...] = ()
    """What curators say that people call it, and what it is made of."""
    successors: tuple[MunicipalityView, ...] = ()
    """Of a body that is no more: those of today that stand in its place."""
    years: tuple[CaseYear, ...] = ()
    """Newest first, with those filed under a body that went up in it; under the code of a body
    that is no more, its own and those of its successors."""
    lineages: tuple[tuple[CaseLink, ...], ...] = ()
    """Cases that continue each other, oldest first."""
    events: tuple[EventView, ...] = ()
    """Where its cases were presented, newest first."""
    roles: tuple[RoleView, ...] = ()
    """Of the people who spoke for it, newest first."""
    documents: int = 0
    """Filed under it and belonging to no case."""
    prefecture: MunicipalityView | None = None
    """None for a prefecture itself."""
    parent: MunicipalityView | None = None
    """The designated city of a ward."""
    wards: tuple[PlaceCount, ...] = ()
    """Of a designated city: every one, in code order."""
    members: tuple[PlaceCount, ...] = ()
    """Of a prefecture: its municipalities and wards that have cases, in code order."""
    neighbours: tuple[PlaceCount, ...] = ()
    """Of the same class of size and with cases: nearest first, then those with most."""

    @property
    def cases(self) -> tuple[CaseLink, ...]:
        """Every case, newest practice year first."""
        return tuple(case for year in self.years for case in year.cases)

    @property
    def ends(self) -> tuple[NameChange, ...]:
        """How a body that is no more ended; several where it was split."""
        body = self.municipality
        return tuple(
            change
            for change in self.timeline
            if change.on == body.abolished_on
            and (body.code, body.name) in [(name.code, name.name) for name in change.before]
        )

    @property
    def ward_cases(self) -> int:
        """Cases filed under its wards; one of two wards counts twice."""
        return sum(ward.cases for ward in self.wards)
