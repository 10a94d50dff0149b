"""Sheets become pages, rows lines; cells read as the program shows them."""

import datetime
import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font

from indexer.extract.office import xlsx
from indexer.extract.parts import assemble
from indexer.extracted import (
    BlockKind,
    ExtractedDocument,
    ExtractedPage,
    Limits,
    Outcome,
    OutlineEntry,
    PageRange,
)

OFFICE = Path(__file__).parents[4] / "shared" / "data" / "office"


def written(book: Any) -> io.BytesIO:
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def read(
    book: Any, limits: Limits | None = None, pages: PageRange | None = None
) -> ExtractedDocument:
    stream = book if isinstance(book, io.BytesIO) else written(book)
    return assemble(xlsx.read(stream, limits or Limits(), pages=pages or PageRange()))


def sheet_of(*rows: list[Any]) -> tuple[Any, Any]:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    return book, sheet


def said(page: ExtractedPage, kind: BlockKind) -> list[list[str]]:
    return [
        [page.text[start:end] for start, end in block.spans]
        for block in page.blocks
        if block.kind is kind
    ]


def repacked(stream: io.BytesIO, change: Callable[[str, bytes], bytes]) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    target.seek(0)
    return target


def test_a_row_is_a_line_and_its_cells_are_spans() -> None:
    book, _ = sheet_of(["ステップアップシート"], ["自治体名", "福津市", None, "所属", "企画課"])
    page = read(book).pages[0]
    assert page.text == "ステップアップシート\n自治体名\t福津市\t所属\t企画課"
    assert said(page, BlockKind.PARAGRAPH) == [["ステップアップシート"]]
    assert said(page, BlockKind.ROW) == [["自治体名", "福津市", "所属", "企画課"]]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (datetime.date(2024, 3, 15), '[$-411]ggge"年"m"月"d"日"', "令和6年3月15日"),
        (datetime.date(2019, 4, 30), '[$-411]ggge"年"m"月"d"日"', "平成31年4月30日"),
        (datetime.date(2024, 3, 15), "yyyy/m/d", "2024/3/15"),
        (0.92, "0%", "92%"),
        (1234567, '#,##0"円"', "1,234,567円"),
        (True, "General", "TRUE"),
        ("山田", '@"様"', "山田様"),
        (18, 'General"分"', "18分"),
    ],
)
def test_a_cell_reads_as_it_is_shown(value: Any, code: str, shown: str) -> None:
    book, sheet = sheet_of([value])
    sheet["A1"].number_format = code
    assert read(book).pages[0].text == shown


def test_a_formula_reads_as_its_saved_value_and_is_never_computed() -> None:
    book, _ = sheet_of(["合計", "=1+1"], ["計", 3])
    assert read(book).pages[0].text == "合計\n計\t3"
    saved = repacked(written(book), lambda _, old: old.replace(b"<v></v>", b"<v>2</v>"))
    assert read(saved).pages[0].text == "合計\t2\n計\t3"


def test_what_lies_under_merged_cells_is_left_out() -> None:
    book, sheet = sheet_of(["効果", "待ち時間が減った"], ["古い下書き", "電話が減った"])
    sheet.merge_cells("A1:A2")
    stale = repacked(
        written(book),
        lambda name, old: (
            re.sub(rb'<c r="A2"[^>]*/>', b'<c r="A2" t="str"><v>x</v></c>', old)
            if "sheet1" in name
            else old
        ),
    )
    assert read(stale).pages[0].text == "効果\t待ち時間が減った\n電話が減った"


def test_merged_cells_beyond_reason_cost_nothing() -> None:
    book, _ = sheet_of(["左上", "右"])
    ranges = b"<mergeCells>" + b'<mergeCell ref="A1:CV100"/>' * 40_000 + b"</mergeCells>"
    many = repacked(
        written(book), lambda _, old: old.replace(b"</sheetData>", b"</sheetData>" + ranges)
    )
    started = time.process_time()
    assert read(many).pages[0].text == "左上"
    assert time.process_time() - started < 5


def test_cells_far_apart_cost_nothing() -> None:
    book, sheet = sheet_of(["始め"])
    sheet["XFD1048576"] = "終わり"
    assert read(book).pages[0].text == "始め\n終わり"


