"""Reading order, on pages laid out by hand."""

import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract.layout.blocks import MOST_PIECES, page_blocks
from indexer.extract.pdf.extractor import extract
from indexer.extracted import Block, BlockKind, Direction, Limits, Places, Span

PORTRAIT = (595.0, 842.0)
SLIDE = (720.0, 405.0)
Line = tuple[str, int, int, int]
"""Text, left, top, size; positions in tenths of a point, characters one em wide."""


def page(lines: Iterable[Line], direction: Direction = Direction.RIGHT) -> tuple[str, Places]:
    """A text of lines in this order, with its places; vertical lines hang from their top."""
    return page_of((*line, direction) for line in lines)


def page_of(lines: Iterable[tuple[str, int, int, int, int]]) -> tuple[str, Places]:
    text, rows = "", []
    for words, left, top, size, direction in lines:
        length = size * len(words)
        across = direction in (Direction.RIGHT, Direction.LEFT)
        right, bottom = (left + length, top + size) if across else (left + size, top + length)
        rows.append((len(text), len(text) + len(words), left, top, right, bottom, direction))
        text += words + "\n"
    columns = [tuple(column) for column in zip(*rows, strict=True)] or [()] * 7
    return text, Places(*columns)


def read(lines: Iterable[Line], size: tuple[float, float] = PORTRAIT) -> list[str]:
    text, places = page(lines)
    return words_of(text, page_blocks(text, places, (), *size))


def words_of(text: str, blocks: Iterable[Block]) -> list[str]:
    return ["|".join(text[s:e] for s, e in block.spans) for block in blocks]


def kinds_of(lines: Iterable[Line], size: tuple[float, float] = PORTRAIT) -> list[BlockKind]:
    text, places = page(lines)
    return [block.kind for block in page_blocks(text, places, (), *size)]


def column(
    name: str, left: int, top: int, count: int, size: int = 100, pitch: int = 180
) -> list[Line]:
    """Lines of 20 characters that end in no full stop."""
    return [(f"{name}{n:02}".ljust(20, "字"), left, top + n * pitch, size) for n in range(count)]


def in_order(found: Sequence[str], *marks: str) -> bool:
    """Whether every mark is there, one after the other."""
    whole = "|".join(found)
    at = [whole.find(mark) for mark in marks]
    return -1 not in at and at == sorted(at)


def test_two_columns_are_read_one_after_the_other_under_their_heading() -> None:
    left, right = column("左", 500, 1000, 20), column("右", 3000, 1000, 20)
    woven = [line for pair in zip(left, right, strict=True) for line in pair]
    found = read([*woven, ("見出しは両方の列にかかる文字列です", 500, 600, 200)])
    assert in_order(found, "見出し", "左00", "左19", "右00", "右19")


@pytest.mark.parametrize("lines", [1, 2])
def test_a_second_column_that_begins_higher_than_the_first_is_read_after_it(lines: int) -> None:
    byline = ("部署と氏名がここに入り二つ目の列の上まで伸びている一行です", 500, 600, 100)
    heading = ("見出し", 500, 1000 + lines * 180 - 20, 130)
    left = column("左", 500, 1000 + (lines + 1) * 180 + 40, 19)
    found = read([byline, heading, *left, *column("右", 3000, 1000, 20)])
    assert in_order(found, "部署", "見出し", "左00", "左18", "右00", "右19")


def test_a_date_at_the_right_above_two_columns_is_read_before_them() -> None:
    date = ("令和五年十一月十八日", 3000, 800, 100)
    body = [*column("左", 500, 1000, 20), *column("右", 3000, 1000, 20)]
    found = read([("長い題名が二つ目の列の上まで伸びているのです", 500, 620, 150), date, *body])
    assert in_order(found, "長い題名", "令和五年", "左00", "左19", "右00")


def test_three_columns_of_different_leading_are_read_from_left_to_right() -> None:
    lines = [
        *column("右", 4000, 500, 25, 80, 150),
        *column("中", 2200, 500, 20, 80, 170),
        *column("左", 400, 500, 30, 80, 130),
    ]
    assert in_order(read(lines), "左00", "左29", "中00", "中19", "右00", "右24")


