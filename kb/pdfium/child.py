"""The other side of `kb.pdfium.documents`: does what is asked for in a confined child.

Started by :class:`kb.confined.Confined`. The first line of an answer is ``ok`` or the name of a
failure.
"""

import contextlib
import ctypes
import io
import json
import math
import mmap
import os
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium_c
from PIL import Image, WebPImagePlugin

from kb.confined.serving import serve, write
from kb.pdfium.failures import Failure, PdfiumFailed
from kb.pdfium.second_text import to_line
from kb.pdfium.text_pages import second_text

MOST_DOTS = 40_000_000
_TALLEST = 8_000
"""Pixels; a WebP image may have 16,383."""

# Named by its module, which is thereby loaded: otherwise each child would load all formats to
# find it (25 ms). Method 2 takes half the time of the usual 4 and 5 % more bytes.
_WEBP = WebPImagePlugin.WebPImageFile.format
_QUALITY = {"quality": 80, "method": 2}

Task = Callable[[pypdfium2.PdfDocument, dict[str, Any]], bytes]


def answer(request: dict[str, Any], source: int, results: int) -> int:
    """Do what a request asks for and write the answer, or why there is none."""
    try:
        with _opened(source, request["password"]) as document:
            done = _TASKS[request["task"]](document, request)
    except PdfiumFailed as failure:
        write(results, failure.kind.value.encode() + b"\n")
    except pypdfium2.PdfiumError as error:
        write(results, _failure(error).value.encode() + b"\n")
    else:
        write(results, b"ok\n")
        write(results, done)
    return 0


def _failure(error: pypdfium2.PdfiumError) -> Failure:
    return Failure.PASSWORD if error.err_code == pdfium_c.FPDF_ERR_PASSWORD else Failure.DAMAGED


@contextlib.contextmanager
def _opened(source: int, password: str) -> Iterator[pypdfium2.PdfDocument]:
    size = os.fstat(source).st_size
    if size == 0:
        raise PdfiumFailed(Failure.DAMAGED)
    # Mapped, since PDFium asks for a stream's bytes in blocks of 512; a copy on write, since
    # ctypes takes writable memory only.
    memory = mmap.mmap(source, size, access=mmap.ACCESS_COPY)
    document = pypdfium2.PdfDocument((ctypes.c_char * size).from_buffer(memory), password or None)
    document.init_forms()
    # Never closed: the process ends, and a broken document may crash when it is let go.
    yield document


def _page(document: pypdfium2.PdfDocument, request: dict[str, Any]) -> pypdfium2.PdfPage:
    number = request["page"]
    if not 1 <= number <= len(document):
        raise PdfiumFailed(Failure.NO_PAGE)
    page = document[number - 1]
    if not all(math.isfinite(side) and side > 0 for side in page.get_size()):
        raise PdfiumFailed(Failure.DAMAGED)
    return page


def _count(document: pypdfium2.PdfDocument, _: dict[str, Any]) -> bytes:
    return json.dumps({"pages": len(document)}).encode()


def _draw(document: pypdfium2.PdfDocument, request: dict[str, Any]) -> bytes:
    page = _page(document, request)
    width, height = page.get_size()
    scale = min(request["width"] / width, _TALLEST / height)
    bitmap = _bitmap(document, page, scale, pdfium_c.FPDFBitmap_BGRx)
    image = Image.frombuffer(
        "RGB", (bitmap.width, bitmap.height), bitmap.buffer, "raw", "BGRX", bitmap.stride, 1
    )
    file = io.BytesIO()
    image.save(file, _WEBP, **_QUALITY)
    return file.getvalue()


def _grey(document: pypdfium2.PdfDocument, request: dict[str, Any]) -> bytes:
    page = _page(document, request)
    width, height = page.get_size()
    scale = min(request["dots_per_inch"] / 72, math.sqrt(MOST_DOTS / (width * height)) * 0.999)
    bitmap = _bitmap(document, page, scale, pdfium_c.FPDFBitmap_Gray)
    lines = memoryview(bitmap.buffer).cast("B")
    stride = bitmap.stride
    dots = b"".join(lines[y * stride : y * stride + bitmap.width] for y in range(bitmap.height))
    return b"P5\n%d %d\n255\n" % (bitmap.width, bitmap.height) + dots


def _bitmap(
    document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, scale: float, form: int
) -> pypdfium2.PdfBitmap:
    """Return the page as it is shown, `scale` pixels for a point, on white ground."""
    width, height = (max(1, round(side * scale)) for side in page.get_size())
    if width * height > MOST_DOTS:
        raise PdfiumFailed(Failure.TOO_LARGE)
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, form)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    flags = pdfium_c.FPDF_ANNOT | pdfium_c.FPDF_RENDER_LIMITEDIMAGECACHE
    if form == pdfium_c.FPDFBitmap_Gray:
        flags |= pdfium_c.FPDF_GRAYSCALE
    pdfium_c.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
    if document.formenv:
        pdfium_c.FPDF_FFLDraw(document.formenv, bitmap, page, 0, 0, width, height, 0, flags)
    return bitmap


def _texts(document: pypdfium2.PdfDocument, request: dict[str, Any]) -> bytes:
    written = []
    for number in request["pages"]:
        try:
            page = _page(document, {"page": number})
        except (PdfiumFailed, pypdfium2.PdfiumError):
            continue
        written.append(to_line(number, second_text(page)))
    return b"".join(written)


_TASKS: dict[str, Task] = {
    "page_count": _count,
    "draw": _draw,
    "grey": _grey,
    "text": _texts,
}


def main() -> None:
    """Load what drawing needs late, and serve."""
    Image.preinit()

    serve(answer)


if __name__ == "__main__":
    main()
