"""PDFium counts, draws and reads in a child; whatever a file does to it has a name."""

import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from kb.confined import Limits
from kb.pdfium import Failure, Pdfium, PdfiumFailed
from tests.pdfium.made import RED_CORNER, pdf, words


@pytest.fixture(scope="module")
def pdfium() -> Iterator[Pdfium]:
    with Pdfium(Limits(seconds=20, memory_mb=512)) as made:
        yield made


def image(drawn: bytes) -> Image.Image:
    return Image.open(io.BytesIO(drawn)).convert("RGB")


def reddish(picture: Image.Image, x: int, y: int) -> bool:
    red, green, blue = picture.getpixel((x, y))  # type: ignore[misc]
    return red > 180 and green < 80 and blue < 80


def failure(call: object, *arguments: object, **options: object) -> Failure:
    with pytest.raises(PdfiumFailed) as caught:
        call(*arguments, **options)  # type: ignore[operator]
    return caught.value.kind


def test_pages_are_counted(pdfium: Pdfium, tmp_path: Path) -> None:
    assert pdfium.page_count(pdf(tmp_path / "a.pdf", b"", b"", b"")) == 3


def test_a_page_is_drawn_as_wide_as_asked_on_white(pdfium: Pdfium, tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", b"", RED_CORNER)
    picture = image(pdfium.draw(path, 2, 400))
    assert picture.size == (400, 200)
    assert reddish(picture, 10, 10)
    assert picture.getpixel((390, 190)) == (255, 255, 255)
    assert not reddish(image(pdfium.draw(path, 1, 400)), 10, 10)


def test_turned_and_cropped_pages_are_drawn_as_shown(pdfium: Pdfium, tmp_path: Path) -> None:
    path = pdf(
        tmp_path / "a.pdf",
        (RED_CORNER, b"/MediaBox [0 0 200 100] /Rotate 90"),
        (RED_CORNER, b"/MediaBox [0 0 200 100] /CropBox [0 50 100 100]"),
    )
    turned, cropped = (image(pdfium.draw(path, page, 200)) for page in (1, 2))
    assert turned.size == (200, 400)
    assert reddish(turned, 190, 10)
    assert cropped.size == (200, 100)
    assert reddish(cropped, 30, 30)


def test_annotations_and_form_fields_are_drawn(pdfium: Pdfium, tmp_path: Path) -> None:
    square = (
        b"<< /Type /Annot /Subtype /Square /Rect [100 20 140 60] /C [1 0 0] /IC [1 0 0] "
        b"/F 4 /AP << /N 5 0 R >> >>"
    )
    look = b"1 0 0 rg 0 0 40 40 re f"
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 40 40] /Length %d >>\n"
        b"stream\n%s\nendstream" % (len(look), look)
    )
    page = (b"", b"/MediaBox [0 0 200 100] /Annots [4 0 R]")
    picture = image(pdfium.draw(pdf(tmp_path / "a.pdf", page, extra=(square, form)), 1, 200))
    assert reddish(picture, 120, 60)


