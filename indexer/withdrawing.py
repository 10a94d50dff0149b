"""Takedown in one step: catalogue, kept page images and index; and the way back.

What is done in the catalogue is :mod:`kb.catalogue.rights.withdrawing`'s; what follows tidies
up, and can be done again.
"""

from dataclasses import dataclass
from functools import partial

from indexer.installation import Installation
from indexer.reindex import SyncReport
from kb.catalogue.entries import Authorship
from kb.catalogue.rights.withdrawing import Named, put_back, take_down
from kb.pdfium.page_images import forget_kept
from kb.search.engine import IndexLocked


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
    forget = partial(forget_kept, installation.data_dir)
    down = take_down(installation.database, named, authorship, forget)
    synced, locked = follow(installation)
    return Followed(down.documents, synced, locked, down.images_left)


def restore(installation: Installation, named: Named, authorship: Authorship) -> Followed:
    """Put back what was taken down, under the rights it had.

    Raises:
        UnknownReference: one does not exist, or was never taken down by anybody.
        SearchUnavailable: the index cannot be written; all else is done.
    """
    back = put_back(installation.database, named, authorship)
    synced, locked = follow(installation)
    return Followed(back, synced, locked)


def follow(installation: Installation) -> tuple[SyncReport | None, str | None]:
    """Bring the index up to what has changed, or say why another process will."""
    try:
        return installation.up_to_date(), None
    except IndexLocked as reason:
        return None, str(reason)
