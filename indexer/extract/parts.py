"""The parts an extractor yields while it reads, how they add up, and how they travel.

An extractor is a generator: first the front (an `ExtractedDocument` without pages or
faults), then pages and faults as they are met. What was read before a time-out or a crash
is therefore already with the caller.

Between processes a part is one line of JSON. The reading side trusts nothing: every field
is checked for its type and its limit, since the writing side has just worked through a file
of unknown intent. What is wrong about the places or blocks of a page costs these, not the
page; see :mod:`indexer.extract.part_columns`.
"""

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import fields as fields_of
from dataclasses import replace
from typing import Any

from indexer.extract.part_columns import (
    Misplaced,
    pack_blocks,
    pack_places,
    unpack_blocks,
    unpack_places,
)
from indexer.extracted import (
    Block,
    ExtractedDocument,
    ExtractedPage,
    Fault,
    Limits,
    Link,
    Outcome,
    OutlineEntry,
    Places,
)

_KIND = "part"

Part = ExtractedDocument | ExtractedPage | Fault
"""One thing learnt of a file: its front, a page, or a fault."""

_SHORT = 1000
"""The most characters of a title, a name or a detail."""

_MOST_PAGES_DECLARED = 1_000_000
_MOST_COUNTED = 2**31
_MOST_ENTRIES = 5000
"""Of an outline; the longest of the real files has 540."""
_MOST_ATTACHMENTS = 1000
_DEEPEST = 100
_MOST_LINKS = 2000
_LONGEST_ADDRESS = 2000


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
    # Not asdict, which copies every number of every column: 4 ms for a dense page.
    fields = {field.name: getattr(part, field.name) for field in fields_of(part)}
    fields[_KIND] = type(part).__name__
    if isinstance(part, ExtractedPage):
        fields["places"] = pack_places(part.places)
        fields["blocks"] = pack_blocks(part.blocks)
    elif isinstance(part, ExtractedDocument):
        fields["outline"] = [(entry.title, entry.level, entry.page) for entry in part.outline]
        fields["links"] = [(link.words, link.address, link.before) for link in part.links]
        # The parts of a document travel by themselves.
        del fields["pages"], fields["faults"]
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
        outline=_outline(fields["outline"]),
        attachments=_attachments(fields["attachments"]),
        links=_links(fields["links"]),
    )


def _page(fields: dict[str, Any], limits: Limits) -> ExtractedPage:
    text = _text(fields["text"], limits.characters_per_page)
    confidence = fields["confidence"]
    return ExtractedPage(
        number=_whole(fields["number"], 1, limits.pages),
        text=text,
        width=_length(fields["width"]),
        height=_length(fields["height"]),
        title=_perhaps(fields["title"]),
        images=_whole(fields["images"], 0, _MOST_COUNTED),
        needs_ocr=fields["needs_ocr"] is True,
        places=_places(fields["places"], text),
        blocks=_blocks(fields["blocks"], text),
        glyphs=_whole(fields["glyphs"], 0, _MOST_COUNTED),
        undefined=_whole(fields["undefined"], 0, _MOST_COUNTED),
        reader=_text(fields["reader"], _SHORT),
        confidence=None if confidence is None else _share(confidence),
    )


def _places(packed: object, text: str) -> Places:
    try:
        return unpack_places(packed, text)
    except Misplaced:
        return Places()


def _blocks(packed: object, text: str) -> tuple[Block, ...]:
    try:
        return unpack_blocks(packed, text)
    except Misplaced:
        return ()


def _outline(entries: list[Any]) -> tuple[OutlineEntry, ...]:
    """Return the bookmarks, none where one of them is none."""
    try:
        return tuple(
            OutlineEntry(
                _text(title, _SHORT),
                _whole(level, 1, _DEEPEST),
                None if page is None else _whole(page, 1, _MOST_PAGES_DECLARED),
            )
            for title, level, page in entries[:_MOST_ENTRIES]
        )
    except (TypeError, ValueError):
        return ()


def _attachments(names: list[Any]) -> tuple[str, ...]:
    return tuple(_text(name, _SHORT) for name in names[:_MOST_ATTACHMENTS])


def _links(entries: list[Any]) -> tuple[Link, ...]:
    """Return the links, none where one of them is none."""
    try:
        return tuple(
            Link(_text(words, _SHORT), _text(address, _LONGEST_ADDRESS), _text(before, _SHORT))
            for words, address, before in entries[:_MOST_LINKS]
        )
    except (TypeError, ValueError):
        return ()


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


def _share(value: object) -> float:
    share = _length(value)
    if not 0.0 <= share <= 1.0:
        raise TypeError("share from 0 to 1")
    return share


def _length(value: object) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):  # type: ignore[arg-type]
        raise TypeError("finite number")
    return float(value)  # type: ignore[arg-type]
