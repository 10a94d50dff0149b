"""`kb serve`: the web in this process, the worker in another, both ended together."""

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from waitress.server import create_server

WORKER_SECONDS = 10.0
"""How long the worker may take to end before it is killed."""
RESTART_SECONDS = 2.0
"""How long a worker that died stays away."""

Wsgi = Callable[..., Any]

logger = logging.getLogger(__name__)


def serve(app: Wsgi, host: str, port: int, threads: int, ready: Callable[[str], None]) -> None:
    """Answer on host and port until SIGTERM or SIGINT.

    Args:
        app: the web application, warmed up by its maker.
        host: address to listen on.
        port: 0 takes a free one.
        threads: requests answered at the same time.
        ready: told the address as soon as it answers.

    Raises:
        OSError: the address is in use or not allowed.
    """
    server = listening(app, host, port, threads)
    signal.signal(signal.SIGTERM, _leave)
    # Names and index stay for good: a collection that walked them held one answer for 0.13 s.
    gc.collect()
    gc.freeze()
    with _worker():
        ready(f"http://{host}:{_port(server, port)}")
        server.run()


def listening(app: Wsgi, host: str, port: int, threads: int) -> Any:
    """A server that holds its port; `run` makes it answer.

    It hands on what proxies say of the client: how much of that is believed, the application
    knows (KB_TRUSTED_PROXIES), and without proxies believes nothing.

    Raises:
        OSError: the address is in use or not allowed.
    """
    return create_server(
        app, host=host, port=port, threads=threads, ident="jichitai-kb",
        clear_untrusted_proxy_headers=False,
    )  # fmt: skip


def _port(server: object, asked: int) -> int:
    # A host with several addresses gives a server per address, all on the port asked for.
    return int(getattr(server, "effective_port", asked))


def _leave(*_: object) -> NoReturn:
    # waitress ends its loop and lets running requests finish when it sees SystemExit.
    raise SystemExit(0)


@contextmanager
def _worker() -> Iterator[None]:
    """A worker beside the web, for the length of a ``with`` block."""
    keeper = _Keeper()
    keeper.thread.start()
    try:
        yield
    finally:
        keeper.stop()


class _Keeper:
    """Keeps one worker running: one that dies is started again."""

    def __init__(self) -> None:
        self.thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        """End the worker, and the keeper with it."""
        with self._lock:
            self._stopping.set()
            process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(WORKER_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self.thread.join(WORKER_SECONDS)

    def _keep(self) -> None:
        while (process := self._started()) is not None:
            code = process.wait()
            if not self._stopping.is_set():
                logger.warning("索引を更新する処理が終わりました(%s)。始め直します。", code)
            self._stopping.wait(RESTART_SECONDS)

    def _started(self) -> "subprocess.Popen[bytes] | None":
        command = [sys.executable, "-m", "indexer.cli", "work", "--parent", str(os.getpid())]
        with self._lock:
            if self._stopping.is_set():
                return None
            self._process = subprocess.Popen(command)  # noqa: S603 - our own interpreter
            return self._process
