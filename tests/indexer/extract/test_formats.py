"""What a file is, by its content alone."""

import io
import json
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.extract import media_types as kinds
from indexer.extract.formats import MEDIA_LABELS, Finding, detect, extractor_for, inspect, read
from indexer.extract.parts import assemble
from indexer.extracted import ExtractedDocument, Limits, Outcome, PageRange

DATA = Path(__file__).parents[4] / "shared" / "data"


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
    (b"%PDF-1.7\n", kinds.PDF),
    (b"\r\n\0junk" * 20 + b"%PDF-1.4\n", kinds.PDF),
    (office("ppt/presentation.xml"), kinds.PPTX),
    (office("xl/workbook.xml"), kinds.XLSX),
    (office("word/document.xml"), kinds.DOCX),
    (office("word/document.xml", "word/vbaProject.bin"), kinds.DOCM),
    (office("xl/workbook.xml", "xl/vbaProject.bin"), kinds.XLSM),
    (office("xl/workbook.bin"), kinds.XLSB),
    (office("visio/document.xml"), kinds.VISIO),
    (office("Index/Document.iwa"), kinds.IWORK),
    (office("FixedDocSeq.fdseq"), kinds.XPS),
    (office("a.txt"), kinds.ZIP),
    (ole("PowerPoint Document"), kinds.PPT),
    (ole("Workbook"), kinds.XLS),
    (ole("WordDocument"), kinds.DOC),
    (ole("\x04JSRV_SegmentInformation", "DocumentText"), kinds.ICHITARO),
    (ole("VisioDocument"), kinds.VISIO),
    (ole("__nameid_version1.0"), kinds.OUTLOOK),
    (ole("EncryptionInfo", "EncryptedPackage"), kinds.OLE),
    (ole()[:100], kinds.OLE),
    (b"<!DOCTYPE html><title>x</title>", kinds.HTML),
    (b"\xef\xbb\xbf\n<HTML>", kinds.HTML),
    (b"<?xml version='1.0'?><html xmlns='...'>", kinds.HTML),
    ("改善の記録\n".encode(), kinds.TEXT),
    ("改善の記録\n".encode("cp932"), kinds.TEXT),
    ("改善の記録\n".encode("utf-16"), kinds.TEXT),
    (("あ" * 4000).encode(), kinds.TEXT),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff\xe0", "image/jpeg"),
    (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "image/bmp"),
    (b"BMI is a number, and this is a text.", kinds.TEXT),
    (b"\0\0\0\x18ftypheic", kinds.HEIC),
    (b"\0\0\0\x18ftypmp42", kinds.VIDEO),
    (b"{\\rtf1\\ansi", kinds.RTF),
    (b"Rar!\x1a\x07\x01\0", kinds.RAR),
    (b"7z\xbc\xaf\x27\x1c\0\4", kinds.SEVEN_ZIP),
    (b"\x1f\x8b\x08\0", kinds.GZIP),
    (b"\x24\x5b-lh5-\0\0", kinds.LZH),
    (b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n<html>", kinds.MHTML),
    ("<html><p>改善</p></html>".encode("utf-16"), kinds.HTML),
    ("改善の記録を残す\r\n".encode("utf-16-le"), kinds.TEXT),
    ("改善の記録".encode("iso2022_jp"), kinds.TEXT),
    ("年度,件数\r\n令和3年度,12\r\n".encode("cp932"), kinds.TEXT),
    (b"\x00\x01\x02\x03", kinds.UNKNOWN),
    (random.Random(7).randbytes(6000), kinds.UNKNOWN),
    (b"", kinds.UNKNOWN),
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
        (office("ppt/presentation.xml"), Outcome.DAMAGED),
        (ole("Workbook"), Outcome.UNSUPPORTED),
        (ole("EncryptionInfo", "EncryptedPackage"), Outcome.NEEDS_PASSWORD),
        (b"<html>", Outcome.EMPTY),
        (b" \n", Outcome.EMPTY),
        (b"\x00\x01\x02\x03", Outcome.UNSUPPORTED),
        (office("a.txt"), Outcome.UNSUPPORTED),
        (office("xl/workbook.xml", "xl/vbaProject.bin"), Outcome.REFUSED),
        (office("xl/workbook.xml", "../../etc/passwd"), Outcome.REFUSED),
        (office("xl/workbook.xml", "XL/Workbook.xml"), Outcome.REFUSED),
        (office("xl/workbook.xml")[:-30], Outcome.DAMAGED),
    ],
)
def test_what_cannot_be_read_ends_with_a_name_and_advice(content: bytes, outcome: Outcome) -> None:
    assert ending(content)[1] is outcome


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ole("PowerPoint Document"), ("PowerPoint(97-2003形式)", ".pptx")),
        (ole("Workbook"), ("Excel(97-2003形式)", ".xlsx")),
        (ole("WordDocument"), ("Word(97-2003形式)", ".docx")),
        (ole("DocumentText"), ("一太郎", "PDF")),
        (b"{\\rtf1", ("RTF", ".docx")),
        (b"\x89PNG\r\n\x1a\n", ("画像(PNG)", "PDFにまとめて")),
        (office("a.txt"), ("ZIP", "展開して")),
        (b"Rar!\x1a\x07\x01\0", ("RAR", "展開して")),
        (ole("EncryptedPackage"), ("パスワード", "保護を外して")),
    ],
)
def test_the_advice_names_the_format_and_what_to_do(content: bytes, words: tuple[str, str]) -> None:
    detail = assemble(read(io.BytesIO(content), Limits())).faults[0].detail
    assert all(word in detail for word in words), detail


