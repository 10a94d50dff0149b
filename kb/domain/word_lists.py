"""Words as people type several of them in one box: 窓口、対話.

A word in which there is a separator stands in double quotes, as spreadsheets write it, and a
quote in such a word twice: "企画、財政課"、人事課.
"""

import re
from collections.abc import Iterable

_BETWEEN = "、，,;；\r\n"
_QUOTES = '"＂“”'
"""What a Japanese keyboard may give for the plain one."""
_WORD = re.compile(
    rf"\s*[{_QUOTES}](?P<quoted>(?:[^{_QUOTES}]|(?P<twice>[{_QUOTES}])(?P=twice))*)[{_QUOTES}]"
    rf"[^\S\r\n]*(?:[{_BETWEEN}]|\Z)"
    rf"|(?P<plain>[^{_BETWEEN}]*)(?:[{_BETWEEN}]|\Z)"
)
_TWICE = re.compile(rf"([{_QUOTES}])\1")
_NEEDS_QUOTES = re.compile(rf"[{_BETWEEN}]|\A[{_QUOTES}]")


def split_words(typed: str) -> tuple[str, ...]:
    """The words of a list, each once, without blanks around them."""
    found = (
        match["plain"] if match["quoted"] is None else _TWICE.sub(r"\1", match["quoted"])
        for match in _WORD.finditer(typed)
    )
    return tuple(dict.fromkeys(word for each in found if (word := each.strip())))


def join_words(words: Iterable[str]) -> str:
    """Words as :func:`split_words` reads them."""
    return "、".join(_as_typed(word) for word in words)


def _as_typed(word: str) -> str:
    if not _NEEDS_QUOTES.search(word):
        return word
    return f'"{re.sub(f"[{_QUOTES}]", lambda quote: quote[0] * 2, word)}"'
