"""Who may know of the cases and documents that a name stands in, and hence of the name."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import reduce
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.rights.permissions import known_to
from kb.catalogue.session import DAY
from kb.domain.offerable import EVERYBODY
from kb.domain.rights import Audience, Terms

Audiences = frozenset[Audience]

CURATORS: Audiences = frozenset({Audience.CURATOR})


class Source(NamedTuple):
    """A case or a document that a name stands in."""

    audiences: Audiences
    """Who may know of it."""
    specimen: bool


PUBLIC = Source(EVERYBODY, specimen=False)
HIDDEN = Source(frozenset(), specimen=True)
"""What stands in no case and no document, and what nobody may know of."""


def documents_known(session: Session) -> dict[str, Source]:
    """Who may know of each document, as :func:`kb.catalogue.rows.may_know` says of one."""
    row, day = m.DocumentRow, session.info[DAY]
    found: dict[str, Source] = {}
    # One object for all that are alike: a hundred thousand would be 20 MB.
    alike: dict[Source, Source] = {}
    for audience in Audience:
        wanted = select(row.id, row.specimen).where(*_may_know(audience, day))
        for id_, specimen in session.execute(wanted):
            before = found.get(id_, HIDDEN).audiences
            grown = Source(before | {audience}, specimen)
            found[id_] = alike.setdefault(grown, grown)
    return found


def _may_know(audience: Audience, day: date) -> tuple[ColumnElement[bool], ...]:
    held = (known_to(audience, day), m.DocumentRow.rights_terms != Terms.WITHDRAWN.value)
    return held if audience is Audience.CURATOR else (*held, m.DocumentRow.published.is_(True))


def together(held: Iterable[tuple[str, Source]]) -> Iterator[tuple[str, Source, int]]:
    """Names with what is known of them, and how many of their sources everybody may know.

    Whoever may know of one source may know the name; it is invented where every source is.
    """
    found: dict[str, list[Source]] = defaultdict(list)
    for name, source in held:
        found[name].append(source)
    for name, sources in found.items():
        audiences = reduce(frozenset.union, {source.audiences for source in sources})
        invented = all(source.specimen for source in sources)
        public = sum(source.audiences == EVERYBODY for source in sources)
        yield name, Source(audiences, invented), public


def tally(values: Iterable[str | None]) -> dict[str, int]:
    """How often each of them comes; None is not counted."""
    counts: dict[str, int] = defaultdict(int)
    for value in values:
        if value:
            counts[value] += 1
    return counts
