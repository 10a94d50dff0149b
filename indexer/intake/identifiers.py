"""Names for new records: readable, made of what the record is, and never taken by another."""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from indexer.exchange.identity import LONGEST_ID
from indexer.intake.draft import LineKind
from indexer.intake.likeness import key_of
from kb.domain.classification import DocumentKind
from kb.domain.fiscal_year import FiscalYear
from kb.domain.gazetteer import Gazetteer

_UNFIT = re.compile(r"[\s/\\?#%:;,&+\"'<>|\x00-\x1f\x7f]+")
_NOT_LATIN = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 40
"""Characters of a name that become part of an identifier."""
_KIND_WORDS = {DocumentKind.STEP_UP_SHEET: "stepup-sheet", DocumentKind.WEB_PAGE: "web"}

Values = Mapping[str, Any]


class Identifiers:
    """Makes identifiers that none of the given ones is, nor one made before."""

    def __init__(self, gazetteer: Gazetteer, taken: Collection[str]) -> None:
        self._gazetteer = gazetteer
        self._taken = set(taken)

    def make(self, kind: LineKind, values: Values) -> str:
        """An identifier for a new record with these values (typed, references as identifiers).

        Not for roles, which the catalogue numbers.
        """
        made: dict[LineKind, Callable[[Values], str]] = {
            LineKind.PROGRAMME: lambda values: f"prog-{_named(values['title'])}",
            LineKind.EVENT: _event,
            LineKind.CASE: self._case,
            LineKind.PERSON: lambda values: f"person-{_named(values['name'])}",
            LineKind.DOCUMENT: self._document,
        }
        wanted = made[kind](values)[: LONGEST_ID - 4]
        tries = (wanted, *(f"{wanted}-{number}" for number in range(2, len(self._taken) + 3)))
        found = next(name for name in tries if name not in self._taken)
        self._taken.add(found)
        return found

    def _case(self, values: Values) -> str:
        year = values.get("implemented_in") or values.get("presented_in")
        where = self._place(values) or _digest(values["title"])
        return f"case-{where}-{year}" if year else f"case-{where}-{_digest(values['title'])}"

    def _document(self, values: Values) -> str:
        kind = DocumentKind(values["kind"])
        parts = (
            str(values.get("presented_in") or ""),
            self._place(values),
            _KIND_WORDS.get(kind, kind.value),
            _latin(values.get("series_number") or "").removeprefix("no").strip("-"),
        )
        name = "-".join(part for part in parts if part)
        return f"doc-{name}" if parts[0] else f"doc-{name}-{_digest(values['title'])}"

    def _place(self, values: Values) -> str:
        """The first municipality's name in Latin letters, without its -shi, -ku or -cho."""
        codes = values.get("municipality_codes") or ("",)
        body = self._gazetteer.get(codes[0])
        return _latin(body.romaji.rpartition("-")[0] or body.romaji) if body else ""


def _event(values: Values) -> str:
    day = values.get("held_on")
    return f"ev-{day.isoformat()}" if day else f"ev-{_digest(values['title'])}"


def presented_in(held_on: Any) -> int | None:
    """The fiscal year of an event's day."""
    return FiscalYear.containing(held_on).year if held_on else None


def _named(name: str) -> str:
    """A name as it is written, folded: readings are not guessed."""
    return _UNFIT.sub("-", key_of(name)).strip("-.")[:_LONGEST_NAME] or _digest(name)


def _latin(text: str) -> str:
    return _NOT_LATIN.sub("-", key_of(text)).strip("-")


def _digest(text: str) -> str:
    return hashlib.blake2b(key_of(text).encode(), digest_size=4).hexdigest()
