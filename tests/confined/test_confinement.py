"""A confined process can neither reach out nor write nor take more than its share."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import subprocess; subprocess.run(['true'])",
        "os.system('true')",
        "os.fork()",
        "os.kill(os.getppid(), 0)",
        "open('written', 'w')",
        "os.open('written', os.O_WRONLY | os.O_CREAT)",
        "open('/etc/hostname')",
        "os.remove('written')",
        "os.mkdir('made')",
        "import ctypes; ctypes.CDLL(None)",
    ],
)
def test_a_confined_process_is_refused(attempt: str, tmp_path: Path) -> None:
    assert confined(f"import os; {attempt}", tmp_path) == "PermissionError"


def test_a_confined_process_cannot_write_even_past_the_audit_hook(tmp_path: Path) -> None:
    path = tmp_path / "open"
    prepare = f"import os; f = os.open({str(path)!r}, os.O_WRONLY | os.O_CREAT)"
    assert confined("os.write(f, b'x')", tmp_path, prepare) == "OSError"
    assert path.read_bytes() == b""


def test_a_confined_process_has_its_resources_limited(tmp_path: Path) -> None:
    attempt = (
        "import resource as r; x = [r.getrlimit(n)[0] for n in (r.RLIMIT_AS, r.RLIMIT_CPU,"
        " r.RLIMIT_FSIZE, r.RLIMIT_CORE)]; assert x == [256 * 2**20, 4, 0, 0], x"
    )
    assert confined(attempt, tmp_path) == "done"


def confined(attempt: str, folder: Path, prepare: str = "pass") -> str:
    """Return the name of the exception that an attempt meets in a confined process."""
    program = f"""
import os
from kb.confined.confinement import confine, watch_python
from kb.confined.endings import Limits
{prepare}
confine(Limits(seconds=3, memory_mb=256), os.getppid())
watch_python(())
try:
    {attempt}
except Exception as error:
    print(type(error).__name__)
else:
    print("done")
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return done.stdout.strip()
