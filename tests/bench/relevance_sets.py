"""Questions with the texts that answer them, read from files.

Documents and questions are JSON lines (``id, title, text`` and ``id, text``), judgements are in
TREC's form (``question 0 document grade``); a name ending in .gz is unpacked. Or both are taken
from one file of questions paired with their answers.
"""

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
    return _spread([Judged(text, grades[id_]) for id_, text in asked if id_ in grades], most)


def paired(path: Path, most: int, *, subject: bool) -> tuple[list[Text], list[Judged]]:
    """A set made of question and answer summaries of an assembly, as JSON lines.

    The texts are the answers, each under its subject; the questions, at most `most` of them and
    taken evenly, are each answered by the one text they are paired with. With `subject` it is
    typed before the question: many questions (実現すべき。見解を伺う。) do not say of what.
    """
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines(path)]
    whole = [row for row in rows if row["QuestionSummary"] and row["AnswerSummary"]]
    answers = [Text(row["ID"], row["SubTopic"], row["AnswerSummary"]) for row in whole]
    before = (f"{row['SubTopic']} " if subject else "" for row in whole)
    asked = [
        Judged(said + row["QuestionSummary"], {row["ID"]: 1})
        for said, row in zip(before, whole, strict=True)
    ]
    return answers, _spread(asked, most)


def _spread(known: list[Judged], most: int) -> list[Judged]:
    step = max(len(known) / most, 1.0)
    return [known[int(at * step)] for at in range(min(most, len(known)))]
