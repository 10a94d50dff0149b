"""How long a file of changes takes: looked at, written, looked at once more.

python -m tests.bench.bulk --rows 1000 [--stored N] [--json]

A catalogue of invented cases is made in a temporary folder and its own export changed in one
field of every second row; every tenth row is a new case. CPU seconds of this process.
"""

import argparse
import csv
import io
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from indexer.exchange.bulk_jobs import BulkWork
from indexer.exchange.report import RowOutcome
from kb.catalogue.bulk.service import BulkDesk
from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.jobs.queue import JobQueue
from kb.catalogue.reference import fill_reference_tables
from kb.catalogue.session import Database
from kb.catalogue.tables import load_municipalities
from kb.catalogue.writing import writing
from kb.domain.case_study import NARRATIVE
from kb.domain.classification import Theme
from kb.domain.municipality import MunicipalityKind

T = TypeVar("T")

NEW_EVERY, CHANGED_EVERY = 10, 2
TEXT = "窓口の待ち時間を減らすため、係の全員で手順を書き出し、要らない手順をやめた。" * 4


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--stored", type=int, default=0, help="cases held (usual: as many as rows)")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = measured(Path(folder), asked.rows, asked.stored or asked.rows)
    if asked.json:
        print(json.dumps(told, ensure_ascii=False))
        return
    for name, value in told.items():
        print(f"{name:24} {value}")


def measured(folder: Path, rows: int, stored: int) -> dict[str, object]:
    """Every figure, by name."""
    database = Database(f"sqlite:///{folder / 'catalogue.sqlite'}")
    database.migrate()
    fill_reference_tables(database)
    _fill(database, stored)
    desk = BulkDesk(database)
    exported, export = _timed(lambda: desk.sheet(None, None, "utf-8-sig").content)
    content = _changed(exported, rows)
    bulk_id = desk.begin("測定.csv", content, clear_blanks=False, actor="測定")
    _, check = _timed(lambda: _work(database))
    view = desk.view(bulk_id)
    if view is None or view.refused or not view.writes:
        raise SystemExit(f"the dry run went wrong: {view}")
    desk.apply(bulk_id, view.turn, skip_refused=False, actor="測定")
    _, apply = _timed(lambda: _work(database))
    again = desk.begin("測定.csv", content, clear_blanks=False, actor="測定")
    _work(database)
    second = desk.view(again)
    database.close()
    return {
        "rows": rows, "stored": stored, "bytes": len(content), "writes": view.writes,
        "export_seconds": export, "check_seconds": check,
        "check_ms_per_row": round(1000 * check / rows, 2), "apply_seconds": apply,
        "writes_of_the_same_file": second.writes if second else None,
        "unchanged": second.counts.get(RowOutcome.UNCHANGED, 0) if second else None,
    }  # fmt: skip


def _fill(database: Database, stored: int) -> None:
    codes = [
        str(place.code)
        for place in load_municipalities()
        if place.kind is not MunicipalityKind.PREFECTURE
    ]
    themes = tuple(Theme)
    with writing(database, Authorship("測定")) as writer:
        for number in range(stored):
            writer.record_case(
                CaseEntry(
                    f"case-{number:06}",
                    f"窓口改善の取組 その{number}",
                    (codes[number % len(codes)],),
                    implemented_in=2010 + number % 15,
                    themes=(themes[number % len(themes)],),
                    keywords=("窓口", "待ち時間"),
                    narrative=dict.fromkeys(NARRATIVE, TEXT),
                )
            )


def _changed(exported: bytes, rows: int) -> bytes:
    """The export with as many rows, some of them changed, some of new cases."""
    reader = csv.DictReader(io.StringIO(exported.decode("utf-8-sig"), newline=""))
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, reader.fieldnames or [], lineterminator="\r\n")
    writer.writeheader()
    for number, row in enumerate(reader):
        if number >= rows:
            break
        if number % NEW_EVERY == 0:
            row |= {"ID": "", "タイトル": f"新しい取組 その{number}"}
        elif number % CHANGED_EVERY == 0:
            row["サブタイトル"] = f"改めた副題 {number}"
        writer.writerow(row)
    return written.getvalue().encode("utf-8-sig")


def _work(database: Database) -> None:
    job = JobQueue(database).take("bench")
    if job is None:
        raise SystemExit("there is no job")
    BulkWork(database).do(job)


def _timed(do: Callable[[], T]) -> tuple[T, float]:
    begun = time.process_time()
    return do(), round(time.process_time() - begun, 2)


if __name__ == "__main__":
    main()
