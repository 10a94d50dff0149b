"""Whole requests at size: ``python -m tests.bench.requests --records 100000 [--json]``.

Fills a catalogue with made-up cases, makes the index, starts `kb serve` on loopback and asks for
`/search` in five shapes of question over one connection, each question once: nobody is warm but the
words. OR questions are also asked of a server that has just started and still prepares its
suggestions. Then the hostile questions (``--hostile``), and what a reader waits for while the index
is brought up to date under it (``--sync``). A time is from sending the request to the last byte.
"""

import argparse
import http.client
import json
import os
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kb.catalogue.entries import Authorship, CaseEntry
from kb.catalogue.writing import writing
from kb.domain.rights import Audience
from tests.bench.filled import fill, made_id, questions
from tests.bench.pages import paths
from tests.bench.speed import summary
from tests.distributed.commands import Place
from tests.distributed.served import Served, serving
from tests.search.hostile_queries import QUERIES

TARGET_MS = 60.0
TARGET_MB = 700
HOSTILE_MS = 1000.0
SYNC_MS = 200.0
_COLUMNS = ("p50", "p95", "max", "cpu")
FIRST, SUGGESTED = (f"{path}?q={quote('改善')}" for path in ("/search", "/api/v1/suggest"))
SETTLED_SECONDS = 60
SYNCS = 3
"""Cases recorded one after the other while a reader keeps asking."""


class Reader:
    """Asks on one connection, which is opened again when the server has closed it."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(address, timeout=60)

    def asked(self, path: str) -> tuple[float, int]:
        """Milliseconds and status."""
        start = time.perf_counter()
        try:
            self._connection.request("GET", path)
            response = self._connection.getresponse()
            response.read()
        except (http.client.HTTPException, ConnectionError):
            self._connection.close()
            return (time.perf_counter() - start) * 1000, 0
        return (time.perf_counter() - start) * 1000, response.status

    def body(self, path: str) -> dict[str, Any]:
        """What an address of the API answers."""
        self._connection.request("GET", path)
        found: dict[str, Any] = json.loads(self._connection.getresponse().read())
        return found

    def times(self, wanted: Sequence[str]) -> list[float]:
        """Milliseconds of each; every answer must be a good one."""
        found = []
        for path in wanted:
            milliseconds, status = self.asked(path)
            if status != http.HTTPStatus.OK:
                raise SystemExit(f"{path}: {status}")
            found.append(milliseconds)
        return found


def memory_mb(pid: int) -> dict[str, float]:
    """Resident and proportional memory of a process; {} where the system does not say."""
    told = Path(f"/proc/{pid}/smaps_rollup")
    if not told.exists():
        return {}
    lines = (line.split() for line in told.read_text().splitlines()[1:])
    sizes = {line[0].rstrip(":").lower(): round(int(line[1]) / 1024, 1) for line in lines}
    return {name: sizes[name] for name in ("rss", "pss")}


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far; 0 where the system does not say."""
    told = Path(f"/proc/{pid}/stat")
    if not told.exists():
        return 0.0
    fields = told.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def prepared(place: Place, cases: int, pages: int) -> dict[str, float]:
    """Fill the catalogue and make the index, unless that is done; seconds."""
    seconds = {}
    with place.installation() as installation:
        installation.prepare()
        if installation.catalogue.case(made_id(0), Audience.CURATOR) is None:
            start = time.perf_counter()
            fill(installation.database, cases, pages)
            seconds["filled"] = round(time.perf_counter() - start, 1)
    start = time.perf_counter()
    place.run("sync")
    return {**seconds, "indexed": round(time.perf_counter() - start, 1)}


def hostile(reader: Reader) -> dict[str, Any]:
    """The hostile questions; those that took longest, and those that were not answered well.

    What does not fit an address is refused by the server itself (400, 414, 431), which is well.
    """
    found = []
    for typed in QUERIES:
        asked = quote(typed.encode("utf-8", "surrogatepass"))
        found.append((*reader.asked(f"/search?q={asked}"), typed[:40], len(typed)))
    deep = ("/search?q=改善&page=100000", "/search?q=改善&page=500", _many_values())
    found += [(*reader.asked(quote(path, safe="/?&=")), path[:40], len(path)) for path in deep]
    worst = sorted(found, reverse=True)[:5]
    bad = [one for one in found if not 0 < one[1] < 500 and one[3] < 2_000]
    return {"questions": len(found), "worst": worst, "bad": bad}


def _many_values() -> str:
    return "/search?q=改善" + "".join(f"&municipality={code}" for code in range(200))


