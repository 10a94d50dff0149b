"""The code of a number format, cut into tokens.

Source: ECMA-376 Part 1, 18.8.31.
"""

import re
from functools import lru_cache
from typing import NamedTuple

LONGEST_CODE = 255
"""Characters; what follows is not looked at."""

_TOKENS = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|(?P<blank>[_*].)'
    r"|(?P<noon>AM/PM|A/P)|(?P<general>General|G/標準)|(?P<exponent>E[+-])"
    r"|(?P<date>y+|m+|d+|h+|s+|g+|e+|r+|a{3,4})|(?P<digit>[0#?])|(?P<mark>[.,%@/;])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of a code: a literal, a placeholder of digits, a unit of time."""

    kind: str
    text: str


Section = tuple[Token, ...]
"""What one of a code's parts, divided by semicolons, shows."""


@lru_cache(maxsize=512)
def sections_of(code: str) -> tuple[Section, ...]:
    """Return the sections of a code: for positive, negative numbers, zero and text."""
    code = code[:LONGEST_CODE]
    sections: list[list[Token]] = [[]]
    for found in _TOKENS.finditer(code):
        token = Token(found.lastgroup or "other", found[found.lastgroup or "other"])
        if token == ("mark", ";"):
            sections.append([])
        else:
            sections[-1].append(token)
    return tuple(tuple(section) for section in sections)


def is_elapsed(token: Token) -> bool:
    """Tell whether a token shows time passed: [h] counts beyond 24."""
    return token.kind == "bracket" and re.fullmatch("h+|m+|s+", token.text.lower()) is not None


def literal(token: Token) -> str:
    """Return what a token puts among the digits."""
    if token.kind == "bracket":
        # [$¥-411] is a currency sign with its locale.
        return token.text[1:].partition("-")[0] if token.text.startswith("$") else ""
    if token.kind == "blank":
        return ""
    return "" if token.kind in ("digit", "general") else token.text
