"""Programs that are not ours run confined, and say how they failed."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.confined import ProgramEnd, ProgramFailed, Programs, run_program

PYTHON = sys.executable
ENVIRONMENT = {"LANG": "C.UTF-8"}


@pytest.fixture(scope="module")
def programs() -> Iterator[Programs]:
    with Programs(most_bytes=1_000_000) as made:
        yield made


def python(programs: Programs, code: str, stdin: bytes = b"", seconds: float = 20) -> bytes:
    return programs.run(
        [PYTHON, "-I", "-S", "-c", code],
        stdin,
        seconds=seconds,
        memory_mb=256,
        environment=ENVIRONMENT,
    )


def failure(programs: Programs, code: str, seconds: float = 20) -> ProgramFailed:
    with pytest.raises(ProgramFailed) as caught:
        python(programs, code, seconds=seconds)
    return caught.value


def test_a_program_reads_its_input_and_its_output_comes_back() -> None:
    given = bytes(range(256)) * 40_000
    cat = shutil.which("cat")
    assert cat is not None
    options = {"seconds": 20, "memory_mb": 256, "environment": ENVIRONMENT}
    assert run_program([cat], given, **options) == given  # type: ignore[arg-type]


def test_it_gets_the_environment_it_is_given_and_no_other(programs: Programs) -> None:
    code = "import os; print(sorted(set(os.environ) - {'LC_CTYPE'}))"
    assert python(programs, code) == b"['LANG']\n"


def test_its_errors_lead_nowhere_and_no_descriptor_is_left_to_it(programs: Programs) -> None:
    code = "import os, sys; sys.stderr.write('x'); print(sorted(os.listdir('/proc/self/fd')))"
    assert python(programs, code) == b"['0', '1', '2', '3']\n"


def test_an_exit_code_is_told(programs: Programs) -> None:
    error = failure(programs, "raise SystemExit(3)")
    assert (error.kind, error.code) == (ProgramEnd.FAILED, 3)
    assert PYTHON in str(error)


def test_a_signal_is_told(programs: Programs) -> None:
    error = failure(programs, "import os; os.kill(os.getpid(), 11)")
    assert (error.kind, error.code) == (ProgramEnd.FAILED, -11)


def test_time_is_bounded(programs: Programs) -> None:
    began = time.monotonic()
    assert failure(programs, "while True: pass", seconds=0.5).kind is ProgramEnd.TIMED_OUT
    assert time.monotonic() - began < 20


def test_memory_is_bounded(programs: Programs) -> None:
    code = "import os\ntry: bytes(2**30)\nexcept MemoryError: os.abort()"
    assert failure(programs, code).kind is ProgramEnd.OUT_OF_MEMORY


def test_output_is_bounded(programs: Programs) -> None:
    assert failure(programs, "print('x' * 2_000_000)").kind is ProgramEnd.TOO_MUCH


def test_a_program_that_is_not_there_was_not_started(programs: Programs) -> None:
    with pytest.raises(ProgramFailed) as caught:
        programs.run(["/no/such"], b"", seconds=5, memory_mb=64, environment={})
    assert caught.value.kind is ProgramEnd.NOT_STARTED


def test_it_writes_no_file(programs: Programs, tmp_path: Path) -> None:
    code = f"""
try:
    with open({str(tmp_path / "written")!r}, "wb", buffering=0) as file:
        file.write(b"x")
except OSError as error:
    print("refused")
"""
    assert python(programs, code) == b"refused\n"
    assert not (tmp_path / "written").exists() or not (tmp_path / "written").read_bytes()


def has_empty_network() -> bool:
    """Whether the kernel lets a process of ours have a network of its own."""
    code = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x50000000) != 0)"
    return subprocess.run([PYTHON, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(not has_empty_network(), reason="this kernel gives us no empty network")
def test_it_reaches_no_network(programs: Programs) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        code = f"import socket; socket.create_connection({address!r}, 1)"
        assert failure(programs, code).code == 1
