"""How the tokens of a page are kept: compact bytes, readable by any program (zlib, JSON)."""

import json
import zlib
from dataclasses import dataclass

from kb.catalogue.views import TokenSpans


@dataclass(frozen=True, slots=True)
class PageTokens:
    """The tokens of one page."""

    words: TokenSpans
    short: tuple[str, ...]


def encode(words: TokenSpans, short: tuple[str, ...]) -> bytes:
    """Tokens as bytes; about 2 KB for a page of 1,000 characters."""
    body = [words.terms, words.starts, words.ends, short]
    return zlib.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def decode(stored: bytes) -> PageTokens:
    """The tokens that :func:`encode` stored.

    Raises:
        ValueError: the bytes are damaged.
    """
    try:
        terms, starts, ends, short = json.loads(zlib.decompress(stored))
    except zlib.error as error:
        raise ValueError("stored tokens are damaged") from error
    return PageTokens(TokenSpans(tuple(terms), tuple(starts), tuple(ends)), tuple(short))
