"""The names the catalogue knows, ready for questions to be read against."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from kb.domain.gazetteer import Gazetteer
from kb.search.readers.synonyms import Synonyms


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event that a date or a title may mean."""

    id: str
    title: str
    held_on: date | None
    fiscal_year: int | None


@dataclass(frozen=True, slots=True)
class KnownName:
    """A person, programme or document series under one of its names."""

    kind: str
    """person, programme or document_series."""
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything a question is read against, at one moment of the catalogue."""

    gazetteer: Gazetteer
    synonyms: Synonyms
    key: Callable[[str], str]
    """The folding under which the names below were filed."""
    names: Mapping[str, tuple[KnownName, ...]] = field(default_factory=dict)
    events: tuple[KnownEvent, ...] = ()
    departments: frozenset[str] = frozenset()
    """Raw names of departments, folded."""
    place_names: tuple[str, ...] = ()
    """Present names of municipalities and prefectures, for those mistyped."""
    prefectures: frozenset[str] = frozenset()
    """Two-digit codes, those of invented prefectures included."""
    active_codes: frozenset[str] = frozenset()
    """Municipalities that have cases."""

    def events_on(self, day: date) -> tuple[KnownEvent, ...]:
        """Events held on one day."""
        return tuple(event for event in self.events if event.held_on == day)

    def named(self, text: str) -> tuple[KnownName, ...]:
        """What goes by exactly this name."""
        return self.names.get(self.key(text), ())


def filed(
    names: Iterable[tuple[str, KnownName]], key: Callable[[str], str]
) -> Mapping[str, tuple[KnownName, ...]]:
    """Names under their folded spelling."""
    found: dict[str, dict[KnownName, None]] = {}
    for spelling, name in names:
        found.setdefault(key(spelling), {})[name] = None
    return {spelling: tuple(known) for spelling, known in found.items()}