def test_a_heading_between_two_pairs_of_columns_parts_them() -> None:
    lines = [
        *column("甲左", 500, 500, 8),
        *column("甲右", 3000, 500, 8),
        ("次の話", 500, 2200, 100),
        *column("乙左", 500, 2500, 8),
        ("両方の列にまたがる一行の文がここに入り、列をはっきりと上下に分けている", 500, 2380, 100),
        *column("乙右", 3000, 2500, 8),
    ]
    assert in_order(
        read(lines), "甲左07", "甲右07", "次の話", "両方の列", "乙左00", "乙左07", "乙右00"
    )


def test_japanese_leading_of_one_em_keeps_a_paragraph_together() -> None:
    lines = column("文", 500, 500, 4, 100, 200)
    assert len(read(lines)) == 1
    wider = column("文", 500, 500, 4, 100, 230)
    assert len(read(wider)) == 4


def test_a_paragraph_ends_at_a_short_line_with_a_full_stop() -> None:
    lines = [
        *column("一", 500, 500, 2),
        ("おわりです。", 500, 860, 100),
        *column("二", 500, 1040, 2),
    ]
    found = read(lines)
    assert [words[:1] for words in found] == ["一", "二"]
    assert found[0].endswith("おわりです。")


def test_vertical_lines_are_read_from_right_to_left() -> None:
    lines = [(f"縦{n}".ljust(20, "字"), 5000 - n * 180, 500, 100) for n in range(10)]
    shuffled = random.Random(3).sample(lines, len(lines))
    text, places = page(shuffled, Direction.DOWN)
    found = words_of(text, page_blocks(text, places, (), *PORTRAIT))
    assert in_order(found, *(f"縦{n}" for n in range(10)))


def test_vertical_text_in_two_tiers_is_read_tier_by_tier() -> None:
    upper = [(f"上{n}".ljust(20, "字"), 5000 - n * 180, 500, 100) for n in range(10)]
    lower = [(f"下{n}".ljust(20, "字"), 5000 - n * 180, 3000, 100) for n in range(10)]
    woven = [line for pair in zip(lower, upper, strict=True) for line in pair]
    text, places = page(woven, Direction.DOWN)
    found = words_of(text, page_blocks(text, places, (), *PORTRAIT))
    assert in_order(found, "上0", "上9", "下0", "下9")


def test_a_page_may_mix_vertical_and_horizontal_writing() -> None:
    across = [(*line, Direction.RIGHT) for line in column("横", 500, 500, 12)]
    down = [(f"縦{n}".ljust(18, "字"), 5000 - n * 180, 500, 100, Direction.DOWN) for n in range(6)]
    text, places = page_of([*reversed(down), *across])
    found = words_of(text, page_blocks(text, places, (), *PORTRAIT))
    assert in_order(found, "横00", "横11", "縦0", "縦5")


