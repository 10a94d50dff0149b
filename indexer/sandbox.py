"""Reading a file of unknown intent in a child process that may fail in any way.

The parent keeps what arrived before a time-out or a crash and names how it ended. It never
trusts the child: results are lines of JSON, checked field by field and capped in size.
"""

import json
import os
import selectors
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from indexer.extract.parts import Part, UnreadablePart, assemble, from_line
from indexer.extracted import ExtractedDocument, Fault, Limits, Outcome

MOST_RESULT_BYTES = 32 * 2**20
"""About 11 million Japanese characters; the largest real file measured gives under 1 MB."""

MOST_PASSWORD = 1000
"""Characters; the longest password of a PDF is 127 bytes."""

EXIT_OUT_OF_MEMORY = 71
"""How the child says that memory ran out; the same number as in `indexer.sandbox_child`."""

_CHUNK = 65_536
_START_SECONDS = 60.0
"""How long the template may take to load; measured 0.4 s on an idle machine."""

_END_SECONDS = 5.0
"""How long the template may take to stop before it is killed."""

_GRACE_SECONDS = 5.0
"""How long a killed child may take to be gone."""

NO_FILE = "ファイルではありません。フォルダーなどではなく、ファイルを選んでください。"
CANNOT_OPEN = "ファイルを開けません({kind})。ファイルの場所と権限を確かめてください。"
TIMED_OUT = (
    "{seconds:g}秒以内に読み終わりませんでした。ファイルを分けるか、PDFで保存し直してください。"
)
NO_MEMORY = (
    "メモリー{megabytes}MBでは読めませんでした。ファイルを分けるか、PDFで保存し直してください。"
)
TOO_MUCH = "文字が多すぎるため、途中までを読みました。ファイルを分けてください。"
CRASHED = (
    "読み取りが途中で止まりました({kind})。ファイルが壊れている恐れがあります。"
    "PDFで保存し直してください。"
)


class TemplateGone(RuntimeError):
    """The template process ended before it could start a child."""


def extract_safely(path: Path, limits: Limits, *, password: str = "") -> ExtractedDocument:
    """Return what can be read of one file; for several, keep a `Sandbox`."""
    with Sandbox(limits) as sandbox:
        return sandbox.extract(path, password=password)


class Sandbox:
    """Extracts files, each in its own confined process.

    May be used from several threads at once; each call has its own child. The template
    process behind it starts with the first call and ends with `close()`, with the object, or
    with this process, whichever comes first, and takes its children along.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._template: _Template | None = None
        self._closings = 0

    def extract(self, path: Path, *, password: str = "") -> ExtractedDocument:
        """Return what can be read of the file at `path`.

        Always returns: whatever the file does to its child becomes a Fault beside the pages
        that were read before.
        """
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                return assemble([Fault(Outcome.DAMAGED, NO_FILE)])
            with path.open("rb") as source:
                return assemble(self._parts(source, password[:MOST_PASSWORD]))
        except OSError as error:
            detail = CANNOT_OPEN.format(kind=type(error).__name__)
            return assemble([Fault(Outcome.DAMAGED, detail)])

    def close(self) -> None:
        """End the template and every child; the next `extract` would start another."""
        with self._lock:
            template, self._template = self._template, None
            self._closings += 1
        if template is not None:
            template.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _parts(self, source: BinaryIO, password: str) -> Iterator[Part]:
        request = json.dumps({"limits": asdict(self._limits), "password": password}).encode()
        closings = self._closings
        for _ in range(2):
            try:
                yield from self._attempt(request, source.fileno())
            except TemplateGone:
                # Killed from outside, it is replaced; closed on purpose, it is not.
                if self._closings != closings:
                    break
            else:
                return
        yield Fault(Outcome.DAMAGED, CRASHED.format(kind="停止"))

    def _attempt(self, request: bytes, source: int) -> Iterator[Part]:
        """Yield what one child reads; raises TemplateGone when there was no child."""
        with self._lock:
            try:
                template = self._template = self._template or _Template(self)
                results, leash = template.fork(request, source)
            except OSError as error:
                self._drop(self._template)
                raise TemplateGone from error
        with os.fdopen(results, "rb", buffering=0), leash:
            try:
                yield from _Child(results, leash, self._limits).parts()
            except TemplateGone:
                with self._lock:
                    self._drop(template)
                raise

    def _drop(self, template: "_Template | None") -> None:
        if template is not None:
            template.close()
        if self._template is template:
            self._template = None


class _Template:
    """The parent's end of the process that forks the children."""

    def __init__(self, owner: Sandbox) -> None:
        root = Path(__file__).resolve().parents[1]
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [
                    *(sys.executable, "-s", "-P", "-X", "utf8"),
                    *("-m", "indexer.sandbox_child", str(theirs.fileno())),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                # None of our own environment: it holds secrets, and CMAP_PATH elsewhere
                # would make a document read differently on two machines.
                env={"PYTHONPATH": str(root), "CMAP_PATH": os.devnull},
                cwd="/",
                start_new_session=True,
            )
        ours.settimeout(_START_SECONDS)
        self._control = ours
        self._ready = False
        self.close = weakref.finalize(owner, _end, process, ours)

    def fork(self, request: bytes, source: int) -> tuple[int, socket.socket]:
        """Ask for a child that reads the descriptor `source`; raises OSError."""
        self._wait_until_ready()
        results, theirs = os.pipe()
        leash, end = socket.socketpair()
        try:
            socket.send_fds(self._control, [request], [source, theirs, end.fileno()])
        except OSError:
            os.close(results)
            leash.close()
            raise
        finally:
            os.close(theirs)
            end.close()
        return results, leash

    def _wait_until_ready(self) -> None:
        """Wait for the imports, so that no file's time goes into them."""
        if not self._ready and not self._control.recv(1):
            raise ConnectionAbortedError("the template process ended while it started")
        self._ready = True


