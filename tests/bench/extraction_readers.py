"""The readers that are compared, each in a child process of its own."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pypdfium2
from pdfminer.converter import TextConverter
from pdfminer.high_level import extract_text
from pdfminer.pdfpage import PDFPage

from indexer.extract.pdf import extractor as pdf
from indexer.extracted import Limits

_MOST_REPORT = 4096


class Reading(NamedTuple):
    """What one reader made of one file."""

    pages: int
    seconds: float
    """Of CPU time, user and system."""
    characters: int
    outcome: str
    """`read`, the first fault's outcome, or the name of the exception."""


def ours(path: Path) -> tuple[int, int, str]:
    """Read with this program: text, places and reading order."""
    document = pdf.extract(path, Limits())
    faults = [fault.outcome.value for fault in document.faults]
    characters = sum(len(page.text) for page in document.pages)
    return len(document.pages), characters, faults[0] if faults else "read"


def default_pdfminer(path: Path) -> tuple[int, int, str]:
    """Read with `extract_text` and its default parameters; a form feed ends each page."""
    text = extract_text(path)
    return text.count("\f"), len(text), "read"


def pdfium(path: Path) -> tuple[int, int, str]:
    """Read with pypdfium2, page by page."""
    characters = 0
    with pypdfium2.PdfDocument(path) as document:
        for number in range(len(document)):
            page = document[number]
            text_page = page.get_textpage()
            characters += len(text_page.get_text_bounded())
            text_page.close()
            page.close()
        return len(document), characters, "read"


READERS: dict[str, Callable[[Path], tuple[int, int, str]]] = {
    "ours": ours,
    "pdfminer": default_pdfminer,
    "pypdfium2": pdfium,
}

# Imported here, so that no child pays for it: `extract_text` draws on both.
_PRELOADED = (TextConverter, PDFPage)


def read_in_child(name: str, path: Path) -> Reading:
    """Read one file in a child forked from this process, which never reads any itself."""
    output, sink = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(output)
        _report(name, path, sink)
    os.close(sink)
    with os.fdopen(output, "rb") as results:
        said = results.read()
    os.waitpid(child, 0)
    return Reading(*json.loads(said)) if said else Reading(0, 0.0, 0, "crashed")


def _report(name: str, path: Path, sink: int) -> None:
    """Read, write what came of it, and end this process without cleaning up."""
    status = 1
    try:
        pdf.quieten()
        start = time.process_time()
        try:
            pages, characters, outcome = READERS[name](path)
        except Exception as error:  # a rival's failure is a figure of this table
            pages, characters, outcome = 0, 0, type(error).__name__
        seconds = time.process_time() - start
        os.write(sink, json.dumps([pages, seconds, characters, outcome]).encode()[:_MOST_REPORT])
        status = 0
    finally:
        os._exit(status)
