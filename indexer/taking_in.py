"""Batches: new files, and originals that are due to be read again."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer import batch
from indexer.extract import formats
from indexer.ingest import WORTH_RETRYING, Ingested, Ingester, Intake, files_under
from indexer.installation import Installation
from kb.catalogue.holdings import HeldOriginal, HoldingsReader

ONE_RECORDING = 1
"""Files beyond those that are read at once: while one is analysed and recorded here, the
processors are kept busy by the others' children (99 real files: 13.4 s instead of 15.0)."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Files about to be taken in; nothing happens before the results are asked for."""

    sizes: tuple[int, ...]
    """Bytes, in the order of the results."""
    results: Iterator[Ingested]


def files(installation: Installation, paths: list[Path], intake: Intake, workers: int) -> Batch:
    """Files and folders to be taken in, collections with their records.

    Raises:
        BadCollection: a CSV of a collection cannot be read; nothing has been taken in.
    """
    collections, others = batch.collections_in(paths)
    for collection in collections:
        collection.record(installation.database, intake.actor, draft=intake.draft)
    work = [
        *batch.described_tasks(collections, installation.catalogue, intake),
        *(batch.file_task(path, intake) for path in files_under(others)),
    ]
    return _batch(installation, work, workers)


def again(
    installation: Installation, intake: Intake, workers: int, *, everything: bool = False
) -> Batch:
    """Originals that a former version read, or that this installation can read better now."""
    recognises = installation.can_recognise()
    due = [
        held
        for held in HoldingsReader(installation.database).originals()
        if not (held.withdrawn or held.edition)
        and (everything or _is_due(held, recognises=recognises))
    ]
    return _batch(installation, [_again(held, installation, intake) for held in due], workers)


def _batch(installation: Installation, work: list[batch.Task], workers: int) -> Batch:
    def results() -> Iterator[Ingested]:
        with installation.ingester(workers) as ingester:
            yield from batch.in_order(work, ingester, workers + ONE_RECORDING)

    return Batch(tuple(task.size for task in work), results())


def _is_due(held: HeldOriginal, *, recognises: bool) -> bool:
    if held.awaiting_ocr and recognises:
        return True
    if formats.extractor_for(held.media_type) is None:
        return False
    outdated = held.extractor != formats.extractor_name(held.media_type)
    return outdated or held.outcome in WORTH_RETRYING


def _again(held: HeldOriginal, installation: Installation, intake: Intake) -> batch.Task:
    path = installation.originals.path(held.sha256)

    def do(ingester: Ingester) -> Ingested:
        return ingester.read_again(path, held.document_id, held.file_name, intake)

    return batch.Task(held.size, do)
