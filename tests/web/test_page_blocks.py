"""A page in reading order: nothing lost, nothing twice, nothing run, marks as one reads."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from kb.catalogue.views import TextBlock
from kb.web import page_blocks, page_order, page_text
from tests.web import sample

KINDS = ("heading", "paragraph", "row", "running", "reading", "note", "annotation", "field")
TEXTS = st.text(st.sampled_from("改善カイゼン・<>&\"' \n\t\x00ab/=🏯﨑"), max_size=60)
SPAN = st.tuples(st.integers(-5, 70), st.integers(-5, 70))
BLOCKS = st.lists(
    st.builds(TextBlock, st.sampled_from(KINDS), st.lists(SPAN, max_size=4).map(tuple)),
    max_size=8,
)
OURS = {
    "h3", "h4", "p", "br", "mark", "div", "table", "tbody", "tr", "td", "dl", "dt", "dd",
    "details", "summary", "span",
}  # fmt: skip


class Reader(HTMLParser):
    """Reads back the page's own text, its marks and its tags; what is said about it left out."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.marked: list[tuple[str | None, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag == "mark":
            assert "mark" not in [name for name, _ in self.open], "marks never nest"
            self.marked.append((given.get("id"), ""))
        if tag != "br":
            self.open.append((tag, "said" in str(given.get("class"))))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if any(said for _, said in self.open):
            return
        self.text += data
        if self.open[-1:] and self.open[-1][0] == "mark":
            name, before = self.marked[-1]
            self.marked[-1] = (name, before + data)


def read(
    text: str, blocks: list[TextBlock], marks: list[tuple[int, int]] | None = None, now: int = 0
) -> Reader:
    shown = page_order.arranged(text, blocks)
    found = page_order.in_order(page_text.hits(marks or [], len(text)), shown)
    return Reader(str(page_blocks.page_html(text, shown, found, "改善", now)))


def bare(text: str) -> str:
    """Characters that are seen: what HTML cannot hold is shown as a space."""
    return "".join(c for c in text if not c.isspace() and c >= " " and not "\x7f" <= c <= "\x9f")


@given(TEXTS, BLOCKS)
def test_every_character_is_shown_once_whatever_the_blocks_say(
    text: str, blocks: list[TextBlock]
) -> None:
    assert sorted(bare(read(text, blocks).text)) == sorted(bare(text))


@given(TEXTS, BLOCKS)
def test_what_is_shown_is_the_characters_of_the_blocks_in_their_order(
    text: str, blocks: list[TextBlock]
) -> None:
    shown = page_order.arranged(text, blocks)
    wanted = "".join(text[start:end] for block in shown for start, end in block.lines)
    assert bare(read(text, blocks).text) == bare(wanted)


@given(TEXTS, BLOCKS, st.lists(SPAN, max_size=8), st.integers(0, 9))
def test_only_our_own_tags_and_names_given_once(
    text: str, blocks: list[TextBlock], marks: list[tuple[int, int]], now: int
) -> None:
    found = read(text, blocks, marks, now)
    assert {tag for tag, _ in found.tags} <= OURS
    assert found.open == []
    names = [name for name, _ in found.marked if name]
    assert names == [f"hit-{number}" for number in range(1, len(names) + 1)]


@given(TEXTS, BLOCKS, st.lists(SPAN, max_size=8))
def test_marks_hold_the_characters_they_are_of(
    text: str, blocks: list[TextBlock], marks: list[tuple[int, int]]
) -> None:
    found = read(text, blocks, marks)
    wanted = "".join(text[hit.start : hit.end] for hit in page_text.hits(marks, len(text)))
    assert sorted(bare("".join(inside for _, inside in found.marked))) == sorted(bare(wanted))


def drawn(marks: tuple[tuple[int, int], ...] = (), now: int = 0) -> str:
    text, blocks = sample.REPORT_TEXT, sample.REPORT_LAYOUT.blocks
    shown = page_order.arranged(text, blocks)
    found = page_order.in_order(page_text.hits(marks, len(text)), shown)
    return str(page_blocks.page_html(text, shown, found, "窓口の待ち時間", now))


