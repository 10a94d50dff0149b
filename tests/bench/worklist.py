"""How fast what waits is counted and listed: ``python -m tests.bench.worklist --records 100000``.

A made-up catalogue of so many cases, each with a document of two pages, three SourceEvents and an
address, of which a part waits of every kind. Times are CPU milliseconds of this process, the best
of three: SQLite works in it, and a shared machine says nothing of wall time.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Integer, cast, func, insert, update
from sqlalchemy.orm import Session

from kb.catalogue import models as m
from kb.catalogue.questions.tables import AskedRow
from kb.catalogue.worklist.service import Worklist
from kb.catalogue.worklist.views import Kind
from kb.domain.clock import today
from tests.bench.filled import fill, made_id
from tests.conftest import installation_in

TRIES = 3
RECOGNISED = {name: [{"value": "x", "evidence": "根拠" * 40}] for name in "abcde"}
"""Of the size of what the recognisers propose: a scan has to pass over it."""


def _document(number: int) -> str:
    return f"{made_id(number)}-slides"


def let_wait(session: Session, records: int) -> None:
    """Make a part of the catalogue wait."""
    row, old = m.DocumentRow, today() - timedelta(400)
    events = [
        {"actor": "bench", "action": action, "subject_kind": "document", "subject_id": _document(n)}
        for n in range(records)
        for action in ("recorded", "read", *(["rights_corrected"] if n % 4 else []))
    ]
    session.execute(insert(m.SourceEventRow), events)
    session.execute(update(m.SourceEventRow).values(at=old))
    session.execute(
        insert(m.SourceRow),
        [
            {"document_id": _document(n), "url": f"https://example.jp/{n}", "label": "掲載",
             "seen_from": today() - timedelta(n % 400)}
            for n in range(records)
        ],
    )  # fmt: skip
    session.execute(update(row).values(recognised=RECOGNISED, signature=b"x" * 520, added_at=old))
    for every, values in (
        (2, {"rights_terms": "unknown"}),
        (50, {"outcome": "damaged"}),
        (51, {"outcome": "indexed_partly"}),
        (20, {"published": False}),
    ):
        session.execute(update(row).where(number_in(row.id) % every == 0).values(values))
    case, page = m.CaseRow, m.PageRow
    session.execute(update(case).where(number_in(case.id) % 50 == 0).values(implemented_in=None))
    session.execute(update(page).values(quality=0.95))
    doubtful = number_in(page.document_id) % 70 == 0
    session.execute(update(page).where(doubtful).values(quality=0.4))
    session.execute(insert(m.LikenessRow), list(_pairs(records)))
    session.execute(insert(AskedRow), list(_asked(records)))


def number_in(column: Any) -> Any:
    """The number in an identifier of :func:`tests.bench.filled.made_id`."""
    return cast(func.substr(column, len(made_id(0)) - 5, 6), Integer)


def _pairs(records: int) -> Iterator[dict[str, Any]]:
    for number in range(1, records, 5):
        decision = "same" if number % 2 else None
        yield {
            "document_id": _document(number), "other_id": _document(number - 1),
            "kind": "same_text", "similarity": 0.9, "decision": decision,
        }  # fmt: skip


def _asked(records: int) -> Iterator[dict[str, Any]]:
    for number in range(records):
        yield {
            "day": today() - timedelta(number % 300), "question": f"質問{number % 20_000}x{number}",
            "filters": "", "audience": "anonymous", "times": 1, "last_total": number % 10,
        }  # fmt: skip


def best(of: Callable[[], object]) -> float:
    """CPU milliseconds of one call, the best of some."""
    found = []
    for _ in range(TRIES):
        start = time.process_time()
        of()
        found.append(1000 * (time.process_time() - start))
    return round(min(found), 1)


def measure(records: int, folder: Path) -> dict[str, Any]:
    """Every list by itself, and all of them after a change and without one."""
    installation = installation_in(folder)
    installation.prepare()
    database = installation.database
    fill(database, records, pages=2)
    with database.writing() as session:
        let_wait(session, records)

    def desk() -> Worklist:
        return Worklist(database, lambda _sha256: None)

    kept = desk()
    lists = [
        {"kind": kind.value, "waiting": kept.listed(kind).total,
         "list_ms": best(lambda kind=kind: kept.listed(kind))}
        for kind in Kind
    ]  # fmt: skip
    told = {
        "records": records, "lists": lists, "counts_after_change_ms": best(lambda: desk().counts()),
        "counts_ms": best(kept.counts), "page_after_change_ms": best(lambda: desk().overview()),
        "page_ms": best(kept.overview),
    }  # fmt: skip
    installation.close()
    return told


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = measure(asked.records, Path(folder))
    if asked.json:
        print(json.dumps(told, ensure_ascii=False))
        return
    for each in told["lists"]:
        print(f"{each['kind']:10} {each['waiting']:8,} waiting {each['list_ms']:8.1f} ms")
    for name in ("counts_after_change_ms", "counts_ms", "page_after_change_ms", "page_ms"):
        print(f"{name:24} {told[name]:8.1f}")


if __name__ == "__main__":
    main()
