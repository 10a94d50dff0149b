"""`kb serve` killed or asked to end while files come in: nothing is lost, nobody stays behind.

``KB_KILLS=50`` for more kills of each kind, ``KB_SEED`` for other moments.
"""

import http.client
import json
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.distributed.acknowledged import assert_agreed
from tests.distributed.commands import SMALL_PDFS, Place, fresh_copies, rest_of, whole_lines
from tests.distributed.processes import children, leaving_nothing, patience, within
from tests.distributed.served import Readers, Served, serving

KILLS = max(1, int(os.environ.get("KB_KILLS", "6")) // 6)
SEED = int(os.environ.get("KB_SEED", "1"))
HUNDRED_RESULTS = f"/api/v1/search?q={quote('改善')}&page_size=100"
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
        with (
            serving(place) as served,
            Readers(served, PATHS) as readers,
            place.running("ingest", folder, "--json") as ingest,
        ):
            assert within(patience(30), lambda: bool(readers.statuses))
            assert ingest.stdout is not None
            lines = [ingest.stdout.readline() for _ in range(after)]
            time.sleep(pause)
            with leaving_nothing(lambda: patience(5)):
                kill(served)
                served.process.wait()
            rest, said = rest_of(ingest)
            assert ingest.returncode == 0, said
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


@pytest.mark.parametrize("seconds", [0.0, 0.7])
def test_the_worker_ends_however_soon_its_server_is_killed(place: Place, seconds: float) -> None:
    place.good("init")
    with serving(place) as served, leaving_nothing(lambda: patience(5)):
        time.sleep(seconds)
        web_alone(served)
        assert served.process.wait() == -signal.SIGKILL


def test_sigterm_answers_what_was_asked_and_ends_well(sample: Place) -> None:
    with serving(sample) as served:
        connection = http.client.HTTPConnection(served.address, timeout=60)
        connection.request("GET", "/healthz")
        assert connection.getresponse().read()
        # A hundred results take about 0.1 s, so the signal mostly finds the answer in the making.
        connection.request("GET", HUNDRED_RESULTS)
        time.sleep(patience(0.05))
        _assert_ends_well(served)
        response = connection.getresponse()
        assert response.status == 200
        assert json.loads(response.read())["results"]
        connection.close()


def _workers(served: Served) -> dict[int, str]:
    """The worker of a server, which starts it when it has said its address."""
    assert within(patience(10), lambda: bool(children(served.process.pid)))
    return children(served.process.pid)


def _assert_ends_well(served: Served) -> None:
    """SIGTERM ends the server in time, with code 0 and no worker."""
    workers = _workers(served)
    asked_at = time.monotonic()
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=60) == 0
    assert time.monotonic() - asked_at < patience(10)
    assert not workers.keys() & children(os.getpid()).keys()


def test_sigterm_among_many_requests_ends_well_and_no_answer_is_an_error(sample: Place) -> None:
    with serving(sample) as served, Readers(served, PATHS, number=4, pause=0) as readers:
        assert within(patience(30), lambda: len(readers.statuses) > 20)
        _assert_ends_well(served)
    assert set(readers.statuses) == {200}


def test_a_worker_that_dies_is_started_again(sample: Place) -> None:
    with serving(sample) as served:
        [worker] = _workers(served)
        os.kill(worker, signal.SIGKILL)
        assert within(patience(20), lambda: bool(children(served.process.pid).keys() - {worker}))
        _assert_ends_well(served)
