"""What stands between two neighbours on one line: nothing, a blank, or the end of a line."""

import re

FAR_APART = 2.0
"""Ems along the writing direction that make a new line: the next column or table cell."""

WORD_GAP = 0.2
"""Ems between two Latin letters that stand for a space: less is kerning."""

MIXED_GAP = 0.75
"""Ems between a Latin letter or digit and a Japanese character that stand for a space: more
than the quarter em that typesetting puts there."""

_JAPANESE = re.compile(
    "[\u2e80-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\ufe10-\ufe4f\uff00-\uffef]"
)


def is_japanese(character: str) -> bool:
    """Tell whether a character is one that is written without spaces around it."""
    return _JAPANESE.match(character) is not None


def joint(before: str, after: str, gap: float) -> str:
    """Return what stands between two neighbours on one line, a gap of so many ems apart."""
    if gap > FAR_APART:
        return "\n"
    if gap <= WORD_GAP or not before or not after:
        return ""
    if before[-1].isspace() or after[0].isspace():
        return ""
    japanese = is_japanese(before[-1]) + is_japanese(after[0])
    return " " if japanese == 0 or (japanese == 1 and gap > MIXED_GAP) else ""
