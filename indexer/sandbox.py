"""Reading a file of unknown intent in confined child processes that may fail in any way.

The parent keeps what arrived before a time-out or a crash and names how it ended. It never
trusts a child: results are lines of JSON, checked field by field and capped in size. A long
PDF is read by several children where processors are idle, and a page of it that ends its
child costs that page.
"""

import contextlib
import os
import stat
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

from indexer.extract.parts import Part, UnreadablePart, assemble, from_line
from indexer.extract.pdf.verdict import verdict
from indexer.extract.ranges import LONG, Division, Share
from indexer.extracted import (
    ExtractedDocument,
    ExtractedPage,
    Fault,
    Limits,
    Outcome,
    PageRange,
)
from kb.confined import Closing, Confined, End, Ending, lines
from kb.confined import Limits as ChildLimits
from kb.confined.crew import Crew

MOST_RESULT_BYTES = 64 * 2**20
"""Of one file: about 2,000 pages of text with the places of its words; measured 13 KB a page on
the real files, 55 KB on the densest."""

MOST_PASSWORD = 1000
"""Characters; the longest password of a PDF is 127 bytes."""

MOST_DEATHS = 5
"""After so many dead children what is left of a share is given up."""

_DIVISIBLE = "application/pdf"

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
PAGES_UNREAD = "{first}ページから{last}ページまでは読めませんでした。{why}"
PAGE_UNREAD = "{first}ページは読めませんでした。{why}"


Watch = Callable[[Path, int, int], None]
"""Told of a file, its pages read so far and those it says it has (0 while nobody knows)."""


def extract_safely(path: Path, limits: Limits, *, password: str = "") -> ExtractedDocument:
    """Return what can be read of one file; for several, keep a `Sandbox`."""
    with Sandbox(limits) as sandbox:
        return sandbox.extract(path, password=password)


class Sandbox(Closing):
    """Extracts files, each in its own confined process; long ones in several.

    May be used from several threads at once. The template process behind it starts with the
    first call and ends with `close()`, with the object, or with this process, whichever comes
    first, and takes its children along.
    """

    def __init__(
        self, limits: Limits, *, workers: int | None = None, watch: Watch | None = None
    ) -> None:
        """Take what one file may cost, and how many children keep this machine busy (as many as
        it has processors): with fewer at work, long files are read by several at once."""
        self._watch = watch
        self._limits = limits
        # CMAP_PATH elsewhere would make a document read differently on two machines.
        self._confined = Confined("indexer.sandbox_child", {"CMAP_PATH": os.devnull})
        self._crew = Crew(workers or os.cpu_count() or 1)

    def extract(self, path: Path, *, password: str = "") -> ExtractedDocument:
        """Return what can be read of the file at `path`.

        Always returns: whatever the file does to its children becomes a Fault beside the pages
        that were read.
        """
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                return assemble([Fault(Outcome.DAMAGED, NO_FILE)])
            # Loading takes a second on a busy machine, which is no part of a file's time.
            self._confined.load()
            with path.open("rb") as source:
                children = _Children(self._confined, self._limits, source, password[:MOST_PASSWORD])
                watch = self._watch
                told = None if watch is None else lambda done, pages: watch(path, done, pages)
                return _Reading(children, self._crew, told).document()
        except OSError as error:
            detail = CANNOT_OPEN.format(kind=type(error).__name__)
            return assemble([Fault(Outcome.DAMAGED, detail)])

    def close(self) -> None:
        """End the template and every child; the next `extract` would start another."""
        self._confined.close()


class _Stop(NamedTuple):
    """Why a child did not end well, and whether another one could do better."""

    fault: Fault
    final: bool


class _Children:
    """The children that read one file: what they may cost together, what their ends mean."""

    def __init__(self, confined: Confined, limits: Limits, source: BinaryIO, password: str) -> None:
        self.limits = limits
        self._confined = confined
        self._source = source
        self._password = password
        self._deadline = time.monotonic() + limits.seconds
        self._bytes_left = MOST_RESULT_BYTES
        # A front or two, then each page with at most a fault of its own, then the verdict.
        self._most_parts = 2 * limits.pages + 10

    def read(self, wanted: PageRange, keep: Callable[[Part], bool]) -> _Stop | None:
        """Have one child read pages; return why it did not end well.

        `keep` takes each part and tells whether to go on.
        """
        seconds = self._deadline - time.monotonic()
        if seconds <= 0:
            return self._judge(Ending(End.TIMED_OUT))
        may = ChildLimits(seconds, self.limits.memory_mb, max(1, self._bytes_left))
        request = {
            "limits": asdict(self.limits),
            "password": self._password,
            "pages": [wanted.first, wanted.last],
        }
        run = lines(self._confined.run(request, self._source.fileno(), may))
        with contextlib.closing(run):
            for number, piece in enumerate(run):
                if isinstance(piece, Ending):
                    return self._judge(piece)
                self._bytes_left -= len(piece)
                if number > self._most_parts or self._bytes_left < 0:
                    return self._judge(Ending(End.TOO_MUCH))
                try:
                    part = from_line(piece, self.limits)
                except UnreadablePart as error:
                    return _Stop(Fault(Outcome.DAMAGED, CRASHED.format(kind=str(error))), False)
                if not keep(part):
                    return None
        return self._judge(Ending(End.GONE))

    def _judge(self, ending: Ending) -> _Stop | None:
        seconds, megabytes = self.limits.seconds, self.limits.memory_mb
        match ending.end:
            case End.DONE:
                return None
            case End.TIMED_OUT:
                return _Stop(Fault(Outcome.TIMED_OUT, TIMED_OUT.format(seconds=seconds)), True)
            case End.TOO_MUCH:
                return _Stop(Fault(Outcome.TOO_LARGE, TOO_MUCH), True)
            case End.OUT_OF_MEMORY:
                fault = Fault(Outcome.OUT_OF_MEMORY, NO_MEMORY.format(megabytes=megabytes))
                return _Stop(fault, False)
            case End.GONE:
                return _Stop(Fault(Outcome.DAMAGED, CRASHED.format(kind="停止")), True)
            case End.CRASHED:
                kind = ending.signal_name or f"終了コード{ending.code}"
                return _Stop(Fault(Outcome.DAMAGED, CRASHED.format(kind=kind)), False)


