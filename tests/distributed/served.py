"""`kb serve` as a process, and readers that keep asking it."""

import http.client
import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote, urlsplit

from tests.distributed.commands import Place

OPENED = "開きました: "


@dataclass(frozen=True, slots=True)
class Served:
    """A running `kb serve`."""

    process: "subprocess.Popen[str]"
    address: str
    """Host and port."""

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of one request on a connection of its own."""
        connection = http.client.HTTPConnection(self.address, timeout=60)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def asked(self, words: str, filters: str = "") -> Mapping[str, Any]:
        """The API's answer, which must be a good one."""
        status, body = self.get(f"/api/v1/search?q={quote(words)}{filters}&page_size=100")
        assert status == 200, body.decode(errors="replace")
        answer: Mapping[str, Any] = json.loads(body)
        return answer

    def documents(self, words: str) -> set[str]:
        """The documents among the first hundred results."""
        results = self.asked(words)["results"]
        return {document["id"] for hit in results for document in hit["documents"]}


@contextmanager
def serving(place: Place) -> Iterator[Served]:
    """`kb serve` on a free port, in a session of its own; killed afterwards if it still runs."""
    process = place.start("serve", "--port", "0")
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith(OPENED), line + process.communicate(timeout=60)[1]
        yield Served(process, urlsplit(line.removeprefix(OPENED).strip()).netloc)
    finally:
        with suppress(ProcessLookupError):  # it has ended, with its whole group
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@dataclass(slots=True)
class Readers:
    """Threads that ask for the same pages again and again.

    A request that the server's death has cut off is counted apart; an answer counts as what
    it was.
    """

    served: Served
    paths: tuple[str, ...]
    number: int = 2
    pause: float = 0.05
    """Seconds between two requests of a thread: without, they take a core from what is tested."""
    statuses: list[int] = field(default_factory=list)
    cut_off: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._threads = [threading.Thread(target=self._ask) for _ in range(self.number)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        while not self._stop.is_set():
            for path in self.paths:
                try:
                    status, _ = self.served.get(path)
                except (OSError, http.client.HTTPException):
                    self.cut_off += 1
                    if self._stop.wait(0.05):
                        return
                else:
                    self.statuses.append(status)
                    self._stop.wait(self.pause)
