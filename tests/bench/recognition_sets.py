"""The documents that recognition is measured on: labelled files, and the corpus with its truth.

Files are read once, by two children, into a cache in the temporary folder.
"""

import csv
import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from indexer.extract.parts import UnreadablePart, assemble, from_line, to_line
from indexer.extracted import ExtractedDocument, Limits, Places
from indexer.recognise.recognise import EventContext, Source
from indexer.sandbox import Sandbox
from kb.catalogue.tables import load_former_names, load_municipalities
from kb.domain.classification import DepartmentFunction, Theme
from kb.domain.gazetteer import Gazetteer
from kb.domain.municipality import Municipality, MunicipalityCode, MunicipalityKind
from kb.japanese.fold import fold_text
from kb.japanese.readings import romaji_key, to_hiragana

CORPUS = Path(__file__).parents[2] / "corpus"
CACHE = Path(tempfile.gettempdir()) / "kb-recognition"
LIMITS = Limits()

Truth = Mapping[str, frozenset[Any]]
"""Field -> the values that are right; a field that is not there is not judged."""


def gazetteer(extra: Sequence[Municipality] = ()) -> Gazetteer:
    """The shipped tables, with invented municipalities."""
    return Gazetteer(
        [*load_municipalities(), *extra],
        load_former_names(),
        romaji_key=romaji_key,
        to_hiragana=to_hiragana,
        fold=fold_text,
    )


def invented(folder: Path = CORPUS) -> list[Municipality]:
    """The municipalities of the corpus."""
    return [
        Municipality(
            code=MunicipalityCode(row["code"]),
            name=row["name"],
            kana=row["kana"],
            romaji=row["romaji"],
            kind=MunicipalityKind(row["kind"]),
            prefecture=row["prefecture"],
        )
        for row in rows(folder / "municipalities.csv")
    ]


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def extracted(paths: Sequence[Path]) -> dict[Path, ExtractedDocument]:
    """The files as they were read, from the cache where they are in it."""
    CACHE.mkdir(exist_ok=True)
    with Sandbox(LIMITS, workers=2) as sandbox, ThreadPoolExecutor(2) as pool:
        documents = pool.map(lambda path: _document(sandbox, path), paths)
        return dict(zip(paths, documents, strict=True))


def _document(sandbox: Sandbox, path: Path) -> ExtractedDocument:
    held = CACHE / f"{hashlib.sha256(path.read_bytes()).hexdigest()}.jsonl"
    if held.exists():
        # What an older version wrote, and this one cannot read, is read from the file again.
        with suppress(UnreadablePart):
            return _cached(held)
    document = sandbox.extract(path)
    pages = (replace(page, places=Places()) for page in document.pages)
    held.write_bytes(b"".join([to_line(document), *map(to_line, pages)]))
    return _cached(held)


def _cached(held: Path) -> ExtractedDocument:
    return assemble(from_line(line, LIMITS) for line in held.read_bytes().splitlines() if line)


def source_of(name: str, document: ExtractedDocument, *, withheld: bool = False) -> Source:
    return Source(
        file_name=name,
        pages=document.pages,
        metadata_title=None if withheld else document.title,
        author=None if withheld else document.author,
        created=None if withheld else document.created,
    )


def events_of(folder: Path) -> dict[str, EventContext]:
    """The events of the corpus, with the municipalities of their cases."""
    presented: dict[str, list[str]] = defaultdict(list)
    for case in rows(folder / "cases.csv"):
        presented[case["催しID"]] += _set(case["団体コード"])
    return {
        row["id"]: EventContext(
            date.fromisoformat(row["held_on"]),
            tuple(sorted(set(presented[row["id"]]))),
            row["title"],
        )
        for row in rows(folder / "events.csv")
    }


def truth_of(
    row: Mapping[str, str], case: Mapping[str, str] | None, people: Mapping[str, str]
) -> Truth:
    truth: dict[str, frozenset[Any]] = {
        "municipality": _set(row["municipality_codes"]),
        "presented_in": frozenset({int(row["presented_in"])}) if row["presented_in"] else _set(""),
        "kind": _set(row["kind"]),
        "title": _folded(row["title"]),
        "departments": _set(row["departments"]),
        "people": frozenset(fold_text(people[person]) for person in _set(row["people"])),
        "series": _folded(row["series"]),
        "series_number": _folded(row["series_number"]),
        "rights_statement": _folded(row["rights_statement"]),
    }
    if case is not None:
        themes = (Theme.from_text(label) for label in _set(case["テーマ"]))
        functions = (DepartmentFunction.from_text(label) for label in _set(case["部署機能"]))
        truth["implemented_in"] = frozenset({int(case["事例実施年"])})
        truth["themes"] = frozenset(str(theme.value) for theme in themes if theme)
        truth["functions"] = frozenset(str(one.value) for one in functions if one)
    return truth


def _set(text: str) -> frozenset[str]:
    return frozenset(part for part in text.split(";") if part)


def _folded(text: str) -> frozenset[str]:
    return frozenset({"".join(fold_text(text).split())} - {""})
