"""Pictures become pages, told by a program that is not there."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extracted import ExtractedPage
from indexer.ocr.recognise import recognise, resolution
from indexer.ocr.tesseract import Box, Word
from tests.indexer.ocr.tables import Told, characters, set_line

A4 = (595.3, 841.9)
BOTH = ("jpn+jpn_vert", 1)
Answers = Mapping[tuple[str, int], Sequence[Word]]


def read(answers: Answers, **options: int) -> ExtractedPage | None:
    """Page 4 of A4 size at 200 dots per inch."""
    return recognise(b"", 4, *A4, 200, tesseract=Told(answers).tesseract(), **options)


def page(answers: Answers, **options: int) -> ExtractedPage:
    found = read(answers, **options)
    assert found is not None
    return found


def column(*lines: str, confidence: float = 95.0) -> list[Word]:
    """Lines below each other."""
    return [
        word
        for number, line in enumerate(lines)
        for word in set_line(line, number=number, top=100 + 60 * number, confidence=confidence)
    ]


def test_a_page_says_what_read_it_and_how_sure() -> None:
    found = page({("jpn", 3): column("窓口の待ち時間を", "減らす取組をした。")})
    assert found.text == "窓口の待ち時間を\n減らす取組をした。"
    assert (found.number, found.width, found.height) == (4, *A4)
    assert found.reader == "tesseract 5.3.0 jpn"
    assert found.confidence == 0.95
    assert found.glyphs == 17
    assert not found.needs_ocr


def test_places_are_tenths_of_a_point() -> None:
    places = page({("jpn", 3): set_line("窓口改善")}).places
    assert (places.starts, places.ends) == ((0,), (4,))
    assert (places.lefts, places.tops) == ((360,), (360,))
    assert (places.rights, places.bottoms) == ((936,), (504,))
    assert places.advances == ((250, 500, 750, 1000),)


def test_confidence_is_weighted_by_characters() -> None:
    sure = Word((1, 1, 1), Box(100, 100, 420, 140), 90.0, "待ち時間の短縮を")
    less = Word((1, 1, 2), Box(100, 160, 180, 200), 50.0, "行う")
    assert page({("jpn", 3): [sure, less]}).confidence == pytest.approx(0.82)


def test_a_sure_reading_is_the_only_one() -> None:
    told = Told({("jpn", 3): column("窓口の待ち時間を減らす")})
    recognise(b"", 1, *A4, 200, tesseract=told.tesseract())
    assert told.asked == [("jpn", 3)]


def test_an_unsure_page_is_read_in_every_direction() -> None:
    wrong = column("和田玉立三口九入十一二三", confidence=20.0)
    found = page({("jpn", 3): wrong, BOTH: column("縦に書かれた本文である")})
    assert found.text == "縦に書かれた本文である"
    assert found.reader == "tesseract 5.3.0 jpn+jpn_vert"


def test_the_surer_reading_is_taken() -> None:
    first = column("少し読みにくい横書きの文", confidence=70.0)
    found = page({("jpn", 3): first, BOTH: column("田田田田田田田田", confidence=30.0)})
    assert found.reader == "tesseract 5.3.0 jpn"


@pytest.mark.parametrize(
    ("languages", "asked"),
    [
        ("jpn", [("jpn", 3)]),
        ("jpn osd", [("jpn", 3), ("jpn", 1)]),
        ("jpn jpn_vert", [("jpn", 3), ("jpn+jpn_vert", 3)]),
    ],
)
def test_what_is_not_installed_is_not_asked_for(
    languages: str, asked: list[tuple[str, int]]
) -> None:
    told = Told({("jpn", 3): column("読みにくい文読みにくい文", confidence=45.0)}, languages)
    recognise(b"", 1, *A4, 200, tesseract=told.tesseract())
    assert told.asked == asked


def test_a_photograph_is_not_turned_about() -> None:
    told = Told({("jpn", 3): set_line("三一", confidence=5.0)})
    assert recognise(b"", 1, *A4, 200, tesseract=told.tesseract()) is None
    assert told.asked == [("jpn", 3)]


def test_an_empty_page_is_none() -> None:
    assert read({}) is None


def test_lines_of_junk_are_left_out() -> None:
    words = [
        *column("窓口の待ち時間を減らす取組"),
        *set_line("レレ", number=9, top=900, confidence=20.0),
    ]
    found = page({("jpn", 3): words})
    assert found.text == "窓口の待ち時間を減らす取組"
    assert found.confidence == 0.95


def test_an_unsure_word_in_a_sure_line_stays() -> None:
    line = set_line("窓口の待ち時間")
    line[3] = line[3]._replace(confidence=5.0)
    assert page({("jpn", 3): line}).text == "窓口の待ち時間"


def test_a_page_hardly_read_still_needs_recognition() -> None:
    found = page({("jpn", 3): column("読めたようで読めていない文", confidence=45.0)})
    assert found.needs_ocr


def test_the_largest_line_is_the_title() -> None:
    words = [*set_line("改善の記録", number=9, size=80), *column("本文である。", "本文は続く。")]
    moved = [w._replace(box=Box(*(e + 200 for e in w.box))) for w in words[5:]]
    assert page({("jpn", 3): [*words[:5], *moved]}).title == "改善の記録"
    assert page({("jpn", 3): column("本文である。", "本文は続く。")}).title is None


def test_two_boxes_of_a_slide_are_read_one_after_the_other() -> None:
    """The program gives lines that stand beside each other in one line."""
    left = (
        "窓口で住民票の写しを請求する",
        "市民の待ち時間を平均十八分か",
        "ら七分に短縮した。申請書は三",
        "種類あったが、一枚にまとめ、",
        "書く時間も半分になった。",
    )
    right = (
        "会議資料を電子化することで、",
        "紙と印刷費用を減らし、備品の",
        "一覧を表にまとめ、期限切れの",
        "食料をなくした。隣の町にもこ",
        "の取組は広がった。",
    )
    words = [
        word
        for number, (one, other) in enumerate(zip(left, right, strict=True))
        for start, line in ((100, one), (900, other))
        for word in set_line(line, number=number, left=start, top=300 + 60 * number)
    ]
    text = page({("jpn", 3): words}).text.replace("\n", "")
    assert text == "".join(left + right)


def test_a_page_is_cut_at_its_limit() -> None:
    found = page({("jpn", 3): column(*["窓口改善の記録"] * 20)}, most_characters=30)
    assert len(found.text) <= 30
    assert found.text.startswith("窓口改善の記録")


LINES = st.lists(
    st.tuples(
        st.text("市町村民課係のはAb1。・ ", min_size=1, max_size=12).filter(str.strip),
        st.integers(-50, 1700),
        st.integers(-50, 2400),
        st.integers(1, 120),
        st.floats(41, 100),
    ),
    min_size=1,
    max_size=12,
)


@given(LINES)
def test_no_character_is_lost_or_doubled(lines: list[tuple[str, int, int, int, float]]) -> None:
    words = [
        word
        for number, (text, left, top, size, sure) in enumerate(lines)
        for word in set_line(text, number=number, left=left, top=top, size=size, confidence=sure)
    ]
    found = page({("jpn", 3): words})
    places = found.places
    wanted = sorted(characters(words))
    assert sorted(found.text.replace("\n", "").replace(" ", "")) == wanted
    placed = [found.text[a:b] for a, b in zip(places.starts, places.ends, strict=True)]
    assert "\n".join(placed) == found.text
    assert all(
        0 <= left <= right <= 5953 for left, right in zip(places.lefts, places.rights, strict=True)
    )
    assert all(
        0 <= top <= low <= 8419 for top, low in zip(places.tops, places.bottoms, strict=True)
    )
    if found.blocks:
        shown = "".join(found.text[a:b] for block in found.blocks for a, b in block.spans)
        assert sorted(shown.replace("\n", "").replace(" ", "")) == wanted
        order = [start for block in found.blocks for start, _ in block.spans]
        assert order == sorted(order)


def test_slides_are_drawn_coarser_than_paper() -> None:
    assert resolution(595, 842) == 200
    assert resolution(420, 595) == 200
    assert resolution(960, 540) == 175
    assert 1 <= resolution(14_400, 14_400) <= 12
    assert resolution(0, 0) == 200
