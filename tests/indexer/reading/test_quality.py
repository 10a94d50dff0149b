"""A page's score: full for good text, low for each way in which text goes wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extracted import ExtractedPage
from indexer.reading.quality import DOUBTFUL, TRUSTED, page_quality

GOOD = "福津市の係長たちは、組織目標を話し合いで決めた。" * 4


def page(text: str, **more: object) -> ExtractedPage:
    return ExtractedPage(1, text, 595.0, 842.0, **more)  # type: ignore[arg-type]


def test_good_text_is_trusted_without_a_word() -> None:
    found = page_quality(page(GOOD, glyphs=100), 0.1)
    assert found is not None
    assert found.score >= TRUSTED
    assert found.reason is None


def test_a_manual_in_english_is_no_worse_for_a_few_names_in_kana() -> None:
    found = page_quality(page("The Multi-Arch field of a package. " * 9 + "マルチアーチ"), 1.0)
    assert found is not None
    assert found.score >= TRUSTED


def test_a_page_without_text_has_no_score() -> None:
    assert page_quality(page(" \n"), 0.0) is None


@pytest.mark.parametrize(
    ("bad", "unknown", "why"),
    [
        (page("", glyphs=90, undefined=90), 0.0, "書体"),
        (page("\ue001\ue002" * 30 + GOOD), 0.1, "外字"),
        (page("ã\u0081\u0082å\u008d\u0081" * 30), 0.0, "文字化け"),
        (page(GOOD), 0.7, "並び"),
        (page(GOOD, confidence=0.5), 0.0, "文字認識"),
    ],
)
def test_each_fault_is_named(bad: ExtractedPage, unknown: float, why: str) -> None:
    found = page_quality(bad, unknown)
    assert found is not None
    assert found.score < DOUBTFUL
    assert why in str(found.reason)


@given(
    st.text(max_size=80),
    st.integers(0, 200),
    st.integers(0, 200),
    st.floats(0, 1),
    st.none() | st.floats(0, 1),
)
def test_a_score_is_a_share(
    text: str, glyphs: int, undefined: int, unknown: float, confidence: float | None
) -> None:
    found = page_quality(
        page(text, glyphs=glyphs, undefined=undefined, confidence=confidence), unknown
    )
    assert found is None or 0 <= found.score <= 1
