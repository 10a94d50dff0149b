"""Words become pieces of lines."""

from itertools import pairwise

import pytest

from indexer.extracted import Direction
from indexer.ocr.pieces import Piece, pieces
from indexer.ocr.tesseract import Box, Word
from tests.indexer.ocr.tables import set_line


def words(*placed: tuple[str, int, int]) -> list[Word]:
    """Words of one line of 40 pixels: text, from where, to where."""
    return [Word((1, 1, 1), Box(left, 100, right, 140), 95.0, text) for text, left, right in placed]


def texts(found: list[Word]) -> list[str]:
    return [piece.text for piece in pieces(found)]


def only(found: list[Word]) -> Piece:
    (piece,) = pieces(found)
    return piece


def test_japanese_is_written_without_spaces() -> None:
    assert texts(words(("窓口", 0, 80), ("の", 90, 120), ("改善", 140, 220))) == ["窓口の改善"]


def test_latin_words_keep_their_spaces() -> None:
    assert texts(words(("Open", 0, 80), ("Data", 95, 170))) == ["Open Data"]
    assert texts(words(("待ち時間", 0, 160), ("18", 172, 210), ("分", 222, 262))) == [
        "待ち時間18分"
    ]


def test_a_full_space_is_one_space_and_none_beside_marks() -> None:
    assert texts(words(("山形市", 0, 120), ("窓口", 170, 250))) == ["山形市 窓口"]
    assert texts(words(("です", 0, 80), ("。", 82, 92), ("次", 160, 200))) == ["です。次"]


def test_far_apart_words_are_two_pieces() -> None:
    found = list(pieces(words(("待ち時間", 0, 160), ("18分", 400, 480))))
    assert [piece.text for piece in found] == ["待ち時間", "18分"]
    assert [piece.box for piece in found] == [Box(0, 100, 160, 140), Box(400, 100, 480, 140)]


def test_a_box_that_leaves_out_half_a_word_does_not_part_the_line() -> None:
    """Seen: 統一 with the box of 一 alone, 2.8 ems after the word before it."""
    line = words(
        ("名", 0, 40), ("を", 40, 80), ("統一", 190, 220), ("し", 220, 260), ("、", 262, 272)
    )
    assert texts(line) == ["名を 統一し、"]


def test_rules_between_cells_are_no_text() -> None:
    assert texts(words(("前", 0, 40), ("|", 60, 64), ("後", 240, 280))) == ["前", "後"]


def test_one_word_with_a_high_box_does_not_make_the_line_higher() -> None:
    line = set_line("改善活動の概要")
    line[1] = line[1]._replace(box=Box(140, 90, 180, 170))
    assert only(line).box == Box(100, 100, 380, 140)


def test_many_high_boxes_do_not_either() -> None:
    line = [
        word._replace(box=word.box._replace(bottom=word.box.bottom + 20)) if number % 3 else word
        for number, word in enumerate(set_line("窓口の待ち時間を減らす取組"))
    ]
    assert only(line).size < 50


@pytest.mark.parametrize(
    ("step", "direction"),
    [
        ((40, 0), Direction.RIGHT),
        ((0, 40), Direction.DOWN),
        ((-40, 0), Direction.LEFT),
        ((0, -40), Direction.UP),
    ],
)
def test_lines_run_any_way(step: tuple[int, int], direction: Direction) -> None:
    line = [
        Word((1, 1, 1), Box(x, y, x + 40, y + 40), 95.0, character)
        for number, character in enumerate("自治体改善")
        for x, y in [(500 + number * step[0], 500 + number * step[1])]
    ]
    piece = only(line)
    assert piece.direction is direction
    assert piece.text == "自治体改善"
    assert piece.advances == (200, 400, 600, 800, 1000)
    assert piece.size == 40


def test_a_line_of_one_word_goes_with_the_page() -> None:
    upside_down = [
        Word((1, 1, 1), Box(500 - 40 * n, 500, 540 - 40 * n, 540), 95.0, c)
        for n, c in enumerate("自治体")
    ]
    alone = Word((1, 1, 2), Box(100, 100, 200, 140), 95.0, "資料")
    tall = Word((1, 1, 3), Box(900, 100, 940, 300), 95.0, "目次")
    assert [piece.direction for piece in pieces([*upside_down, alone, tall])] == [
        Direction.LEFT,
        Direction.LEFT,
        Direction.DOWN,
    ]


def test_advances_ascend_where_boxes_overlap() -> None:
    piece = only(words(("内", 0, 30), ("表示", 30, 300), ("の", 110, 150), ("色分け", 150, 270)))
    assert piece.text == "内表示の色分け"
    assert all(a <= b for a, b in pairwise(piece.advances))
    assert piece.advances[-1] == 1000
    assert len(piece.advances) == len(piece.text)
