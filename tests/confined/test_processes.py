"""Whatever a child does, the parent has what it wrote before and a name for its end."""

import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from kb.confined import Confined, End, Ending, Limits, lines, whole

LIMITS = Limits(seconds=20, memory_mb=256, result_bytes=100_000)


@pytest.fixture(scope="module")
def confined() -> Iterator[Confined]:
    with Confined("tests.confined.jobs") as made:
        yield made


@pytest.fixture
def source(tmp_path: Path) -> Iterator[int]:
    path = tmp_path / "source"
    path.write_bytes(b" of the file")
    with path.open("rb") as stream:
        yield stream.fileno()


def done(
    confined: Confined, source: int, limits: Limits = LIMITS, **request: object
) -> tuple[bytes, Ending]:
    return whole(confined.run(request, source, limits))


def test_a_child_works_on_the_descriptor_it_is_given(confined: Confined, source: int) -> None:
    written, ending = done(confined, source, job="echo", say="the bytes")
    assert (written, ending) == (b"the bytes of the file", Ending(End.DONE, 0))


@pytest.mark.parametrize(
    ("request_", "ending"),
    [
        ({"job": "crash", "signal": signal.SIGSEGV}, Ending(End.CRASHED, -signal.SIGSEGV)),
        ({"job": "crash", "signal": signal.SIGABRT}, Ending(End.CRASHED, -signal.SIGABRT)),
        ({"job": "crash", "signal": signal.SIGXCPU}, Ending(End.TIMED_OUT, -signal.SIGXCPU)),
        ({"job": "swell"}, Ending(End.OUT_OF_MEMORY, 71)),
    ],
)
def test_what_was_written_before_the_end_is_kept(
    confined: Confined, source: int, request_: dict[str, object], ending: Ending
) -> None:
    assert whole(confined.run(request_, source, LIMITS)) == (b"before\n", ending)


def test_an_exception_and_an_exit_code_are_crashes(confined: Confined, source: int) -> None:
    assert done(confined, source, job="stumble") == (b"", Ending(End.CRASHED, 70))
    assert done(confined, source, job="code", code=3) == (b"", Ending(End.CRASHED, 3))
    assert done(confined, source, job="no such job") == (b"", Ending(End.CRASHED, 70))


def test_a_signal_has_its_name() -> None:
    assert Ending(End.CRASHED, -11).signal_name == "SIGSEGV"
    assert Ending(End.CRASHED, 3).signal_name is None


@pytest.mark.parametrize("job", ["hang", "hang_in_silence", "spin"])
def test_a_child_ends_at_its_deadline(confined: Confined, source: int, job: str) -> None:
    began = time.monotonic()
    _, ending = done(confined, source, Limits(0.5, 256), job=job)
    assert ending == Ending(End.TIMED_OUT)
    assert time.monotonic() - began < 20


def test_a_child_that_never_stops_writing_ends_at_its_deadline(
    confined: Confined, source: int
) -> None:
    began = time.monotonic()
    _, ending = done(confined, source, Limits(0.5, 256, 2**40), job="drip")
    assert ending == Ending(End.TIMED_OUT)
    assert time.monotonic() - began < 20


def test_more_than_the_limit_is_cut_off(confined: Confined, source: int) -> None:
    assert len(done(confined, source, job="flood", pieces=10)[0]) == 100_000
    written, ending = done(confined, source, job="flood", pieces=10_000)
    assert ending == Ending(End.TOO_MUCH)
    assert len(written) <= 100_000


def test_lines_come_whole_and_the_torn_last_one_is_dropped(confined: Confined, source: int) -> None:
    request = {"job": "hang"}
    found = list(lines(confined.run(request, source, Limits(0.5, 256))))
    assert found == [b"before", Ending(End.TIMED_OUT)]


def test_lines_are_put_together_from_pieces() -> None:
    def pieces() -> Iterator[bytes | Ending]:
        yield from (b"a", b"b\nc", b"", b"d", b"\n\ne\nrest", Ending(End.DONE))

    assert list(lines(pieces())) == [b"ab", b"cd", b"", b"e", Ending(End.DONE)]  # type: ignore[arg-type]


def test_leaving_early_kills_the_child(confined: Confined, source: int) -> None:
    run = confined.run({"job": "hang"}, source, LIMITS)
    assert next(run) == b"before\nhalf a line"
    began = time.monotonic()
    run.close()
    assert time.monotonic() - began < 20
    assert not children_of_template(confined)


def test_threads_have_children_of_their_own(confined: Confined, source: int) -> None:
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(done, confined, source, job="code", code=n) for n in range(1, 40)]
        assert [one.result()[1].code for one in asked] == [*range(1, 40)]


def test_a_request_during_close_ends_and_the_next_starts_anew(source: int) -> None:
    shared = Confined("tests.confined.jobs")
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(done, shared, source, job="hang")
        while not children_of_template(shared):
            time.sleep(0.01)
        shared.close()
        assert running.result(timeout=10)[1] == Ending(End.GONE)
    assert done(shared, source, job="code", code=0)[1] == Ending(End.DONE, 0)
    shared.close()


def test_a_template_that_cannot_start_is_gone_not_waited_for(source: int) -> None:
    with Confined("tests.confined.no_such_module") as broken:
        assert done(broken, source, job="code") == (b"", Ending(End.GONE))


def test_an_oversized_request_is_refused_not_cut(confined: Confined, source: int) -> None:
    assert done(confined, source, job="echo", say="x" * 300_000) == (b"", Ending(End.GONE))
    assert done(confined, source, job="code", code=0)[1] == Ending(End.DONE, 0)


def test_a_child_has_no_environment_and_no_descriptors_of_ours(
    source: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    with Confined("tests.confined.jobs", {"CHOSEN": "1"}) as chosen, ExitStack() as held:
        # Another child and many files are there at the same time.
        other = held.enter_context(closing(chosen.run({"job": "hang"}, source, LIMITS)))
        next(other)
        for n in range(20):
            held.enter_context((tmp_path / str(n)).open("wb"))
        seen = json.loads(done(chosen, source, job="look")[0])
    assert seen["others"] == []
    assert seen["standard"] == ["/dev/null"]
    assert set(seen["environment"]) - {"LC_CTYPE"} == {"PYTHONPATH", "CHOSEN"}


def children_of_template(confined: Confined) -> list[int]:
    """The children that this process's templates of the test jobs have now."""
    here = os.getpid()
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if b"tests.confined.jobs" in command:
                found[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    templates = {pid for pid, parent in found.items() if parent == here}
    return [pid for pid, parent in found.items() if parent in templates]
