"""What a file is, by its content, and who reads it.

A file's name is never asked: a page saved as .pdf and a bomb named .pptx are common.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from indexer.extract.containers import Contents, ole_names, zip_contents
from indexer.extract.media_types import (
    DOC,
    DOCM,
    DOCX,
    EPUB,
    GZIP,
    HEIC,
    HTML,
    ICHITARO,
    IWORK,
    LZH,
    MEDIA_LABELS,
    MHTML,
    ODG,
    ODP,
    ODS,
    ODT,
    OLE,
    OUTLOOK,
    PDF,
    PPT,
    PPTM,
    PPTX,
    PUBLISHER,
    RAR,
    RTF,
    SEVEN_ZIP,
    TEXT,
    UNKNOWN,
    VIDEO,
    VISIO,
    XLS,
    XLSB,
    XLSM,
    XLSX,
    XPS,
    ZIP,
    advice,
)
from indexer.extract.office import docx, pptx, xlsx
from indexer.extract.parts import Part
from indexer.extract.pdf import extractor as pdf
from indexer.extract.texts import html, plain_text
from indexer.extract.texts.encodings import is_text
from indexer.extracted import ExtractedDocument, Fault, Limits, Outcome, PageRange

_ALL = PageRange()


__all__ = [
    "MEDIA_LABELS",
    "Extractor",
    "Finding",
    "detect",
    "extractor_for",
    "inspect",
    "read",
]


class Extractor(Protocol):
    """Reads one format: yields the front first, then pages and faults as they come."""

    def __call__(
        self, stream: BinaryIO, limits: Limits, *, password: str = "", pages: PageRange = _ALL
    ) -> Iterator[Part]:
        """Read a seekable binary stream from its start; only the pages in the range."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a file is, and why it may not be read any further, if so."""

    media_type: str
    fault: Fault | None = None


_EXTRACTORS: dict[str, Extractor] = {
    PDF: pdf.read,
    PPTX: pptx.read,
    XLSX: xlsx.read,
    DOCX: docx.read,
    HTML: html.read,
    TEXT: plain_text.read,
}

_NO_BYTES = "ファイルの大きさが0バイトです。正しいファイルか確かめてください。"
_MACRO = "マクロを含むファイルは受け付けません。マクロのない形式かPDFで保存し直してください。"
_BOMB = "展開すると極端に大きくなるファイルのため、受け付けません。PDFで保存し直してください。"
_CROOKED = (
    "ファイルの中身の名前が不正なため、受け付けません。元のソフトで開いて保存し直してください。"
)
_TORN = "ファイルが途中で切れているか壊れています。別の写しを用意してください。"
_LOCKED = (
    "パスワードで保護されていて、この仕組みでは開けません。"
    "元のソフトで開き、保護を外して保存し直してください。"
)

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", RTF),
    (b"Rar!\x1a\x07", RAR),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"\x1f\x8b\x08", GZIP),
)
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_KINDS = (
    ("PowerPoint Document", PPT),
    ("Workbook", XLS),
    ("Book", XLS),
    ("WordDocument", DOC),
    ("\x04JSRV_SegmentInformation", ICHITARO),
    ("DocumentText", ICHITARO),
    ("VisioDocument", VISIO),
    ("__nameid_version1.0", OUTLOOK),
    ("Quill", PUBLISHER),
)
_ZIP_KINDS = (("ppt/", PPTX, PPTM), ("xl/", XLSX, XLSM), ("word/", DOCX, DOCM))
_OTHER_ZIP_KINDS = (
    (".iwa", IWORK),
    ("visio/document.xml", VISIO),
    ("fixeddocseq.fdseq", XPS),
    ("fixeddocumentsequence.fdseq", XPS),
)
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body")
_HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif")
_HEAD_BYTES = 4096


def detect(path: Path) -> str:
    """Return the media type of the file at `path`, by its content.

    Raises OSError when the path cannot be opened.
    """
    with path.open("rb") as stream:
        return inspect(stream).media_type


def extractor_for(media_type: str) -> Extractor | None:
    """Return what reads a media type; None for one that nothing reads yet."""
    return _EXTRACTORS.get(media_type)


