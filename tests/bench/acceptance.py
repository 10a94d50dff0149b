"""The questions of the three kinds of users: ``python -m tests.bench.acceptance FILE.csv``.

Takes corpus/ into a fresh data folder and asks each question of the file as the command line
would. A row passes when its first result, the identifiers asked for and the kind of
understanding are all there; otherwise the reason is printed.
"""

import argparse
import csv
import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from indexer.cli import main as kb

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One question and why it did not pass; empty reasons are a pass."""

    id: str
    query: str
    reasons: tuple[str, ...]


def judged(row: Mapping[str, str], answer: Mapping[str, Any]) -> Verdict:
    """Whether an answer is what the row asks for."""
    reasons = [*_first(row["first"], answer), *_any(row["any"], answer)]
    kind = row["understood"]
    if kind and kind not in {chip["kind"] for chip in answer["understood"]}:
        reasons.append(f"not understood as {kind}")
    return Verdict(row["id"], row["query"], tuple(reasons))


def _first(wanted: str, answer: Mapping[str, Any]) -> list[str]:
    if not wanted:
        return []
    results = answer["results"]
    case = (results[0]["case"] or {}).get("id") if results else None
    return [] if case in wanted.split("|") else [f"first is {case}, not {wanted}"]


def _any(wanted: str, answer: Mapping[str, Any]) -> list[str]:
    shown = _shown(answer)
    reasons = []
    for part in filter(None, wanted.split(";")):
        if part == "none":
            reasons += [f"{answer['total']} results, not none"] if answer["total"] else []
        elif part.startswith("did_you_mean:"):
            reasons += _suggested(part.partition(":")[2], answer)
        elif not shown & set(part.split("|")):
            reasons.append(f"{part} is not among the first ten")
    return reasons


def _suggested(wanted: str, answer: Mapping[str, Any]) -> list[str]:
    offered = [s["text"] for s in answer["suggestions"] if s["kind"] == "did_you_mean"]
    return [] if wanted in offered else [f"{wanted} is not offered"]


def _shown(answer: Mapping[str, Any]) -> set[str]:
    shown = {entity["id"] for entity in answer["entities"]}
    for result in answer["results"][:10]:
        if result["case"]:
            shown.add(result["case"]["id"])
        shown.update(document["id"] for document in result["documents"])
    return shown


def _filters(text: str) -> list[str]:
    """``municipality=中野区&theme=...`` as options of the command."""
    options = []
    for part in filter(None, text.replace(";", "&").split("&")):
        name, _, value = part.partition("=")
        options += [f"--{name.replace('_', '-')}", value]
    return options


def verdicts(questions: Path, data_dir: Path) -> list[Verdict]:
    """Every question put to the corpus in `data_dir`."""
    environment = {"KB_DATA_DIR": str(data_dir)}
    runner = CliRunner(env=environment)
    taken = runner.invoke(kb, ["ingest", str(ROOT / "corpus"), "--json"])
    if taken.exit_code:
        raise SystemExit(taken.output)
    found = []
    with questions.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            options = _filters(row.get("filters") or "")
            asked = runner.invoke(kb, ["search", "--json", *options, "--", row["query"]])
            if asked.exit_code:
                found.append(Verdict(row["id"], row["query"], (asked.output.strip(),)))
            else:
                found.append(judged(row, json.loads(asked.stdout)))
    return found


def main() -> None:
    """Print every question with its verdict, and how many passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = verdicts(options.questions, Path(folder))
    passed = sum(not verdict.reasons for verdict in found)
    if options.json:
        rows = [{"id": v.id, "query": v.query, "reasons": v.reasons} for v in found]
        json.dump({"passed": passed, "of": len(found), "questions": rows}, sys.stdout)
        return
    for verdict in found:
        print(f"{'ok ' if not verdict.reasons else 'NO '} {verdict.id:5} {verdict.query}")
        for reason in verdict.reasons:
            print(f"         {reason}")
    print(f"{passed} of {len(found)} passed")


if __name__ == "__main__":
    main()
