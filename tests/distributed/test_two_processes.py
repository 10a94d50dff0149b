"""Several processes on one data folder: each does its work, and the sum is whole."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.distributed.acknowledged import READ, assert_agreed, assert_found, opening
from tests.distributed.commands import SMALL_PDFS, Place, fresh_copies, whole_lines
from tests.distributed.processes import patience, within
from tests.distributed.served import Readers, serving

FOUND_SECONDS = 10


def ingested_at_once(place: Place, folders: list[Path]) -> list[list[dict[str, Any]]]:
    """The lines of ingests that run at the same time, one for each folder."""
    with ExitStack() as held:
        running = [
            held.enter_context(place.running("ingest", folder, "--json")) for folder in folders
        ]
        ended = [process.communicate(timeout=600) for process in running]
        codes = [process.returncode for process in running]
    assert codes == [0] * len(folders), "\n".join(said for _, said in ended)
    return [whole_lines(out) for out, _ in ended]


def test_two_ingests_of_different_folders_on_a_new_data_folder(
    place: Place, tmp_path: Path
) -> None:
    half = len(SMALL_PDFS) // 2
    parts = {"a": SMALL_PDFS[:half], "b": SMALL_PDFS[half:]}
    folders = [fresh_copies(files, tmp_path / name, name) for name, files in parts.items()]
    lines = ingested_at_once(place, folders)
    assert [len(part) for part in lines] == [half, len(SMALL_PDFS) - half]
    assert {line["outcome"] for part in lines for line in part} <= set(READ)
    assert_agreed(place, [line for part in lines for line in part])
    for part in lines:
        assert_found(place, part[0])


def test_two_ingests_of_the_same_folder_record_each_file_once(place: Place, tmp_path: Path) -> None:
    folder = fresh_copies(SMALL_PDFS[:6], tmp_path / "in", "same")
    one, other = ingested_at_once(place, [folder, folder])
    assert [line["document"] for line in one] == [line["document"] for line in other]
    assert {line["outcome"] for line in (*one, *other)} <= {*READ, "duplicate"}
    assert_agreed(place, one)
    with place.installation() as installation:
        assert installation.catalogue.holdings().documents_held == 6


def test_a_running_server_finds_a_new_document(sample: Place, tmp_path: Path) -> None:
    folder = fresh_copies(SMALL_PDFS[:1], tmp_path / "in", "new")
    with serving(sample) as served:
        with Readers(served, ("/api/v1/search?q=%E6%94%B9%E5%96%84",)) as readers:
            (line,) = whole_lines(sample.run("ingest", folder, "--json"))
            words = _opening(sample, line)
            assert within(
                patience(FOUND_SECONDS), lambda: line["document"] in served.documents(words)
            )
        assert set(readers.statuses) == {200}
        assert readers.cut_off == 0


def test_the_worker_indexes_what_a_killed_ingest_had_acknowledged(
    sample: Place, tmp_path: Path
) -> None:
    folder = fresh_copies(SMALL_PDFS, tmp_path / "in", "cut")
    with serving(sample) as served:
        with sample.running("ingest", folder, "--json", "--workers", "1") as ingest:
            assert ingest.stdout is not None
            (line,) = whole_lines(ingest.stdout.readline())
        words = _opening(sample, line)
        assert within(patience(FOUND_SECONDS), lambda: line["document"] in served.documents(words))


def _opening(place: Place, line: Mapping[str, Any]) -> str:
    with place.installation() as installation:
        return opening(installation, line["document"])