def test_upright_characters_set_one_by_one_make_a_column() -> None:
    lines = [
        (letter, 3000 - 200 * (n // 10), 500 + 100 * (n % 10), 100)
        for n, letter in enumerate("一行目は十文字である二行目も十文字である")
    ]
    text, places = page(lines)
    joined = text.replace("\n", "")
    starts = tuple(range(len(joined)))
    ends = tuple(n + 1 for n in starts)
    places = Places(starts, ends, *[getattr(places, side) for side in SIDES])
    found = words_of(joined, page_blocks(joined, places, (), *PORTRAIT))
    assert found == ["一行目は十文字である|二行目も十文字である"]


SIDES = ("lefts", "tops", "rights", "bottoms", "directions")


@pytest.mark.parametrize("direction", [Direction.LEFT, Direction.UP])
def test_text_turned_as_a_whole_is_read_in_its_own_direction(direction: Direction) -> None:
    text, places = page(column("行", 500, 500, 6))
    turned = {
        Direction.LEFT: [(-r, -b, -x, -t) for x, t, r, b in _boxes(places)],
        Direction.UP: [(t, -r, b, -x) for x, t, r, b in _boxes(places)],
    }[direction]
    sides = [tuple(side) for side in zip(*turned, strict=True)]
    places = Places(places.starts, places.ends, *sides, (direction,) * 6)
    found = words_of(text, page_blocks(text, places, (), *PORTRAIT))
    assert in_order(found, *(f"行{n:02}" for n in range(6)))
    assert len(found) == 1


def _boxes(places: Places) -> list[tuple[int, int, int, int]]:
    return list(zip(places.lefts, places.tops, places.rights, places.bottoms, strict=True))


TABLE = [["指標", "改善前", "改善後"], ["待ち時間", "18分", "7分"], ["件数", "120件", "300件"]]


def test_a_table_is_read_row_by_row_however_it_is_drawn() -> None:
    by_column: list[Line] = [
        (TABLE[row][cell], 500 + 1200 * cell, 500 + 300 * row, 100)
        for cell in range(3)
        for row in range(3)
    ]
    text, places = page(by_column)
    blocks = page_blocks(text, places, (), *PORTRAIT)
    assert [block.kind for block in blocks] == [BlockKind.ROW] * 3
    assert words_of(text, blocks) == ["|".join(row) for row in TABLE]


def test_a_cell_of_several_lines_belongs_to_one_row() -> None:
    lines: list[Line] = []
    for row in range(3):
        top = 500 + 500 * row
        lines += [(f"課題{row}", 500, top + 60, 100)]
        lines += [
            (f"対策{row}の一行目はここ", 1500, top, 100),
            (f"続き{row}", 1500, top + 120, 100),
        ]
        lines += [(f"{row}月", 3500, top + 60, 100)]
    text, places = page(lines)
    blocks = page_blocks(text, places, (), *PORTRAIT)
    assert [block.kind for block in blocks] == [BlockKind.ROW] * 3
    assert words_of(text, blocks)[1] == "課題1|対策1の一行目はここ|続き1|1月"


def test_columns_on_one_grid_are_no_table() -> None:
    lines = [*column("左", 500, 500, 12), *column("右", 3000, 500, 12)]
    assert BlockKind.ROW not in kinds_of(lines)


def test_a_table_beside_text_keeps_its_rows() -> None:
    table: list[Line] = [
        (TABLE[row][cell], 500 + 900 * cell, 1000 + 350 * row, 160)
        for row in range(3)
        for cell in range(3)
    ]
    prose = column("文", 3800, 980, 6, 100, 175)
    found = read([*table, *prose], SLIDE)
    assert in_order(
        found, "指標|改善前|改善後", "待ち時間|18分|7分", "件数|120件|300件", "文00", "文05"
    )


def test_a_date_at_the_right_above_an_address_at_the_left_comes_first() -> None:
    lines = [
        ("令和五年九月一日", 4500, 500, 100),
        ("各位", 500, 700, 100),
        ("行政経営課長", 4600, 900, 100),
        *column("本文", 500, 1300, 3),
    ]
    assert in_order(read(lines), "令和五年", "各位", "行政経営課長", "本文00")


def test_headings_are_larger_and_short_and_hold_letters() -> None:
    lines = [
        ("第一章 改善", 500, 300, 160),
        *column("文", 500, 700, 5),
        ("－３－", 2500, 7900, 160),
    ]
    text, places = page(lines)
    blocks = page_blocks(text, places, (), *PORTRAIT)
    assert [b.kind for b in blocks] == [
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
        BlockKind.PARAGRAPH,
    ]


def test_on_a_slide_the_title_comes_first_then_boxes_row_by_row() -> None:
    box = [
        column(name, left, top, 3, 100, 120)
        for name, left, top in (
            ("丁", 3800, 2500),
            ("丙", 300, 2500),
            ("乙", 3800, 1200),
            ("甲", 300, 1200),
        )
    ]
    strip = [("資料その一", 6000, 100, 80)]
    found = read(
        [*(line for lines in box for line in lines), *strip, ("表題です", 300, 400, 300)], SLIDE
    )
    assert found[0] == "表題です"
    assert in_order(found, "表題です", "甲00", "甲02", "乙00", "丙00", "丙02", "丁00")


def test_readings_follow_the_paragraph_they_stand_over() -> None:
    lines = [*column("一", 500, 500, 2), *column("二", 500, 1500, 2), ("かいぜん", 700, 450, 50)]
    text, places = page(lines)
    span = (places.starts[-1], places.ends[-1])
    blocks = page_blocks(text, places, [span], *PORTRAIT)
    assert [b.kind for b in blocks] == [
        BlockKind.PARAGRAPH,
        BlockKind.READING,
        BlockKind.PARAGRAPH,
    ]
    assert blocks[1].spans == (span,)


def test_readings_without_a_place_come_last() -> None:
    text, places = page(column("一", 500, 500, 2))
    text += "かいぜん\nかつどう"
    spans = [(len(text) - 9, len(text) - 5), (len(text) - 4, len(text))]
    blocks = page_blocks(text, places, spans, *PORTRAIT)
    assert [(b.kind, b.spans) for b in blocks[1:]] == [
        (BlockKind.READING, (span,)) for span in spans
    ]


@pytest.mark.parametrize("count", [0, 1])
def test_too_little_to_tell_leaves_the_order_of_the_text(count: int) -> None:
    text, places = page(column("一", 500, 500, count))
    assert page_blocks(text, places, (), *PORTRAIT) == ()


def test_too_many_stretches_leave_the_order_of_the_text() -> None:
    text, places = page([("字", 10 * n, 0, 10) for n in range(MOST_PIECES + 1)])
    assert page_blocks(text, places, (), *PORTRAIT) == ()


WORDS = st.text(alphabet="字あA1 　。・\n", max_size=6)
BOX = st.tuples(*[st.integers(-300, 6000)] * 2, *[st.integers(-20, 900)] * 2, st.integers(0, 3))


@settings(max_examples=200)
@given(st.lists(st.tuples(WORDS, WORDS, BOX), max_size=40), st.data())
def test_every_character_is_in_exactly_one_block(
    rows: list[tuple[str, str, tuple[int, int, int, int, int]]], data: st.DataObject
) -> None:
    text, found = "", []
    for words, between, (left, top, width, height, direction) in rows:
        start = len(text)
        text += words
        found.append((start, len(text), left, top, left + width, top + height, direction))
        text += between
    places = Places(*(tuple(side) for side in zip(*found, strict=True))) if found else Places()
    readings = [(r[0], r[1]) for r in found if r[0] < r[1] and data.draw(st.booleans())]
    blocks = page_blocks(text, places, readings, *PORTRAIT)
    if blocks:
        assert held_by(blocks, text) == "".join(text.split())
        assert all(start < end for block in blocks for start, end in block.spans)


def held_by(blocks: Iterable[Block], text: str) -> str:
    """What the blocks hold, in the order of the text; spans that overlap hold it twice."""
    spans: list[Span] = sorted(span for block in blocks for span in block.spans)
    return "".join("".join(text[start:end] for start, end in spans).split())


SHARED = Path(__file__).parents[3].parent / "shared" / "data" / "truth"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("chromium_web", ("①改善前", "②改善後", "指標", "ｺｽﾄ削減")),
        (
            "slides",
            ("①改善前", "②改善後", "指標", "処理件数", "全国自治体改善事例発表会"),
        ),
    ],
)
def test_made_pages_are_read_in_order(name: str, marks: Sequence[str]) -> None:
    path = SHARED / f"{name}.pdf"
    if not path.exists():
        pytest.skip("the test material is not beside the checkout")
    pages = extract(path, Limits()).pages[:5]
    assert pages
    for found in pages:
        assert held_by(found.blocks, found.text) == "".join(found.text.split())
        assert in_order(words_of(found.text, found.blocks), *marks)