def test_cells_and_rows_without_names_follow_each_other() -> None:
    book, _ = sheet_of(["一", "二"], ["三"])
    bare = repacked(
        written(book), lambda _, old: re.sub(rb'(<(?:c|row)) r="[A-Z0-9]+"', rb"\1", old)
    )
    assert read(bare).pages[0].text == "一\t二\n三"


def test_hidden_sheets_are_named_and_not_read() -> None:
    book, _ = sheet_of(["見える内容"])
    hidden = book.create_sheet("リスト")
    hidden["A1"] = "中野区"
    hidden.sheet_state = "veryHidden"
    document = read(book)
    assert [page.text for page in document.pages] == ["見える内容"]
    (fault,) = document.faults
    assert fault.outcome is Outcome.INDEXED_PARTLY
    assert "リスト" in fault.detail


def test_rows_that_are_folded_away_are_read() -> None:
    book, sheet = sheet_of(["上の行"], ["中の行"])
    sheet.row_dimensions[2].hidden = True
    assert read(book).pages[0].text == "上の行\n中の行"


def test_the_largest_of_the_first_cells_is_the_title() -> None:
    book, sheet = sheet_of(["様式1"], ["窓口改善シート"], ["自治体名", "福津市"])
    sheet["A2"].font = Font(size=18)
    assert read(book).pages[0].title == "窓口改善シート"
    sheet["A2"].font = Font(bold=True)
    assert read(book).pages[0].title == "窓口改善シート"


def test_a_sheet_without_a_title_goes_by_its_name() -> None:
    book, sheet = sheet_of(["自治体名", "福津市"])
    sheet.title = "管理部門編"
    document = read(book)
    assert document.pages[0].title == "管理部門編"
    assert document.outline == (OutlineEntry("管理部門編", 1, 1),)


def test_comments_headers_and_charts_follow_the_cells() -> None:
    book, sheet = sheet_of(["年度", "件数"], ["令和3年度", 12], ["令和4年度", 30])
    sheet["B2"].comment = Comment("集計は3月末", "担当")
    sheet.oddHeader.center.text = "改善集計表"
    sheet.oddFooter.right.text = "&P / &N"
    chart = BarChart()
    chart.title = "件数の移り変わり"
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "D1")
    page = read(book).pages[0]
    assert said(page, BlockKind.ANNOTATION) == [["集計は3月末"]]
    assert said(page, BlockKind.RUNNING) == [["改善集計表"]]
    assert ["件数の移り変わり"] in said(page, BlockKind.PARAGRAPH)


def test_text_boxes_are_read_once() -> None:
    book, sheet = sheet_of(["本文のセル"])
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=1))
    sheet.add_chart(chart, "D1")
    body = "<x:txBody><a:p><a:r><a:t>吹き出しの文</a:t></a:r></a:p></x:txBody>"
    drawing = (
        '<x:wsDr xmlns:x="urn:x" xmlns:a="urn:a" xmlns:mc="urn:mc"><x:twoCellAnchor>'
        f"<mc:AlternateContent><mc:Choice><x:sp>{body}</x:sp></mc:Choice>"
        f"<mc:Fallback><x:sp>{body}</x:sp></mc:Fallback></mc:AlternateContent>"
        "</x:twoCellAnchor></x:wsDr>"
    ).encode()
    changed = repacked(
        written(book), lambda name, old: drawing if name == "xl/drawings/drawing1.xml" else old
    )
    assert read(changed).pages[0].text == "本文のセル\n吹き出しの文"


