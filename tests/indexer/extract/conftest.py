"""PDFs made for one test: by reportlab, or byte by byte."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

JAPANESE = "HeiseiKakuGo-W5"
VERTICAL = "HeiseiMin-W3"
A4 = (595.0, 842.0)


@pytest.fixture
def draw(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that makes a PDF by what it is told to do with a reportlab canvas."""
    pytest.importorskip("reportlab", reason="reportlab makes the PDFs of these tests")
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont(JAPANESE))
    pdfmetrics.registerFont(UnicodeCIDFont(VERTICAL, isVertical=True))

    def make(work: Callable[[Any], None], **options: Any) -> Path:
        path = tmp_path / "made.pdf"
        canvas = Canvas(str(path), pagesize=A4, **options)
        canvas.setFont(JAPANESE, 12)
        work(canvas)
        canvas.save()
        return path

    return make


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that makes a PDF of the objects it is given, numbered from 1."""

    def make(*objects: bytes) -> Path:
        body, places = b"%PDF-1.7\n", []
        for number, content in enumerate(objects, start=1):
            places.append(len(body))
            body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
        table = b"".join(b"%010d 00000 n \n" % place for place in places)
        end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        path = tmp_path / "written.pdf"
        size = len(objects) + 1
        path.write_bytes(body + end % (size, table, size) + b"startxref\n%d\n%%%%EOF\n" % len(body))
        return path

    return make