def _end(process: subprocess.Popen[bytes], control: socket.socket) -> None:
    """Let the template go; it kills its children and ends when its control closes."""
    control.close()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class _Child:
    """One child: what it writes, how long it may, how it ended."""

    def __init__(self, results: int, leash: socket.socket, limits: Limits) -> None:
        self._results = results
        self._leash = leash
        self._limits = limits
        self._deadline = time.monotonic() + limits.seconds

    def parts(self) -> Iterator[Part]:
        """Yield parts as they arrive, and a fault if the child did not end well.

        Raises TemplateGone if there is neither a part nor a word of how the child ended.
        """
        stopped: Fault | None = None
        number = -1
        # A front or two, then each page with at most a fault of its own, then the verdict.
        most_parts = 2 * self._limits.pages + 10
        try:
            for number, line in enumerate(self._lines()):
                if number > most_parts:
                    raise _TooMuch
                yield from_line(line, self._limits)
        except TimeoutError:
            stopped = self._timed_out()
        except _TooMuch:
            stopped = Fault(Outcome.TOO_LARGE, TOO_MUCH)
        except UnreadablePart as error:
            stopped = Fault(Outcome.DAMAGED, CRASHED.format(kind=str(error)))
        code = self._ending(at_once=stopped is not None)
        if code is None and stopped is None and number < 0:
            raise TemplateGone
        fault = stopped or self._judge(code)
        if fault is not None:
            yield fault

    def _lines(self) -> Iterator[bytes]:
        """Yield whole lines; raises TimeoutError at the deadline, _TooMuch beyond the cap."""
        rest, received = b"", 0
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._results, selectors.EVENT_READ)
            pieces: list[bytes] = []
            while True:
                if not waiting.select(max(0.0, self._deadline - time.monotonic())):
                    raise TimeoutError
                chunk = os.read(self._results, _CHUNK)
                received += len(chunk)
                if not chunk:
                    return
                if received > MOST_RESULT_BYTES:
                    raise _TooMuch
                if b"\n" not in chunk:
                    pieces.append(chunk)
                    continue
                *whole, rest = b"".join([*pieces, chunk]).split(b"\n")
                pieces = [rest]
                yield from whole

    def _ending(self, *, at_once: bool) -> int | None:
        """Return the child's exit code once it is gone; None if nobody can say.

        A child that has closed its results may run on to its deadline, not beyond.
        """
        if not at_once:
            self._leash.settimeout(max(0.01, self._deadline - time.monotonic()))
            try:
                return _exit_code(self._leash)
            except TimeoutError:
                at_once = True
        self._leash.shutdown(socket.SHUT_WR)
        self._leash.settimeout(_GRACE_SECONDS)
        try:
            return _exit_code(self._leash)
        except TimeoutError:
            return None

    def _judge(self, code: int | None) -> Fault | None:
        if code == 0:
            return None
        if code == EXIT_OUT_OF_MEMORY or code == -signal.SIGKILL:
            # Nobody else sends SIGKILL but the kernel, when the whole machine is short.
            return Fault(Outcome.OUT_OF_MEMORY, NO_MEMORY.format(megabytes=self._limits.memory_mb))
        if code == -signal.SIGXCPU:
            return self._timed_out()
        kind = "不明" if code is None else _name_of(code)
        return Fault(Outcome.DAMAGED, CRASHED.format(kind=kind))

    def _timed_out(self) -> Fault:
        return Fault(Outcome.TIMED_OUT, TIMED_OUT.format(seconds=self._limits.seconds))


class _TooMuch(Exception):
    """The child writes more than any honest file holds."""


def _exit_code(leash: socket.socket) -> int | None:
    """Return what the template says of the child's end; raises TimeoutError."""
    try:
        answer = leash.recv(32)
    except ConnectionError:
        return None
    return int(answer) if answer else None


def _name_of(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"終了コード{code}"
