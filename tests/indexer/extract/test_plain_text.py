"""Plain text: encodings, pages, rubbish."""

import io
import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indexer.extract.page_text import LONGEST_PIECE, clean
from indexer.extract.parts import assemble
from indexer.extract.texts import plain_text
from indexer.extract.texts.encodings import decode, is_text
from indexer.extracted import ExtractedDocument, Limits, Outcome, PageRange

SENTENCE = "窓口の待ち時間を平均18分から7分に短縮し、職員の残業も減りました。"
KANA_AND_KANJI = st.text(
    st.sampled_from(
        "窓口改善職員市役所取組令和年度あいうえおかきくけこさしすせそたちつてとなにのはひまみをんカイゼンー、。"
    ),
    min_size=12,
    max_size=400,
)


def read(
    content: bytes, limits: Limits | None = None, pages: PageRange | None = None
) -> ExtractedDocument:
    parts = plain_text.read(io.BytesIO(content), limits or Limits(), pages=pages or PageRange())
    return assemble(parts)


@pytest.mark.parametrize(
    "encoding",
    [
        *("utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp"),
        *("utf-16", "utf-16-le", "utf-16-be", "utf-32"),
    ],
)
def test_the_encodings_of_japanese_offices_are_read(encoding: str) -> None:
    assert read(SENTENCE.encode(encoding)).pages[0].text == SENTENCE


@given(KANA_AND_KANJI, st.sampled_from(["utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16"]))
def test_any_japanese_text_is_decoded_as_it_was_written(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded is not None
    assert decoded.text == text


@given(st.text(min_size=1, max_size=300))
def test_valid_utf_8_is_never_taken_for_anything_else(text: str) -> None:
    assume(not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in text))
    assume(not text.startswith("\ufeff"))
    decoded = decode(text.encode())
    assert decoded is not None
    assert (decoded.text, decoded.encoding) == (text, "utf-8")


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_not_but_never_fail(content: bytes) -> None:
    decoded = decode(content)
    assert decoded is None or isinstance(decoded.text, str)
    assert is_text(content, cut=False) == (decoded is not None)


@given(KANA_AND_KANJI, st.sampled_from(["utf-8", "cp932", "euc_jp"]), st.integers(0, 40))
def test_a_character_cut_in_two_is_no_evidence_against_text(
    text: str, encoding: str, cut: int
) -> None:
    content = text.encode(encoding)
    assert is_text(content[: max(20, len(content) - cut)], cut=True)


@given(st.text(max_size=300))
def test_clean_text_has_no_controls_and_stays_clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in cleaned)


def test_a_few_broken_bytes_are_named_and_the_rest_is_read() -> None:
    document = read((SENTENCE * 20).encode() + b"\xff\xfe\n" + SENTENCE.encode())
    assert document.pages[0].text.startswith(SENTENCE)
    assert [fault.outcome for fault in document.faults] == [Outcome.INDEXED_PARTLY]
    assert "2か所" in document.faults[0].detail


def test_rubbish_is_unsupported_and_blanks_are_empty() -> None:
    rubbish = random.Random(3).randbytes(5000)
    assert [fault.outcome for fault in read(rubbish).faults] == [Outcome.UNSUPPORTED]
    assert [fault.outcome for fault in read(b" \r\n\t").faults] == [Outcome.EMPTY]


def test_a_form_feed_ends_a_page_and_blank_lines_divide_blocks() -> None:
    document = read("題名\r\n副題\r\n\r\n本文です。\f二頁目\r\n".encode())
    assert [page.text for page in document.pages] == ["題名\n副題\n本文です。", "二頁目"]
    assert [len(block.spans) for block in document.pages[0].blocks] == [2, 1]


def test_pages_end_at_blank_lines_after_about_two_thousand_characters() -> None:
    document = read("\n\n".join([SENTENCE * 10] * 20).encode())
    assert len(document.pages) == 4
    assert all(page.text.endswith("。") for page in document.pages)


def test_lines_without_a_blank_one_between_end_pages_too() -> None:
    lines = [f"{number:04},{SENTENCE}" for number in range(300)]
    document = read("\n".join(lines).encode("cp932"))
    assert "\n".join(page.text for page in document.pages).split("\n") == lines
    assert all(len(page.text) <= LONGEST_PIECE for page in document.pages)


def test_a_line_without_end_is_cut_without_loss() -> None:
    document = read(("あ" * 50_000).encode())
    assert "".join(page.text for page in document.pages) == "あ" * 50_000
    assert len(document.pages) == 13


def test_pages_asked_for_and_pages_allowed() -> None:
    content = "\f".join(f"{number}頁" for number in range(1, 8)).encode()
    assert [page.number for page in read(content, pages=PageRange(3, 4)).pages] == [3, 4]
    document = read(content, Limits(pages=5))
    assert len(document.pages) == 5
    assert [fault.outcome for fault in document.faults] == [Outcome.TOO_LARGE]
