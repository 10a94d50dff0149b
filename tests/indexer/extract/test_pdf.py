"""PDF: what is read, what is said of what is not."""

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.extract.pdf.extractor import VERSION, extract
from indexer.extract.pdf.page import needs_ocr
from indexer.extracted import ExtractedDocument, Limits, Outcome

LIMITS = Limits()
JAPANESE, VERTICAL = "HeiseiKakuGo-W5", "HeiseiMin-W3"
TRUTH = Path(__file__).parents[3].parent / "shared" / "data" / "truth"

CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
NO_UNICODE = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /Abc /Encoding /Identity-H /DescendantFonts "
    b"[<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Abc "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>"
)


def stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def page(contents: int, font: int = 3, more: bytes = b"") -> bytes:
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents %d 0 R "
        b"/Resources << /Font << /F1 %d 0 R >> >> %s >>" % (contents, font, more)
    )


def text(words: bytes) -> bytes:
    return stream(b"BT /F1 12 Tf 10 50 Td (%s) Tj ET" % words)


def outcomes(document: ExtractedDocument) -> list[tuple[str, int | None]]:
    return [(fault.outcome.value, fault.page) for fault in document.faults]


Draw = Callable[..., Path]


def test_text_comes_in_drawing_order_with_its_title_and_size(draw: Draw) -> None:
    def work(canvas: Any) -> None:
        canvas.setTitle("改善事例")
        canvas.setAuthor("総務課")
        canvas.setFont(JAPANESE, 24)
        canvas.drawString(50, 780, "窓口の待ち時間を減らす")
        canvas.setFont(JAPANESE, 12)
        canvas.drawString(50, 740, "職員が手順を見直し、窓口の待ち")
        canvas.drawString(50, 722, "時間を18分から7分に短縮した。")

    document = extract(draw(work), LIMITS)
    (only,) = document.pages
    assert only.text == (
        "窓口の待ち時間を減らす\n職員が手順を見直し、窓口の待ち\n時間を18分から7分に短縮した。"
    )
    assert only.title == "窓口の待ち時間を減らす"
    assert (only.width, only.height) == (595.0, 842.0)
    assert (document.title, document.author) == ("改善事例", "総務課")
    assert document.created is not None
    assert (document.media_type, document.declared_pages) == ("application/pdf", 1)
    assert document.extractor.startswith(f"kb-pdf {VERSION} (pdfminer.six ")
    assert document.faults == ()


def test_two_columns_stay_apart(draw: Draw) -> None:
    def work(canvas: Any) -> None:
        for x, words in ((50, ["左の段の一行目と", "二行目です。"]), (320, ["右の段です。"])):
            for row, line in enumerate(words):
                canvas.drawString(x, 700 - 16 * row, line)

    assert extract(draw(work), LIMITS).pages[0].text == (
        "左の段の一行目と\n二行目です。\n右の段です。"
    )


def test_vertical_columns_are_lines(draw: Draw) -> None:
    def work(canvas: Any) -> None:
        canvas.setFont(VERTICAL, 12)
        canvas.drawString(500, 780, "縦に書いた文も一行で")
        canvas.drawString(480, 780, "読めます。")

    assert extract(draw(work), LIMITS).pages[0].text == "縦に書いた文も一行で\n読めます。"


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_turned_text_stays_whole(draw: Draw, angle: int) -> None:
    def work(canvas: Any) -> None:
        canvas.translate(300, 400)
        canvas.rotate(angle)
        canvas.drawString(0, 0, "横向きの表の")
        canvas.drawString(72, 0, "一行目")
        canvas.drawString(0, -16, "二行目")

    assert extract(draw(work), LIMITS).pages[0].text == "横向きの表の一行目\n二行目"


def test_a_turned_page_has_the_size_a_viewer_shows(write: Draw) -> None:
    path = write(
        CATALOGUE,
        b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        HELVETICA,
        text(b"hello"),
        page(4, more=b"/Rotate 90"),
    )
    (only,) = extract(path, LIMITS).pages
    assert (only.text, only.width, only.height) == ("hello", 100.0, 200.0)


