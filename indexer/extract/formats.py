"""What a file is, by its content, and who reads it.

A file's name is never asked: a page saved as .pdf and a bomb named .pptx are common.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from indexer.extract import pdf
from indexer.extract.containers import ole_names, zip_contents
from indexer.extract.parts import Part
from indexer.extracted import ExtractedDocument, Fault, Limits, Outcome


class Extractor(Protocol):
    """Reads one format: yields the front first, then pages and faults as they come."""

    def __call__(self, stream: BinaryIO, limits: Limits, *, password: str = "") -> Iterator[Part]:
        """Read a seekable binary stream from its start."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a file is, and why it may not be read any further, if so."""

    media_type: str
    fault: Fault | None = None


_OOXML = "application/vnd.openxmlformats-officedocument."
PDF = pdf.MEDIA_TYPE
PPTX = _OOXML + "presentationml.presentation"
XLSX = _OOXML + "spreadsheetml.sheet"
DOCX = _OOXML + "wordprocessingml.document"
PPTM = "application/vnd.ms-powerpoint.presentation.macroenabled.12"
XLSM = "application/vnd.ms-excel.sheet.macroenabled.12"
DOCM = "application/vnd.ms-word.document.macroenabled.12"
PPT = "application/vnd.ms-powerpoint"
XLS = "application/vnd.ms-excel"
DOC = "application/msword"
OLE = "application/x-ole-storage"
ZIP = "application/zip"
HTML = "text/html"
TEXT = "text/plain"
UNKNOWN = "application/octet-stream"

MEDIA_LABELS = {
    PDF: "PDF",
    PPTX: "PowerPoint",
    XLSX: "Excel",
    DOCX: "Word",
    PPTM: "マクロ付きPowerPoint",
    XLSM: "マクロ付きExcel",
    DOCM: "マクロ付きWord",
    PPT: "PowerPoint(97-2003形式)",
    XLS: "Excel(97-2003形式)",
    DOC: "Word(97-2003形式)",
    OLE: "古い形式の文書",
    ZIP: "ZIP",
    HTML: "HTML",
    TEXT: "テキスト",
    "image/png": "画像(PNG)",
    "image/jpeg": "画像(JPEG)",
    "image/gif": "画像(GIF)",
    "image/tiff": "画像(TIFF)",
    "image/webp": "画像(WebP)",
    "image/bmp": "画像(BMP)",
    UNKNOWN: "不明な形式",
}
"""The Japanese name of each media type that `detect` can return."""

_EXTRACTORS: dict[str, Extractor] = {PDF: pdf.read}

_SAVE_AS_PDF = "{label}はまだ読めません。元のソフトでPDFで保存し直してから登録してください。"
_ADVICE = {
    ZIP: "ZIPはそのままでは読めません。展開して、中のファイルを一つずつ登録してください。",
    HTML: "HTMLはまだ読めません。ブラウザーの印刷からPDFで保存し直して登録してください。",
    UNKNOWN: "ファイルの形式が分かりません。元のソフトでPDFで保存し直してから登録してください。",
}
_NO_BYTES = "ファイルの大きさが0バイトです。正しいファイルか確かめてください。"
_MACRO = "マクロを含むファイルは受け付けません。マクロのない形式かPDFで保存し直してください。"
_BOMB = "展開すると極端に大きくなるファイルのため、受け付けません。PDFで保存し直してください。"
_TORN = "ファイルが途中で切れているか壊れています。別の写しを用意してください。"
_LOCKED = "パスワードで保護されています。保護を外して保存し直してください。"

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
)
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_KINDS = (("PowerPoint Document", PPT), ("Workbook", XLS), ("Book", XLS), ("WordDocument", DOC))
_ZIP_KINDS = (("ppt/", PPTX, PPTM), ("xl/", XLSX, XLSM), ("word/", DOCX, DOCM))
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body")
_ENCODINGS = ("utf-8", "cp932", "euc-jp")
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


def read(stream: BinaryIO, limits: Limits, *, password: str = "") -> Iterator[Part]:
    """Yield the parts of a file of any kind; what cannot be read yields a front and a fault."""
    finding = inspect(stream)
    yield ExtractedDocument(finding.media_type)
    extractor = extractor_for(finding.media_type)
    if finding.fault is None and extractor is not None:
        stream.seek(0)
        yield from extractor(stream, limits, password=password)
        return
    yield finding.fault or _unsupported(finding.media_type)


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
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return Finding(media_type)
    if head[8:12] == b"WEBP":
        return Finding("image/webp")
    if b"%PDF" in head[:1024]:
        return Finding(PDF)
    return Finding(_kind_of_text(head))


def _inspect_zip(stream: BinaryIO) -> Finding:
    contents = zip_contents(stream)
    if not contents.readable:
        return Finding(ZIP, Fault(Outcome.DAMAGED, _TORN))
    macro = any(name.lower().endswith("vbaproject.bin") for name in contents.names)
    media_type = ZIP
    if "[Content_Types].xml" in contents.names:
        for folder, plain, with_macro in _ZIP_KINDS:
            if any(name.startswith(folder) for name in contents.names):
                media_type = with_macro if macro else plain
                break
    if contents.bomb:
        return Finding(media_type, Fault(Outcome.REFUSED, _BOMB))
    return Finding(media_type, Fault(Outcome.REFUSED, _MACRO) if macro else None)


def _inspect_ole(stream: BinaryIO) -> Finding:
    names = ole_names(stream)
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        return Finding(OLE, Fault(Outcome.NEEDS_PASSWORD, _LOCKED))
    return Finding(next((kind for name, kind in _OLE_KINDS if name in names), OLE))


def _kind_of_text(head: bytes) -> str:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML_STARTS):
        return HTML
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return TEXT
    if any(byte < 9 for byte in head):
        return UNKNOWN
    lowered = head.lower()
    if b"<html" in lowered or b"<!doctype html" in lowered:
        return HTML
    return TEXT if any(_decodes(head, encoding) for encoding in _ENCODINGS) else UNKNOWN


def _decodes(head: bytes, encoding: str) -> bool:
    # A character cut in two by the end of the head is no evidence against an encoding.
    for cut in range(4):
        try:
            head[: len(head) - cut].decode(encoding)
        except UnicodeDecodeError:
            if len(head) < _HEAD_BYTES:
                return False
        else:
            return True
    return False


def _unsupported(media_type: str) -> Fault:
    label = MEDIA_LABELS.get(media_type, MEDIA_LABELS[UNKNOWN])
    return Fault(Outcome.UNSUPPORTED, _ADVICE.get(media_type) or _SAVE_AS_PDF.format(label=label))
