"""The parts an extractor yields while it reads, how they add up, and how they travel.

An extractor is a generator: first the front (an `ExtractedDocument` without pages or
faults), then pages and faults as they are met. What was read before a time-out or a crash
is therefore already with the caller.

Between processes a part is one line of JSON. The reading side trusts nothing: every field
is checked for its type and cut to its limit, since the writing side has just worked through
a file of unknown intent.
"""

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from typing import Any

from indexer.extracted import ExtractedDocument, ExtractedPage, Fault, Limits, Outcome

_KIND = "part"

Part = ExtractedDocument | ExtractedPage | Fault
"""One thing learnt of a file: its front, a page, or a fault."""

_SHORT = 1000
"""The most characters of a title, a name or a detail."""

_MOST_PAGES_DECLARED = 1_000_000


class UnreadablePart(ValueError):
    """A line that is no part: its writer is broken, or no longer ours."""


def assemble(parts: Iterable[Part]) -> ExtractedDocument:
    """Return the document that the parts of one file add up to.

    A front that comes again replaces the one before; parts without a front give a document
    of media type ``application/octet-stream``.
    """
    front = ExtractedDocument(media_type="application/octet-stream")
    pages: list[ExtractedPage] = []
    faults: list[Fault] = []
    for part in parts:
        if isinstance(part, ExtractedPage):
            pages.append(part)
        elif isinstance(part, Fault):
            faults.append(part)
        else:
            front = part
    return replace(front, pages=tuple(pages), faults=tuple(faults))


def to_line(part: Part) -> bytes:
    """Return the part as one line of UTF-8 JSON, ended by a newline."""
    fields = asdict(part)
    fields[_KIND] = type(part).__name__
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def from_line(line: bytes, limits: Limits) -> Part:
    """Return the part that a line holds.

    Raises UnreadablePart for anything but the fields, types and sizes that `to_line` writes
    within the limits.
    """
    try:
        fields = json.loads(line)
        return _READERS[fields[_KIND]](fields, limits)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise UnreadablePart(type(error).__name__) from error


def _front(fields: dict[str, Any], _: Limits) -> ExtractedDocument:
    return ExtractedDocument(
        media_type=_text(fields["media_type"], _SHORT),
        declared_pages=_whole(fields["declared_pages"], 0, _MOST_PAGES_DECLARED),
        title=_perhaps(fields["title"]),
        author=_perhaps(fields["author"]),
        producer=_perhaps(fields["producer"]),
        created=_perhaps(fields["created"]),
        extractor=_text(fields["extractor"], _SHORT),
    )


def _page(fields: dict[str, Any], limits: Limits) -> ExtractedPage:
    return ExtractedPage(
        number=_whole(fields["number"], 1, limits.pages),
        text=_text(fields["text"], limits.characters_per_page),
        width=_length(fields["width"]),
        height=_length(fields["height"]),
        title=_perhaps(fields["title"]),
        images=_whole(fields["images"], 0, 2**31),
        needs_ocr=fields["needs_ocr"] is True,
    )


def _fault(fields: dict[str, Any], limits: Limits) -> Fault:
    page = fields["page"]
    return Fault(
        outcome=Outcome(fields["outcome"]),
        detail=_text(fields["detail"], _SHORT),
        page=None if page is None else _whole(page, 1, limits.pages),
    )


_READERS: dict[str, Callable[[dict[str, Any], Limits], Part]] = {
    "ExtractedDocument": _front,
    "ExtractedPage": _page,
    "Fault": _fault,
}


def _text(value: object, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise TypeError(f"text of at most {most} characters")
    return value


def _perhaps(value: object) -> str | None:
    return None if value is None else _text(value, _SHORT)


def _whole(value: object, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise TypeError(f"whole number from {least} to {most}")
    return value


def _length(value: object) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):  # type: ignore[arg-type]
        raise TypeError("finite number")
    return float(value)  # type: ignore[arg-type]
