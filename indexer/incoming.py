"""Sweeping up what interrupted work has left: files nobody waits for, originals of no document."""

import contextlib
import logging
import time
from collections.abc import Iterator

from indexer.installation import Installation
from kb.catalogue.holdings import HoldingsReader

UNCLAIMED_SECONDS = 24 * 3600.0
"""How long a file that stopped arriving is kept for its sender to go on."""

FAILED_SECONDS = 7 * 24 * 3600.0
"""How long the file of a job that failed is kept for another try."""

ORPHAN_SECONDS = 3600.0
"""How long an original may be of no document: it is recorded within minutes, or never."""

logger = logging.getLogger(__name__)


def sweep(
    installation: Installation,
    unclaimed: float = UNCLAIMED_SECONDS,
    failed: float = FAILED_SECONDS,
    orphan: float = ORPHAN_SECONDS,
) -> int:
    """Remove what is older than so many seconds and wanted by no job; how many files."""
    # What is there is listed first: what comes in meanwhile is not touched.
    stopped = set(installation.incoming.files(unclaimed))
    files = set(installation.incoming.files())
    originals = set(_originals(installation, orphan))
    batches = {file.partition("/")[0] for file in files}
    known, wanted = installation.jobs.files_of(batches, time.time() - failed)
    gone = (files & known) - wanted | stopped - known
    for file in gone:
        installation.incoming.remove(file)
    installation.incoming.remove_empty(unclaimed)
    orphans = originals - installation.jobs.open_sums() - _held(installation) if originals else ()
    for sha256 in orphans:
        installation.originals.remove(sha256)
    if gone or orphans:
        logger.info("途中で残ったファイルを%d個片付けました。", len(gone) + len(orphans))
    return len(gone) + len(orphans)


def _originals(installation: Installation, older_than: float) -> Iterator[str]:
    before = time.time() - older_than
    for sha256 in installation.originals.kept():
        with contextlib.suppress(FileNotFoundError):  # a takedown has just removed it
            if installation.originals.path(sha256).stat().st_mtime <= before:
                yield sha256


def _held(installation: Installation) -> set[str]:
    return {one.sha256 for one in HoldingsReader(installation.database).originals()}
