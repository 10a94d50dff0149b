"""`kb ingest` killed at any moment: every line it had printed is kept, and no child stays.

``KB_KILLS=50`` for the full proof, ``KB_SEED`` for other moments.
"""

import json
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.distributed.acknowledged import READ, assert_agreed, assert_found, assert_kept
from tests.distributed.commands import SMALL_PDFS, Place, fresh_copies, rest_of, whole_lines
from tests.distributed.processes import leaving_nothing, patience

KILLS = int(os.environ.get("KB_KILLS", "6"))
SEED = int(os.environ.get("KB_SEED", "1"))


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: so long after so many lines."""

    lines: int
    seconds: float


def moments() -> Iterator[Moment]:
    """Before the first line, between two, and after the last, while the index is written."""
    chance = random.Random(SEED)
    for kill in range(KILLS):
        match kill % 3:
            case 0:
                yield Moment(0, chance.uniform(0, 3))
            case 1:
                yield Moment(chance.randint(1, len(SMALL_PDFS) - 1), chance.uniform(0, 0.3))
            case _:
                yield Moment(len(SMALL_PDFS), chance.uniform(0, 1))


def killed_ingest(place: Place, folder: Path, moment: Moment) -> list[dict[str, Any]]:
    """Ingest `folder`, kill at `moment`; the lines that had been printed."""
    with (
        leaving_nothing(lambda: patience(2)),
        place.running("ingest", folder, "--json") as process,
    ):
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(moment.lines)]
        time.sleep(moment.seconds)
        process.kill()
        rest, _ = rest_of(process)
    return whole_lines("".join(lines) + rest)


def test_what_was_acknowledged_survives_every_kill(place: Place, tmp_path: Path) -> None:
    place.good("init")
    acknowledged: list[dict[str, Any]] = []
    for number, moment in enumerate(moments()):
        folder = fresh_copies(SMALL_PDFS, tmp_path / "in" / str(number), f"r{number}")
        lines = killed_ingest(place, folder, moment)
        acknowledged += lines
        print(f"seed {SEED}, kill {number}: {moment}, {len(lines)} lines acknowledged")
        assert_agreed(place, acknowledged)
        for line in lines[-1:]:
            assert_found(place, line)
    assert {line["outcome"] for line in acknowledged} <= set(READ)
    _assert_repeatable(place, tmp_path / "in", acknowledged)


def _assert_repeatable(place: Place, folder: Path, acknowledged: list[dict[str, Any]]) -> None:
    """The same command again: an outcome for every file, known ones as duplicates."""
    lines = whole_lines(place.run("ingest", folder, "--json"))
    assert [line["file"] for line in lines] == sorted(map(str, folder.rglob("*.pdf")))
    assert {line["outcome"] for line in lines} <= {*READ, "duplicate"}
    outcomes = {line["sha256"]: line["outcome"] for line in lines}
    assert {outcomes[line["sha256"]] for line in acknowledged} == {"duplicate"}
    assert_kept(place, acknowledged)
    with place.installation() as installation:
        assert all(installation.catalogue.held(line["sha256"]) for line in lines)
    place.good("check")
    assert json.loads(place.good("status", "--json"))["index"]["up_to_date"] is True


@pytest.mark.parametrize("seconds", [0.7, 1.4])
def test_a_first_start_that_is_killed_can_be_repeated(place: Place, seconds: float) -> None:
    with leaving_nothing(lambda: patience(2)):
        process = place.start("init")
        time.sleep(patience(seconds))
        process.kill()
        process.communicate()
    place.good("init")
    place.good("sync")
    place.good("check")
    assert json.loads(place.good("status", "--json"))["municipalities"] == 1959