def syncing(place: Place, reader: Reader, wanted: Sequence[str]) -> dict[str, float]:
    """What a reader waits for while cases are recorded and the worker brings the index up."""
    times: list[float] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            times.extend(reader.times([wanted[len(times) % len(wanted)]]))
            stop.wait(0.02)

    thread = threading.Thread(target=ask)
    thread.start()
    started = time.perf_counter()
    with place.installation() as installation:
        for number in range(SYNCS):
            with writing(installation.database, Authorship("bench")) as writer:
                writer.record_case(CaseEntry(f"new-{number}-{time.time_ns()}", "追加", ("402249",)))
            wanted_sequence = installation.catalogue.sequence()
            while installation.engine.state().sequence < wanted_sequence:
                time.sleep(0.2)
    time.sleep(5)
    seconds = time.perf_counter() - started
    stop.set()
    thread.join()
    return {**summary(times), "max": round(max(times), 1), "seconds": round(seconds, 1)}


def benchmark(place: Place, options: argparse.Namespace) -> dict[str, Any]:
    """Everything measured, as it is printed."""
    result: dict[str, Any] = {"cases": options.records, "pages_per_case": options.pages}
    result["seconds"] = prepared(place, options.records, options.pages)
    result["load"] = os.getloadavg()
    asked = {shape: paths(typed) for shape, typed in questions(options.questions).items()}
    every = [path for wanted in asked.values() for path in wanted]
    with serving(place) as served:
        reader = Reader(served.address)
        result["first_ms"] = round(reader.times([FIRST])[0], 1)
        result["at_once"] = _row(served, reader, asked["or"])[0]
    with serving(place) as served:
        reader = Reader(served.address)
        settle(reader)
        rows = {shape: _row(served, reader, wanted) for shape, wanted in asked.items()}
        result["shapes"] = {shape: row for shape, (row, _) in rows.items()}
        result["shapes"]["together"] = _told([ms for _, times in rows.values() for ms in times])
        result["again"] = _row(served, reader, every)[0]
        result["memory_mb"] = memory_mb(served.process.pid)
        if options.hostile:
            result["hostile"] = hostile(reader)
        if options.sync:
            result["sync"] = syncing(place, reader, every)
            result["memory_after_syncs_mb"] = memory_mb(served.process.pid)
    return result


def settle(reader: Reader) -> None:
    """Wait until a server that was just started has prepared its suggestions beside the searches.

    Raises:
        SystemExit: it has not after a minute.
    """
    until = time.monotonic() + SETTLED_SECONDS
    while time.monotonic() < until:
        if reader.body(SUGGESTED)["offers"]:
            return
        time.sleep(0.5)
    raise SystemExit(f"no suggestions after {SETTLED_SECONDS} s")


Row = dict[str, float]


def _row(served: Served, reader: Reader, wanted: Sequence[str]) -> tuple[Row, list[float]]:
    """Times of requests, with the processor time that one takes on average; each of them."""
    before = cpu_seconds(served.process.pid)
    times = reader.times(wanted)
    cpu = (cpu_seconds(served.process.pid) - before) / len(wanted) * 1000
    return {**_told(times), "cpu": round(cpu, 1)}, times


def _told(times: Sequence[float]) -> Row:
    return {**summary(times), "max": round(max(times), 1)}


def show(result: dict[str, Any]) -> None:
    """The table."""
    held = "{cases:,} cases, {pages_per_case} pages each; {seconds} s"
    print(held.format(**result))
    print(f"load {result['load']}; first request {result['first_ms']} ms")
    print(f"{'ms':12}{'p50':>9}{'p95':>9}{'max':>9}{'cpu':>9}")
    rows = {"or, at once": result["at_once"], **result["shapes"], "again": result["again"]}
    rows |= {"in a sync": result["sync"]} if "sync" in result else {}
    for shape, row in rows.items():
        print(f"{shape:12}" + "".join(f"{row.get(name, 0):9.1f}" for name in _COLUMNS))
    print(f"memory {result['memory_mb']} MB; targets: {TARGET_MS} ms p95, {TARGET_MB} MB")
    if "hostile" in result:
        print(f"hostile ({result['hostile']['questions']}), worst (ms, status, question, length):")
        for one in result["hostile"]["worst"]:
            print("  ", one)
        print("   not well:", result["hostile"]["bad"] or "none")


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="how many cases")
    parser.add_argument("--pages", type=int, default=0, help="pages of each case's document")
    parser.add_argument("--questions", type=int, default=40, help="of each shape")
    parser.add_argument("--hostile", action="store_true", help="ask the hostile questions too")
    parser.add_argument("--sync", action="store_true", help="ask while the index is brought up")
    parser.add_argument("--data-dir", type=Path, help="fill and keep this data folder")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with ExitStack() as held:
        data_dir = options.data_dir or Path(held.enter_context(tempfile.TemporaryDirectory()))
        result = benchmark(Place(data_dir.absolute()), options)
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        show(result)


if __name__ == "__main__":
    main()