@pytest.mark.parametrize(
    ("declared", "media_type"),
    [
        ("application/vnd.oasis.opendocument.text", kinds.ODT),
        ("application/vnd.oasis.opendocument.spreadsheet", kinds.ODS),
        ("application/vnd.oasis.opendocument.presentation-template", kinds.ODP),
        ("application/epub+zip", kinds.EPUB),
    ],
)
def test_some_containers_say_what_they_are(declared: str, media_type: str) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", declared)
    assert inspect(written).media_type == media_type
    assert ending(written.getvalue())[1] is Outcome.UNSUPPORTED


def test_an_encrypted_entry_needs_a_password() -> None:
    packed = bytearray(office("xl/workbook.xml"))
    for at in range(len(packed) - 4):
        if packed[at : at + 4] == b"PK\x01\x02":
            packed[at + 8] |= 1
    assert ending(bytes(packed)) == (kinds.XLSX, Outcome.NEEDS_PASSWORD)


@pytest.mark.parametrize(
    "kind", [kinds.PDF, kinds.PPTX, kinds.XLSX, kinds.DOCX, kinds.HTML, kinds.TEXT]
)
def test_what_curators_have_is_read(kind: str) -> None:
    assert extractor_for(kind) is not None


def test_every_unreadable_kind_is_named_in_its_advice() -> None:
    for media_type, label in MEDIA_LABELS.items():
        words = kinds.advice(media_type)
        assert words.endswith("。")
        assert label in words or media_type == kinds.UNKNOWN


def test_pages_are_asked_of_the_extractor() -> None:
    text = io.BytesIO("一頁\f二頁\f三頁".encode())
    document = assemble(read(text, Limits(), pages=PageRange(2, 2)))
    assert [(page.number, page.text) for page in document.pages] == [(2, "二頁")]


@pytest.mark.shared
@pytest.mark.skipif(not DATA.exists(), reason="no test material beside the checkout")
@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("bomb.pptx", Outcome.REFUSED),
        ("bomb.xlsx", Outcome.REFUSED),
        ("lol.pptx", Outcome.REFUSED),
        ("lol.xlsx", Outcome.REFUSED),
        ("xxe.pptx", Outcome.REFUSED),
    ],
)
def test_hostile_containers_are_refused(name: str, outcome: Outcome) -> None:
    document = assemble(read(io.BytesIO((DATA / "hostile/made" / name).read_bytes()), Limits()))
    assert [fault.outcome for fault in document.faults] == [outcome]
    assert document.pages == ()


@pytest.mark.shared
@pytest.mark.skipif(not DATA.exists(), reason="no test material beside the checkout")
def test_a_sparse_sheet_is_read_like_any_other() -> None:
    document = assemble(
        read(io.BytesIO((DATA / "hostile/made/sparse.xlsx").read_bytes()), Limits())
    )
    assert (len(document.pages), document.faults) == (8, ())


@pytest.mark.shared
@pytest.mark.skipif(not DATA.exists(), reason="no test material beside the checkout")
@pytest.mark.parametrize(
    ("name", "key"), [("report.docx", "report"), ("sheet.xlsx", "sheet"), ("slides.pptx", "slides")]
)
def test_every_true_sentence_of_the_office_files_is_found_whole(name: str, key: str) -> None:
    truth = json.loads((DATA / "truth/truth.json").read_text("utf-8"))[key]
    document = assemble(read(io.BytesIO((DATA / "truth" / name).read_bytes()), Limits()))
    text = "".join("".join(page.text.split()) for page in document.pages)
    sentences = ["".join(sentence.split()) for page in truth for sentence in page]
    assert len(sentences) > 50
    assert [sentence for sentence in sentences if sentence not in text] == []
    assert document.faults == ()


@pytest.mark.shared
@pytest.mark.skipif(not DATA.exists(), reason="no test material beside the checkout")
def test_real_office_files_are_read() -> None:
    """The small ones of 48: a text on every page, and each character in one block."""
    read_files = 0
    for path in sorted((DATA / "office").rglob("*.*")):
        if not path.is_file() or path.stat().st_size > 500_000:
            continue
        document = assemble(read(io.BytesIO(path.read_bytes()), Limits()))
        assert document.pages, path.name
        assert document.faults == (), path.name
        for page in document.pages:
            covered = {at for block in page.blocks for span in block.spans for at in range(*span)}
            assert all(page.text[at].isspace() for at in {*range(len(page.text))} - covered)
        read_files += 1
    assert read_files > 30


def test_a_bomb_is_refused_by_its_directory() -> None:
    packed = office("xl/workbook.xml", "xl/worksheets/sheet1.xml", large=40 * 2**20)
    assert len(packed) < 2**20
    assert ending(packed) == (kinds.XLSX, Outcome.REFUSED)


def test_a_directory_too_large_to_read_is_refused() -> None:
    packed = bytearray(office("xl/workbook.xml"))
    at = packed.rfind(b"PK\x05\x06")
    struct.pack_into("<I", packed, at + 12, 2**31)
    assert ending(bytes(packed)) == (kinds.ZIP, Outcome.REFUSED)


def test_a_large_picture_packed_like_real_ones_is_no_bomb() -> None:
    picture = random.Random(1).randbytes(2**20) + bytes(39 * 2**20)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"x")
        archive.writestr("word/media/image1.emf", picture)
    written.seek(0)
    assert inspect(written) == Finding(kinds.DOCX)


def test_a_pdf_is_read_by_its_extractor(write: Callable[..., Path]) -> None:
    path = write(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /MediaBox [0 0 10 20] >>",
    )
    with path.open("rb") as stream:
        parts = list(read(stream, Limits()))
    assert parts[0] == ExtractedDocument(kinds.PDF)
    assert len(assemble(parts).pages) == 1
    assert extractor_for(kinds.PDF) is not None
