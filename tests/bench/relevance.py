"""How well we rank, beside other engines on the same texts and questions in the same run.

``python -m tests.bench.relevance --docs D.jsonl --queries Q.jsonl --qrels R.txt``, or with one
file of pairs ``--pairs P.jsonl`` (``--subject`` types what a pair is about before its question),
prints MRR@10, recall at 10 and nDCG@10 of each engine, and our error (1 - MRR@10) as a share of the
best rival's; with ``--json`` one object. See :mod:`tests.bench.relevance_sets` for the files.
"""

import argparse
import json
import math
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.bench.relevance_rivals import TOP, Rival, rivals
from tests.bench.relevance_sets import Judged, Text, judged, paired, texts

_FILES = ("docs", "queries", "qrels")


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over all questions, 0 to 1."""

    mrr_at_10: float
    recall_at_10: float
    ndcg_at_10: float


def measured(rival: Rival, questions: Sequence[Judged]) -> Figures:
    """Ask everything."""
    answers = [(question, rival.ask(question.text)[:TOP]) for question in questions]
    return Figures(
        _mean(reciprocal_rank(found, q) for q, found in answers),
        _mean(recall(found, q) for q, found in answers),
        _mean(ndcg(found, q) for q, found in answers),
    )


def reciprocal_rank(found: Sequence[str], question: Judged) -> float:
    """1 over the place of the first text that answers; 0 where none is there."""
    ranks = (rank for rank, id_ in enumerate(found, 1) if id_ in question.grades)
    return 1 / next(ranks, math.inf)


def recall(found: Sequence[str], question: Judged) -> float:
    """The share of the answering texts that is there."""
    return len(set(found) & set(question.grades)) / len(question.grades)


def ndcg(found: Sequence[str], question: Judged) -> float:
    """Discounted gain of the grades, as a share of what the best order would have."""
    gained = [question.grades.get(id_, 0) for id_ in found]
    best = sorted(question.grades.values(), reverse=True)[:TOP]
    return _discounted(gained) / _discounted(best)


def _discounted(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return round(sum(held) / max(len(held), 1), 4)


def error_ratio(figures: dict[str, Figures]) -> float:
    """Our 1 - MRR@10 over that of the best of the others."""
    errors = {name: 1 - each.mrr_at_10 for name, each in figures.items()}
    ours = errors.pop("ours")
    return round(ours / min(errors.values()), 3)


def _set(
    parser: argparse.ArgumentParser, options: argparse.Namespace
) -> tuple[list[Text], list[Judged]]:
    """What is asked for on the command line; ends with a message where it is neither set."""
    files = [getattr(options, name) for name in _FILES]
    if options.pairs and not any(files):
        return paired(options.pairs, options.questions, subject=options.subject)
    if not all(files) or options.pairs:
        parser.error("either --docs, --queries and --qrels, or --pairs alone")
    return texts(options.docs), judged(options.queries, options.qrels, options.questions)


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in (*_FILES, "pairs"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--subject", action="store_true", help="typed before a pair's question")
    parser.add_argument("--questions", type=int, default=2000, help="at most; evenly spread")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found, questions = _set(parser, options)
    figures: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as folder:
        for rival in rivals(Path(folder)):
            rival.build(found)
            figures[rival.name] = measured(rival, questions)
    result: dict[str, Any] = {
        "texts": len(found),
        "questions": len(questions),
        "engines": {name: asdict(each) for name, each in figures.items()},
        "error_ratio": error_ratio(figures),
    }
    print(json.dumps(result) if options.json else table(result))


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    rows = [f"{result['texts']:,} texts, {result['questions']:,} questions"]
    rows.append(f"{'':<14}{'MRR@10':>9}{'R@10':>9}{'nDCG@10':>9}")
    for name, each in result["engines"].items():
        rows.append(f"{name:<14}" + "".join(f"{value:>9.4f}" for value in each.values()))
    rows.append(f"our error / best rival's: {result['error_ratio']}")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
