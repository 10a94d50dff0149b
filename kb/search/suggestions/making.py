"""Making the table of everything that may be offered, here or in a process of its own."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import chain
from typing import Protocol

from kb.domain.offerable import Offerable
from kb.domain.place_names import Places
from kb.search.suggestions.phrases import recurring
from kb.search.suggestions.places import offerable_places
from kb.search.suggestions.table import SuggestionTable


class Bodies(Protocol):
    """Municipalities with their former and local names."""

    def day(self) -> date: ...  # noqa: D102 - the type says it
    def places(self) -> Places: ...  # noqa: D102


class Things(Protocol):
    """What may be offered, of the catalogue as it is now."""

    def things(self) -> tuple[Offerable, ...]: ...  # noqa: D102 - the type says it
    def places(self) -> tuple[Mapping[str, int], frozenset[str]]:
        """Municipality code -> published cases; codes of specimens."""
        ...

    def titles(self) -> int:
        """About how many things with a title there are: the work grows with them."""
        ...

    def elsewhere(self) -> "Opening":
        """How another process comes by the same."""
        ...


Opening = Callable[[], tuple[Things, Bodies]]
"""Opens the sources of a table; can be pickled."""


def made(things: Things, bodies: Bodies) -> SuggestionTable:
    """The table of the catalogue as it is now."""
    found = things.things()
    places = offerable_places(bodies.places(), *things.places())
    return SuggestionTable(chain(places, found, recurring(found)))
