"""What a file is, by its content alone."""

import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.extract import formats
from indexer.extract.formats import MEDIA_LABELS, Finding, detect, extractor_for, inspect, read
from indexer.extract.parts import assemble
from indexer.extracted import ExtractedDocument, Limits, Outcome


def office(*names: str, large: int = 0) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, b"\0" * large)
    return written.getvalue()


def ole(*names: str) -> bytes:
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 0x1E, 9)
    struct.pack_into("<I", header, 0x30, 0)
    entries = b""
    for name in ("Root Entry", *names):
        encoded = name.encode("utf-16-le")
        entries += encoded.ljust(64, b"\0") + struct.pack("<H", len(encoded) + 2) + bytes(62)
    return bytes(header) + entries


SAMPLES = [
    (b"%PDF-1.7\n", formats.PDF),
    (b"\r\n\0junk" * 20 + b"%PDF-1.4\n", formats.PDF),
    (office("ppt/presentation.xml"), formats.PPTX),
    (office("xl/workbook.xml"), formats.XLSX),
    (office("word/document.xml"), formats.DOCX),
    (office("word/document.xml", "word/vbaProject.bin"), formats.DOCM),
    (office("xl/workbook.xml", "xl/vbaProject.bin"), formats.XLSM),
    (office("a.txt"), formats.ZIP),
    (ole("PowerPoint Document"), formats.PPT),
    (ole("Workbook"), formats.XLS),
    (ole("WordDocument"), formats.DOC),
    (ole("EncryptionInfo", "EncryptedPackage"), formats.OLE),
    (ole()[:100], formats.OLE),
    (b"<!DOCTYPE html><title>x</title>", formats.HTML),
    (b"\xef\xbb\xbf\n<HTML>", formats.HTML),
    (b"<?xml version='1.0'?><html xmlns='...'>", formats.HTML),
    ("改善の記録\n".encode(), formats.TEXT),
    ("改善の記録\n".encode("cp932"), formats.TEXT),
    ("改善の記録\n".encode("utf-16"), formats.TEXT),
    (("あ" * 4000).encode(), formats.TEXT),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff\xe0", "image/jpeg"),
    (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    (b"\x00\x01\x02\x03", formats.UNKNOWN),
    (b"", formats.UNKNOWN),
]


@pytest.mark.parametrize(("content", "media_type"), SAMPLES)
def test_the_content_tells_what_a_file_is(tmp_path: Path, content: bytes, media_type: str) -> None:
    path = tmp_path / "named.pdf"
    path.write_bytes(content)
    assert detect(path) == media_type
    assert MEDIA_LABELS[media_type]


def ending(content: bytes) -> tuple[str, Outcome | None]:
    document = assemble(read(io.BytesIO(content), Limits()))
    (fault,) = document.faults
    assert document.pages == ()
    assert fault.detail.endswith("。")
    return document.media_type, fault.outcome


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (b"", Outcome.EMPTY),
        (office("ppt/presentation.xml"), Outcome.UNSUPPORTED),
        (ole("Workbook"), Outcome.UNSUPPORTED),
        (ole("EncryptionInfo", "EncryptedPackage"), Outcome.NEEDS_PASSWORD),
        (b"<html>", Outcome.UNSUPPORTED),
        (b"\x00\x01\x02\x03", Outcome.UNSUPPORTED),
        (office("a.txt"), Outcome.UNSUPPORTED),
        (office("xl/workbook.xml", "xl/vbaProject.bin"), Outcome.REFUSED),
        (office("xl/workbook.xml")[:-30], Outcome.DAMAGED),
    ],
)
def test_what_cannot_be_read_ends_with_a_name_and_advice(content: bytes, outcome: Outcome) -> None:
    assert ending(content)[1] is outcome


def test_the_advice_names_the_program_to_save_from() -> None:
    document = assemble(read(io.BytesIO(office("ppt/presentation.xml")), Limits()))
    assert "PowerPoint" in document.faults[0].detail
    assert "PDFで保存し直して" in document.faults[0].detail


def test_a_bomb_is_refused_by_its_directory() -> None:
    packed = office("xl/workbook.xml", "xl/worksheets/sheet1.xml", large=40 * 2**20)
    assert len(packed) < 2**20
    assert ending(packed) == (formats.XLSX, Outcome.REFUSED)


def test_a_directory_too_large_to_read_is_refused() -> None:
    packed = bytearray(office("xl/workbook.xml"))
    at = packed.rfind(b"PK\x05\x06")
    struct.pack_into("<I", packed, at + 12, 2**31)
    assert ending(bytes(packed)) == (formats.ZIP, Outcome.REFUSED)


def test_a_large_picture_packed_like_real_ones_is_no_bomb() -> None:
    picture = random.Random(1).randbytes(2**20) + bytes(39 * 2**20)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"x")
        archive.writestr("word/media/image1.emf", picture)
    written.seek(0)
    assert inspect(written) == Finding(formats.DOCX)


def test_a_pdf_is_read_by_its_extractor(write: Callable[..., Path]) -> None:
    path = write(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /MediaBox [0 0 10 20] >>",
    )
    with path.open("rb") as stream:
        parts = list(read(stream, Limits()))
    assert parts[0] == ExtractedDocument(formats.PDF)
    assert len(assemble(parts).pages) == 1
    assert extractor_for(formats.PDF) is not None
    assert extractor_for(formats.DOCX) is None
