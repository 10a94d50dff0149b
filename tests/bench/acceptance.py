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
from kb.domain.known_question import expected_of
from kb.search.known_questions import Given, shortfalls

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One question and why it did not pass; empty reasons are a pass."""

    id: str
    query: str
    reasons: tuple[str, ...]


_REASONS = {
    "first": "first is {got}, not {wanted}",
    "nothing": "{got} results, not none",
    "found": "{wanted} is not among the first ten",
    "suggested": "{wanted} is not offered",
    "understood": "not understood as {wanted}",
}


def judged(row: Mapping[str, str], answer: Mapping[str, Any]) -> Verdict:
    """Whether an answer is what the row asks for, as `kb check --questions` judges."""
    expected = expected_of(row["first"], row["any"], understood=row["understood"])
    reasons = (
        _REASONS[each.kind].format(wanted=each.wanted, got=each.got or None)
        for each in shortfalls(expected, _given(answer))
    )
    return Verdict(row["id"], row["query"], tuple(reasons))


def _given(answer: Mapping[str, Any]) -> Given:
    results = answer["results"]
    case = (results[0]["case"] or {}).get("id") if results else None
    return Given(
        total=answer["total"],
        first=(case,) if case else (),
        shown=frozenset(_shown(answer)),
        pages=frozenset(),
        suggested=tuple(s["text"] for s in answer["suggestions"] if s["kind"] == "did_you_mean"),
        understood=frozenset(chip["kind"] for chip in answer["understood"]),
        missing=(),
    )


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
