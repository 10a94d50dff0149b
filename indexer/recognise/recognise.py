"""Everything a document tells about itself: one call, one proposal list per field."""

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from enum import Enum
from typing import Any

from indexer.recognise.departments import (
    Department,
    recognise_departments,
    recognise_functions,
)
from indexer.recognise.evidence import Evidence, Recognised
from indexer.recognise.fiscal_year import recognise_implemented, recognise_presented
from indexer.recognise.kind import recognise_kind
from indexer.recognise.municipality import recognise_municipality
from indexer.recognise.people import Person, recognise_people
from indexer.recognise.reading import Reading
from indexer.recognise.rights_statement import recognise_rights_statement
from indexer.recognise.series import recognise_series
from indexer.recognise.source import EventContext, Source
from indexer.recognise.themes import recognise_themes
from indexer.recognise.title import recognise_provisional_title, recognise_title
from kb.domain.gazetteer import Gazetteer

__all__ = [
    "Department", "EventContext", "Evidence", "Person", "Recognised", "Recognisers", "Source",
    "as_json",
]  # fmt: skip

Found = Mapping[str, tuple[Recognised[Any], ...]]

FIELDS = (
    "municipality", "implemented_in", "presented_in", "kind", "title", "provisional_title",
    "departments", "functions", "themes", "people", "series", "series_number",
    "rights_statement",
)  # fmt: skip
SEVERAL = frozenset({"departments", "functions", "themes", "people"})
"""Fields that hold several values at once; of the others the first proposal is the one."""


class Recognisers:
    """All recognisers over one gazetteer; without state, so safe in several threads."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def recognise(self, source: Source) -> Found:
        """The proposals for every field, best first; empty where nothing deserves to be shown."""
        reading = Reading(source, self._gazetteer)
        departments = recognise_departments(reading)
        series, number = recognise_series(reading)
        return {
            "municipality": recognise_municipality(reading),
            "implemented_in": recognise_implemented(reading),
            "presented_in": recognise_presented(reading),
            "kind": recognise_kind(reading),
            "title": recognise_title(reading),
            "provisional_title": recognise_provisional_title(reading),
            "departments": departments,
            "functions": recognise_functions(departments),
            "themes": recognise_themes(reading),
            "people": recognise_people(reading),
            "series": series,
            "series_number": number,
            "rights_statement": recognise_rights_statement(reading),
        }


def as_json(found: Found) -> dict[str, Any]:
    """What `kb ingest --json` prints as `recognised`: fields without a proposal are left out.

    A field of one value gives its first proposal, with `also` naming the other values where
    several belong together (municipalities that are joint authors); a field that holds several
    gives the list.
    """
    made: dict[str, Any] = {}
    for name, proposals in found.items():
        if not proposals:
            continue
        if name in SEVERAL:
            made[name] = [_one(proposal) for proposal in proposals]
            continue
        made[name] = _one(proposals[0])
        if name == "municipality" and len(proposals) > 1:
            made[name]["also"] = [_plain(proposal.value) for proposal in proposals[1:]]
    return made


def _one(proposal: Recognised[Any]) -> dict[str, Any]:
    return {
        "value": _plain(proposal.value),
        "confidence": round(proposal.confidence, 3),
        "rule": proposal.rule,
        "evidence": [asdict(evidence) for evidence in proposal.evidence],
    }


def _plain(value: Any) -> Any:
    """A value as JSON has it: slugs for members of closed lists, objects for records."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {key: _plain(part) for key, part in asdict(value).items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value
