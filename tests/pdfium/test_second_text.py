"""The second opinion travels as lines that are not trusted."""

import json

import pytest

from kb.pdfium.second_text import SecondText, UnreadableText, from_line, to_line

TEXT = SecondText(
    "改善\n報告", 595.0, 842.0, 4, 1, (0, 3), (2, 5), (10, 20), (1, 2), (30, 40), (11, 12), (0, 1)
)


def test_a_page_comes_back_as_it_was_sent() -> None:
    line = to_line(7, TEXT)
    assert line.count(b"\n") == 1
    assert from_line(line) == (7, TEXT)


@pytest.mark.parametrize(
    "change",
    [
        {"page": -1},
        {"page": True},
        {"text": None},
        {"width": float("nan")},
        {"height": -1},
        {"glyphs": "4"},
        {"starts": [0]},
        {"starts": [0, 1]},
        {"starts": ["0", 3]},
        {"ends": [2, 6]},
        {"ends": None},
        {"lefts": [10, 10**9]},
        {"tops": [1.5, 2]},
        {"directions": [0, 4]},
    ],
)
def test_a_line_with_a_wrong_field_is_refused(change: dict[str, object]) -> None:
    line = json.dumps({**json.loads(to_line(7, TEXT)), **change}).encode()
    with pytest.raises(UnreadableText):
        from_line(line)


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000])
def test_a_line_that_is_no_page_is_refused(line: bytes) -> None:
    with pytest.raises(UnreadableText):
        from_line(line)