def test_each_kind_has_its_form() -> None:
    assert drawn() == (
        "<h3>窓口の待ち時間</h3>\n"
        "<p>待ち時間の改善は、3年目に入った。出された改"
        "善案は年146件、試したものは88件である。</p>\n"
        '<p class="reading"><span class="said">よみ</span> <span>まちぐち</span></p>\n'
        "<p>右の段。改善の続き。</p>\n"
        "<h4>調べたこと</h4>\n"
        '<div class="scroller" tabindex="0" role="region" aria-label="本文の表1">'
        "<table><tbody>\n"
        "<tr><td>項目</td><td>始める前</td><td>1年後</td></tr>\n"
        "<tr><td>平均の待ち時間</td><td>18分</td><td>9分</td></tr>\n"
        "<tr><td>改善案</td><td>年12件</td><td>年146件</td></tr>\n"
        "</tbody></table></div>\n"
        '<dl class="facts tight">\n<div><dt>記入者</dt><dd>窓口係</dd></div>\n</dl>\n'
        '<h3 class="said">ノート・脚注</h3>\n<p>改善の数え方は前年と同じ。</p>\n'
        '<h3 class="said">注釈</h3>\n<p>&lt;b&gt;ここを直す&lt;/b&gt;</p>\n'
        '<details class="running"><summary class="said">ヘッダー・フッター</summary>'
        '<p class="bits"><span>調査報告 第3号</span> <span>1</span></p></details>'
    )


def test_marks_are_numbered_as_one_reads_and_run_over_line_ends() -> None:
    text = sample.REPORT_TEXT
    across = text.index("改\n善")
    right = text.index("改善の続き")
    cell = text.index("改善案\n年12件")
    page = drawn(((across, across + 3), (cell, cell + 2), (right, right + 2)), now=2)
    assert "改</mark><mark>善</mark>案は" in page
    assert '右の段。<mark id="hit-2" class="now">改善</mark>の続き' in page
    assert '<td><mark id="hit-3">改善</mark>案</td>' in page


def test_a_mark_in_the_header_unfolds_it() -> None:
    assert '<details class="running" open>' in drawn(((0, 2),))


def test_a_link_to_a_mark_that_is_read_backwards_has_its_first_part() -> None:
    """The blocks turn the two lines round: the anchor stands where one comes upon the mark."""
    blocks = [TextBlock("paragraph", ((3, 5),)), TextBlock("paragraph", ((0, 2),))]
    assert read("あ改\n善い", blocks, [(1, 4)]).marked == [("hit-1", "善"), (None, "改")]


def test_lists_and_latin_words_keep_apart() -> None:
    text = "・一つ目\n・二つ目\nつづき\nstep up\nsheet"
    spans = tuple(page_text.lines(text, (0, len(text))))
    shown = page_order.arranged(text, [TextBlock("paragraph", spans)])
    assert page_blocks.page_html(text, shown, (), None, 0) == (
        "<p>・一つ目<br>\n・二つ目つづき step up sheet</p>"
    )


def test_a_field_without_a_value_or_a_name_says_so() -> None:
    page = page_blocks.page_html(
        "氏名はい",
        page_order.arranged(
            "氏名はい", [TextBlock("field", ((0, 2),)), TextBlock("field", ((0, 0), (2, 4)))]
        ),
        (), None, 0,
    )  # fmt: skip
    assert '<dt>氏名</dt><dd class="said">記入なし</dd>' in page
    assert '<dt><span class="said">名前のない項目</span></dt><dd>はい</dd>' in page


def test_an_empty_cell_keeps_its_place() -> None:
    shown = page_order.arranged("左右", [TextBlock("row", ((0, 1), (1, 1), (1, 2)))])
    page = page_blocks.page_html("左右", shown, (), None, 0)
    assert "<tr><td>左</td><td></td><td>右</td></tr>" in page


def test_the_last_cell_of_a_short_row_takes_the_room_that_is_left() -> None:
    rows = [TextBlock("row", ((0, 1), (1, 2), (2, 3))), TextBlock("row", ((3, 4),))]
    page = page_blocks.page_html("一二三四", page_order.arranged("一二三四", rows), (), None, 0)
    assert "<tr><td>一</td><td>二</td><td>三</td></tr>" in page
    assert '<tr><td colspan="3">四</td></tr>' in page