def test_a_page_that_is_only_an_image_needs_ocr(draw: Draw) -> None:
    def work(canvas: Any) -> None:
        canvas.drawInlineImage(_picture(), 0, 0, 500, 700)

    document = extract(draw(work), LIMITS)
    assert (document.pages[0].images, document.pages[0].needs_ocr) == (1, True)
    assert outcomes(document) == [("needs_ocr", None)]


def test_an_image_inside_a_form_counts(draw: Draw) -> None:
    def work(canvas: Any) -> None:
        canvas.beginForm("form")
        canvas.drawImage(_reader(), 0, 0, 500, 700)
        canvas.endForm()
        canvas.doForm("form")
        canvas.drawString(50, 50, "画像のほかに二十字を超える本文があるページは読めます。")

    document = extract(draw(work), LIMITS)
    assert (document.pages[0].images, document.pages[0].needs_ocr) == (1, False)
    assert document.faults == ()


def _picture() -> Any:
    image = pytest.importorskip("PIL.Image", reason="an image is needed to draw one")
    return image.new("L", (8, 8), 128)


def _reader() -> Any:
    utils = pytest.importorskip("reportlab.lib.utils", reason="reportlab draws the image")
    return utils.ImageReader(_picture())


def test_an_empty_page_is_empty(draw: Draw) -> None:
    document = extract(draw(lambda canvas: canvas.showPage()), LIMITS)
    assert outcomes(document) == [("empty", None)]
    assert len(document.pages) == 1


def test_glyphs_without_a_character_are_dropped_and_ask_for_ocr(write: Draw) -> None:
    path = write(
        CATALOGUE,
        b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        NO_UNICODE,
        stream(b"BT /F1 12 Tf 10 50 Td <" + b"0041" * 60 + b"> Tj ET"),
        page(4),
    )
    document = extract(path, LIMITS)
    assert document.pages[0].text == ""
    assert document.pages[0].needs_ocr
    assert outcomes(document) == [("needs_ocr", None)]


def test_a_broken_font_costs_its_glyphs_and_not_the_page(write: Draw) -> None:
    path = write(
        CATALOGUE,
        b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        HELVETICA,
        stream(b"BT /F1 12 Tf 10 50 Td (readable) Tj /F2 12 Tf (lost) Tj ET"),
        page(4).replace(b"/F1 3 0 R", b"/F1 3 0 R /F2 << /Subtype /Type0 >>"),
    )
    (only,) = extract(path, LIMITS).pages
    assert (only.text, only.needs_ocr) == ("readable", True)


def test_a_bad_page_costs_that_page_only(write: Draw) -> None:
    path = write(
        CATALOGUE,
        b"<< /Type /Pages /Kids [5 0 R 6 0 R 99 0 R 5 0 R] /Count 4 >>",
        HELVETICA,
        text(b"good"),
        page(4),
        page(7),
        stream(b"BT /F1 12 Tf 10 50 Td (half) Tj ET").replace(b"<<", b"<< /Filter /Unknown", 1),
    )
    document = extract(path, LIMITS)
    assert [(found.number, found.text) for found in document.pages] == [
        (1, "good"),
        (2, ""),
        (4, "good"),
    ]
    assert outcomes(document) == [("damaged", 2), ("damaged", 3), ("indexed_partly", None)]


def test_pages_that_the_file_declares_and_does_not_have_are_named(write: Draw) -> None:
    path = write(
        CATALOGUE,
        b"<< /Type /Pages /Kids [5 0 R] /Count 99 >>",
        HELVETICA,
        text(b"good"),
        page(4),
    )
    document = extract(path, LIMITS)
    assert (len(document.pages), document.declared_pages) == (1, 99)
    assert outcomes(document) == [("indexed_partly", None)]
    assert "99ページのうち1ページ" in document.faults[0].detail


def test_a_tree_that_bites_its_tail_ends(write: Draw) -> None:
    path = write(
        CATALOGUE,
        b"<< /Type /Pages /Kids [5 0 R 2 0 R] /Count 1 >>",
        HELVETICA,
        text(b"good"),
        page(4),
    )
    assert [found.text for found in extract(path, LIMITS).pages] == ["good"]


