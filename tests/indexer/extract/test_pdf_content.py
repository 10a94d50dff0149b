"""What content streams mean: replaced, invisible, outlined, nested and protected text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.extract.parts import assemble
from indexer.extract.pdf.cmaps import MOST_ENTRIES, to_unicode
from indexer.extract.pdf.extractor import extract, read
from indexer.extract.pdf.verdict import verdict
from indexer.extracted import (
    BlockKind,
    ExtractedDocument,
    ExtractedPage,
    Fault,
    Limits,
    Outcome,
    PageRange,
)

Draw = Callable[..., Path]
CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), more, content)


def page(contents: bytes, resources: bytes = b"", more: bytes = b"") -> bytes:
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents %s "
        b"/Resources << /Font << /F1 3 0 R >> %s >> %s >>" % (contents, resources, more)
    )


@pytest.fixture
def drawn(write: Draw) -> Callable[..., ExtractedPage]:
    """Return a function that reads one page of that content."""

    def make(content: bytes, *others: bytes, resources: bytes = b"") -> ExtractedPage:
        path = write(
            CATALOGUE,
            b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
            HELVETICA,
            stream(content),
            page(b"4 0 R", resources),
            *others,
        )
        return extract(path, Limits()).pages[0]

    return make


Drawn = Callable[..., ExtractedPage]


def hexadecimal(text: str) -> bytes:
    return b"<FEFF" + text.encode("utf-16-be").hex().encode() + b">"


def test_actual_text_replaces_what_it_covers(drawn: Drawn) -> None:
    content = (
        b"BT /F1 10 Tf 10 50 Td (a ) Tj /Span << /ActualText %s >> BDC (xyz) Tj EMC ( b) Tj ET"
        % hexadecimal("改善")
    )
    assert drawn(content).text == "a 改善 b"


def test_actual_text_may_stand_among_the_resources(drawn: Drawn) -> None:
    found = drawn(
        b"BT /F1 10 Tf 10 50 Td /Span /P1 BDC (x) Tj EMC ET",
        resources=b"/Properties << /P1 << /ActualText (true) >> >>",
    )
    assert found.text == "true"


def test_an_empty_replacement_takes_a_hyphen_away_and_not_a_page(drawn: Drawn) -> None:
    content = b"BT /F1 10 Tf 10 50 Td (hyphen) Tj /Span << /ActualText () >> BDC %s Tj EMC ET"
    assert drawn(content % b"(-)").text == "hyphen"
    assert drawn(content % b"(ated words)").text == "hyphenated words"


def test_actual_text_of_the_structure_tree(write: Draw) -> None:
    path = write(
        b"<< /Type /Catalog /Pages 2 0 R /StructTreeRoot 6 0 R >>",
        b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        HELVETICA,
        stream(b"BT /F1 10 Tf 10 50 Td /Span << /MCID 1 >> BDC (x) Tj EMC ET"),
        page(b"4 0 R", more=b"/StructParents 0"),
        b"<< /Type /StructTreeRoot /ParentTree << /Nums [0 [7 0 R 8 0 R]] >> >>",
        b"<< /S /Span >>",
        b"<< /S /Span /ActualText (whole) >>",
    )
    assert extract(path, Limits()).pages[0].text == "whole"


def test_invisible_text_is_text_and_counts_once(drawn: Drawn) -> None:
    hidden = b"BT /F1 10 Tf 3 Tr 10 50 Td (scanned words) Tj ET "
    seen = b"BT /F1 10 Tf 0 Tr 10 50 Td (scanned words) Tj ET "
    assert drawn(hidden).text == "scanned words"
    assert drawn(seen + hidden).text == "scanned words"
    assert drawn(hidden.replace(b"50", b"20") + seen).text == "scanned words\nscanned words"


def test_a_page_of_outlines_needs_ocr(drawn: Drawn) -> None:
    assert drawn(b"0 0 m 5 5 l 9 0 l f " * 201).needs_ocr
    assert not drawn(b"0 0 m 5 5 l 9 0 l f " * 150).needs_ocr
    words = b"BT /F1 10 Tf 10 50 Td (more than twenty glyphs of text) Tj ET "
    assert not drawn(words + b"0 0 m 5 5 l 9 0 l f " * 201).needs_ocr


def test_a_token_is_not_cut_by_the_end_of_a_stream(write: Draw) -> None:
    path = write(
        CATALOGUE,
        b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        HELVETICA,
        stream(b"BT /F1 10 Tf 10"),
        page(b"[4 0 R 6 0 R]"),
        stream(b"50 Td (joined) Tj ET"),
    )
    assert extract(path, Limits()).pages[0].text == "joined"


def test_a_form_begins_with_the_state_it_is_drawn_in(drawn: Drawn) -> None:
    form = stream(b"BT 5 5 Td (inside) Tj ET", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    found = drawn(
        b"/F1 10 Tf q 1 0 0 1 20 30 cm /X Do Q", form, resources=b"/XObject << /X 6 0 R >>"
    )
    assert found.text == "inside"
    assert (found.places.lefts, found.places.bottoms) == ((250,), (662,))


def test_a_form_that_draws_itself_ends(drawn: Drawn) -> None:
    form = stream(
        b"BT /F1 10 Tf (once) Tj ET /X Do",
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 3 0 R >> "
        b"/XObject << /X 6 0 R >> >>",
    )
    assert drawn(b"/X Do", form, resources=b"/XObject << /X 6 0 R >>").text == "once"


def test_what_the_operators_of_text_do(drawn: Drawn) -> None:
    assert drawn(b"BT /F1 10 Tf 10 80 Td 12 TL (one) Tj (two) ' 1 2 (three) \" ET").text == (
        "one\ntwo\nthree"
    )
    assert drawn(b"BT /F1 10 Tf 1 0 0 1 10 80 Tm (a) Tj 0 -12 TD (b) Tj T* (c) Tj ET").text == (
        "a\nb\nc"
    )
    assert drawn(b"BT /F1 10 Tf 10 50 Td [(far) -5000 (apart) -300 (near)] TJ ET").text == (
        "far\napart near"
    )


def test_operands_of_the_wrong_kind_leave_an_operator_without_effect(drawn: Drawn) -> None:
    assert drawn(b"BT /F1 10 Tf (x) Td /A 5 Tm Tf 7 Tj [<</A 1>>] TJ (kept) Tj ET").text == "kept"


def test_inline_images_count_and_hide_nothing(drawn: Drawn) -> None:
    found = drawn(b"BI /W 1 /H 1 /BPC 8 ID \x00Tj\nEI BT /F1 10 Tf (after) Tj ET")
    assert (found.text, found.images) == ("after", 1)


def test_fields_and_comments_stand_after_the_text(write: Draw) -> None:
    path = write(
        CATALOGUE,
        b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        HELVETICA,
        stream(b"BT /F1 10 Tf 10 50 Td (body) Tj ET"),
        page(b"4 0 R", more=b"/Annots [6 0 R]"),
        b"<< /Type /Annot /Subtype /Text /Rect [10 20 30 40] /Contents (remark) >>",
    )
    found = extract(path, Limits()).pages[0]
    assert found.text == "body\nremark"
    assert (found.places.starts[1], found.places.ends[1]) == (5, 11)
    assert (found.places.lefts[1], found.places.tops[1]) == (100, 600)
    assert [block.kind for block in found.blocks] == [BlockKind.PARAGRAPH, BlockKind.ANNOTATION]


def many(canvas: Any) -> None:
    for number in range(1, 6):
        canvas.setFont("HeiseiKakuGo-W5", 12)
        canvas.drawString(50, 700, f"{number}ページ目")
        canvas.showPage()


def test_a_range_of_pages_keeps_their_numbers(draw: Draw) -> None:
    path = draw(many)
    with path.open("rb") as file:
        found = assemble(read(file, Limits(), pages=PageRange(2, 3)))
    assert [(each.number, each.text) for each in found.pages] == [
        (2, "2ページ目"),
        (3, "3ページ目"),
    ]
    assert (found.declared_pages, found.faults) == (5, ())
    with path.open("rb") as file:
        assert [p.number for p in assemble(read(file, Limits(), pages=PageRange(4))).pages] == [
            4,
            5,
        ]


def test_ranges_put_together_are_the_whole(draw: Draw) -> None:
    path = draw(many)
    parts = []
    for pages in (PageRange(1, 2), PageRange(3, 5)):
        with path.open("rb") as file:
            parts.extend(read(file, Limits(), pages=pages))
    whole = assemble(parts)
    assert whole.pages == extract(path, Limits()).pages
    assert verdict(whole, 5000) == ()


def outcomes(document: ExtractedDocument, most: int = 5000) -> list[Outcome]:
    return [fault.outcome for fault in verdict(document, most)]


def test_the_verdict_on_a_whole_document() -> None:
    front = ExtractedDocument("application/pdf", declared_pages=2)
    text = ExtractedPage(1, "words", 1, 1)
    image = ExtractedPage(2, "", 1, 1, images=1, needs_ocr=True)
    blank = ExtractedPage(2, "", 1, 1)

    def document(*pages: ExtractedPage, faults: tuple[Fault, ...] = ()) -> ExtractedDocument:
        return ExtractedDocument("application/pdf", pages, front.declared_pages, faults)

    assert outcomes(document(text, image)) == []
    assert outcomes(document(text)) == [Outcome.INDEXED_PARTLY]
    assert outcomes(document(text), most=1) == []
    assert outcomes(document(image, image)) == [Outcome.NEEDS_OCR]
    assert outcomes(document(blank, blank)) == [Outcome.EMPTY]
    assert outcomes(document(blank, blank, faults=(Fault(Outcome.DAMAGED, "", 1),))) == []
    assert outcomes(document()) == [Outcome.DAMAGED]
    assert outcomes(document(faults=(Fault(Outcome.NEEDS_PASSWORD, ""),))) == []


def test_a_to_unicode_map() -> None:
    data = (
        b"2 beginbfchar <01> <6539> <02> <5584> endbfchar "
        b"2 beginbfrange <10> <12> <3042> <20> <21> [<3044> <D842DFB7>] endbfrange "
        b"1 begincidrange <4E00> <4E01> 64 endcidrange"
    )
    assert to_unicode(data) == {
        1: "改", 2: "善", 16: "あ", 17: "ぃ", 18: "い", 32: "い", 33: "𠮷", 64: "一", 65: "丁",
    }  # fmt: skip
    assert to_unicode(b"beginbfchar <1> <zz> <0041> <0042>") == {0x41: "B", 1: ""}
    assert len(to_unicode(b"beginbfrange <00000000> <FFFFFFFF> <00000000> endbfrange")) <= (
        MOST_ENTRIES
    )
