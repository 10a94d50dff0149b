"""Slides become pages: order, tables, notes, charts, groups, what is a picture only."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pptx as library
import pytest
from PIL import Image
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Emu, Inches, Pt

from indexer.extract.office import pptx
from indexer.extract.parts import assemble
from indexer.extracted import (
    BlockKind,
    Direction,
    ExtractedDocument,
    ExtractedPage,
    Limits,
    Outcome,
    PageRange,
)

BLANK = 6
TITLE_ONLY = 5


def written(presentation: Any) -> io.BytesIO:
    stream = io.BytesIO()
    presentation.save(stream)
    stream.seek(0)
    return stream


def read(
    presentation: Any, limits: Limits | None = None, pages: PageRange | None = None
) -> ExtractedDocument:
    parts = pptx.read(written(presentation), limits or Limits(), pages=pages or PageRange())
    return assemble(parts)


def slide(presentation: Any, layout: int = BLANK) -> Any:
    return presentation.slides.add_slide(presentation.slide_layouts[layout])


def box(shapes: Any, text: str, left: float, top: float, width: float = 3.0) -> Any:
    shape = shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(0.5))
    shape.text_frame.text = text
    return shape


def said(page: ExtractedPage, kind: BlockKind) -> list[list[str]]:
    return [
        [page.text[start:end] for start, end in block.spans]
        for block in page.blocks
        if block.kind is kind
    ]


def picture(color: str = "red") -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", (4, 4), color).save(stream, "PNG")
    stream.seek(0)
    return stream


def repacked(stream: io.BytesIO, change: Callable[[str, bytes], bytes | None]) -> io.BytesIO:
    """The same package with parts changed, or left out where `change` returns None."""
    target = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    target.seek(0)
    return target


def test_shapes_are_read_from_the_top_left_with_the_title_first() -> None:
    made = library.Presentation()
    page = slide(made, TITLE_ONLY)
    box(page.shapes, "右下", 6, 5)
    box(page.shapes, "右上", 6, 3.02)
    box(page.shapes, "左上", 1, 3)
    box(page.shapes, "左下", 1, 5)
    page.shapes.title.text = "窓口改善の取組"
    page.shapes.title.top = Inches(6)
    document = read(made)
    assert document.pages[0].text == "窓口改善の取組\n左上\n右上\n左下\n右下"
    assert document.pages[0].title == "窓口改善の取組"
    assert document.pages[0].blocks[0].kind is BlockKind.HEADING
    assert (document.declared_pages, len(document.pages)) == (1, 1)


def test_a_place_is_the_box_of_the_shape_in_tenths_of_a_point() -> None:
    made = library.Presentation()
    box(slide(made).shapes, "ここ", 1, 2, width=3)
    page = read(made).pages[0]
    places = page.places
    assert (places.starts, places.ends) == ((0,), (2,))
    assert (places.lefts, places.tops, places.rights) == ((720,), (1440,), (2880,))
    assert (page.width, page.height) == (720.0, 540.0)


def test_a_placeholder_stands_where_its_layout_puts_it() -> None:
    made = library.Presentation()
    page = slide(made, TITLE_ONLY)
    page.shapes.title.text = "題名だけの頁"
    inherited = made.slide_layouts[TITLE_ONLY].placeholders[0]
    assert read(made).pages[0].places.lefts == (round(Emu(inherited.left) / 1270),)


def test_a_table_is_read_row_by_row_and_merged_cells_once() -> None:
    made = library.Presentation()
    frame = slide(made).shapes.add_table(3, 2, Inches(1), Inches(1), Inches(4), Inches(3))
    table = frame.table
    for index, text in enumerate(["指標", "改善前後", "待ち時間", "18分", "件数", "120件"]):
        table.cell(index // 2, index % 2).text = text
    table.cell(1, 1).merge(table.cell(2, 1))
    page = read(made).pages[0]
    assert said(page, BlockKind.ROW) == [
        ["指標", "改善前後"],
        ["待ち時間", "18分\n120件"],
        ["件数"],
    ]
    assert page.text.startswith("指標\t改善前後\n待ち時間\t18分")
    assert page.places.lefts[:2] == (720, 2160)


def test_a_group_is_read_as_a_whole_where_it_stands() -> None:
    made = library.Presentation()
    page = slide(made)
    group = page.shapes.add_group_shape()
    box(group.shapes, "群の二", 1, 3)
    box(group.shapes, "群の一", 1, 1)
    box(page.shapes, "間", 5, 2)
    assert read(made).pages[0].text == "群の一\n群の二\n間"


def test_what_a_group_holds_is_placed_by_its_scale() -> None:
    made = library.Presentation()
    page = slide(made)
    group = page.shapes.add_group_shape()
    box(group.shapes, "中", 1, 1, width=2)
    group.left, group.top, group.width = Inches(4), Inches(4), Inches(4)
    places = read(made).pages[0].places
    assert (places.lefts, places.tops, places.rights) == ((2880,), (2880,), (5760,))


def test_notes_comments_and_the_authors_words_for_a_picture_come_last() -> None:
    made = library.Presentation()
    page = slide(made)
    shown = page.shapes.add_picture(picture(), 0, 0, Inches(1), Inches(1))
    shown._element.nvPicPr.cNvPr.set("descr", "改善後の窓口の写真")
    named = page.shapes.add_picture(picture("blue"), 0, 0, Inches(1), Inches(1))
    named._element.nvPicPr.cNvPr.set("descr", "図 3")
    page.notes_slide.notes_text_frame.text = "ここで事例を紹介する"
    box(page.shapes, "本文です", 1, 3)
    page = read(made).pages[0]
    assert said(page, BlockKind.ANNOTATION) == [["改善後の窓口の写真"]]
    assert said(page, BlockKind.NOTE) == [["ここで事例を紹介する"]]
    assert page.text.startswith("本文です")
    assert page.images == 2


def test_a_chart_is_read_as_a_table_of_its_values() -> None:
    made = library.Presentation()
    data = CategoryChartData(number_format="0.0%")
    data.categories = ["令和3年度", "令和4年度"]
    data.add_series("満足度", (0.75, 0.924))
    frame = slide(made).shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(5), Inches(3), data
    )
    frame.chart.has_title = True
    frame.chart.chart_title.text_frame.text = "利用者の声"
    page = read(made).pages[0]
    assert said(page, BlockKind.PARAGRAPH) == [["利用者の声"]]
    assert said(page, BlockKind.ROW) == [
        ["満足度"],
        ["令和3年度", "75.0%"],
        ["令和4年度", "92.4%"],
    ]


def test_a_broken_chart_costs_the_chart() -> None:
    made = library.Presentation()
    data = CategoryChartData()
    data.categories = ["一", "二"]
    data.add_series("件数", (1, 2))
    page = slide(made)
    page.shapes.add_chart(XL_CHART_TYPE.PIE, 0, Inches(3), Inches(5), Inches(3), data)
    box(page.shapes, "残る文章", 1, 1)
    broken = repacked(
        written(made), lambda name, old: b"<broken" if "charts/chart" in name else old
    )
    document = assemble(pptx.read(broken, Limits()))
    assert document.pages[0].text == "残る文章"
    assert [(fault.outcome, fault.page) for fault in document.faults] == [(Outcome.DAMAGED, 1)]


def test_smart_art_is_read_from_its_data_part() -> None:
    made = library.Presentation()
    page = slide(made)
    data = CategoryChartData()
    data.categories = ["一"]
    data.add_series("件数", (1,))
    page.shapes.add_chart(XL_CHART_TYPE.PIE, 0, 0, Inches(5), Inches(3), data)
    diagram = (
        '<d:dataModel xmlns:d="urn:d" xmlns:a="urn:a"><d:ptLst>'
        "<d:pt><d:t><a:p><a:r><a:t>現状把握</a:t></a:r></a:p></d:t></d:pt><d:pt/>"
        "<d:pt><d:t><a:p><a:r><a:t>改善実行</a:t></a:r></a:p></d:t></d:pt>"
        "</d:ptLst></d:dataModel>"
    ).encode()

    def change(name: str, old: bytes) -> bytes:
        if "charts/chart" in name and name.endswith(".xml"):
            return diagram
        return (
            old.replace(b"<c:chart ", b"<c:relIds ").replace(b" r:id=", b" r:dm=", 1)
            if (name == "ppt/slides/slide1.xml")
            else old
        )

    found = repacked(written(made), change)
    page_read = assemble(pptx.read(found, Limits())).pages[0]
    assert said(page_read, BlockKind.PARAGRAPH) == [["現状把握"], ["改善実行"]]


def test_footers_and_slide_numbers_are_running() -> None:
    made = library.Presentation()
    page = slide(made, TITLE_ONLY)
    page.shapes.title.text = "題名です"
    for holder in made.slide_layouts[TITLE_ONLY].placeholders:
        if holder.placeholder_format.type in (15, 13):  # footer, slide number
            page.shapes._spTree.append(holder._element)
            page.shapes[-1].text_frame.text = "発表会 資料1"
    found = said(read(made).pages[0], BlockKind.RUNNING)
    assert found
    assert {text for block in found for text in block} == {"発表会 資料1"}


def test_the_largest_letters_name_a_slide_without_a_title() -> None:
    made = library.Presentation()
    page = slide(made)
    for text, size, top in (("本文その一", 18, 3), ("中野区の挑戦", 40, 2), ("本文その二", 18, 4)):
        shape = box(page.shapes, text, 1, top)
        shape.text_frame.paragraphs[0].runs[0].font.size = Pt(size)
    assert read(made).pages[0].title == "中野区の挑戦"


def test_a_large_picture_alone_needs_recognition_and_a_logo_does_not() -> None:
    made = library.Presentation()
    slide(made).shapes.add_picture(picture(), 0, 0, made.slide_width, made.slide_height)
    small = slide(made)
    small.shapes.add_picture(picture(), 0, 0, Inches(1), Inches(1))
    box(small.shapes, "表紙", 3, 3)
    document = read(made)
    assert [page.needs_ocr for page in document.pages] == [True, False]
    assert document.faults == ()


def test_a_file_of_pictures_ends_as_needs_ocr_and_one_of_nothing_as_empty() -> None:
    made = library.Presentation()
    slide(made).shapes.add_picture(picture(), 0, 0, made.slide_width, made.slide_height)
    assert [fault.outcome for fault in read(made).faults] == [Outcome.NEEDS_OCR]
    blank = library.Presentation()
    slide(blank)
    assert [fault.outcome for fault in read(blank).faults] == [Outcome.EMPTY]


def test_hidden_slides_are_read_and_keep_their_number() -> None:
    made = library.Presentation()
    for number in range(1, 4):
        box(slide(made).shapes, f"{number}枚目の内容", 1, 1)
    made.slides[1]._element.set("show", "0")
    assert [page.text for page in read(made).pages] == [f"{n}枚目の内容" for n in (1, 2, 3)]


def test_only_the_slides_asked_for_are_read() -> None:
    made = library.Presentation()
    for number in range(1, 5):
        box(slide(made).shapes, f"{number}枚目の内容", 1, 1)
    document = read(made, pages=PageRange(2, 3))
    assert [page.number for page in document.pages] == [2, 3]
    assert document.declared_pages == 4


def test_a_lost_slide_costs_that_slide() -> None:
    made = library.Presentation()
    for number in range(1, 4):
        box(slide(made).shapes, f"{number}枚目の内容", 1, 1)
    torn = repacked(written(made), lambda name, old: None if "slides/slide2.xml" in name else old)
    document = assemble(pptx.read(torn, Limits()))
    assert [page.number for page in document.pages] == [1, 3]
    assert [(fault.outcome, fault.page) for fault in document.faults] == [(Outcome.DAMAGED, 2)]


def test_a_page_is_cut_at_its_limit_and_says_so() -> None:
    made = library.Presentation()
    page = slide(made)
    box(page.shapes, "あ" * 80, 1, 1)
    box(page.shapes, "い" * 80, 1, 2)
    document = read(made, Limits(characters_per_page=100))
    assert document.pages[0].text == "あ" * 80 + "\n" + "い" * 19
    assert [fault.outcome for fault in document.faults] == [Outcome.TOO_LARGE]


def test_too_many_slides_are_cut_and_named() -> None:
    made = library.Presentation()
    for number in range(5):
        box(slide(made).shapes, f"{number}枚目の内容", 1, 1)
    document = read(made, Limits(pages=2))
    assert len(document.pages) == 2
    assert [fault.outcome for fault in document.faults] == [Outcome.TOO_LARGE]


def test_vertical_text_runs_down() -> None:
    made = library.Presentation()
    shape = box(slide(made).shapes, "縦書き", 1, 1)
    shape.text_frame._txBody.bodyPr.set("vert", "eaVert")
    assert read(made).pages[0].places.directions == (int(Direction.DOWN),)


def test_groups_within_groups_end_somewhere() -> None:
    made = library.Presentation()
    shapes = slide(made).shapes
    for _ in range(60):
        shapes = shapes.add_group_shape().shapes
    box(shapes, "底", 1, 1)
    assert [fault.outcome for fault in read(made).faults] == [Outcome.EMPTY]


@pytest.mark.parametrize("text", ["", "\x0b", "　"])
def test_blank_paragraphs_leave_no_trace(text: str) -> None:
    made = library.Presentation()
    page = slide(made)
    box(page.shapes, text, 1, 1)
    box(page.shapes, "本文の文章", 1, 2)
    assert read(made).pages[0].text == "本文の文章"


def test_core_properties_come_with_the_front() -> None:
    made = library.Presentation()
    box(slide(made).shapes, "本文の文章", 1, 1)
    made.core_properties.title = "経営改善の\n歩み"
    made.core_properties.author = "中野区"
    document = read(made)
    assert (document.title, document.author) == ("経営改善の\n歩み", "中野区")
    assert document.extractor.startswith("kb-pptx 1 (lxml ")
