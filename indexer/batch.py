"""Taking in many files: several at once, results in the order of the files."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from indexer.collection import Collection, Described, ingest_described, is_collection
from indexer.ingest import Ingested, Ingester, Intake
from kb.catalogue.reading import CatalogueReader


@dataclass(frozen=True, slots=True)
class Task:
    """One file to be taken in."""

    size: int
    """Bytes; 0 when there is no such file."""
    do: Callable[[Ingester], Ingested]


def collections_in(paths: Iterable[Path]) -> tuple[tuple[Collection, ...], list[Path]]:
    """The paths that are collections, read, and the others.

    Raises:
        BadCollection: a CSV of a collection cannot be read.
    """
    given = list(paths)
    folders = [path for path in given if is_collection(path)]
    return tuple(map(Collection, folders)), [path for path in given if path not in folders]


def described_tasks(
    collections: Iterable[Collection], catalogue: CatalogueReader, intake: Intake
) -> Iterator[Task]:
    """One task for each file that comes with a description."""
    for collection in collections:
        for described in collection.files():
            yield _described_task(described, catalogue, intake)


def _described_task(described: Described, catalogue: CatalogueReader, intake: Intake) -> Task:
    def do(ingester: Ingester) -> Ingested:
        return ingest_described(described, ingester, catalogue, intake)

    return Task(_size(described.file), do)


def file_task(path: Path, intake: Intake) -> Task:
    """The task of taking in one file that nobody has described."""
    return Task(_size(path), lambda ingester: ingester.ingest(path, intake))


def _size(path: Path | None) -> int:
    return path.stat().st_size if path is not None and path.is_file() else 0


def in_order(work: Iterable[Task], ingester: Ingester, workers: int) -> Iterator[Ingested]:
    """Do the work, `workers` tasks at a time, and give the results in order.

    No more than twice `workers` results wait, so memory stays bounded.
    """
    waiting: deque[Future[Ingested]] = deque()
    rest = iter(work)
    with ThreadPoolExecutor(workers, thread_name_prefix="ingest") as pool:
        for task in islice(rest, workers * 2):
            waiting.append(pool.submit(task.do, ingester))
        while waiting:
            done = waiting.popleft().result()
            for task in islice(rest, 1):
                waiting.append(pool.submit(task.do, ingester))
            yield done
