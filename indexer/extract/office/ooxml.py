"""The package behind .pptx, .xlsx and .docx: parts, their relations, XML without entities.

Source: ECMA-376 Part 2. Element and attribute names are compared without their namespace, so
that files of the Strict variant (ISO 29500) are read like all others. Relations that lead out
of the package are never followed. XML with a document type is refused, as ECMA-376-2 6.2.5
demands: nothing honest writes one.
"""

import io
import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import unquote

from lxml import etree

from indexer.extract.containers import Archive, Entry, EntryBroken, EntryTooLarge
from indexer.extract.page_text import clean
from indexer.extract.parts import Part
from indexer.extracted import (
    ExtractedDocument,
    Fault,
    Outcome,
)

LXML = f"lxml {version('lxml')}"

MOST_TREE_BYTES = 32 * 2**20
"""A part read as a whole: its tree takes up to ten times as much memory."""

_PROLOGUE_BYTES = 2048
_MOST_CHARACTERS = 500
_EARLIEST = date(1990, 1, 1)

HAS_DTD = (
    "文書型宣言(DOCTYPE)を含むファイルは受け付けません。元のソフトでPDFで保存し直してください。"
)
BROKEN_PART = "ファイルの中身({name})が壊れています。元のソフトで開いて保存し直してください。"
PART_TOO_LARGE = (
    "ファイルの中身({name})が大きすぎます。ファイルを分けるか、PDFで保存し直してください。"
)
PART_MISSING = "ファイルの中身({name})が足りません。元のソフトで開いて保存し直してください。"

Element = Any
"""An lxml element; the library ships no types."""


class CannotRead(ValueError):
    """A part of a package, or the whole, cannot be read; `fault` says why."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        super().__init__(detail)
        self.fault = Fault(outcome, detail)

    def on_page(self, number: int) -> Fault:
        """Return the fault as one of a page; raises this again if the file is refused."""
        if self.fault.outcome is Outcome.REFUSED:
            raise self
        return replace(self.fault, page=number)


class Relation(NamedTuple):
    """What a part points to within its package."""

    kind: str
    """The last word of its type, in lower case: slide, notesslide, image."""
    target: str
    """The name of the part."""


class Package:
    """The parts of one file."""

    def __init__(self, stream: BinaryIO) -> None:
        """Raises CannotRead for a broken directory, or a part that starts with a DTD."""
        try:
            self._archive = Archive(stream)
            for name in self._archive.names:
                if name.lower().endswith((".xml", ".rels", ".vml")):
                    _refuse_dtd(self._archive.start(name, _PROLOGUE_BYTES))
        except (EntryBroken, EntryTooLarge) as error:
            raise _unreadable(str(error), error) from error
        self._relations: dict[str, dict[str, Relation]] = {}
        self.faults: list[Fault] = []
        """Of parts without which the rest can be read."""

    def __contains__(self, name: str) -> bool:
        return name in self._archive

    def tree(self, name: str) -> Element:
        """Return the root element of a part; raises CannotRead."""
        try:
            content = self._archive.read(name, MOST_TREE_BYTES)
            _refuse_dtd(content)
            return etree.parse(io.BytesIO(content), _parser()).getroot()
        except (EntryBroken, EntryTooLarge, etree.XMLSyntaxError) as error:
            raise _unreadable(name, error) from error

    def side_tree(self, name: str) -> Element:
        """Return the root of a part without which the rest can be read.

        A broken one gives an empty element and a fault. Raises CannotRead if it is refused.
        """
        try:
            return self.tree(name)
        except CannotRead as error:
            self.note(error)
            return etree.Element("none")

    def note(self, error: CannotRead) -> None:
        """Keep a fault of the whole; raises it again if the file is refused."""
        if error.fault.outcome is Outcome.REFUSED:
            raise error
        if error.fault not in self.faults:
            self.faults.append(error.fault)

    def ends(self, name: str, *tags: str) -> Iterator[Element]:
        """Yield each element of these names when it has ended, without keeping the tree.

        The caller clears what it has read. Raises CannotRead.
        """
        try:
            with self._archive.open(name) as entry:
                ended = etree.iterparse(
                    _Watched(entry),
                    tag=[f"{{*}}{tag}" for tag in tags],
                    remove_comments=True,
                    remove_pis=True,
                    resolve_entities=False,
                    load_dtd=False,
                    no_network=True,
                    huge_tree=False,
                )
                for _, element in ended:
                    yield element
        except (EntryBroken, EntryTooLarge, etree.XMLSyntaxError) as error:
            raise _unreadable(name, error) from error

    def relations(self, name: str) -> dict[str, Relation]:
        """Return what a part points to within the package, by relation id; "" is the package."""
        if name not in self._relations:
            folder, file = posixpath.split(name)
            path = posixpath.join(folder, "_rels", file + ".rels")
            found = self.side_tree(path).iter("{*}Relationship") if path in self else ()
            self._relations[name] = dict(self._internal(folder, found))
        return self._relations[name]

    def related(self, name: str, kind: str) -> list[str]:
        """Return the names of the parts to which a part points by one kind of relation."""
        return [found.target for found in self.relations(name).values() if found.kind == kind]

    def main_part(self) -> str:
        """Return the name of the part that holds the document; raises CannotRead."""
        found = self.related("", "officedocument")
        if not found:
            raise CannotRead(Outcome.DAMAGED, PART_MISSING.format(name="officeDocument"))
        return found[0]

    def front(self, media_type: str, extractor: str) -> ExtractedDocument:
        """Return the document's front with what its core properties say."""
        words: dict[str, str] = {}
        for part in self.related("", "core-properties")[:1]:
            words = {local(word): word.text or "" for word in self.side_tree(part)}
        return ExtractedDocument(
            media_type,
            title=clean(words.get("title", ""))[:_MOST_CHARACTERS] or None,
            author=clean(words.get("creator", ""))[:_MOST_CHARACTERS] or None,
            created=iso_day(words.get("created", "")),
            extractor=extractor,
        )

    def _internal(
        self, folder: str, elements: Sequence[Element] | Iterator[Element]
    ) -> Iterator[tuple[str, Relation]]:
        for element in elements:
            target = unquote(element.get("Target", ""))
            kind = element.get("Type", "").rpartition("/")[2].lower()
            if element.get("TargetMode") == "External" or not target:
                continue
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            if path in self:
                yield element.get("Id", ""), Relation(kind, path)


