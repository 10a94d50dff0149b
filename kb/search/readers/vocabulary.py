"""The names the catalogue knows, ready for questions to be read against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from kb.domain.gazetteer import Gazetteer
from kb.search.readers.synonyms import Synonyms
from kb.search.readers.things import Things


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event that a date or a title may mean."""

    id: str
    title: str
    held_on: date | None
    fiscal_year: int | None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything a question is read against, at one moment of the catalogue."""

    gazetteer: Gazetteer
    synonyms: Synonyms
    key: Callable[[str], str]
    """The folding under which names are filed and looked up."""
    events: tuple[KnownEvent, ...] = ()
    departments: frozenset[str] = frozenset()
    """Raw names of departments, folded."""
    place_names: tuple[str, ...] = ()
    """Present names of municipalities and prefectures, for those mistyped."""
    prefectures: frozenset[str] = frozenset()
    """Two-digit codes, those of invented prefectures included."""
    active_codes: frozenset[str] = frozenset()
    """Municipalities of today that have cases."""
    case_counts: Mapping[tuple[str, str], int] = field(default_factory=dict, hash=False)
    """(kind, identifier) of what may have an entity card -> how many cases it has."""

    things: Things = field(default_factory=Things)
    """People, programmes and series, for entity cards."""

    def events_on(self, day: date) -> tuple[KnownEvent, ...]:
        """Events held on one day."""
        return tuple(event for event in self.events if event.held_on == day)
