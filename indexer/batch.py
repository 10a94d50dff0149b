"""Taking in many files: several at once, results in the order of the files."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from indexer.collection import Collection, ingest_described, is_collection
from indexer.ingest import Ingested, Ingester, Intake, files_under
from kb.catalogue.reading import CatalogueReader

Task = Callable[[], Ingested]


def collections_in(paths: Iterable[Path]) -> tuple[tuple[Collection, ...], list[Path]]:
    """The paths that are collections, read, and the others.

    Raises:
        BadCollection: a CSV of a collection cannot be read.
    """
    given = list(paths)
    folders = [path for path in given if is_collection(path)]
    return tuple(map(Collection, folders)), [path for path in given if path not in folders]


def tasks(
    collections: Iterable[Collection],
    paths: list[Path],
    ingester: Ingester,
    catalogue: CatalogueReader,
    intake: Intake,
) -> list[Task]:
    """One task for each file to be taken in."""
    described = [
        _described_task(collection, index, ingester, catalogue, intake)
        for collection in collections
        for index in range(len(collection.files()))
    ]
    return [*described, *(_file_task(path, ingester, intake) for path in files_under(paths))]


def _described_task(
    collection: Collection,
    index: int,
    ingester: Ingester,
    catalogue: CatalogueReader,
    intake: Intake,
) -> Task:
    return lambda: ingest_described(collection.files()[index], ingester, catalogue, intake)


def _file_task(path: Path, ingester: Ingester, intake: Intake) -> Task:
    return lambda: ingester.ingest(path, intake)


def in_order(work: list[Task], workers: int) -> Iterator[Ingested]:
    """Do the work, `workers` tasks at a time, and give the results in order.

    No more than twice `workers` results wait, so memory stays bounded.
    """
    waiting: deque[Future[Ingested]] = deque()
    rest = iter(work)
    with ThreadPoolExecutor(workers, thread_name_prefix="ingest") as pool:
        for task in islice(rest, workers * 2):
            waiting.append(pool.submit(task))
        while waiting:
            done = waiting.popleft().result()
            for task in islice(rest, 1):
                waiting.append(pool.submit(task))
            yield done
