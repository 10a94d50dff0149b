"""Reads the sample for its tests: the records, and the words of the originals."""

import csv
import html
import io
import re
import unicodedata
import zipfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from pdfminer.converter import TextConverter
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

from kb.domain.case_study import KEYWORD_SEPARATOR

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"
SHARED = ROOT.parent / "shared"
PASSWORD = "mihon-2023"


def rows(name: str) -> list[dict[str, str]]:
    with (CORPUS / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def split(cell: str) -> list[str]:
    return [part for part in cell.split(KEYWORD_SEPARATOR) if part]


CASES = rows("cases.csv")
EVENTS = rows("events.csv")
DOCUMENTS = rows("documents.csv")
PEOPLE = rows("people.csv")
ROLES = rows("roles.csv")
PROGRAMMES = rows("programmes.csv")
PLACES = rows("municipalities.csv")
HELD = [row for row in DOCUMENTS if row["file"]]
BY_ID = {row["id"]: row for row in DOCUMENTS}


def invented(identifier: str) -> bool:
    return "mihon" in identifier


class Words(HTMLParser):
    """The text of an HTML page, style sheets left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.found.append(data)


def text_of(row: dict[str, str], first_page: bool = False) -> str:
    """The original's words without spaces, widths folded; office files as their XML holds them."""
    return _text_of(row["id"], CORPUS / row["file"], first_page)


@cache
def _text_of(identifier: str, path: Path, first_page: bool) -> str:
    if path.suffix == ".pdf":
        password = PASSWORD if identifier == "doc-mihon-tachibana-2021-slides" else ""
        found = pdf_text(path, password, maxpages=1 if first_page else 0)
    elif path.suffix == ".html":
        page = Words()
        page.feed(path.read_text(encoding="utf-8"))
        found = "".join(page.found)
    else:
        found = office_text(path, first_page)
    return squeezed(found)


def pdf_text(path: Path, password: str, maxpages: int) -> str:
    """In the order of the content stream: without layout analysis, ten times as fast."""
    written = io.StringIO()
    resources = PDFResourceManager()
    interpreter = PDFPageInterpreter(resources, TextConverter(resources, written))
    with path.open("rb") as stream:
        for page in PDFPage.get_pages(stream, password=password, maxpages=maxpages):
            interpreter.process_page(page)
    return written.getvalue()


def page_texts(row: dict[str, str]) -> list[str]:
    """The text of every page of a PDF."""
    written, resources = io.StringIO(), PDFResourceManager()
    interpreter = PDFPageInterpreter(resources, TextConverter(resources, written))
    found = []
    with (CORPUS / row["file"]).open("rb") as stream:
        for page in PDFPage.get_pages(stream):
            interpreter.process_page(page)
            found.append(written.getvalue())
            written.seek(0)
            written.truncate()
    return found


def office_text(path: Path, first_page: bool) -> str:
    with zipfile.ZipFile(path) as package:
        names = [n for n in package.namelist() if n.endswith(".xml") and "theme" not in n]
        if first_page and path.suffix == ".pptx":
            names = ["ppt/slides/slide1.xml"]
        found = "".join(re.sub(r"<[^>]+>", "", package.read(n).decode("utf-8")) for n in names)
        return html.unescape(found)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
