"""How long a reader waits for a page: ``python -m tests.bench.pages FOLDER [--json]``.

Takes corpus/ and FOLDER into a data folder, starts `kb serve`, and asks for results of five
shapes of question, case pages and the home page, one after another on one connection. A time
is from sending the request to the last byte of the answer, in milliseconds. ``--profile``
shows where the slowest shape spends its time, inside this process.
"""

import argparse
import cProfile
import http.client
import json
import math
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kb.settings import from_environment
from kb.web.app import open_app
from tests.distributed.commands import ROOT, Place
from tests.distributed.served import Served, serving

TARGET_MS = 100.0
"""What the 95th percentile of each shape of /search should stay under."""
ROUNDS = 8
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "sentence": (
        "窓口の待ち時間を短くするために町が導入した仕組み",
        "職員の研修を続けて育った若手が提案した取り組み",
        "人口減少が進む地域で移住を増やす方法",
        "災害に備えて住民と職員が一緒に進めた活動",
        "公共施設の管理にかかる費用を減らした例",
    ),
    "two words": ("業務 改善", "職員 研修", "計画 見直し", "市民 協働", "情報 システム"),
    "phrase": ('"総合計画"', '"行政改革"', '"市民サービス"', '"人材育成"', '"地域づくり"'),
    "place, year": (
        "福津市 改善&implemented_in=R2&implemented_in=R3",
        "中野区 職員&presented_in=2022&presented_in=2023",
        "令和3年度 業務&kind=slides&kind=report",
        "雪野市 改善運動&theme=業務改善・効率化",
        "2020年度 計画&department=企画",
    ),
    "frequent word": ("予算", "事業", "計画", "市民", "職員"),
}
"""Shape -> what is typed, with the filters chosen beside it."""


def paths(typed: Iterable[str]) -> tuple[str, ...]:
    """The addresses of results for what is typed."""
    found = []
    for text in typed:
        words, *filters = text.split("&")
        chosen = "".join(
            f"&{name}={quote(value)}" for name, _, value in (f.partition("=") for f in filters)
        )
        found.append(f"/search?q={quote(words)}{chosen}")
    return tuple(found)


def addresses(served: Served) -> dict[str, tuple[str, ...]]:
    """What is asked for, by shape; cases are those that the word 改善 finds first."""
    cases = [hit["case"]["url"] for hit in served.asked("改善")["results"] if hit["case"]]
    searches = {shape: paths(typed) for shape, typed in QUESTIONS.items()}
    return {**searches, "case page": tuple(cases[:5]), "home page": ("/",) * 5}


def measured(served: Served, wanted: Sequence[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of each address for the first time, and of `ROUNDS` times more."""
    connection = http.client.HTTPConnection(served.address, timeout=60)
    connection.connect()
    first = [_timed(connection, path) for path in wanted]
    again = [_timed(connection, path) for _ in range(ROUNDS) for path in wanted]
    connection.close()
    return first, again


def _timed(connection: http.client.HTTPConnection, path: str) -> float:
    start = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    if response.status != http.HTTPStatus.OK:
        raise SystemExit(f"{path}: {response.status}")
    return (time.perf_counter() - start) * 1000


def results(served: Served, wanted: Sequence[str]) -> dict[str, float]:
    """The median number of results of a shape's questions, each of which must have some."""
    totals = {path: json.loads(served.get(f"/api/v1{path}")[1])["total"] for path in wanted}
    if not all(totals.values()):
        raise SystemExit(f"nothing found: {[path for path, total in totals.items() if not total]}")
    return {"results": statistics.median(totals.values())}


def summary(first: Sequence[float], again: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile (nearest rank) and worst of the repeated; worst of the first."""
    ordered = sorted(again)
    return {
        "requests": len(again),
        "p50": round(statistics.median(ordered), 1),
        "p95": round(ordered[math.ceil(0.95 * len(ordered)) - 1], 1),
        "max": round(ordered[-1], 1),
        "first_max": round(max(first), 1),
    }


def filled(place: Place, folder: Path) -> float:
    """Take everything in, unless it is there already; seconds."""
    start = time.perf_counter()
    place.run("ingest", ROOT / "corpus", folder.resolve(), "--quiet")
    return time.perf_counter() - start


def benchmark(place: Place, folder: Path) -> dict[str, Any]:
    """Everything measured, as it is printed."""
    seconds = filled(place, folder)
    held = json.loads(place.run("status", "--json"))
    before = os.getloadavg()
    with serving(place) as served:
        wanted = addresses(served)
        shapes = {shape: summary(*measured(served, asked)) for shape, asked in wanted.items()}
        for shape in QUESTIONS:
            shapes[shape] |= results(served, wanted[shape])
    slow = [shape for shape in QUESTIONS if shapes[shape]["p95"] >= TARGET_MS]
    return {
        "load_before": before,
        "load_after": os.getloadavg(),
        "ingest_seconds": round(seconds, 1),
        "documents": held["documents_held"],
        "pages": held["pages"],
        "records": held["index"]["records"],
        "shapes": shapes,
        "target_ms": TARGET_MS,
        "over_target": slow,
    }


def profile(place: Place, shape: str, lines: int = 25) -> None:
    """Where the time of one shape goes: functions by cumulative time, to standard error."""
    app = open_app(from_environment({"KB_DATA_DIR": str(place.data_dir)}))
    client = app.test_client()
    wanted = paths(QUESTIONS[shape])
    for path in wanted:
        client.get(path)
    watched = cProfile.Profile()
    with watched:
        for _ in range(ROUNDS):
            for path in wanted:
                client.get(path)
    print(f"{ROUNDS * len(wanted)} requests: {shape}", file=sys.stderr)
    pstats.Stats(watched, stream=sys.stderr).sort_stats("cumulative").print_stats(lines)


def show(result: Mapping[str, Any]) -> None:
    """The table."""
    held = "{documents} documents, {pages} pages, {records} records"
    print(held.format(**result), f"(taken in in {result['ingest_seconds']} s)")
    for when in ("before", "after"):
        print(f"load {when}:", *(f"{load:.2f}" for load in result[f"load_{when}"]))
    print(f"{'ms':16}{'results':>8}{'requests':>10}{'p50':>8}{'p95':>8}{'max':>8}{'first':>8}")
    for shape, row in result["shapes"].items():
        times = "".join(f"{row[name]:8.1f}" for name in ("p50", "p95", "max", "first_max"))
        print(f"{shape:16}{row.get('results', ''):8}{row['requests']:10}{times}")
    over = ", ".join(result["over_target"])
    print(f"p95 of /search under {TARGET_MS:.0f} ms: {f'not {over}' if over else 'every shape'}")


def main() -> None:
    """Measure, print, and on demand say where the time goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--profile", action="store_true", help="of the slowest shape of /search")
    parser.add_argument("--data-dir", type=Path, help="fill and keep this data folder")
    options = parser.parse_args()
    with ExitStack() as held:
        data_dir = options.data_dir or Path(held.enter_context(tempfile.TemporaryDirectory()))
        place = Place(data_dir.absolute())
        result = benchmark(place, options.folder)
        if options.json:
            print(json.dumps(result, ensure_ascii=False))
        else:
            show(result)
        if options.profile:
            profile(place, max(QUESTIONS, key=lambda shape: float(result["shapes"][shape]["p95"])))


if __name__ == "__main__":
    main()
