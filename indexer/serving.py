"""`kb serve`: the web in this process, the worker in another, both ended together."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from waitress.server import create_server

LAST_REQUESTS_SECONDS = 10
"""How long the worker may take to end before it is killed."""

Wsgi = Callable[..., Any]


def serve(app: Wsgi, host: str, port: int, threads: int, ready: Callable[[str], None]) -> None:
    """Answer on host and port until SIGTERM or SIGINT.

    Args:
        app: the web application.
        host: address to listen on.
        port: 0 takes a free one.
        threads: requests answered at the same time.
        ready: told the address as soon as it answers.

    Raises:
        OSError: the address is in use or not allowed.
    """
    server = create_server(app, host=host, port=port, threads=threads, ident="jichitai-kb")
    signal.signal(signal.SIGTERM, _leave)
    with _worker():
        ready(f"http://{host}:{_port(server, port)}")
        server.run()


def _port(server: object, asked: int) -> int:
    # A host with several addresses gives a server per address, all on the port asked for.
    return int(getattr(server, "effective_port", asked))


def _leave(*_: object) -> NoReturn:
    # waitress ends its loop and lets running requests finish when it sees SystemExit.
    raise SystemExit(0)


@contextmanager
def _worker() -> Iterator[None]:
    command = [sys.executable, "-m", "indexer.cli", "work", "--parent", str(os.getpid())]
    process = subprocess.Popen(command)  # noqa: S603 - our own interpreter and module
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(LAST_REQUESTS_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
