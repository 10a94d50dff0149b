"""Headers, footers and page numbers, across the pages of a document."""

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from indexer.extract.pdf.extractor import extract
from indexer.extracted import (
    Block,
    BlockKind,
    ExtractedDocument,
    ExtractedPage,
    Limits,
    Places,
)
from indexer.running import mark_running

TOP, BODY, BOTTOM = 300, 3000, 8100
Line = tuple[str, int, int]
"""Text, height and size, in tenths of a point."""


def page(number: int, *lines: Line, **more: object) -> ExtractedPage:
    text, rows = "", []
    for words, top, size in lines:
        rows.append((len(text), len(text) + len(words), 500, top, 500 + size, top + size, 0))
        text += words + "\n"
    places = Places(*(tuple(side) for side in zip(*rows, strict=True)))
    found = ExtractedPage(number, text, 595.0, 842.0, places=places)
    return replace(found, **more)  # type: ignore[arg-type]


def plain(number: int, text: str, title: str | None = None) -> ExtractedPage:
    return ExtractedPage(number, text, 0.0, 0.0, title)


def running(pages: Iterable[ExtractedPage]) -> list[list[str]]:
    """What runs on each page."""
    document = mark_running(ExtractedDocument("application/pdf", tuple(pages)))
    return [
        [
            page.text[start:end]
            for block in page.blocks
            if block.kind is BlockKind.RUNNING
            for start, end in block.spans
        ]
        for page in document.pages
    ]


def test_a_header_and_a_page_number_run() -> None:
    pages = [
        page(n, ("改善の記録", TOP, 90), (f"本文その{n}", BODY, 100), (f"－ {n} －", BOTTOM, 90))
        for n in range(1, 5)
    ]
    assert running(pages) == [["改善の記録", f"－ {n} －"] for n in range(1, 5)]


def test_the_rest_of_the_text_becomes_paragraphs_in_its_order() -> None:
    pages = [
        page(n, (f"本文その{n}", BODY, 100), ("改善の記録", TOP, 90), ("続き", BODY + 300, 100))
        for n in range(1, 4)
    ]
    found = mark_running(ExtractedDocument("application/pdf", tuple(pages))).pages[0]
    assert [(b.kind, [found.text[s:e] for s, e in b.spans]) for b in found.blocks] == [
        (BlockKind.PARAGRAPH, ["本文その1"]),
        (BlockKind.RUNNING, ["改善の記録"]),
        (BlockKind.PARAGRAPH, ["続き"]),
    ]


def test_a_running_line_is_split_off_its_block() -> None:
    text = "改善の記録\n本文です\n"
    blocks = (Block(BlockKind.PARAGRAPH, ((0, 10),)),)
    pages = [
        page(n, ("改善の記録", TOP, 90), ("本文です", BODY, 100), blocks=blocks)
        for n in range(1, 4)
    ]
    found = mark_running(ExtractedDocument("application/pdf", tuple(pages))).pages[1]
    assert found.text == text
    assert found.blocks == (
        Block(BlockKind.PARAGRAPH, ((6, 10),)),
        Block(BlockKind.RUNNING, ((0, 5),)),
    )


def test_comments_and_fields_are_left_alone() -> None:
    blocks = (Block(BlockKind.FIELD, ((0, 5),)), Block(BlockKind.PARAGRAPH, ((6, 10),)))
    pages = [
        page(n, ("改善の記録", TOP, 90), ("本文です", BODY, 100), blocks=blocks)
        for n in range(1, 4)
    ]
    assert running(pages) == [[], [], []]


def test_odd_and_even_pages_may_differ() -> None:
    headers = ["自治体改善の記録", "第一章 はじめに"]
    pages = [page(n, (headers[n % 2], TOP, 90), (f"本文その{n}", BODY, 100)) for n in range(1, 7)]
    assert running(pages) == [[headers[n % 2]] for n in range(1, 7)]


def test_two_pages_are_not_enough() -> None:
    pages = [page(n, ("改善の記録", TOP, 90), (f"本文{n}", BODY, 100)) for n in (1, 2)]
    assert running(pages) == [[], []]


def test_a_line_on_few_of_many_pages_does_not_run() -> None:
    pages = [
        page(
            n,
            ("改善の記録" if n % 5 == 0 else f"話題{chr(0x3042 + n)}", TOP, 90),
            ("本文", BODY, 100),
        )
        for n in range(1, 21)
    ]
    assert running(pages) == [[] for _ in pages]


def test_a_line_that_moves_about_does_not_run() -> None:
    pages = [
        page(n, ("改善の記録", TOP if n == 1 else 100 + 250 * n, 90), ("本文", BODY, 100))
        for n in range(1, 4)
    ]
    assert running(pages) == [[], [], []]