def with_shared_text(element: str) -> io.BytesIO:
    """A workbook whose only cell is the first of its shared texts."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = '<Relationship Id="{}" Type="urn:{}" Target="{}"/>'.format
    parts = {
        "_rels/.rels": f"<R>{link('r1', 'x/officeDocument', 'xl/workbook.xml')}</R>",
        "xl/workbook.xml": (
            f'<workbook xmlns:r="{relations}"><sheets>'
            '<sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f"<R>{link('r1', 'x/worksheet', 'sheet.xml')}"
            f"{link('r2', 'x/sharedStrings', 'texts.xml')}</R>"
        ),
        "xl/sheet.xml": '<s xmlns="urn:s"><row r="1"><c r="A1" t="s"><v>0</v></c></row></s>',
        "xl/texts.xml": f'<sst xmlns="urn:s">{element}</sst>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    stream.seek(0)
    return stream


@pytest.mark.parametrize(
    ("element", "text"),
    [
        ("<si><t>改善</t></si>", "改善"),
        ("<si><r><t>改</t></r><r><rPr/><t>善</t></r></si>", "改善"),
        ("<si><t>改善</t><rPh><t>カイゼン</t></rPh></si>", "改善"),
        ("<si><t>上_x000A_下_x005F_</t></si>", "上\n下_"),
        ("<si/>", ""),
    ],
)
def test_shared_texts_are_read_without_the_readings_of_input_methods(
    element: str, text: str
) -> None:
    assert read(with_shared_text(element)).pages[0].text == text


def test_broken_shared_texts_leave_the_numbers() -> None:
    torn = repacked(
        with_shared_text("<si><t>改善</t></si>"),
        lambda name, old: old.replace(b"</sst>", b"</s") if "texts" in name else old,
    )
    document = read(torn)
    assert document.pages[0].text == "改善"
    assert [fault.outcome for fault in document.faults] == [Outcome.DAMAGED]


def test_a_sheet_torn_in_the_middle_keeps_its_first_rows() -> None:
    book, _ = sheet_of(["残る行"], ["切れる行"])
    torn = repacked(
        written(book),
        lambda name, old: old[: old.index(b"</row>") + 6] if "sheet1" in name else old,
    )
    document = read(torn)
    assert document.pages[0].text == "残る行"
    assert [(fault.outcome, fault.page) for fault in document.faults] == [(Outcome.DAMAGED, 1)]


def test_a_page_is_cut_at_its_limit_and_only_wanted_sheets_are_read() -> None:
    book, _ = sheet_of(*[["あ" * 50] for _ in range(10)])
    book.create_sheet("次")["A1"] = "二枚目の内容"
    document = read(book, Limits(characters_per_page=120))
    assert len(document.pages[0].text) == 120
    assert [(fault.outcome, fault.page) for fault in document.faults] == [(Outcome.TOO_LARGE, 1)]
    second = read(book, pages=PageRange(2))
    assert [(page.number, page.text) for page in second.pages] == [(2, "二枚目の内容")]


def test_dates_from_1904_are_four_years_later() -> None:
    book, sheet = sheet_of([1])
    sheet["A1"].number_format = "yyyy/m/d"
    changed = repacked(
        written(book), lambda _, old: old.replace(b"<workbookPr/>", b'<workbookPr date1904="1"/>')
    )
    assert read(changed).pages[0].text == "1904/1/2"


def test_namespaces_of_the_strict_variant_are_read() -> None:
    book, _ = sheet_of(["厳格な形式"])
    strict = repacked(
        written(book),
        lambda _, old: old.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
    )
    assert read(strict).pages[0].text == "厳格な形式"


@pytest.mark.shared
@pytest.mark.skipif(not OFFICE.exists(), reason="no test material beside the checkout")
def test_the_texts_of_real_workbooks_are_those_that_openpyxl_reads() -> None:
    """Every text cell of each visible sheet, row by row, by an independent reader."""
    checked = 0
    for path in sorted(OFFICE.rglob("*.xlsx")):
        if path.stat().st_size > 300_000:
            continue
        with path.open("rb") as stream:
            document = assemble(xlsx.read(stream, Limits()))
        book = openpyxl.load_workbook(path, data_only=True, read_only=True)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        assert len(document.pages) == len(shown)
        for page, sheet in zip(document.pages, shown, strict=True):
            ours = "".join(page.text.split())
            for row in sheet.iter_rows(values_only=True):
                words = "".join("".join(v.split()) for v in row if isinstance(v, str))
                if all(isinstance(value, str | None) for value in row):
                    assert words in ours, (path.name, sheet.title, words)
                    checked += bool(words)
    assert checked > 1000