class _Reading:
    """One file being read: by one child, or by several when it is long."""

    def __init__(
        self, children: _Children, crew: Crew, told: Callable[[int, int], None] | None = None
    ) -> None:
        self._children = children
        self._crew = crew
        self._told = told
        self._declared = self._done = 0
        self._division = Division(children.limits.pages)
        self._offer = contextlib.ExitStack()
        self._parts: list[Part] = []
        self._long = False
        self._in_pieces = False
        self._over = False

    def document(self) -> ExtractedDocument:
        """Return everything that was read of the file."""
        with self._offer:
            self._read(self._division.first)
            while self._long and (more := self.part()) is not None:
                more()
        if not self._in_pieces:
            return assemble(self._parts)
        document = _in_order(assemble(self._parts))
        found = (*document.faults, *verdict(document, self._children.limits.pages))
        return replace(document, faults=tuple(dict.fromkeys(found)))

    def worth_dividing(self) -> bool:
        """Tell whether another reader would find enough to do."""
        return not self._over and self._division.worth_dividing()

    def part(self) -> Callable[[], None] | None:
        """Take a share of the pages: a function that reads it; None when too few are left."""
        share = None if self._over else self._division.take()
        if share is None:
            return None
        self._in_pieces = True
        return lambda: self._read(share)

    def _read(self, share: Share) -> None:
        """Read a share, going on behind each page that ends its child."""
        for deaths in range(1, MOST_DEATHS + 1):
            with self._crew.busy():
                stop = self._children.read(
                    self._division.wanted(share), lambda part: self._keep(share, part)
                )
            if stop is None:
                break
            self._in_pieces = self._long
            self._over = self._over or stop.final
            if not self._long or share.left < 1:
                self._parts.append(stop.fault)
                break
            if stop.final or deaths == MOST_DEATHS:
                self._parts.append(_naming(share.next, share.last, stop.fault))
                break
            page = self._division.skip(share)
            self._parts.append(replace(_naming(page, page, stop.fault), page=page))
            if share.left < 1:
                break
        self._division.finish(share)

    def _keep(self, share: Share, part: Part) -> bool:
        """Keep a part unless it is another reader's; tell whether this one is to go on."""
        if isinstance(part, ExtractedDocument):
            self._begin(part)
        else:
            page = part.number if isinstance(part, ExtractedPage) else part.page
            if page is not None and not self._division.reach(share, page):
                return False
        self._parts.append(part)
        self._tell(part)
        return True

    def _tell(self, part: Part) -> None:
        """Tell whoever watches how far the file is."""
        if isinstance(part, ExtractedDocument):
            self._declared = max(self._declared, part.declared_pages)
        elif isinstance(part, ExtractedPage):
            self._done += 1
        if self._told is not None:
            self._told(self._done, self._declared)

    def _begin(self, front: ExtractedDocument) -> None:
        """Let others help if the front says that the file is long."""
        if self._long or front.media_type != _DIVISIBLE or front.declared_pages <= LONG:
            return
        self._division.shorten(min(front.declared_pages, self._children.limits.pages))
        self._long = True
        self._offer.enter_context(self._crew.offered(self))


def _in_order(document: ExtractedDocument) -> ExtractedDocument:
    """Return a document that was read in pieces with its pages, then its faults, in order."""
    pages = {page.number: page for page in reversed(document.pages)}
    faults = sorted(
        dict.fromkeys(document.faults),
        key=lambda fault: (fault.page is None, fault.page or 0),
    )
    return replace(
        document, pages=tuple(pages[number] for number in sorted(pages)), faults=tuple(faults)
    )


def _naming(first: int, last: int, fault: Fault) -> Fault:
    """Return a fault that says which pages it cost."""
    text = PAGE_UNREAD if first == last else PAGES_UNREAD
    return replace(fault, detail=text.format(first=first, last=last, why=fault.detail))
