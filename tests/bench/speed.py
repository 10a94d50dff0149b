"""How fast we index and answer, beside other engines on the same tokens.

Run ``python -m tests.bench.speed --records 20000``; with ``--json`` it prints one object.
Cold is the first time a question is put to an engine that was just opened (the files may be
in the system's cache); warm is the median of :data:`ROUNDS` times after that.
"""

import argparse
import json
import platform
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kb.search.engine import IndexRecord, RecordKind
from tests.bench.generated import Question, neighbours, questions, records
from tests.bench.speed_rivals import SHAPES, Ours, Rival, rivals

ROUNDS = 5
MOST_TIMES = 2.0
MOST_COLD_MS = 30.0


def asked(count: int, made: list[IndexRecord]) -> Mapping[str, list[Question]]:
    """The questions of each shape."""
    several, two = questions(count, range(3, 6)), questions(count, range(2, 3))
    phrases = neighbours(count, made)
    by_shape = (several, several, several, two, phrases, several)
    return dict(zip(SHAPES, by_shape, strict=True))


def measure(
    rival: Rival, folder: Path, made: Sequence[IndexRecord], by_shape: Mapping[str, list[Question]]
) -> dict[str, Any]:
    """Build, then ask everything twice; times in milliseconds, sizes in megabytes."""
    before = resident_mb()
    wall, cpu = time.perf_counter(), time.process_time()
    rival.build(made)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    rival.fresh()
    shapes = {}
    for shape, wanted in by_shape.items():
        rival.fresh()
        wanted = wanted[: rival.most]
        cold = [timed(rival, shape, question) for question in wanted]
        warm = [again(rival, shape, question) for question in wanted]
        shapes[shape] = {"cold": summary(cold), "warm": summary(warm)}
    return {
        "records_per_second": round(len(made) / wall),
        "records_per_cpu_second": round(len(made) / cpu),
        "size_mb": round(size_mb(folder), 1),
        "memory_mb": round(resident_mb() - before, 1),
        "shapes": shapes,
    }


def timed(rival: Rival, shape: str, question: Question) -> float:
    """Milliseconds for one answer."""
    start = time.perf_counter()
    rival.ask(shape, question)
    return (time.perf_counter() - start) * 1000


def again(rival: Rival, shape: str, question: Question) -> float:
    """Milliseconds for an answer that was given before; single ones are disturbed by others."""
    return statistics.median(timed(rival, shape, question) for _ in range(ROUNDS))


def summary(times: Sequence[float]) -> dict[str, float]:
    """The median and the 95th percentile."""
    return {
        "p50": round(statistics.median(times), 2),
        "p95": round(statistics.quantiles(times, n=20)[-1], 2),
    }


def size_mb(folder: Path) -> float:
    """What a folder's files take."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def resident_mb() -> float:
    """Memory of this process now; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def table(result: Mapping[str, Any]) -> str:
    """The result as a table for people."""
    names = list(result["engines"])
    lines = [f"{result['records']:,} records, {result['questions']} questions a shape"]
    lines.append(f"{'p50 / p95 ms':<22}" + "".join(f"{name:>20}" for name in names))
    for shape in SHAPES:
        for state in ("warm", "cold"):
            cells = [result["engines"][name]["shapes"][shape][state] for name in names]
            lines.append(f"{shape + ' ' + state:<22}" + "".join(map(_cell, cells)))
    for row in ("records_per_second", "records_per_cpu_second", "size_mb", "memory_mb"):
        values = (result["engines"][name][row] for name in names)
        lines.append(f"{row:<22}" + "".join(f"{value:>20}" for value in values))
    lines.append(verdict(result["engines"]) or "tantivy is not installed")
    return "\n".join(lines)


def verdict(engines: Mapping[str, Any]) -> str | None:
    """Ours with all facets beside tantivy with one, where that is installed."""
    if "tantivy" not in engines:
        return None
    ours = engines["ours"]["shapes"]["or_facets"]
    theirs = engines["tantivy"]["shapes"]["or_facet"]["warm"]["p95"]
    times = ours["warm"]["p95"] / theirs
    return (
        f"all facets, warm p95: {times:.2f} times tantivy's with one (at most {MOST_TIMES});"
        f" cold p95 {ours['cold']['p95']} ms (at most {MOST_COLD_MS})"
    )


def _cell(times: Mapping[str, float]) -> str:
    return f"{times['p50']:>11.2f} / {times['p95']:<6.2f}"


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000, help="how many cases")
    parser.add_argument("--pages", type=int, default=0, help="pages a case (ours only)")
    parser.add_argument("--questions", type=int, default=100, help="how many of each shape")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    made = list(records(options.records, options.pages))
    cases = [record for record in made if record.kind is RecordKind.CASE]
    by_shape = asked(options.questions, cases)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engines = {
            rival.name: measure(
                rival, folder / rival.name, made if isinstance(rival, Ours) else cases, by_shape
            )
            for rival in rivals(folder)
        }
    result = {
        "records": len(made),
        "questions": options.questions,
        "python": platform.python_version(),
        "engines": engines,
    }
    print(json.dumps(result) if options.json else table(result))


if __name__ == "__main__":
    main()
