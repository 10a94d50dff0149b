"""`kb serve` killed or asked to end while files come in: nothing is lost, nobody stays behind.

``KB_KILLS=50`` for more kills of each kind, ``KB_SEED`` for other moments.
"""

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.distributed.acknowledged import assert_agreed
from tests.distributed.commands import SMALL_PDFS, Place, fresh_copies, whole_lines
from tests.distributed.processes import children, leaving_nothing, patience, within
from tests.distributed.served import Readers, Served, serving

KILLS = max(1, int(os.environ.get("KB_KILLS", "6")) // 6)
SEED = int(os.environ.get("KB_SEED", "1"))
PATHS = (f"/search?q={quote('改善 職員')}", f"/api/v1/search?q={quote('予算')}", "/")


def web_alone(served: Served) -> None:
    """Kill the web's process; its worker must notice."""
    served.process.kill()


def whole_group(served: Served) -> None:
    """Kill the web and its worker at once."""
    os.killpg(served.process.pid, signal.SIGKILL)


@pytest.mark.parametrize("kill", [web_alone, whole_group])
def test_a_killed_server_loses_nothing(
    place: Place, tmp_path: Path, kill: Callable[[Served], None]
) -> None:
    chance = random.Random(f"{SEED} {kill.__name__}")
    acknowledged = []
    for number in range(KILLS):
        folder = fresh_copies(SMALL_PDFS, tmp_path / str(number), f"s{number}")
        after, pause = chance.randint(1, len(SMALL_PDFS)), chance.uniform(0, 0.5)
        print(f"seed {SEED}, kill {number}: {pause:.3f} s after line {after}")
        with serving(place) as served, Readers(served, PATHS) as readers:
            ingest = place.start("ingest", folder, "--json")
            assert ingest.stdout is not None
            lines = [ingest.stdout.readline() for _ in range(after)]
            time.sleep(pause)
            with leaving_nothing(lambda: patience(5)):
                kill(served)
                served.process.wait()
            rest, said = ingest.communicate(timeout=600)
        assert ingest.returncode == 0, said
        assert readers.statuses
        assert set(readers.statuses) == {200}
        acknowledged += whole_lines("".join(lines) + rest)
        assert_agreed(place, acknowledged)
    assert len(acknowledged) == KILLS * len(SMALL_PDFS)
    _assert_answers(place)


def _assert_answers(place: Place) -> None:
    """A new server finds what is there, and says it is ready."""
    with serving(place) as served:
        assert served.get("/readyz")[0] == 200
        assert served.asked("改善")["total"] > 0


@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.0])
def test_the_worker_ends_however_soon_its_server_is_killed(place: Place, seconds: float) -> None:
    place.good("init")
    with leaving_nothing(lambda: patience(5)), serving(place) as served:
        time.sleep(patience(seconds))
        web_alone(served)
        served.process.wait()


def test_sigterm_answers_what_was_asked_and_ends_well(sample: Place) -> None:
    with leaving_nothing(lambda: 0.5), serving(sample) as served:
        assert within(patience(10), lambda: bool(children(served.process.pid)))
        answers: list[tuple[int, bytes]] = []
        # The first question of a new process loads the dictionary and the names: it takes
        # 0.4 s on a free machine, so a signal 0.1 s after it finds it in flight.
        reader = threading.Thread(target=lambda: answers.append(served.get(PATHS[0])))
        reader.start()
        time.sleep(0.1)
        assert not answers
        served.process.send_signal(signal.SIGTERM)
        asked_at = time.monotonic()
        assert served.process.wait(timeout=60) == 0
        assert time.monotonic() - asked_at < patience(10)
        reader.join()
    assert [status for status, _ in answers] == [200]
    assert b"</html>" in answers[0][1]


def test_sigterm_among_many_requests_cuts_none_that_was_begun(sample: Place) -> None:
    with leaving_nothing(lambda: 0.5), serving(sample) as served:
        with Readers(served, PATHS, number=4) as readers:
            assert within(patience(30), lambda: len(readers.statuses) > 20)
            served.process.send_signal(signal.SIGTERM)
            asked_at = time.monotonic()
            assert served.process.wait(timeout=60) == 0
            assert time.monotonic() - asked_at < patience(10)
        assert set(readers.statuses) == {200}
