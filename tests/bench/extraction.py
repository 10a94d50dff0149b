"""How fast and how whole PDFs are read, beside default pdfminer.six and pypdfium2.

Run ``python -m tests.bench.extraction FOLDER``; with ``--truth truth.json`` the share of true
sentences found whole, per file of its folder; with ``--json`` one object; with ``--check``
exit 1 when a bound fails: three times default pdfminer's pages per CPU-second, no file slower
than it, no page lost against it, and 97 % of the true sentences in every file with text.

Every file is read by every reader in a fresh child process, the readers taking turns, and
CPU time is counted, not the clock's. Importing is not counted; loading character maps is.
"""

import argparse
import json
import platform
import sys
from pathlib import Path
from typing import Any

from tests.bench.extraction_readers import READERS, Reading, read_in_child
from tests.bench.extraction_truth import NEEDS_NO_TEXT, Share, shares

LEAST_SPEED = 3.0
"""Times default pdfminer's pages per CPU-second."""

LEAST_SHARE = 0.97
"""Of the true sentences of a file that holds text."""

SLACK_SECONDS = 0.02
"""What the CPU clock and a shared machine may add to one small file."""

OURS, DEFAULT = "ours", "pdfminer"


def measure(folder: Path, rounds: int) -> list[dict[str, Any]]:
    """Read every PDF under a folder with every reader; the least of `rounds` counts."""
    rows = []
    for path in sorted(folder.rglob("*.pdf")):
        found: dict[str, Reading] = {}
        for _ in range(rounds):
            for name in READERS:
                reading = read_in_child(name, path)
                found[name] = min(found.get(name, reading), reading, key=lambda r: r.seconds)
        rows.append({"file": path.name, **{name: found[name] for name in READERS}})
    return rows


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Totals per reader, with the files on which we are slower or have fewer pages."""
    totals = {}
    for name in READERS:
        pages = sum(row[name].pages for row in rows)
        seconds = sum(row[name].seconds for row in rows)
        totals[name] = {
            "pages": pages,
            "cpu_seconds": round(seconds, 2),
            "pages_per_cpu_second": round(pages / seconds, 1) if seconds else 0.0,
        }
    outcomes: dict[str, int] = {}
    for row in rows:
        outcomes[row[OURS].outcome] = outcomes.get(row[OURS].outcome, 0) + 1
    speeds = {name: total["pages_per_cpu_second"] for name, total in totals.items()}
    return {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "files": len(rows),
        "readers": totals,
        "times_default": round(speeds[OURS] / speeds[DEFAULT], 2) if speeds[DEFAULT] else None,
        "outcomes": outcomes,
        "slower_than_default": [
            row["file"]
            for row in rows
            if row[OURS].seconds > row[DEFAULT].seconds + SLACK_SECONDS
            and row[DEFAULT].outcome == "read"
        ],
        "fewer_pages_than_default": [
            row["file"] for row in rows if row[OURS].pages < row[DEFAULT].pages
        ],
    }


def failures(found: dict[str, Any], truth: list[Share]) -> list[str]:
    """Which bounds do not hold, in words."""
    said = []
    if (found["times_default"] or 0.0) < LEAST_SPEED:
        said.append(f"{found['times_default']} times default, not {LEAST_SPEED}")
    said += [f"slower than default: {name}" for name in found["slower_than_default"]]
    said += [f"pages lost: {name}" for name in found["fewer_pages_than_default"]]
    said += [
        f"sentences lost: {share.file} {share.whole:.1%}"
        for share in truth
        if share.whole < LEAST_SHARE and share.outcome not in NEEDS_NO_TEXT
    ]
    return said


def print_tables(rows: list[dict[str, Any]], found: dict[str, Any], truth: list[Share]) -> None:
    """Print totals, the slowest files, outcomes and shares."""
    print(f"{found['files']} files, {found['machine']}\n")
    print(f"{'reader':<12}{'pages':>8}{'CPU s':>10}{'pages/CPU s':>14}")
    for name, total in found["readers"].items():
        speed = total["pages_per_cpu_second"]
        print(f"{name:<12}{total['pages']:>8}{total['cpu_seconds']:>10.2f}{speed:>14.1f}")
    print(f"\nours / default: {found['times_default']}\n")
    print(f"{'slowest for us':<56}{'pages':>6}" + "".join(f"{name:>11}" for name in READERS))
    for row in sorted(rows, key=lambda row: -row[OURS].seconds)[:15]:
        times = "".join(f"{row[name].seconds:>11.3f}" for name in READERS)
        print(f"{row['file'][-54:]:<56}{row[OURS].pages:>6}{times}")
    print("\noutcomes: " + ", ".join(f"{k} {v}" for k, v in sorted(found["outcomes"].items())))
    if truth:
        print(f"\n{'true sentences':<28}{'found':>7}{'of':>6}{'share':>8}  outcome")
        for share in truth:
            counts = f"{share.found:>7}{share.sentences:>6}{share.whole:>8.1%}"
            print(f"{share.file:<28}{counts}  {share.outcome}")


def as_json(rows: list[dict[str, Any]], found: dict[str, Any], truth: list[Share]) -> str:
    """The same as one JSON object."""
    files = [
        {"file": row["file"], **{name: row[name]._asdict() for name in READERS}} for row in rows
    ]
    sentences = [share._asdict() | {"whole": round(share.whole, 4)} for share in truth]
    return json.dumps({**found, "per_file": files, "truth": sentences}, ensure_ascii=False)


def main() -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--truth", type=Path, help="truth.json, beside the PDFs it speaks of")
    parser.add_argument("--rounds", type=int, default=1, help="take the least of so many runs")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bound fails")
    arguments = parser.parse_args()
    rows = measure(arguments.folder, arguments.rounds)
    found = summary(rows)
    truth = shares(arguments.truth) if arguments.truth else []
    if arguments.json:
        print(as_json(rows, found, truth))
    else:
        print_tables(rows, found, truth)
    said = failures(found, truth)
    for line in said:
        print(f"bound failed: {line}", file=sys.stderr)
    return 1 if said and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
