"""One writer at a time, and a name for who it is."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from kb.search.engine import IndexLocked


class WriterLock:
    """A lock of the operating system, which a dying process lets go of by itself.

    Beside it lies a small text that says who holds it; it is for people only, so a text left
    by a dead process does no harm and is written over by the next holder.
    """

    def __init__(self, folder: Path, seconds: float) -> None:
        """`seconds`: how long to wait for another writer before giving up."""
        self._seconds = seconds
        self._holder = folder / "writer.txt"
        self._lock_file = folder / "writer.lock"
        self._threads = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock for the length of a ``with`` block.

        Raises:
            IndexLocked: another process or thread holds it; the message names it.
        """
        if not self._threads.acquire(timeout=self._seconds):
            raise IndexLocked(self._message())
        try:
            with self._system_lock():
                self._sign()
                try:
                    yield
                finally:
                    self._holder.unlink(missing_ok=True)
        finally:
            self._threads.release()

    @contextmanager
    def _system_lock(self) -> Iterator[None]:
        lock = FileLock(self._lock_file, timeout=self._seconds, mode=0o600)
        try:
            lock.acquire()
        except Timeout as error:
            raise IndexLocked(self._message()) from error
        try:
            yield
        finally:
            lock.release()

    def _sign(self) -> None:
        words = [Path(sys.argv[0]).name, *sys.argv[1:2]] if sys.argv else []
        since = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
        self._holder.write_text(f"{os.getpid()}\n{' '.join(words)}\n{since}\n", encoding="utf-8")

    def _message(self) -> str:
        try:
            signed = self._holder.read_text(encoding="utf-8").splitlines()
            pid, command, since = signed[:3]
        except (OSError, ValueError):
            who = "別の処理"
        else:
            who = f"別の処理(番号 {pid}「{command}」、{since} から)"
        return f"{who}が索引を書き換えています。終わってからもう一度実行してください。"