def read(
    stream: BinaryIO, limits: Limits, *, password: str = "", pages: PageRange = _ALL
) -> Iterator[Part]:
    """Yield the parts of a file of any kind; what cannot be read yields a front and a fault."""
    finding = inspect(stream)
    yield ExtractedDocument(finding.media_type)
    extractor = extractor_for(finding.media_type)
    if finding.fault is None and extractor is not None:
        stream.seek(0)
        yield from extractor(stream, limits, password=password, pages=pages)
        return
    yield finding.fault or Fault(Outcome.UNSUPPORTED, advice(finding.media_type))


def inspect(stream: BinaryIO) -> Finding:
    """Return what a seekable stream holds, from its first bytes and a container's directory."""
    stream.seek(0)
    head = stream.read(_HEAD_BYTES)
    if not head:
        return Finding(UNKNOWN, Fault(Outcome.EMPTY, _NO_BYTES))
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _inspect_zip(stream)
    if head.startswith(_OLE_MAGIC):
        return _inspect_ole(stream)
    return Finding(_kind_by_magic(head) or _kind_of_text(head))


def _kind_by_magic(head: bytes) -> str | None:
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    # Two letters alone would take a text for a bitmap: its header's size is fixed.
    if head.startswith(b"BM") and head[14:18] in (b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0"):
        return "image/bmp"
    if head[4:8] == b"ftyp":
        return HEIC if head[8:12] in _HEIC_BRANDS else VIDEO
    if head[2:5] == b"-lh" and head[6:7] == b"-":
        return LZH
    return PDF if b"%PDF" in head[:1024] else None


def _inspect_zip(stream: BinaryIO) -> Finding:
    contents = zip_contents(stream)
    if not contents.readable:
        return Finding(ZIP, Fault(Outcome.DAMAGED, _TORN))
    macro = any(name.lower().endswith("vbaproject.bin") for name in contents.names)
    media_type = _kind_of_zip(contents, macro=macro)
    if contents.bomb:
        return Finding(media_type, Fault(Outcome.REFUSED, _BOMB))
    if media_type not in _EXTRACTORS and not macro:
        return Finding(media_type)
    if macro:
        return Finding(media_type, Fault(Outcome.REFUSED, _MACRO))
    if contents.encrypted:
        return Finding(media_type, Fault(Outcome.NEEDS_PASSWORD, _LOCKED))
    return Finding(media_type, Fault(Outcome.REFUSED, _CROOKED) if contents.crooked else None)


def _kind_of_zip(contents: Contents, *, macro: bool) -> str:
    names = {name.lower() for name in contents.names}
    if "[content_types].xml" in names:
        if "xl/workbook.bin" in names:
            return XLSB
        for folder, plain, with_macro in _ZIP_KINDS:
            if any(name.startswith(folder) for name in names):
                return with_macro if macro else plain
    declared = contents.declared_type
    for media_type in (ODT, ODS, ODP, ODG, EPUB):
        if declared.startswith(media_type):
            return media_type
    for ending, media_type in _OTHER_ZIP_KINDS:
        if any(name.endswith(ending) for name in names):
            return media_type
    return ZIP


def _inspect_ole(stream: BinaryIO) -> Finding:
    names = ole_names(stream)
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        return Finding(OLE, Fault(Outcome.NEEDS_PASSWORD, _LOCKED))
    return Finding(next((kind for name, kind in _OLE_KINDS if name in names), OLE))


def _kind_of_text(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_HTML_STARTS):
        return HTML
    if not is_text(head, cut=len(head) == _HEAD_BYTES):
        return UNKNOWN
    if b"multipart/related" in start and (b"mime-version:" in start):
        return MHTML
    narrow = start.replace(b"\0", b"")
    return HTML if b"<html" in narrow or b"<!doctype html" in narrow else TEXT


def extractor_name(media_type: str) -> str:
    """Name and version of what reads a media type; empty for one that nothing reads."""
    return _NAMES.get(media_type, "")


_NAMES = {
    PDF: pdf.EXTRACTOR,
    PPTX: pptx.EXTRACTOR,
    XLSX: xlsx.EXTRACTOR,
    DOCX: docx.EXTRACTOR,
    HTML: html.EXTRACTOR,
    TEXT: plain_text.EXTRACTOR,
}
