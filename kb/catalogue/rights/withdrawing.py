"""Takedown in the catalogue, and the way back: the command and the page call the same.

The catalogue comes first and is durable: from then on no reader is shown anything, since
every answer asks the rights. Kept page images go with it; the index follows by itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship
from kb.catalogue.rights.reading import RightsReader
from kb.catalogue.session import Database
from kb.catalogue.writing import CatalogueWriter, writing

Forget = Callable[[str], None]
"""Removes the kept page images of an original, by its sha256; OSError where one stays."""


@dataclass(frozen=True, slots=True)
class Named:
    """What is to be taken down, or put back."""

    documents: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    """With their documents."""
    events: tuple[str, ...] = ()
    """Their documents and those of their cases; the event itself stays."""


@dataclass(frozen=True, slots=True)
class TakenDown:
    """What has been taken down."""

    documents: tuple[str, ...]
    """Those that changed; others were down already."""
    images_left: tuple[str, ...] = ()
    """Originals whose kept page images could not all be removed; nobody is shown them."""


def take_down(
    database: Database, named: Named, authorship: Authorship, forget: Forget
) -> TakenDown:
    """Take documents down; nothing is done when one of the things named does not exist.

    Raises:
        UnknownReference: one does not exist.
    """
    with writing(database, authorship) as writer:
        documents = _taken_down(writer, database, named)
    # What went down by an earlier try is emptied too: the cache may not have been.
    return TakenDown(documents, _forgotten(database, (*named.documents, *documents), forget))


def put_back(database: Database, named: Named, authorship: Authorship) -> tuple[str, ...]:
    """Put back what was taken down, under the rights it had; those that are up again.

    Raises:
        UnknownReference: one does not exist, or was never taken down by anybody.
    """
    with writing(database, authorship) as writer:
        rights = writer.rights
        back = [document for document in named.documents if rights.restore(document)]
        for case in named.cases:
            back += rights.restore_case(case)
        for event in named.events:
            back += rights.restore_event(event)
    return tuple(dict.fromkeys(back))


def _taken_down(writer: CatalogueWriter, database: Database, named: Named) -> tuple[str, ...]:
    known = RightsReader(database)
    if unknown := [each for each in named.documents if known.record(each) is None]:
        raise UnknownReference(
            f"資料 {'、'.join(unknown)} は登録されていません。何も取り下げていません。"
        )
    down = [document for document in named.documents if writer.rights.withdraw(document)]
    for case in named.cases:
        down += writer.rights.withdraw_case(case)
    for event in named.events:
        down += writer.rights.withdraw_event(event)
    return tuple(dict.fromkeys(down))


def _forgotten(database: Database, documents: Iterable[str], forget: Forget) -> tuple[str, ...]:
    """Have the page images of documents removed; the originals of which some stayed."""
    left = []
    for sha256 in RightsReader(database).originals_of(documents):
        try:
            forget(sha256)
        except OSError:
            left.append(sha256)
    return tuple(left)
