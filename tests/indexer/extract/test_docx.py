"""Word's body in its order: headings, tables, ruby, changes, notes, text boxes, pages."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx as library
import pytest
from docx.enum.text import WD_BREAK
from lxml import etree
from PIL import Image

from indexer.extract.office import docx
from indexer.extract.parts import assemble
from indexer.extracted import (
    BlockKind,
    ExtractedDocument,
    Limits,
    Outcome,
    OutlineEntry,
    PageRange,
)

OFFICE = Path(__file__).parents[4] / "shared" / "data" / "office"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:wp="urn:wp" xmlns:a="urn:a" xmlns:m="urn:m" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="urn:wps" xmlns:v="urn:v"'
)


def read(
    made: Any, limits: Limits | None = None, pages: PageRange | None = None
) -> ExtractedDocument:
    stream = made
    if not isinstance(made, io.BytesIO):
        stream = io.BytesIO()
        made.save(stream)
    stream.seek(0)
    return assemble(docx.read(stream, limits or Limits(), pages=pages or PageRange()))


def body_of(xml: str) -> Any:
    """A document whose body is the given XML."""
    made = library.Document()
    body = made.element.body
    root = etree.fromstring(f"<root {SPACES}>{xml}</root>")
    for child in root:
        body.insert(len(body) - 1, child)
    return made


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def said(document: ExtractedDocument, kind: BlockKind) -> list[list[str]]:
    return [
        [page.text[start:end] for start, end in block.spans]
        for page in document.pages
        for block in page.blocks
        if block.kind is kind
    ]


def test_headings_paragraphs_and_tables_keep_their_order() -> None:
    made = library.Document()
    made.add_heading("第1章 窓口", 1)
    made.add_paragraph("待ち時間を短縮した。")
    table = made.add_table(2, 2)
    for index, text in enumerate(["指標", "件数", "待ち時間", "7分"]):
        table.cell(index // 2, index % 2).text = text
    made.add_paragraph("表の後の文。")
    document = read(made)
    assert document.pages[0].text == (
        "第1章 窓口\n待ち時間を短縮した。\n指標\t件数\n待ち時間\t7分\n表の後の文。"
    )
    assert said(document, BlockKind.HEADING) == [["第1章 窓口"]]
    assert said(document, BlockKind.ROW) == [["指標", "件数"], ["待ち時間", "7分"]]
    assert document.pages[0].title == "第1章 窓口"
    assert document.outline == (OutlineEntry("第1章 窓口", 1, 1),)


def test_a_style_is_a_heading_by_its_level_or_what_it_is_based_on() -> None:
    made = library.Document()
    own = made.styles.add_style("自前の見出し", 1)
    own.base_style = made.styles["Heading 2"]
    made.add_paragraph("孫の見出し", style=own)
    made.add_paragraph("本文の文章。")
    document = read(made)
    assert document.outline == (OutlineEntry("孫の見出し", 2, 1),)


def test_ruby_keeps_the_sentence_whole_and_its_reading_apart() -> None:
    ruby = (
        "<w:r><w:ruby><w:rt><w:r><w:t>かいぜん</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>改善</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    document = read(body_of(f"<w:p>{run('職場の')}{ruby}{run('を進める')}</w:p>"))
    assert said(document, BlockKind.PARAGRAPH) == [["職場の改善を進める"]]
    assert said(document, BlockKind.READING) == [["かいぜん"]]


def test_deleted_text_is_left_out_and_inserted_text_kept() -> None:
    document = read(
        body_of(
            f"<w:p>{run('今年度は')}<w:del><w:r><w:delText>中止</w:delText></w:r></w:del>"
            f"<w:ins>{run('実施')}</w:ins><w:moveFrom>{run('旧')}</w:moveFrom>"
            f"<w:moveTo>{run('した')}</w:moveTo></w:p>"
        )
    )
    assert document.pages[0].text == "今年度は実施した"


def test_hidden_text_and_field_instructions_are_left_out() -> None:
    document = read(
        body_of(
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隠し</w:t></w:r>"
            "<w:r><w:instrText>PAGEREF x</w:instrText></w:r>"
            '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>見える</w:t></w:r></w:p>'
        )
    )
    assert document.pages[0].text == "見える"


def test_controls_links_fields_and_formulas_only_wrap_their_text() -> None:
    document = read(
        body_of(
            f"<w:sdt><w:sdtPr/><w:sdtContent><w:p>{run('枠の中')}</w:p></w:sdtContent></w:sdt>"
            f"<w:p><w:hyperlink>{run('リンク')}</w:hyperlink><w:r><w:tab/></w:r>"
            f"<w:fldSimple>{run('欄')}</w:fldSimple>"
            "<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>"
            "<w:r><w:br/><w:noBreakHyphen/></w:r></w:p>"
        )
    )
    assert document.pages[0].text == "枠の中\nリンク\t欄x+1\n-"


def test_a_text_box_comes_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent><w:p>{run('囲みの文')}</w:p></w:txbxContent>"
    document = read(
        body_of(
            f"<w:p>{run('本文の文')}<w:r><mc:AlternateContent>"
            f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
            f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
            f"</mc:AlternateContent></w:r></w:p>"
        )
    )
    assert document.pages[0].text == "本文の文\n囲みの文"


def test_merged_cells_come_once_and_tables_within_cells_follow_their_row() -> None:
    made = library.Document()
    table = made.add_table(2, 2)
    table.cell(0, 0).text = "効果"
    table.cell(0, 1).text = "待ち時間が減った"
    table.cell(1, 1).text = "外側"
    table.cell(0, 0).merge(table.cell(1, 0))
    inner = table.cell(1, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "内側", "7分"
    assert said(read(made), BlockKind.ROW) == [
        ["効果", "待ち時間が減った"],
        ["外側"],
        ["内側", "7分"],
    ]


def test_headers_and_footers_are_read_once_on_the_first_page() -> None:
    made = library.Document()
    made.sections[0].header.paragraphs[0].text = "改善研究会 報告書"
    made.sections[0].footer.paragraphs[0].text = "- 3 -"
    made.add_paragraph("一頁目の文。").add_run().add_break(WD_BREAK.PAGE)
    made.add_paragraph("二頁目の文。")
    document = read(made)
    assert [page.text for page in document.pages] == [
        "一頁目の文。\n改善研究会 報告書",
        "二頁目の文。",
    ]
    assert said(document, BlockKind.RUNNING) == [["改善研究会 報告書"]]


def with_part(made: Any, name: str, kind: str, xml: str) -> io.BytesIO:
    """The document with one more part, related to its body."""
    stream, target = io.BytesIO(), io.BytesIO()
    made.save(stream)
    stream.seek(0)
    relation = f'<Relationship Id="rX" Type="urn:x/{kind}" Target="{name}"/></Relationships>'
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            if entry == "word/_rels/document.xml.rels":
                content = content.replace(b"</Relationships>", relation.encode())
            if entry != f"word/{name}":
                new.writestr(entry, content)
        new.writestr(f"word/{name}", xml)
    return target


def test_footnotes_stand_at_the_end_of_the_page_that_points_to_them() -> None:
    made = body_of(
        f'<w:p>{run("本文")}<w:r><w:footnoteReference w:id="2"/></w:r>{run("の続き")}</w:p>'
        f"<w:p>{run('次の段落')}</w:p>"
    )
    notes = (
        f'<w:footnotes {SPACES}><w:footnote w:id="-1"><w:p/></w:footnote>'
        f'<w:footnote w:id="2"><w:p>{run("令和4年度の実績")}</w:p></w:footnote></w:footnotes>'
    )
    document = read(with_part(made, "footnotes.xml", "footnotes", notes))
    assert document.pages[0].text == "本文の続き\n次の段落\n令和4年度の実績"
    assert said(document, BlockKind.NOTE) == [["令和4年度の実績"]]


def test_comments_are_annotations() -> None:
    made = library.Document()
    paragraph = made.add_paragraph("本文の文章。")
    made.add_comment(paragraph.runs, text="ここは確認中", author="係長")
    assert said(read(made), BlockKind.ANNOTATION) == [["ここは確認中"]]


def test_pages_are_those_that_word_left_marks_of() -> None:
    mark = "<w:r><w:lastRenderedPageBreak/></w:r>"
    document = read(
        body_of(
            f"<w:p>{run('一頁目から')}{mark}{run('続く文')}</w:p><w:p>{run('二頁目の文')}</w:p>"
            f'<w:p><w:r><w:br w:type="page"/></w:r></w:p><w:p>{mark}{run("三頁目の文")}</w:p>'
        )
    )
    assert [page.text for page in document.pages] == [
        "一頁目から続く文",
        "二頁目の文",
        "三頁目の文",
    ]


def test_without_marks_a_page_ends_after_about_two_thousand_characters() -> None:
    made = library.Document()
    for number in range(60):
        made.add_paragraph(f"{number:02}" + "改善の記録。" * 16)
    document = read(made)
    assert len(document.pages) == 3
    assert all(1900 <= len(page.text) <= 2200 for page in document.pages[:2])
    assert document.pages[1].text[:2].isdigit()


def test_a_heading_after_half_a_page_begins_the_next() -> None:
    made = library.Document()
    made.add_heading("第1章", 1)
    made.add_paragraph("改善の記録。" * 180)
    made.add_heading("第2章", 1)
    made.add_paragraph("続きの記録。")
    document = read(made)
    assert [page.title for page in document.pages] == ["第1章", "第2章"]
    assert [entry.page for entry in document.outline] == [1, 2]


def test_a_paragraph_without_end_goes_on_on_further_pages_without_loss() -> None:
    made = library.Document()
    made.add_paragraph("改善の記録を残す。" * 2000)
    document = read(made)
    assert "".join(page.text for page in document.pages) == "改善の記録を残す。" * 2000
    assert all(page.text.endswith("。") for page in document.pages)


def test_page_breaks_sections_and_paragraphs_that_begin_a_page() -> None:
    made = body_of(
        f"<w:p>{run('一')}<w:r><w:br w:type='page'/></w:r></w:p>"
        f"<w:p><w:pPr><w:sectPr/></w:pPr>{run('二')}</w:p>"
        f"<w:p><w:pPr><w:pageBreakBefore/></w:pPr>{run('三')}</w:p>"
        f"<w:p><w:pPr><w:sectPr><w:type w:val='continuous'/></w:sectPr></w:pPr>{run('四')}</w:p>"
        f"<w:p>{run('五')}</w:p>"
    )
    assert [page.text for page in read(made).pages] == ["一", "二", "三\n四\n五"]


def test_pictures_are_counted_and_one_alone_needs_recognition() -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (4, 4)).save(drawn, "PNG")
    made = library.Document()
    made.add_picture(drawn)
    document = read(made)
    assert [(page.images, page.needs_ocr) for page in document.pages] == [(1, True)]
    assert [fault.outcome for fault in document.faults] == [Outcome.NEEDS_OCR]


def test_an_empty_document_is_named() -> None:
    assert [fault.outcome for fault in read(library.Document()).faults] == [Outcome.EMPTY]


def test_pages_asked_for_and_pages_allowed() -> None:
    made = library.Document()
    for number in range(1, 6):
        made.add_paragraph(f"{number}頁目").add_run().add_break(WD_BREAK.PAGE)
    assert [page.number for page in read(made, pages=PageRange(2, 3)).pages] == [2, 3]
    document = read(made, Limits(pages=2))
    assert [page.number for page in document.pages] == [1, 2]
    assert [fault.outcome for fault in document.faults] == [Outcome.TOO_LARGE]


def test_broken_xml_is_named() -> None:
    stream, target = io.BytesIO(), io.BytesIO()
    library.Document().save(stream)
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<w" if name == "word/document.xml" else old.read(name))
    document = read(target)
    assert [fault.outcome for fault in document.faults] == [Outcome.DAMAGED]
    assert "document.xml" in document.faults[0].detail


def nested(opening: str, closing: str, depth: int) -> Callable[[str], str]:
    return lambda inner: opening * depth + inner + closing * depth


def test_what_is_nested_too_deeply_is_damaged_and_harms_nobody() -> None:
    xml = nested("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", 200)(f"<w:p>{run('底')}</w:p>")
    stream, target = io.BytesIO(), io.BytesIO()
    library.Document().save(stream)
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = f"<w:document {SPACES}><w:body>{xml}</w:body></w:document>".encode()
            new.writestr(name, content if name == "word/document.xml" else old.read(name))
    assert [fault.outcome for fault in read(target).faults] == [Outcome.DAMAGED]


@pytest.mark.shared
@pytest.mark.skipif(not OFFICE.exists(), reason="no test material beside the checkout")
def test_the_paragraphs_of_real_documents_are_those_that_python_docx_reads() -> None:
    checked = 0
    for path in sorted(OFFICE.rglob("*.docx")):
        with path.open("rb") as stream:
            document = assemble(docx.read(stream, Limits()))
        assert not document.faults, path.name
        ours = "".join("".join(page.text.split()) for page in document.pages)
        for paragraph in library.Document(str(path)).paragraphs:
            words = "".join(paragraph.text.split())
            assert words in ours, (path.name, words)
            checked += bool(words)
    assert checked > 2000


@pytest.mark.parametrize("part", ["docProps/core.xml", "word/styles.xml", "word/header1.xml"])
def test_a_broken_part_beside_the_body_costs_that_part(part: str) -> None:
    made = library.Document()
    made.sections[0].header.paragraphs[0].text = "改善研究会"
    made.add_paragraph("本文の文章。")
    stream, target = io.BytesIO(), io.BytesIO()
    made.save(stream)
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<w" if name == part else old.read(name))
    document = read(target)
    assert document.pages[0].text.startswith("本文の文章。")
    assert [fault.outcome for fault in document.faults] == [Outcome.DAMAGED]
    assert part.rpartition("/")[2] in document.faults[0].detail
