"""The last step of an original: fixed dates and identifiers, a password, or a scan's look."""

import io
import random
import re
import zipfile
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # ships no types
from PIL import Image, ImageFilter

from corpus.make.records import Sheet

SCAN_DPI = 150
SCAN_SEED = 20140401
TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def finish_pdf(made: Path, target: Path, sheet: Sheet, password: str | None = None) -> None:
    """Write `made` to `target` with the record's title, author and date in its metadata.

    With a password the file is AES-256 encrypted; its salts are random, so that file alone
    differs from run to run.
    """
    with pikepdf.open(made) as pdf:
        moment = f"D:{sheet.dated:%Y%m%d}090000+09'00'"
        pdf.docinfo["/Title"] = sheet.title
        pdf.docinfo["/Author"] = "・".join(sheet.places) or "自治体改善ナレッジベース"
        pdf.docinfo["/CreationDate"] = moment
        pdf.docinfo["/ModDate"] = moment
        pdf.Root.Lang = pikepdf.String("ja-JP")
        for key in ("/DocChecksum", "/ID"):
            if key in pdf.trailer:
                del pdf.trailer[key]
        if "/Metadata" in pdf.Root:
            del pdf.Root.Metadata
        streams = pikepdf.ObjectStreamMode.generate
        if password:
            lock = pikepdf.Encryption(owner=password, user=password, R=6)
            pdf.save(target, encryption=lock, object_stream_mode=streams)
        else:
            pdf.save(target, deterministic_id=True, object_stream_mode=streams)


def finish_package(made: Path, target: Path, day: date) -> None:
    """Copy an office package with one fixed time in it and on it, so that it can be made again."""
    target.write_bytes(_fixed(made.read_bytes(), day))


def _fixed(package: bytes, day: date) -> bytes:
    """The zip file `package` with its times set to `day`, also in the books a chart embeds."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(".xlsx"):
                content = _fixed(content, day)
            if name == "docProps/core.xml":
                content = TIMES.sub(rf"\g<1>{day:%Y-%m-%d}T09:00:00Z".encode(), content)
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 9, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return buffer.getvalue()


def scan(made: Path, target: Path) -> None:
    """Turn every page into a slightly skewed, noisy grey image, as an office copier makes it."""
    noise = random.Random(SCAN_SEED)
    with pypdfium2.PdfDocument(made) as document:
        pages = [_copied(page.render(scale=SCAN_DPI / 72).to_pil(), noise) for page in document]
    with pikepdf.new() as pdf:
        for picture in pages:
            _append(pdf, picture)
        pdf.save(target)


def _copied(picture: Image.Image, noise: random.Random) -> Image.Image:
    angle = noise.uniform(0.4, 0.9)
    grey = picture.convert("L").rotate(angle, Image.Resampling.BICUBIC, fillcolor=250)
    grain = Image.frombytes("L", grey.size, noise.randbytes(grey.width * grey.height))
    return Image.blend(grey.filter(ImageFilter.GaussianBlur(0.6)), grain, 0.06)


def _append(pdf: pikepdf.Pdf, picture: Image.Image) -> None:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=38)
    image = pikepdf.Stream(
        pdf,
        buffer.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    size = (picture.width * 72 / SCAN_DPI, picture.height * 72 / SCAN_DPI)
    page = pdf.add_blank_page(page_size=size)
    name = page.add_resource(image, pikepdf.Name.XObject, pikepdf.Name.Scan)
    page.contents_add(f"q {size[0]} 0 0 {size[1]} 0 0 cm {name} Do Q".encode())
