"""How well documents are recognised.

``python -m tests.bench.recognition LABELS.csv [--json] [--errors]``: LABELS.csv has
``file,municipality,fiscal_year`` with files named from the folder above its own; an empty
municipality means that none may be recognised. The corpus is measured beside it.

``python -m tests.bench.recognition --corpus corpus [--json] [--errors]``: the corpus alone, its
metadata (CSV files, names of files, PDF titles and authors) withheld.

Printed are precision and recall per field, right and wrong per rule, how many of the proposals
of each confidence were right, and the CPU time per page.
"""

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from indexer.recognise.recognise import Recognised, Recognisers, Source
from kb.domain.classification import DepartmentFunction, Theme
from kb.japanese.fold import fold_text
from tests.bench.recognition_sets import (
    CORPUS,
    Truth,
    events_of,
    extracted,
    gazetteer,
    invented,
    rows,
    source_of,
    truth_of,
)

BANDS = (0.9, 0.75, 0.6, 0.0)

Found = Mapping[str, tuple[Recognised[Any], ...]]


@dataclass(slots=True)
class Score:
    """Proposals of one field against the truth."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    rules: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    bands: dict[float, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    errors: list[str] = field(default_factory=list)

    def add(self, name: str, proposals: Iterable[Recognised[Any]], truth: frozenset[Any]) -> None:
        """Count the proposals for one document."""
        met = set()
        for proposal in proposals:
            value = comparable(proposal.value)
            verdict = "right" if value in truth else "wrong"
            met.add(value)
            self.rules[proposal.rule][verdict] += 1
            self.bands[next(b for b in BANDS if proposal.confidence >= b)][verdict] += 1
            self.right += verdict == "right"
            self.wrong += verdict == "wrong"
            if verdict == "wrong":
                self.errors.append(f"{name}: {value} ({proposal.rule}, {proposal.confidence:.2f})")
        self.missed += len(truth - met)
        self.errors += [f"{name}: {value} missed" for value in truth - met]

    def as_json(self) -> dict[str, Any]:
        """The figures."""
        return {
            "right": self.right,
            "wrong": self.wrong,
            "missed": self.missed,
            "precision": _share(self.right, self.wrong),
            "recall": _share(self.right, self.missed),
            "rules": {rule: dict(counts) for rule, counts in sorted(self.rules.items())},
            "confidence": {
                str(band): {**self.bands[band], "share": _share(*_counts(self.bands[band]))}
                for band in sorted(self.bands, reverse=True)
            },
        }


def _counts(counts: Counter[str]) -> tuple[int, int]:
    return counts["right"], counts["wrong"]


def _share(part: int, rest: int) -> float | None:
    return round(part / (part + rest), 4) if part + rest else None


def comparable(value: Any) -> Any:
    """What of a proposal is compared: names for departments and people, folded for texts."""
    name = getattr(value, "name", None) if not isinstance(value, Theme | DepartmentFunction) else ""
    text = name if name and not hasattr(value, "label") else value
    if hasattr(value, "label"):
        return str(value.value)
    return "".join(fold_text(text).split()) if isinstance(text, str) else text


class Measured:
    """Scores per field over one set of documents, and what they cost."""

    def __init__(self, recognisers: Recognisers) -> None:
        self._recognisers = recognisers
        self.scores: dict[str, Score] = defaultdict(Score)
        self.documents = self.pages = 0
        self.seconds = 0.0

    def add(self, name: str, source: Source, truth: Truth) -> Found:
        """Recognise one document and compare it."""
        begun = time.process_time()
        found = self._recognisers.recognise(source)
        self.seconds += time.process_time() - begun
        self.documents += 1
        self.pages += min(7, len(source.pages))
        for field_name, values in truth.items():
            several = field_name in ("municipality", "departments", "functions", "themes", "people")
            proposals = found[field_name] if several else found[field_name][:1]
            self.scores[field_name].add(name, proposals, values)
        return found

    def as_json(self) -> dict[str, Any]:
        """The figures."""
        return {
            "documents": self.documents,
            "pages_looked_at": self.pages,
            "cpu_ms_per_page": round(1000 * self.seconds / max(1, self.pages), 2),
            "fields": {name: score.as_json() for name, score in self.scores.items()},
        }


def labelled(labels: Path, recognisers: Recognisers, *, withheld: bool = False) -> Measured:
    """The labelled PDFs under the last part of their names, or without name and metadata."""
    measured = Measured(recognisers)
    table = rows(labels)
    paths = [labels.parent.parent / row["file"] for row in table]
    for row, (path, document) in zip(table, extracted(paths).items(), strict=True):
        truth: dict[str, frozenset[Any]] = {
            "municipality": frozenset({row["municipality"]} - {""}),
        }
        if row["fiscal_year"]:
            truth["implemented_in"] = frozenset({int(row["fiscal_year"])})
        name = path.suffix if withheld else path.name
        measured.add(path.name, source_of(name, document, withheld=withheld), truth)
    return measured


def corpus(
    recognisers: Recognisers, *, withheld: bool, with_event: bool = False, folder: Path = CORPUS
) -> Measured:
    """The documents of the corpus that can be read, under names that say nothing."""
    measured = Measured(recognisers)
    events = events_of(folder) if with_event else {}
    cases = {row["ID"]: row for row in rows(folder / "cases.csv")}
    people = {row["id"]: row["name"] for row in rows(folder / "people.csv")}
    table = [row for row in rows(folder / "documents.csv") if row["file"]]
    documents = extracted([folder / row["file"] for row in table])
    for number, (row, (path, document)) in enumerate(zip(table, documents.items(), strict=True)):
        if any(page.text.strip() for page in document.pages):
            source = source_of(f"{number}{path.suffix}", document, withheld=withheld)
            source = replace(source, event=events.get(row["event_id"]))
            measured.add(row["id"], source, truth_of(row, cases.get(row["case_id"]), people))
    return measured


def show(name: str, measured: Measured, *, errors: bool) -> None:
    """The tables of one set."""
    figures = measured.as_json()
    print(f"\n{name}: {figures['documents']} documents, {figures['cpu_ms_per_page']} ms CPU a page")
    heads = f"{'right':>6}{'wrong':>6}{'missed':>7}{'precision':>10}{'recall':>8}"
    print(f"{'':20}{heads}   by confidence")
    for field_name, score in figures["fields"].items():
        bands = "  ".join(
            f">={band}: {counts.get('right', 0)}/{counts.get('right', 0) + counts.get('wrong', 0)}"
            for band, counts in score["confidence"].items()
        )
        shares = "".join(
            f"{'-' if value is None else f'{value:.1%}':>{width}}"
            for value, width in ((score["precision"], 10), (score["recall"], 8))
        )
        counts = f"{score['right']:6}{score['wrong']:6}{score['missed']:7}"
        print(f"{field_name:20}{counts}{shares}   {bands}")
        # Rules of one field: right of all.
        rules = ", ".join(
            f"{rule} {counts.get('right', 0)}/{sum(counts.values())}"
            for rule, counts in score["rules"].items()
        )
        print(f"{'':20}   {rules}")
        for error in measured.scores[field_name].errors if errors else ():
            print(f"{'':10}{error}")


def calibration(sets: Iterable[Measured]) -> dict[str, dict[str, float | int | None]]:
    """Over all fields of all sets: of the proposals of each band, how many were right."""
    total: dict[float, Counter[str]] = defaultdict(Counter)
    for measured in sets:
        for score in measured.scores.values():
            for band, counts in score.bands.items():
                total[band] += counts
    return {
        str(band): {
            "right": counts["right"],
            "proposed": sum(counts.values()),
            "share": _share(*_counts(counts)),
        }
        for band, counts in sorted(total.items(), reverse=True)
    }


def measured_on_labels(labels: Path) -> dict[str, Measured]:
    """The labelled files and the corpus, with more and with less known beside the pages."""
    real, with_invented = Recognisers(gazetteer()), Recognisers(gazetteer(invented()))
    return {
        "labelled files": labelled(labels, real),
        "labelled files, names and metadata withheld": labelled(labels, real, withheld=True),
        "corpus, metadata withheld": corpus(with_invented, withheld=True),
        "corpus": corpus(with_invented, withheld=False),
        "corpus, with its events": corpus(with_invented, withheld=False, with_event=True),
    }


def measured_on_corpus(folder: Path) -> dict[str, Measured]:
    """The documents of a corpus with nothing known beside their pages."""
    recognisers = Recognisers(gazetteer(invented(folder)))
    return {"corpus, metadata withheld": corpus(recognisers, withheld=True, folder=folder)}


DISTINCT = ("labelled files", "corpus, metadata withheld")
"""The sets whose proposals are counted together: each document once."""


def main() -> None:
    """Recognise, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path, nargs="?")
    parser.add_argument("--corpus", type=Path, help="a folder like corpus/, measured alone")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--errors", action="store_true", help="name what was wrong or missed")
    options = parser.parse_args()
    if (options.labels is None) == (options.corpus is None):
        parser.error("name LABELS.csv or --corpus FOLDER")
    sets = (
        measured_on_labels(options.labels) if options.labels else measured_on_corpus(options.corpus)
    )
    counted = calibration(sets[name] for name in DISTINCT if name in sets)
    if options.json:
        figures: dict[str, Any] = {name: measured.as_json() for name, measured in sets.items()}
        print(json.dumps(figures | {"confidence": counted}, ensure_ascii=False))
        return
    for name, measured in sets.items():
        show(name, measured, errors=options.errors)
    print(
        f"\n{' and '.join(n for n in DISTINCT if n in sets)}, all fields: right of those proposed"
    )
    for band, counts in counted.items():
        print(f">={band}: {counts['right']}/{counts['proposed']} = {counts['share']:.1%}")


if __name__ == "__main__":
    main()
