"""Questions with the texts that answer them, read from files.

Documents and questions are JSON lines (``id, title, text`` and ``id, text``), judgements are in
TREC's form (``question 0 document grade``); a name ending in .gz is unpacked.
``python -m tests.bench.relevance_sets PAIRS.jsonl FOLDER`` writes these three from a file of
question and answer summaries, each question being answered by the one text it is paired with.
"""

import argparse
import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """Something that can be found."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and the grades of the texts that answer it."""

    text: str
    grades: Mapping[str, int]


def lines(path: Path) -> Iterator[str]:
    """The lines of a file that are not empty."""
    packed = path.read_bytes()
    plain = gzip.decompress(packed) if path.suffix == ".gz" else packed
    yield from (line for line in plain.decode("utf-8").split("\n") if line.strip())


def texts(path: Path) -> list[Text]:
    """Every document of a file."""
    rows = map(json.loads, lines(path))
    return [Text(str(row["id"]), row.get("title") or "", row["text"]) for row in rows]


def judged(queries: Path, qrels: Path, most: int) -> list[Judged]:
    """Judged questions, at most `most` of them, taken evenly from the whole file."""
    grades: dict[str, dict[str, int]] = {}
    for line in lines(qrels):
        question, _, document, grade = line.split()
        if int(grade) > 0:
            grades.setdefault(question, {})[document] = int(grade)
    asked = [(str(row["id"]), row["text"]) for row in map(json.loads, lines(queries))]
    known = [Judged(text, grades[id_]) for id_, text in asked if id_ in grades]
    step = max(len(known) / most, 1.0)
    return [known[int(at * step)] for at in range(min(most, len(known)))]


def write_pairs(pairs: Path, folder: Path) -> None:
    """Write docs.jsonl, queries.jsonl and qrels.txt from question and answer summaries."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines(pairs)]
    whole = [row for row in rows if row["QuestionSummary"] and row["AnswerSummary"]]
    folder.mkdir(parents=True, exist_ok=True)
    _write_json(
        folder / "docs.jsonl",
        (
            {"id": row["ID"], "title": row["SubTopic"], "text": row["AnswerSummary"]}
            for row in whole
        ),
    )
    _write_json(
        folder / "queries.jsonl",
        ({"id": row["ID"], "text": row["QuestionSummary"]} for row in whole),
    )
    ids = (row["ID"] for row in whole)
    (folder / "qrels.txt").write_text("".join(f"{id_} 0 {id_} 1\n" for id_ in ids), "utf-8")


def _write_json(path: Path, rows: Iterator[Mapping[str, str]]) -> None:
    made = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(made), "utf-8")


def main() -> None:
    """Turn pairs into a set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    write_pairs(options.pairs, options.folder)


if __name__ == "__main__":
    main()
