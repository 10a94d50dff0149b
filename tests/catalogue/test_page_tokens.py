"""The tokens of a page come back as they were kept."""

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.catalogue.pages.tokens import PageTokens, decode, encode
from kb.catalogue.views import TokenSpans

NO_SPANS = TokenSpans((), (), ())
SPANS = st.lists(
    st.tuples(st.text(max_size=8), st.integers(0, 90_000), st.integers(1, 64)), max_size=20
).map(
    lambda rows: TokenSpans(
        tuple(term for term, _, _ in rows),
        tuple(start for _, start, _ in rows),
        tuple(start + length for _, start, length in rows),
    )
)


@given(SPANS, SPANS)
def test_tokens_come_back(words: TokenSpans, short: TokenSpans) -> None:
    assert decode(encode(words, short)) == PageTokens(words, short.terms, short.starts)


def test_tokens_kept_before_short_units_had_places_are_read() -> None:
    body = [["改善運動"], [3], [7], ["改善", "運動"]]
    stored = zlib.compress(json.dumps(body).encode())
    spans = TokenSpans(("改善運動",), (3,), (7,))
    assert decode(stored) == PageTokens(spans, ("改善", "運動"), ())


def test_damaged_bytes_are_said_to_be_damaged() -> None:
    with pytest.raises(ValueError, match="damaged"):
        decode(b"not zlib")
    with pytest.raises(ValueError, match="damaged"):
        decode(encode(NO_SPANS, NO_SPANS)[:-3])
