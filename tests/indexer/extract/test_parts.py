"""Parts add up to a document, and travel as lines that are not trusted."""

import json

import pytest

from indexer.extract.parts import UnreadablePart, assemble, from_line, to_line
from indexer.extracted import ExtractedDocument, ExtractedPage, Fault, Limits, Outcome

LIMITS = Limits(pages=10, characters_per_page=20)
PAGE = ExtractedPage(2, "改善\n報告", 595.0, 842.0, title="改善", images=3, needs_ocr=True)
FRONT = ExtractedDocument("application/pdf", declared_pages=4, title="題", extractor="x 1")
FAULT = Fault(Outcome.DAMAGED, "3ページは壊れています。", 3)


@pytest.mark.parametrize("part", [PAGE, FRONT, FAULT])
def test_a_part_comes_back_as_it_was_sent(part: ExtractedPage | ExtractedDocument | Fault) -> None:
    line = to_line(part)
    assert line.count(b"\n") == 1
    assert from_line(line, LIMITS) == part


def test_parts_add_up_and_a_later_front_replaces_the_earlier() -> None:
    document = assemble([ExtractedDocument("application/pdf"), FRONT, PAGE, FAULT])
    assert (document.title, document.pages, document.faults) == ("題", (PAGE,), (FAULT,))


@pytest.mark.parametrize(
    "change",
    [
        {"number": 0},
        {"number": 11},
        {"number": True},
        {"number": "2"},
        {"text": "字" * 21},
        {"text": None},
        {"width": float("inf")},
        {"width": "595"},
        {"width": 10**400},
        {"images": -1},
        {"part": "Path"},
        {"part": ["ExtractedPage"]},
    ],
)
def test_a_line_with_a_wrong_field_is_refused(change: dict[str, object]) -> None:
    line = json.dumps({**json.loads(to_line(PAGE)), **change}).encode()
    with pytest.raises(UnreadablePart):
        from_line(line, LIMITS)


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"part":"Fault"}'])
def test_a_line_that_is_no_part_is_refused(line: bytes) -> None:
    with pytest.raises(UnreadablePart):
        from_line(line, LIMITS)
