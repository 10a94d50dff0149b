"""Where characters stand: boxes in tenths of a point, from the top left of the shown page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.extract.pdf.extractor import extract
from indexer.extract.pdf.lines import PageLines
from indexer.extract.pdf.run import Run
from indexer.extracted import Direction, ExtractedPage, Limits, Places

JAPANESE, VERTICAL = "HeiseiKakuGo-W5", "HeiseiMin-W3"
PDFS = Path(__file__).parents[3].parent / "shared" / "data" / "pdf"
Draw = Callable[..., Path]
Row = tuple[str, int, int, int, int, Direction]


def rows(page: ExtractedPage) -> list[Row]:
    places = page.places
    columns = (places.starts, places.ends, places.lefts, places.tops, places.rights)
    return [
        (page.text[start:end], left, top, right, bottom, Direction(direction))
        for start, end, left, top, right, bottom, direction in zip(
            *columns, places.bottoms, places.directions, strict=True
        )
    ]


def only(path: Path) -> ExtractedPage:
    (page,) = extract(path, Limits()).pages
    return page


def test_a_line_has_the_box_of_its_em(draw: Draw) -> None:
    page = only(draw(lambda canvas: canvas.drawString(50, 742, "改善活動")))
    assert rows(page) == [("改善活動", 500, 894, 980, 1014, Direction.RIGHT)]
    assert page.places.advances == ((),)
    assert (page.glyphs, page.undefined) == (4, 0)


def test_lines_and_cells_have_boxes_of_their_own(draw: Draw) -> None:
    def work(canvas: Any) -> None:
        canvas.drawString(50, 742, "氏名")
        canvas.drawString(200, 742, "所属")
        canvas.drawString(50, 722, "次の行")

    assert [(row[0], row[1]) for row in rows(only(draw(work)))] == [
        ("氏名", 500),
        ("所属", 2000),
        ("次の行", 500),
    ]


def test_a_vertical_column_runs_down(draw: Draw) -> None:
    def work(canvas: Any) -> None:
        canvas.setFont(VERTICAL, 10)
        canvas.drawString(500, 742, "縦書き")

    assert rows(only(draw(work))) == [("縦書き", 4950, 1000, 5050, 1300, Direction.DOWN)]


@pytest.mark.parametrize(
    ("angle", "direction", "box"),
    [
        (90, Direction.UP, (2912, 4140, 3012, 4420)),
        (180, Direction.LEFT, (2720, 4408, 3000, 4508)),
        (270, Direction.DOWN, (2988, 4420, 3088, 4700)),
    ],
)
def test_turned_text_has_a_turned_box(
    draw: Draw, angle: int, direction: Direction, box: tuple[int, int, int, int]
) -> None:
    def work(canvas: Any) -> None:
        canvas.setFont(JAPANESE, 10)
        canvas.translate(300, 400)
        canvas.rotate(angle)
        canvas.drawString(0, 0, "横向")
        canvas.drawString(20, 0, "x")

    ((text, left, top, right, bottom, found),) = rows(only(draw(work)))
    assert (text, found) == ("横向x", direction)
    near = zip((left, top, right, bottom), box, strict=True)
    assert all(abs(one - other) <= 40 for one, other in near)


def test_places_are_those_of_the_shown_page(write: Draw) -> None:
    def page(more: bytes) -> Path:
        return write(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
            b"<< /Length 37 >>\nstream\nBT /F1 10 Tf 30 50 Td (hello) Tj ET  \nendstream",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /CropBox [20 10 190 90] "
            b"/Contents 4 0 R /Resources << /Font << /F1 3 0 R >> >> " + more + b" >>",
        )

    plain, turned = only(page(b"")), only(page(b"/Rotate 90"))
    assert (plain.width, plain.height) == (170.0, 80.0)
    assert rows(plain) == [("hello", 100, 312, 400, 412, Direction.RIGHT)]
    assert (turned.width, turned.height) == (80.0, 170.0)
    assert rows(turned) == [("hello", 388, 100, 488, 400, Direction.DOWN)]


def test_advances_tell_where_unequal_characters_end(draw: Draw) -> None:
    def work(canvas: Any) -> None:
        canvas.setFont("Helvetica", 10)
        canvas.drawString(50, 700, "iW")

    page = only(draw(work))
    ((middle, end),) = page.places.advances
    assert end == 1000
    assert abs(middle - 1000 * 222 / (222 + 944)) <= 1


def test_text_outside_the_page_has_no_place(draw: Draw) -> None:
    page = only(draw(lambda canvas: canvas.drawString(50, 900, "見えない")))
    assert (page.text, page.places) == ("見えない", Places())


def test_ruby_keeps_its_place_at_the_end(draw: Draw) -> None:
    def work(canvas: Any) -> None:
        canvas.drawString(50, 700, "主題は")
        canvas.setFont(JAPANESE, 6)
        canvas.drawString(86, 712, "かいぜん")
        canvas.setFont(JAPANESE, 12)
        canvas.drawString(86, 700, "改善の定着")

    page = only(draw(work))
    assert page.text == "主題は改善の定着\nかいぜん"
    assert [(row[0], row[1]) for row in rows(page)] == [
        ("主題は改善の定着", 500),
        ("かいぜん", 860),
    ]


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not PDFS.is_dir(), reason=f"no test material at {PDFS}")
def test_every_character_of_real_pages_has_a_sensible_place() -> None:
    placed = characters = 0
    for path in sorted(PDFS.rglob("*.pdf"))[::8]:
        for page in extract(path, Limits()).pages:
            places, last = page.places, 0
            for start, end, advances in zip(
                places.starts, places.ends, places.advances, strict=True
            ):
                assert last <= start < end <= len(page.text)
                assert "\n" not in page.text[start:end]
                assert not advances or (
                    len(advances) == end - start
                    and advances[-1] == 1000
                    and sorted(advances) == list(advances)
                )
                placed, last = placed + end - start, end
            assert all(a < b for a, b in zip(places.lefts, places.rights, strict=True))
            assert all(a < b for a, b in zip(places.tops, places.bottoms, strict=True))
            characters += len(page.text.replace("\n", ""))
    assert placed > 0.99 * characters > 1000


def column(*runs: Run) -> tuple[str, list[tuple[int, int, int, int, int]]]:
    lines = PageLines(1000)
    for run in runs:
        lines.add(run)
    text = lines.finish()
    found = lines.places.finish(200, 200)
    columns = (found.lefts, found.tops, found.rights, found.bottoms, found.directions)
    return text, list(zip(*columns, strict=True))


def upright(characters: str) -> list[Run]:
    return [
        Run(each, 50, 100 - 10 * row, 60, 100 - 10 * row, 1, 0, 10)
        for row, each in enumerate(characters)
    ]


def test_upright_characters_below_each_other_are_one_column() -> None:
    text, boxes = column(*upright("縦書"))
    assert (text, boxes) == ("縦書", [(500, 912, 600, 1112, Direction.DOWN)])


def test_a_number_on_its_side_stays_in_its_column() -> None:
    number = Run("240", 51.2, 88.8, 51.2, 72.1, 0, -1, 10)
    rest = Run("分", 50, 63.3, 60, 63.3, 1, 0, 10)
    text, boxes = column(*upright("時間"), number, rest)
    assert text == "時間240分"
    assert len(boxes) == 1
    assert boxes[0][4] == Direction.DOWN


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("窓口の待ち時間を平均で24", "0時間", "窓口の待ち時間を平均で240時間"),
        ("窓口の待ち時間を平均して", "18分にした", "窓口の待ち時間を平均して18分にした"),
        ("窓口の待ち時間を平均して", "2 窓口改善", "窓口の待ち時間を平均して\n2 窓口改善"),
        ("待ち時間", "18分", "待ち時間\n18分"),
        ("窓口の待ち時間を平均した。", "18分だった", "窓口の待ち時間を平均した。\n18分だった"),
        (
            "取り組みは次のとおりです",
            "1月から窓口の改善に取り組んだ",
            "取り組みは次のとおりです\n1月から窓口の改善に取り組んだ",
        ),
    ],
)
def test_breaks_beside_a_digit_close_in_full_lines_only(first: str, second: str, text: str) -> None:
    def run(words: str, y: float) -> Run:
        return Run(words, 0, y, 10.0 * len(words), y, 1, 0, 10)

    found, boxes = column(run(first, 100), run(second, 84))
    assert found == text
    assert len(boxes) == 2
