"""PDFs made for these tests, object by object."""

from collections.abc import Sequence
from pathlib import Path


def pdf(path: Path, *pages: bytes | tuple[bytes, bytes], extra: Sequence[bytes] = ()) -> Path:
    """Write a PDF with a page for each content stream, 200 by 100 points.

    A page may come with entries for its dictionary that overrule the box; `extra` are objects
    of their own, numbered from 4 on.
    """
    first = 4 + len(extra)
    kids = b" ".join(b"%d 0 R" % (first + 2 * n) for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *extra,
    ]
    for page in pages:
        content, entries = page if isinstance(page, tuple) else (page, b"/MediaBox [0 0 200 100]")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R %s /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (entries, len(objects) + 2)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    body, places = b"%PDF-1.7\n", []
    for number, written in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
    path.write_bytes(body + end % (size, table, size) + b"startxref\n%d\n%%%%EOF\n" % len(body))
    return path


def words(text: bytes, x: int = 10, y: int = 50) -> bytes:
    return b"BT /F1 12 Tf %d %d Td (%s) Tj ET\n" % (x, y, text)


RED_CORNER = b"1 0 0 rg 0 80 20 20 re f\n"
"""A red square in the top left corner of an unturned page."""