def read_package(
    stream: BinaryIO,
    media_type: str,
    extractor: str,
    parts: Callable[[Package, ExtractedDocument], Iterator[Part]],
) -> Iterator[Part]:
    """Yield what `parts` yields of a package and its front.

    Where the package cannot be read (further), the front as far as it was known, and the fault.
    """
    front = ExtractedDocument(media_type, extractor=extractor)
    try:
        package = Package(stream)
        front = package.front(media_type, extractor)
        for part in parts(package, front):
            front = part if isinstance(part, ExtractedDocument) else front
            yield part
    except CannotRead as error:
        yield front
        yield error.fault


class _Watched:
    """A stream of XML that is refused when a document type turns up in it."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._tail = b""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raises CannotRead."""
        content = self._entry.read(size)
        _refuse_dtd(self._tail + content)
        self._tail = content[-32:]
        return content


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element, name: str) -> str | None:
    """Return an attribute by its name without its namespace, None when it is not there."""
    for key, value in element.items():
        if key == name or key.endswith("}" + name):
            return str(value)
    return None


def reference(element: Element, name: str = "id") -> str:
    """Return a relation's id; unlike `attribute`, only an attribute that has a namespace."""
    for key, value in element.items():
        if key.endswith("}" + name):
            return str(value)
    return ""


def whole(text: str | None, default: int = 0) -> int:
    """Return the whole number a text holds, or the default."""
    try:
        return int(text or "")
    except ValueError:
        return default


def inside(element: Element, *pruned: str) -> Iterator[Element]:
    """Yield the elements within another in document order, but nothing within `pruned` ones.

    Of alternatives (mc:AlternateContent) the first is taken, so that nothing comes twice.
    """
    stack = [iter(element)]
    while stack:
        for child in stack[-1]:
            yield child
            name = local(child)
            if name not in pruned:
                stack.append(iter(alternative(child) if name == "AlternateContent" else child))
                break
        else:
            stack.pop()


def alternative(element: Element) -> Element:
    """Return the choice of an mc:AlternateContent that is read, itself if it has none."""
    choice = element.find("{*}Choice")
    fallback = element.find("{*}Fallback")
    if choice is not None and len(choice):
        return choice
    return fallback if fallback is not None else element


def iso_day(text: str) -> str | None:
    """Return the day of a W3CDTF date, None for none and for one that no clock showed."""
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    return day.isoformat() if _EARLIEST <= day <= tomorrow else None


def _parser() -> Any:
    return etree.XMLParser(
        remove_comments=True,
        remove_pis=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )


def _refuse_dtd(content: bytes) -> None:
    # UTF-16 is the other encoding a part may have: its letters are every second byte.
    narrow = content.replace(b"\0", b"") if b"\0" in content[:4096] else content
    if b"<!DOCTYPE" in narrow or b"<!ENTITY" in narrow:
        raise CannotRead(Outcome.REFUSED, HAS_DTD)


def _unreadable(name: str, error: Exception) -> CannotRead:
    name = posixpath.basename(name)[:80]
    if isinstance(error, EntryTooLarge):
        return CannotRead(Outcome.TOO_LARGE, PART_TOO_LARGE.format(name=name))
    return CannotRead(Outcome.DAMAGED, BROKEN_PART.format(name=name))
