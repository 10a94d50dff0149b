"""From a file to the lines of a page: HTML as a browser shows it, text as it stands.

The file is opened by a confined child, like every other file. Text is then decoded here, so
that the lines are those of the file; of HTML nothing but what the child wrote is looked at.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from indexer.extract.texts.encodings import decode
from indexer.extracted import BlockKind, ExtractedDocument, ExtractedPage, Limits, Link
from indexer.intake.draft import PageLine
from indexer.sandbox import Sandbox, extract_safely

MOST_BYTES = 8 * 2**20
"""Of a text; pages of seminars have a few thousand."""

_TEXT, _HTML = "text/plain", "text/html"
_NEAR = 100_000
"""Characters behind one link within which the next is looked for."""

NO_PAGE = (
    "セミナーのページとして読めるのは、HTML(.html)かテキスト(.txt)のファイルです。"
    "ブラウザーの「名前を付けて保存」でHTMLとして保存し直してください。"
)
NOTHING = (
    "ページに文字がありません。開いて中身を確かめ、ブラウザーの「名前を付けて保存」で"
    "保存し直してください。"
)
NO_TEXT = "文字コードが分かりません。UTF-8かシフトJISで保存し直してください。"
UNREADABLE = "ファイルを開けません({kind})。場所と権限を確かめてください。"
TOO_LARGE = "ページが{megabytes}MBを超えています。必要な部分だけを保存し直してください。"


class CannotReadPage(Exception):
    """A file that is no page of a seminar; its message says in Japanese what to do."""


def read_page(
    path: Path, limits: Limits, *, address: str = "", sandbox: Sandbox | None = None
) -> tuple[PageLine, ...]:
    """Return the lines of a page, from 1; blank ones of a text file are kept.

    Args:
        path: an HTML or text file (UTF-8, CP932, EUC-JP, ISO-2022-JP, UTF-16).
        limits: what reading it may cost.
        address: where the page lives; relative links are resolved against it.
        sandbox: one that is open already, for several pages (starting one takes a second).

    Raises:
        CannotReadPage: it is of another format, damaged, too large, or empty.
    """
    document = sandbox.extract(path) if sandbox is not None else extract_safely(path, limits)
    if document.media_type == _TEXT:
        lines = _text_lines(path)
    elif document.media_type == _HTML:
        lines = tuple(_html_lines(document, address))
    else:
        detail = document.faults[0].detail if document.faults else ""
        raise CannotReadPage(detail if document.faults and not document.extractor else NO_PAGE)
    if not any(line.text.strip() for line in lines):
        raise CannotReadPage(document.faults[0].detail if document.faults else NOTHING)
    return lines


def _text_lines(path: Path) -> tuple[PageLine, ...]:
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise CannotReadPage(UNREADABLE.format(kind=type(error).__name__)) from error
    if len(content) > MOST_BYTES:
        raise CannotReadPage(TOO_LARGE.format(megabytes=MOST_BYTES // 2**20))
    decoded = decode(content)
    if decoded is None:
        raise CannotReadPage(NO_TEXT)
    return lines_of(decoded.text)


def lines_of(text: str) -> tuple[PageLine, ...]:
    """Return the lines of a text."""
    return tuple(PageLine(number, line) for number, line in enumerate(text.splitlines(), 1))


def _html_lines(document: ExtractedDocument, address: str) -> Iterator[PageLine]:
    rows = [row for page in document.pages for row in _rows(page)]
    links = _by_row([text for text, _ in rows], document.links, address)
    for index, (text, kind) in enumerate(rows):
        yield PageLine(
            index + 1,
            text,
            tuple(links.get(index, ())),
            heading=kind is BlockKind.HEADING,
            footer=kind is BlockKind.RUNNING,
        )


def _rows(page: ExtractedPage) -> Iterator[tuple[str, BlockKind]]:
    """The lines of a page's text, each with the kind of the block it stands in."""
    starts = sorted((start, block.kind) for block in page.blocks for start, _ in block.spans)
    at, place = 0, 0
    for line in page.text.split("\n"):
        while place + 1 < len(starts) and starts[place + 1][0] <= at:
            place += 1
        yield line, starts[place][1] if starts else BlockKind.PARAGRAPH
        at += len(line) + 1


def _by_row(
    rows: list[str], links: Iterable[Link], address: str
) -> dict[int, list[tuple[str, str]]]:
    """Row -> its links: each is looked for behind the one before it, by its own words."""
    row_of: list[int] = []
    squeezed: list[str] = []
    for index, row in enumerate(rows):
        words = "".join(row.split())
        squeezed.append(words)
        row_of += [index] * len(words)
    text, at = "".join(squeezed), 0
    found: dict[int, list[tuple[str, str]]] = {}
    for link in links:
        before, words = ("".join(part.split()) for part in (link.before, link.words))
        # Bounded, so that links which are nowhere do not make it quadratic.
        place = text.find(before + words, at, at + _NEAR) if words else -1
        if place < 0:
            continue
        at = place + len(before) + len(words)
        where = resolved(address, link.address)
        if where:
            found.setdefault(row_of[at - 1], []).append((link.words, where))
    return found


def resolved(page: str, link: str) -> str:
    """The address of a link on a page; as written where the page's is not known."""
    try:
        joined = urljoin(page, link) if urlsplit(page).scheme in ("http", "https") else link
        return joined if urlsplit(joined).scheme in ("", "http", "https") else ""
    except ValueError:  # a bracket that closes no IPv6 address
        return ""
