"""Jobs for the tests: what a child may do to its parent. Run by kb.confined.Confined."""

import json
import os
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kb.confined.serving import serve, write


def echo(request: Mapping[str, Any], source: int, results: int) -> int:
    with open(source, "rb") as stream:
        write(results, request["say"].encode() + stream.read())
    return 0


def flood(request: Mapping[str, Any], source: int, results: int) -> int:
    for _ in range(request["pieces"]):
        write(results, b"x" * 10_000)
    return 0


def hang(request: Mapping[str, Any], source: int, results: int) -> int:
    write(results, b"before\nhalf a line")
    time.sleep(60)
    return 0


def hang_in_silence(request: Mapping[str, Any], source: int, results: int) -> int:
    os.close(results)
    time.sleep(60)
    return 0


def spin(request: Mapping[str, Any], source: int, results: int) -> int:
    while True:
        pass


def drip(request: Mapping[str, Any], source: int, results: int) -> int:
    while True:
        write(results, b"x")


def swell(request: Mapping[str, Any], source: int, results: int) -> int:
    write(results, b"before\n")
    taken = [bytes(2**20) for _ in range(4096)]
    return len(taken)


def crash(request: Mapping[str, Any], source: int, results: int) -> int:
    write(results, b"before\n")
    signal.signal(request["signal"], signal.SIG_DFL)
    signal.raise_signal(request["signal"])
    return 0


def stumble(request: Mapping[str, Any], source: int, results: int) -> int:
    raise LookupError("nobody sees this")


def code(request: Mapping[str, Any], source: int, results: int) -> int:
    return int(request["code"])


def look(request: Mapping[str, Any], source: int, results: int) -> int:
    """Tell which descriptors are open, and what the environment holds."""
    open_ = [n for n in range(256) if Path(f"/proc/self/fd/{n}").is_symlink()]
    standard = {str(Path(f"/proc/self/fd/{n}").readlink()) for n in range(3)}
    seen = {
        "others": sorted(set(open_) - {0, 1, 2, source, results}),
        "standard": sorted(standard),
        "environment": sorted(os.environ),
    }
    write(results, json.dumps(seen).encode())
    return 0


JOBS: Mapping[str, Callable[[Mapping[str, Any], int, int], int]] = {
    job.__name__: job
    for job in (echo, flood, hang, hang_in_silence, spin, drip, swell, crash, stumble, code, look)
}


def run(request: dict[str, Any], source: int, results: int) -> int:
    return JOBS[request["job"]](request, source, results)


if __name__ == "__main__":
    serve(run)