def test_text_in_the_middle_of_the_page_does_not_run() -> None:
    pages = [page(n, ("同じ文", BODY, 100), (f"文{n}", 5000, 100)) for n in range(1, 6)]
    assert running(pages) == [[] for _ in pages]


def test_a_repeated_title_in_the_largest_type_stays() -> None:
    pages = [
        page(
            n, ("窓口の改善", TOP, 300), ("本文は長く続いています", BODY, 100), (f"{n}", BOTTOM, 90)
        )
        for n in range(1, 5)
    ]
    assert running(pages) == [[f"{n}"] for n in range(1, 5)]


def test_a_text_that_makes_up_the_whole_page_stays() -> None:
    pages = [page(n, ("改善の記録", TOP, 90)) for n in range(1, 5)]
    document = ExtractedDocument("application/pdf", tuple(pages))
    assert mark_running(document) == document


def test_numbers_that_do_not_count_the_pages_stay() -> None:
    amounts = [120, 45, 7, 300, 12]
    pages = [
        page(n, ("本文", BODY, 100), (f"{amount}", BOTTOM, 100))
        for n, amount in enumerate(amounts, start=1)
    ]
    assert running(pages) == [[] for _ in pages]


def test_amounts_that_differ_stay() -> None:
    pages = [page(n, ("本文", BODY, 100), (f"{n},{n * 111}千円", BOTTOM, 100)) for n in range(1, 6)]
    assert running(pages) == [[] for _ in pages]


@pytest.mark.parametrize("numerals", [["i", "ii", "iii", "iv"], ["一", "二", "三", "四"]])
def test_page_numbers_may_be_in_other_numerals(numerals: list[str]) -> None:
    pages = [
        page(n, ("本文", BODY, 100), (numeral, BOTTOM, 100)) for n, numeral in enumerate(numerals)
    ]
    assert running(pages) == [[numeral] for numeral in numerals]


def test_a_word_that_a_table_repeats_is_no_header() -> None:
    pages = [
        page(n, *(("同上", TOP, 100) for _ in range(4)), ("本文", BODY, 100)) for n in range(1, 5)
    ]
    assert running(pages) == [[] for _ in pages]


def test_without_places_first_and_last_lines_are_the_edges() -> None:
    pages = [
        plain(n, f"改善の記録\n第{n}話\nここが本文{n}\n終わり{n}。\n{n} ページ")
        for n in range(1, 5)
    ]
    found = running(pages)
    assert all("改善の記録" in lines and f"{n} ページ" in lines for n, lines in enumerate(found, 1))
    assert all(f"ここが本文{n}" not in lines for n, lines in enumerate(found, 1))


def test_without_places_the_title_of_the_page_stays() -> None:
    pages = [
        plain(
            n, f"窓口の改善\n一つ目の話{n * 'あ'}\n別の話{n * 'い'}\n終わり{n * 'う'}", "窓口の改善"
        )
        for n in range(1, 5)
    ]
    assert running(pages) == [[] for _ in pages]


def test_pages_on_which_nothing_runs_are_handed_back_as_they_are() -> None:
    pages = tuple(page(n, (f"話題{chr(0x3042 + n)}", BODY, 100)) for n in range(5))
    document = ExtractedDocument("application/pdf", pages)
    assert all(a is b for a, b in zip(mark_running(document).pages, pages, strict=True))


def steps(count: int) -> int:
    """Lines of our own code executed for so many pages of forty lines at their edges."""
    lines = [(f"欄{n}", 20 * n if n < 20 else 7900 + 20 * n, 15) for n in range(40)]
    pages = tuple(page(n, ("本文", BODY, 15), *lines) for n in range(1, count + 1))
    counted = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal counted
        counted += event == "line"
        return trace if frame.f_code.co_filename.endswith("running.py") else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        mark_running(ExtractedDocument("application/pdf", pages))
    finally:
        sys.settrace(before)
    return counted


def test_the_cost_grows_with_the_number_of_lines() -> None:
    assert steps(160) < 8.8 * steps(20)


SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "truth"


@pytest.mark.shared
def test_a_made_report_loses_its_header_and_number_but_not_its_title() -> None:
    path = SHARED / "rl_ipag.pdf"
    if not path.exists():
        pytest.skip("the test material is not beside the checkout")
    found = running(extract(path, Limits()).pages)
    assert len(found) == 10
    for number, lines in enumerate(found, start=1):
        assert [line.replace("\u3000", " ") for line in lines] == [
            "自治体改善研究会 報告書",
            f"－ {number} －",
        ]