def test_pages_and_characters_are_limited_and_it_is_said(draw: Draw) -> None:
    def work(canvas: Any) -> None:
        for _ in range(3):
            canvas.setFont(JAPANESE, 12)
            canvas.drawString(50, 700, "一二三四五")
            canvas.drawString(50, 680, "六七八九十")
            canvas.showPage()

    document = extract(draw(work), Limits(pages=2, characters_per_page=7))
    assert [found.text for found in document.pages] == ["一二三四五\n六"] * 2
    assert outcomes(document) == [("too_large", 1), ("too_large", 2), ("too_large", None)]


def test_a_password_is_asked_for_and_used(draw: Draw) -> None:
    def work(canvas: Any) -> None:
        # reportlab leaves the names of its CID fonts in the clear, so that they decrypt to noise.
        canvas.setFont("Helvetica", 12)
        canvas.drawString(50, 700, "protected")

    path = draw(work, encrypt="himitsu")
    assert outcomes(extract(path, LIMITS)) == [("needs_password", None)]
    assert outcomes(extract(path, LIMITS, password="chigau")) == [("needs_password", None)]
    assert extract(path, LIMITS, password="himitsu").pages[0].text == "protected"


def test_a_password_does_no_harm_where_none_is_needed(draw: Draw) -> None:
    path = draw(lambda canvas: canvas.drawString(50, 700, "開かれた文書"))
    assert extract(path, LIMITS, password="himitsu").pages[0].text == "開かれた文書"


def test_a_torn_file_gives_what_it_still_holds_and_says_so(draw: Draw) -> None:
    path = draw(lambda canvas: canvas.drawString(50, 700, "途中で切れた文書の本文"))
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"xref")])
    document = extract(path, LIMITS)
    assert document.pages[0].text == "途中で切れた文書の本文"
    assert outcomes(document) == [("indexed_partly", None)]


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(range(256)) * 40])
def test_a_file_with_nothing_in_it_is_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(content)
    document = extract(path, LIMITS)
    assert document.pages == ()
    assert [fault.outcome for fault in document.faults] == [Outcome.DAMAGED]


@pytest.mark.parametrize(
    ("characters", "glyphs", "undefined", "images", "answer"),
    [
        ("", 0, 0, 0, False),
        ("", 0, 0, 1, True),
        ("資料 1", 4, 0, 1, True),
        ("資料 1", 4, 0, 0, False),
        ("改善" * 50, 130, 30, 0, True),
        ("改善" * 50, 110, 10, 0, False),
        ("abc" * 30, 91, 1, 0, True),
        ("abc" * 30, 90, 0, 0, False),
    ],
)
def test_which_pages_need_ocr(
    characters: str, glyphs: int, undefined: int, images: int, answer: bool
) -> None:
    assert needs_ocr(characters, glyphs, undefined, images) is answer


# Characters that NFKC leaves as they are and `kb.japanese` folds.
_BEYOND_NFKC = str.maketrans({"⺠": "民", "⻄": "西", "⻑": "長", "‧": "・", "−": "-"})


def _bare(words: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", words)).translate(_BEYOND_NFKC)


@pytest.mark.shared
@pytest.mark.skipif(not TRUTH.is_dir(), reason=f"no test material at {TRUTH}")
@pytest.mark.parametrize(
    "name",
    [
        *("rl_cid_kakugo", "rl_cid_min", "rl_ipag", "rl_rot90", "rl_rot180", "rl_vert"),
        *("rl_rotpage_upright", "enc_emptyuser_r6", "chromium_web", "chromium_webv"),
        *("report", "slides", "sheet"),
    ],
)
def test_true_sentences_are_found_whole(name: str) -> None:
    truth: list[list[str]] = json.loads((TRUTH / "truth.json").read_text())[name]
    pages = [_bare(found.text) for found in extract(TRUTH / f"{name}.pdf", LIMITS).pages]
    if len(truth) == 1:
        pages = ["".join(pages)]
    sentences = [
        (number, _bare(sentence))
        for number, paragraphs in enumerate(truth)
        for paragraph in paragraphs
        for sentence in re.split("(?<=。)", paragraph)
        if _bare(sentence)
    ]
    found = sum(sentence in pages[number] for number, sentence in sentences)
    assert found >= 0.99 * len(sentences)
