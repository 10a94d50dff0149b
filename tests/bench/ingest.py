"""From files to searchable: ``python -m tests.bench.ingest FOLDER [--json] [--check]``.

Takes FOLDER in with `kb ingest` (extraction, tokens, positions, catalogue, index) into a fresh
data folder, and beside it with `recollindex` (poppler and Xapian) into a fresh configuration,
turn about, N times each, and tells the better time of each. Recognition of scanned pages is off,
as recollindex has none.

Two workers are `--workers 2` for us; for recollindex they are its own default on a machine of two
cores: it sets up its threads by the cores it sees. Both commands are therefore kept to two
cores, where the system can do that. Times are of the whole command, with its children, and
with the start of the interpreter.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MOST_TIMES = 2.5
"""Of recollindex's wall time; what `--check` holds us to."""
WORKERS = 2
_ROOT = Path(__file__).resolve().parents[2]
_SETTINGS = ("DATABASE_URL", "SEARCH_URL", "ORIGINALS_URL")


@dataclass(frozen=True, slots=True)
class Run:
    """One command from start to end."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds of all its processes."""
    documents: int
    """Files that can be searched."""
    detail: str


class Failed(Exception):
    """A command ended with an error; the message holds its last words."""


def ours(folder: Path, scratch: Path) -> Run:
    """`kb ingest` into a fresh data folder."""
    environment = {k: v for k, v in os.environ.items() if k not in _SETTINGS}
    environment |= {"KB_DATA_DIR": str(scratch / "kb"), "KB_OCR": "off"}
    command = [sys.executable, "-m", "indexer.cli", "ingest", str(folder), "--json"]
    wall, cpu, told = timed([*command, "--workers", str(WORKERS)], environment, cwd=_ROOT)
    lines = [json.loads(line) for line in told.splitlines()]
    outcomes = Counter(line["outcome"] for line in lines)
    searchable = sum(1 for line in lines if line["document"] and line["outcome"] != "duplicate")
    pages = sum(line["pages"] for line in lines)
    parts = [f"{name} {count}" for name, count in outcomes.most_common()]
    return Run(wall, cpu, searchable, ", ".join([*parts, f"{pages:,} pages"]))


def theirs(folder: Path, scratch: Path) -> Run:
    """`recollindex` into a fresh configuration."""
    configuration = scratch / "recoll"
    configuration.mkdir()
    settings = f"topdirs = {folder}\nloglevel = 1\nnoaspell = 1\nprocesswebqueue = 0\n"
    (configuration / "recoll.conf").write_text(settings, encoding="utf-8")
    environment = {**os.environ, "RECOLL_CONFDIR": str(configuration)}
    wall, cpu, _ = timed(["recollindex"], environment, cwd=scratch)
    status = (configuration / "idxstatus.txt").read_text(encoding="utf-8")
    counts = dict(line.split(" = ", 1) for line in status.splitlines() if " = " in line)
    return Run(wall, cpu, int(counts["dbtotdocs"]), f"errors {counts['fileerrors']}")


def timed(
    command: Sequence[str], environment: Mapping[str, str], cwd: Path
) -> tuple[float, float, str]:
    """Seconds of wall clock and of CPU for a command, and what it wrote.

    Raises:
        Failed: it did not end well.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    ended = subprocess.run(
        command, env=environment, cwd=cwd, capture_output=True, text=True, check=False
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode:
        raise Failed(f"{' '.join(command)}: {ended.returncode} {ended.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, ended.stdout


def keep_to_two_cores() -> None:
    """For this process and its children, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:WORKERS])


def measure(folder: Path, times: int) -> dict[str, Any]:
    """Both commands in turn, `times` times each."""
    for path in folder.rglob("*"):  # from the disk once, so that nobody pays for it
        if path.is_file():
            path.read_bytes()
    ways: dict[str, Callable[[Path, Path], Run]] = {"kb": ours}
    if shutil.which("recollindex"):
        ways["recollindex"] = theirs
    runs: dict[str, list[Run]] = {name: [] for name in ways}
    for _ in range(times):
        for name, way in ways.items():
            with tempfile.TemporaryDirectory() as scratch:
                runs[name].append(way(folder, Path(scratch)))
    best = {name: min(done, key=lambda run: run.wall) for name, done in runs.items()}
    ratio = best["kb"].wall / best["recollindex"].wall if "recollindex" in best else None
    return {
        "folder": str(folder),
        "workers": WORKERS,
        "best": {name: asdict(run) for name, run in best.items()},
        "runs": {name: [asdict(run) for run in done] for name, done in runs.items()},
        "wall_ratio": ratio and round(ratio, 2),
        "cpu_ratio": ratio and round(best["kb"].cpu / best["recollindex"].cpu, 2),
    }


def table(result: Mapping[str, Any]) -> str:
    """The result for people."""
    lines = [f"{'':<12}{'wall s':>8}{'CPU s':>8}{'files':>7}  {result['workers']} workers"]
    for name, best in result["best"].items():
        figures = f"{best['wall']:>8.1f}{best['cpu']:>8.1f}{best['documents']:>7}"
        lines.append(f"{name:<12}{figures}  {best['detail']}")
    if result["wall_ratio"] is None:
        lines.append("recollindex is not installed: nothing to compare with")
    else:
        lines.append(f"{'ratio':<12}{result['wall_ratio']:>8.2f}{result['cpu_ratio']:>8.2f}")
    return "\n".join(lines)


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=2, help="runs of each; the better counts")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--check", action="store_true", help="exit 1 above the limit")
    options = parser.parse_args()
    keep_to_two_cores()
    result = measure(options.folder.resolve(), options.times)
    print(json.dumps(result, ensure_ascii=False) if options.json else table(result))
    if options.check and (result["wall_ratio"] is None or result["wall_ratio"] > MOST_TIMES):
        sys.exit(1)


if __name__ == "__main__":
    main()
