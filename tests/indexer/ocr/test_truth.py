"""Pages whose true text is known, drawn and read by the installed tesseract."""

import json
import re
from pathlib import Path

import pypdfium2
import pytest

from indexer.extracted import Direction, ExtractedPage, Places
from indexer.ocr.tesseract import Tesseract
from tests.bench.ocr import SCANS, bare, edits, read_page, run_program

TRUTH = Path(__file__).parents[3].parent / "shared" / "data" / "truth"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.skipif(not TRUTH.is_dir(), reason="no test material beside the checkout"),
]


@pytest.fixture(scope="module")
def tesseract() -> Tesseract:
    found = Tesseract.found(run_program)
    if found is None or not {"jpn_vert", "osd"} <= found.languages:
        pytest.skip("tesseract with jpn, jpn_vert and osd is not installed")
    return found


def read(name: str, tesseract: Tesseract) -> tuple[ExtractedPage, float]:
    """The first page of a file and its share of wrong characters (CER)."""
    document = pypdfium2.PdfDocument(TRUTH / f"{name}.pdf")
    page = read_page(document[0], 1, tesseract)
    document.close()
    assert page is not None
    truth = json.loads((TRUTH / "truth.json").read_text("utf-8"))[SCANS.get(name, name)][0]
    wanted = bare("".join(truth))
    return page, edits(wanted, bare(page.text)) / len(wanted)


def test_a_scanned_page_is_read(tesseract: Tesseract) -> None:
    page, wrong = read("scan_image_only", tesseract)
    assert wrong <= 0.02  # 0.9 % measured; the issue asks for 5 %
    assert page.confidence is not None
    assert page.confidence > 0.9
    assert not page.needs_ocr
    assert page.title == "改善活動の記録"


def test_a_page_of_undefined_glyphs_is_read(tesseract: Tesseract) -> None:
    assert read("noToUni_rl_ipag", tesseract)[1] <= 0.02


def test_a_slide_keeps_its_order(tesseract: Tesseract) -> None:
    """In the program's own order 35 % are wrong."""
    assert read("slides", tesseract)[1] <= 0.06


def test_vertical_writing_is_read(tesseract: Tesseract) -> None:
    page, wrong = read("rl_vert", tesseract)
    assert wrong <= 0.02
    assert page.reader.endswith("jpn+jpn_vert")
    assert set(page.places.directions) == {Direction.DOWN}


def test_a_page_on_its_head_is_read(tesseract: Tesseract) -> None:
    page, wrong = read("rl_rot180", tesseract)
    assert wrong <= 0.02
    assert set(page.places.directions) == {Direction.LEFT}


def test_boxes_stand_where_the_text_is_drawn(tesseract: Tesseract) -> None:
    """Lines that the text layer holds, character by character, begin at the same point."""
    page, _ = read("rl_ipag", tesseract)
    document = pypdfium2.PdfDocument(TRUTH / "rl_ipag.pdf")
    layer = document[0].get_textpage()
    places, text = page.places, layer.get_text_range()
    right = [
        any(stands(places, row, layer.get_charbox(at), page.height) for at in found)
        for row, (start, end) in enumerate(zip(places.starts, places.ends, strict=True))
        if end - start >= 20 and (found := occurrences(text, page.text[start:end]))
    ]
    layer.close()
    document.close()
    assert len(right) >= 10
    # Some lines are also found where a sentence that is repeated is broken differently.
    assert sum(right) >= 0.9 * len(right)


def occurrences(text: str, line: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(line), text)]


def stands(
    places: Places, row: int, first: tuple[float, float, float, float], height: float
) -> bool:
    """Whether a line begins with a character's box, given from the lower left corner."""
    left, low, _, high = first
    beside = abs(places.lefts[row] / 10 - left) < 3
    return beside and places.tops[row] / 10 < height - (low + high) / 2 < places.bottoms[row] / 10
