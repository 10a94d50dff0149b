"""The reader of CSV files: finds the heading, never crashes, loses nothing unsaid."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.exchange.importing import REQUIRED
from indexer.exchange.table import Table, column_name, read_table
from kb.catalogue.exchange.cells import stripped, unguarded
from kb.catalogue.exchange.encodings import BadTable
from kb.catalogue.exchange.fields import READ
from tests.indexer.exchange.grids import CASE, csv_of


def read(text: str, encoding: str = "utf-8") -> Table:
    return read_table(text.encode(encoding), READ, REQUIRED)


def test_the_heading_is_found_below_a_title_in_any_order() -> None:
    text = csv_of(CASE | {"ＩＤ": "a"}, above=[["令和4年度 事例一覧"], [], ["作成", "企画課"]])
    table = read(text)
    assert table.heading_line == 4
    assert table.columns == ("タイトル", "対象組織", "事例実施年", "ID")
    assert [(row.line, row.text("対象組織"), row.text("ID")) for row in table.rows] == [
        (5, "福津市", "a")
    ]


def test_unknown_columns_are_named_also_without_a_heading() -> None:
    table = read("タイトル,担当部署,対象組織,,\r\n題,企画課,福津市,メモ,\r\n")
    assert table.unknown == ("担当部署", "(見出しのない4列目)")


def test_a_cell_with_line_breaks_is_one_row() -> None:
    table = read('タイトル,対象組織\r\n"一行目\r\n二行目",福津市\r\n\r\n次,中野区\r\n')
    assert [(row.line, row.text("タイトル")) for row in table.rows] == [
        (2, "一行目\n二行目"),
        (4, "次"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "見出しの行が見つかりません"),
        ("こんにちは\r\n", "見出しの行が見つかりません"),
        ("タイトル,成果\r\n題,よい\r\n", "必須の列がありません: 「対象組織」または「団体コード」"),
        ("対象組織,成果\r\n題,よい\r\n", "必須の列がありません: 「タイトル」"),
        ("タイトル,タイトル,対象組織\r\n", "2つ以上あります: タイトル"),
        ('タイトル,対象組織\r\n題,"福津市\r\n', "2行目から先をCSVとして読めません"),
        ('タイトル,対象組織\r\n"題"1,福津市\r\n', "2行目から先をCSVとして読めません"),
        (f"タイトル,対象組織\r\n{'あ' * 140_000},福津市\r\n", "131,072文字まで"),
    ],
)
def test_what_is_no_table_is_said(text: str, said: str) -> None:
    with pytest.raises(BadTable) as bad:
        read(text)
    assert said in str(bad.value)


@given(st.binary() | st.text(st.sampled_from("タイル対象組織,\"\r\n '=")).map(str.encode))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    try:
        table = read_table(content, READ, REQUIRED)
    except BadTable:
        return
    assert {"タイトル"} <= set(table.columns)


CELLS = st.text(st.characters(codec="utf-8"), max_size=8)


@given(
    st.lists(st.sampled_from(["成果", "目的", "ID", "担当", "備考", ""]), unique=True, max_size=6),
    st.lists(st.lists(CELLS, max_size=10), max_size=6),
)
def test_every_cell_is_in_a_row_or_named(extra: list[str], body: list[list[str]]) -> None:
    names = ["タイトル", "対象組織", *extra]
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows([names, *body])
    table = read(file.getvalue())
    rows = {row.line: row for row in table.rows}
    for line, cells in enumerate(body, 2):
        for at, cell in enumerate(map(unguarded, map(stripped, cells))):
            if not cell:
                continue
            name = column_name(names[at]) if at < len(names) else None
            if name is None:
                assert cell in rows[line].surplus
            elif name in READ:
                assert rows[line].cells[name] == cell
            else:
                assert (name or f"(見出しのない{at + 1}列目)") in table.unknown
