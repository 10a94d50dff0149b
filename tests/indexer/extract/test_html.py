"""HTML as a browser would show it without scripts."""

import io

import pytest

from indexer.extract.parts import assemble
from indexer.extract.texts import html
from indexer.extracted import (
    BlockKind,
    ExtractedDocument,
    Limits,
    Outcome,
    OutlineEntry,
    PageRange,
)


def read(
    source: str | bytes, limits: Limits | None = None, pages: PageRange | None = None
) -> ExtractedDocument:
    content = source if isinstance(source, bytes) else source.encode()
    parts = html.read(io.BytesIO(content), limits or Limits(), pages=pages or PageRange())
    return assemble(parts)


def text(source: str) -> str:
    return "\n".join(page.text for page in read(source).pages)


def said(source: str, kind: BlockKind) -> list[list[str]]:
    return [
        [page.text[start:end] for start, end in block.spans]
        for page in read(source).pages
        for block in page.blocks
        if block.kind is kind
    ]


def test_headings_paragraphs_and_lists_are_blocks() -> None:
    source = (
        "<h1>窓口の改善</h1><p>待ち時間を<b>短く</b>した。<p>次の文。"
        "<ul><li>一<li>二<ul><li>三</ul></ul>裸"
    )
    assert text(source) == "窓口の改善\n待ち時間を短くした。\n次の文。\n一\n二\n三\n裸"
    assert said(source, BlockKind.HEADING) == [["窓口の改善"]]
    assert read(source).outline == (OutlineEntry("窓口の改善", 1, 1),)
    assert read(source).pages[0].title == "窓口の改善"


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>x='<p>隠し</p>'</script>",
        "<style>隠し{}</style>",
        "<nav>隠し</nav>",
        "<template><p>隠し</p></template>",
        "<noscript>隠し</noscript>",
        "<p hidden>隠し</p>",
        '<div style="color: red; display : none">隠し</div>',
        "<select><option>隠し</select>",
        "<!-- 隠し -->",
        "<svg><text>隠し</text></svg>",
    ],
)
def test_what_is_no_content_is_left_out(hidden: str) -> None:
    assert text(f"<p>前の文</p>{hidden}<p>後の文</p>") == "前の文\n後の文"


def test_breaks_in_the_source_are_blanks_but_none_between_japanese_words() -> None:
    assert text("<p>窓口の\n  改善と Web\nsite の\n運用") == "窓口の改善と Web site の運用"
    assert text("<p>一行目<br>二行目 <br> 三行目") == "一行目\n二行目\n三行目"
    assert text("<pre>表  題\n本文</pre>") == "表 題\n本文"


def test_a_table_is_read_row_by_row() -> None:
    source = (
        "<table><caption>実績</caption><tr><th>年度<th>件数<tr><td>令和3<br>年度<td><p>12件</p>"
        "<tr><td colspan=2>計</table>後"
    )
    assert said(source, BlockKind.ROW) == [["年度", "件数"], ["令和3\n年度", "12件"]]
    assert said(source, BlockKind.PARAGRAPH) == [["実績"], ["計"], ["後"]]


def test_a_table_for_the_layout_is_read_cell_by_cell() -> None:
    source = (
        "<table><tr><td><h2>左の題</h2><p>左の文</p><td>右の文"
        "<table><tr><td>内<td>側</table>後の文</table>"
    )
    assert text(source) == "左の題\n左の文\n右の文\n内\t側\n後の文"
    assert said(source, BlockKind.HEADING) == [["左の題"]]


def test_ruby_keeps_the_word_whole_and_its_reading_apart() -> None:
    source = "<p>職場の<ruby>改善<rp>(</rp><rt>かいぜん</rt><rp>)</rp></ruby>を進める</p>"
    assert said(source, BlockKind.PARAGRAPH) == [["職場の改善を進める"]]
    assert said(source, BlockKind.READING) == [["かいぜん"]]


def test_the_authors_words_for_pictures_are_kept_and_file_names_are_not() -> None:
    source = '<p>前<img alt="改善後の窓口"><img alt="photo_01.jpg"><img alt=""></p>'
    assert said(source, BlockKind.ANNOTATION) == [["改善後の窓口"]]


def test_a_footer_is_running() -> None:
    assert said("<p>本文</p><footer><p>福津市役所</p></footer>", BlockKind.RUNNING) == [
        ["福津市役所"]
    ]


def test_the_page_says_who_wrote_it_and_when() -> None:
    document = read(
        "<head><title>改善\nの記録</title><meta name=author content=福津市>"
        '<meta property="article:published_time" content="2022-09-03T10:00:00+09:00"></head><p>文'
    )
    assert (document.title, document.author, document.created) == (
        "改善の記録",
        "福津市",
        "2022-09-03",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16"])
def test_the_encoding_is_told_by_the_bytes_or_the_page(encoding: str) -> None:
    source = "<html><p>窓口の改善に取り組んだ職員の声</p></html>"
    assert read(source.encode(encoding)).pages[0].text == "窓口の改善に取り組んだ職員の声"
    named = f'<meta charset="{encoding}">' + source
    assert read(named.encode(encoding)).pages[0].text == "窓口の改善に取り組んだ職員の声"


def test_a_wrong_name_of_the_encoding_does_no_harm() -> None:
    source = '<meta charset="shift_jis"><p>窓口の改善①</p>'.encode()
    assert read(source).pages[0].text == "窓口の改善①"
    assert read(b'<meta charset="no-such"><p>plain</p>').pages[0].text == "plain"
    assert read(b'<meta charset="base64"><p>plain</p>').pages[0].text == "plain"


def test_entities_of_html_are_read_and_others_are_not_expanded() -> None:
    assert text("<p>&lt;改善&gt; &amp; &#x6539;&#21892;") == "<改善> & 改善"
    source = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>前&x;後'
    assert "root:" not in text(source)
    assert text(source).endswith("後")


def test_what_is_nested_without_end_is_read_as_far_as_it_goes() -> None:
    document = read("<p>前の文</p>" + "<div>" * 100_000 + "底")
    assert document.pages[0].text == "前の文"
    assert [fault.outcome for fault in document.faults] == [Outcome.INDEXED_PARTLY]


@pytest.mark.parametrize("source", ["", "<html></html>", "<!-- -->", "<script>x</script>"])
def test_a_page_without_text_is_empty(source: str) -> None:
    assert [fault.outcome for fault in read(source).faults] == [Outcome.EMPTY]


def test_bytes_that_are_no_text_are_unsupported() -> None:
    document = read(b"<html>" + bytes(range(256)) * 40)
    assert [fault.outcome for fault in document.faults] == [Outcome.UNSUPPORTED]


def test_a_long_page_is_cut_at_headings_and_only_wanted_pages_come() -> None:
    source = "".join(f"<h2>第{n}章</h2><p>{'改善の記録。' * 200}</p>" for n in range(1, 5))
    document = read(source)
    assert [page.title for page in document.pages] == [f"第{n}章" for n in range(1, 5)]
    assert [entry.page for entry in document.outline] == [1, 2, 3, 4]
    assert [page.number for page in read(source, pages=PageRange(2, 2)).pages] == [2]
    assert [fault.outcome for fault in read(source, Limits(pages=2)).faults] == [Outcome.TOO_LARGE]
