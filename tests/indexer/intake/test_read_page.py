"""From a file to the lines of a page."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from indexer.extracted import Limits
from indexer.intake.draft import PageLine
from indexer.intake.page import CannotReadPage, lines_of, read_page, resolved
from indexer.sandbox import Sandbox

TEXT = "第3回 改善交流会 開催報告\n\n会場:高崎市役所\n①高崎市「窓口を一つに」\n"
HTML = """<html><head><title>交流会</title></head><body>
<nav><a href="/">トップ</a></nav>
<h2>第3回 改善交流会 開催報告</h2>
<p>スライドは下にあります。</p>
<ul><li>高崎市 <a href="pdf/takasaki.pdf">スライド</a>(PDF:2MB)
<li>飯田市 <a href="/iida.pdf"><b>スラ</b>イド</a></ul>
<table><tr><th>会場<td>高崎市役所</table>
<p><a href="javascript:alert(1)">動く</a><a href="#top">上へ</a></p>
<footer>無断転載を禁じます</footer></body></html>"""


def written(folder: Path, content: str | bytes, name: str = "page.txt") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


LIMITS = Limits(seconds=60)
Read = Callable[..., tuple[PageLine, ...]]


@pytest.fixture(scope="module")
def read() -> Iterator[Read]:
    """Reads a page in one sandbox for all tests, since starting one takes a second."""
    with Sandbox(LIMITS, workers=1) as sandbox:
        yield partial(read_page, limits=LIMITS, sandbox=sandbox)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jis_2004", "utf-16"])
def test_a_text_keeps_its_lines_in_every_encoding_of_japanese_offices(
    tmp_path: Path, read: Read, encoding: str
) -> None:
    lines = read(written(tmp_path, TEXT.encode(encoding)))
    assert [line.text for line in lines] == TEXT.splitlines()
    assert [line.number for line in lines] == [1, 2, 3, 4]


def test_html_gives_headings_rows_and_footer_and_no_navigation(tmp_path: Path, read: Read) -> None:
    lines = read(written(tmp_path, HTML, "page.html"))
    assert [line.text for line in lines if line.heading] == ["第3回 改善交流会 開催報告"]
    assert "会場\t高崎市役所" in [line.text for line in lines]
    assert [line.text for line in lines if line.footer] == ["無断転載を禁じます"]
    assert not any("トップ" in line.text for line in lines)


def test_links_come_along_with_the_line_they_stand_in(tmp_path: Path, read: Read) -> None:
    lines = read(
        written(tmp_path, HTML, "page.html"), address="https://example.jp/events/2024.html"
    )
    links = {line.text: line.links for line in lines if line.links}
    assert links == {
        "高崎市 スライド(PDF:2MB)": (("スライド", "https://example.jp/events/pdf/takasaki.pdf"),),
        "飯田市 スライド": (("スライド", "https://example.jp/iida.pdf"),),
    }


def test_a_page_may_name_the_base_of_its_links(tmp_path: Path, read: Read) -> None:
    html = '<html><base href="https://example.jp/a/"><p><a href="b.pdf">資料</a></p></html>'
    (line,) = read(written(tmp_path, html, "page.html"))
    assert line.links == (("資料", "https://example.jp/a/b.pdf"),)


def test_a_link_stays_relative_where_the_page_is_nowhere(tmp_path: Path, read: Read) -> None:
    html = '<html><p><a href="b.pdf">資料</a></p></html>'
    (line,) = read(written(tmp_path, html, "page.html"))
    assert line.links == (("資料", "b.pdf"),)


def test_addresses_that_are_none_are_no_links() -> None:
    assert resolved("https://example.jp/", "javascript:alert(1)") == ""
    assert resolved("https://example.jp/", "http://[broken") == ""
    assert resolved("page.html", "a.pdf") == "a.pdf"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"%PDF-1.4\n%%EOF", "HTML"),
        (b"\x89PNG\r\n\x1a\n0000", "PDF"),
        (b"", "0バイト"),
        (b"\n \n", "文字がありません"),
        (b"<html><body></body></html>", "文字がありません"),
        (bytes(range(256)) * 20, "保存し直して"),
    ],
)
def test_what_is_no_page_is_refused_with_what_to_do(
    tmp_path: Path, read: Read, content: bytes, told: str
) -> None:
    with pytest.raises(CannotReadPage, match=told):
        read(written(tmp_path, content))


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path, read: Read) -> None:
    for path in (tmp_path, tmp_path / "none.html"):
        with pytest.raises(CannotReadPage, match="ファイル"):
            read(path)


def test_lines_are_numbered_from_one() -> None:
    assert lines_of("一\n\n二") == (PageLine(1, "一"), PageLine(2, ""), PageLine(3, "二"))


def test_a_page_can_be_read_without_an_open_sandbox(tmp_path: Path) -> None:
    assert read_page(written(tmp_path, "一\n"), LIMITS) == (PageLine(1, "一"),)
