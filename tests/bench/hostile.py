"""What hostile files do to us: ``python -m tests.bench.hostile FOLDER [--json] [--check]``.

Every file of FOLDER is read in the sandbox, and counted, drawn and read by PDFium, each in a
confined child with the given limits. Printed are how each ended, how many seconds past its limit
the slowest call came back, by how much this process grew meanwhile, and which children were
left. ``--check`` exits with 1 when a call raised what it may not, came back more than 2 s late,
the process grew by 100 MB, or a child was left.
"""

import argparse
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.extracted import ExtractedDocument, Limits
from indexer.sandbox import Sandbox
from kb.confined import Limits as ChildLimits
from kb.pdfium import Pdfium, PdfiumFailed

MOST_LATE = 2.0
"""Seconds past its limit that a call may come back."""
MOST_GROWTH_MB = 100.0
READ, COUNT, DRAW, TEXT = TASKS = ("read", "page_count", "draw", "text")
_SLOWEST = 12


@dataclass(frozen=True, slots=True)
class Ended:
    """How one call on one file ended."""

    file: str
    task: str
    outcome: str
    seconds: float


def hostile_files(folder: Path) -> list[Path]:
    """Every file of a folder but its tables."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".csv")


def peak_mb() -> float:
    """The most memory this process ever had resident, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def children() -> set[int]:
    """The processes this one has started and that are still there."""
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        found |= set(map(int, (task / "children").read_text().split()))
    return found


def outcome(document: ExtractedDocument) -> str:
    """The outcomes of a document's faults, or `pages` when it has none."""
    faults = sorted({fault.outcome.value for fault in document.faults})
    kept = ["pages"] if document.pages else []
    return "+".join([*kept, *faults]) or "NOTHING"


def attempts(
    sandbox: Sandbox, pdfium: Pdfium, path: Path
) -> Iterable[tuple[str, Callable[[], str]]]:
    """The four calls on one file, each giving how it ended."""

    def named(call: Callable[[], object]) -> str:
        try:
            call()
        except PdfiumFailed as failed:
            return failed.kind.value
        return "done"

    yield READ, lambda: outcome(sandbox.extract(path))
    yield COUNT, lambda: named(lambda: pdfium.page_count(path))
    yield DRAW, lambda: named(lambda: pdfium.draw(path, 1, 960))
    yield TEXT, lambda: named(lambda: pdfium.text(path, [1, 2, 3]))


def measure(
    paths: Sequence[Path], seconds: float, memory_mb: int, tasks: Sequence[str] = TASKS
) -> list[Ended]:
    """How each call on each file ended."""
    ended = []
    with (
        Sandbox(Limits(seconds=seconds, memory_mb=memory_mb)) as sandbox,
        Pdfium(ChildLimits(seconds, memory_mb)) as pdfium,
    ):
        for path in paths:
            for task, call in attempts(sandbox, pdfium, path):
                if task in tasks:
                    began = time.monotonic()
                    result = call()
                    ended.append(Ended(path.name, task, result, time.monotonic() - began))
    return ended


def show(ended: Sequence[Ended], summary: dict[str, object]) -> None:
    """The tables."""
    for task in TASKS:
        counts = Counter(one.outcome for one in ended if one.task == task)
        print(f"{task}: {sum(counts.values())} files")
        for name, count in counts.most_common():
            print(f"  {count:4} {name}")
    print("slowest")
    for one in sorted(ended, key=lambda one: -one.seconds)[:_SLOWEST]:
        print(f"  {one.seconds:6.2f} s {one.task:10} {one.outcome:28} {one.file}")
    for name, value in summary.items():
        print(f"{name}: {value}")


def main() -> None:
    """Measure, print, and on demand judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--memory-mb", type=int, default=512)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    paths = hostile_files(options.folder)
    before = peak_mb()
    ended = measure(paths, options.seconds, options.memory_mb)
    late = max((one.seconds for one in ended), default=0.0) - options.seconds
    growth = peak_mb() - before
    unnamed = [one.file for one in ended if one.outcome == "NOTHING"]
    left = len(children())
    summary: dict[str, object] = {
        "files": len(paths),
        "latest_seconds": round(late, 2),
        "grown_mb": round(growth, 1),
        "children_left": left,
        "without_outcome": unnamed,
    }
    if options.json:
        print(json.dumps({**summary, "ended": [asdict(one) for one in ended]}))
    else:
        show(ended, summary)
    if options.check and (unnamed or left or late > MOST_LATE or growth > MOST_GROWTH_MB):
        sys.exit(1)


if __name__ == "__main__":
    main()
