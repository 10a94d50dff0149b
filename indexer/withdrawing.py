"""Takedown in one step: catalogue, kept page images and index; and the way back.

The catalogue comes first and is durable: from then on no reader is shown anything, since
every answer asks the rights. What follows tidies up, and can be done again.
"""

from dataclasses import dataclass

from indexer.installation import Installation
from indexer.reindex import SyncReport
from kb.catalogue.changes import UnknownReference
from kb.catalogue.entries import Authorship
from kb.catalogue.rights_reading import RightsReader
from kb.catalogue.writing import CatalogueWriter, writing
from kb.pdfium.page_images import forget_kept
from kb.search.engine import IndexLocked


@dataclass(frozen=True, slots=True)
class Named:
    """What is to be taken down, or put back."""

    documents: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    """With their documents."""
    events: tuple[str, ...] = ()
    """Their documents and those of their cases; the event itself stays."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What has been done, and how far index and cache have followed."""

    documents: tuple[str, ...]
    """Those that changed; others were as wanted already."""
    synced: SyncReport | None = None
    locked: str | None = None
    """Why the index was left to another process."""
    images_left: tuple[str, ...] = ()
    """Originals whose kept page images could not all be removed; nobody is shown them."""


def withdraw(installation: Installation, named: Named, authorship: Authorship) -> Followed:
    """Take documents down; nothing is done when one of the things named does not exist.

    Raises:
        UnknownReference: one does not exist.
        SearchUnavailable: the index cannot be written; all else is done.
    """
    with writing(installation.database, authorship) as writer:
        documents = _taken_down(writer, installation, named)
    # What went down by an earlier try is emptied too: the cache may not have been.
    left = _forget_images(installation, (*named.documents, *documents))
    synced, locked = follow(installation)
    return Followed(documents, synced, locked, left)


def restore(installation: Installation, named: Named, authorship: Authorship) -> Followed:
    """Put back what was taken down, under the rights it had.

    Raises:
        UnknownReference: one does not exist, or was never taken down by anybody.
        SearchUnavailable: the index cannot be written; all else is done.
    """
    with writing(installation.database, authorship) as writer:
        rights = writer.rights
        back = [document for document in named.documents if rights.restore(document)]
        for case in named.cases:
            back += rights.restore_case(case)
        for event in named.events:
            back += rights.restore_event(event)
    synced, locked = follow(installation)
    return Followed(tuple(dict.fromkeys(back)), synced, locked)


def follow(installation: Installation) -> tuple[SyncReport | None, str | None]:
    """Bring the index up to what has changed, or say why another process will."""
    try:
        return installation.up_to_date(), None
    except IndexLocked as reason:
        return None, str(reason)


def _taken_down(
    writer: CatalogueWriter, installation: Installation, named: Named
) -> tuple[str, ...]:
    known = RightsReader(installation.database)
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


def _forget_images(installation: Installation, documents: tuple[str, ...]) -> tuple[str, ...]:
    left = []
    for sha256 in RightsReader(installation.database).originals_of(documents):
        try:
            forget_kept(installation.data_dir, sha256)
        except OSError:
            left.append(sha256)
    return tuple(left)