def test_a_very_long_page_is_drawn_smaller(pdfium: Pdfium, tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", (b"", b"/MediaBox [0 0 100 10000]"))
    assert image(pdfium.draw(path, 1, 960)).size == (80, 8000)


def test_an_image_that_would_be_huge_is_refused(pdfium: Pdfium, tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", b"")
    assert failure(pdfium.draw, path, 1, 12_000) is Failure.TOO_LARGE


def test_grey_images_are_pgm_with_the_dots_asked_for(pdfium: Pdfium, tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", b"0 g 0 80 20 20 re f")
    grey = pdfium.grey(path, 1, 144)
    head, _, dots = grey.partition(b"\n255\n")
    assert head == b"P5\n400 200"
    assert len(dots) == 400 * 200
    assert (dots[400 * 5 + 5], dots[400 * 190 + 390]) == (0, 255)


def test_a_grey_poster_has_fewer_dots(pdfium: Pdfium, tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", (b"", b"/MediaBox [0 0 2400 3400]"))
    width, height = map(int, pdfium.grey(path, 1, 600)[3:20].split()[:2])
    assert 39_000_000 < width * height <= 40_000_000
    assert width / height == pytest.approx(2400 / 3400, rel=0.001)


def test_a_page_is_read_with_places(pdfium: Pdfium, tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", b"", words(b"first") + words(b"second", 10, 20))
    texts = pdfium.text(path, [2, 1])
    assert list(texts) == [2, 1]
    assert texts[1].text == ""
    read = texts[2]
    assert read.text == "first\nsecond"
    assert (read.width, read.height, read.glyphs, read.undefined) == (200, 100, 11, 0)
    assert [read.text[a:b] for a, b in zip(read.starts, read.ends, strict=True)] == [
        "first",
        "second",
    ]
    # The baseline is 50 points above the bottom of a page 100 high.
    assert read.lefts[0] == pytest.approx(100, abs=12)
    assert read.tops[0] < 500 < read.bottoms[0] + 1
    assert read.bottoms[0] - read.tops[0] == pytest.approx(120, abs=40)
    assert read.directions == (0, 0)


def test_places_on_a_turned_page_are_as_shown(pdfium: Pdfium, tmp_path: Path) -> None:
    page = (words(b"turned", 100, 50), b"/MediaBox [0 0 200 100] /Rotate 90")
    read = pdfium.text(pdf(tmp_path / "a.pdf", page), [1])[1]
    assert (read.width, read.height) == (100, 200)
    assert read.directions == (1,)
    assert read.tops[0] == pytest.approx(1000, abs=15)
    assert read.lefts[0] < 500 + 40 < read.rights[0] + 40


def test_far_words_on_a_line_are_two_stretches(pdfium: Pdfium, tmp_path: Path) -> None:
    page = words(b"left") + words(b"right", 150)
    read = pdfium.text(pdf(tmp_path / "a.pdf", page), [1])[1]
    assert len(read.starts) == 2
    assert read.rights[0] < read.lefts[1]


def test_a_word_broken_by_a_hyphen_is_joined(pdfium: Pdfium, tmp_path: Path) -> None:
    page = words(b"know-", 10, 50) + words(b"ledge base", 10, 36)
    read = pdfium.text(pdf(tmp_path / "a.pdf", page), [1])[1]
    assert read.text == "knowledge base"


def test_what_is_no_pdf_is_damaged(pdfium: Pdfium, tmp_path: Path) -> None:
    for content in (b"", b"%PDF-1.7\n", os.urandom(5000), b"PK\x03\x04" + bytes(100)):
        (tmp_path / "a.pdf").write_bytes(content)
        assert failure(pdfium.page_count, tmp_path / "a.pdf") is Failure.DAMAGED


def test_a_page_that_is_not_there_is_named(pdfium: Pdfium, tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", b"")
    for page in (0, 2, -1, 10**9):
        assert failure(pdfium.draw, path, page, 240) is Failure.NO_PAGE
    assert dict(pdfium.text(path, [2])) == {}


def test_time_and_memory_are_bounded(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", b"q 1 0 0 1 0 0 cm 0 0 5 5 re f Q\n" * 200_000)
    with Pdfium(Limits(seconds=0.1, memory_mb=512)) as hurried:
        assert failure(hurried.draw, path, 1, 1920) is Failure.TIMED_OUT
    with Pdfium(Limits(seconds=20, memory_mb=60)) as cramped:
        kind = failure(cramped.draw, path, 1, 1920)
    assert kind in (Failure.OUT_OF_MEMORY, Failure.CRASHED)


def test_a_file_that_is_not_there_is_the_callers(pdfium: Pdfium, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        pdfium.page_count(tmp_path / "no.pdf")


def test_threads_draw_at_once(pdfium: Pdfium, tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", *[RED_CORNER] * 6)
    sizes = {}

    def draw(page: int) -> None:
        sizes[page] = image(pdfium.draw(path, page, 100 + page)).width

    threads = [threading.Thread(target=draw, args=(page,)) for page in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sizes == {page: 100 + page for page in range(1, 7)}


@pytest.mark.shared
def test_a_password_opens_what_it_protects(pdfium: Pdfium, shared: Path) -> None:
    path = shared / "data" / "truth" / "enc_pw_r6.pdf"
    assert failure(pdfium.page_count, path) is Failure.PASSWORD
    assert failure(pdfium.draw, path, 1, 240, password="wrong") is Failure.PASSWORD


@pytest.mark.shared
def test_glyphs_without_a_meaning_are_counted(pdfium: Pdfium, shared: Path) -> None:
    truth = shared / "data" / "truth"
    good = pdfium.text(truth / "chromium_web.pdf", [1])[1]
    bad = pdfium.text(truth / "noToUni_chromium_web.pdf", [1])[1]
    assert good.undefined == 0
    assert bad.undefined > 0.9 * bad.glyphs


@pytest.mark.shared
def test_vertical_text_runs_down(pdfium: Pdfium, shared: Path) -> None:
    read = pdfium.text(shared / "data" / "truth" / "rl_vert.pdf", [1])[1]
    assert read.directions.count(1) > 0.9 * len(read.directions)
    heights = [b - t for t, b in zip(read.tops, read.bottoms, strict=True)]
    assert max(heights) > 2000
